import datetime

import pytest
from django.urls import reverse

from programs.models import Edition
from revisions import drafting, workflow
from revisions.models import Evidence, Process
from revisions.requirements import CHANNELS_TO_ENTER, REQUIREMENTS, missing, standings
from revisions.steps import STEPS, Kind
from revisions.workflow import AlreadyDone, TransitionError
from tests import factories
from tests.revisions import builders as build
from tests.revisions.builders import TODAY, TOMORROW, YESTERDAY

pytestmark = pytest.mark.django_db


def lacks(process, today=TODAY):
    process.refresh_from_db()
    return {row.requirement.key for row in missing(process, today)}


def test_every_step_asks_for_requirements_that_exist_and_all_are_used():
    asked = {key for steps in STEPS.values() for step in steps for key in step.requires}
    assert asked == set(REQUIREMENTS) == set(build.MEET)
    assert all(step.requires for steps in STEPS.values() for step in steps)


@pytest.mark.parametrize("kind", list(Kind))
def test_each_requirement_is_not_met_before_and_met_after(kind):
    for process in build.walk(kind):
        step = process.current
        if "comments_answered" in step.requires:
            build.comment(process)
        assert lacks(process) == set(step.requires)
        with build.sandbox():
            for key in step.requires:
                assert process.step == Process.objects.get(pk=process.pk).step
                build.meet(process, key)
                if Process.objects.filter(pk=process.pk, is_open=True, step=process.step):
                    assert key not in lacks(process), key


@pytest.mark.parametrize(
    ("slug", "kind", "mend"),
    [
        ("dialogue-meeting", Kind.REVISION, ["#evidence", "#evidence"]),
        ("anchoring", Kind.REVISION, ["#anchoring"]),
        ("comments", Kind.REVISION, ["#comment-period", "#channels"]),
        ("draft", Kind.REVISION, ["#draft", "#draft", "synpunkter/?visa=answer", "#draft"]),
        ("approval", Kind.REVISION, ["godkann/"]),
        ("information", Kind.REVISION, ["#information"]),
        ("decision", Kind.REVISION, ["#decision"]),
        ("reference-group", Kind.CREATION, ["#statement"]),
    ],
)
def test_requirement_links_to_where_it_is_mended(slug, kind, mend):
    process = build.at(slug, kind)
    factories.make_event(program=process.program)
    page = reverse("revisions_staff:process", args=[process.pk])
    assert [row.url for row in standings(process, TODAY)] == [f"{page}{part}" for part in mend]


def test_requirement_links_to_the_very_place_once_something_is_there():
    process = build.start()
    event = build.show(process, "dialogue_meeting", notes="")
    change = reverse("admin:programs_event_change", args=[event.pk])
    (notes,) = missing(process, TODAY)
    assert (notes.url, str(notes.verb)) == (f"{change}#id_notes", "Skriv anteckningarna")

    process = build.at("draft")
    page = reverse("revisions_staff:process", args=[process.pk])
    build.act(process, drafting.begin_draft)
    process.refresh_from_db()
    assert [row.url for row in missing(process, TODAY)] == [f"{page}#draft", f"{page}#statement"]
    for clause in process.draft.clauses.filter(level__lte=1):
        build.write(process, drafting.drop_clause, clause)
    assert [row.url for row in missing(process, TODAY)] == [f"{page}forslag/"] * 3


def test_phases_link_to_new_groups_and_to_the_plan():
    process = build.start(Kind.LOCAL_DEVELOPMENT)
    place = process.program.locality_id
    add = reverse("admin:programs_localbody_add")
    assert [row.url for row in missing(process, TODAY)] == [f"{add}?locality={place}"]

    process = build.at("initiate", Kind.LOCAL_DEVELOPMENT)
    event = factories.make_event(program=process.program)
    page = reverse("revisions_staff:process", args=[process.pk])
    group = reverse("admin:programs_group_add")
    urls = [row.url for row in standings(process, TODAY)]
    assert urls == [
        f"{page}#evidence",
        f"{group}?program={process.program_id}&kind=working",
        f"{page}#draft",
    ]
    build.begin(process)
    # The only event there is does not count: another one is needed.
    event.is_cancelled = True
    event.save()
    build.act(process, workflow.add_evidence, event=event)
    process.refresh_from_db()
    add = reverse("admin:programs_event_add")
    first, _groups, plan = standings(process, TODAY)
    about = f"program={process.program_id}&locality={place_of(process)}&kind=public_assembly"
    assert first.url == f"{add}?{about}"
    assert plan.url == f"{page}#decision"


def place_of(process):
    return process.program.locality_id


def told(process, today=TODAY):
    """How far each unmet requirement has come, and whether one can only wait."""
    process.refresh_from_db()
    rows = [row for row in missing(process, today) if row.progress]
    return [(row.progress.words, row.waits) for row in rows]


def test_meeting_that_does_not_count_says_why():
    process = build.start()
    assert told(process) == []
    for fields, words in (
        ({"kind": "workshop", "title": "Verkstad"}, "Verkstad är av ett annat slag: workshop."),
        ({"is_cancelled": True, "title": "Möte"}, "Möte ställdes in."),
        ({"open_to_all": False, "title": "Möte"}, "Möte var inte öppet för alla."),
    ):
        with build.sandbox():
            build.show(process, **{"kind": "dialogue_meeting"} | fields)
            assert told(process) == [(words, False)] * 2
    build.show(process, "dialogue_meeting", title="Möte", notes="")
    assert told(process) == [("Möte har inga anteckningar än.", False)]


def test_what_one_can_only_wait_for_is_told_apart():
    process = build.start()
    build.show(process, "dialogue_meeting", title="Möte", date=TOMORROW)
    assert told(process) == [("Möte är planerat till 5 maj 2026.", True)] * 2

    process = build.at("comments")
    build.act(process, workflow.enter_channel, channel="paper")
    assert told(process) == [
        ("Kvar: på ett möte, genom föreningen, per telefon.", True),
    ]
    assert told(process, TODAY) == told(process, TOMORROW)
    build.hold_comments(process, opens_on=TODAY, closes_on=TOMORROW, today=TODAY)
    assert told(process)[0] == ("Öppet till och med 5 maj 2026.", True)
    assert told(process, YESTERDAY)[0] == ("Öppnar 4 maj 2026.", True)
    after = TOMORROW + datetime.timedelta(days=1)
    assert told(process, after) == [("Kvar: på ett möte, genom föreningen, per telefon.", False)]


def test_comments_statement_and_approval_say_how_far_they_have_come():
    process = build.at("draft")
    for _row in range(2):
        build.comment(process)
    build.act(process, workflow.set_statement_deadline, due_on=TOMORROW)
    assert told(process) == [
        ("2 synpunkter kvar att besvara.", False),
        ("Sista dagen är 5 maj 2026.", False),
    ]
    late = TOMORROW + datetime.timedelta(days=1)
    assert told(process, late)[1] == ("Sista dagen var 5 maj 2026.", False)

    process = build.placed_at("approval")
    seat = process.program.groups.get(kind="steering").members.get(capacity="politician")
    build.approve(process, seat)
    ((words, waits),) = told(process)
    assert waits
    assert words.startswith("1 av 2 har godkänt den här texten. 1 till behövs")


def test_closed_process_asks_for_nothing():
    process = build.abort(build.start())
    assert standings(process, TODAY) == []


# Meetings as evidence


def test_dialogue_meeting_must_be_held_open_and_not_cancelled():
    process = build.start()
    for fields in ({"date": TOMORROW}, {"open_to_all": False}, {"is_cancelled": True}):
        build.show(process, "dialogue_meeting", **fields)
        assert lacks(process) == {"dialogue_meeting_held", "dialogue_notes_published"}, fields
    build.show(process, "dialogue_meeting", date=TODAY, notes="  ")
    assert lacks(process) == {"dialogue_notes_published"}
    build.show(process, "dialogue_meeting", date=TODAY)
    assert lacks(process) == set()


def test_notes_of_a_closed_meeting_are_not_those_of_the_open_one():
    process = build.start()
    build.show(process, "dialogue_meeting", notes="")
    build.show(process, "dialogue_meeting", open_to_all=False, notes="Slutet möte.")
    assert lacks(process) == {"dialogue_notes_published"}


def test_notes_may_be_a_document_that_can_be_read():
    process = build.start()
    event = build.show(process, "dialogue_meeting", notes="")
    document = factories.make_document(program=process.program, event=event, url="")
    assert "dialogue_notes_published" in lacks(process)
    document.url = "https://example.se/anteckningar.pdf"
    document.save()
    assert lacks(process) == set()


def test_meeting_of_another_kind_does_not_count():
    process = build.start()
    build.show(process, "workshop")
    build.show(process, "youth_activity")
    assert lacks(process) == {"dialogue_meeting_held", "dialogue_notes_published"}


def test_compilation_must_be_there_to_read():
    process = build.at("compilation")
    build.show_document(process, "meeting_notes")
    build.show_document(process, "compilation", url="")
    assert lacks(process) == {"compilation_published"}
    build.show_document(process, "compilation")
    assert lacks(process) == set()


def test_evidence_belongs_to_the_program_or_its_place():
    process = build.start()
    foreign = factories.make_event(kind="dialogue_meeting", date=YESTERDAY)
    for fields in (
        {"event": foreign},
        {"document": factories.make_document()},
        {},
        {"event": build.make_meeting(process), "document": factories.make_document()},
    ):
        with pytest.raises(TransitionError):
            build.act(process, workflow.add_evidence, **fields)
    assert not Evidence.objects.exists()

    build.show(process, "dialogue_meeting", program=None, locality=process.program.locality)
    assert lacks(process) == set()


def test_same_evidence_is_kept_once():
    process = build.start()
    event = build.show(process, "dialogue_meeting")
    with pytest.raises(AlreadyDone):
        build.act(process, workflow.add_evidence, event=event)
    assert Evidence.objects.count() == 1


def test_evidence_of_an_earlier_attempt_or_step_is_not_used_again():
    process = build.send_back(build.at("approval"), 1)
    assert lacks(process) == {"dialogue_meeting_held", "dialogue_notes_published"}
    earlier = process.evidence.filter(number=1, attempt=1).first().event

    # The old meeting may be shown again, by someone who says that it still holds.
    build.act(process, workflow.add_evidence, event=earlier)
    assert lacks(process) == set()
    assert process.evidence.filter(event=earlier).count() == 2


# Anchoring, comments, statement, information


def test_anchoring_needs_dates_that_have_been():
    process = build.at("anchoring")
    for field in ("board_on", "members_informed_on"):
        with pytest.raises(TransitionError):
            build.anchor(process, **{field: TOMORROW})
    assert lacks(process) == {"anchored"}
    build.anchor(process)
    assert lacks(process) == set()


def test_comment_period_is_over_the_day_after_its_last():
    process = build.at("comments")
    build.enter_channels(process)
    build.hold_comments(process, opens_on=TODAY, closes_on=TOMORROW, today=TODAY)
    assert lacks(process, TODAY) == {"comment_period_closed"}
    assert lacks(process, TOMORROW) == {"comment_period_closed"}
    assert lacks(process, TOMORROW + datetime.timedelta(days=1)) == set()


def test_comment_period_cannot_end_before_it_begins_or_before_today():
    process = build.at("comments")
    for opens_on, closes_on in ((TOMORROW, TODAY), (YESTERDAY, YESTERDAY)):
        with pytest.raises(TransitionError):
            build.hold_comments(process, opens_on=opens_on, closes_on=closes_on, today=TODAY)
    process.refresh_from_db()
    assert process.comments_close_on is None


def test_comments_are_taken_from_the_first_to_the_last_day():
    process = build.at("comments")
    process = build.hold_comments(process, opens_on=TODAY, closes_on=TOMORROW, today=TODAY)
    days = [YESTERDAY, TODAY, TOMORROW, TOMORROW + datetime.timedelta(days=1)]
    taken = [process.takes_comments(day) for day in days]
    assert taken == [False, True, True, False]
    manager = type(process).objects
    assert [manager.taking_comments(day).filter(pk=process.pk).exists() for day in days] == taken


@pytest.mark.parametrize("absent", CHANNELS_TO_ENTER)
def test_every_channel_must_be_entered(absent):
    process = build.at("comments")
    build.hold_comments(process)
    for channel in CHANNELS_TO_ENTER:
        if channel != absent:
            build.act(process, workflow.enter_channel, channel=channel)
    assert lacks(process) == {"channels_entered"}
    build.act(process, workflow.enter_channel, channel=absent)
    assert lacks(process) == set()
    with pytest.raises(TransitionError):
        build.act(process, workflow.enter_channel, channel="web")


def test_every_comment_that_was_not_refused_needs_an_answer():
    process = build.at("draft")
    for key in ("draft_exists", "draft_published", "association_statement"):
        build.meet(process, key)
    assert lacks(process) == set()
    for state, reason, is_asked in (
        ("refused", "Hot.", False),
        ("hidden", "Personuppgift.", False),
        ("held", "", True),
        ("published", "", True),
    ):
        row = build.comment(process, state=state, state_reason=reason)
        assert lacks(process) == ({"comments_answered"} if is_asked else set()), state
        build.answer_all(process)
        assert lacks(process) == set()
        assert row


def test_statement_needs_a_draft_and_its_absence_a_deadline_that_has_passed():
    process = build.at("draft")
    with pytest.raises(TransitionError):
        build.state(process)
    build.begin(process)
    with pytest.raises(TransitionError):
        build.state(process, text=" ")
    with pytest.raises(TransitionError):
        build.act(process, workflow.set_statement_deadline, due_on=YESTERDAY)
    build.act(process, workflow.set_statement_deadline, due_on=TODAY)
    with pytest.raises(TransitionError):
        build.state(process, text="")
    assert "association_statement" in lacks(process)

    build.state(process, text="", today=TOMORROW)

    statement = process.statements.get()
    assert (statement.is_absent, statement.text) == (True, "")
    assert "association_statement" not in lacks(process)


def test_statement_of_another_body_is_refused():
    process = build.at("draft")
    build.begin(process)
    for body in ("reference_group", "nobody"):
        with pytest.raises(TransitionError):
            build.state(process, body)
    assert "association_statement" in lacks(process)


def test_information_needs_body_case_number_and_a_date_that_has_been():
    process = build.at("information")
    for fields in ({"presented_on": TOMORROW}, {"body": ""}, {"case_number": " "}):
        with pytest.raises(TransitionError):
            build.inform(process, **fields)
    assert lacks(process) == {"information_recorded"}
    build.inform(process, remarks="Vägen ägs av staten.")
    assert lacks(process) == set()
    assert process.information_items.get().digest == build.last_entry(process).digest


# The draft


def test_draft_without_a_clause_is_none():
    process = build.at("draft")
    assert "draft_exists" in lacks(process)
    draft = build.begin(process)
    assert "draft_exists" not in lacks(process)
    for clause in draft.clauses.filter(level__lte=1):
        build.write(process, drafting.drop_clause, clause)
    assert "draft_exists" in lacks(process)
    with pytest.raises(TransitionError):
        build.act(process, workflow.publish_draft)


def test_approval_of_an_emptied_text_is_none():
    process = build.at("approval")
    for clause in process.draft.clauses.filter(level__lte=1):
        build.write(process, drafting.drop_clause, clause)
    build.approve_all(process)
    assert lacks(process) == {"approval_rule_met"}


def test_residents_comment_on_a_draft_that_is_published():
    process = build.at("public-meeting", Kind.CREATION)
    assert "draft_published" in lacks(process)


# Local development


@pytest.mark.parametrize("own", ["steering", "project_team", "administration", "reference"])
def test_municipalitys_own_group_is_not_a_local_body(own):
    process = build.start(Kind.LOCAL_DEVELOPMENT, factories.make_program())
    factories.make_group(program=process.program, kind=own)
    assert lacks(process) == {"local_body_exists"}
    factories.make_group(program=None, locality=process.program.locality, kind="working")
    assert lacks(process) == set()


def test_adopted_plan_carries_on_with_the_work():
    process = build.at("initiate", Kind.LOCAL_DEVELOPMENT)
    build.begin(process)
    with pytest.raises(workflow.StepBlocked) as refused:
        build.decide(process)
    assert {row.requirement.key for row in refused.value.standings} == {
        "big_meeting_held",
        "working_groups_exist",
    }
    process = build.pass_on(process)
    assert (process.current.slug, process.draft.state) == ("carry-out", Edition.State.ADOPTED)
