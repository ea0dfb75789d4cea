"""The staff pages that drive a process. Being built."""

from typing import Any

from django.http import Http404


def _missing(*_args: Any, **_kwargs: Any) -> None:
    raise Http404


index = start = process = transition = approval = comments = enter_comment = answer = _missing
draft = clause = versions = _missing
