"""What the association and the reference group say: anchoring and statements."""

import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from revisions.digest import digest_of
from revisions.models import Anchoring, LogEntry, Process, Statement
from revisions.workflow.base import Seen, has_text, lock, moment, need, record
from revisions.workflow.errors import StaleStep, TransitionError

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
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Record the board's anchoring, by its representative or on its behalf."""
    process = lock(process, was)
    need(process, "anchoring")
    if max(board_on, members_informed_on) > today:
        raise TransitionError(_("The date is still to come."))
    if process.anchorings.filter(attempt=process.attempt).exists():
        raise StaleStep
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
    record(process, LogEntry.Kind.ANCHORED, by=by, role=role, today=today, reason=note)
    return process


@transaction.atomic
def set_statement_deadline(
    process: Process, was: Seen, *, due_on: datetime.date, today: datetime.date | None = None
) -> Process:
    """The last day for the association's statement on the draft; never before `today`, if given."""
    process = lock(process, was)
    need(process, "draft")
    if today and due_on < today:
        raise TransitionError(_("The last day for the statement has already passed."))
    process.statement_due_on = due_on
    process.save(update_fields=["statement_due_on", "updated_at"])
    return process


@transaction.atomic
def give_statement(
    process: Process,
    was: Seen,
    *,
    body: str,
    text: str,
    by_representative: bool,
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Record what the association or the reference group says of the draft.

    An empty text notes that none was given, which is allowed only after the deadline.
    """
    process = lock(process, was)
    need(process, *STATEMENT_STEPS.get(body, ()))
    if not has_text(process):
        raise TransitionError(_("There is no draft to say anything of."))
    absent = not text.strip()
    if absent and not (process.statement_due_on and process.statement_due_on < today):
        raise TransitionError(_("Write the statement. Its absence is noted after the deadline."))
    if process.statements.filter(body=body, attempt=process.attempt).exists():
        raise StaleStep
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
        digest=digest_of(process.draft),
    )
    record(
        process,
        LogEntry.Kind.STATEMENT,
        by=by,
        role=role,
        today=today,
        reason=text,
        digest=digest_of(process.draft),
    )
    return process
