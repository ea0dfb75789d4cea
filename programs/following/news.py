"""What there is to tell of a program or a place: what is new, done, answered and coming.

Other apps have more to tell. They give a function like `program_news`; whoever sends the letters
names all of them.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from programs.models import (
    Action,
    ActionUpdate,
    Document,
    Event,
    Idea,
    IdeaEntry,
    Locality,
    Outcome,
    Program,
    VoiceEntry,
)
from programs.templatetags.portal_text import event_time

# A meeting is told of when it becomes known, and once more when it is this near.
NEAR = datetime.timedelta(days=10)
SHORT = 160
# In the order in which a letter tells them.
DONE, ACTIONS, PROCESS, EVENTS, ANSWERS, IDEAS, DOCUMENTS = range(7)


@dataclass(frozen=True, slots=True)
class News:
    """One line in a letter. `key` says what it is about, so that nothing is told twice in one."""

    section: int
    key: str
    at: datetime.datetime
    title: str
    url: str
    note: str = ""

    @property
    def is_here(self) -> bool:
        """Documents may lie with others; everything else is on the portal."""
        return self.url.startswith("/")


@dataclass(frozen=True, slots=True)
class Scope:
    """What is followed: a program, or a place with all that belongs to it and to its programs."""

    thing: Program | Locality

    def q(self, path: str = "") -> Q:
        """The rows that belong to it; `path` leads to something with a program and a place."""
        if isinstance(self.thing, Program):
            return self.q_program(path)
        return Q((f"{path}locality", self.thing)) | self.q_program(path)

    def q_program(self, path: str = "") -> Q:
        """The same for what only has a program."""
        if isinstance(self.thing, Program):
            return Q((f"{path}program", self.thing))
        return Q((f"{path}program__locality", self.thing))


# Since when (not included) and until when (included).
Span = tuple[datetime.datetime, datetime.datetime]
Source = Callable[[Scope, Span], Iterable[News]]


def program_news(scope: Scope, span: Span) -> Iterator[News]:
    yield from _actions(scope, span)
    yield from _events(scope, span)
    yield from _ideas(scope, span)
    yield from _documents(scope, span)


def within(field: str, span: Span) -> Q:
    return Q((f"{field}__gt", span[0]), (f"{field}__lte", span[1]))


def _actions(scope: Scope, span: Span) -> Iterator[News]:
    changed = Action.objects.filter(scope.q(), within("status_changed_at", span))
    for row in changed.select_related("program"):
        done = row.status == Action.Status.COMPLETED
        words = Truncator(row.result).chars(SHORT) if done else capfirst(row.get_status_display())
        yield _of(row, DONE if done else ACTIONS, row.status_changed_at, words or row.reason)
    new = Action.objects.filter(scope.q(), within("created_at", span))
    for row in new.select_related("program"):
        words = _("New: %(status)s") % {"status": row.get_status_display()}
        yield _of(row, ACTIONS, row.created_at, words)
    told = ActionUpdate.objects.filter(scope.q("action__"), within("created_at", span))
    for update in told.select_related("action__program").order_by("-pk"):
        words = Truncator(update.text).chars(SHORT)
        yield _of(update.action, ACTIONS, update.created_at, words)


def _of(action: Action, section: int, at: datetime.datetime, note: str) -> News:
    return News(section, f"action:{action.pk}", at, action.title, action.get_absolute_url(), note)


def _events(scope: Scope, span: Span) -> Iterator[News]:
    """Those open to all that are to come, and those that were called off."""
    today = timezone.localdate(span[1])
    for row in Event.objects.upcoming(today).filter(scope.q(), open_to_all=True):
        words = ", ".join(filter(None, [strip_tags(event_time(row)), row.place]))
        for at in (row.created_at, midnight(row.date.first - NEAR)):
            yield News(EVENTS, f"event:{row.pk}", at, row.title, row.get_absolute_url(), words)
    off = Event.objects.filter(scope.q(), within("updated_at", span), is_cancelled=True)
    for row in off.filter(open_to_all=True):
        if not row.is_over(today):
            words = _("Cancelled: %(when)s") % {"when": strip_tags(event_time(row))}
            url = row.get_absolute_url()
            yield News(EVENTS, f"event:{row.pk}", row.updated_at, row.title, url, words)


def _ideas(scope: Scope, span: Span) -> Iterator[News]:
    answers = IdeaEntry.objects.filter(
        within("at", span), kind=VoiceEntry.Kind.ANSWERED, voice__in=Idea.objects.answered()
    )
    answers = answers.filter(scope.q("voice__")).exclude(voice__outcome=Outcome.MERGED)
    for entry in answers.select_related("voice").order_by("-pk"):
        words = capfirst(entry.voice.get_outcome_display())
        yield _idea(entry.voice, ANSWERS, entry.at, words)
    new = Idea.objects.public().filter(scope.q(), within("published_at", span))
    for row in new.exclude(outcome=Outcome.MERGED):
        yield _idea(row, IDEAS, row.published_at, "")


def _idea(idea: Idea, section: int, at: datetime.datetime, note: str) -> News:
    return News(section, f"idea:{idea.pk}", at, idea.title, idea.get_absolute_url(), note)


def _documents(scope: Scope, span: Span) -> Iterator[News]:
    ours = scope.q() | scope.q("event__") | scope.q("action__")
    ours |= scope.q_program("decision__") | scope.q_program("edition__")
    for row in Document.objects.public().filter(ours, within("created_at", span)).distinct():
        if url := row.get_absolute_url():
            words = capfirst(row.get_kind_display())
            yield News(DOCUMENTS, f"document:{row.pk}", row.created_at, row.title, url, words)


def midnight(date: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(date, datetime.time()))
