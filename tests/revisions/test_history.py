"""A process that began before it was kept here: what is entered, what is refused, and its log."""

import pytest
from django.utils import translation

from programs.dates import PartialDate
from programs.models import Edition, Event
from revisions import workflow
from revisions.models import LogEntry, Process
from revisions.steps import Kind
from revisions.workflow import Past
from tests import factories
from tests.revisions import builders
from tests.revisions.builders import TODAY, TOMORROW
from tests.revisions.pages import by_class, main_of, page_of, public, words_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def date(text: str) -> PartialDate:
    return PartialDate.parse(text)


def enter(program=None, past=(), kind=Kind.LOCAL_DEVELOPMENT, **fields) -> Process:
    program = program or factories.make_program()
    given = {"by": builders.leader(), "role": "Projektledare", "today": TODAY}
    return workflow.enter_history(program, kind, past, **given | fields)


THREE = [
    Past(1, date("2011"), date("mars 2012"), "Samtal under 2011."),
    Past(2, date("mars 2012"), date("våren 2014")),
    Past(3, date("våren 2014")),
]


def test_history_stands_where_it_had_come_and_its_log_replays():
    process = enter(past=THREE, started=date("2011"))

    assert builders.position(process) == builders.replayed(process)
    assert (process.step, process.is_open, process.current.slug) == (3, True, "carry-out")
    assert [
        (record.number, record.started, record.passed)
        for record in process.records.order_by("number")
    ] == [
        (1, date("2011"), date("mars 2012")),
        (2, date("mars 2012"), date("våren 2014")),
        (3, date("våren 2014"), None),
    ]


def test_log_tells_when_it_happened_and_when_it_was_recorded():
    log = list(enter(past=THREE, started=date("2011")).log.all())

    assert [(entry.kind, entry.step, entry.to_step, entry.happened) for entry in log] == [
        ("started", 1, None, date("2011")),
        ("history", 1, 2, date("mars 2012")),
        ("history", 2, 3, date("våren 2014")),
    ]
    assert {entry.at.astimezone().date() for entry in log} == {TODAY}
    assert log[1].reason == "Samtal under 2011."
    assert {entry.role for entry in log} == {"Projektledare"}


def test_step_after_the_last_that_was_passed_is_under_way():
    process = enter(past=THREE[:1])

    assert process.step == 2
    assert process.records.get(number=2).started == date("mars 2012")


def test_nothing_known_begins_at_the_first_step():
    process = enter()

    assert (process.step, process.is_open) == (1, True)
    assert builders.position(process) == builders.replayed(process)


@pytest.mark.parametrize(
    ("outcome", "kinds"),
    [
        ("", ["history", "closed"]),
        ("adopted", ["adopted", "closed"]),
        ("rejected", ["decided", "closed"]),
        ("aborted", ["aborted", "closed"]),
    ],
)
def test_finished_history_replays_to_its_outcome(outcome, kinds):
    past = [*THREE[:2], Past(3, date("våren 2014"), date("2017"))]

    process = enter(past=past, ended=date("februari 2018"), outcome=outcome)

    assert builders.position(process) == builders.replayed(process)
    assert (process.is_open, process.outcome) == (False, outcome or "evaluated")
    assert builders.log_kinds(process)[-2:] == kinds
    assert process.log.last().happened == date("februari 2018")


def test_evidence_is_connected_and_shown_with_its_own_date(client):
    program = factories.make_program()
    event = factories.make_event(program=program, date="mars 2012", title="Stormötet")
    document = factories.make_document(program=program, title="Bilderna")
    past = [Past(1, passed=date("2012"), events=[event], documents=[document])]

    process = enter(program, past)

    page = page_of(client, public(process))
    first = words_in(by_class(page, "path__step")[0])
    assert "Stormötet · march 2012" in first
    assert "Bilderna" in first
    assert [
        (entry.step, entry.happened, entry.about)
        for entry in process.log.filter(kind=LogEntry.Kind.EVIDENCE_ADDED)
    ] == [(1, date("2012"), "Bilderna"), (1, date("mars 2012"), "Stormötet, march 2012")]
    assert builders.position(process) == builders.replayed(process)


def test_history_goes_on_by_the_ordinary_transitions():
    program = factories.make_program()
    process = enter(program, THREE)
    with pytest.raises(workflow.StepBlocked):
        builders.act(process, workflow.pass_step)

    while process.is_open:
        process = builders.pass_on(process)

    assert process.outcome == Process.Outcome.EVALUATED
    assert builders.position(process) == builders.replayed(process)


def test_unapproved_text_is_not_adopted_because_the_past_says_it_was_approved():
    """Entering steps as passed opens no way around the approval."""
    program = builders.make_program()
    past = [Past(number, passed=date("2025")) for number in range(1, 9)]
    process = enter(program, past, Kind.REVISION)
    assert process.current.slug == "decision"
    draft = factories.make_edition(program=program, clauses=["Torget"])
    Process.objects.filter(pk=process.pk).update(draft=draft)

    with pytest.raises(workflow.TransitionError, match="steering group"):
        builders.decide(process)

    assert program.editions.get(state=Edition.State.ADOPTED) != draft


REFUSED = {
    "step out of order": [THREE[1], THREE[0]],
    "step twice": [THREE[0], THREE[0]],
    "step that does not exist": [Past(5, passed=date("2012"))],
    "step that was not passed": [Past(1), Past(2)],
    "date to come": [Past(1, passed=PartialDate(TOMORROW))],
    "start to come": [Past(1, started=PartialDate(TOMORROW))],
}


@pytest.mark.parametrize("past", REFUSED.values(), ids=REFUSED)
def test_impossible_past_is_refused_and_leaves_nothing(past):
    with pytest.raises(workflow.TransitionError):
        enter(past=past)

    assert not Process.objects.exists()
    assert not LogEntry.objects.exists()


def test_history_is_refused_while_a_process_is_under_way_unless_it_is_finished():
    program = factories.make_program()
    enter(program)

    with pytest.raises(workflow.TransitionError):
        enter(program, THREE)
    enter(program, THREE[:2], ended=date("2014"))

    assert program.processes.count() == 2


def test_history_takes_only_what_belongs_to_the_program():
    strange = factories.make_event()
    draft = factories.make_edition(clauses=["Torget"])
    elsewhere = factories.make_edition(state="adopted", clauses=["Torget"])

    with pytest.raises(workflow.TransitionError):
        enter(past=[Past(1, passed=date("2012"), events=[strange])])
    for plan in (draft, elsewhere):
        with pytest.raises(workflow.TransitionError):
            enter(plan=plan)
    with pytest.raises(workflow.TransitionError):
        enter(draft.program, plan=draft)
    assert not Process.objects.exists()


def test_plan_of_the_past_counts_as_this_round_s_plan(client):
    plan = factories.make_edition(state="adopted", clauses=["Torget"])
    event = factories.make_event(program=plan.program, kind=Event.Kind.PUBLIC_ASSEMBLY, notes="Ja")

    process = enter(plan.program, [THREE[0], Past(2, events=[event])], plan=plan)

    assert process.draft == plan
    factories.make_group(program=plan.program)
    assert builders.act(process, workflow.pass_step).step == 3


def test_public_page_tells_history_as_history(client):
    program = factories.make_program()
    process = enter(program, THREE, started=date("2011"))
    page = page_of(client, public(process))

    entries = [words_in(each) for each in by_class(page, "log")[0]]
    assert entries == [
        "spring 2014 Phase 2, Initiate: vision and plan, is done. Now phase 3 begins, Carry out. "
        "Recorded afterwards, 4 May 2026, by projektledaren.",
        "march 2012 Phase 1, Mobilise, is done. Now phase 2 begins, Initiate: vision and plan. "
        "Samtal under 2011. Recorded afterwards, 4 May 2026, by projektledaren.",
        "2011 The work began with phase 1, Mobilise. "
        "Recorded afterwards, 4 May 2026, by projektledaren.",
    ]
    assert "Phase 3 of 4: Carry out." in main_of(page)
