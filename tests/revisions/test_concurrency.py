"""Two people at once, in real threads: only a database that locks rows can show it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from programs.models import Document
from revisions import drafting, workflow
from revisions.digest import digest_of
from revisions.models import LogEntry, Process
from revisions.requirements import CHANNELS_TO_ENTER
from revisions.workflow import AlreadyDone, StaleStep, TransitionError
from tests import factories
from tests.revisions import builders as build
from tests.revisions.builders import TODAY

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"
    ),
]


def at_once(*calls):
    """What each call gave or raised, when all were made at the same moment."""
    barrier = Barrier(len(calls))

    def made(call):
        try:
            barrier.wait(timeout=10)
            return call()
        except TransitionError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(made, calls))


def errors(results):
    return [row for row in results if isinstance(row, TransitionError)]


def test_step_passed_by_several_at_once_is_passed_once():
    process = build.start()
    build.meet(process, "dialogue_meeting_held")
    was, by = workflow.seen(process), build.leader()

    results = at_once(
        *[lambda: workflow.pass_step(process, was, by=by, today=TODAY) for _person in range(4)]
    )

    assert [type(error) for error in errors(results)] == [StaleStep] * 3
    assert build.standing_of(process).step == 2
    assert build.log_kinds(process) == ["started", "evidence_added", "passed"]
    assert process.records.count() == 2


def test_process_started_by_several_at_once_is_one():
    program, by = build.make_program(), build.leader()
    results = at_once(
        *[lambda: workflow.start(program, "revision", by=by, today=TODAY) for _person in range(3)]
    )
    assert len(errors(results)) == 2
    assert Process.objects.count() == LogEntry.objects.count() == 1


def test_member_who_approves_twice_at_once_has_one_approval():
    process = build.placed_at("approval")
    seat = process.program.groups.get(kind="steering").members.select_related("user").first()
    digest, was = digest_of(process.draft), workflow.seen(process)

    def approve():
        return workflow.take_stand(
            process,
            was,
            membership=seat,
            digest=digest,
            is_approved=True,
            by=seat.user,
            today=TODAY,
        )

    results = at_once(approve, approve)

    assert len(errors(results)) == 1
    assert process.approvals.count() == 1
    assert build.log_kinds(process).count("approved") == 1


# What is pressed by several at once: its step, what it is logged as and the rows it makes, and
# from a process the transition with what the page sends.
SAID = {"body": "association", "text": "Vi är nöjda.", "by_representative": False}
DAYS = {"board_on": TODAY, "members_informed_on": TODAY, "by_representative": False}
ITEM = {"presented_on": TODAY, "body": "Plan", "case_number": "KS 1"}
PERIOD = {"opens_on": TODAY, "closes_on": build.TOMORROW}


def some_event(process):
    return factories.make_event(program=process.program, date=build.YESTERDAY)


def some_paper():
    return Document(kind="compilation", title="A", url="https://example.se/a.pdf")


def shown(process):
    build.show(process, "dialogue_meeting")
    return process.evidence.get().pk


def stated(process):
    build.state(process)
    return process.statements.get().pk


PRESSED = {
    "evidence": (
        ("dialogue-meeting", "evidence_added", "evidence"),
        lambda process: (workflow.add_evidence, {"event": some_event(process)}),
    ),
    "withdrawal": (
        ("dialogue-meeting", "evidence_withdrawn", ""),
        lambda process: (
            workflow.withdraw_evidence,
            {"evidence": shown(process), "reason": "Fel."},
        ),
    ),
    "document": (
        ("compilation", "evidence_added", "evidence"),
        lambda _process: (workflow.publish_document, {"document": some_paper}),
    ),
    "anchoring": (
        ("anchoring", "anchored", "anchorings"),
        lambda _process: (workflow.anchor, DAYS),
    ),
    "period": (
        ("comments", "comments_opened", ""),
        lambda _process: (workflow.open_comments, PERIOD),
    ),
    "channel": (
        ("comments", "channel_entered", "channels_entered"),
        lambda _process: (workflow.enter_channel, {"channel": CHANNELS_TO_ENTER[0]}),
    ),
    "publication": (
        ("draft", "draft_published", ""),
        lambda _process: (workflow.publish_draft, {}),
    ),
    "last day": (
        ("draft", "statement_due", ""),
        lambda _process: (workflow.set_statement_deadline, {"due_on": build.TOMORROW}),
    ),
    "statement": (
        ("draft", "statement", "statements"),
        lambda _process: (workflow.give_statement, SAID),
    ),
    "correction": (
        ("draft", "corrected", "statements"),
        lambda process: (
            workflow.give_statement,
            SAID | {"corrects": stated(process), "reason": "Fel."},
        ),
    ),
    "minutes": (
        ("approval", "approval_minuted", "approvals"),
        lambda process: (
            workflow.minute_approval,
            {"event": build.make_meeting(process), "digest": digest_of(process.draft)},
        ),
    ),
    "information": (
        ("information", "informed", "information_items"),
        lambda _process: (workflow.record_information, ITEM),
    ),
}


def put_at(slug):
    """By hand: the way is tested elsewhere, and takes long."""
    if slug in {"approval", "information"}:
        return build.placed_at(slug)
    process = build.start()
    Process.objects.filter(pk=process.pk).update(step=build.number_of("revision", slug))
    process.refresh_from_db()
    if slug == "draft":
        build.begin(process)
    return Process.objects.get(pk=process.pk)


@pytest.mark.parametrize("what", PRESSED)
def test_same_thing_pressed_by_three_at_once_is_done_once(what):
    (slug, kind, rows), made = PRESSED[what]
    process = put_at(slug)
    was, by = workflow.seen(process), build.leader()
    transition, sent = made(process)
    before = process.log.count(), getattr(process, rows).count() if rows else 0

    def press():
        fresh = {name: value() if callable(value) else value for name, value in sent.items()}
        return transition(process, was, by=by, today=TODAY, **fresh)

    results = at_once(press, press, press)

    assert [type(error) for error in errors(results)] == [AlreadyDone] * 2
    assert process.log.count() == before[0] + 1
    assert build.last_entry(process).kind == kind
    if rows:
        assert getattr(process, rows).count() == before[1] + 1


def test_draft_begun_by_several_at_once_is_one():
    process = build.start()
    Process.objects.filter(pk=process.pk).update(step=build.number_of("revision", "draft"))
    process.refresh_from_db()
    was, by = workflow.seen(process), build.leader()

    def begin():
        return drafting.begin_draft(process, was, by=by, today=TODAY)

    assert len(errors(at_once(begin, begin))) == 1
    assert process.program.editions.filter(state="draft").count() == 1
    assert build.log_kinds(process).count("draft_made") == 1


def test_decision_recorded_by_several_at_once_is_recorded_once():
    process = build.at("decision")
    was, by = workflow.seen(process), build.leader()

    def decide():
        return workflow.record_decision(
            process, was, decision=build.make_decision(), by=by, today=TODAY
        )

    results = at_once(decide, decide, decide)

    assert [type(error) for error in errors(results)] == [StaleStep] * 2
    assert process.program.decisions.count() == 1
    assert [build.log_kinds(process).count(kind) for kind in ("decided", "adopted", "closed")] == [
        1,
        1,
        1,
    ]
    assert process.program.editions.filter(state="adopted").count() == 1


def test_passing_and_withdrawing_what_it_builds_on_at_once_do_one_of_them():
    process = build.start()
    build.show(process, "dialogue_meeting")
    was, by, row = workflow.seen(process), build.leader(), process.evidence.get()

    results = at_once(
        lambda: workflow.pass_step(process, was, by=by, today=TODAY),
        lambda: workflow.withdraw_evidence(
            process, was, evidence=row.pk, reason="Fel.", by=by, today=TODAY
        ),
    )

    assert len(errors(results)) == 1
    row.refresh_from_db()
    assert (build.standing_of(process).step == 2) is (row.withdrawn_at is None)
    assert build.replayed(process) == build.standing_of(process)


def test_clause_edited_and_dropped_at_once_is_one_of_them():
    process = build.placed_at("approval")
    clause, was = process.draft.clauses.get(slug="hamnen"), workflow.seen(process)
    saw, because = drafting.fingerprint(clause), build.because()

    results = at_once(
        lambda: drafting.edit_clause(
            process, was, clause.pk, saw=saw, heading="", text="Nytt.", because=because
        ),
        lambda: drafting.drop_clause(process, was, clause.pk, saw=saw, because=because),
    )

    assert [type(error) for error in errors(results)] == [drafting.Conflict]
    left = process.draft.clauses.filter(slug="hamnen").first()
    assert left is None or left.text == "Nytt."
    assert process.versions.count() == 2
    assert process.clause_changes.count() == 1


def test_adoption_and_sending_back_at_once_do_one_of_them():
    process = build.at("decision")
    was, by = workflow.seen(process), build.leader()
    decision = build.make_decision()

    results = at_once(
        lambda: workflow.record_decision(process, was, decision=decision, by=by, today=TODAY),
        lambda: workflow.send_back(
            process, was, to_step=6, reason="Skolan saknas.", by=by, today=TODAY
        ),
    )

    assert [type(error) for error in errors(results)] == [StaleStep]
    process = Process.objects.get(pk=process.pk)
    kinds = build.log_kinds(process)
    if process.is_open:
        assert (process.step, process.draft.state) == (6, "draft")
        assert "adopted" not in kinds
        assert not process.program.decisions.exists()
    else:
        assert (process.outcome, process.draft.state) == ("adopted", "adopted")
        assert "sent_back" not in kinds
    assert build.replayed(process) == build.standing_of(process)
    assert process.program.editions.filter(state="adopted").count() == 1


def test_two_who_edit_the_same_clause_at_once_get_a_conflict():
    process = build.placed_at("approval")
    clause, was = process.draft.clauses.get(slug="hamnen"), workflow.seen(process)
    saw, because = drafting.fingerprint(clause), build.because()

    def edit(text):
        return lambda: drafting.edit_clause(
            process, was, clause.pk, saw=saw, heading="", text=text, because=because
        )

    results = at_once(edit("Ett."), edit("Två."))

    assert [type(error) for error in errors(results)] == [drafting.Conflict]
    clause.refresh_from_db()
    assert errors(results)[0].clause.text == clause.text
    assert clause.text in {"Ett.", "Två."}
    assert process.versions.count() == 2


def test_approval_and_change_of_the_text_at_once_never_approve_what_was_not_read():
    process = build.placed_at("approval")
    seat = process.program.groups.get(kind="steering").members.select_related("user").first()
    clause, was = process.draft.clauses.get(slug="hamnen"), workflow.seen(process)
    digest, saw, because = digest_of(process.draft), drafting.fingerprint(clause), build.because()

    at_once(
        lambda: workflow.take_stand(
            process,
            was,
            membership=seat,
            digest=digest,
            is_approved=True,
            by=seat.user,
            today=TODAY,
        ),
        lambda: drafting.edit_clause(
            process, was, clause.pk, saw=saw, heading="", text="Nytt.", because=because
        ),
    )

    assert digest_of(process.draft) != digest
    assert set(process.approvals.values_list("digest", flat=True)) <= {digest}
