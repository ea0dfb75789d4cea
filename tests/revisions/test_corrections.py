"""What was done by mistake is undone or corrected while its step is under way; nothing is lost."""

import datetime

import pytest
from django.utils import translation

from programs.models import Document
from revisions import workflow
from revisions.models import Evidence, Process
from revisions.requirements import missing
from revisions.workflow import AlreadyDone, TransitionError
from tests import factories
from tests.revisions import builders as build
from tests.revisions.builders import TODAY, TOMORROW, YESTERDAY

pytestmark = pytest.mark.django_db

WEEK = datetime.timedelta(days=7)


def lacks(process):
    return {row.requirement.key for row in missing(Process.objects.get(pk=process.pk), TODAY)}


def told(process):
    """The latest entry of the log: what it was, what it concerned and why."""
    entry = build.last_entry(process)
    assert entry.by == build.leader()
    return entry.kind, entry.subject, entry.reason


def withdraw(process, row, reason="Fel möte.", **fields):
    return build.act(process, workflow.withdraw_evidence, evidence=row.pk, reason=reason, **fields)


# Evidence


def test_evidence_is_logged_with_its_name_and_day():
    process = build.start()
    build.show(process, "dialogue_meeting", title="Möte i skolan")
    assert told(process) == ("evidence_added", "Möte i skolan, 3 maj 2026", "")
    build.show_document(process, "other", title="Affisch", dated=None)
    assert told(process) == ("evidence_added", "Affisch", "")


def test_withdrawn_evidence_no_longer_counts_and_is_kept():
    process = build.start()
    event = build.show(process, "dialogue_meeting", title="Möte")
    row = Evidence.objects.get()

    withdraw(process, row)

    assert lacks(process) == {"dialogue_meeting_held", "dialogue_notes_published"}
    assert told(process) == ("evidence_withdrawn", "Möte, 3 maj 2026", "Fel möte.")
    row.refresh_from_db()
    assert row.withdrawn_at.astimezone().date() == TODAY
    assert build.replayed(process) == build.standing_of(process)

    # It was right after all.
    build.act(process, workflow.add_evidence, event=event)
    assert lacks(process) == set()
    assert Evidence.objects.count() == 2
    assert build.replayed(process) == build.standing_of(process)


def test_evidence_is_withdrawn_once_with_a_reason():
    process = build.start()
    build.show(process, "dialogue_meeting")
    row = Evidence.objects.get()
    with pytest.raises(TransitionError):
        withdraw(process, row, reason=" ")
    withdraw(process, row)
    with pytest.raises(AlreadyDone):
        withdraw(process, row)
    assert build.log_kinds(process).count("evidence_withdrawn") == 1


def test_only_evidence_of_the_step_and_attempt_under_way_is_withdrawn():
    process = build.at("youth-activity")
    earlier = Evidence.objects.first()
    other = build.start()
    build.show(other, "dialogue_meeting")
    for row in (earlier, other.evidence.get()):
        with pytest.raises(TransitionError):
            withdraw(process, row)
    assert Evidence.objects.standing().count() == 3

    process = build.send_back(build.at("approval"), 1)
    with pytest.raises(TransitionError):
        withdraw(process, process.evidence.filter(number=1).first())


def test_document_of_a_draft_is_no_evidence():
    process = build.at("approval")
    document = factories.make_document(program=process.program, edition=process.draft)
    with pytest.raises(TransitionError):
        build.act(process, workflow.add_evidence, document=document)
    assert not process.evidence.filter(document=document).exists()


def test_document_is_published_and_shown_in_one_go():
    process = build.at("compilation")
    document = Document(kind="compilation", title="Det här sa ni", url="https://example.se/a.pdf")
    build.act(process, workflow.publish_document, document=document)

    assert lacks(process) == set()
    assert (document.program, document.dated.first) == (process.program, TODAY)
    assert told(process) == ("evidence_added", "Det här sa ni, 4 maj 2026", "")


# The comment period and its channels


def test_period_is_shortened_and_extended_with_a_reason():
    process = build.at("comments")
    build.hold_comments(process, opens_on=TODAY, closes_on=TODAY + WEEK, today=TODAY)
    assert told(process) == ("comments_opened", "4 maj 2026 – 11 maj 2026", "")

    for closes_on in (TOMORROW, TODAY + 2 * WEEK):
        with pytest.raises(TransitionError):
            build.hold_comments(process, opens_on=TODAY, closes_on=closes_on, today=TODAY)
        build.hold_comments(
            process, opens_on=TODAY, closes_on=closes_on, today=TODAY, reason="Lov."
        )
        assert build.standing_of(process).period == (TODAY, closes_on)
    assert told(process) == ("comments_opened", "4 maj 2026 – 18 maj 2026", "Lov.")
    assert build.replayed(process) == build.standing_of(process)


def test_first_day_stays_once_the_period_has_begun():
    process = build.at("comments")
    given = {"closes_on": TODAY + WEEK, "today": TODAY, "reason": "Lov."}
    build.hold_comments(process, opens_on=TOMORROW, **given)
    build.hold_comments(process, opens_on=TODAY, **given)
    for opens_on in (YESTERDAY, TOMORROW):
        with pytest.raises(TransitionError):
            build.hold_comments(process, opens_on=opens_on, **given)
    assert build.standing_of(process).period == (TODAY, TODAY + WEEK)


def test_period_that_is_over_opens_again_with_a_reason():
    process = build.at("comments")
    build.hold_comments(process)
    build.hold_comments(process, closes_on=TOMORROW, today=TODAY, reason="Strömavbrott.")
    process.refresh_from_db()
    assert process.takes_comments(TODAY)
    assert "comment_period_closed" in lacks(process)


def test_channel_is_reopened_with_a_reason_and_entered_again():
    process = build.at("comments")
    build.hold_comments(process)
    build.enter_channels(process)
    assert told(process) == ("channel_entered", "per telefon", "")
    assert lacks(process) == set()
    for reason in ("", "  "):
        with pytest.raises(TransitionError):
            build.act(process, workflow.reopen_channel, channel="paper", reason=reason)

    build.act(process, workflow.reopen_channel, channel="paper", reason="En bunt till.")

    assert told(process) == ("channel_reopened", "på papper", "En bunt till.")
    assert lacks(process) == {"channels_entered"}
    assert build.replayed(process) == build.standing_of(process)
    for channel in ("paper", "web", "nonsense"):
        with pytest.raises(TransitionError):
            build.act(process, workflow.reopen_channel, channel=channel, reason="Igen.")
    build.act(process, workflow.enter_channel, channel="paper")
    assert lacks(process) == set()


def test_last_day_for_the_statement_is_logged_and_moved():
    process = build.at("draft")
    for due_on, words in ((TOMORROW, "5 maj 2026"), (TODAY, "4 maj 2026")):
        build.act(process, workflow.set_statement_deadline, due_on=due_on)
        assert told(process) == ("statement_due", words, "")
    assert build.replayed(process) == build.standing_of(process)


# Records


@pytest.mark.parametrize(
    ("slug", "act", "name", "changed", "words"),
    [
        (
            "anchoring",
            build.anchor,
            "anchorings",
            {"board_on": TODAY},
            "styrelsen beslutade 4 maj 2026, medlemmarna informerades 4 maj 2026",
        ),
        ("draft", build.state, "statements", {"text": "Vi är missnöjda."}, "samhällsföreningen"),
        (
            "information",
            build.inform,
            "information_items",
            {"case_number": "KS 8"},
            "Samhällsbyggnad, 4 maj 2026, KS 8",
        ),
    ],
)
def test_record_is_corrected_by_a_new_one_with_a_reason(slug, act, name, changed, words):
    process = build.at(slug)
    if slug == "draft":
        build.begin(process)
    act(process)
    first = getattr(process, name).get()

    for refused in (
        {},  # whoever did not see the first one
        {"corrects": first.pk + 1, "reason": "Fel."},
        {"corrects": first.pk, "reason": " "},
    ):
        with pytest.raises(TransitionError):
            act(process, **changed, **refused)
    act(process, **changed, corrects=first.pk, reason="Fel uppgift.")

    ((field, value),) = changed.items()
    latest = getattr(process, name).first()
    assert (getattr(latest, field), latest.pk > first.pk) == (value, True)
    assert getattr(process, name).count() == 2
    kind, about, reason = told(process)
    assert (kind, about) == ("corrected", words)
    assert reason.startswith("Fel uppgift.")
    with pytest.raises(AlreadyDone):
        act(process, corrects=first.pk, reason="Igen.")
    assert build.replayed(process) == build.standing_of(process)


def test_what_was_passed_is_not_corrected():
    process = build.at("comments")
    first = process.anchorings.get()
    with pytest.raises(TransitionError):
        build.anchor(process, corrects=first.pk, reason="Fel dag.")


def test_absent_statement_is_logged_as_none():
    process = build.at("draft")
    build.begin(process)
    build.act(process, workflow.set_statement_deadline, due_on=TODAY)
    build.state(process, text="", today=TOMORROW)
    assert told(process) == ("statement_absent", "samhällsföreningen", "")
    given = process.statements.get()
    build.state(process, corrects=given.pk, reason="Det kom i dag.", today=TOMORROW)
    assert told(process)[2] == "Det kom i dag.\n\nVi är nöjda."
    assert not process.statements.first().is_absent


def test_note_of_a_passed_step_is_kept_and_logged():
    process = build.start()
    build.meet(process, "dialogue_meeting_held")
    build.act(process, workflow.pass_step, note="  Femtio kom till skolan. ")
    assert process.records.get(number=1).note == "Femtio kom till skolan."
    assert build.last_entry(process).reason == "Femtio kom till skolan."


# The log in words


def test_log_puts_channels_bodies_and_days_into_the_readers_language():
    process = build.at("draft")
    entered = process.log.filter(kind="channel_entered").first()
    opened = process.log.get(kind="comments_opened")
    for language, channel, days in (
        ("sv", "på ett möte", "3 maj 2026 – 3 maj 2026"),
        ("en", "at a meeting", "3 May 2026 – 3 May 2026"),
    ):
        with translation.override(language):
            assert (entered.subject, opened.subject) == (channel, days)


def test_decision_and_minutes_say_what_they_were():
    process = build.placed_at("approval")
    meeting = build.make_meeting(process, title="Styrgrupp")
    digest = build.digest_of(process.draft)
    build.act(process, workflow.minute_approval, event=meeting, digest=digest)
    assert told(process)[:2] == ("approval_minuted", "Styrgrupp, 4 maj 2026")

    process = build.at("decision")
    body = factories.make_deciding_body(name="Kommunstyrelsen")
    factories.make_municipality(deciding_body=body)
    build.decide(process)
    entry = process.log.get(kind="decided")
    assert entry.subject == "Antaget, Kommunstyrelsen, 4 maj 2026, § 112, KS 2026/7"
    # The body that adopts the municipality's programs, where no other is named.
    assert (entry.decision.body, entry.decision.program) == (body, process.program)


def test_meeting_without_minutes_approves_nothing():
    process = build.placed_at("approval")
    meeting = build.make_meeting(process, notes=" ")
    digest = build.digest_of(process.draft)
    with pytest.raises(TransitionError):
        build.act(process, workflow.minute_approval, event=meeting, digest=digest)
    factories.make_document(program=process.program, event=meeting)
    build.act(process, workflow.minute_approval, event=meeting, digest=digest)
    assert process.approvals.get().event == meeting
