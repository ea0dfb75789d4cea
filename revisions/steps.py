"""The steps of every kind of process, in order. Pure data: imports nothing of ours.

Sources: Halmstad's description of how programs are created and revised, and Flen's four phases
of local development. `docs/glossary.md` has the Swedish terms.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    CREATION = "creation", _("creation")
    REVISION = "revision", _("revision")
    LOCAL_DEVELOPMENT = "local_development", _("local development")


@dataclass(frozen=True, slots=True)
class Step:
    """One station.

    `requires` names what must be met to pass it: each name is a key of
    `revisions.requirements.REQUIREMENTS`. `opens` is what the public can do there.
    `months` is how long it usually takes, as (shortest, longest), where known.
    """

    slug: str
    title: Promise
    who: Promise
    explanation: Promise
    requires: tuple[str, ...] = ()
    opens: str = ""
    months: tuple[int, int] | None = None


CREATION = (
    Step(
        "project-description",
        _("Project description"),
        _("The project leader"),
        _(
            "The project leader writes down why the place needs a program, who takes part and "
            "when it should be done."
        ),
        requires=("project_description_published",),
    ),
    Step(
        "groundwork",
        _("Groundwork"),
        _("The project leader with residents and associations"),
        _(
            "Interviews, workshops and other activities gather what people know about the place "
            "and what they wish for."
        ),
        requires=("groundwork_held",),
    ),
    Step(
        "compilation",
        _("Compilation"),
        _("The project leader"),
        _("Everything that came in is put together into a first proposal for a program."),
        requires=("draft_exists",),
    ),
    Step(
        "reference-group",
        _("The reference group gives its remarks"),
        _("Officials from the municipality's departments"),
        _(
            "Those who know schools, streets, care and planning read the proposal and say what "
            "is possible."
        ),
        requires=("reference_group_statement",),
    ),
    Step(
        "public-meeting",
        _("Public meeting on the draft"),
        _("Everyone"),
        _("The draft is shown at an open meeting, where anyone may say what should change."),
        requires=(
            "draft_published",
            "comment_period_closed",
            "channels_entered",
            "draft_meeting_held",
            "comments_answered",
        ),
        opens="comments",
    ),
    Step(
        "decision",
        _("Political decision"),
        _("The deciding body"),
        _("The program is adopted. From then on it guides the work in the place."),
        requires=("decision_adopts",),
    ),
)

REVISION = (
    Step(
        "dialogue-meeting",
        _("Open dialogue meeting"),
        _("The project leader invites"),
        _("The revision starts with a meeting that is open to all. The notes are published."),
        requires=("dialogue_meeting_held", "dialogue_notes_published"),
    ),
    Step(
        "youth-activity",
        _("Activity for young people"),
        _("The project leader with a school or a club"),
        _(
            "Young people say what they think in a way that suits them. The result is published "
            "for the group, and nobody is named."
        ),
        requires=("youth_activity_held", "youth_result_published"),
    ),
    Step(
        "compilation",
        _("The result is compiled"),
        _("The project leader and the community association"),
        _("What came up is put together in a compilation that everyone can read."),
        requires=("compilation_published",),
    ),
    Step(
        "anchoring",
        _("The association anchors and informs"),
        _("The board of the community association"),
        _("The board takes a stand on the result and tells its members that work has begun."),
        requires=("anchored",),
    ),
    Step(
        "comments",
        _("Everyone can comment"),
        _("Everyone"),
        _(
            "Read the program of today piece by piece and say what should stay, change or go – "
            "on the web, on paper, by telephone or at the association's annual meeting."
        ),
        requires=("comment_period_closed", "channels_entered"),
        opens="comments",
    ),
    Step(
        "draft",
        _("A draft is written"),
        _("The project leader with the working group; the association gives its view"),
        _(
            "The draft is published with its changes marked. Every comment gets an answer, and "
            "at each change you see what it builds on."
        ),
        requires=("draft_exists", "draft_published", "comments_answered", "association_statement"),
    ),
    Step(
        "approval",
        _("The steering group approves"),
        _("The steering group"),
        _("Politicians and representatives of the residents approve exactly this text."),
        requires=("approval_rule_met",),
    ),
    Step(
        "information",
        _("Information to the departments"),
        _("The municipality's planning organisation"),
        _(
            "The draft is presented as an information item, so that it is known in the whole "
            "organisation before the decision."
        ),
        requires=("information_recorded",),
    ),
    Step(
        "decision",
        _("The decision is made"),
        _("The deciding body"),
        _("The draft is adopted, sent back for more work, or rejected."),
        requires=("decision_adopts",),
    ),
)

LOCAL_DEVELOPMENT = (
    Step(
        "mobilise",
        _("Mobilise"),
        _("The municipality supports those who are active in the place"),
        _("Local forces find each other and agree on how to work together."),
        months=(0, 12),
        requires=("local_body_exists",),
    ),
    Step(
        "initiate",
        _("Initiate: vision and plan"),
        _("Residents, associations and officials in working groups"),
        _(
            "Big meetings and working groups analyse, choose what matters most and write a "
            "vision with a plan. Small measures can be carried out right away."
        ),
        months=(12, 16),
        requires=("big_meeting_held", "working_groups_exist", "plan_adopted"),
    ),
    Step(
        "carry-out",
        _("Carry out"),
        _("The municipality's boards, associations and companies"),
        _(
            "The measures enter the operational plans and are carried out. Big meetings follow "
            "up what has been done."
        ),
        months=(36, 60),
        requires=("follow_up_held",),
    ),
    Step(
        "conclude",
        _("Conclude"),
        _("The municipality and the local body"),
        _("The plan is evaluated, and the next one is prepared."),
        months=(6, 12),
        requires=("evaluation_published",),
    ),
)

STEPS: dict[str, tuple[Step, ...]] = {
    Kind.CREATION: CREATION,
    Kind.REVISION: REVISION,
    Kind.LOCAL_DEVELOPMENT: LOCAL_DEVELOPMENT,
}
