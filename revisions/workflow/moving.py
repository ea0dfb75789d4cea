"""From step to step: start, pass, send back, abort."""

import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from programs.models import Program
from revisions.digest import digest_of
from revisions.models import LogEntry, Process, StepRecord
from revisions.requirements import missing
from revisions.steps import Kind
from revisions.workflow.base import (
    Seen,
    close_record,
    end,
    lock,
    open_record,
    record,
    step_number,
    withdraw_draft,
)
from revisions.workflow.errors import StepBlocked, TransitionError

# Where a process can be sent back from, in each kind: the approval and what comes after it.
SENT_BACK_FROM = {
    Kind.REVISION: ("approval", "information", "decision"),
    Kind.CREATION: ("public-meeting", "decision"),
    Kind.LOCAL_DEVELOPMENT: ("carry-out", "conclude"),
}


@transaction.atomic
def start(
    program: Program, kind: str, *, by: AbstractBaseUser, role: str = "", today: datetime.date
) -> Process:
    """Begin a process; refused while another is under way, or when the kind does not fit."""
    program = Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    if program.processes.open().exists():
        raise TransitionError(_("The program already has a process under way."))
    if program.status == Program.Status.CONCLUDED:
        raise TransitionError(_("The program is concluded."))
    current = program.editions.adopted().first()
    if kind == Kind.REVISION and current is None:
        raise TransitionError(_("There is no adopted text to revise. Create the program first."))
    if kind == Kind.CREATION and current is not None:
        raise TransitionError(_("The program already has an adopted text. Revise it instead."))
    process = Process.objects.create(program=program, kind=kind, started=today, base=current)
    StepRecord.objects.create(process=process, number=1, attempt=1, started=today)
    record(process, LogEntry.Kind.STARTED, by=by, role=role, today=today)
    return process


@transaction.atomic
def pass_step(
    process: Process,
    was: Seen,
    *,
    note: str = "",
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Move one step forward. The last step of a local development closes the process.

    `note` tells everyone in a few words what happened in the step that is left.
    """
    process = lock(process, was)
    if lacking := missing(process, today):
        raise StepBlocked(lacking)
    close_record(process, today, note)
    following = None if process.is_at_last_step else process.step + 1
    record(
        process,
        LogEntry.Kind.PASSED,
        by=by,
        role=role,
        today=today,
        to_step=following,
        reason=note,
        digest=digest_of(process.draft) if process.draft else "",
    )
    if following is None:
        end(process, Process.Outcome.EVALUATED, by=by, role=role, today=today)
        return process
    process.step += 1
    process.save(update_fields=["step", "updated_at"])
    open_record(process, today)
    return process


@transaction.atomic
def send_back(
    process: Process,
    was: Seen,
    *,
    to_step: int,
    reason: str,
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Return to an earlier step with a reason; later steps are done again in a new attempt."""
    process = lock(process, was)
    go_back(process, to_step, reason, by=by, role=role, today=today)
    return process


def allowed_to_send_back(process: Process) -> list[int]:
    """The steps that a process may be sent back to from where it is; none when it may not."""
    if not process.current or process.current.slug not in SENT_BACK_FROM[process.kind]:
        return []
    return list(range(1, process.step))


def go_back(
    process: Process,
    to_step: int,
    reason: str,
    *,
    by: AbstractBaseUser,
    role: str,
    today: datetime.date,
) -> None:
    """On a locked process."""
    if to_step not in allowed_to_send_back(process):
        raise TransitionError(_("The process cannot be sent back to that step from here."))
    if not reason.strip():
        raise TransitionError(_("Say why it is sent back."))
    record(
        process,
        LogEntry.Kind.SENT_BACK,
        by=by,
        role=role,
        today=today,
        to_step=to_step,
        reason=reason,
    )
    before = process.step
    process.step = to_step
    process.attempt += 1
    number = step_number(process, "comments") or step_number(process, "public-meeting")
    if number and to_step <= number:
        # The period of the earlier attempt stays in the log; a new one has to be set.
        process.comments_open_on = process.comments_close_on = None
    draft = step_number(process, "draft") or step_number(process, "compilation")
    if draft and to_step <= draft < before:
        process.draft_published_at = None
        process.statement_due_on = None
    process.save()
    open_record(process, today)


@transaction.atomic
def abort(
    process: Process,
    was: Seen,
    *,
    reason: str,
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """End the process without a result; everything recorded stays readable."""
    process = lock(process, was)
    if not reason.strip():
        raise TransitionError(_("Say why the process is ended."))
    record(process, LogEntry.Kind.ABORTED, by=by, role=role, today=today, reason=reason)
    withdraw_draft(process)
    end(process, Process.Outcome.ABORTED, by=by, role=role, today=today)
    return process
