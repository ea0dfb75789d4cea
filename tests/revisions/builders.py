"""Processes brought to a step through the engine's own transitions."""

import contextlib
import datetime
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction

from programs.models import (
    Channel,
    Decision,
    Document,
    Edition,
    Event,
    Group,
    Membership,
    Outcome,
    VoiceState,
)
from revisions import drafting, workflow
from revisions.approval import voting_members
from revisions.digest import digest_of
from revisions.models import Comment, LogEntry, Process, Statement
from revisions.replay import Position, position, replay
from revisions.requirements import channels_left
from revisions.steps import STEPS, Kind
from tests import factories

TODAY = datetime.date(2026, 5, 4)
YESTERDAY = TODAY - datetime.timedelta(days=1)
TOMORROW = TODAY + datetime.timedelta(days=1)
Capacity = Membership.Capacity

TEXT = [
    {"level": 0, "heading": "En by vid ån", "slug": "vision"},
    {"level": 1, "heading": "Bygga och bo", "slug": "bygga"},
    {"level": 2, "heading": "Fler bostäder", "slug": "bostader"},
    {"level": 3, "text": "Bygg vid stationen.", "slug": "stationen"},
    {"level": 3, "text": "Bygg i hamnen.", "slug": "hamnen"},
    {"level": 2, "heading": "Trygga vägar", "slug": "vagar"},
    {"level": 1, "heading": "Natur", "slug": "natur"},
    {"level": 2, "heading": "Rent vatten", "slug": "vatten"},
]


def make_program(kind: str = Kind.REVISION, **fields: Any) -> Any:
    """A program that the kind of process fits, with a steering group of two who can sign in."""
    program = factories.make_program(**fields)
    if kind == Kind.REVISION:
        factories.make_edition(program=program, state=Edition.State.ADOPTED, clauses=TEXT)
    add_seat(program, Capacity.POLITICIAN)
    add_seat(program, Capacity.RESIDENT)
    return program


def add_seat(
    program: Any, capacity: str, kind: str = Group.Kind.STEERING, **fields: Any
) -> Membership:
    group = program.groups.filter(kind=kind).first() or factories.make_group(
        program=program, kind=kind
    )
    fields.setdefault("user", None if "user" in fields else factories.make_user())
    return factories.make_membership(group=group, capacity=capacity, **fields)


def act(process: Process, transition: Callable, **fields: Any) -> Any:
    """Call the transition as someone who has just read the page; fills in what is not given."""
    given = {"was": None, "by": None, "today": TODAY} | fields
    fresh = Process.objects.get(pk=process.pk)
    given["was"] = given["was"] or workflow.seen(fresh)
    given["by"] = given["by"] or leader()
    names = inspect.signature(transition).parameters
    return transition(process, **{name: given[name] for name in names if name in given})


def leader() -> Any:
    found = factories.get_user_model().objects.filter(name="Projektledare").first()
    return found or factories.make_user(name="Projektledare")


def because(reason: str = "Många bad om det.", **fields: Any) -> drafting.Because:
    return drafting.Because(**{"by": leader(), "reason": reason, "today": TODAY} | fields)


def write(process: Process, transition: Callable, clause: Any = None, **fields: Any) -> Any:
    """Change the draft; the wordings seen are those that stand there now."""
    fields.setdefault("because", because())
    if clause is not None:
        clause.refresh_from_db()
        fields |= {"clause_id": clause.pk} | {
            "saw": fields.get("saw", drafting.fingerprint(clause))
        }
    return act(process, transition, **fields)


def edit(process: Process, clause: Any = None, **fields: Any) -> Any:
    clause = clause or process_draft(process).clauses.first()
    given = {"heading": clause.heading, "text": clause.text + " Och mer."} | fields
    return write(process, drafting.edit_clause, clause, **given)


def process_draft(process: Process) -> Edition:
    return Process.objects.get(pk=process.pk).draft


def start(kind: str = Kind.REVISION, program: Any = None) -> Process:
    program = program or make_program(kind)
    return workflow.start(program, kind, by=leader(), today=TODAY)


def at(slug: str, kind: str = Kind.REVISION, program: Any = None) -> Process:
    """A process whose step under way is `slug`, with everything before it done for real."""
    process = start(kind, program)
    while process.current.slug != slug:
        process = pass_on(process)
    return process


def placed_at(slug: str) -> Process:
    """A revision with a draft that everyone can read, put in its step by hand.

    For tests of what happens there: the way is tested elsewhere, and takes long.
    """
    process = start()
    process.step = number_of(Kind.REVISION, "draft")
    process.save()
    begin(process)
    publish(process)
    process.refresh_from_db()
    process.step = number_of(Kind.REVISION, slug)
    process.save()
    return process


def walk(kind: str) -> Iterator[Process]:
    """A process at each of its steps in turn. Look at it in a `sandbox`, or change its way."""
    process = start(kind)
    while process.is_open:
        yield Process.objects.get(pk=process.pk)
        process = pass_on(process)


def pass_on(process: Process) -> Process:
    """Meet all that the step asks for and leave it behind, by decision where one is due."""
    process.refresh_from_db()
    step, attempt = process.step, process.attempt
    for key in process.current.requires:
        meet(process, key)
    process.refresh_from_db()
    if process.is_open and (process.step, process.attempt) == (step, attempt):
        process = act(process, workflow.pass_step)
    return process


def finished(kind: str = Kind.REVISION, program: Any = None) -> Process:
    process = start(kind, program)
    while process.is_open:
        process = pass_on(process)
    return process


def meet(process: Process, key: str) -> None:
    """Do what the requirement asks for, with real objects and real transitions."""
    MEET[key](process)


def show(process: Process, kind: str, **fields: Any) -> Event:
    event = factories.make_event(
        **{"program": process.program, "kind": kind, "date": YESTERDAY, "notes": "Vi sa mycket."}
        | fields
    )
    act(process, workflow.add_evidence, event=event)
    return event


def make_meeting(process: Process, **fields: Any) -> Event:
    """A minuted meeting of the steering group, read back from the database."""
    given = {
        "program": process.program,
        "kind": Kinds.STEERING_GROUP_MEETING,
        "date": TODAY,
        "notes": "Vi sade ja.",
    }
    return Event.objects.get(pk=factories.make_event(**given | fields).pk)


def show_document(process: Process, kind: str, **fields: Any) -> Document:
    document = factories.make_document(program=process.program, kind=kind, **fields)
    act(process, workflow.add_evidence, document=document)
    return document


def anchor(process: Process, **fields: Any) -> Process:
    given = {"board_on": YESTERDAY, "members_informed_on": TODAY, "by_representative": True}
    return act(process, workflow.anchor, **given | fields)


def hold_comments(process: Process, **fields: Any) -> Process:
    """A period that is over today."""
    given = {"opens_on": YESTERDAY, "closes_on": YESTERDAY, "today": YESTERDAY}
    return act(process, workflow.open_comments, **given | fields)


def enter_channels(process: Process) -> None:
    for channel in channels_left(Process.objects.get(pk=process.pk)):
        act(process, workflow.enter_channel, channel=channel)


def comment(process: Process, **fields: Any) -> Comment:
    edition = process.base or process.draft
    return Comment.objects.create(
        **{
            "process": process,
            "edition": edition,
            "text": "Bygg en lekplats.",
            "channel": Channel.WEB,
            "state": VoiceState.PUBLISHED,
        }
        | fields
    )


def answer_all(process: Process) -> None:
    process.comments.needing_answer().update(outcome=Outcome.NO, reply="Nej, för ån är djup.")


def begin(process: Process) -> Edition:
    """A draft that says something, also where there is no text to start from."""
    process.refresh_from_db()
    if not process.draft or process.draft.state != Edition.State.DRAFT:
        act(process, drafting.begin_draft)
    if not process_draft(process).clauses.exists():
        write(process, drafting.add_clause, after=None, level=1, heading="Torget", text="Grönt.")
    return process_draft(process)


def publish(process: Process) -> None:
    process.refresh_from_db()
    if not process.draft_published_at:
        act(process, workflow.publish_draft)


def state(process: Process, body: str = Statement.Body.ASSOCIATION, **fields: Any) -> Process:
    given = {"body": body, "text": "Vi är nöjda.", "by_representative": True}
    return act(process, workflow.give_statement, **given | fields)


def approve(process: Process, seat: Membership, **fields: Any) -> Process:
    given = {
        "membership": seat,
        "digest": digest_of(process_draft(process)),
        "is_approved": True,
        "by": seat.user,
    }
    return act(process, workflow.take_stand, **given | fields)


def approve_all(process: Process) -> None:
    process.refresh_from_db()
    standing = digest_of(process.draft)
    for seat in voting_members(process, TODAY):
        taken = process.approvals.filter(
            membership=seat, attempt=process.attempt, digest=standing
        ).exists()
        if seat.user and not taken:
            approve(process, seat)


def inform(process: Process, **fields: Any) -> Process:
    given = {"presented_on": TODAY, "body": "Samhällsbyggnad", "case_number": "KS 2026/7"}
    return act(process, workflow.record_information, **given | fields)


def make_decision(outcome: str = Decision.Outcome.ADOPTED, **fields: Any) -> Decision:
    given = {"title": "Beslut", "decided": TODAY, "section": "112", "case_number": "KS 2026/7"}
    return Decision(outcome=outcome, **given | fields)


def decide(process: Process, outcome: str = Decision.Outcome.ADOPTED, **fields: Any) -> Process:
    return act(process, workflow.record_decision, **{"decision": make_decision(outcome)} | fields)


def send_back(
    process: Process, to_step: int, reason: str = "Mer behövs.", **fields: Any
) -> Process:
    return act(process, workflow.send_back, to_step=to_step, reason=reason, **fields)


def abort(process: Process, reason: str = "Kommunen delas.", **fields: Any) -> Process:
    return act(process, workflow.abort, reason=reason, **fields)


Kinds = Event.Kind
MEET: dict[str, Callable[[Process], Any]] = {
    "dialogue_meeting_held": lambda process: show(process, Kinds.DIALOGUE_MEETING),
    "dialogue_notes_published": lambda process: show(process, Kinds.DIALOGUE_MEETING),
    "youth_activity_held": lambda process: show(process, Kinds.YOUTH_ACTIVITY),
    "youth_result_published": lambda process: show(process, Kinds.YOUTH_ACTIVITY),
    "compilation_published": lambda process: show_document(process, Document.Kind.COMPILATION),
    "anchored": anchor,
    "comment_period_closed": hold_comments,
    "channels_entered": enter_channels,
    "comments_answered": answer_all,
    "draft_exists": begin,
    "draft_published": publish,
    "association_statement": state,
    "reference_group_statement": lambda process: state(process, Statement.Body.REFERENCE_GROUP),
    "approval_rule_met": approve_all,
    "information_recorded": inform,
    "decision_adopts": decide,
    "project_description_published": lambda process: show_document(
        process, Document.Kind.PROJECT_DESCRIPTION
    ),
    "groundwork_held": lambda process: show(process, Kinds.INTERVIEWS),
    "draft_meeting_held": lambda process: show(process, Kinds.PUBLIC_ASSEMBLY),
    "local_body_exists": lambda process: factories.make_local_body(
        locality=process.program.locality
    ),
    "big_meeting_held": lambda process: show(process, Kinds.PUBLIC_ASSEMBLY),
    "working_groups_exist": lambda process: factories.make_group(program=process.program),
    "plan_adopted": lambda process: (begin(process), decide(process)),
    "follow_up_held": lambda process: show(process, Kinds.FOLLOW_UP),
    "evaluation_published": lambda process: show_document(process, Document.Kind.EVALUATION),
}


def standing_of(process: Process) -> Position:
    return position(Process.objects.get(pk=process.pk))


def replayed(process: Process) -> Position:
    return replay(process.log.all())


def log_kinds(process: Process) -> list[str]:
    return list(process.log.values_list("kind", flat=True))


def last_entry(process: Process) -> LogEntry:
    return process.log.last()


def number_of(kind: str, slug: str) -> int:
    return [step.slug for step in STEPS[kind]].index(slug) + 1


@contextlib.contextmanager
def sandbox() -> Iterator[None]:
    """What happens inside leaves no trace: for Hypothesis, which runs a test many times."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
