"""The information item and the decision, with what follows from it."""

import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.dates import day
from programs.models import DecidingBody, Decision, Municipality
from revisions.adoption import adopt
from revisions.digest import digest_of
from revisions.models import InformationItem, LogEntry, Process
from revisions.requirements import missing
from revisions.steps import Kind
from revisions.workflow.approval import check_approval
from revisions.workflow.base import (
    Seen,
    check_latest,
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
from revisions.workflow.errors import StepBlocked, TransitionError
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
    corrects: int | None = None,
    reason: str = "",
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Record that the draft was presented in the planning organisation, and what was remarked.

    With `corrects` it stands instead of that record, for a `reason`.
    """
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
    check_latest(process.information_items.filter(attempt=process.attempt), corrects, reason)
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
        LogEntry.Kind.CORRECTED if corrects else LogEntry.Kind.INFORMED,
        by=by,
        role=role,
        today=today,
        about=f"{item.body}, {day(presented_on)}, {item.case_number}",
        reason="\n\n".join(filter(None, [reason.strip(), item.remarks])),
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
    decision.body = decision.body or deciding_body()
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
        about=in_words(decision),
        reason=reason,
        decision=decision,
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


def deciding_body() -> DecidingBody | None:
    """The one that adopts the municipality's programs."""
    municipality = Municipality.objects.select_related("deciding_body").first()
    return municipality.deciding_body if municipality else None


def in_words(decision: Decision) -> str:
    """ "Adopted, the executive board, 3 May 2026, § 112, KS 2026/7"."""
    said = [
        capfirst(decision.get_outcome_display()),
        str(decision.body) if decision.body else "",
        str(decision.decided),
        f"§ {decision.section}",
        decision.case_number,
    ]
    return ", ".join(filter(None, said))
