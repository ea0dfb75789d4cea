"""Anything that anyone may do to a process, in any order: what must hold all the same."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from programs.models import Decision, Edition, Membership
from revisions import drafting, workflow
from revisions.digest import digest_of
from revisions.models import (
    Anchoring,
    Approval,
    ClauseChange,
    Comment,
    DraftVersion,
    Evidence,
    InformationItem,
    LogEntry,
    Process,
    Statement,
    StepRecord,
)
from revisions.steps import STEPS, Kind
from revisions.workflow import Seen, TransitionError
from tests.revisions import builders as build
from tests.revisions.builders import TODAY, Capacity

RECORDED = (
    Anchoring,
    Approval,
    ClauseChange,
    Comment,
    Decision,
    DraftVersion,
    Edition,
    Evidence,
    InformationItem,
    LogEntry,
    Process,
    Statement,
    StepRecord,
)
NEVER_CHANGED = (Anchoring, Approval, DraftVersion, InformationItem, LogEntry, Statement)
STEP = st.integers(-1, 10)
WORDS = st.sampled_from(["", "  ", "Skolan saknas."])


class Engine(RuleBasedStateMachine):
    """`done` is the machine's own account: the steps passed since last sent back, in order."""

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.done: list[int] = []
        self.approved = ""
        self.rows: dict[type, dict[int, dict]] = {model: {} for model in RECORDED}

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(kind=st.sampled_from(Kind), needs=st.booleans(), far=st.integers(0, 8))
    def begin(self, kind, needs, far):
        self.kind = kind
        self.program = build.make_program(kind)
        build.factories.make_municipality(approval_needs_resident=needs)
        self.process = build.start(kind, self.program)
        # Most of what can go wrong is late on the way.
        self.carry_on_for(min(far, len(STEPS[kind]) - 1))

    def attempt(self, call):
        """True when it was done. Refused it leaves no trace; anything but a refusal is a bug."""
        before = self.everything()
        try:
            with transaction.atomic():
                call()
        except (TransitionError, ValidationError):
            assert self.everything() == before
            return False
        finally:
            self.process.refresh_from_db()
        return True

    def everything(self):
        counts = tuple(model.objects.count() for model in RECORDED)
        return build.standing_of(self.process), counts

    def facts(self):
        """What the requirements ask for, from the rows themselves and not from the engine."""
        process = self.process
        here = {"attempt": process.attempt}
        shown = process.evidence.filter(number=process.step, withdrawn_at=None, **here)
        events = set(shown.exclude(event=None).values_list("event__kind", flat=True))
        papers = set(shown.exclude(document=None).values_list("document__kind", flat=True))
        big = "public_assembly" in events
        dialogue = big or "dialogue_meeting" in events
        bodies = set(process.statements.filter(**here).values_list("body", flat=True))
        draft = process.draft
        channels = process.channels_entered.filter(**here).count()
        unanswered = process.comments.filter(outcome="", state__in=["held", "published"])
        period = process.comments_close_on
        return {
            "dialogue_meeting_held": dialogue,
            "dialogue_notes_published": dialogue,
            "youth_activity_held": "youth_activity" in events,
            "youth_result_published": "youth_activity" in events,
            "compilation_published": "compilation" in papers,
            "anchored": process.anchorings.filter(**here).exists(),
            "comment_period_closed": period is not None and period < TODAY,
            "channels_entered": channels == 4,
            "comments_answered": not unanswered.exists(),
            "draft_exists": draft is not None and draft.clauses.exists(),
            "draft_published": process.draft_published_at is not None,
            "association_statement": "association" in bodies,
            "reference_group_statement": "reference_group" in bodies,
            "approval_rule_met": self.is_approved(),
            "information_recorded": process.information_items.filter(**here).exists(),
            "decision_adopts": False,
            "project_description_published": "project_description" in papers,
            "groundwork_held": dialogue or bool(events & {"interviews", "youth_activity"}),
            "draft_meeting_held": dialogue,
            "local_body_exists": self.program.locality.local_bodies.exists()
            or self.program.groups.filter(kind="working").exists(),
            "big_meeting_held": big,
            "working_groups_exist": self.program.groups.filter(kind="working").exists(),
            "plan_adopted": draft is not None and draft.state in ("adopted", "superseded"),
            "follow_up_held": bool(events & {"follow_up", "public_assembly"}),
            "evaluation_published": "evaluation" in papers,
        }

    def is_approved(self):
        if not self.process.draft or not self.process.draft.clauses.exists():
            return False
        municipality = build.factories.make_municipality()
        seats = Membership.objects.filter(group__program=self.program, ended=None)
        given = self.process.approvals.filter(
            attempt=self.process.attempt, digest=digest_of(self.process.draft)
        )
        if given.filter(membership=None).exists():
            return True
        latest = {row.membership_id: row.is_approved for row in given.order_by("pk")}
        yes = seats.filter(pk__in=[pk for pk, is_approved in latest.items() if is_approved])
        return (
            2 * yes.count() > seats.count() > 0
            and yes.filter(capacity=Capacity.POLITICIAN).exists()
            and (
                yes.filter(capacity=Capacity.RESIDENT).exists()
                or not municipality.approval_needs_resident
            )
        )

    # What people do

    @rule(number=st.integers(1, 4))
    def carry_on(self, number):
        """Do what is asked for and pass, some steps in a row: a process on its ordinary way."""
        self.carry_on_for(number)

    def carry_on_for(self, number):
        for _step in range(number):
            if not self.process.is_open:
                return
            for key in self.process.current.requires:
                if key not in ("decision_adopts", "plan_adopted"):
                    self.attempt(lambda key=key: build.meet(self.process, key))
            last = self.process.current.slug in ("decision", "initiate")
            self.decide("adopted", 0, "") if last else self.pass_step(None)

    @precondition(lambda self: self.process.is_open)
    @rule(data=st.data())
    def meet_something(self, data):
        keys = [key for key in build.MEET if key not in ("decision_adopts", "plan_adopted")]
        key = data.draw(st.sampled_from([*self.process.current.requires, *keys]))
        if key in keys:
            self.attempt(lambda: build.meet(self.process, key))

    @rule(was=st.none() | st.builds(Seen, STEP, st.integers(1, 3)))
    def pass_step(self, was):
        step, is_open, facts = self.process.step, self.process.is_open, self.facts()
        seen = workflow.seen(self.process)
        asked = STEPS[self.kind][step - 1].requires
        digest = digest_of(self.process.draft) if self.process.draft else ""
        done = self.attempt(lambda: build.act(self.process, workflow.pass_step, was=was))
        assert done is (is_open and was in (None, seen) and all(facts[key] for key in asked))
        if done:
            self.done.append(step)
            if STEPS[self.kind][step - 1].slug == "approval":
                self.approved = digest

    @rule(to_step=STEP, reason=WORDS)
    def send_back(self, to_step, reason):
        if self.attempt(lambda: build.send_back(self.process, to_step, reason)):
            self.went_back(to_step, reason)

    @precondition(lambda self: workflow.allowed_to_send_back(self.process))
    @rule(data=st.data(), by_decision=st.booleans())
    def turn_back(self, data, by_decision):
        to_step = data.draw(st.sampled_from(workflow.allowed_to_send_back(self.process)))
        if by_decision:
            self.decide("referred_back", to_step, "Skolan saknas.")
        else:
            self.send_back(to_step, "Skolan saknas.")

    def went_back(self, to_step, reason):
        assert reason.strip()
        assert 0 < to_step <= max(self.done)
        assert self.process.step == to_step
        self.done = [step for step in self.done if step < to_step]

    @rule(
        outcome=st.sampled_from(["adopted", "referred_back", "rejected", "noted"]),
        to_step=STEP,
        reason=WORDS,
    )
    def decide(self, outcome, to_step, reason):
        step, kind, facts = self.process.step, self.kind, self.facts()
        asked = set(STEPS[kind][step - 1].requires) - {"decision_adopts", "plan_adopted"}
        digest = digest_of(self.process.draft) if self.process.draft else ""
        if not self.attempt(
            lambda: build.decide(self.process, outcome, to_step=to_step, reason=reason)
        ):
            return
        in_the_middle = kind == Kind.LOCAL_DEVELOPMENT
        assert step == (2 if in_the_middle else len(STEPS[kind]))
        if outcome == "adopted":
            assert self.done == list(range(1, step)), "a step was left out"
            assert all(facts[key] for key in asked)
            assert kind != Kind.REVISION or digest == self.approved
            assert self.process.draft.state == Edition.State.ADOPTED
            assert self.process.is_open is in_the_middle
            self.done.append(step)
        elif outcome == "referred_back" and not in_the_middle:
            self.went_back(to_step, reason)
        elif outcome == "rejected":
            assert self.process.outcome == Process.Outcome.REJECTED
            assert not self.program.editions.filter(state="draft").exists()

    @precondition(lambda self: self.process.attempt > 1)
    @rule(reason=WORDS)
    def abort(self, reason):
        if self.attempt(lambda: build.abort(self.process, reason)):
            assert reason.strip()
            assert not self.program.editions.filter(state="draft").exists()

    # What is done by mistake, and undone

    @precondition(lambda self: self.process.evidence.exists())
    @rule(data=st.data(), reason=WORDS)
    def withdraw_evidence(self, data, reason):
        rows = list(self.process.evidence.order_by("pk"))
        row = data.draw(st.sampled_from(rows))
        here = (row.number, row.attempt) == (self.process.step, self.process.attempt)
        done = self.attempt(
            lambda: build.act(
                self.process, workflow.withdraw_evidence, evidence=row.pk, reason=reason
            )
        )
        is_possible = here and self.process.is_open and not row.withdrawn_at
        assert done is (is_possible and bool(reason.strip()))

    @precondition(lambda self: self.process.channels_entered.exists())
    @rule(channel=st.sampled_from(["paper", "phone", "web"]), reason=WORDS)
    def reopen_channel(self, channel, reason):
        self.attempt(
            lambda: build.act(self.process, workflow.reopen_channel, channel=channel, reason=reason)
        )

    @precondition(lambda self: self.process.comments_open_on)
    @rule(days=st.integers(-2, 9), reason=WORDS)
    def change_period(self, days, reason):
        closes_on = TODAY + datetime.timedelta(days=days)
        if self.attempt(
            lambda: build.hold_comments(
                self.process, closes_on=closes_on, reason=reason, today=TODAY
            )
        ):
            assert reason.strip()
            assert days >= 0

    @precondition(lambda self: self.process.is_open)
    @rule(due=st.integers(-1, 2))
    def set_statement_deadline(self, due):
        due_on = TODAY + datetime.timedelta(days=due)
        self.attempt(
            lambda: build.act(self.process, workflow.set_statement_deadline, due_on=due_on)
        )

    @rule(
        act=st.sampled_from([build.anchor, build.state, build.inform]),
        reason=WORDS,
        is_seen=st.booleans(),
    )
    def correct(self, act, reason, is_seen):
        name = {build.anchor: "anchorings", build.state: "statements"}.get(act, "information_items")
        rows = getattr(self.process, name).filter(attempt=self.process.attempt)
        latest = rows.first()
        corrects = latest.pk if latest and is_seen else None
        count = rows.count()
        if self.attempt(lambda: act(self.process, corrects=corrects, reason=reason)):
            assert corrects == (latest and latest.pk)
            assert reason.strip() or not latest
            assert rows.count() == count + 1

    @precondition(lambda self: not self.process.is_open)
    @rule(kind=st.sampled_from(Kind))
    def start(self, kind):
        started = []
        self.attempt(lambda: started.append(build.start(kind, self.program)))
        if started:
            self.process, self.kind, self.done, self.approved = started[0], kind, [], ""

    @rule(word=st.sampled_from(["Ny text.", "Annan text.", ""]))
    def write(self, word):
        draft = self.process.draft
        clause = draft.clauses.last() if draft else None
        if clause:
            self.attempt(lambda: build.edit(self.process, clause, text=word))

    @precondition(lambda self: self.process.draft_id)
    @rule(level=st.integers(0, 3), drop=st.booleans())
    def reshape(self, level, drop):
        clause = self.process.draft.clauses.last()
        if drop and clause:
            self.attempt(lambda: build.write(self.process, drafting.drop_clause, clause))
        else:
            after = clause and clause.pk
            self.attempt(
                lambda: build.write(
                    self.process,
                    drafting.add_clause,
                    after=after,
                    level=level,
                    heading="Nytt",
                    text="",
                )
            )

    @precondition(lambda self: self.process.draft_id)
    @rule(data=st.data(), is_approved=st.booleans(), reason=WORDS)
    def take_stand(self, data, is_approved, reason):
        seats = list(Membership.objects.filter(group__program=self.program).order_by("pk"))
        seat = data.draw(st.sampled_from(seats))
        self.attempt(
            lambda: build.approve(self.process, seat, is_approved=is_approved, reason=reason)
        )

    @precondition(lambda self: self.process.draft_id)
    @rule()
    def minute(self):
        meeting, digest = build.make_meeting(self.process), digest_of(self.process.draft)
        self.attempt(
            lambda: build.act(self.process, workflow.minute_approval, event=meeting, digest=digest)
        )

    @rule(capacity=st.sampled_from([Capacity.POLITICIAN, Capacity.RESIDENT]), leave=st.booleans())
    def change_the_group(self, capacity, leave):
        if leave:
            seat = Membership.objects.filter(group__program=self.program, ended=None).first()
            if seat:
                seat.ended = build.YESTERDAY
                seat.save()
        else:
            build.add_seat(self.program, capacity)

    @precondition(lambda self: self.process.is_open and (self.process.base or self.process.draft))
    @rule()
    def say_something(self):
        build.comment(self.process)

    # What must hold all the same

    @invariant()
    def log_tells_where_the_process_stands(self):
        for process in self.program.processes.all():
            assert build.replayed(process) == build.standing_of(process)

    @invariant()
    def nothing_recorded_is_lost_or_changed(self):
        for model in RECORDED:
            rows = {row["id"]: row for row in model.objects.values()}
            known = self.rows[model]
            assert known.keys() <= rows.keys(), model
            if model in NEVER_CHANGED:
                assert all(rows[pk] == row for pk, row in known.items()), model
            self.rows[model] = rows

    @invariant()
    def one_text_at_most_is_in_force_and_one_process_under_way(self):
        editions = self.program.editions
        adopted = self.program.decisions.filter(outcome="adopted").count()
        before = (
            1
            if self.program.editions.filter(number=1, decision=None).exclude(
                state__in=["draft", "withdrawn"]
            )
            else 0
        )
        assert editions.filter(state="adopted").count() <= 1
        assert editions.filter(state__in=Edition.IN_FORCE_ONCE).count() == adopted + before
        assert self.program.processes.open().count() == int(self.process.is_open)

    @invariant()
    def step_under_way_has_its_record(self):
        process = self.process
        here = process.records.filter(number=process.step, attempt=process.attempt)
        assert here.count() == 1
        if process.is_open:
            assert here.get().passed is None
            assert self.done == list(range(1, process.step))


@pytest.mark.django_db
def test_process_holds_whatever_is_done_to_it():
    run_state_machine_as_test(
        Engine,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
