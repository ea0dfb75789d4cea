"""What shows what a step came to."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from programs.models import Document, Event
from revisions.models import Evidence, Process
from revisions.workflow.base import Seen, lock, moment
from revisions.workflow.errors import TransitionError


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
