"""A process that began before it was kept here: what is known of it, recorded afterwards."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from programs.dates import PartialDate
from programs.models import Document, Edition, Event, Program
from revisions.models import Evidence, LogEntry, Process, StepRecord
from revisions.steps import STEPS
from revisions.workflow.base import moment
from revisions.workflow.errors import TransitionError


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of one step. `passed` is None for the one that is still under way."""

    number: int
    started: PartialDate | None = None
    passed: PartialDate | None = None
    note: str = ""
    events: Sequence[Event] = ()
    documents: Sequence[Document] = ()


# What the log says of how it ended, before it says that it is closed. An evaluation ends with
# the last step itself.
ENDED = {
    Process.Outcome.ADOPTED: LogEntry.Kind.ADOPTED,
    Process.Outcome.REJECTED: LogEntry.Kind.DECIDED,
    Process.Outcome.ABORTED: LogEntry.Kind.ABORTED,
}


@transaction.atomic
def enter_history(
    program: Program,
    kind: str,
    past: Sequence[Past],
    *,
    started: PartialDate | None = None,
    ended: PartialDate | None = None,
    outcome: str = "",
    plan: Edition | None = None,
    by: AbstractBaseUser | None = None,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Record a process as far as it had come, with dates as exact as they are known.

    It is finished when it has `ended`; otherwise it goes on from there by the ordinary
    transitions. `plan` is the text that came of it. Nothing is adopted or approved here: a text
    that was not approved through the portal still has to be before the portal adopts it.
    """
    program = Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    if ended is None and program.processes.open().exists():
        raise TransitionError(_("The program already has a process under way."))
    if plan and (plan.program_id != program.pk or plan.state not in Edition.IN_FORCE_ONCE):
        raise TransitionError(_("Choose a text of the same program that has been in force."))
    if ended and ended.first > today:
        raise TransitionError(_("The date is still to come."))
    past = with_step_under_way(kind, past, is_open=ended is None)
    check(kind, past, today)
    process = Process.objects.create(
        program=program,
        kind=kind,
        step=past[-1].number,
        started=started,
        ended=ended,
        is_open=ended is None,
        outcome=(outcome or Process.Outcome.EVALUATED) if ended else "",
        base=program.editions.adopted().first() if ended is None and plan is None else None,
        draft=plan,
    )

    def note(kind: str, number: int, happened: PartialDate | None, **said: Any) -> None:
        LogEntry.objects.create(
            process=process,
            kind=kind,
            step=number,
            happened=happened,
            by=by,
            role=role,
            at=moment(today),
            **said,
        )

    kinds = LogEntry.Kind
    note(kinds.STARTED, 1, started or past[0].started or past[0].passed)
    for index, step in enumerate(past):
        for row in keep(process, step, today):
            # What has no date of its own is dated as roughly as its step.
            date = date_of(row) or step.passed or step.started
            note(kinds.EVIDENCE_ADDED, step.number, date, about=row.words)
        if step.passed:
            to_step = past[index + 1].number if index + 1 < len(past) else None
            note(kinds.HISTORY, step.number, step.passed, to_step=to_step, reason=step.note)
    if ended:
        if process.outcome in ENDED:
            note(ENDED[Process.Outcome(process.outcome)], process.step, ended)
        note(kinds.CLOSED, process.step, ended)
    return process


def with_step_under_way(kind: str, past: Sequence[Past], *, is_open: bool) -> list[Past]:
    """The steps, and the one that follows when all of them have been passed and it goes on."""
    if not past:
        return [Past(1)]
    last = past[-1]
    if is_open and last.passed and last.number < len(STEPS[kind]):
        return [*past, Past(last.number + 1, started=last.passed)]
    return list(past)


def check(kind: str, past: Sequence[Past], today: datetime.date) -> None:
    """Steps in order, each passed but the last, and none in the time to come."""
    least = 1
    for index, step in enumerate(past):
        if step.number not in range(least, len(STEPS[kind]) + 1):
            raise TransitionError(_("Step %(number)s cannot come here.") % {"number": step.number})
        least = step.number + 1
        if index + 1 < len(past) and step.passed is None:
            raise TransitionError(_("Only the last step may be still under way."))
        if any(date and date.first > today for date in (step.started, step.passed)):
            raise TransitionError(_("The date is still to come."))


def keep(process: Process, step: Past, today: datetime.date) -> list[Evidence]:
    """The step's record, and what shows what it came to: undated first, then in order of time."""
    record = StepRecord(
        process=process,
        number=step.number,
        started=step.started,
        passed=step.passed,
        note=step.note,
    )
    record.full_clean()
    record.save()
    for thing in (*step.events, *step.documents):
        of_program = process.program_id in (
            thing.program_id,
            getattr(thing, "event", None) and thing.event.program_id,
        )
        if not of_program and thing.locality_id != process.program.locality_id:
            raise TransitionError(_("Choose something that belongs to the same program."))
        Evidence.objects.create(
            process=process,
            number=step.number,
            event=thing if isinstance(thing, Event) else None,
            document=thing if isinstance(thing, Document) else None,
            added_at=moment(today),
        )
    rows = process.evidence.filter(number=step.number).select_related("event", "document")
    return sorted(rows, key=lambda row: (date_of(row) is not None, date_of(row) or 0, row.pk))


def date_of(row: Evidence) -> PartialDate | None:
    return row.event.date if row.event else row.document.dated
