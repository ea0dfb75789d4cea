"""The log in sentences: every kind of entry, in the words of the municipality, naming nobody."""

import html5lib
import pytest
from django.utils import translation

from programs.models import Decision, Group, Membership, Municipality
from programs.vocabulary import PRESETS, term_from, words_of
from revisions import drafting, workflow
from revisions.models import LogEntry, Process, Statement
from revisions.steps import Kind
from revisions.telling import log_of
from revisions.telling.sentences import SENTENCES
from tests import factories
from tests.revisions import builders
from tests.revisions.builders import TODAY, TOMORROW, YESTERDAY
from tests.revisions.pages import words_in

pytestmark = pytest.mark.django_db

AS = {"role": "Projektledare"}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def read(told) -> str:
    return words_in(html5lib.parse(f"<p>{told.words}</p>")).replace("( ", "(")


def log(process: Process, words=None) -> list[str]:
    """In the order it happened."""
    return [read(told) for told in log_of(process, words or words_of(Municipality()))][::-1]


def latest(process: Process):
    return log_of(process, words_of(Municipality()))[0]


def flen() -> Municipality:
    municipality = factories.make_municipality()
    for key, forms in PRESETS["flen"].items():
        term = term_from(key, forms)
        term.municipality = municipality
        term.save()
    return Municipality.objects.prefetch_related("terms").get()


def test_whole_revision_is_told_in_sentences():
    process = builders.start()
    while process.is_open:
        process = builders.pass_on(process)

    told = log(process)

    assert told[0] == "The revision began with step 1, Open dialogue meeting."
    assert told[1].startswith("The municipality added what shows it: Stormöte ")
    assert told[3] == (
        "Step 1, Open dialogue meeting, is done. Now step 2 begins, Activity for young people."
    )
    assert told.count("All comments that came in on paper have been entered.") == 1
    for sentence in (
        "The board of samhällsföreningen stood behind the result 3 May 2026 and informed the "
        "members 4 May 2026.",
        "The municipality opened for comments from 3 May 2026 to 3 May 2026.",
        "The municipality began to write the draft.",
        "The municipality published the draft. Anyone can read it.",
        "Samhällsföreningen gave its view of the draft.",
        "A politician in styrgruppen approved the draft.",
        "A representative of the residents in styrgruppen approved the draft.",
        "The draft was presented as an information item: Samhällsbyggnad, 4 May 2026, KS 2026/7.",
    ):
        assert told.count(sentence) == 1, sentence
    assert told[-3:] == [
        "The deciding body adopted the text (4 May 2026, § 112, KS 2026/7).",
        "The new text is in force. The earlier one can still be read.",
        "All steps are done.",
    ]


def test_every_kind_has_a_sentence_of_its_own():
    """Otherwise it is told by its name alone."""
    assert set(SENTENCES) == set(LogEntry.Kind.values)


@pytest.mark.parametrize("step", [1, 9, 77])
def test_a_kind_of_tomorrow_is_told_by_its_name(step):
    process = builders.start()
    LogEntry.objects.create(process=process, kind="moved_house", step=step, reason="<b>Flytt</b>")

    told = latest(process)

    title = {1: "Open dialogue meeting", 9: "The decision is made"}.get(step)
    assert read(told) == (f"Moved_house: {title}." if title else "Moved_house.")
    assert told.quote == "<b>Flytt</b>"


def test_leader_and_groups_have_the_municipality_s_own_words():
    municipality = flen()
    process = builders.at("initiate", Kind.LOCAL_DEVELOPMENT)
    builders.act(process, drafting.begin_draft, role="Ortsutvecklare")

    told = log_of(process, words_of(municipality))

    assert read(told[0]) == "Ortsutvecklaren began to write the draft."
    assert told[0].recorded_by == ""
    assert read(told[1]) == (
        "Phase 1, Mobilise, is done. Now phase 2 begins, Initiate: vision and plan."
    )
    assert told[1].recorded_by == "the municipality"


def test_who_recorded_what_another_did_is_told_beside_it():
    process = builders.at("anchoring")
    builders.act(
        process,
        workflow.anchor,
        board_on=YESTERDAY,
        members_informed_on=TODAY,
        by_representative=True,
        note="Styrelsen är enig.",
        role="Föreningens företrädare",
    )

    told = latest(process)

    assert (told.recorded_by, told.quote) == ("föreningens företrädare", "Styrelsen är enig.")


def test_period_that_is_set_again_is_told_as_changed():
    process = builders.at("comments")
    for closes, reason in ((TODAY, ""), (TOMORROW, "Många hann inte.")):
        builders.act(
            process,
            workflow.open_comments,
            opens_on=TODAY,
            closes_on=closes,
            reason=reason,
            **AS,
        )

    assert log(process)[-2:] == [
        "Projektledaren opened for comments from 4 May 2026 to 4 May 2026.",
        "Projektledaren changed the time for comments: from 4 May 2026 to 5 May 2026.",
    ]
    assert latest(process).quote == "Många hann inte."


def test_what_was_chosen_by_mistake_is_told_as_withdrawn():
    process = builders.start()
    event = builders.show(process, "dialogue_meeting", title="Fel möte")
    row = process.evidence.get(event=event)
    builders.act(process, workflow.withdraw_evidence, evidence=row.pk, reason="Fel år.", **AS)

    told = latest(process)

    assert read(told) == "Projektledaren withdrew what was shown by mistake: Fel möte, 3 May 2026."
    assert told.quote == "Fel år."


def test_channel_that_is_reopened_says_that_more_had_come_in():
    process = builders.at("comments")
    builders.enter_channels(process)
    builders.act(process, workflow.reopen_channel, channel="paper", reason="Tre brev.", **AS)

    told = latest(process)

    assert read(told) == "More comments had come in on paper, and they are being entered."
    assert (told.quote, told.recorded_by) == ("Tre brev.", "projektledaren")


def test_correction_says_what_is_right():
    process = builders.at("anchoring")
    first = builders.anchor(process).anchorings.get()
    builders.anchor(process, board_on=TODAY, corrects=first.pk, reason="Fel dag.")

    told = log(process)

    (corrected,) = [each for each in told if "corrected" in each]
    assert corrected.startswith(
        "The municipality corrected what was recorded: the board decided 4 May 2026"
    )
    assert [each for each in told if "stood behind" in each] == [
        "The board of samhällsföreningen stood behind the result 3 May 2026 and informed the "
        "members 4 May 2026."
    ]


def test_sending_back_tells_from_where_to_where_and_why():
    process = builders.at("approval")
    process = builders.send_back(process, 6, "Skriv tydligare.")

    told = latest(process)

    assert read(told) == (
        "The work was sent back from step 7, The steering group approves, "
        "to step 6, A draft is written."
    )
    assert told.quote == "Skriv tydligare."


def test_change_after_an_approval_says_that_it_no_longer_counts():
    process = builders.placed_at("approval")
    builders.edit(process)
    assert log(process)[-1] == "The municipality changed the draft."
    process.refresh_from_db()
    builders.approve_all(process)
    builders.edit(process, text="En annan text.")

    assert log(process)[-1] == (
        "The municipality changed the draft. Approvals given before no longer count."
    )


def test_approval_is_told_by_capacity_and_party_with_the_mark_of_the_text():
    program = builders.make_program()
    group = program.groups.get(kind=Group.Kind.STEERING)
    for capacity, party in (("politician", "S"), ("association", "")):
        factories.make_membership(
            group=group, capacity=capacity, party=party, user=factories.make_user()
        )
    process = builders.placed_at("approval")
    Process.objects.filter(pk=process.pk).update(program=program)
    process.refresh_from_db()
    for seat in Membership.objects.filter(group=group, party="S"):
        builders.approve(process, seat, is_approved=False, reason="Mer om skolan.")
    for seat in Membership.objects.filter(group=group, capacity="association"):
        builders.approve(process, seat)

    asked, approved = log_of(process, words_of(Municipality()))[:2][::-1]

    assert read(asked) == "A politician (S) in styrgruppen asked for a change."
    assert asked.quote == "Mer om skolan."
    assert read(approved) == (
        "A representative of samhällsföreningen in styrgruppen approved the draft."
    )
    assert approved.mark == approved.entry.digest[:8] != ""


def test_minutes_say_when_the_group_met():
    process = builders.placed_at("approval")
    meeting = builders.make_meeting(process)
    digest = builders.digest_of(builders.process_draft(process))
    builders.act(process, workflow.minute_approval, event=meeting, digest=digest)

    assert log(process)[-1] == (
        "Styrgruppen approved the draft at its meeting 4 May 2026. It is in the minutes."
    )


def test_absent_and_reference_group_s_statements_are_told_apart():
    process = builders.at("draft")
    builders.begin(process)
    builders.act(process, workflow.set_statement_deadline, due_on=TODAY)
    builders.state(process, text="", today=TOMORROW)
    creation = builders.at("reference-group", Kind.CREATION)
    builders.state(creation, Statement.Body.REFERENCE_GROUP)

    assert log(process)[-2:] == [
        "Samhällsföreningen can give its view of the draft until 4 May 2026.",
        "Samhällsföreningen had given no view of the draft when the time was over.",
    ]
    assert log(creation)[-1] == "The reference group gave its view of the draft."


def test_decisions_are_told_by_what_they_led_to():
    process = builders.at("decision")
    body = factories.make_deciding_body(name="Kommunstyrelsen")
    builders.decide(
        process,
        decision=builders.make_decision(Decision.Outcome.REFERRED_BACK, section="12", body=body),
        to_step=9 - 2,
        reason="Mer om skolan.",
    )
    told = log_of(process, words_of(Municipality()))
    assert read(told[1]) == (
        "Kommunstyrelsen referred the draft back for more work (4 May 2026, § 12, KS 2026/7)."
    )
    assert (told[1].quote, told[0].quote) == ("", "Mer om skolan.")

    process.refresh_from_db()
    while process.current.slug != "decision":
        process = builders.pass_on(process)
    builders.decide(process, decision=builders.make_decision(Decision.Outcome.REJECTED, body=body))

    assert log(Process.objects.get(pk=process.pk))[-2:] == [
        "Kommunstyrelsen rejected the draft (4 May 2026, § 112, KS 2026/7).",
        "The work ended. The text in force before still is.",
    ]


def test_ending_without_a_result_says_who_and_why():
    process = builders.abort(builders.start(), "Kommunen delas.", **AS)

    told = log_of(process, words_of(Municipality()))

    assert [read(each) for each in told[:2]] == [
        "The work ended without a result. What was recorded is kept.",
        "Projektledaren ended the work without a result.",
    ]
    assert [each.quote for each in told[:2]] == ["", "Kommunen delas."]


def test_what_others_wrote_is_escaped_in_the_sentence():
    process = builders.at("information")
    builders.inform(process, body="<script>", case_number="<i>")

    (first, *_others) = log_of(process, words_of(Municipality()))

    assert "<script>" not in first.words
    assert "&lt;script&gt;" in first.words


def test_log_asks_as_much_for_a_long_log_as_for_a_short(django_assert_num_queries):
    process = builders.placed_at("approval")
    builders.approve_all(process)
    with django_assert_num_queries(2):
        log_of(process, words_of(Municipality()))
    for number in range(12):
        builders.edit(process, text=f"Text {number}.")
        builders.approve_all(process)

    with django_assert_num_queries(2):
        told = log_of(process, words_of(Municipality()))
    assert len(told) == process.log.count() > 36
