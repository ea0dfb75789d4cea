"""What a slip may be about: a process open for comments, a program, a place or a meeting."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.dates import day
from programs.models import Channel, Clause, Edition, Event, Idea, Locality, Program, Voice
from revisions.models import Comment, Process
from revisions.permissions import may_enter

EVENT_DAYS = 60
MOST_EVENTS = 30


@dataclass(frozen=True, slots=True)
class Context:
    """`key` stands in addresses and forms: "process-12", "program-3", "ort-7", "mote-41"."""

    key: str
    words: str
    process: Process | None = None
    program: Program | None = None
    locality: Locality | None = None
    event: Event | None = None

    @property
    def is_comment(self) -> bool:
        return self.process is not None

    @property
    def edition(self) -> Edition | None:
        """The text that is commented on."""
        return self.process.text_to_comment_on if self.process else None

    @property
    def channel(self) -> str:
        """How slips about this most likely came in."""
        return Channel.MEETING if self.event else Channel.PAPER

    @property
    def sheet_url(self) -> str:
        """The sheet to print for it; none for a place by itself."""
        if self.event is not None:
            return reverse("revisions:event_sheet", args=[self.event.pk])
        return reverse("revisions:sheet", args=[self.program.slug]) if self.program else ""

    def blank(self) -> Voice:
        """An unsaved voice about it, also to ask what a person may do with such a one."""
        if self.process is not None:
            return Comment(process=self.process, edition=self.edition)
        return Idea(program=self.program, locality=self.locality, event=self.event)

    def clauses(self) -> list[Clause]:
        return list(self.edition.clauses.all()) if self.edition else []

    def so_far(self) -> Iterable[Voice]:
        """What has come in about the same thing."""
        if self.process is not None:
            return Comment.objects.filter(process=self.process)
        return Idea.objects.filter(program=self.program, locality=self.locality)


def about_process(process: Process) -> Context:
    return Context(f"process-{process.pk}", capfirst(str(process)), process, process.program)


def about_program(program: Program) -> Context:
    key = f"program-{program.pk}"
    return Context(key, program.name, program=program, locality=program.locality)


def about_place(place: Locality) -> Context:
    return Context(f"ort-{place.pk}", place.name, locality=place)


def about_event(event: Event) -> Context:
    place = event.locality or (event.program and event.program.locality)
    words = f"{event.title}, {event.date}"
    return Context(f"mote-{event.pk}", words, program=event.program, locality=place, event=event)


def why_closed(process: Process, today: datetime.date) -> str:
    """Why no comment can be entered; empty when it can."""
    if not process.is_open:
        return _("The process is finished. What comes in now belongs to the next one.")
    if process.text_to_comment_on is None:
        return _("There is no text to comment on yet. Publish the draft first.")
    if not process.comments_open_on or process.comments_open_on > today:
        return _("The comment period has not begun.")
    return ""


def contexts_for(user: AbstractBaseUser, today: datetime.date) -> list[tuple[str, list[Context]]]:
    """Everything that the person may enter slips about, in groups with headings. Four queries."""
    groups = [
        (_("Comments on a text"), [about_process(row) for row in open_processes(today)]),
        (_("Ideas about a program"), [about_program(row) for row in running_programs()]),
        (_("Ideas about a place"), [about_place(row) for row in places_without_program()]),
        (_("Ideas from a meeting"), [about_event(row) for row in meetings(today)]),
    ]
    allowed = [
        (words, [context for context in found if may_enter(user, context.blank())])
        for words, found in groups
    ]
    return [(words, found) for words, found in allowed if found]


def open_processes(today: datetime.date) -> Iterator[Process]:
    rows = Process.objects.open().select_related("program__locality", "base", "draft")
    return (process for process in rows.order_by("program__name") if not why_closed(process, today))


def running_programs() -> Iterable[Program]:
    return Program.objects.exclude(status=Program.Status.CONCLUDED).select_related("locality")


def places_without_program() -> Iterable[Locality]:
    """A place that has one is found under its program."""
    running = Program.objects.exclude(status=Program.Status.CONCLUDED)
    return Locality.objects.exclude(programs__in=running)


def meetings(today: datetime.date) -> Iterable[Event]:
    """Held not long ago, the latest first: that is when their slips are entered."""
    since = today - datetime.timedelta(days=EVENT_DAYS)
    rows = Event.objects.filter(date__gte=day(since), date__lte=day(today), is_cancelled=False)
    of_groups = rows.exclude(kind__in=Event.GROUP_KINDS)
    return of_groups.select_related("program__locality", "locality").order_by("-date")[:MOST_EVENTS]


def context_of(key: str) -> Context | None:
    """The one that a key stands for, also an older meeting or a process that is closed."""
    kind, _dash, number = key.partition("-")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    if kind == "process":
        rows = Process.objects.select_related("program__locality", "base", "draft")
        return _made(about_process, rows.filter(pk=number).first())
    if kind == "program":
        return _made(about_program, running_programs().filter(pk=number).first())
    if kind == "ort":
        return _made(about_place, Locality.objects.filter(pk=number).first())
    if kind == "mote":
        rows = Event.objects.select_related("program__locality", "locality")
        return _made(about_event, rows.filter(pk=number).first())
    return None


def _made(make: object, row: object) -> Context | None:
    return make(row) if row is not None else None
