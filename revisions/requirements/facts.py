"""Facts about one process that its requirements ask for."""

import datetime
from collections.abc import Callable

from django.db.models import Q

from programs.models import Channel, Document, Edition, Event, Group
from revisions.approval import approval_of
from revisions.models import Comment, Evidence, Process

Check = Callable[[Process, datetime.date], bool]

# Comments on the web enter themselves; for the others someone says that all is in.
CHANNELS_TO_ENTER = (Channel.MEETING, Channel.ASSOCIATION, Channel.PAPER, Channel.PHONE)
DIALOGUE = (Event.Kind.DIALOGUE_MEETING, Event.Kind.PUBLIC_ASSEMBLY)
GROUNDWORK = (
    Event.Kind.INTERVIEWS,
    Event.Kind.WORKSHOP,
    Event.Kind.SURVEY,
    Event.Kind.DIALOGUE_MEETING,
    Event.Kind.PUBLIC_ASSEMBLY,
    Event.Kind.YOUTH_ACTIVITY,
    Event.Kind.COMMUNITY_ACTIVITY,
)

# Groups that show nothing of local forces.
MUNICIPALITYS_OWN = (
    Group.Kind.STEERING,
    Group.Kind.PROJECT_TEAM,
    Group.Kind.REFERENCE,
    Group.Kind.ADMINISTRATION,
)


def events(process: Process, kinds: tuple, today: datetime.date) -> list[Event]:
    """Evidence of the step under way that has happened and was open to all who were meant."""
    return [
        evidence.event
        for evidence in Evidence.objects.of_step_under_way(process)
        .filter(event__kind__in=kinds, event__is_cancelled=False)
        .select_related("event")
        if evidence.event.date.first <= today
    ]


def documents(process: Process, *kinds: str) -> bool:
    """A document of the kind that can be read (a file or a link), as evidence of the step."""
    return (
        Evidence.objects.of_step_under_way(process)
        .filter(document__kind__in=kinds)
        .exclude(document__file="", document__url="")
        .exists()
    )


def has_notes(event: Event) -> bool:
    published = Document.objects.filter(event=event).exclude(file="", url="")
    return bool(event.notes.strip()) or published.exists()


def held(kinds: tuple, *, open_to_all: bool = False) -> Check:
    def check(process: Process, today: datetime.date) -> bool:
        found = events(process, kinds, today)
        return any(event.open_to_all or not open_to_all for event in found)

    return check


def noted(kinds: tuple, *, open_to_all: bool = False) -> Check:
    def check(process: Process, today: datetime.date) -> bool:
        found = events(process, kinds, today)
        return any(has_notes(event) and (event.open_to_all or not open_to_all) for event in found)

    return check


def published(*kinds: str) -> Check:
    return lambda process, _today: documents(process, *kinds)


def comment_period_closed(process: Process, today: datetime.date) -> bool:
    return process.comments_close_on is not None and process.comments_close_on < today


def channels_left(process: Process) -> list[Channel]:
    """Those that nobody has said are entered, in the order they are asked for."""
    entered = set(
        process.channels_entered.filter(attempt=process.attempt).values_list("channel", flat=True)
    )
    return [channel for channel in CHANNELS_TO_ENTER if channel not in entered]


def channels_entered(process: Process, _today: datetime.date) -> bool:
    return not channels_left(process)


def comments_answered(process: Process, _today: datetime.date) -> bool:
    return not Comment.objects.filter(process=process).needing_answer().exists()


def draft_exists(process: Process, _today: datetime.date) -> bool:
    return process.draft is not None and process.draft.clauses.exists()


def statement_given(body: str) -> Check:
    def check(process: Process, _today: datetime.date) -> bool:
        return process.statements.filter(body=body, attempt=process.attempt).exists()

    return check


def local_body_exists(process: Process, today: datetime.date) -> bool:
    place = process.program.locality
    return (
        place.local_bodies.filter(ended__isnull=True).exists()
        or Group.objects.filter(Q(locality=place) | Q(program=process.program), ended__isnull=True)
        .exclude(kind__in=MUNICIPALITYS_OWN)
        .exists()
    )


def working_groups_exist(process: Process, _today: datetime.date) -> bool:
    kinds = [Group.Kind.WORKING, Group.Kind.VISION, Group.Kind.COORDINATION]
    return process.program.groups.filter(kind__in=kinds, ended__isnull=True).exists()


def plan_adopted(process: Process, _today: datetime.date) -> bool:
    """The plan of this round, that is: an older one in force does not count."""
    return process.draft is not None and process.draft.state in Edition.IN_FORCE_ONCE


def approved(process: Process, today: datetime.date) -> bool:
    """An empty text is nothing to approve."""
    return draft_exists(process, today) and approval_of(process, today).is_met
