"""What can be done in a process: each transition with its form, and who may do it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from programs.models import Decision
from revisions import drafting, forms, workflow
from revisions.models import Process, Statement
from revisions.permissions import may_drive, may_speak_for_association, role_in_words, seat_of

Act = Callable[[Process, forms.TransitionForm, dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Transition:
    """`steps` are the slugs of the steps it belongs to; empty means any."""

    form: type[forms.TransitionForm]
    act: Act
    steps: tuple[str, ...] = ()
    by_association: bool = False
    by_member: bool = False

    def belongs_to(self, process: Process) -> bool:
        return process.current is not None and (
            not self.steps or process.current.slug in self.steps
        )

    def is_for(self, user: AbstractBaseUser, process: Process) -> bool:
        if self.by_member:
            return seat_of(user, process, timezone.localdate()) is not None
        program = process.program
        return may_drive(user, program) or (
            self.by_association and may_speak_for_association(user, program)
        )


def own_words(process: Process, shared: dict[str, Any]) -> bool:
    return may_speak_for_association(shared["by"], process.program)


def statement(process: Process, form: forms.TransitionForm, shared: dict[str, Any]) -> object:
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


def decision(process: Process, form: forms.TransitionForm, shared: dict[str, Any]) -> object:
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
    def act(process: Process, form: forms.TransitionForm, shared: dict[str, Any]) -> object:
        seat = seat_of(shared["by"], process, shared["today"])
        shared = shared | {"role": role_in_words(shared["by"], process.program, seat)}
        return workflow.take_stand(
            process, form.seen, membership=seat, is_approved=is_approved, **form.given, **shared
        )

    return act


COMMENTING = ("comments", "public-meeting")
TRANSITIONS: dict[str, Transition] = {
    "pass": Transition(
        forms.PassForm, lambda p, form, shared: workflow.pass_step(p, form.seen, **shared)
    ),
    "evidence": Transition(
        forms.EvidenceForm,
        lambda p, form, shared: workflow.add_evidence(
            p, form.seen, today=shared["today"], **form.given
        ),
    ),
    "anchor": Transition(
        forms.AnchorForm,
        lambda p, form, shared: workflow.anchor(
            p, form.seen, by_representative=own_words(p, shared), **form.given, **shared
        ),
        ("anchoring",),
        by_association=True,
    ),
    "period": Transition(
        forms.PeriodForm,
        lambda p, form, shared: workflow.open_comments(p, form.seen, **form.given, **shared),
        COMMENTING,
    ),
    "channel": Transition(
        forms.ChannelForm,
        lambda p, form, _shared: workflow.enter_channel(p, form.seen, **form.given),
        COMMENTING,
    ),
    "begin-draft": Transition(
        forms.DraftForm,
        lambda p, form, shared: drafting.begin_draft(p, form.seen, **shared),
        ("draft", "compilation", "initiate"),
    ),
    "publish": Transition(
        forms.PublishForm,
        lambda p, form, shared: workflow.publish_draft(p, form.seen, **shared),
        ("draft", "compilation", "reference-group", "public-meeting", "initiate"),
    ),
    "deadline": Transition(
        forms.DeadlineForm,
        lambda p, form, shared: workflow.set_statement_deadline(
            p, form.seen, today=shared["today"], **form.given
        ),
        ("draft",),
    ),
    "statement": Transition(
        forms.StatementForm, statement, ("draft", "reference-group"), by_association=True
    ),
    "approve": Transition(forms.StandForm, stand(True), ("approval",), by_member=True),
    "ask": Transition(forms.StandForm, stand(False), ("approval",), by_member=True),
    "minutes": Transition(
        forms.MinutesForm,
        lambda p, form, shared: workflow.minute_approval(p, form.seen, **form.given, **shared),
        ("approval",),
    ),
    "information": Transition(
        forms.InformationForm,
        lambda p, form, shared: workflow.record_information(p, form.seen, **form.given, **shared),
        ("information",),
    ),
    "decision": Transition(forms.DecisionForm, decision, ("decision", "initiate")),
    "back": Transition(
        forms.BackForm,
        lambda p, form, shared: workflow.send_back(p, form.seen, **form.given, **shared),
    ),
    "abort": Transition(
        forms.AbortForm,
        lambda p, form, shared: workflow.abort(p, form.seen, **form.given, **shared),
    ),
}
