"""What the transitions share: reading the process again under lock, and recording."""

import datetime
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.models import Decision, Edition, Program
from revisions.models import LogEntry, Process, StepRecord
from revisions.steps import STEPS
from revisions.workflow.errors import AlreadyDone, StaleStep, TransitionError


@dataclass(frozen=True, slots=True)
class Seen:
    """What was on the screen."""

    step: int
    attempt: int


def seen(process: Process) -> Seen:
    return Seen(process.step, process.attempt)


def lock(process: Process, was: Seen) -> Process:
    """The process read again under a lock, its program locked first; StaleStep if it moved."""
    Program.objects.select_for_update(no_key=True).get(pk=process.program_id)
    fresh = (
        Process.objects.select_for_update(no_key=True, of=("self",))
        .select_related("program", "draft", "base")
        .get(pk=process.pk)
    )
    if not fresh.is_open or seen(fresh) != was:
        raise StaleStep
    return fresh


def need(process: Process, *slugs: str) -> None:
    if process.current is None or process.current.slug not in slugs:
        raise TransitionError(_("This does not belong to the step under way."))


def check_latest(records: QuerySet, corrects: int | None, reason: str) -> None:
    """One record of a kind counts in an attempt, the latest.

    `corrects` is the one that was on the screen, None where there was none; to correct it takes
    a reason.
    """
    if records.order_by("-pk").values_list("pk", flat=True).first() != corrects:
        raise AlreadyDone
    if corrects and not reason.strip():
        raise TransitionError(_("Say why it is corrected."))


def has_text(process: Process) -> bool:
    """True while there is a draft that says something and has not been decided on."""
    draft = process.draft
    return draft is not None and draft.state == Edition.State.DRAFT and draft.clauses.exists()


def step_number(process: Process, slug: str) -> int | None:
    for number, step in enumerate(STEPS[process.kind], start=1):
        if step.slug == slug:
            return number
    return None


def moment(today: datetime.date) -> datetime.datetime:
    """The time of day on that date: the present moment, unless the date is told to be another."""
    now = timezone.localtime()
    return (
        now
        if now.date() == today
        else now.replace(year=today.year, month=today.month, day=today.day)
    )


def open_record(process: Process, today: datetime.date) -> None:
    StepRecord.objects.create(
        process=process, number=process.step, attempt=process.attempt, started=today
    )


def close_record(process: Process, today: datetime.date, note: str = "") -> None:
    StepRecord.objects.filter(process=process, number=process.step, attempt=process.attempt).update(
        passed=today, **({"note": note.strip()} if note.strip() else {})
    )


def withdraw_draft(process: Process) -> None:
    if process.draft and process.draft.state == Edition.State.DRAFT:
        process.draft.withdraw()


def end(
    process: Process, outcome: str, *, by: AbstractBaseUser, role: str, today: datetime.date
) -> None:
    process.is_open, process.outcome, process.ended = False, outcome, today
    process.save(update_fields=["is_open", "outcome", "ended", "updated_at"])
    record(process, LogEntry.Kind.CLOSED, by=by, role=role, today=today)


def record(
    process: Process,
    kind: str,
    *,
    by: AbstractBaseUser,
    role: str,
    today: datetime.date,
    to_step: int | None = None,
    about: str = "",
    reason: str = "",
    digest: str = "",
    decision: Decision | None = None,
) -> None:
    LogEntry.objects.create(
        process=process,
        kind=kind,
        step=process.step,
        to_step=to_step,
        by=by,
        role=role,
        at=moment(today),
        about=about,
        reason=reason.strip(),
        digest=digest,
        decision=decision,
    )
