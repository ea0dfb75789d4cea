"""A requirement, and how it stands for one process."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.functional import Promise

from revisions.models import Process
from revisions.requirements.facts import Check


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it has come, in words. `waits`: nobody can do more now than wait."""

    words: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is mended, and what one does there."""

    url: str
    verb: str | Promise


@dataclass(frozen=True, slots=True)
class Requirement:
    """`words` says what must be so; `mend` names the part of the staff page that mends it.

    `verb` is what one does there. When `place` finds another one, it is mended there instead.
    The kinds are those of the events or documents that meet it.
    """

    key: str
    words: Promise
    check: Check
    mend: str
    verb: Promise
    place: Callable[[Process, datetime.date], Place | None] | None = None
    progress: Callable[[Process, datetime.date], Progress | None] | None = None
    event_kinds: tuple[str, ...] = ()
    document_kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """A requirement as it stands for one process today."""

    requirement: Requirement
    process: Process
    today: datetime.date
    is_met: bool

    @property
    def words(self) -> Promise:
        return self.requirement.words

    @cached_property
    def progress(self) -> Progress | None:
        """None when it is met, or when there is nothing to tell yet."""
        tell = self.requirement.progress
        return None if self.is_met or tell is None else tell(self.process, self.today)

    @property
    def waits(self) -> bool:
        return bool(self.progress and self.progress.waits)

    @cached_property
    def place(self) -> Place:
        found = self.requirement.place and self.requirement.place(self.process, self.today)
        page = reverse("revisions_staff:process", args=[self.process.pk])
        return found or Place(f"{page}#{self.requirement.mend}", self.requirement.verb)

    @property
    def url(self) -> str:
        return self.place.url

    @property
    def part(self) -> str:
        """The part of the staff page where it is mended; empty for another page."""
        page, _hash, part = self.url.partition("#")
        return part if page == reverse("revisions_staff:process", args=[self.process.pk]) else ""

    @property
    def is_linked(self) -> bool:
        """Whether there is something to do there, or at least to see."""
        return not (self.is_met or (self.waits and self.part))

    @property
    def verb(self) -> str | Promise:
        return self.place.verb
