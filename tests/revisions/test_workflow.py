import datetime

import pytest

from programs.models import Decision, Edition, Program
from revisions import drafting, workflow
from revisions.digest import digest_of
from revisions.models import LogEntry, Process
from revisions.requirements import CHANNELS_TO_ENTER
from revisions.steps import STEPS, Kind
from revisions.workflow import AlreadyDone, Seen, StaleStep, StepBlocked, TransitionError
from tests import factories
from tests.revisions import builders as build
from tests.revisions.builders import TODAY, TOMORROW, YESTERDAY

pytestmark = pytest.mark.django_db

WHERE = {
    "open_comments": {"comments", "public-meeting"},
    "enter_channel": {"comments", "public-meeting"},
    "set_statement_deadline": {"draft"},
    "anchor": {"anchoring"},
    "association_statement": {"draft"},
    "reference_group_statement": {"reference-group"},
    "take_stand": {"approval"},
    "minute_approval": {"approval"},
    "record_information": {"information"},
}


def calls(process):
    """Each transition that belongs to certain steps, called as rightly as it can be."""
    seat = process.program.groups.get(kind="steering").members.first()
    meeting = build.make_meeting(process)
    digest = digest_of(process.draft) if process.draft else ""
    stand = {"membership": seat, "digest": digest, "is_approved": True, "by": seat.user}
    later = TOMORROW + datetime.timedelta(days=9)
    return {
        "open_comments": lambda: build.hold_comments(process, closes_on=later),
        "enter_channel": lambda: build.act(
            process, workflow.enter_channel, channel=CHANNELS_TO_ENTER[0]
        ),
        "set_statement_deadline": lambda: build.act(
            process, workflow.set_statement_deadline, due_on=TOMORROW
        ),
        "anchor": lambda: build.anchor(process),
        "association_statement": lambda: build.state(process),
        "reference_group_statement": lambda: build.state(process, "reference_group"),
        "take_stand": lambda: build.act(process, workflow.take_stand, **stand),
        "minute_approval": lambda: build.act(
            process, workflow.minute_approval, event=meeting, digest=digest
        ),
        "record_information": lambda: build.inform(process),
    }


@pytest.mark.parametrize("kind", list(Kind))
def test_transition_is_allowed_in_its_own_steps_only(kind):
    for process in build.walk(kind):
        slug = process.current.slug
        if slug in {"draft", "reference-group"}:
            build.begin(process)
            process.refresh_from_db()
        for name, call in calls(process).items():
            before = process.log.count()
            if slug in WHERE[name]:
                with build.sandbox():
                    call()
                    assert process.log.count() == before + 1, name
            else:
                with pytest.raises(TransitionError) as refused:
                    call()
                assert str(refused.value), name
                assert process.log.count() == before, name


@pytest.mark.parametrize("kind", list(Kind))
def test_step_without_its_requirements_is_not_passed(kind):
    for process in build.walk(kind):
        before = build.standing_of(process), process.log.count()
        with pytest.raises(StepBlocked) as refused:
            build.act(process, workflow.pass_step)

        assert refused.value.standings
        assert all(str(row.words) in str(refused.value) for row in refused.value.standings)
        assert (build.standing_of(process), process.log.count()) == before


@pytest.mark.parametrize("kind", list(Kind))
def test_passing_moves_one_step_and_is_logged_with_who_and_when(kind):
    before = None
    for process in build.walk(kind):
        if before:
            entry = build.last_entry(process)
            assert process.step == before.step + 1
            assert entry.kind == ("adopted" if before.current.slug == "initiate" else "passed")
            assert (entry.step, entry.to_step) == (before.step, process.step)
            assert (entry.by, entry.at.astimezone().date()) == (build.leader(), TODAY)
            assert process.records.get(number=before.step).passed.first == TODAY
            assert process.records.get(number=process.step).started.first == TODAY
        before = process


def test_double_click_passes_one_step():
    process = build.start()
    build.meet(process, "dialogue_meeting_held")
    seen = workflow.seen(process)
    build.act(process, workflow.pass_step, was=seen)

    with pytest.raises(StaleStep):
        build.act(process, workflow.pass_step, was=seen)

    assert build.standing_of(process).step == 2
    assert build.log_kinds(process) == ["started", "evidence_added", "passed"]


@pytest.mark.parametrize("was", [Seen(6, 1), Seen(8, 1), Seen(7, 2), Seen(7, 0)])
def test_every_transition_refuses_a_page_that_is_out_of_date(was):
    process = build.at("approval")
    seat = process.program.groups.get(kind="steering").members.first()
    clause = process.draft.clauses.first()

    for call in (
        lambda: build.act(process, workflow.pass_step, was=was),
        lambda: build.send_back(process, 6, was=was),
        lambda: build.hold_comments(process, was=was),
        lambda: build.act(
            process, workflow.add_evidence, was=was, event=build.make_meeting(process)
        ),
        lambda: build.act(process, workflow.set_statement_deadline, was=was, due_on=TOMORROW),
        lambda: build.act(process, workflow.enter_channel, was=was, channel="paper"),
        lambda: build.act(
            process, workflow.reopen_channel, was=was, channel="paper", reason="Mer kom."
        ),
        lambda: build.act(
            process, workflow.withdraw_evidence, was=was, evidence=1, reason="Fel möte."
        ),
        lambda: build.anchor(process, was=was),
        lambda: build.act(process, workflow.publish_draft, was=was),
        lambda: build.state(process, was=was),
        lambda: build.approve(process, seat, was=was),
        lambda: build.inform(process, was=was),
        lambda: build.decide(process, was=was),
        lambda: build.abort(process, was=was),
        lambda: build.act(process, drafting.begin_draft, was=was),
        lambda: build.edit(process, clause, was=was),
        lambda: build.write(process, drafting.drop_clause, clause, was=was),
    ):
        with pytest.raises(StaleStep):
            call()

    assert build.standing_of(process).step == 7


def test_closed_process_refuses_everything():
    process = build.finished()
    for call in (
        lambda: build.act(process, workflow.pass_step),
        lambda: build.send_back(process, 6),
        lambda: build.abort(process),
        lambda: build.decide(process),
    ):
        with pytest.raises(StaleStep):
            call()


@pytest.mark.parametrize(
    ("act", "slug"),
    [
        (build.anchor, "anchoring"),
        (build.hold_comments, "comments"),
        (build.inform, "information"),
        (lambda process: build.act(process, workflow.publish_draft), "draft"),
        (build.state, "draft"),
        (
            lambda process: build.act(process, workflow.set_statement_deadline, due_on=TOMORROW),
            "draft",
        ),
        (
            lambda process: build.act(process, workflow.enter_channel, channel="paper"),
            "comments",
        ),
    ],
)
def test_record_made_twice_is_made_once(act, slug):
    process = build.at(slug)
    if slug == "draft":
        build.begin(process)
    act(process)
    logged = process.log.count()

    with pytest.raises(AlreadyDone):
        act(process)

    assert process.log.count() == logged


# Starting


def test_start_logs_and_opens_the_first_step():
    process = build.start()
    entry = build.last_entry(process)

    assert (process.step, process.attempt, process.is_open) == (1, 1, True)
    assert process.base == process.program.current_edition
    assert (entry.kind, entry.step, entry.by) == (LogEntry.Kind.STARTED, 1, build.leader())
    assert process.records.get().started.first == TODAY


def test_start_is_refused_while_another_is_under_way():
    process = build.start()
    for kind in Kind:
        with pytest.raises(TransitionError):
            build.start(kind, process.program)
    assert Process.objects.count() == 1


def test_start_is_refused_when_the_kind_does_not_fit():
    with pytest.raises(TransitionError):
        build.start(Kind.REVISION, factories.make_program())
    with pytest.raises(TransitionError):
        build.start(Kind.CREATION, build.make_program(Kind.REVISION))
    with pytest.raises(TransitionError):
        build.start(Kind.CREATION, factories.make_program(status=Program.Status.CONCLUDED))
    assert not Process.objects.exists()


# Whole processes


@pytest.mark.parametrize("kind", list(Kind))
def test_whole_process_passes_its_steps_in_order(kind):
    process = build.start(kind)
    visited = []
    while process.is_open:
        visited.append(process.step)
        assert build.replayed(process) == build.standing_of(process)
        process = build.pass_on(process)

    assert visited == list(range(1, len(STEPS[kind]) + 1))
    assert build.replayed(process) == build.standing_of(process)
    assert process.outcome == ("evaluated" if kind == Kind.LOCAL_DEVELOPMENT else "adopted")
    process.refresh_from_db()
    assert process.ended.first == TODAY
    assert process.current is None
    assert process.draft.state == Edition.State.ADOPTED
    assert process.records.filter(passed__isnull=True).count() == 0
    with pytest.raises(StaleStep):
        build.act(process, workflow.pass_step)


def test_last_step_of_a_revision_is_passed_by_the_decision_alone():
    process = build.at("decision")

    with pytest.raises(StepBlocked):
        build.act(process, workflow.pass_step)
    assert build.standing_of(process).is_open
    assert build.decide(process).outcome == Process.Outcome.ADOPTED


# Sending back


@pytest.mark.parametrize(
    ("kind", "late"),
    [
        (Kind.REVISION, {7, 8, 9}),
        (Kind.CREATION, {5, 6}),
        (Kind.LOCAL_DEVELOPMENT, {3, 4}),
    ],
)
def test_send_back_goes_from_late_steps_to_earlier_ones_only(kind, late):
    for process in build.walk(kind):
        for to_step in range(11):
            with build.sandbox():
                if process.step in late and 0 < to_step < process.step:
                    assert build.send_back(process, to_step).step == to_step
                else:
                    with pytest.raises(TransitionError):
                        build.send_back(process, to_step)
        allowed = list(range(1, process.step)) if process.step in late else []
        assert workflow.allowed_to_send_back(process) == allowed


def test_send_back_is_refused_forwards_nowhere_and_without_reason():
    process = build.at("approval")
    for to_step in (0, -1, process.step, process.step + 1, 10):
        with pytest.raises(TransitionError):
            build.send_back(process, to_step)
    for reason in ("", "  \n"):
        with pytest.raises(TransitionError):
            build.send_back(process, 6, reason=reason)
    assert build.standing_of(process).attempt == 1
    assert "sent_back" not in build.log_kinds(process)


@pytest.mark.parametrize("to_step", [1, 4, 6, 7, 8])
def test_sent_back_from_the_decision_later_steps_are_done_again(to_step):
    process = build.at("decision")
    kept = {
        name: set(getattr(process, name).values_list("pk", flat=True))
        for name in (
            "evidence",
            "approvals",
            "statements",
            "anchorings",
            "log",
            "versions",
            "records",
        )
    }
    entry_step = process.step

    process = build.send_back(process, to_step, "Skolan saknas.")

    entry = build.last_entry(process)
    assert (entry.kind, entry.step, entry.to_step) == ("sent_back", entry_step, to_step)
    assert entry.reason == "Skolan saknas."
    assert (process.step, process.attempt) == (to_step, 2)
    for name, rows in kept.items():
        assert rows <= set(getattr(process, name).values_list("pk", flat=True)), name
    lacking = {"draft": {"draft_exists", "comments_answered"}}.get(process.current.slug, set())
    with pytest.raises(StepBlocked) as refused:
        build.act(process, workflow.pass_step)
    asked = {row.requirement.key for row in refused.value.standings}
    assert asked == set(process.current.requires) - lacking

    while process.is_open:
        if process.step < 6:
            # Nothing shown, entered or said in the first attempt counts in the second.
            with pytest.raises(StepBlocked) as refused:
                build.act(process, workflow.pass_step)
            asked = tuple(row.requirement.key for row in refused.value.standings)
            assert asked == process.current.requires
        process = build.pass_on(process)
        assert build.replayed(process) == build.standing_of(process)
    assert process.outcome == Process.Outcome.ADOPTED
    again = process.records.filter(attempt=2).values_list("number", flat=True)
    assert list(again) == list(range(to_step, 10))


def test_sent_back_to_the_comments_needs_a_new_period():
    process = build.send_back(build.at("approval"), 5)
    assert (process.comments_open_on, process.comments_close_on) == (None, None)
    assert "comments_opened" in build.log_kinds(process)


def test_sent_back_to_the_draft_takes_comments_answers_and_text_along():
    process = build.at("approval")
    clause = process.draft.clauses.first()
    process = build.send_back(process, 6)

    assert process.draft.state == Edition.State.DRAFT
    assert clause in process.draft.clauses.all()
    assert process.draft_published_at is None
    assert process.comments_close_on == YESTERDAY
    assert build.edit(process, clause)


def test_creation_sent_back_from_its_decision_can_be_adopted():
    process = build.send_back(build.at("decision", Kind.CREATION), 3)
    while process.is_open:
        process = build.pass_on(process)
    assert process.outcome == Process.Outcome.ADOPTED


def test_local_development_sent_back_gets_a_new_plan():
    process = build.at("carry-out", Kind.LOCAL_DEVELOPMENT)
    first = process.draft
    assert first.state == Edition.State.ADOPTED
    process = build.send_back(process, 2)
    with pytest.raises(TransitionError):
        build.edit(process, first.clauses.first())
    with pytest.raises(TransitionError):
        build.decide(process)

    second = build.begin(process)
    build.show(process, "public_assembly")
    with pytest.raises(StepBlocked):
        build.act(process, workflow.pass_step)
    process = build.decide(process)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "adopted")
    assert process.current.slug == "carry-out"
    assert build.replayed(process) == build.standing_of(process)


def test_plan_in_force_since_earlier_does_not_pass_for_a_new_one():
    program = build.make_program(Kind.REVISION)
    process = build.at("initiate", Kind.LOCAL_DEVELOPMENT, program)
    build.meet(process, "big_meeting_held")
    build.meet(process, "working_groups_exist")
    with pytest.raises(StepBlocked):
        build.act(process, workflow.pass_step)


# Ending without adoption


def test_referral_back_records_the_decision_and_returns():
    process = build.at("decision")
    with pytest.raises(TransitionError):
        build.decide(process, Decision.Outcome.REFERRED_BACK, to_step=6)
    assert not process.program.decisions.exists()

    process = build.decide(
        process, Decision.Outcome.REFERRED_BACK, to_step=6, reason="Utred skolan."
    )

    decision = process.program.decisions.get()
    assert (decision.outcome, decision.section) == ("referred_back", "112")
    assert (process.step, process.attempt, process.is_open) == (6, 2, True)
    assert build.log_kinds(process)[-2:] == ["decided", "sent_back"]
    assert process.draft.state == Edition.State.DRAFT
    assert build.replayed(process) == build.standing_of(process)


def test_rejection_leaves_the_old_text_in_force_and_a_new_revision_can_start():
    process = build.at("decision")
    base, draft = process.base, process.draft

    process = build.decide(process, Decision.Outcome.REJECTED)

    base.refresh_from_db()
    draft.refresh_from_db()
    assert (process.is_open, process.outcome) == (False, "rejected")
    assert (base.state, draft.state) == ("adopted", "withdrawn")
    assert draft.clauses.exists()
    assert build.log_kinds(process)[-2:] == ["decided", "closed"]
    assert build.replayed(process) == build.standing_of(process)
    again = build.finished(Kind.REVISION, process.program)
    assert again.draft.state == Edition.State.ADOPTED
    assert again.draft.number == draft.number + 1


@pytest.mark.parametrize("slug", ["dialogue-meeting", "approval"])
def test_abort_ends_the_process_with_a_reason(slug):
    process = build.at(slug)
    with pytest.raises(TransitionError):
        build.abort(process, reason=" ")

    process = build.abort(process)

    assert (process.is_open, process.outcome) == (False, "aborted")
    assert build.log_kinds(process)[-2:] == ["aborted", "closed"]
    assert process.log.get(kind="aborted").reason == "Kommunen delas."
    assert not process.program.editions.filter(state="draft").exists()
    assert process.program.current_edition == process.base
    assert build.replayed(process) == build.standing_of(process)
    assert build.start(Kind.REVISION, process.program).is_open


def test_plan_of_local_development_referred_back_stays_where_it_is_written():
    process = build.at("initiate", Kind.LOCAL_DEVELOPMENT)
    build.begin(process)
    with pytest.raises(TransitionError):
        build.decide(process, Decision.Outcome.REFERRED_BACK)
    process = build.decide(process, Decision.Outcome.REFERRED_BACK, reason="Dyrt.")

    assert (process.current.slug, process.is_open) == ("initiate", True)
    assert build.last_entry(process).reason == "Dyrt."
    assert build.replayed(process) == build.standing_of(process)
    assert build.edit(process)


@pytest.mark.parametrize("outcome", ["approved", "noted", "", "consultation"])
def test_decision_of_another_kind_is_refused_and_leaves_no_trace(outcome):
    process = build.at("decision")
    logged = process.log.count()
    with pytest.raises(TransitionError):
        build.decide(process, outcome)
    assert not process.program.decisions.exists()
    assert process.log.count() == logged


@pytest.mark.parametrize(
    "fields",
    [{"decided": None}, {"section": ""}, {"case_number": " "}, {"decided": TOMORROW}],
)
def test_decision_needs_its_date_section_and_case_number(fields):
    process = build.at("decision")
    with pytest.raises(TransitionError):
        build.decide(process, decision=build.make_decision(**fields))
    assert build.standing_of(process).is_open


def test_decision_before_its_step_is_refused():
    process = build.at("information")
    with pytest.raises(TransitionError):
        build.decide(process)
    assert process.draft.state == Edition.State.DRAFT
