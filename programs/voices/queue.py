"""The staff's one list over every kind of voice: what is waiting, what is late, and all the rest.

The kinds are joined in the database, so that a page of the list takes as many queries whatever
there is to show.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Count, Exists, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.event_filters import containing
from programs.models import Program, Voice, VoiceState
from programs.models.voices import VoiceQuerySet
from programs.permissions import visible
from programs.voices.kinds import kinds

NEVER = datetime.date(9999, 12, 31)
Key = tuple[str, int]


@dataclass(frozen=True, eq=False)
class Tab:
    """One cut through the list: its key in the address, and its name."""

    key: str
    name: Promise


TO_DO, TO_REVIEW, TO_ANSWER, LATE, FLAGGED, MINE, ALL = TABS = (
    Tab("", _("To do")),
    Tab("granska", _("To review")),
    Tab("svara", _("To answer")),
    Tab("sena", _("Late")),
    Tab("anmalda", _("Flagged")),
    Tab("mina", _("Assigned to me")),
    Tab("alla", _("All")),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person has chosen to see. `program` and `kind` are None for all of them."""

    tab: Tab = TO_DO
    kind: str | None = None
    program: Program | None = None
    words: str = ""
    round: int | None = None


class Queue:
    """The voices that `user` may read, narrowed by a choice."""

    def __init__(self, user: AbstractBaseUser, choice: Choice, today: datetime.date) -> None:
        self.user, self.choice, self.today = user, choice, today

    def keys(self) -> QuerySet:
        """(kind, key) of every voice in the list, in its order: what was promised first is first.

        The list of all begins with what came in last.
        """
        parts = [
            rows.filter(in_tab(self.choice.tab, rows, self.user, self.today))
            .order_by()
            .annotate(kind=Value(kind), due=Coalesce("promised_on", Value(NEVER)))
            .values_list("kind", "pk", "due", "created_at")
            for kind, rows in self.kinds()
        ]
        whole = reduce(lambda one, other: one.union(other, all=True), parts)
        if self.choice.tab == ALL:
            return whole.order_by("-created_at", "kind", "-pk")
        return whole.order_by("due", "created_at", "kind", "pk")

    def counts(self) -> dict[str, int]:
        """How many there are in each tab, by its key. One query for each kind."""
        total = dict.fromkeys((tab.key for tab in TABS), 0)
        for _kind, rows in self.kinds():
            counted = rows.order_by().aggregate(
                **{
                    f"n_{tab.key}": Count("pk", filter=in_tab(tab, rows, self.user, self.today))
                    for tab in TABS
                }
            )
            for tab in TABS:
                total[tab.key] += counted[f"n_{tab.key}"]
        return total

    def kinds(self) -> Iterator[tuple[str, VoiceQuerySet]]:
        """Each kind with its rows, whatever the tab."""
        chosen = self.choice
        for kind, model in kinds().items():
            rows = visible(self.user, model._default_manager.all())
            if chosen.kind not in {None, kind}:
                rows = rows.none()
            if chosen.program:
                rows = rows.of_program(chosen.program)
            if chosen.round is not None:
                rows = rows.in_round(chosen.round)
            if chosen.words:
                rows = rows.filter(containing(chosen.words, *model.WORDS_IN))
            yield kind, rows

    def after(self, here: Key) -> "Following":
        return Following(self, here)


class Following:
    """Remembers the order of the list around one voice, to go on from it when it has left."""

    MOST = 1000

    def __init__(self, queue: Queue, here: Key) -> None:
        self.queue, self.here = queue, here
        self.order = keys_in(queue.keys()[: self.MOST])

    def key(self) -> Key | None:
        """The voice itself while it is in the list, else the next that still is, or the first."""
        left = keys_in(self.queue.keys()[: self.MOST])
        if self.here in left:
            return self.here
        place = self.order.index(self.here) if self.here in self.order else 0
        remaining = set(left)
        later = [key for key in self.order[place:] if key in remaining]
        return next(iter([*later, *left]), None)


def keys_in(rows: QuerySet) -> list[Key]:
    return [(kind, pk) for kind, pk, *_order in rows]


def in_tab(tab: Tab, rows: VoiceQuerySet, user: AbstractBaseUser, today: datetime.date) -> Q:
    """What belongs in a tab. For staff also a held voice can be late."""
    is_held = Q(state=VoiceState.HELD)
    is_open = Q(state__in=[VoiceState.HELD, VoiceState.PUBLISHED], outcome="")
    flagged: Exists = rows.is_flagged
    is_in = {
        TO_DO: is_open | is_held | Q(flagged),
        TO_REVIEW: is_held,
        TO_ANSWER: is_open & ~is_held,
        LATE: is_open & Q(promised_on__lt=today),
        FLAGGED: Q(flagged) | (is_held & ~Q(held_because="")),
        MINE: Q(assigned_to=user) & (is_open | Q(flagged)),
        ALL: Q(),
    }
    return is_in[tab]


def voices_of(keys: Sequence[Key]) -> list[Voice]:
    """The rows with those keys, in that order, with all that the list shows. Two queries a kind.

    Each has `open_entries`: the lines of its history that someone should look at.
    """
    found: dict[Key, Voice] = {}
    for kind, model in kinds().items():
        chosen = [pk for other, pk in keys if other == kind]
        entries = model._meta.get_field("history").related_model
        waiting = entries.objects.filter(needs_attention=True)
        rows = model._default_manager.for_queue().filter(pk__in=chosen)
        rows = rows.prefetch_related(Prefetch("history", waiting, to_attr="open_entries"))
        found |= {(kind, row.pk): row for row in rows}
    return [found[key] for key in keys if key in found]
