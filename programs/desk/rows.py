"""One row of the desk."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from programs.models import Program

NAMED = 3


class Urgency(enum.IntEnum):
    """The order of the desk's parts."""

    LATE = 1
    NOW = 2
    SOON = 3


@dataclass(frozen=True, slots=True)
class Row:
    """`key` says which duty it is, the same from day to day. `about` names what it concerns."""

    key: str
    urgency: Urgency
    count: int
    sentence: str | Promise
    verb: str | Promise
    url: str
    about: str = ""


def named(programs: Iterable[Program | str]) -> str:
    """ "Framtid Getinge, Framtid Vallås and 2 more", each once, in order."""
    names: Sequence[str] = list(dict.fromkeys(str(program) for program in programs if program))
    if len(names) <= NAMED:
        return ", ".join(names)
    return _("%(names)s and %(n)s more") % {
        "names": ", ".join(names[:NAMED]),
        "n": len(names) - NAMED,
    }
