"""What shows what a step came to: connected, and withdrawn when it was chosen by mistake."""

import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from programs.dates import day
from programs.models import Document, Event
from revisions.models import Evidence, LogEntry, Process
from revisions.workflow.base import Seen, lock, moment, record
from revisions.workflow.errors import AlreadyDone, TransitionError


@transaction.atomic
def add_evidence(
    process: Process,
    was: Seen,
    *,
    event: Event | None = None,
    document: Document | None = None,
    by: AbstractBaseUser,
    role: str = "",
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
    if document and not document.is_public:
        raise TransitionError(_("The document belongs to a draft and is not public yet."))
    shown = Evidence.objects.of_step_under_way(process)
    if shown.filter(event=event, document=document).exists():
        raise AlreadyDone
    show(process, event=event, document=document, by=by, role=role, today=today)
    return process


@transaction.atomic
def publish_document(
    process: Process,
    was: Seen,
    *,
    document: Document,
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Put a new document (an unsaved row) on the portal and let it show what the step came to."""
    process = lock(process, was)
    shown = Evidence.objects.of_step_under_way(process)
    if shown.filter(document__kind=document.kind, document__title=document.title).exists():
        raise AlreadyDone
    document.program = process.program
    document.dated = document.dated or day(today)
    document.full_clean()
    if not (document.file or document.url):
        raise TransitionError(_("Give a file or a link."))
    document.save()
    show(process, document=document, by=by, role=role, today=today)
    return process


def show(
    process: Process,
    *,
    event: Event | None = None,
    document: Document | None = None,
    by: AbstractBaseUser,
    role: str,
    today: datetime.date,
) -> None:
    """On a locked process."""
    made = Evidence.objects.create(
        process=process,
        number=process.step,
        attempt=process.attempt,
        event=event,
        document=document,
        added_at=moment(today),
    )
    row = Evidence.objects.select_related("event", "document").get(pk=made.pk)
    record(process, LogEntry.Kind.EVIDENCE_ADDED, by=by, role=role, today=today, about=row.words)


@transaction.atomic
def withdraw_evidence(
    process: Process,
    was: Seen,
    *,
    evidence: int,
    reason: str,
    by: AbstractBaseUser,
    role: str = "",
    today: datetime.date,
) -> Process:
    """Take back what was chosen by mistake, while its step is under way. The row is kept."""
    process = lock(process, was)
    row = process.evidence.select_related("event", "document").filter(pk=evidence).first()
    if row is None or (row.number, row.attempt) != (process.step, process.attempt):
        raise TransitionError(_("Only evidence of the step under way can be withdrawn."))
    if row.withdrawn_at:
        raise AlreadyDone
    if not reason.strip():
        raise TransitionError(_("Say why it is withdrawn."))
    row.withdrawn_at = moment(today)
    row.save(update_fields=["withdrawn_at"])
    record(
        process,
        LogEntry.Kind.EVIDENCE_WITHDRAWN,
        by=by,
        role=role,
        today=today,
        about=row.words,
        reason=reason,
    )
    return process
