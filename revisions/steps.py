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
    """One station. `months` is how long it usually takes, as (shortest, longest), where known."""

    slug: str
    title: Promise
    who: Promise
    explanation: Promise
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
    ),
    Step(
        "groundwork",
        _("Groundwork"),
        _("The project leader with residents and associations"),
        _(
            "Interviews, workshops and other activities gather what people know about the place "
            "and what they wish for."
        ),
    ),
    Step(
        "compilation",
        _("Compilation"),
        _("The project leader"),
        _("Everything that came in is put together into a first proposal for a program."),
    ),
    Step(
        "reference-group",
        _("The reference group gives its remarks"),
        _("Officials from the municipality's departments"),
        _(
            "Those who know schools, streets, care and planning read the proposal and say what "
            "is possible."
        ),
    ),
    Step(
        "public-meeting",
        _("Public meeting on the draft"),
        _("Everyone"),
        _("The draft is shown at an open meeting, where anyone may say what should change."),
    ),
    Step(
        "decision",
        _("Political decision"),
        _("The deciding body"),
        _("The program is adopted. From then on it guides the work in the place."),
    ),
)

REVISION = (
    Step(
        "dialogue-meeting",
        _("Open dialogue meeting"),
        _("The project leader invites"),
        _("The revision starts with a meeting that is open to all. The notes are published."),
    ),
    Step(
        "youth-activity",
        _("Activity for young people"),
        _("The project leader with a school or a club"),
        _(
            "Young people say what they think in a way that suits them. The result is published "
            "for the group, and nobody is named."
        ),
    ),
    Step(
        "compilation",
        _("The result is compiled"),
        _("The project leader and the community association"),
        _("What came up is put together in a compilation that everyone can read."),
    ),
    Step(
        "anchoring",
        _("The association anchors and informs"),
        _("The board of the community association"),
        _("The board takes a stand on the result and tells its members that work has begun."),
    ),
    Step(
        "comments",
        _("Everyone can comment"),
        _("Everyone"),
        _(
            "Read the program of today piece by piece and say what should stay, change or go – "
            "on the web, on paper, by telephone or at the association's annual meeting."
        ),
    ),
    Step(
        "draft",
        _("A draft is written"),
        _("The project leader with the working group; the association gives its view"),
        _(
            "The draft is published with its changes marked. Every comment gets an answer, and "
            "at each change you see what it builds on."
        ),
    ),
    Step(
        "approval",
        _("The steering group approves"),
        _("The steering group"),
        _("Politicians and representatives of the residents approve exactly this text."),
    ),
    Step(
        "information",
        _("Information to the departments"),
        _("The municipality's planning organisation"),
        _(
            "The draft is presented as an information item, so that it is known in the whole "
            "organisation before the decision."
        ),
    ),
    Step(
        "decision",
        _("The decision is made"),
        _("The deciding body"),
        _("The draft is adopted, sent back for more work, or rejected."),
    ),
)

LOCAL_DEVELOPMENT = (
    Step(
        "mobilise",
        _("Mobilise"),
        _("The municipality supports those who are active in the place"),
        _("Local forces find each other and agree on how to work together."),
        (0, 12),
    ),
    Step(
        "initiate",
        _("Initiate: vision and plan"),
        _("Residents, associations and officials in working groups"),
        _(
            "Big meetings and working groups analyse, choose what matters most and write a "
            "vision with a plan. Small measures can be carried out right away."
        ),
        (12, 16),
    ),
    Step(
        "carry-out",
        _("Carry out"),
        _("The municipality's boards, associations and companies"),
        _(
            "The measures enter the operational plans and are carried out. Big meetings follow "
            "up what has been done."
        ),
        (36, 60),
    ),
    Step(
        "conclude",
        _("Conclude"),
        _("The municipality and the local body"),
        _("The plan is evaluated, and the next one is prepared."),
        (6, 12),
    ),
)

STEPS: dict[str, tuple[Step, ...]] = {
    Kind.CREATION: CREATION,
    Kind.REVISION: REVISION,
    Kind.LOCAL_DEVELOPMENT: LOCAL_DEVELOPMENT,
}
