"""The information item and the decision, with what follows from it."""

import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from programs.models import Decision
from revisions.adoption import adopt
from revisions.digest import digest_of
from revisions.models import InformationItem, LogEntry, Process
from revisions.requirements import missing
from revisions.steps import Kind
from revisions.workflow.approval import check_approval
from revisions.workflow.base import (
    Seen,
    close_record,
    end,
    has_text,
    lock,
    moment,
    need,
    open_record,
    record,
    withdraw_draft,
)
from revisions.workflow.errors import StaleStep, StepBlocked, TransitionError
from revisions.workflow.moving import go_back


@transaction.atomic
def record_information(
    process: Process,
    was: Seen,
    *,
    presented_on: datetime.date,
    body: str,
    case_number: str,
    remarks: str = "",
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Record that the draft was presented in the planning organisation."""
    process = lock(process, was)
    need(process, "information")
    if presented_on > today:
        raise TransitionError(_("The date is still to come."))
    if not body.strip() or not case_number.strip():
        raise TransitionError(_("Give the body and the case number."))
    said = {
        "presented_on": presented_on,
        "body": body.strip(),
        "case_number": case_number.strip(),
        "remarks": remarks.strip(),
    }
    if process.information_items.filter(attempt=process.attempt, **said).exists():
        raise StaleStep
    item = InformationItem(
        process=process,
        attempt=process.attempt,
        recorded_by=by,
        recorded_at=moment(today),
        digest=digest_of(process.draft),
        **said,
    )
    item.full_clean()
    item.save()
    record(
        process,
        LogEntry.Kind.INFORMED,
        by=by,
        role=role,
        today=today,
        reason=remarks,
        digest=item.digest,
    )
    return process


@transaction.atomic
def record_decision(
    process: Process,
    was: Seen,
    *,
    decision: Decision,
    to_step: int | None = None,
    reason: str = "",
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Record the deciding body's decision (an unsaved row) and do what follows from it.

    Adopted: the draft takes force. Referred back: to `to_step`, with `reason`; a plan of local
    development stays in the step where it is written. Rejected: the process is closed and the
    text in force stays.
    """
    process = lock(process, was)
    need(process, "decision", "initiate")
    if not has_text(process):
        raise TransitionError(_("There is no draft to decide on."))
    decision.program = process.program
    decision.full_clean()
    if not (decision.decided and decision.section.strip() and decision.case_number.strip()):
        raise TransitionError(_("Give the decision's date, § and case number."))
    if decision.decided.first > today:
        raise TransitionError(_("The date is still to come."))
    in_the_middle = process.kind == Kind.LOCAL_DEVELOPMENT
    decision.save()
    record(
        process,
        LogEntry.Kind.DECIDED,
        by=by,
        role=role,
        today=today,
        reason=reason or decision.title,
    )
    if decision.outcome == Decision.Outcome.ADOPTED:
        # The decision itself is what is left; everything else that the step asks for must be met.
        lacking = [
            standing
            for standing in missing(process, today)
            if standing.requirement.mend != "decision"
        ]
        if lacking:
            raise StepBlocked(lacking)
        check_approval(process)
        close_record(process, today)
        adopt(process, decision)
        record(
            process,
            LogEntry.Kind.ADOPTED,
            by=by,
            role=role,
            today=today,
            to_step=process.step + 1 if in_the_middle else None,
            digest=digest_of(process.draft),
        )
        if in_the_middle:
            # The plan is adopted in the middle of the work: what follows is carrying it out.
            process.step += 1
            process.save(update_fields=["step", "updated_at"])
            open_record(process, today)
        else:
            end(process, Process.Outcome.ADOPTED, by=by, role=role, today=today)
    elif decision.outcome == Decision.Outcome.REFERRED_BACK and in_the_middle:
        if not reason.strip():
            raise TransitionError(_("Say why it is sent back."))
    elif decision.outcome == Decision.Outcome.REFERRED_BACK:
        go_back(process, to_step or 0, reason, by=by, role=role, today=today)
    elif decision.outcome == Decision.Outcome.REJECTED:
        withdraw_draft(process)
        end(process, Process.Outcome.REJECTED, by=by, role=role, today=today)
    else:
        raise TransitionError(_("Choose adopted, referred back or rejected."))
    return process
