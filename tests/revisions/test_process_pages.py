"""The public page of a process: the line, the evidence, what is open, what comes next, the log."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from programs.models import Decision, Document, Event, Outcome, VoiceState
from revisions import workflow
from revisions.models import Process
from tests import factories
from tests.revisions import builders
from tests.revisions.pages import (
    by_class,
    links,
    main_of,
    open_for_comments,
    page_of,
    public,
    queries,
    revision_at,
    words_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture(autouse=True)
def seats(politician, resident_representative):
    """The steering group that approves."""


def stations(page) -> list[str]:
    return [words_in(each) for each in by_class(page, "path__step")]


def test_line_has_nine_stations_and_one_is_current(client, program):
    process = revision_at("compilation", program)

    page = page_of(client, public(process))

    states = [each.get("class").split("--")[-1] for each in by_class(page, "path__step")]
    assert states == ["done", "done", "current"] + ["later"] * 6
    assert [each.get("aria-current") for each in by_class(page, "path__step")].count("step") == 1
    assert "Step 3 of 9: The result is compiled." in main_of(page)
    assert "What comes next The association anchors and informs" in main_of(page)


def test_stations_show_evidence_with_dates_once(client, program):
    process = revision_at("dialogue-meeting", program)
    event = builders.show(process, Event.Kind.DIALOGUE_MEETING, title="Möte i skolan")
    document = builders.show_document(process, Document.Kind.COMPILATION, title="Sammanställning")

    page = page_of(client, public(process))

    first = stations(page)[0]
    assert first.count("Möte i skolan") == 1
    assert "Möte i skolan · 3 May 2026" in first
    assert f"{document.title} (PDF)" in first
    assert reverse("programs:event", args=[event.pk]) in links(page)


def test_evidence_of_two_attempts_is_shown_once(client, program):
    process = revision_at("approval", program)
    event = process.evidence.filter(number=1).first().event
    builders.send_back(process, 1)
    process.refresh_from_db()
    builders.act(process, workflow.add_evidence, event=event)

    first = stations(page_of(client, public(process)))[0]

    assert first.count(event.title) == 1
    assert "done more than once" in first


def test_open_period_says_until_when_and_leads_to_the_form(client, program, today):
    process = revision_at("comments", program)
    open_for_comments(process, closes_on=today + datetime.timedelta(days=2))

    page = page_of(client, public(process))

    assert "Open 3 more days" in main_of(page)
    assert f"{reverse('revisions:say')}?process={process.pk}" in links(page)
    assert f"Open until {(today + datetime.timedelta(days=2)).day} " in stations(page)[4]


def test_period_to_come_says_when_it_opens(client, program, today):
    process = revision_at("comments", program)
    tomorrow = today + datetime.timedelta(days=1)
    open_for_comments(process, opens_on=tomorrow, closes_on=tomorrow)

    page = page_of(client, public(process))

    assert f"Opens {tomorrow.day} " in stations(page)[4]
    assert f"{reverse('revisions:say')}?process={process.pk}" not in links(page)


def test_period_that_is_over_says_when_it_was(client, program):
    process = revision_at("draft", program)

    fifth = stations(page_of(client, public(process)))[4]

    assert "Comments were open from 3 May 2026 to 3 May 2026." in fifth


def test_only_published_comments_are_counted(client, program):
    process = revision_at("comments", program)
    open_for_comments(process)
    builders.comment(process)
    builders.comment(process, state=VoiceState.HELD, text="Hemligt")
    builders.comment(process, state=VoiceState.REFUSED, state_reason="Kränkande")

    page = page_of(client, public(process))

    assert "1 comment so far." in main_of(page)
    assert "A person reads each comment before it is shown." in main_of(page)
    assert "Hemligt" not in main_of(page)


def test_later_stations_hide_the_statement_of_an_earlier_attempt(client, program):
    process = revision_at("approval", program)
    assert "Vi är nöjda." in stations(page_of(client, public(process)))[5]
    builders.send_back(process, 3)

    page = page_of(client, public(process))

    assert "Vi är nöjda." not in " ".join(stations(page))
    assert "Vi är nöjda." in words_in(by_class(page, "log")[0])


def test_log_is_complete_newest_first_and_names_nobody(client, program):
    process = revision_at("approval", program)
    builders.send_back(process, 6, reason="Skriv tydligare.")

    page = page_of(client, public(process))

    entries = [words_in(each) for part in by_class(page, "log") for each in part]
    assert len(entries) == process.log.count()
    assert "to step 6, A draft is written. Skriv tydligare. Recorded by" in entries[0]
    assert "The revision began with step 1, Open dialogue meeting." in entries[-1]
    assert builders.leader().name not in main_of(page)


def test_long_log_is_folded_and_still_there(client, program):
    process = revision_at("anchoring", program)
    assert process.log.count() < 14
    (whole,) = by_class(page_of(client, public(process)), "log")
    assert len([*whole]) == process.log.count()
    while process.current.slug != "approval":
        process = builders.pass_on(process)

    shown, folded = by_class(page_of(client, public(process)), "log")

    assert (len([*shown]), len([*folded])) == (10, process.log.count() - 10)


def test_finished_process_shows_the_whole_way_to_the_decision(client, program):
    process = revision_at("decision", program)
    builders.decide(
        process,
        Decision.Outcome.REFERRED_BACK,
        to_step=7,
        reason="Mer om skolvägar.",
        decision=builders.make_decision(Decision.Outcome.REFERRED_BACK, section="12"),
    )
    process.refresh_from_db()
    while process.is_open:
        process = builders.pass_on(process)

    page = page_of(client, public(process))

    states = [each.get("class").split("--")[-1] for each in by_class(page, "path__step")]
    assert states == ["done"] * 9
    assert "Finished 4 May 2026." in main_of(page)
    assert "The whole way in short" in main_of(page)
    last = stations(page)[8]
    assert last.index("Referred back") < last.index("Adopted")
    assert "§ 12 · KS 2026/7" in last
    assert "§ 112" in last
    assert "The text is the same as before, word by word." in main_of(page)
    assert process.base.get_absolute_url() in links(page)


def test_rejected_process_shows_its_decision(client, program):
    process = revision_at("decision", program)
    builders.decide(process, Decision.Outcome.REJECTED)

    page = page_of(client, public(process))

    assert "Rejected" in by_class(page, "page-header__tags")[0].findtext("*")
    assert "Rejected 4 May 2026, § 112 · KS 2026/7" in stations(page)[8]


def test_decisions_on_a_plan_stand_in_the_phase_where_it_is_written(client):
    process = builders.at("initiate", "local_development")
    builders.begin(process)
    referred = builders.make_decision(Decision.Outcome.REFERRED_BACK, section="12")
    builders.decide(process, decision=referred, reason="Dyrt.")
    # A decision on something else in the program is not the process's.
    factories.make_decision(
        program=process.program, outcome="rejected", decided=builders.TODAY, section="13"
    )
    builders.pass_on(process)

    page = page_of(client, public(process))

    second = stations(page)[1]
    assert second.index("Referred back 4 May 2026, § 12") < second.index(
        "Adopted 4 May 2026, § 112"
    )
    assert "§ 13" not in main_of(page)
    assert "§" not in stations(page)[3]
    log = words_in(by_class(page, "log")[0])
    assert "referred the draft back for more work ( 4 May 2026, § 12, KS 2026/7). Dyrt." in log


def test_statement_says_until_when_it_can_be_given_and_by_whom_it_was(client, program, today):
    process = revision_at("draft", program)
    builders.begin(process)
    tomorrow = today + datetime.timedelta(days=1)
    builders.act(process, workflow.set_statement_deadline, due_on=tomorrow)
    assert (
        f"can give its statement until {tomorrow.day} "
        in stations(page_of(client, public(process)))[5]
    )

    builders.state(process, by_representative=False)

    sixth = stations(page_of(client, public(process)))[5]
    assert "Vi är nöjda. Recorded by the project leader on the association's behalf." in sixth
    assert "can give its statement" not in sixth


def test_document_that_came_to_belong_to_a_draft_is_not_shown(client, program):
    process = revision_at("compilation", program)
    document = builders.show_document(process, Document.Kind.COMPILATION, title="Hemlig")
    assert "Hemlig" in stations(page_of(client, public(process)))[2]
    document.edition = factories.make_edition(program=program, state="draft", number=9)
    document.save()

    assert "Hemlig" not in stations(page_of(client, public(process)))[2]


@pytest.mark.parametrize(
    ("kind", "words"), [("creation", "Step 1 of 6"), ("local_development", "Phase 1 of 4")]
)
def test_other_kinds_show_their_own_steps(client, kind, words):
    process = builders.start(kind)

    page = page_of(client, public(process))

    assert len(stations(page)) == len(process.steps)
    assert words in main_of(page)


@pytest.mark.parametrize("name", ["process", "comments", "comment", "draft"])
def test_process_of_another_program_is_not_found(client, program, other_program, name):
    process = revision_at("draft", program)
    builders.begin(process)
    builders.publish(process)

    own = reverse(f"revisions:{name}", args=[program.slug, process.pk])
    strange = reverse(f"revisions:{name}", args=[other_program.slug, process.pk])

    assert client.get(own).status_code == (302 if name == "comment" else 200)
    assert client.get(strange).status_code == 404
    assert client.get(own.replace(f"/{process.pk}/", "/999999999999999999/")).status_code == 404


def test_queries_are_the_same_for_any_length(client, program):
    process = revision_at("approval", program)
    builders.comment(process)
    few = queries(client, public(process))
    for number in range(30):
        builders.comment(process, outcome=Outcome.NO, reply="Nej.")
        if number < 4:
            event = factories.make_event(program=program, kind="dialogue_meeting")
            builders.act(process, workflow.add_evidence, event=event)
            builders.add_seat(program, "resident")
        builders.edit(process, text=f"Ny text {number}.")

    assert queries(client, public(process)) == few
    assert Process.objects.get(pk=process.pk).log.count() > 30
