"""The columns of the tables that can be downloaded."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.dates import PartialDate, Precision
from programs.fields import edit_text
from programs.models import Action, Event, Idea, Term
from programs.small_numbers import LEAST_SHOWN
from programs.wording import public_clause

Value = str | int | datetime.date | datetime.time | None


@dataclass(frozen=True, slots=True)
class Table:
    """`name` becomes the file's; each column is its heading and what it shows of a row."""

    name: str
    columns: list[tuple[str, Callable[[Any], Value]]]
    rows: Iterable[Any]

    @property
    def headings(self) -> list[str]:
        return [heading for heading, _value in self.columns]

    def cells(self, row: Any) -> list[Value]:
        return [value(row) for _heading, value in self.columns]


def date_value(date: PartialDate | None) -> Value:
    """A whole day as a date; what is known less well as text that can be read back."""
    if date is None:
        return None
    return date.first if date.precision == Precision.DAY else edit_text(date)


def yes_or_no(claim: bool) -> str:
    return _("yes") if claim else _("no")


def name_of(row: Any) -> str:
    return str(row) if row else ""


def names_of(rows: Any) -> str:
    return ", ".join(str(row) for row in rows.all())


def event_table(
    events: QuerySet[Event], words: Mapping[str, Term], address: Callable[[Any], str]
) -> Table:
    # With a small group among the answers, the number of participants would give it away.
    few = Q(age_groups__participants__lt=LEAST_SHOWN)
    return Table(
        "moten",
        [
            (_("Number"), lambda event: event.pk),
            (_("Kind"), lambda event: capfirst(event.get_kind_display())),
            (_("Title"), lambda event: event.title),
            (_("Date"), lambda event: date_value(event.date)),
            (_("Until"), lambda event: date_value(event.until)),
            (_("Starts"), lambda event: event.starts),
            (_("Ends"), lambda event: event.ends),
            (_("Venue"), lambda event: event.place),
            (capfirst(words["locality"].singular), lambda event: name_of(event.locality)),
            (capfirst(words["program_short"].singular), lambda event: name_of(event.program)),
            (_("Open to all"), lambda event: yes_or_no(event.open_to_all)),
            (_("Cancelled"), lambda event: yes_or_no(event.is_cancelled)),
            (_("Participants"), participants),
            (_("Description"), lambda event: event.description),
            (_("Notes"), lambda event: event.notes),
            (_("Address"), address),
        ],
        events.annotate(small_groups=Count("age_groups", filter=few)),
    )


def participants(event: Event) -> Value:
    if event.small_groups:
        return ""
    return event.participants_note or event.participants


def action_table(
    actions: QuerySet[Action], words: Mapping[str, Term], address: Callable[[Any], str]
) -> Table:
    return Table(
        "atgarder",
        [
            (_("Number"), lambda action: action.pk),
            (_("Title"), lambda action: action.title),
            (_("Status"), lambda action: capfirst(action.get_status_display())),
            (_("Reason"), lambda action: action.reason),
            (capfirst(words["locality"].singular), lambda action: name_of(action.locality)),
            (capfirst(words["program_short"].singular), lambda action: name_of(action.program)),
            (_("Serves"), lambda action: name_of(public_clause(action.clause))),
            (_("Responsible"), lambda action: names_of(action.responsible)),
            (_("Works together with"), lambda action: names_of(action.partners)),
            (_("Start"), lambda action: date_value(action.started)),
            (_("Planned finish"), lambda action: date_value(action.due)),
            (_("Runs continuously"), lambda action: yes_or_no(action.continuous)),
            (_("Completed"), lambda action: date_value(action.completed)),
            (_("Description"), lambda action: action.description),
            (_("What came of it"), lambda action: action.result),
            (_("Budget in kronor"), lambda action: action.budget),
            (_("Note on budget"), lambda action: action.budget_note),
            (capfirst(words["quick_fix"].singular), lambda action: yes_or_no(action.is_quick_fix)),
            (_("Decision"), lambda action: name_of(action.decision)),
            (_("Address"), address),
        ],
        actions.select_related("clause__edition", "decision").prefetch_related("partners"),
    )


def idea_table(
    ideas: QuerySet[Idea], words: Mapping[str, Term], address: Callable[[Any], str]
) -> Table:
    """Without names, also of those who show theirs on the page: a file cannot be recalled."""
    return Table(
        "ideer",
        [
            (_("Number"), lambda idea: idea.pk),
            (_("Title"), lambda idea: idea.title),
            (_("Text"), lambda idea: idea.text),
            (capfirst(words["locality"].singular), lambda idea: name_of(idea.locality)),
            (capfirst(words["program_short"].singular), lambda idea: name_of(idea.program)),
            (_("Came in through"), lambda idea: capfirst(idea.get_channel_display())),
            (_("Came in"), lambda idea: date_value(idea.received)),
            (_("Answer promised by"), lambda idea: idea.promised_on),
            (_("Answered"), lambda idea: date_value(idea.replied)),
            (_("Answered by"), lambda idea: idea.replied_by),
            (_("Outcome"), lambda idea: capfirst(idea.get_outcome_display())),
            (_("Answer"), lambda idea: idea.reply),
            (capfirst(words["action"].singular), lambda idea: name_of(idea.action)),
            (_("Support from"), lambda idea: idea.supporters),
            (_("Address"), address),
        ],
        ideas,
    )
