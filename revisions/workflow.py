"""How a process moves: every transition locks, checks, changes, records, in one transaction.

The program is locked before its process. Each function takes what the person on the other side
of the screen saw (`seen`, a step and an attempt), so that a double click or a faster colleague
changes nothing twice. All raise a `TransitionError` that says why in words for the page.
"""

import datetime
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.models import Decision, Document, Edition, Event, Membership, Program
from revisions.adoption import adopt
from revisions.approval import voting_members
from revisions.digest import digest_of
from revisions.models import (
    Anchoring,
    Approval,
    ChannelEntered,
    Evidence,
    InformationItem,
    LogEntry,
    Process,
    Statement,
    StepRecord,
)
from revisions.requirements import CHANNELS_TO_ENTER, Standing, missing
from revisions.steps import STEPS, Kind

# Where a process can be sent back from, in each kind: the approval and what comes after it.
SENT_BACK_FROM = {
    Kind.REVISION: ("approval", "information", "decision"),
    Kind.CREATION: ("public-meeting", "decision"),
    Kind.LOCAL_DEVELOPMENT: ("carry-out", "conclude"),
}

# Where the text is written and published. After the approval it stands still.
WRITING_STEPS = {
    Kind.REVISION: ("draft", "approval"),
    Kind.CREATION: ("compilation", "reference-group", "public-meeting"),
    Kind.LOCAL_DEVELOPMENT: ("initiate",),
}

# Where each body says what it thinks of the draft.
STATEMENT_STEPS = {
    Statement.Body.ASSOCIATION: ("draft",),
    Statement.Body.REFERENCE_GROUP: ("reference-group",),
}


class TransitionError(Exception):
    """Refused, with the reason in words."""


class StaleStep(TransitionError):
    def __init__(self) -> None:
        super().__init__(
            _("Someone else was faster: the process has moved on. Nothing was done twice.")
        )


class StepBlocked(TransitionError):
    """`standings` are the requirements that are not met."""

    def __init__(self, standings: list[Standing]) -> None:
        super().__init__(
            _("The step cannot be passed yet: %(missing)s")
            % {"missing": " ".join(str(standing.words) for standing in standings)}
        )
        self.standings = standings


@dataclass(frozen=True, slots=True)
class Seen:
    """What was on the screen."""

    step: int
    attempt: int


def seen(process: Process) -> Seen:
    return Seen(process.step, process.attempt)


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
    process: Process, was: Seen, *, by: AbstractBaseUser, role: str = "", today: datetime.date
) -> Process:
    """Move one step forward. The last step of a local development closes the process."""
    process = lock(process, was)
    if lacking := missing(process, today):
        raise StepBlocked(lacking)
    close_record(process, today)
    following = None if process.is_at_last_step else process.step + 1
    record(
        process,
        LogEntry.Kind.PASSED,
        by=by,
        role=role,
        today=today,
        to_step=following,
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
def open_comments(
    process: Process,
    was: Seen,
    *,
    opens_on: datetime.date,
    closes_on: datetime.date,
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Set the comment period, its last day included. A day that has passed cannot be its last."""
    process = lock(process, was)
    need(process, "comments", "public-meeting")
    if closes_on < opens_on:
        raise TransitionError(_("The comment period cannot end before it begins."))
    if closes_on < today:
        raise TransitionError(_("The last day for comments has already passed."))
    if (opens_on, closes_on) == (process.comments_open_on, process.comments_close_on):
        raise StaleStep
    process.comments_open_on, process.comments_close_on = opens_on, closes_on
    process.save(update_fields=["comments_open_on", "comments_close_on", "updated_at"])
    record(
        process,
        LogEntry.Kind.COMMENTS_OPENED,
        by=by,
        role=role,
        today=today,
        reason=f"{opens_on.isoformat()}–{closes_on.isoformat()}",
    )
    return process


@transaction.atomic
def add_evidence(
    process: Process,
    was: Seen,
    *,
    event: Event | None = None,
    document: Document | None = None,
    today: datetime.date,
) -> Process:
    """Let an event or a document of the same program show what the step came to."""
    process = lock(process, was)
    if (event is None) == (document is None):
        raise TransitionError(_("Choose one event or one document."))
    thing = event or document
    of = {thing.program_id, getattr(thing, "event", None) and thing.event.program_id}
    same_place = thing.locality_id == process.program.locality_id
    if process.program_id not in of and not same_place:
        raise TransitionError(_("Choose something that belongs to the same program."))
    Evidence.objects.get_or_create(
        process=process,
        number=process.step,
        attempt=process.attempt,
        event=event,
        document=document,
        defaults={"added_at": moment(today)},
    )
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
def enter_channel(process: Process, was: Seen, channel: str) -> Process:
    """Say that everything which came in through the channel has been entered."""
    process = lock(process, was)
    need(process, "comments", "public-meeting")
    if channel not in CHANNELS_TO_ENTER:
        raise TransitionError(_("That channel enters itself."))
    ChannelEntered.objects.get_or_create(process=process, attempt=process.attempt, channel=channel)
    return process


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
def publish_draft(
    process: Process, was: Seen, *, by: AbstractBaseUser, role: str = "", today: datetime.date
) -> Process:
    """Show the draft to everyone, with its changes marked."""
    process = lock(process, was)
    if process.current.slug not in WRITING_STEPS[process.kind]:
        raise TransitionError(_("This does not belong to the step under way."))
    if not has_text(process):
        raise TransitionError(_("There is no draft to publish."))
    if process.draft_published_at:
        raise StaleStep
    process.draft_published_at = moment(today)
    process.save(update_fields=["draft_published_at", "updated_at"])
    record(
        process,
        LogEntry.Kind.DRAFT_PUBLISHED,
        by=by,
        role=role,
        today=today,
        digest=digest_of(process.draft),
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


@transaction.atomic
def take_stand(
    process: Process,
    was: Seen,
    *,
    membership: Membership,
    digest: str,
    is_approved: bool,
    reason: str = "",
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Approve the text with that digest, or ask for a change, as one voting member.

    Refused when the text has changed since it was read, and when the member is not theirs.
    """
    process = lock(process, was)
    need(process, "approval")
    if membership.pk not in {seat.pk for seat in voting_members(process, today)} or (
        membership.user_id != by.pk
    ):
        raise TransitionError(_("Only a voting member of the steering group can do this."))
    if digest != digest_of(process.draft):
        raise TransitionError(
            _("The text was changed while you were reading. Read what is new and try again.")
        )
    if not is_approved and not reason.strip():
        raise TransitionError(_("Say what should change."))
    if process.approvals.filter(
        attempt=process.attempt, digest=digest, membership=membership
    ).exists():
        raise TransitionError(_("You have already taken a stand on this text."))
    Approval.objects.create(
        process=process,
        attempt=process.attempt,
        recorded_by=by,
        recorded_at=moment(today),
        digest=digest,
        membership=membership,
        is_approved=is_approved,
        reason=reason.strip(),
    )
    kind = LogEntry.Kind.APPROVED if is_approved else LogEntry.Kind.CHANGE_ASKED
    record(process, kind, by=by, role=role, today=today, reason=reason, digest=digest)
    return process


@transaction.atomic
def minute_approval(
    process: Process,
    was: Seen,
    *,
    event: Event,
    digest: str,
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Record that a minuted steering group meeting approved the text with that digest.

    Refused when the text on the day of the meeting was another.
    """
    process = lock(process, was)
    need(process, "approval")
    if (
        event.program_id != process.program_id
        or event.kind != Event.Kind.STEERING_GROUP_MEETING
        or event.is_cancelled
        or event.date.first > today
    ):
        raise TransitionError(_("Choose a steering group meeting that has been held."))
    if not digest == digest_of(process.draft) == digest_on(process, event.last_day):
        raise TransitionError(_("The text has changed since the meeting."))
    if process.approvals.filter(attempt=process.attempt, digest=digest, event=event).exists():
        raise StaleStep
    Approval.objects.create(
        process=process,
        attempt=process.attempt,
        recorded_by=by,
        recorded_at=moment(today),
        digest=digest,
        event=event,
    )
    record(process, LogEntry.Kind.APPROVAL_MINUTED, by=by, role=role, today=today, digest=digest)
    return process


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


# What the transitions share


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


def has_text(process: Process) -> bool:
    """True while there is a draft that says something and has not been decided on."""
    draft = process.draft
    return draft is not None and draft.state == Edition.State.DRAFT and draft.clauses.exists()


def digest_on(process: Process, day: datetime.date) -> str:
    """The fingerprint of the draft as it read at the end of that day; empty before it was begun."""
    version = process.versions.filter(saved_at__date__lte=day).order_by("pk").last()
    return version.digest if version else ""


def check_approval(process: Process) -> None:
    """A revision is never adopted in another wording than the one that was approved.

    The approval counts as it stood when its step was last passed: who has a seat today, or
    that the process was sent back to a later step, does not undo it.
    """
    if process.kind != Kind.REVISION:
        return
    number = step_number(process, "approval")
    passed = process.log.filter(kind=LogEntry.Kind.PASSED, step=number).last()
    if passed is None or passed.digest != digest_of(process.draft):
        raise TransitionError(
            _("The text is not the one that the steering group approved. Send it back to them.")
        )


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


def close_record(process: Process, today: datetime.date) -> None:
    StepRecord.objects.filter(process=process, number=process.step, attempt=process.attempt).update(
        passed=today
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
    reason: str = "",
    digest: str = "",
) -> None:
    LogEntry.objects.create(
        process=process,
        kind=kind,
        step=process.step,
        to_step=to_step,
        by=by,
        role=role,
        at=moment(today),
        reason=reason.strip(),
        digest=digest,
    )
