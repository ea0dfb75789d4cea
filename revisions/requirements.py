"""What must be met before a step is passed, and where it is mended."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.models import Channel, Document, Edition, Event, Group
from revisions.approval import approval_of
from revisions.models import Comment, Process, Statement

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


@dataclass(frozen=True, slots=True)
class Requirement:
    """`words` says what must be so; `mend` names the part of the staff page that mends it."""

    key: str
    words: Promise
    check: Check
    mend: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A requirement as it stands for one process today."""

    requirement: Requirement
    is_met: bool
    url: str

    @property
    def words(self) -> Promise:
        return self.requirement.words


def standings(process: Process, today: datetime.date) -> list[Standing]:
    """Every requirement of the step under way, in the order of the step's definition."""
    if not process.current:
        return []
    page = reverse("revisions_staff:process", args=[process.pk])
    return [
        Standing(requirement, requirement.check(process, today), f"{page}#{requirement.mend}")
        for requirement in (REQUIREMENTS[key] for key in process.current.requires)
    ]


def missing(process: Process, today: datetime.date) -> list[Standing]:
    return [standing for standing in standings(process, today) if not standing.is_met]


# Facts about one process


def events(process: Process, kinds: tuple, today: datetime.date) -> list[Event]:
    """Evidence of the step under way that has happened and was open to all who were meant."""
    return [
        evidence.event
        for evidence in process.evidence.filter(
            number=process.step,
            attempt=process.attempt,
            event__kind__in=kinds,
            event__is_cancelled=False,
        ).select_related("event")
        if evidence.event.is_over(today) or evidence.event.date.first <= today
    ]


def documents(process: Process, *kinds: str) -> bool:
    """A document of the kind that can be read (a file or a link), as evidence of the step."""
    return (
        process.evidence.filter(
            number=process.step, attempt=process.attempt, document__kind__in=kinds
        )
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


def channels_entered(process: Process, _today: datetime.date) -> bool:
    entered = set(
        process.channels_entered.filter(attempt=process.attempt).values_list("channel", flat=True)
    )
    return entered >= set(CHANNELS_TO_ENTER)


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


REQUIREMENTS = {
    requirement.key: requirement
    for requirement in (
        Requirement(
            "dialogue_meeting_held",
            _("An open dialogue meeting has been held."),
            held(DIALOGUE, open_to_all=True),
            "evidence",
        ),
        Requirement(
            "dialogue_notes_published",
            _("The notes from the dialogue meeting are published."),
            noted(DIALOGUE, open_to_all=True),
            "evidence",
        ),
        Requirement(
            "youth_activity_held",
            _("An activity for young people has been held."),
            held((Event.Kind.YOUTH_ACTIVITY,)),
            "evidence",
        ),
        Requirement(
            "youth_result_published",
            _("Its result is published, for the group and without names."),
            noted((Event.Kind.YOUTH_ACTIVITY,)),
            "evidence",
        ),
        Requirement(
            "compilation_published",
            _("The compilation is published as a document."),
            published(Document.Kind.COMPILATION),
            "evidence",
        ),
        Requirement(
            "anchored",
            _("The association's board has anchored the result and informed its members."),
            lambda process, _today: process.anchorings.filter(attempt=process.attempt).exists(),
            "anchoring",
        ),
        Requirement(
            "comment_period_closed",
            _("The comment period has been set and is over."),
            comment_period_closed,
            "comment-period",
        ),
        Requirement(
            "channels_entered",
            _("All from meetings, the association, paper and telephone is entered."),
            channels_entered,
            "channels",
        ),
        Requirement(
            "comments_answered",
            _("Every comment has an answer with an outcome."),
            comments_answered,
            "comments",
        ),
        Requirement("draft_exists", _("There is a draft."), draft_exists, "draft"),
        Requirement(
            "draft_published",
            _("The draft is published with its changes marked."),
            lambda process, _today: process.draft_published_at is not None,
            "draft",
        ),
        Requirement(
            "association_statement",
            _("The association has given its statement, or its absence is noted."),
            statement_given(Statement.Body.ASSOCIATION),
            "statement",
        ),
        Requirement(
            "reference_group_statement",
            _("The reference group has given its remarks."),
            statement_given(Statement.Body.REFERENCE_GROUP),
            "statement",
        ),
        Requirement(
            "approval_rule_met",
            _("The steering group has approved exactly this text."),
            approved,
            "approval",
        ),
        Requirement(
            "information_recorded",
            _("The information item is recorded: date, body and case number."),
            lambda process, _today: process.information_items.filter(
                attempt=process.attempt
            ).exists(),
            "information",
        ),
        # Passed by recording the decision itself, never by the button.
        Requirement(
            "decision_adopts",
            _("The decision is recorded: date, § and case number."),
            lambda _process, _today: False,
            "decision",
        ),
        Requirement(
            "project_description_published",
            _("The project description is published as a document."),
            published(Document.Kind.PROJECT_DESCRIPTION),
            "evidence",
        ),
        Requirement(
            "groundwork_held",
            _("Interviews, a workshop or another activity has been held, with notes."),
            noted(GROUNDWORK),
            "evidence",
        ),
        Requirement(
            "draft_meeting_held",
            _("A public meeting on the draft has been held."),
            held((*DIALOGUE, Event.Kind.INFORMATION_MEETING), open_to_all=True),
            "evidence",
        ),
        Requirement(
            "local_body_exists",
            _("There is a local body or group to work with."),
            local_body_exists,
            "groups",
        ),
        Requirement(
            "big_meeting_held",
            _("A big meeting has been held, with notes."),
            noted((Event.Kind.PUBLIC_ASSEMBLY,)),
            "evidence",
        ),
        Requirement(
            "working_groups_exist",
            _("There are working groups."),
            working_groups_exist,
            "groups",
        ),
        Requirement("plan_adopted", _("The plan is adopted."), plan_adopted, "decision"),
        Requirement(
            "follow_up_held",
            _("The plan has been followed up at a meeting, with notes."),
            noted((Event.Kind.FOLLOW_UP, Event.Kind.PUBLIC_ASSEMBLY)),
            "evidence",
        ),
        Requirement(
            "evaluation_published",
            _("The evaluation is published as a document."),
            published(Document.Kind.EVALUATION),
            "evidence",
        ),
    )
}
