"""Every requirement that a step can ask for, by its key."""

from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.models import Document, Event
from revisions.models import Statement
from revisions.requirements import facts, mending, progress
from revisions.requirements.facts import DIALOGUE, GROUNDWORK
from revisions.requirements.standing import Requirement


def event(
    key: str,
    words: Promise,
    *kinds: str,
    verb: Promise,
    open_to_all: bool = False,
    notes: bool = False,
) -> Requirement:
    """An event of one of the kinds has been held, and perhaps has notes that can be read."""
    check = facts.noted if notes else facts.held
    return Requirement(
        key,
        words,
        check(kinds, open_to_all=open_to_all),
        "evidence",
        verb,
        place=partial(mending.notes_of, kinds, open_to_all=open_to_all)
        if notes
        else mending.meeting,
        progress=partial(progress.of_events, kinds, open_to_all=open_to_all, notes=notes),
        event_kinds=kinds,
    )


def document(key: str, words: Promise, kind: str, *, verb: Promise) -> Requirement:
    """A document of the kind can be read."""
    return Requirement(
        key,
        words,
        facts.published(kind),
        "evidence",
        verb,
        progress=partial(progress.of_documents, kind),
        document_kinds=(kind,),
    )


REQUIREMENTS = {
    requirement.key: requirement
    for requirement in (
        event(
            "dialogue_meeting_held",
            _("An open dialogue meeting has been held."),
            *DIALOGUE,
            verb=_("Connect the meeting"),
            open_to_all=True,
        ),
        event(
            "dialogue_notes_published",
            _("The notes from the dialogue meeting are published."),
            *DIALOGUE,
            verb=_("Connect the meeting"),
            open_to_all=True,
            notes=True,
        ),
        event(
            "youth_activity_held",
            _("An activity for young people has been held."),
            Event.Kind.YOUTH_ACTIVITY,
            verb=_("Connect the activity"),
        ),
        event(
            "youth_result_published",
            _("Its result is published, for the group and without names."),
            Event.Kind.YOUTH_ACTIVITY,
            verb=_("Connect the activity"),
            notes=True,
        ),
        document(
            "compilation_published",
            _("The compilation is published as a document."),
            Document.Kind.COMPILATION,
            verb=_("Publish the compilation"),
        ),
        Requirement(
            "anchored",
            _("The association's board has anchored the result and informed its members."),
            lambda process, _today: process.anchorings.filter(attempt=process.attempt).exists(),
            "anchoring",
            _("Record the anchoring"),
        ),
        Requirement(
            "comment_period_closed",
            _("The comment period has been set and is over."),
            facts.comment_period_closed,
            "comment-period",
            _("Set the period"),
            progress=progress.period,
        ),
        Requirement(
            "channels_entered",
            _("All from meetings, the association, paper and telephone is entered."),
            facts.channels_entered,
            "channels",
            _("Enter what came in"),
            progress=progress.channels,
        ),
        Requirement(
            "comments_answered",
            _("Every comment has an answer with an outcome."),
            facts.comments_answered,
            "comments",
            _("Answer the comments"),
            place=mending.comments_to_answer,
            progress=progress.comments,
        ),
        Requirement(
            "draft_exists",
            _("There is a draft."),
            facts.draft_exists,
            "draft",
            _("Begin the draft"),
            place=mending.draft,
        ),
        Requirement(
            "draft_published",
            _("The draft is published with its changes marked."),
            lambda process, _today: process.draft_published_at is not None,
            "draft",
            _("Publish the draft"),
            place=mending.text_first,
        ),
        Requirement(
            "association_statement",
            _("The association has given its statement, or its absence is noted."),
            facts.statement_given(Statement.Body.ASSOCIATION),
            "statement",
            _("Record the statement"),
            place=mending.text_first,
            progress=progress.statement,
        ),
        Requirement(
            "reference_group_statement",
            _("The reference group has given its remarks."),
            facts.statement_given(Statement.Body.REFERENCE_GROUP),
            "statement",
            _("Record the remarks"),
            place=mending.text_first,
        ),
        Requirement(
            "approval_rule_met",
            _("The steering group has approved exactly this text."),
            facts.approved,
            "approval",
            _("See who has approved"),
            place=mending.approval,
            progress=progress.approval,
        ),
        Requirement(
            "information_recorded",
            _("The information item is recorded: date, body and case number."),
            lambda process, _today: process.information_items.filter(
                attempt=process.attempt
            ).exists(),
            "information",
            _("Record the information item"),
        ),
        # Passed by recording the decision itself, never by the button.
        Requirement(
            "decision_adopts",
            _("The decision is recorded: date, § and case number."),
            lambda _process, _today: False,
            "decision",
            _("Record the decision"),
        ),
        document(
            "project_description_published",
            _("The project description is published as a document."),
            Document.Kind.PROJECT_DESCRIPTION,
            verb=_("Publish the project description"),
        ),
        event(
            "groundwork_held",
            _("Interviews, a workshop or another activity has been held, with notes."),
            *GROUNDWORK,
            verb=_("Connect an activity"),
            notes=True,
        ),
        event(
            "draft_meeting_held",
            _("A public meeting on the draft has been held."),
            *DIALOGUE,
            Event.Kind.INFORMATION_MEETING,
            verb=_("Connect the meeting"),
            open_to_all=True,
        ),
        Requirement(
            "local_body_exists",
            _("There is a local body or group to work with."),
            facts.local_body_exists,
            "groups",
            _("Add a local body"),
            place=mending.local_body_to_add,
        ),
        event(
            "big_meeting_held",
            _("A big meeting has been held, with notes."),
            Event.Kind.PUBLIC_ASSEMBLY,
            verb=_("Connect the meeting"),
            notes=True,
        ),
        Requirement(
            "working_groups_exist",
            _("There are working groups."),
            facts.working_groups_exist,
            "groups",
            _("Add a working group"),
            place=mending.working_group_to_add,
        ),
        Requirement(
            "plan_adopted",
            _("The plan is adopted."),
            facts.plan_adopted,
            "decision",
            _("Record the decision"),
            place=mending.text_first,
        ),
        event(
            "follow_up_held",
            _("The plan has been followed up at a meeting, with notes."),
            Event.Kind.FOLLOW_UP,
            Event.Kind.PUBLIC_ASSEMBLY,
            verb=_("Connect the meeting"),
            notes=True,
        ),
        document(
            "evaluation_published",
            _("The evaluation is published as a document."),
            Document.Kind.EVALUATION,
            verb=_("Publish the evaluation"),
        ),
    )
}
