"""The text shown to everyone, and the steering group's approval of exactly that text."""

import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from programs.models import Event, Membership
from revisions.approval import voting_members
from revisions.digest import digest_of
from revisions.models import Approval, LogEntry, Process
from revisions.requirements import has_notes
from revisions.steps import Kind
from revisions.workflow.base import Seen, has_text, lock, moment, need, record, step_number
from revisions.workflow.errors import AlreadyDone, TransitionError

# Where the text is written and published. After the approval it stands still.
WRITING_STEPS = {
    Kind.REVISION: ("draft", "approval"),
    Kind.CREATION: ("compilation", "reference-group", "public-meeting"),
    Kind.LOCAL_DEVELOPMENT: ("initiate",),
}


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
        raise AlreadyDone
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

    Refused when the text has changed since it was read, when the member is not theirs, and when
    they have taken that stand already; whoever has changed their mind takes the other.
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
    latest = process.approvals.filter(
        attempt=process.attempt, digest=digest, membership=membership
    ).last()
    if latest and latest.is_approved == is_approved:
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

    Refused without minutes that can be read, and when the text on the day of the meeting was
    another.
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
    if not has_notes(event):
        raise TransitionError(_("Publish the minutes of the meeting first."))
    if not digest == digest_of(process.draft) == digest_on(process, event.last_day):
        raise TransitionError(_("The text has changed since the meeting."))
    if process.approvals.filter(attempt=process.attempt, digest=digest, event=event).exists():
        raise AlreadyDone
    Approval.objects.create(
        process=process,
        attempt=process.attempt,
        recorded_by=by,
        recorded_at=moment(today),
        digest=digest,
        event=event,
    )
    record(
        process,
        LogEntry.Kind.APPROVAL_MINUTED,
        by=by,
        role=role,
        today=today,
        about=f"{event.title}, {event.date}",
        digest=digest,
    )
    return process


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
