"""Being built."""

from typing import Any

from django.http import Http404


def _missing(*_args: Any, **_kwargs: Any) -> None:
    raise Http404


index = detail = of_program = completed = month = current = _missing
calendar = event_calendar = actions = ideas = events = _missing
