import pytest
from django.utils import translation

from tests.programs.voices.builders import Desk


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def desk(project_leader):
    """The program's own leader at work."""
    return Desk(project_leader)
