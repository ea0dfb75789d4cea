"""Where a requirement is mended when that is not a form on the process's own staff page."""

import datetime
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programs.models import Document, Event, Group
from revisions.models import Evidence, Process
from revisions.requirements.facts import events, has_notes
from revisions.requirements.standing import Place

# What kind of event a step is about: what the form for a new one starts with.
SUGGESTED = {
    "dialogue-meeting": Event.Kind.DIALOGUE_MEETING,
    "youth-activity": Event.Kind.YOUTH_ACTIVITY,
    "groundwork": Event.Kind.WORKSHOP,
    "public-meeting": Event.Kind.PUBLIC_ASSEMBLY,
    "initiate": Event.Kind.PUBLIC_ASSEMBLY,
    "carry-out": Event.Kind.FOLLOW_UP,
}


def new(model: str, **about: object) -> str:
    """The staff page that adds one, with what is known already filled in."""
    known = urlencode({name: value for name, value in about.items() if value})
    return f"{reverse(f'admin:programs_{model}_add')}?{known}"


def event_to_add(process: Process) -> str:
    kind = SUGGESTED.get(process.current.slug, "") if process.current else ""
    program = process.program
    return new("event", program=program.pk, locality=program.locality_id, kind=kind)


def document_to_add(process: Process) -> str:
    return new("document", program=process.program_id)


def notes_of(
    kinds: tuple[str, ...], process: Process, today: datetime.date, *, open_to_all: bool
) -> Place | None:
    """The connected event that has been held and has no notes; else as for any event."""
    for event in events(process, kinds, today):
        if (event.open_to_all or not open_to_all) and not has_notes(event):
            url = reverse("admin:programs_event_change", args=[event.pk])
            return Place(f"{url}#id_notes", _("Write the notes"))
    return meeting(process, today)


def events_to_connect(process: Process) -> QuerySet[Event]:
    """The program's and its place's, without those that are shown already; latest first."""
    program = process.program
    ours = Q(program=program) | Q(program=None, locality=program.locality_id)
    shown = Evidence.objects.of_step_under_way(process).exclude(event=None)
    return Event.objects.filter(ours).exclude(pk__in=shown.values("event")).order_by("-date", "-pk")


def documents_to_connect(process: Process) -> QuerySet[Document]:
    program = process.program
    ours = Q(program=program) | Q(program=None, locality=program.locality_id)
    shown = Evidence.objects.of_step_under_way(process).exclude(document=None)
    return (
        Document.objects.public()
        .filter(ours | Q(event__program=program))
        .exclude(pk__in=shown.values("document"))
        .order_by("-pk")
    )


def meeting(process: Process, _today: datetime.date) -> Place | None:
    """A new one where there is none on the portal to connect."""
    if events_to_connect(process).exists():
        return None
    return Place(event_to_add(process), _("Add an event"))


def draft(process: Process, _today: datetime.date) -> Place | None:
    """The draft when it is begun; else the process's page, where it begins."""
    if process.draft is None:
        return None
    return Place(reverse("revisions_staff:draft", args=[process.pk]), _("Write the draft"))


def text_first(process: Process, today: datetime.date) -> Place | None:
    """What is about the text is recorded on the process's page once there is one."""
    if process.draft and process.draft.clauses.exists():
        return None
    page = reverse("revisions_staff:process", args=[process.pk])
    return draft(process, today) or Place(f"{page}#draft", _("Begin the draft"))


def approval(process: Process, _today: datetime.date) -> Place:
    return Place(reverse("revisions_staff:approval", args=[process.pk]), _("See who has approved"))


def comments_to_answer(process: Process, _today: datetime.date) -> Place:
    url = reverse("revisions_staff:comments", args=[process.pk])
    return Place(f"{url}?visa=answer", _("Answer the comments"))


def local_body_to_add(process: Process, _today: datetime.date) -> Place:
    return Place(new("localbody", locality=process.program.locality_id), _("Add a local body"))


def working_group_to_add(process: Process, _today: datetime.date) -> Place:
    url = new("group", program=process.program_id, kind=Group.Kind.WORKING)
    return Place(url, _("Add a working group"))
