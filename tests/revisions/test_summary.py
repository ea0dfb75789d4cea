"""The whole way of a finished process in short: true to its records, and only when finished."""

import html5lib
import pytest
from django.utils import translation

from programs.dates import PartialDate
from programs.models import Decision, Document, Event, Municipality, Outcome
from programs.vocabulary import words_of
from revisions import workflow
from revisions.models import Process
from revisions.steps import Kind
from revisions.summary import between, summary_of
from revisions.workflow import Past
from tests import factories
from tests.revisions import builders
from tests.revisions.builders import TODAY
from tests.revisions.pages import by_class, page_of, public, words_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def lines(process: Process) -> list[str]:
    process = Process.objects.select_related("program", "draft", "base").get(pk=process.pk)
    return [
        words_in(html5lib.parse(f"<p>{line.words} {line.link}</p>"))
        .replace("( ", "(")
        .replace(" )", ")")
        for line in summary_of(process, words_of(Municipality()))
    ]


def date(text: str) -> PartialDate:
    return PartialDate.parse(text)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-05-04", "2026-05-04", "1 day"),
        ("2026-05-04", "2026-06-03", "31 days"),
        ("2026-05-04", "2026-06-04", "1 month"),
        ("2025-08-05", "2026-08-04", "11 months"),
        ("2025-08-05", "2027-08-04", "23 months"),
        ("2025-08-05", "2027-08-05", "2 years"),
        ("2025-08-05", "2027-09-06", "2 years and 1 month"),
        ("januari 2011", "februari 2018", "7 years and 1 month"),
        ("2011", "februari 2018", "about 7 years"),
        ("2011", "2011", "about a year"),
    ],
)
def test_time_is_as_exact_as_the_dates(first, last, words):
    assert between(date(first), date(last)) == words


def test_nothing_is_summed_up_before_the_end():
    assert lines(builders.at("decision")) == []


def test_adopted_revision_tells_time_meetings_comments_changes_approval_and_decision():
    process = builders.start()
    builders.show(process, Event.Kind.DIALOGUE_MEETING, participants=40, date="2026-02-04")
    while process.current.slug != "youth-activity":
        process = builders.pass_on(process)
    builders.show(process, Event.Kind.YOUTH_ACTIVITY, participants=12)
    while process.current.slug != "comments":
        process = builders.pass_on(process)
    builders.comment(process)
    builders.comment(process, outcome=Outcome.NO, reply="Nej.")
    builders.comment(process, state="held", text="Hemligt")
    while process.current.slug != "draft":
        process = builders.pass_on(process)
    draft = builders.begin(process)
    builders.edit(process, draft.clauses.get(slug="hamnen"), text="Bada i hamnen.")
    builders.write(
        process,
        builders.drafting.drop_clause,
        draft.clauses.get(slug="stationen"),
    )
    while process.is_open:
        process = builders.pass_on(process)

    assert lines(process) == [
        "It took 3 months from the first meeting, 4 February 2026, to the decision, 4 May 2026.",
        "6 meetings and activities were held on the way, with 52 participants.",
        "2 comments came in, and each has its answer. Read them",
        "Pieces of the text: 1 is edited, 1 is dropped. 6 are as before. See what was changed",
        "In styrgruppen 1 politician and 1 representative of the residents approved it.",
        "The deciding body adopted it (4 May 2026, § 112, KS 2026/7).",
    ]


def test_what_was_sent_and_referred_back_is_told():
    process = builders.at("decision")
    builders.decide(process, Decision.Outcome.REFERRED_BACK, to_step=7, reason="Mer.")
    process.refresh_from_db()
    while process.is_open:
        process = builders.pass_on(process)

    told = lines(process)

    assert (
        "The deciding body referred it back for more work (4 May 2026, § 112, KS 2026/7)." in told
    )
    assert told[-1] == "On the way it was sent back once, and steps were done again."


def test_only_approvals_of_the_decided_text_are_counted():
    process = builders.at("approval")
    builders.approve_all(process)
    builders.edit(process)
    process.refresh_from_db()
    meeting = builders.make_meeting(process, title="Styrgruppen möts")
    digest = builders.digest_of(builders.process_draft(process))
    builders.act(process, workflow.minute_approval, event=meeting, digest=digest)
    process = builders.act(process, workflow.pass_step)
    while process.is_open:
        process = builders.pass_on(process)

    assert "Styrgruppen approved it at its meeting 4 May 2026. Styrgruppen möts" in lines(process)
    assert not any("politician" in line for line in lines(process))


def test_rejected_and_ended_ones_say_so():
    rejected = builders.at("decision")
    builders.decide(rejected, Decision.Outcome.REJECTED)
    ended = builders.abort(builders.start(), "Kommunen delas.")

    assert "The deciding body rejected it (4 May 2026, § 112, KS 2026/7)." in lines(rejected)
    assert not any("See what was changed" in line for line in lines(rejected))
    assert lines(ended)[-1] == "The work ended without a result. Kommunen delas."


def test_local_development_tells_of_its_plan():
    plan = factories.make_edition(
        state="adopted",
        clauses=["Torget"],
        decision=factories.make_decision(decided="april 2012", outcome="adopted"),
    )
    program = plan.program
    plan.decision.program = program
    plan.decision.save()
    factories.make_action(program=program, status="completed")
    factories.make_action(program=program)
    report = factories.make_document(program=program, kind=Document.Kind.EVALUATION, title="Facit")
    process = workflow.enter_history(
        program,
        Kind.LOCAL_DEVELOPMENT,
        [Past(1, passed=date("2012")), Past(2, passed=date("2018"), documents=[report])],
        started=date("januari 2011"),
        ended=date("februari 2018"),
        plan=plan,
        today=TODAY,
    )

    assert lines(process) == [
        "It took 7 years and 1 month, from january 2011 to february 2018.",
        f"{plan.decision.body.name} adopted the plan (april 2012).",
        "The plan had 2 actions; 1 of them are done. See what was done",
        "The work has been evaluated. Facit",
    ]


def test_public_page_of_a_finished_process_opens_with_it(client):
    process = builders.finished()

    panel = words_in(by_class(page_of(client, public(process)), "panel--call")[0])

    assert panel.startswith("The whole way in short It took")
