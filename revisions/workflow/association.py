"""What the association and the reference group say: anchoring and statements."""

import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from programs.dates import day
from revisions.digest import digest_of
from revisions.models import Anchoring, LogEntry, Process, Statement
from revisions.workflow.base import Seen, check_latest, has_text, lock, moment, need, record
from revisions.workflow.errors import AlreadyDone, TransitionError

# Where each body says what it thinks of the draft.
STATEMENT_STEPS = {
    Statement.Body.ASSOCIATION: ("draft",),
    Statement.Body.REFERENCE_GROUP: ("reference-group",),
}


@transaction.atomic
def anchor(
    process: Process,
    was: Seen,
    *,
    board_on: datetime.date,
    members_informed_on: datetime.date,
    by_representative: bool,
    note: str = "",
    corrects: int | None = None,
    reason: str = "",
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Record the board's anchoring, by its representative or on its behalf.

    With `corrects` it stands instead of that record, for a `reason`.
    """
    process = lock(process, was)
    need(process, "anchoring")
    if max(board_on, members_informed_on) > today:
        raise TransitionError(_("The date is still to come."))
    check_latest(process.anchorings.filter(attempt=process.attempt), corrects, reason)
    Anchoring.objects.create(
        process=process,
        attempt=process.attempt,
        recorded_by=by,
        recorded_at=moment(today),
        board_on=board_on,
        members_informed_on=members_informed_on,
        by_representative=by_representative,
        note=note,
    )
    record(
        process,
        LogEntry.Kind.CORRECTED if corrects else LogEntry.Kind.ANCHORED,
        by=by,
        role=role,
        today=today,
        about=_("the board decided %(board)s, the members were informed %(informed)s")
        % {"board": day(board_on), "informed": day(members_informed_on)},
        reason="\n\n".join(filter(None, [reason.strip(), note.strip()])),
    )
    return process


@transaction.atomic
def set_statement_deadline(
    process: Process,
    was: Seen,
    *,
    due_on: datetime.date,
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """The last day for the association's statement on the draft; never a day that has passed."""
    process = lock(process, was)
    need(process, "draft")
    if due_on == process.statement_due_on:
        raise AlreadyDone
    if due_on < today:
        raise TransitionError(_("The last day for the statement has already passed."))
    process.statement_due_on = due_on
    process.save(update_fields=["statement_due_on", "updated_at"])
    record(
        process,
        LogEntry.Kind.STATEMENT_DUE,
        by=by,
        role=role,
        today=today,
        about=due_on.isoformat(),
    )
    return process


@transaction.atomic
def give_statement(
    process: Process,
    was: Seen,
    *,
    body: str,
    text: str,
    by_representative: bool,
    corrects: int | None = None,
    reason: str = "",
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Record what the association or the reference group says of the draft.

    An empty text notes that none was given, which is allowed only after the deadline. With
    `corrects` it stands instead of that statement, for a `reason`.
    """
    process = lock(process, was)
    need(process, *STATEMENT_STEPS.get(body, ()))
    if not has_text(process):
        raise TransitionError(_("There is no draft to say anything of."))
    absent = not text.strip()
    if absent and not (process.statement_due_on and process.statement_due_on < today):
        raise TransitionError(_("Write the statement. Its absence is noted after the deadline."))
    given = process.statements.filter(body=body, attempt=process.attempt)
    check_latest(given, corrects, reason)
    kinds = LogEntry.Kind
    digest = digest_of(process.draft)
    Statement.objects.create(
        process=process,
        attempt=process.attempt,
        recorded_by=by,
        recorded_at=moment(today),
        body=body,
        given_on=today,
        text=text.strip(),
        is_absent=absent,
        by_representative=by_representative,
        digest=digest,
    )
    record(
        process,
        kinds.CORRECTED if corrects else kinds.STATEMENT_ABSENT if absent else kinds.STATEMENT,
        by=by,
        role=role,
        today=today,
        about=str(Statement.Body(body).label) if corrects else body,
        reason="\n\n".join(filter(None, [reason.strip(), text.strip()])),
        digest=digest,
    )
    return process
