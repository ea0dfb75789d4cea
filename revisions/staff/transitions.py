"""What can be done in a process: each transition with its form, its words, and who may do it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.models import Decision, Edition
from revisions import drafting, workflow
from revisions.forms import TransitionForm
from revisions.models import Evidence, Process, Statement
from revisions.permissions import may_drive, may_speak_for_association, role_in_words, seat_of
from revisions.requirements import CHANNELS_TO_ENTER, Place, channels_left
from revisions.requirements.mending import document_to_add, event_to_add
from revisions.staff import forms
from revisions.steps import Kind

Act = Callable[[Process, TransitionForm, dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Transition:
    """`steps` are the slugs of the steps it belongs to; empty means any.

    `mends` is the part of the page that it stands in: the requirements that name that part are
    met by it. `again` are the words where something is recorded already, and is corrected.
    `by_association` are the steps of a revision where the association's representative may do
    it too.
    """

    form: type[TransitionForm]
    act: Act
    heading: Promise | str = ""
    verb: Promise | str = ""
    mends: str = ""
    steps: tuple[str, ...] = ()
    again: Promise | str = ""
    by_association: tuple[str, ...] = ()
    by_member: bool = False
    hint: Promise | str = ""
    links: Callable[[Process], list[Place]] = lambda _process: []
    is_possible: Callable[[Process], bool] = lambda _process: True

    def is_for(self, user: AbstractBaseUser, process: Process) -> bool:
        """Whether it is theirs to do at all, in this step or another."""
        if self.by_member:
            return seat_of(user, process, timezone.localdate()) is not None
        program = process.program
        return may_drive(user, program) or (
            bool(self.by_association) and may_speak_for_association(user, program)
        )

    def is_open_to(self, user: AbstractBaseUser, process: Process) -> bool:
        """Whether it belongs to the step under way, as far as that person is concerned."""
        if process.current is None or not self.is_for(user, process):
            return False
        slug = process.current.slug
        if self.steps and slug not in self.steps:
            return False
        return (
            self.by_member
            or may_drive(user, process.program)
            or (process.kind == Kind.REVISION and slug in self.by_association)
        )

    def do(self, process: Process, form: TransitionForm, shared: dict[str, Any]) -> None:
        """As the person in `shared`; refused with a TransitionError that says why."""
        is_current = process.is_open and form.seen == workflow.seen(process)
        if is_current and not self.is_open_to(shared["by"], process):
            raise workflow.TransitionError(_("This does not belong to the step under way."))
        self.act(process, form, shared)


def plainly(transition: Callable[..., object]) -> Act:
    """What was typed goes to the transition as it stands."""
    return lambda process, form, shared: transition(process, form.seen, **form.given, **shared)


def own_words(process: Process, shared: dict[str, Any]) -> bool:
    return may_speak_for_association(shared["by"], process.program)


def anchor(process: Process, form: TransitionForm, shared: dict[str, Any]) -> object:
    by_representative = own_words(process, shared)
    return workflow.anchor(
        process, form.seen, by_representative=by_representative, **form.given, **shared
    )


def enter_channels(process: Process, form: TransitionForm, shared: dict[str, Any]) -> object:
    with transaction.atomic():
        for channel in form.given["channel"]:
            workflow.enter_channel(process, form.seen, channel, **shared)
    return process


def publish_document(process: Process, form: forms.PaperForm, shared: dict[str, Any]) -> object:
    return workflow.publish_document(process, form.seen, document=form.document, **shared)


def statement(process: Process, form: TransitionForm, shared: dict[str, Any]) -> object:
    reference = process.current is not None and process.current.slug == "reference-group"
    body = Statement.Body.REFERENCE_GROUP if reference else Statement.Body.ASSOCIATION
    return workflow.give_statement(
        process,
        form.seen,
        body=body,
        by_representative=not reference and own_words(process, shared),
        **form.given,
        **shared,
    )


def decision(process: Process, form: TransitionForm, shared: dict[str, Any]) -> object:
    given = form.given
    to_step, reason = given.pop("to_step"), given.pop("reason")
    row = Decision(
        **given,
        title=f"{process.program}: {Decision.Outcome(given['outcome']).label}",
    )
    return workflow.record_decision(
        process, form.seen, decision=row, to_step=to_step, reason=reason, **shared
    )


def stand(is_approved: bool) -> Act:
    def act(process: Process, form: TransitionForm, shared: dict[str, Any]) -> object:
        seat = seat_of(shared["by"], process, shared["today"])
        shared = shared | {"role": role_in_words(shared["by"], process.program, seat)}
        return workflow.take_stand(
            process, form.seen, membership=seat, is_approved=is_approved, **form.given, **shared
        )

    return act


# Where one goes for what is not on the page


def to_add(process: Process) -> list[Place]:
    return [
        Place(event_to_add(process), _("Add an event")),
        Place(document_to_add(process), _("Add a document")),
    ]


def to_enter(process: Process) -> list[Place]:
    url = reverse("revisions_staff:enter_comment", args=[process.pk])
    return [Place(url, _("Enter from paper or telephone"))]


# Whether there is anything to do with a form where the process stands


def is_being_written(process: Process) -> bool:
    draft = process.draft
    return draft is not None and draft.state == Edition.State.DRAFT


def has_text(process: Process) -> bool:
    return is_being_written(process) and process.draft.clauses.exists()


def is_passed_by_hand(process: Process) -> bool:
    """Not by a decision."""
    return process.current is not None and "decision_adopts" not in process.current.requires


def has_evidence(process: Process) -> bool:
    return Evidence.objects.of_step_under_way(process).exists()


COMMENTING = ("comments", "public-meeting")
ON_BEHALF = _(
    "Its representative can record it. If you do, everyone can see that it was on its behalf."
)
# The association makes the compilation together with the project leader.
TOGETHER = ("compilation",)
TRANSITIONS: dict[str, Transition] = {
    "pass": Transition(forms.PassForm, plainly(workflow.pass_step), is_possible=is_passed_by_hand),
    "paper": Transition(
        forms.PaperForm,
        publish_document,
        _("Publish the document"),
        _("Publish"),
        mends="evidence",
        by_association=TOGETHER,
        is_possible=lambda process: bool(forms.kind_of_paper(process)),
    ),
    "evidence": Transition(
        forms.EvidenceForm,
        plainly(workflow.add_evidence),
        _("Connect an event or a document"),
        _("Connect"),
        mends="evidence",
        by_association=TOGETHER,
        links=to_add,
        is_possible=forms.has_something_to_connect,
    ),
    "anchor": Transition(
        forms.AnchorForm,
        anchor,
        _("Anchoring by the association"),
        _("Record the anchoring"),
        mends="anchoring",
        steps=("anchoring",),
        again=_("Correct the anchoring"),
        hint=ON_BEHALF,
        by_association=("anchoring",),
    ),
    "period": Transition(
        forms.PeriodForm,
        plainly(workflow.open_comments),
        _("The comment period"),
        _("Set the period"),
        mends="comment-period",
        steps=COMMENTING,
        again=_("Change the comment period"),
    ),
    "channel": Transition(
        forms.ChannelForm,
        enter_channels,
        _("Other channels"),
        _("All is entered"),
        mends="channels",
        steps=COMMENTING,
        hint=_("Enter what came in first. Then say that all of it is there."),
        links=to_enter,
        is_possible=lambda process: bool(channels_left(process)),
    ),
    "begin-draft": Transition(
        forms.DraftForm,
        plainly(drafting.begin_draft),
        _("Begin the draft"),
        _("Begin the draft"),
        mends="draft",
        steps=("draft", "compilation", "initiate"),
        hint=_("It begins with the text in force, if there is one. You publish it yourself later."),
        is_possible=lambda process: (
            not is_being_written(process)
            and process.current.slug == drafting.FIRST_WRITING_STEP[process.kind]
        ),
    ),
    "publish": Transition(
        forms.PublishForm,
        plainly(workflow.publish_draft),
        _("Publish the draft"),
        _("Publish the draft"),
        mends="draft",
        steps=("draft", "approval", "compilation", "reference-group", "public-meeting", "initiate"),
        is_possible=lambda process: has_text(process) and process.draft_published_at is None,
    ),
    "deadline": Transition(
        forms.DeadlineForm,
        plainly(workflow.set_statement_deadline),
        _("Last day for the association's statement"),
        _("Set the last day"),
        mends="deadline",
        steps=("draft",),
        hint=_("Once the day has passed you can note that no statement came in."),
        is_possible=lambda process: not process.statements.filter(attempt=process.attempt).exists(),
    ),
    "statement": Transition(
        forms.StatementForm,
        statement,
        _("Statement on the draft"),
        _("Record the statement"),
        mends="statement",
        steps=("draft", "reference-group"),
        again=_("Correct the statement"),
        hint=ON_BEHALF,
        by_association=("draft",),
        is_possible=has_text,
    ),
    "approve": Transition(
        forms.ApproveForm,
        stand(True),
        _("Change your mind: approve"),
        _("Approve the draft"),
        mends="approve",
        steps=("approval",),
        by_member=True,
    ),
    "ask": Transition(
        forms.StandForm,
        stand(False),
        _("Change your mind: ask for a change"),
        _("Ask for a change"),
        mends="ask",
        steps=("approval",),
        by_member=True,
    ),
    "minutes": Transition(
        forms.MinutesForm,
        plainly(workflow.minute_approval),
        _("Approved at a minuted meeting"),
        _("Record the approval"),
        mends="minutes",
        steps=("approval",),
        hint=_("Instead of the members' own approvals, when the meeting approved this very text."),
    ),
    "information": Transition(
        forms.InformationForm,
        plainly(workflow.record_information),
        _("Information item"),
        _("Record the information item"),
        mends="information",
        steps=("information",),
        again=_("Correct the information item"),
    ),
    "decision": Transition(
        forms.DecisionForm,
        decision,
        _("The decision"),
        _("Record the decision"),
        mends="decision",
        steps=("decision", "initiate"),
        is_possible=is_being_written,
    ),
    "withdraw": Transition(
        forms.WithdrawForm,
        plainly(workflow.withdraw_evidence),
        _("Withdraw evidence"),
        _("Withdraw"),
        mends="withdraw",
        by_association=TOGETHER,
        hint=_("The log keeps that it was connected, and why it was withdrawn."),
        is_possible=has_evidence,
    ),
    "reopen": Transition(
        forms.ReopenForm,
        plainly(workflow.reopen_channel),
        _("Reopen a channel"),
        _("Reopen"),
        mends="reopen",
        steps=COMMENTING,
        is_possible=lambda process: len(channels_left(process)) < len(CHANNELS_TO_ENTER),
    ),
    "back": Transition(
        forms.BackForm,
        plainly(workflow.send_back),
        _("Send back to an earlier step"),
        _("Send back"),
        mends="back",
        hint=_("Nothing recorded is lost. The steps from there on are done again."),
        is_possible=lambda process: bool(workflow.allowed_to_send_back(process)),
    ),
    "abort": Transition(
        forms.AbortForm,
        plainly(workflow.abort),
        _("End the process without a result"),
        _("End the process"),
        mends="abort",
        hint=_("What is recorded can still be read. The text in force stays in force."),
    ),
}
