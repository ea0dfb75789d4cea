"""Entering slips: fast, once, with the rules of comments, and mended by whoever entered them."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from programs.models import Idea, Municipality, Program, VoiceState
from revisions import workflow
from revisions.models import Comment
from revisions.slips.entering import heading_of
from tests.factories import make_event, make_idea, make_locality, make_municipality, make_program
from tests.revisions import builders
from tests.revisions.pages import (
    by_class,
    clause_of,
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

SLIPS = "/admin/inkommet/ny/"
HUGE = "9" * 30


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def leader(client_for, project_leader):
    return client_for(project_leader)


@pytest.fixture
def process(program):
    return open_for_comments(revision_at("comments", program))


def slip(client, key: str, status: int = 302, **fields):
    """Send the form as the page for that context gives it out."""
    page = page_of(client, f"{SLIPS}?sammanhang={key}")
    names = ("context", "channel", "received", "reference")
    sent = {name: value_of(page, name) for name in names} | {"text": "Fler träd vid torget."}
    response = client.post(SLIPS, sent | fields)
    assert response.status_code == status
    return response


def of(program: Program) -> str:
    return f"program-{program.pk}"


def kinds_of(voice) -> list[str]:
    return list(voice.history.values_list("kind", flat=True))


# --- Entering ------------------------------------------------------------------------------------


def test_slip_becomes_a_public_idea_with_its_answer_promised_from_the_day_it_came(
    leader, project_leader, program, today
):
    make_municipality(reply_days=30)
    came = today - datetime.timedelta(days=3)

    response = slip(leader, of(program), received=came, channel="phone", author_name="Eva")

    row = Idea.objects.get()
    assert (row.program, row.locality) == (program, program.locality)
    assert (row.title, row.text) == ("Fler träd vid torget", "Fler träd vid torget.")
    assert (row.state, row.channel, row.public_name) == (VoiceState.PUBLISHED, "phone", "")
    assert row.received.first == came
    assert row.promised_on == came + datetime.timedelta(days=30)
    assert row.published_at is not None
    assert kinds_of(row) == ["received", "published"]
    assert set(row.history.values_list("by", flat=True)) == {project_leader.pk}
    page = page_of(leader, response.url)
    assert row.reference in words_in(by_class(page, "slips__written")[0])
    assert "1 slip today" in main_of(page)


def test_what_is_the_same_for_the_pile_stays(leader, program, today):
    came = today - datetime.timedelta(days=5)

    response = slip(leader, of(program), received=came, channel="association", title="Träd")

    page = page_of(leader, response.url)
    stays = {name: value_of(page, name) for name in ("context", "channel", "received")}
    assert stays == {
        "context": of(program),
        "channel": "association",
        "received": came.isoformat(),
    }
    assert (value_of(page, "text"), value_of(page, "title")) == ("", "")


def test_form_begins_with_what_the_latest_slip_was_about(leader, program, process):
    slip(leader, of(program))

    assert value_of(page_of(leader, SLIPS), "context") == of(program)


def test_slip_from_a_meeting_belongs_to_it_and_came_that_day(leader, program, today):
    event = make_event(program=program, date=today - datetime.timedelta(days=1))

    slip(leader, f"mote-{event.pk}")

    row = Idea.objects.get()
    assert (row.event, row.program, row.channel) == (event, program, "meeting")
    assert row.received.first == today - datetime.timedelta(days=1)


def test_slip_about_a_place_without_a_program(client_for, administrator):
    place = make_locality()

    slip(client_for(administrator), f"ort-{place.pk}")

    row = Idea.objects.get()
    assert (row.program, row.locality, row.state) == (None, place, VoiceState.PUBLISHED)


def test_slip_about_an_open_text_becomes_a_comment_on_it(leader, process, today):
    clause = clause_of(process, "hamnen")

    slip(leader, f"process-{process.pk}", clause=clause.pk, question="focus")

    row = Comment.objects.get()
    assert (row.process, row.edition, row.clause) == (process, process.base, clause)
    assert (row.state, row.channel, row.question) == (VoiceState.PUBLISHED, "paper", "focus")
    assert row.received.first == today
    assert kinds_of(row) == ["received", "published"]
    assert not Idea.objects.exists()


def test_process_leads_here_with_itself_chosen(leader, process):
    link = f"{SLIPS}?sammanhang=process-{process.pk}"

    assert link in links(page_of(leader, staff(process)))


def test_same_form_sent_twice_makes_one_slip(leader, program):
    sent = {"reference": "BCDFGHJ"}

    first, second = (slip(leader, of(program), **sent) for _click in range(2))

    assert first.url == second.url
    assert Idea.objects.get().reference == "BCDFGHJ"


def test_reference_that_somebody_else_has_is_not_taken(leader, program):
    other = make_idea(program=program, reference="BCDFGHJ", text="Något helt annat än det här.")

    slip(leader, of(program), reference=other.reference)

    assert Idea.objects.count() == 2


@pytest.mark.parametrize(
    "text",
    ["Fler träd vid torget!", "fler TRÄD  vid torget", "Fler träd vid stora torget."],
)
def test_slip_that_is_entered_already_is_noticed_and_can_be_entered_all_the_same(
    leader, program, text
):
    first = make_idea(program=program, text="Fler träd vid torget.", reference="BCDFGHJ")

    page = parsed(slip(leader, of(program), status=200, text=text))

    assert f"This looks like {first.reference}" in main_of(page)
    assert value_of(page, "text").strip() == text
    assert Idea.objects.count() == 1
    slip(leader, of(program), text=text, anyway="on")
    assert Idea.objects.count() == 2


@pytest.mark.parametrize("text", ["Fler bänkar vid torget.", "Träd", "En lekplats i parken."])
def test_slip_that_says_something_else_is_not_taken_for_the_same(leader, program, text):
    make_idea(program=program, text="Fler träd vid torget.")
    make_idea(program=make_program(), text=text)
    make_idea(program=program, text=text, state=VoiceState.REFUSED, state_reason="Test")

    slip(leader, of(program), text=text)

    assert Idea.objects.filter(program=program).count() == 3


def test_switching_what_it_is_about_keeps_what_is_typed(leader, program, process):
    sent = {
        "context": f"process-{process.pk}",
        "channel": "phone",
        "received": "2026-03-01",
        "text": "Halvskriven",
        "author_name": "Eva",
        "change": "1",
    }

    page = parsed(leader.post(SLIPS, sent))

    kept = {name: value_of(page, name).strip() for name in sent if name != "change"}
    assert kept == {name: value for name, value in sent.items() if name != "change"}
    assert value_of(page, "clause") == ""
    assert not by_class(page, "error-summary")
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"received": "2999-01-01"}, "The date is still to come."),
        ({"received": "igår"}, "Enter a valid date."),
        ({"channel": "web"}, "Select a valid choice."),
        ({"text": ""}, "Write what the slip says."),
        ({"text": "x" * 5001}, "at most 5000 characters"),
        ({"text": "x\x00"}, "Null characters are not allowed."),
        ({"show_name": "on"}, "Write the name that is to be shown."),
        ({"author_email": "eva"}, "Enter a valid email address."),
    ],
)
def test_faulty_slip_is_told_and_kept(leader, program, fields, words):
    page = parsed(slip(leader, of(program), status=200, **{"author_name": ""} | fields))

    assert words in main_of(page)
    assert by_class(page, "error-summary")
    if "text" not in fields:
        assert value_of(page, "text").strip() == "Fler träd vid torget."
    assert not Idea.objects.exists()


@pytest.mark.parametrize("clause", [HUGE, "0", "x"])
def test_clause_of_another_text_is_refused(leader, process, clause):
    page = parsed(slip(leader, f"process-{process.pk}", status=200, clause=clause))

    assert "Select a valid choice." in main_of(page)


def test_comment_that_came_outside_the_period_is_refused(leader, process, today):
    yesterday = today - datetime.timedelta(days=1)
    type(process).objects.filter(pk=process.pk).update(
        comments_open_on=yesterday, comments_close_on=yesterday
    )
    key = f"process-{process.pk}"

    late = parsed(slip(leader, key, status=200, received=today))
    early = parsed(slip(leader, key, status=200, received=yesterday - datetime.timedelta(days=1)))
    slip(leader, key, received=yesterday)

    assert "The comment period was over on that day." in main_of(late)
    assert "The comment period had not begun on that day." in main_of(early)
    assert Comment.objects.count() == 1


def test_no_comment_is_entered_before_the_period_or_after_the_end(leader, program):
    process = revision_at("comments", program)
    key = f"process-{process.pk}"
    page = parsed(slip(leader, key, status=409, text="Tidigt"), 409)
    assert "The comment period has not begun." in main_of(page)
    assert value_of(page, "text").strip() == "Tidigt"
    open_for_comments(process)
    builders.act(process, workflow.abort, reason="Slut.")

    page = parsed(slip(leader, key, status=409), 409)

    assert "The process is finished." in main_of(page)
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "?sammanhang=program-x",
        "?sammanhang=%00",
        f"?sammanhang=program-{HUGE}",
        "?kanal=%00",
        "?inkom=igår",
        "?sammanhang=hus-1",
        "?klart=%00",
    ],
)
def test_odd_addresses_show_the_form(leader, program, query):
    assert value_of(page_of(leader, SLIPS + query), "context") == of(program)


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("Fler träd. Och bänkar.", "Fler träd"),
        ("fler träd\nOch bänkar", "Fler träd"),
        ("Varför inga träd? Undrar jag.", "Varför inga träd?"),
        ("ord " * 40, "Ord ord"),
    ],
)
def test_heading_is_the_first_sentence(text, heading):
    found = heading_of(text)

    assert found.startswith(heading)
    assert len(found) <= 80


# --- Who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "state"),
    [
        ("superuser", VoiceState.PUBLISHED),
        ("administrator", VoiceState.PUBLISHED),
        ("project_leader", VoiceState.PUBLISHED),
        ("moderator", VoiceState.PUBLISHED),
        ("coordinator", VoiceState.HELD),
        ("association_representative", VoiceState.HELD),
    ],
)
def test_slip_is_public_at_once_when_whoever_enters_it_may_review(
    request, client_for, process, program, role, state
):
    client = client_for(request.getfixturevalue(role))

    slip(client, of(program))
    slip(client, f"process-{process.pk}", text="Behåll strategin om hamnen.")

    assert (Idea.objects.get().state, Comment.objects.get().state) == (state, state)
    assert (Idea.objects.get().published_at is None) == (state == VoiceState.HELD)


@pytest.mark.parametrize("role", ["registrar", "politician", "resident_representative", "outsider"])
def test_slips_are_not_for_those_without_that_task(request, client_for, program, role):
    client = client_for(request.getfixturevalue(role))
    idea = make_idea(program=program)

    assert client.get(SLIPS).status_code == 403
    assert client.get(f"{SLIPS}?sammanhang={of(program)}").status_code == 403
    assert client.post(SLIPS, {"context": of(program), "text": "Hej"}).status_code == 403
    assert client.post(f"{SLIPS}idea/{idea.pk}/ta-tillbaka/").status_code in {403, 404}
    assert Idea.objects.count() == 1


def test_another_program_is_refused(leader, other_program):
    assert leader.get(f"{SLIPS}?sammanhang={of(other_program)}").status_code == 403
    sent = {"context": of(other_program), "channel": "paper", "text": "Hej"}
    assert leader.post(SLIPS, sent).status_code == 403


def test_visitor_is_asked_to_sign_in(client):
    assert client.get(SLIPS).url == f"/admin/login/?next={SLIPS}"


# --- Mending -------------------------------------------------------------------------------------


def url_of(voice, page: str = "edit") -> str:
    return reverse(f"slips:{page}", args=[voice._meta.model_name, voice.pk])


def entered(client, key: str):
    slip(client, key)
    return Idea.objects.get() if key.startswith("program") else Comment.objects.get()


def corrected(client, voice, **fields):
    page = page_of(client, url_of(voice))
    names = ("context", "channel", "received", "text", "reference")
    sent = {name: value_of(page, name) for name in names}
    return client.post(url_of(voice), sent | {"title": "Träd"} | fields)


def test_slip_is_corrected_on_the_day_and_the_wording_before_is_kept(leader, program, today):
    make_municipality(reply_days=10)
    row = entered(leader, of(program))
    day_before = today - datetime.timedelta(days=1)

    response = corrected(leader, row, text="Fler trän vid torget.", received=day_before)

    row.refresh_from_db()
    assert row.text == "Fler trän vid torget."
    assert row.promised_on == day_before + datetime.timedelta(days=10)
    line = row.history.last()
    assert (line.kind, line.text) == ("edited", "Fler träd vid torget.")
    assert row.original_text == ""
    assert f"{row.reference} is corrected." in main_of(page_of(leader, response.url))


def test_comment_is_corrected_to_another_clause(leader, process):
    row = entered(leader, f"process-{process.pk}")

    corrected(leader, row, clause=clause_of(process, "natur").pk)

    row.refresh_from_db()
    assert row.clause == clause_of(process, "natur")
    assert row.history.last().kind == "corrected"


def test_slip_is_taken_back_and_put_back(leader, program, client):
    row = entered(leader, of(program))

    response = leader.post(url_of(row, "take_back"))
    leader.post(url_of(row, "take_back"))

    row.refresh_from_db()
    assert row.state == VoiceState.REFUSED
    assert client.get(row.get_absolute_url()).status_code == 404
    page = main_of(page_of(leader, response.url))
    assert "0 slips today" in page
    assert "Taken back" in page
    leader.post(url_of(row, "put_back"))
    row.refresh_from_db()
    assert (row.state, row.state_reason) == (VoiceState.PUBLISHED, "")
    assert kinds_of(row) == ["received", "published", "refused", "published"]


def test_held_slip_is_put_back_as_held(client_for, coordinator, program):
    client = client_for(coordinator)
    row = entered(client, of(program))
    client.post(url_of(row, "take_back"))

    client.post(url_of(row, "put_back"))

    row.refresh_from_db()
    assert (row.state, row.published_at) == (VoiceState.HELD, None)


def test_slip_of_somebody_else_or_of_yesterday_or_begun_with_is_left_alone(
    leader, client_for, administrator, program
):
    row = entered(leader, of(program))
    other = client_for(administrator)
    refused = main_of(page_of(other, other.post(url_of(row, "take_back")).url))
    assert "Someone else entered that slip." in refused
    assert "Someone else entered that slip." in main_of(parsed(corrected(other, row), 409))

    row.history.create(kind="assigned", by=administrator)
    page = parsed(corrected(leader, row, text="Nytt"), 409)
    assert "Someone has begun to work with it." in main_of(page)
    assert value_of(page, "text").strip() == "Nytt"
    row.history.filter(kind="assigned").delete()
    row.history.update(at=timezone.now() - datetime.timedelta(days=1))

    late = main_of(page_of(leader, leader.post(url_of(row, "take_back")).url))
    assert "It was not entered today." in late
    row.refresh_from_db()
    assert (row.state, row.text) == (VoiceState.PUBLISHED, "Fler träd vid torget.")


def test_what_came_on_the_web_is_no_slip(leader, program):
    row = make_idea(program=program)
    row.history.create(kind="received")

    assert leader.get(url_of(row)).status_code == 404
    assert leader.post(url_of(row, "take_back")).status_code == 404
    assert leader.get(f"{SLIPS}program/{program.pk}/").status_code == 404


def test_faulty_correction_is_told(leader, program):
    row = entered(leader, of(program))

    page = parsed(corrected(leader, row, text=""))

    assert "Write what the slip says." in main_of(page)


def test_page_takes_the_same_queries_for_any_number_of_slips_and_places(
    client_for, administrator, program, process, today
):
    client = client_for(administrator)
    slip(client, of(program))
    make_event(program=program, date=today)
    few = queries(client, SLIPS + f"?sammanhang={of(program)}")
    for number in range(8):
        other = make_program()
        make_event(program=other, date=today)
        make_locality()
        slip(client, of(other), text=f"Nummer {number} i högen är annorlunda.")

    assert queries(client, SLIPS + f"?sammanhang={of(program)}") == few
    assert Municipality.objects.count() <= 1
