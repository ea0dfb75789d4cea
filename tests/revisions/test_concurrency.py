"""Two people at once, in real threads: only a database that locks rows can show it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from revisions import drafting, workflow
from revisions.digest import digest_of
from revisions.models import LogEntry, Process
from revisions.workflow import StaleStep, TransitionError
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
    assert build.position(process).step == 2
    assert build.log_kinds(process) == ["started", "passed"]
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
    assert build.replayed(process) == build.position(process)
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
