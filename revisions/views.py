"""Being built."""

from typing import Any

from django.http import Http404


def comparison(*_args: Any, **_kwargs: Any) -> None:
    raise Http404
