"""A voice comes in: once, held, promised an answer – and what the portal notices about it."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone, translation

from programs.models import Channel, Idea, IdeaPhoto, OutgoingMail, VoiceState
from programs.models.voices import new_reference
from programs.voices.receiving import MOST_RECEIPTS, receive, title_of, was_written_to
from programs.voices.weighing import MOST_ALIKE, weigh
from tests.factories import make_municipality, make_picture

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 3, 1, 23, 30, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def municipality(db):
    return make_municipality(reply_days=30)


def new_idea(text: str = "Sätt upp en bänk vid ån.", **fields) -> Idea:
    fields = {"channel": Channel.WEB, "reference": new_reference()} | fields
    return Idea(title=title_of(text), text=text, **fields)


# --- Kept ----------------------------------------------------------------------------------------


def test_voice_is_held_with_a_promise_and_a_line_in_its_history(municipality):
    idea = receive(new_idea(), municipality, NOW)

    idea.refresh_from_db()
    # Half past midnight in Sweden is the next day.
    assert str(idea.received.iso) == "2026-03-02"
    assert idea.promised_on == datetime.date(2026, 4, 1)
    assert (idea.state, idea.published_at, idea.held_because) == (VoiceState.HELD, None, "")
    assert [(line.kind, line.at, line.by) for line in idea.history.all()] == [
        ("received", NOW, None)
    ]
    assert not OutgoingMail.objects.exists()
    assert not was_written_to(idea)


def test_author_with_an_address_gets_one_receipt(municipality):
    idea = new_idea(author_email="eva@example.se")
    again = new_idea(author_email="eva@example.se", reference=idea.reference)

    kept = receive(idea, municipality, NOW)
    receive(again, municipality, NOW)

    (letter,) = OutgoingMail.objects.all()
    assert letter.to == "eva@example.se"
    assert was_written_to(kept)


def test_machine_gets_no_mail_sent_to_others(municipality):
    kept = receive(new_idea(author_email="offer@example.se"), municipality, NOW, oddities=["trap"])

    assert not was_written_to(kept)
    assert kept.held_because == "a field that people do not see was filled in"


def test_nobody_is_drowned_in_receipts(municipality):
    rows = [
        receive(new_idea(f"Idé nummer {number} om ån", author_email="Offer@example.se"), *when)
        for number in range(MOST_RECEIPTS + 2)
        for when in [(municipality, NOW)]
    ]

    assert [was_written_to(row) for row in rows] == [True] * MOST_RECEIPTS + [False] * 2
    tomorrow = NOW + datetime.timedelta(days=1)
    later = receive(
        new_idea("En dag senare", author_email="offer@example.se"), municipality, tomorrow
    )
    assert was_written_to(later)


def test_same_form_twice_is_one_and_another_text_is_another(municipality):
    idea = new_idea()
    first = receive(idea, municipality, NOW)
    second = receive(new_idea(reference=first.reference), municipality, NOW)
    other = receive(new_idea("Två bänkar vid ån.", reference=first.reference), municipality, NOW)

    assert second.pk == first.pk
    assert other.pk != first.pk
    assert other.reference != first.reference
    assert Idea.objects.count() == 2
    assert first.history.count() == 1


def test_same_form_is_known_also_when_staff_have_edited_the_text(municipality):
    first = receive(new_idea(), municipality, NOW)
    Idea.objects.update(original_text=first.text, text="Rättad text.")

    assert receive(new_idea(reference=first.reference), municipality, NOW).pk == first.pk


def test_municipality_that_shows_first_holds_only_what_is_odd(municipality):
    municipality.review_first = False

    shown = receive(new_idea(), municipality, NOW)
    odd = receive(new_idea("Snabbt sagt om ån."), municipality, NOW, oddities=["quick"])

    assert (shown.state, shown.published_at) == (VoiceState.PUBLISHED, NOW)
    assert [line.kind for line in shown.history.all()] == ["received", "published"]
    assert (odd.state, odd.held_because) == (VoiceState.HELD, "sent within 3 seconds")
    assert [line.kind for line in odd.history.all()] == ["received"]


def test_picture_is_held_and_always_looked_at_first(municipality, tmp_path):
    municipality.review_first = False
    picture = ContentFile(make_picture().read(), name="picture.jpg")

    idea = receive(new_idea(), municipality, NOW, picture=picture, alt="En bänk")

    photo = IdeaPhoto.objects.get()
    assert (photo.idea, photo.alt, photo.image.name) == (idea, "En bänk", "")
    assert (tmp_path / "held" / photo.held.name).exists()
    assert (idea.state, idea.held_because) == (VoiceState.HELD, "a picture to look at")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_same_form_sent_several_times_at_once_is_one(municipality):
    reference, barrier = new_reference(), Barrier(4)

    def send(_number):
        try:
            barrier.wait(timeout=10)
            picture = ContentFile(make_picture().read(), name="picture.jpg")
            voice = new_idea(reference=reference, author_email="eva@example.se")
            return receive(voice, municipality, timezone.now(), picture=picture, alt="Bänk").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        keys = set(pool.map(send, range(4)))

    idea = Idea.objects.get()
    assert keys == {idea.pk}
    assert idea.history.count() == idea.photos.count() == OutgoingMail.objects.count() == 1


# --- Noticed -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "noticed"),
    [
        ("Sätt upp en bänk vid ån.", ""),
        ("Se https://example.se/bank hur de gjorde i Falkenberg.", ""),
        ("Köp på https://a.example och http://b.example nu", "2 links"),
        ("Bäst på nätet: billigt.shop, www.billigt.se och mera", "2 links"),
        ("Ring 035-13 70 00 så berättar jag.", "perhaps a telephone number"),
        ("Min mobil är +46 70 123 45 67", "perhaps a telephone number"),
        ("Skriv till eva.ek@example.se", "an e-mail address"),
        # The number of an invented person in Skatteverket's list of test numbers.
        ("Jag heter Tolvan, 19121212-1212.", "perhaps a personal identity number"),
        ("Ärende 121212-1213 är inget personnummer.", ""),
        ("Mellan 2019-2026 byggdes 14 000 hus för 35 miljoner.", ""),
        ("Bussen går 07.35 och 15.40, linje 352.", ""),
        ("Senast 2026-03-01 och KS 2012/0418, § 231.", ""),
    ],
)
def test_text_is_weighed(text, noticed):
    assert weigh(text, [], has_picture=False, alike=1) == noticed


def test_everything_noticed_is_told_and_fits_the_column():
    words = weigh(
        "www.a.se www.b.se eva@example.se 0701234567 191212121212",
        ["trap", "quick"],
        has_picture=True,
        alike=99,
    )

    assert words.startswith("a field that people do not see was filled in; sent within 3 seconds;")
    assert len(words) == 200


def test_mass_posting_is_held_from_whoever_it_comes(municipality):
    municipality.review_first = False
    texts = [
        "Bygg  ingen väg!",
        "bygg ingen väg",
        "BYGG INGEN VÄG.",
        "Bygg ingen väg",
        "Bygg, ingen väg",
    ]

    rows = [receive(new_idea(text), municipality, NOW) for text in texts]

    assert [row.state for row in rows] == [VoiceState.PUBLISHED] * MOST_ALIKE + [
        VoiceState.HELD
    ] * 2
    assert rows[-1].held_because == "the same text has come in 5 times today"
    tomorrow = receive(new_idea(texts[0]), municipality, NOW + datetime.timedelta(days=1))
    assert tomorrow.state == VoiceState.PUBLISHED


# --- A title from the text -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Sätt upp en bänk vid ån.", "Sätt upp en bänk vid ån"),
        ("hej! kan vi få en lekplats? Den gamla är trasig.", "Kan vi få en lekplats?"),
        ("Hej,\n\nbadet behöver rustas. Snart.", "Badet behöver rustas"),
        ("Bänk!", "Bänk!"),
        ("Mer ljus", "Mer ljus"),
        ("Det vore bra …", "Det vore bra …"),
        ("   \n  Tak över   busskuren\t tack ", "Tak över   busskuren\t tack"),
    ],
)
def test_title_is_the_first_sentence_that_says_something(text, title):
    assert title_of(text) == title


def test_long_sentence_is_shortened_between_words():
    title = title_of("Det vore väldigt bra om kommunen kunde " + "bygga och bygga " * 30)

    assert len(title) <= 80
    assert title.endswith("bygga …") or title.endswith("och …") or title.endswith("…")
    assert "\n" not in title
