"""The cast: one program, and one person in each role around it."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.test import Client

from programs.models import Group, IdeaPhoto, Membership, Program
from programs.storage import held_files
from tests import factories
from tests.searching import no_search_index, search_index

# How long an example takes says something of the machine, not of the code.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")

Kind, Role, Capacity = Group.Kind, Membership.Role, Membership.Capacity


@pytest.fixture(autouse=True)
def media_root(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {
        "held": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "held"},
        }
    }
    # A field asks for its storage once, when it is made.
    monkeypatch.setattr(IdeaPhoto._meta.get_field("held"), "storage", held_files())
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def _fast_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def _no_search_index() -> Iterator[None]:
    with no_search_index():
        yield


@pytest.fixture(autouse=True)
def _search_index(request: pytest.FixtureRequest) -> Iterator[None]:
    """For tests marked with `searches`; a test without the mark that searches is refused."""
    if request.node.get_closest_marker("searches"):
        with search_index():
            yield
    else:
        yield


@pytest.fixture
def visitor(client: Client) -> Client:
    """Somebody who reads without signing in."""
    return client


@pytest.fixture
def client_for() -> Callable[[Any], Client]:
    def signed_in(user: Any) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def program(db: None) -> Program:
    return factories.make_program()


@pytest.fixture
def other_program(db: None) -> Program:
    """One in which nobody of the cast has a task."""
    return factories.make_program()


@pytest.fixture
def administration(db: None) -> Group:
    return factories.make_group(
        kind=Kind.ADMINISTRATION, program=None, locality=None, name="Förvaltning"
    )


@pytest.fixture
def superuser(db: None) -> Any:
    return factories.make_user(name="Superuser", is_superuser=True)


@pytest.fixture
def administrator(administration: Group) -> Any:
    return _seat("Administratör", administration, role=Role.ADMINISTRATOR)


@pytest.fixture
def registrar(administration: Group) -> Any:
    return _seat("Registrator", administration, role=Role.REGISTRAR)


@pytest.fixture
def moderator(administration: Group) -> Any:
    return _seat("Moderator", administration, role=Role.MODERATOR)


@pytest.fixture
def steering_group(program: Program) -> Group:
    return factories.make_group(kind=Kind.STEERING, program=program, name="Styrgruppen")


@pytest.fixture
def working_group(program: Program) -> Group:
    return factories.make_group(kind=Kind.WORKING, program=program, name="Arbetsgruppen")


@pytest.fixture
def project_leader(program: Program) -> Any:
    team = factories.make_group(kind=Kind.PROJECT_TEAM, program=program, name="Projektgruppen")
    return _seat("Projektledare", team, role=Role.PROJECT_LEADER)


@pytest.fixture
def coordinator(working_group: Group) -> Any:
    return _seat("Sammankallande", working_group, role=Role.CONVENER, capacity=Capacity.RESIDENT)


@pytest.fixture
def politician(steering_group: Group) -> Any:
    return _seat("Politiker", steering_group, capacity=Capacity.POLITICIAN)


@pytest.fixture
def resident_representative(steering_group: Group) -> Any:
    return _seat("Invånarrepresentant", steering_group, capacity=Capacity.RESIDENT)


@pytest.fixture
def association_representative(program: Program) -> Any:
    board = factories.make_group(
        kind=Kind.ASSOCIATION_BOARD, program=None, locality=program.locality, name="Styrelsen"
    )
    return _seat("Föreningsrepresentant", board, capacity=Capacity.ASSOCIATION)


@pytest.fixture
def outsider(db: None) -> Any:
    """May sign in, and has no task anywhere."""
    return factories.make_user(name="Utan uppdrag")


def _seat(name: str, group: Group, **fields: Any) -> Any:
    user = factories.make_user(name=name)
    factories.make_membership(group=group, user=user, **fields)
    return user


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out on SQLite what only PostgreSQL can do; the suite runs on both in CI."""
    if django_settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return
    only = [item for item in items if item.get_closest_marker("postgres")]
    if only:
        config.hook.pytest_deselected(items=only)
        items[:] = [item for item in items if item not in only]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    # Without xdist, pytest runs as well, and the module cannot be imported.
    from tests.scheduling import SlowestFirst

    return SlowestFirst(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """What has been imported stays: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
