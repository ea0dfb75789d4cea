"""The one form: what it becomes, that nothing typed is lost, and that order is kept."""

import datetime

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from programs.models import Channel, Idea, IdeaPhoto, Municipality, Program, VoiceState
from programs.public_forms import STAMP_SALT
from programs.saying import pictures
from revisions.models import Comment, Question
from revisions.saying import receive_comment
from revisions.views.say import MOST_SENT
from tests.factories import (
    make_action,
    make_event,
    make_idea,
    make_locality,
    make_municipality,
    make_picture,
    make_program,
)
from tests.revisions import builders
from tests.revisions.pages import (
    HTML,
    by_class,
    clause_of,
    links,
    main_of,
    open_for_comments,
    page_of,
    parsed,
    public,
    queries,
    revision_at,
    value_of,
    words_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.searches]

SAY = reverse("revisions:say")
HUGE = "9" * 30
TEXT = "Sätt upp en bänk vid ån."


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def municipality(db):
    return make_municipality(
        map_outline=[[12.5, 56.5], [13.0, 56.5], [13.0, 57.0], [12.5, 57.0]], reply_days=30
    )


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def process(program):
    return open_for_comments(revision_at("comments", program))


def over(process) -> None:
    """The period ended yesterday, by the clock that the pages go by."""
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    type(process).objects.filter(pk=process.pk).update(
        comments_open_on=yesterday, comments_close_on=yesterday
    )


def stamp(minutes: float = 5, reference: str = "BCDFGHJ") -> str:
    made = timezone.now().timestamp() - minutes * 60
    return signing.dumps([made, reference], salt=STAMP_SALT)


def send(client, url: str = SAY, *, at: str = "192.0.2.7", **fields):
    """As a browser would, from a form that has been open for a while."""
    sent = {"text": TEXT, "stamp": stamp(), "do": "send"} | fields
    sent = {name: value for name, value in sent.items() if value is not None}
    return client.post(url, sent, REMOTE_ADDR=at)


def fields_of(page) -> dict[str, str]:
    """What the page's form would send on, as it stands."""
    (form,) = [each for each in page.iter(f"{HTML}form") if each.get("method") == "post"]
    found = {}
    for each in form.iter():
        name, kind = each.get("name"), each.get("type")
        if not name or each.tag == f"{HTML}button" or kind in {"image", "file"}:
            continue
        if kind == "checkbox" and each.get("checked") is None:
            continue
        found[name] = (value_of(page, name) or "") if kind != "checkbox" else "on"
    return found


def buttons(page) -> list[str]:
    return [words_in(each) for each in page.iter(f"{HTML}button") if each.get("name") == "do"]


# --- What it becomes -----------------------------------------------------------------------------


def test_idea_is_held_with_its_place_and_a_title_of_its_own(client, program, today):
    url = f"{SAY}?program={program.slug}"
    page = page_of(client, url)
    assert f"It becomes en idé for {program.name}" in main_of(page)

    response = send(client, url, **{**fields_of(page), "stamp": stamp(), "text": TEXT})

    (idea,) = Idea.objects.all()
    assert (idea.title, idea.text) == ("Sätt upp en bänk vid ån", TEXT)
    assert (idea.program, idea.locality) == (program, program.locality)
    assert (idea.state, idea.channel) == (VoiceState.HELD, Channel.WEB)
    assert idea.sent_from == program.get_absolute_url()
    assert idea.promised_on == today + datetime.timedelta(days=30)
    thanks = main_of(page_of(client, response.url))
    assert f"Your reference is {idea.reference}." in thanks
    assert f"You get an answer by {idea.promised_on.day} " in thanks
    assert "You gave no address" in thanks
    assert TEXT not in thanks


def test_every_page_that_leads_to_the_form_is_known_by_it(client, program):
    place = make_locality(name="Åled")
    action, event = make_action(program=program), make_event(program=None, locality=place)
    expected = {
        f"?ort={place.slug}": {"locality": place},
        f"?atgard={action.pk}": {"about_action": action, "program": program},
        f"?mote={event.pk}": {"event": event, "locality": place, "program": None},
    }
    for number, (query, fields) in enumerate(expected.items()):
        page = page_of(client, SAY + query)
        assert value_of(page, "where") is None
        send(client, SAY + query, text=f"Idé {number} om något nytt", stamp=stamp())
        idea = Idea.objects.latest("pk")
        assert {name: getattr(idea, name) for name in fields} == fields


def test_form_without_a_place_asks_for_one_and_takes_its_program(client, program):
    locality = program.locality
    page = page_of(client, SAY)
    assert value_of(page, "where") == ""

    send(client, where=locality.slug)
    send(client, where="", text="Något om hela kommunen")

    first, second = Idea.objects.order_by("pk")
    assert (first.locality, first.program) == (locality, program)
    assert (second.locality, second.program) == (None, None)


def test_what_is_said_about_the_text_is_a_comment_while_it_is_open(client, process, today):
    clause, program = clause_of(process, "hamnen"), process.program
    url = f"{SAY}?program={program.slug}&stycke={process.base.number}/hamnen"
    page = page_of(client, url)
    assert f"It becomes a comment on the text of {program.name}" in main_of(page)
    assert "Bygg i hamnen." in words_in(by_class(page, "voice")[0])
    assert value_of(page, "clause") == str(clause.pk)
    assert all(str(label) in main_of(page) for label in Question.labels)

    response = send(
        client,
        url,
        kind="comment",
        clause=clause.pk,
        question="focus",
        author_name="Eva",
        text="Hellre en park.",
    )

    (row,) = Comment.objects.all()
    assert (row.edition, row.clause, row.question) == (process.base, clause, "focus")
    assert (row.state, row.channel, row.public_name) == (VoiceState.HELD, Channel.WEB, "")
    assert row.sent_from == clause.get_absolute_url()
    assert [line.kind for line in row.history.all()] == ["received"]
    thanks = page_of(client, response.url)
    assert f"Your reference is {row.reference}." in main_of(thanks)
    assert public(process, "comments") in links(thanks)
    assert not Idea.objects.exists()


def test_process_page_leads_to_a_comment_on_the_whole_text(client, process):
    url = f"{SAY}?process={process.pk}"
    assert url in links(page_of(client, public(process)))

    send(client, url, **fields_of(page_of(client, url)) | {"stamp": stamp(), "text": "Bra."})

    assert Comment.objects.get().clause is None


def test_old_address_of_the_comment_form_leads_to_the_new_one(client, process):
    old = public(process, "comment")
    new = f"{SAY}?process={process.pk}&stycke=hamnen"
    assert client.get(f"{old}?stycke=hamnen").url == new
    response = client.post(f"{old}?stycke=hamnen", {"text": "Ja"})
    assert (response.status_code, response.url) == (307, new)
    page = page_of(client, new)
    assert value_of(page, "clause") == str(clause_of(process, "hamnen").pk)

    # A form that was open when the portal changed keeps what was typed.
    page = parsed(client.post(new, {"text": "Ja", "reference": "BCDFGHJ"}))
    assert value_of(page, "text") == "Ja"
    assert value_of(page, "kind") == "comment"


def test_program_page_leads_to_an_idea_though_its_text_is_open(client, process):
    program = process.program

    page = page_of(client, f"{SAY}?program={program.slug}")

    assert f"It becomes en idé for {program.name}" in main_of(page)
    assert "is open for comments until" in main_of(page)
    assert "It is about the text" in buttons(page)


def test_form_without_a_place_names_the_texts_that_are_open(client, process):
    assert f"{SAY}?process={process.pk}" in links(page_of(client, SAY))
    over(process)
    assert f"{SAY}?process={process.pk}" not in links(page_of(client, SAY))


def test_clause_outside_the_period_makes_an_idea_about_it(client, process):
    over(process)
    url = f"{SAY}?program={process.program.slug}&stycke={process.base.number}/hamnen"

    page = page_of(client, url)
    assert "Bygg i hamnen." in words_in(by_class(page, "voice")[0])
    send(client, url, **fields_of(page) | {"stamp": stamp(), "text": TEXT})

    assert Idea.objects.get().clause == clause_of(process, "hamnen")


def test_creation_takes_comments_only_on_a_published_draft(client):
    process = open_for_comments(builders.at("public-meeting", "creation"))
    clause = process.draft.clauses.first()
    url = f"{SAY}?process={process.pk}&stycke={clause.slug}"
    page = page_of(client, url)
    assert value_of(page, "kind") == "idea"
    assert clause.text not in main_of(page)
    builders.publish(process)

    page = page_of(client, url)
    assert value_of(page, "clause") == str(clause.pk)
    send(client, url, kind="comment", clause=clause.pk)

    assert Comment.objects.get().edition == process.draft


def test_clause_of_another_text_is_refused(client, process):
    strange = builders.make_program().current_edition.clauses.first()

    page = parsed(send(client, f"{SAY}?process={process.pk}", kind="comment", clause=strange.pk))

    assert by_class(page, "error-summary")
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?process={process}&stycke=%00finns-inte", "Your comment will concern the whole text."),
        ("?program={program}&stycke=9/finns-inte", "Your comment will concern the whole text."),
        ("?ort=finns-inte", "What you came from is no longer here."),
        ("?atgard=999999999", "What you came from is no longer here."),
        ("?program={program}&stycke=<>", "It becomes en idé for"),
        ("?process=%00", "It becomes en idé to the municipality"),
        (f"?process={HUGE}&mote={HUGE}", "What you came from is no longer here."),
        ("?stycke=1/hamnen", "It becomes en idé to the municipality"),
    ],
)
def test_address_that_names_nothing_is_told(client, process, query, words):
    query = query.format(process=process.pk, program=process.program.slug)

    assert words in main_of(page_of(client, SAY + query))
    assert send(client, SAY + query, do="edit").status_code == 200


# --- The writer says otherwise -------------------------------------------------------------------


def test_writer_may_say_that_it_is_about_something_else(client, process):
    other = make_locality(name="Åled")
    url = f"{SAY}?process={process.pk}&stycke=hamnen"
    clause = clause_of(process, "hamnen")
    page = page_of(client, url)

    changed = {"text": TEXT, "author_name": "Eva", "do": "other"}
    page = parsed(send(client, url, **fields_of(page) | changed))
    assert (value_of(page, "text"), value_of(page, "author_name")) == (TEXT, "Eva")
    assert value_of(page, "where") == process.program.locality.slug
    assert by_class(page, "error-summary") == []
    assert value_of(page, "clause") == str(clause.pk)

    back = parsed(send(client, url, **fields_of(page) | {"do": "comment"}))
    assert value_of(back, "clause") == str(clause.pk)
    assert value_of(back, "text") == TEXT

    send(client, url, **fields_of(page) | {"where": other.slug, "stamp": stamp()})
    idea = Idea.objects.get()
    assert (idea.locality, idea.program, idea.clause) == (other, None, None)
    assert not Comment.objects.exists()


def test_changing_sends_nothing_and_says_nothing_of_what_is_missing(client, program):
    for act in ("other", "comment", "edit", "unpin", "drop_photo", "\x00"):
        page = parsed(send(client, f"{SAY}?program={program.slug}", text="", do=act))
        if act != "\x00":
            assert by_class(page, "error-summary") == []

    assert not Idea.objects.exists()


def test_comment_cannot_be_forced_where_nothing_takes_comments(client, program):
    page = parsed(send(client, f"{SAY}?program={program.slug}", kind="comment"), 409)

    assert value_of(page, "text") == TEXT
    assert not Comment.objects.exists()
    assert not Idea.objects.exists()


# --- Nothing typed is lost -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": ""}, "Write what you want to say."),
        ({"text": " \r\n "}, "Write what you want to say."),
        ({"text": "x" * 2001}, "The text is 2001 characters long. There is room for 2000."),
        ({"author_email": "inte en adress"}, "Write an address such as"),
        ({"show_name": "on", "author_name": ""}, "Write the name that is to be shown."),
        ({"where": "finns-inte"}, "Select a valid choice."),
        ({"author_name": "x" * 81}, "at most 80 characters"),
        ({"position_words": "x" * 161}, "at most 160 characters"),
        ({"photo_mark": "forged"}, "The picture is no longer here. Choose it again."),
        ({"stamp": ""}, "Everything is still here: send it again."),
        ({"stamp": stamp(minutes=60 * 49)}, "Everything is still here: send it again."),
    ],
)
def test_faulty_form_is_told_and_keeps_what_was_typed(client, program, fields, words):
    given = {"author_name": "Eva Ek", "author_email": "eva@example.se", "where": ""}
    sent = given | {"position_words": "Vid bron", "text": TEXT} | fields

    page = parsed(send(client, **sent))

    assert words in words_in(by_class(page, "error-summary")[0])
    kept = {name: value_of(page, name) for name in given if name != "where"}
    assert kept == {name: sent[name] for name in kept}
    assert value_of(page, "text") == sent["text"].replace("\r\n", "\n")
    assert value_of(page, "position_words") == sent["position_words"]
    assert not Idea.objects.exists()


def test_form_that_was_open_too_long_is_sent_with_one_more_press(client):
    page = parsed(send(client, stamp=stamp(minutes=60 * 50)))

    assert "It had been" not in main_of(page)
    assert send(client, **fields_of(page)).status_code == 302
    assert Idea.objects.get().text == TEXT


def test_line_breaks_count_as_the_browser_counts_them(client):
    text = ("x" * 9 + "\r\n") * 200

    send(client, text=text)

    assert Idea.objects.get().text == text.strip().replace("\r\n", "\n")


def test_nul_is_left_out_and_nothing_breaks(client):
    send(client, text="Ja\x00 tack", author_name="E\x00va", where="\x00", pin="\x00", seen="\x00,9")

    idea = Idea.objects.get()
    assert (idea.text, idea.author_name) == ("Ja tack", "Eva")


def test_doubled_click_makes_one_and_two_people_two(client):
    first, again = send(client), send(client)
    assert first.url.partition("?")[0] == again.url.partition("?")[0] == reverse("revisions:said")
    assert Idea.objects.count() == 1

    send(client, stamp=stamp(reference="CDFGHJK"), do="anyway")
    send(client, text="Något helt annat om vägen", do="anyway")

    assert Idea.objects.count() == 3
    assert len(set(Idea.objects.values_list("reference", flat=True))) == 3


def test_idea_and_comment_from_one_form_have_each_its_reference(client, process):
    url = f"{SAY}?process={process.pk}"

    send(client, url, kind="comment")
    send(client, url, kind="idea", loose="1")

    assert Comment.objects.get().reference == "BCDFGHJ"
    assert Idea.objects.get().reference != "BCDFGHJ"


def test_form_that_nobody_sees_the_whole_of_is_held_with_what_was_noticed(client):
    send(client, website="http://spam.example", stamp=stamp(minutes=0))

    assert Idea.objects.get().held_because == (
        "a field that people do not see was filled in; sent within 3 seconds"
    )


def test_writing_needs_no_cookie_and_sets_none(program):
    # Django's own protection against forgery is on in this client, as in a browser.
    client = Client(enforce_csrf_checks=True)
    response = send(client, f"{SAY}?program={program.slug}")

    assert response.status_code == 302
    assert (response.cookies, client.cookies) == ({}, {})


# --- The comment period --------------------------------------------------------------------------


def test_period_closes_exactly_when_it_ends_and_an_idea_is_offered(client, process):
    url = f"{SAY}?process={process.pk}"
    clause = clause_of(process, "hamnen")
    assert send(client, url, kind="comment", text="I tid").status_code == 302
    over(process)

    sent = {"kind": "comment", "text": "För sent", "clause": clause.pk, "stamp": stamp()}
    page = parsed(send(client, url, **sent), 409)

    assert "The comment period is over" in main_of(page)
    assert value_of(page, "text") == "För sent"
    assert [row.text for row in Comment.objects.all()] == ["I tid"]
    send(client, url, **fields_of(page))
    idea = Idea.objects.get()
    assert (idea.text, idea.program) == ("För sent", process.program)


def test_period_that_is_not_open_is_told_before_anything_is_typed(client, process, today):
    url = f"{SAY}?process={process.pk}"
    over(process)
    yesterday = today - datetime.timedelta(days=1)

    page = page_of(client, url)

    assert "Comments are not open now" in main_of(page)
    assert f"The period is {yesterday.day} " in main_of(page)
    assert value_of(page, "kind") == "idea"


def test_comment_that_meets_the_end_at_the_lock_is_not_kept(process, municipality):
    comment = Comment(
        process=process, edition=process.base, text="För sent", reference="BCDFGHJ", channel="web"
    )
    over(process)

    assert receive_comment(comment, municipality, timezone.now()) is None
    assert not Comment.objects.exists()


# --- Similar ideas -------------------------------------------------------------------------------


@pytest.fixture
def bench(program):
    return make_idea(
        program=program,
        locality=program.locality,
        title="Bänkar längs ån",
        text="Bänkar längs ån så att man kan vila. " * 3,
    )


def test_similar_ideas_are_offered_once_before_sending(client, program, bench):
    bench.supports.create(address_hash="x")
    make_idea(program=program, title="Bänkar, hållen", state=VoiceState.HELD)
    answered = make_idea(
        program=program, title="Bänk vid skolan", outcome="no", reply="Där finns redan en."
    )
    url = f"{SAY}?program={program.slug}"

    page = parsed(send(client, url, text="En bänk", author_name="Eva", position_words="Vid bron"))

    assert not Idea.objects.filter(text="En bänk").exists()
    rows = [words_in(each) for each in by_class(page, "panel") if each.tag == f"{HTML}li"]
    assert len(rows) == 2
    offered = next(row for row in rows if row.startswith(bench.title))
    assert bench.text.strip() in offered
    assert "1 supports it" in offered
    assert "Waiting for an answer" in offered
    assert answered.get_absolute_url() in links(page)
    assert "Där finns redan en." in main_of(page)
    assert buttons(page) == ["No, send mine", "Change mine"]

    # Going back loses nothing, and the same ideas are not offered again.
    form = parsed(send(client, url, **fields_of(page) | {"do": "edit"}))
    assert value_of(form, "position_words") == "Vid bron"
    again = send(client, url, **fields_of(form) | {"text": "En bänk till"})
    assert again.status_code == 302
    idea = Idea.objects.get(text="En bänk till")
    assert (idea.author_name, idea.position_words) == ("Eva", "Vid bron")


def test_writer_may_send_theirs_all_the_same(client, program, bench):
    url = f"{SAY}?program={program.slug}"
    page = parsed(send(client, url, text="En bänk\noch en till", show_name="on", author_name="Eva"))

    response = send(client, url, **fields_of(page) | {"do": "anyway"})

    assert response.status_code == 302
    idea = Idea.objects.latest("pk")
    assert (idea.text, idea.public_name) == ("En bänk\noch en till", "Eva")


def test_nothing_similar_is_offered_for_a_comment(client, process, bench):
    response = send(client, f"{SAY}?process={process.pk}", kind="comment", text=bench.text)

    assert response.status_code == 302


# --- Position ------------------------------------------------------------------------------------


def test_click_on_the_map_places_a_pin_and_keeps_the_rest(client, program):
    type(program.locality).objects.update(latitude=56.75, longitude=12.75)
    url = f"{SAY}?program={program.slug}"
    page = page_of(client, url)
    maps = [each for each in page.iter(f"{HTML}input") if each.get("type") == "image"]
    assert [each.get("name") for each in maps] == ["map272", "map320", "map544"]
    middle = int(maps[1].get("width")) // 2, int(maps[1].get("height")) // 2

    page = parsed(
        send(
            client,
            url,
            do=None,
            author_name="Eva",
            **{"map320.x": middle[0], "map320.y": middle[1]},
        )
    )

    latitude, longitude = map(float, value_of(page, "pin").split(","))
    assert abs(latitude - 56.75) < 0.005
    assert abs(longitude - 12.75) < 0.005
    assert by_class(page, "pin-map__pin")
    assert (value_of(page, "text"), value_of(page, "author_name")) == (TEXT, "Eva")
    assert not Idea.objects.exists()

    send(client, url, **fields_of(page) | {"stamp": stamp()})
    idea = Idea.objects.get()
    assert (idea.latitude, idea.longitude) == (latitude, longitude)
    without = parsed(send(client, url, **fields_of(page) | {"do": "unpin"}))
    assert value_of(without, "pin") == ""


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ("0", "0", "The map needs a pointer."),
        ("1", "1", "That is outside the municipality."),
        ("99999", "5", "That is outside the municipality."),
        ("x", "5", "Or click on the map"),
        (HUGE, "5", "Or click on the map"),
        ("-1", "5", "Or click on the map"),
    ],
)
def test_click_that_hits_nothing_is_told(client, program, x, y, words):
    type(program.locality).objects.update(latitude=56.75, longitude=12.75)

    page = parsed(send(client, **{"map272.x": x, "map272.y": y}))

    assert words in main_of(page)
    assert value_of(page, "pin") == ""
    assert value_of(page, "text") == TEXT


def test_municipality_without_positions_asks_only_for_words(client):
    page = page_of(client, SAY)

    assert by_class(page, "pin-map") == []
    assert value_of(page, "position_words") == ""


# --- A picture -----------------------------------------------------------------------------------


def test_picture_survives_every_error_and_is_held_with_the_idea(client, program):
    url = f"{SAY}?program={program.slug}"
    page = parsed(send(client, url, text="", photo=make_picture()))
    assert {words_in(each) for each in by_class(page, "field__error")} == {
        "Write what you want to say.",
        "Say in a sentence what the picture shows.",
        "Tick the box if the picture may be shown.",
    }
    (shown,) = [each for each in page.iter(f"{HTML}img") if "bild" in each.get("src")]
    draft = client.get(shown.get("src"))
    assert (draft.status_code, draft["Content-Type"]) == (200, "image/jpeg")
    assert draft["Cache-Control"] == "private, no-store"

    sent = fields_of(page) | {"text": TEXT, "photo_alt": "En ån", "photo_mine": "on"}
    assert send(client, url, **sent | {"stamp": stamp()}).status_code == 302

    (photo,) = IdeaPhoto.objects.all()
    assert (photo.idea.text, photo.alt, photo.image.name) == (TEXT, "En ån", "")
    assert photo.held.size > 0
    assert photo.idea.held_because == "a picture to look at"
    # The same form once more finds the draft still there, and makes nothing new.
    assert send(client, url, **sent | {"stamp": stamp()}).status_code == 302
    assert IdeaPhoto.objects.count() == 1


def test_picture_comes_along_when_something_else_is_pressed(client, process):
    url = f"{SAY}?program={process.program.slug}"
    for act in ("edit", "other", "comment"):
        page = parsed(send(client, url, do=act, photo=make_picture(), photo_alt="Ån"))
        assert pictures.draft_of(value_of(page, "photo_mark")) is not None
        assert by_class(page, "error-summary") == []

    # Through the comment form and back.
    page = parsed(send(client, url, **fields_of(page) | {"do": "other"}))
    assert pictures.draft_of(value_of(page, "photo_mark")) is not None
    assert value_of(page, "photo_alt") == "Ån"
    page = parsed(send(client, url, **fields_of(page) | {"do": "drop_photo"}))
    assert not value_of(page, "photo_mark")


def test_what_is_no_picture_is_told_also_at_a_click_on_the_map(client, program):
    type(program.locality).objects.update(latitude=56.75, longitude=12.75)
    broken = SimpleUploadedFile("bild.jpg", b"inte en bild")

    page = parsed(send(client, photo=broken, **{"map272.x": "136", "map272.y": "100"}))

    errors = [words_in(each) for each in by_class(page, "field__error")]
    assert len(errors) == 1
    assert "not a picture that we can open" in errors[0]
    assert value_of(page, "pin") != ""


def test_draft_with_a_forged_mark_is_not_found(client):
    assert client.get(reverse("programs:picture_draft", args=["forged"])).status_code == 404


# --- Order ---------------------------------------------------------------------------------------


@pytest.fixture
def noon(monkeypatch):
    """The clock stands still three minutes into a span of ten."""
    moment = datetime.datetime(2026, 3, 1, 12, 3, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.mark.usefixtures("noon")
def test_burst_is_slowed_and_others_get_through(client):
    most = MOST_SENT[0][1]
    statuses = [
        send(client, stamp=stamp(reference=f"{number:07}"), text=f"Text {number}").status_code
        for number in range(150)
    ]
    slow = send(client, text="Den sista", author_name="Eva", stamp=stamp())
    neighbour = send(client, at="192.0.2.99", text="Granne", stamp=stamp(reference="DFGHJKL"))
    other = send(
        client, at="198.51.100.4", text="Från annat håll", stamp=stamp(reference="FGHJKLM")
    )
    sixth = send(client, at="2001:db8::4", text="Också", stamp=stamp(reference="GHJKLMN"))

    assert statuses == [302] * most + [429] * (150 - most)
    assert Idea.objects.count() == most + 2
    assert (neighbour.status_code, other.status_code, sixth.status_code) == (429, 302, 302)
    page = parsed(slow, 429)
    assert "Send it again in 7 minutes." in main_of(page)
    assert slow["Retry-After"] == "420"
    assert (value_of(page, "text"), value_of(page, "author_name")) == ("Den sista", "Eva")


@pytest.mark.usefixtures("noon")
def test_pictures_are_slowed_too_and_the_text_is_kept(client):
    for _number in range(MOST_SENT[0][1]):
        send(client, do="edit", photo=make_picture())

    page = parsed(send(client, do="edit", photo=make_picture()), 429)

    assert value_of(page, "text") == TEXT
    assert value_of(page, "photo_mark") is None


# --- The page ------------------------------------------------------------------------------------


def test_form_says_what_the_law_asks(client, municipality):
    page = page_of(client, SAY)

    text = main_of(page)
    assert "becomes a public record" in text
    assert "is not a formal citizens' proposal" in text
    assert {reverse("rules"), reverse("privacy")} <= set(links(page))
    assert "That is made here." not in text
    Municipality.objects.update(
        citizen_proposal_url="https://example.se/forslag", review_first=False
    )
    page = page_of(client, SAY)
    assert "https://example.se/forslag" in links(page)
    assert "A person reads it" not in main_of(page)


def test_form_takes_the_same_queries_for_any_number_of_rows(client, process):
    program = process.program
    addresses = [
        SAY,
        f"{SAY}?program={program.slug}",
        f"{SAY}?process={process.pk}&stycke=hamnen",
        f"{SAY}?ort={program.locality.slug}",
    ]
    few = [queries(client, url) for url in addresses]
    for _number in range(5):
        make_idea(program=make_program(status=Program.Status.ACTIVE))

    assert [queries(client, url) for url in addresses] == few
    assert max(few) <= 8


def test_thanks_for_what_is_not_known_thank_anyway(client):
    for receipt in ("", "forged", "\x00"):
        page = page_of(client, f"{reverse('revisions:said')}?kvitto={receipt}")
        assert "Thank you, it has come in" in main_of(page)
        assert "Your reference" not in main_of(page)


def test_what_is_shown_at_once_is_linked_from_the_thanks(client):
    Municipality.objects.update(review_first=False)

    response = send(client)

    idea = Idea.objects.get()
    assert idea.get_absolute_url() in links(page_of(client, response.url))
    assert client.get(idea.get_absolute_url()).status_code == 200


def test_address_is_written_to_and_the_thanks_say_so(client):
    response = send(client, author_email="eva@example.se")

    assert "Open the mail we have sent" in main_of(page_of(client, response.url))
    assert Idea.objects.get().author_email == "eva@example.se"
