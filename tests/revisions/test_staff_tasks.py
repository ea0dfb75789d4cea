"""What each person finds to do on the page of a process: one thing first, the rest folded."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from programs.models import Document, Membership
from revisions import workflow
from revisions.models import Evidence
from tests import factories
from tests.revisions import builders
from tests.revisions.pages import (
    HTML,
    by_class,
    do,
    links,
    main_of,
    open_for_comments,
    page_of,
    parsed,
    queries,
    revision_at,
    staff,
    value_of,
    words_in,
)

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


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


@pytest.fixture
def leader(client_for, project_leader):
    return client_for(project_leader)


@pytest.fixture
def board(client_for, association_representative):
    return client_for(association_representative)


def main(page):
    (found,) = page.iter(f"{HTML}main")
    return found


def loud(page) -> list[str]:
    """What stands out: the buttons and links that are not quiet."""
    return [
        words_in(each)
        for each in by_class(main(page), "button")
        if "button--quiet" not in each.get("class")
    ]


def folded(page) -> list[str]:
    return [words_in(each.find(f"{HTML}summary")) for each in by_class(page, "task")]


def needs(page) -> list[str]:
    (found,) = by_class(page, "needs")
    return [words_in(each) for each in found]


# --- One thing first -----------------------------------------------------------------------------


def test_leader_finds_one_thing_to_do_first_in_each_step(leader, program):
    factories.make_edition(program=program, state="adopted", clauses=builders.TEXT)
    process = builders.start(program=program)
    found = {}
    while process.is_open:
        found[process.current.slug] = loud(page_of(leader, staff(process)))
        process = builders.pass_on(process)

    assert found == {
        "dialogue-meeting": ["Add an event"],
        "youth-activity": ["Connect"],
        "compilation": ["Publish"],
        "anchoring": ["Record the anchoring"],
        "comments": ["Set the period"],
        "draft": ["Begin the draft"],
        "approval": [],
        "information": ["Record the information item"],
        "decision": ["Record the decision"],
    }


def test_first_thing_follows_what_has_been_done(leader, program):
    process = revision_at("draft", program)
    builders.comment(process)
    url = staff(process)
    do(leader, process, "begin-draft")
    assert loud(page_of(leader, url)) == ["Write the draft"]
    do(leader, process, "publish")
    page = page_of(leader, url)
    assert loud(page) == ["Answer the comments"]
    assert links(by_class(page, "needs")[0]) == [
        f"{staff(process, 'comments')}?visa=answer",
        f"{url}#statement",
    ]
    builders.answer_all(process)
    assert loud(page_of(leader, url)) == ["Record the statement"]
    do(leader, process, "statement", text="Bra.")
    page = page_of(leader, url)
    assert loud(page) == ["Pass to the next step"]
    assert "The step can be passed" in main_of(page)


def test_while_one_can_only_wait_nothing_stands_out(leader, program, today):
    process = revision_at("comments", program)
    builders.enter_channels(process)
    open_for_comments(process)

    page = page_of(leader, staff(process))

    assert loud(page) == []
    assert "Nothing to do but wait" in main_of(page)
    assert f"Open until {today.day} " in needs(page)[0]
    assert links(by_class(page, "needs")[0]) == []
    assert folded(page) == [
        "Connect an event or a document",
        "Change the comment period",
        "Reopen a channel",
        "End the process without a result",
    ]


def test_comments_that_came_in_are_reviewed_while_the_period_runs(leader, program):
    process = revision_at("comments", program)
    open_for_comments(process)
    builders.comment(process)
    assert loud(page_of(leader, staff(process))) == []
    builders.comment(process, state="held")

    page = page_of(leader, staff(process))

    assert loud(page) == ["Review the comments"]
    assert f"{staff(process, 'comments')}?visa=review" in links(page)
    assert f"{reverse('slips:new')}?sammanhang=process-{process.pk}" in links(page)
    assert [words for words in folded(page) if "channel" in words] == ["Other channels"]


def test_connected_meeting_leads_to_its_notes(leader, program):
    process = revision_at("dialogue-meeting", program)
    event = builders.show(process, "dialogue_meeting", title="Möte", notes="")
    url = reverse("admin:programs_event_change", args=[event.pk])

    page = page_of(leader, staff(process))

    assert needs(page)[1].endswith("Möte has no notes yet. Write the notes")
    assert loud(page) == ["Write the notes"]
    assert f"{url}#id_notes" in links(page)
    assert leader.get(url).status_code == 200


def test_new_event_starts_with_what_is_known(leader, program):
    process = revision_at("youth-activity", program)
    (url,) = {link for link in links(page_of(leader, staff(process))) if "event/add" in link}

    page = page_of(leader, url)

    assert value_of(page, "program") == str(program.pk)
    assert value_of(page, "kind") == "youth_activity"


def test_what_fits_the_step_stands_first_and_with_its_date(leader, program):
    process = revision_at("dialogue-meeting", program)
    factories.make_event(program=program, kind="workshop", title="Verkstad", date=builders.TODAY)
    factories.make_event(program=program, kind="dialogue_meeting", title="Möte")

    page = page_of(leader, staff(process))

    (chosen,) = [each for each in page.iter() if each.get("name") == "evidence-event"]
    groups = [(each.get("label"), words_in(each)) for each in chosen.iter(f"{HTML}optgroup")]
    assert [label for label, _words in groups] == ["Fits this step", "Other"]
    assert groups[1][1] == "Verkstad · 4 May 2026"


def test_note_of_the_step_is_told_to_everyone(client, leader, program):
    process = revision_at("dialogue-meeting", program)
    builders.meet(process, "dialogue_meeting_held")
    do(leader, process, "pass", note="Femtio kom till skolan.")

    first = by_class(page_of(client, process.get_absolute_url()), "path__step")[0]

    assert "Femtio kom till skolan." in words_in(first)


# --- Undoing mistakes ----------------------------------------------------------------------------


def test_leader_withdraws_evidence_and_residents_see_why(client, leader, program):
    process = revision_at("dialogue-meeting", program)
    builders.show(process, "dialogue_meeting", title="Möte i skolan")
    row = Evidence.objects.get()
    assert "Withdraw evidence" in folded(page_of(leader, staff(process)))
    page = parsed(do(leader, process, "withdraw", evidence=row.pk, reason=""), 409)
    assert "This field is required." in main_of(page)

    assert do(leader, process, "withdraw", evidence=row.pk, reason="Fel år.").status_code == 302

    page = page_of(client, process.get_absolute_url())
    latest = words_in(by_class(page, "log")[0][0])
    assert "withdrew what was shown by mistake: Möte i skolan, 3 May 2026. Fel år." in latest
    assert "Fel år." in latest
    assert "Möte i skolan" not in words_in(by_class(page, "path__step")[0])
    # The form asks again for what the step still lacks.
    assert loud(page_of(leader, staff(process))) == ["Connect"]


def test_leader_changes_the_period_and_reopens_a_channel(client, leader, program, today):
    process = revision_at("comments", program)
    later = today + 5 * DAY
    do(leader, process, "period", opens_on=today, closes_on=later)
    do(leader, process, "channel", channel=["paper", "phone"])
    page = page_of(leader, staff(process))
    assert "Left: at a meeting, through the association." in needs(page)[1]
    assert value_of(page, "period-closes_on") == later.isoformat()
    change = {"opens_on": today, "closes_on": later + DAY}
    assert do(leader, process, "period", **change).status_code == 409

    assert do(leader, process, "period", **change, reason="Lov.").status_code == 302
    assert do(leader, process, "reopen", channel="paper", reason="Mer kom.").status_code == 302

    process.refresh_from_db()
    assert process.comments_close_on == later + DAY
    log = [
        words_in(each) for each in by_class(page_of(client, process.get_absolute_url()), "log")[0]
    ]
    assert "More comments had come in on paper, and they are being entered. Mer kom." in log[0]
    assert "Projektledaren changed the time for comments: from" in log[1]
    assert "Lov." in log[1]
    assert "All comments that came in by telephone have been entered." in log[2]


def test_several_channels_are_entered_all_or_none(leader, program):
    process = revision_at("comments", program)
    builders.act(process, workflow.enter_channel, channel="phone")

    page = parsed(do(leader, process, "channel", channel=["paper", "phone"]), 409)

    assert "not one of the available choices" in main_of(page)
    assert process.channels_entered.count() == 1


def test_association_corrects_its_own_anchoring(board, client, program):
    process = revision_at("anchoring", program)
    do(board, process, "anchor", board_on="2026-05-01", members_informed_on="2026-05-02")
    page = page_of(board, staff(process))
    assert folded(page) == ["Correct the anchoring"]
    assert value_of(page, "anchor-board_on") == "2026-05-01"
    sent = {"board_on": "2026-04-30", "members_informed_on": "2026-05-02"}
    assert do(board, process, "anchor", **sent).status_code == 409

    seen = value_of(page, "anchor-corrects")
    done = do(board, process, "anchor", **sent, corrects=seen, reason="Fel dag.")

    assert done.status_code == 302
    page = page_of(client, process.get_absolute_url())
    assert "The board decided 30 April 2026." in words_in(by_class(page, "path__step")[3])
    assert "corrected what was recorded: the board decided 30 April 2026" in words_in(
        by_class(page, "log")[0]
    )


# --- Documents -----------------------------------------------------------------------------------


def test_compilation_is_put_on_the_portal_from_the_step(client, leader, program):
    process = revision_at("compilation", program)
    page = page_of(leader, staff(process))
    assert value_of(page, "paper-title") == "Compilation"
    sent = {"title": "Det här sa ni", "file": SimpleUploadedFile("sa-ni.pdf", b"%PDF-1.7")}
    sent |= {"inaccessible_reason": "Inskannad."}

    assert do(leader, process, "paper", **sent).status_code == 302

    document = Document.objects.get()
    assert (document.kind, document.program) == ("compilation", program)
    assert (document.is_accessible, document.inaccessible_reason) == (False, "Inskannad.")
    assert loud(page_of(leader, staff(process))) == ["Pass to the next step"]
    third = by_class(page_of(client, process.get_absolute_url()), "path__step")[2]
    assert document.get_absolute_url() in links(third)


def test_document_of_a_kind_that_is_not_taken_is_refused(leader, program):
    process = revision_at("compilation", program)
    for sent in (
        {"file": SimpleUploadedFile("virus.exe", b"MZ")},
        {"file": SimpleUploadedFile("a.pdf", b"%PDF"), "url": "https://example.se/a.pdf"},
    ):
        page = parsed(do(leader, process, "paper", title="Det här sa ni", **sent), 409)
        assert value_of(page, "paper-title") == "Det här sa ni"
    assert not Document.objects.exists()


# --- The association -----------------------------------------------------------------------------


def test_association_finds_its_own_tasks_and_no_others(board, program):
    factories.make_edition(program=program, state="adopted", clauses=builders.TEXT)
    process = builders.start(program=program)
    found = {}
    while process.is_open:
        page = page_of(board, staff(process))
        found[process.current.slug] = (loud(page), folded(page))
        assert "Pass to the next step" not in main_of(page)
        if process.current.slug == "draft":
            builders.begin(process)
            # Nothing can be read yet, so there is nothing to say anything of.
            assert loud(page_of(board, staff(process))) == []
            builders.publish(process)
            found["draft, published"] = (loud(page_of(board, staff(process))), [])
        process = builders.pass_on(process)

    nothing = ([], [])
    assert found == {
        "dialogue-meeting": nothing,
        "youth-activity": nothing,
        "compilation": (["Publish"], ["Connect an event or a document"]),
        "anchoring": (["Record the anchoring"], []),
        "comments": nothing,
        "draft": nothing,
        "draft, published": (["Record the statement"], []),
        "approval": nothing,
        "information": nothing,
        "decision": nothing,
    }


def test_association_takes_part_in_the_compilation(board, program):
    process = revision_at("compilation", program)
    sent = {"title": "Det här sa ni", "url": "https://example.se/a.pdf"}

    assert do(board, process, "paper", **sent).status_code == 302

    entry = process.log.last()
    assert (entry.kind, entry.role) == ("evidence_added", "Association representative")
    row = Evidence.objects.filter(number=3).get()
    assert do(board, process, "withdraw", evidence=row.pk, reason="Fel fil.").status_code == 302
    assert do(board, process, "evidence", document=row.document_id).status_code == 302


@pytest.mark.parametrize("slug", ["dialogue-meeting", "anchoring", "draft"])
def test_association_connects_nothing_in_other_steps(board, program, slug):
    process = revision_at(slug, program)
    event = factories.make_event(program=program)

    page = parsed(do(board, process, "evidence", event=event.pk), 409)

    assert "This does not belong to the step under way." in main_of(page)
    assert not process.evidence.filter(event=event).exists()


def test_late_statement_of_the_association_is_kept_on_the_page(board, program):
    process = revision_at("approval", program)

    page = parsed(do(board, process, "statement", step=6, text="Vi är nöjda."), 409)

    assert "Someone else was faster" in main_of(page)
    assert value_of(page, "statement-text") == "Vi är nöjda."


def test_absence_of_a_statement_is_noted_after_its_last_day(leader, program, today):
    process = revision_at("draft", program)
    builders.begin(process)
    do(leader, process, "deadline", due_on=today)
    assert value_of(page_of(leader, staff(process)), "statement-is_absent") is None
    process.statement_due_on = today - DAY
    type(process).objects.filter(pk=process.pk).update(statement_due_on=today - DAY)
    for sent in ({}, {"text": "Bra.", "is_absent": "on"}):
        page = parsed(do(leader, process, "statement", **sent), 409)
        assert "Write the statement, or note that none was given." in main_of(page)

    assert do(leader, process, "statement", is_absent="on").status_code == 302

    assert process.statements.get().is_absent is True
    assert process.log.last().kind == "statement_absent"


# --- Politicians and readers ---------------------------------------------------------------------


def test_member_with_a_vote_is_led_to_the_draft_until_they_have_taken_a_stand(
    client_for, politician, program
):
    process = revision_at("comments", program)
    client = client_for(politician)
    page = page_of(client, staff(process))
    assert (loud(page), folded(page)) == ([], [])
    assert "You have nothing to do here right now." in main_of(page)

    process = builders.pass_on(builders.pass_on(process))
    page = page_of(client, staff(process))
    assert loud(page) == ["Read and take a stand"]
    assert "0 of 2 have approved this text." in needs(page)[0]

    builders.approve(process, Membership.objects.get(user=politician))
    page = page_of(client, staff(process))
    assert (loud(page), folded(page)) == ([], ["Change your mind: ask for a change"])
    assert "You have approved this text." in main_of(page)


def test_member_who_has_changed_their_mind_says_so(client_for, politician, program):
    process = revision_at("approval", program)
    client, url = client_for(politician), staff(process)
    builders.approve(process, Membership.objects.get(user=politician))
    digest = value_of(page_of(client, url), "ask-digest")
    assert do(client, process, "ask", digest=digest, reason="").status_code == 409

    assert do(client, process, "ask", digest=digest, reason="Skolan saknas.").status_code == 302

    page = page_of(client, url)
    assert "You have asked for a change." in main_of(page)
    assert folded(page) == ["Change your mind: approve"]
    assert value_of(page, "approve-reason") is None
    assert do(client, process, "approve", digest=digest).status_code == 302
    assert "1 of 2 have approved this text." in needs(page_of(client, url))[0]


def test_comments_that_are_held_are_counted_for_those_who_review_alone(
    request, client_for, program
):
    process = revision_at("comments", program)
    builders.comment(process, state="held")
    for role, sees in (
        ("project_leader", True),
        ("administrator", True),
        ("registrar", True),
        ("politician", False),
        ("association_representative", False),
    ):
        page = page_of(client_for(request.getfixturevalue(role)), staff(process))
        assert ("1 to review" in main_of(page)) is sees, role


def test_page_says_who_carries_the_process(leader, association_representative, program):
    process = revision_at("approval", program)

    (people,) = [
        each for each in page_of(leader, staff(process)).iter() if each.get("id") == "people"
    ]

    words = words_in(people)
    assert "drives the process Projektledare" in words
    assert str(association_representative) in words
    assert "approves the draft 2 with a vote, 2 can sign in." in words


# --- Decision ------------------------------------------------------------------------------------


def test_decision_begins_with_the_usual_body_and_the_case_of_the_information_item(leader, program):
    body = factories.make_deciding_body(name="Kommunstyrelsen")
    factories.make_deciding_body(name="Fullmäktige")
    factories.make_municipality(deciding_body=body)
    process = revision_at("decision", program)

    page = page_of(leader, staff(process))

    assert value_of(page, "decision-body") == str(body.pk)
    assert value_of(page, "decision-case_number") == "KS 2026/7"


def test_line_shows_where_the_process_is(leader, program):
    process = revision_at("compilation", program)

    steps = by_class(page_of(leader, staff(process)), "line__step")

    states = [each.get("class").split("--")[-1] for each in steps]
    assert states == ["done", "done", "current"] + ["later"] * 6
    assert [each.get("aria-current") for each in steps].count("step") == 1


def test_page_costs_the_same_for_little_and_much_evidence(leader, program):
    process = revision_at("dialogue-meeting", program)

    def more(number):
        builders.show(process, "dialogue_meeting", title=f"Möte {number}")
        factories.make_event(program=program, kind="dialogue_meeting")
        factories.make_document(program=program)

    more(0)
    few = queries(leader, staff(process))
    for number in range(1, 12):
        more(number)

    assert queries(leader, staff(process)) == few


def test_forms_stand_in_the_order_of_what_is_missing(leader, program):
    process = builders.at("public-meeting", "creation", program=program)
    factories.make_event(program=program)

    page = page_of(leader, staff(process))

    parts = [
        each.get("id") for each in by_class(main(page), "panel") if each.tag.endswith("section")
    ]
    assert parts == [None, "draft", "comment-period", "evidence"]
    assert loud(page) == ["Write the draft"]


def test_what_a_model_does_not_accept_is_told_at_its_field(leader, program):
    process = revision_at("compilation", program)

    page = parsed(do(leader, process, "paper", title="A", url="https://x.se/" + "a" * 490), 409)

    assert "Or a link to it: Ensure this value has at most 500 characters" in main_of(page)
