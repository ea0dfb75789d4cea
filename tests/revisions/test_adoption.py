import pytest
from django.db import IntegrityError, connection, transaction

from programs.models import Action, Edition, Program
from programs.models.editions import EditionLocked
from revisions import drafting
from revisions.models import Process
from revisions.steps import Kind
from revisions.workflow import StaleStep
from tests import factories
from tests.revisions import builders as build
from tests.revisions.builders import TODAY

pytestmark = pytest.mark.django_db


def old(process, slug):
    return process.base.clauses.get(slug=slug)


def new(process, slug):
    return process.draft.clauses.get(slug=slug)


def make_action(process, slug, **fields):
    program = process.program
    return factories.make_action(program=program, clause=old(process, slug), **fields)


def rest_of(process):
    """The process, taken on from its draft to its end."""
    while process.is_open:
        process = build.pass_on(process)
    return Process.objects.get(pk=process.pk)


def drafting_process():
    process = build.at("draft")
    build.begin(process)
    return Process.objects.get(pk=process.pk)


def test_adoption_puts_the_draft_in_force_and_keeps_the_text_before():
    process = build.at("decision")
    base, draft = process.base, process.draft
    was = list(base.clauses.values_list("slug", "heading", "text", "parent__slug"))

    build.decide(process)

    process = Process.objects.get(pk=process.pk)
    base.refresh_from_db()
    draft.refresh_from_db()
    decision = process.program.decisions.get()
    assert (base.state, draft.state) == (Edition.State.SUPERSEDED, Edition.State.ADOPTED)
    assert list(base.clauses.values_list("slug", "heading", "text", "parent__slug")) == was
    assert base in Edition.objects.public()
    assert process.program.current_edition == draft
    assert (draft.decision, draft.valid_from.first, draft.number) == (decision, TODAY, 2)
    assert (decision.section, decision.case_number) == ("112", "KS 2026/7")
    assert (process.is_open, process.outcome, process.ended.first) == (False, "adopted", TODAY)
    assert build.log_kinds(process)[-3:] == ["decided", "adopted", "closed"]
    assert process.records.get(number=9).passed.first == TODAY
    assert process.comments_open_on is not None


def test_text_that_is_adopted_never_changes():
    process = build.finished()
    clause = process.draft.clauses.first()
    with pytest.raises(EditionLocked):
        clause.save()
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE programs_clause SET heading = 'x' WHERE id = %s", [clause.pk])


@pytest.mark.parametrize("status", ["planned", "ongoing", "paused"])
def test_open_action_follows_the_clause_it_serves(status):
    process = drafting_process()
    action = make_action(process, "hamnen", status=status, reason="Väntar.")
    build.edit(process, new(process, "hamnen"), text="Bygg mycket i hamnen.")
    process = rest_of(process)
    action.refresh_from_db()
    assert action.clause == new(process, "hamnen")
    assert action.clause.text == "Bygg mycket i hamnen."


@pytest.mark.parametrize("status", ["completed", "not_possible"])
def test_finished_action_stays_with_the_text_of_its_time(status):
    process = drafting_process()
    action = make_action(process, "hamnen", status=status, reason="Nej.")
    updated = action.updated_at
    process = rest_of(process)
    action.refresh_from_db()
    assert (action.clause, action.updated_at) == (old(process, "hamnen"), updated)


def test_action_follows_a_split_to_the_first_part():
    process = drafting_process()
    action = make_action(process, "vagar")
    parts = build.write(
        process,
        drafting.split_clause,
        new(process, "vagar"),
        heading="Gångvägar",
        text="",
        second_heading="Cykelvägar",
        second_text="",
    )
    process = rest_of(process)
    action.refresh_from_db()
    assert action.clause == parts[0]
    assert [part.origin for part in parts] == [old(process, "vagar")] * 2


def test_actions_of_both_follow_a_merge():
    process = drafting_process()
    first, second = make_action(process, "stationen"), make_action(process, "hamnen")
    other = new(process, "hamnen")
    merged = build.write(
        process,
        drafting.merge_clauses,
        new(process, "stationen"),
        other_id=other.pk,
        saw_other=drafting.fingerprint(other),
        heading="",
        text="Bygg vid stationen och i hamnen.",
    )
    rest_of(process)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.clause, second.clause) == (merged, merged)


def test_action_of_a_merged_and_then_split_clause_finds_its_way():
    process = drafting_process()
    action = make_action(process, "hamnen")
    other = new(process, "hamnen")
    merged = build.write(
        process,
        drafting.merge_clauses,
        new(process, "stationen"),
        other_id=other.pk,
        saw_other=drafting.fingerprint(other),
        heading="",
        text="Båda.",
    )
    _first, second = build.write(
        process,
        drafting.split_clause,
        merged,
        heading="",
        text="Stationen.",
        second_heading="",
        second_text="Hamnen.",
    )
    build.write(process, drafting.drop_clause, merged)
    rest_of(process)
    action.refresh_from_db()
    assert action.clause == second


def test_action_of_a_dropped_clause_keeps_its_link_to_the_older_text():
    process = drafting_process()
    action, below = make_action(process, "natur"), make_action(process, "vatten")
    build.write(process, drafting.drop_clause, new(process, "natur"))
    process = rest_of(process)
    action.refresh_from_db()
    below.refresh_from_db()
    assert action.clause == old(process, "natur")
    assert below.clause == old(process, "vatten")
    assert action.clause.edition.state == Edition.State.SUPERSEDED


def test_actions_of_other_programs_and_without_a_clause_are_untouched():
    process = drafting_process()
    loose = factories.make_action(program=process.program)
    elsewhere = build.make_program()
    foreign = factories.make_action(
        program=elsewhere, clause=elsewhere.current_edition.clauses.get(slug="hamnen")
    )
    rest_of(process)
    before = foreign.clause_id
    for action in (loose, foreign):
        action.refresh_from_db()
    assert (loose.clause, foreign.clause_id) == (None, before)


def test_actions_follow_through_two_revisions():
    process = drafting_process()
    action = make_action(process, "hamnen")
    process = rest_of(process)
    again = rest_of(build.start(Kind.REVISION, process.program))
    action.refresh_from_db()
    assert action.clause == new(again, "hamnen")
    assert action.clause.origin.origin == old(process, "hamnen")
    states = again.program.editions.order_by("number").values_list("state", flat=True)
    assert list(states) == ["superseded", "superseded", "adopted"]


def test_first_adoption_puts_the_program_in_operation():
    program = factories.make_program(status=Program.Status.PREPARATION)
    process = build.finished(Kind.CREATION, program)
    program.refresh_from_db()
    assert program.status == Program.Status.ACTIVE
    assert (process.draft.number, process.base) == (1, None)


def test_adoption_that_is_refused_changes_nothing(monkeypatch):
    """Everything in one transaction: what fails late takes what went before with it."""
    process = build.at("decision")
    action = make_action(process, "hamnen")

    def fail(self, **_fields):
        raise RuntimeError

    monkeypatch.setattr(Action, "save", fail)
    with pytest.raises(RuntimeError):
        build.decide(process)

    process = Process.objects.get(pk=process.pk)
    action.refresh_from_db()
    assert (process.is_open, process.draft.state) == (True, Edition.State.DRAFT)
    assert process.program.current_edition == process.base
    assert action.clause == old(process, "hamnen")
    assert not process.program.decisions.exists()
    assert build.last_entry(process).kind == "passed"


def test_adoption_twice_is_refused():
    process = build.finished(Kind.CREATION)
    with pytest.raises(StaleStep):
        build.decide(process)
    assert process.program.decisions.count() == 1
