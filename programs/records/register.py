"""The register: everything that has come in, in one list, each with its case number."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.db.models import CharField, Q, QuerySet, Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.dates import PartialDate, day
from programs.event_filters import OneOfField, WordsField, containing
from programs.forms import FilterForm
from programs.models import Inquiry, JoinRequest, Voice, VoiceEntry
from programs.models.voices import Channel
from programs.voices.kinds import kinds

Key = tuple[str, int]
WORDS_IN = {
    Inquiry: ("reference", "text", "case_number", "page"),
    JoinRequest: ("reference", "text", "case_number", "locality__name"),
}


class Taken(Exception):
    """A colleague has given it another case number since the page was shown."""


def sources() -> dict[str, type[models.Model]]:
    return {**kinds(), "inquiry": Inquiry, "joinrequest": JoinRequest}


class RegisterForm(FilterForm):
    """Never by who sent it: addresses of pages end up in the logs of web servers."""

    q = WordsField()
    typ = OneOfField(label=gettext_lazy("Kind"))
    fran = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput({"type": "date"})
    )
    till = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput({"type": "date"})
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.fields["typ"].offer(
            (name, str(model._meta.verbose_name)) for name, model in sources().items()
        )

    def keys(self) -> QuerySet:
        """(kind, key, moment) of all that fits, what came in last first. One query."""
        parts = [
            rows.order_by()
            .annotate(source=Value(name, CharField()))
            .values_list("source", "pk", "created_at")
            for name, rows in self.narrowed()
        ]
        whole = reduce(lambda one, other: one.union(other, all=True), parts)
        return whole.order_by("-created_at", "source", "-pk")

    def narrowed(self) -> Iterator[tuple[str, QuerySet]]:
        chosen = self.chosen
        for name, model in sources().items():
            rows = model._default_manager.all()
            if chosen.get("typ") not in {None, name}:
                rows = rows.none()
            if words := chosen.get("q"):
                fields = WORDS_IN.get(model) or (*model.WORDS_IN, "case_number")
                rows = rows.filter(containing(words, *fields))
            if first := chosen.get("fran"):
                rows = rows.filter(came_in(model, "gte", first))
            if last := chosen.get("till"):
                rows = rows.filter(came_in(model, "lte", last))
            yield name, rows


def came_in(model: type[models.Model], comparison: str, date: datetime.date) -> Q:
    """Compared with the day that it came in; what says none came in when it was entered."""
    entered = Q((f"created_at__date__{comparison}", date))
    if not issubclass(model, Voice):
        return entered
    said = Q((f"received__{comparison}", day(date)))
    return said | (Q(received=None) & entered)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the register. `received` is set where it is not the day that it was entered."""

    kind: str
    row: models.Model
    entered: datetime.datetime
    received: PartialDate | None
    reference: str
    what: str
    subject: str
    sender: str
    channel: str
    state: str
    case_number: str


def lines_of(keys: Sequence[tuple]) -> list[Line]:
    """In that order; one query for each kind."""
    found: dict[Key, models.Model] = {}
    for name, model in sources().items():
        wanted = [pk for kind, pk, *_rest in keys if kind == name]
        rows = model._default_manager.filter(pk__in=wanted)
        if model is JoinRequest:
            rows = rows.select_related("locality")
        found |= {(name, row.pk): row for row in rows}
    return [line(kind, found[kind, pk]) for kind, pk, *_rest in keys if (kind, pk) in found]


def line(kind: str, row: models.Model) -> Line:
    received, channel = None, str(Channel.WEB.label)
    senders: list[str] = []
    if isinstance(row, Voice):
        subject, channel = row.heading, row.get_channel_display()
        senders = [row.author_name, row.author_email]
        state = row.get_outcome_display() or row.get_state_display()
        if row.received and row.received != day(timezone.localdate(row.created_at)):
            received = row.received
    elif isinstance(row, Inquiry):
        subject, senders = Truncator(" ".join(row.text.split())).chars(80), [row.email]
        state = _("answered") if row.answered_at else _("waits for an answer")
    else:
        subject = _("Wants to take part in %(place)s") % {"place": row.locality}
        senders, state = [row.name, row.email, row.phone], row.get_state_display()
    return Line(
        kind=kind,
        row=row,
        entered=row.created_at,
        received=received,
        reference=row.reference,
        what=capfirst(str(row._meta.verbose_name)),
        subject=subject,
        sender=", ".join(part for part in senders if part),
        channel=channel,
        state=capfirst(state),
        case_number=row.case_number,
    )


@transaction.atomic
def give_case_number(
    row: models.Model, number: str, *, saw: str, by: AbstractBaseUser, now: datetime.datetime
) -> bool:
    """False when it has that number already. `saw` is the number that was on the screen."""
    fresh = type(row)._default_manager.select_for_update(no_key=True).get(pk=row.pk)
    if fresh.case_number == number:
        return False
    if fresh.case_number != saw:
        raise Taken
    fresh.case_number = number
    fresh.save(update_fields=["case_number", "updated_at"])
    if isinstance(fresh, Voice):
        words = _("Case number: %(number)s") % {"number": number or "–"}
        fresh.history.create(kind=VoiceEntry.Kind.CORRECTED, at=now, by=by, text=words)
    return True
