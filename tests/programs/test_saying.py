"""What goes along when someone says something: pictures, positions, similar ideas."""

import datetime
import os
from io import BytesIO

import pytest
from django import forms
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils import timezone, translation
from PIL import Image

from programs.drawings.map import draw_map
from programs.models import Locality, Municipality, Program, VoiceState
from programs.saying import pictures
from programs.saying.about import About, about_of
from programs.saying.forms import IdeaForm
from programs.saying.similar import MOST_OFFERED, similar_ideas, stems
from programs.storage import held_files
from tests.factories import (
    make_action,
    make_edition,
    make_event,
    make_idea,
    make_locality,
    make_picture,
    make_program,
)

pytestmark = pytest.mark.searches

SQUARE = [[12.5, 56.5], [13.0, 56.5], [13.0, 57.0], [12.5, 57.0]]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


# --- Pictures ------------------------------------------------------------------------------------


def uploaded(image: Image.Image, kind: str = "JPEG", name: str = "bild.jpg", **how):
    data = BytesIO()
    image.save(data, kind, **how)
    return SimpleUploadedFile(name, data.getvalue(), content_type="text/html")


def taken_in(upload) -> Image.Image:
    draft = pictures.draft_of(pictures.take_in(upload))
    return Image.open(BytesIO(draft.read()))


def test_picture_is_drawn_anew_upright_and_without_what_was_written_in_it():
    wide = Image.new("RGB", (60, 30), "#0b5d4a")
    exif = wide.getexif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "Telefonen"
    exif.get_ifd(0x8825)[2] = (56.0, 40.0, 0.0)
    upload = uploaded(wide, exif=exif.tobytes(), comment=b"hemligt", dpi=(300, 300))

    drawn = taken_in(upload)

    assert (drawn.format, drawn.size) == ("JPEG", (30, 60))
    assert not drawn.getexif()
    assert "comment" not in drawn.info
    assert "exif" not in drawn.info


def test_large_picture_is_made_smaller_and_transparent_gets_a_white_ground():
    large = taken_in(uploaded(Image.new("RGB", (4000, 1000), "red")))
    clear = taken_in(uploaded(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "PNG", "bild.png"))

    assert large.size == (2000, 500)
    assert min(clear.getpixel((4, 4))) > 250


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        (Image.new("CMYK", (9, 9)), "JPEG"),
        (Image.new("L", (9, 9)), "JPEG"),
        (Image.new("P", (9, 9)), "GIF"),
        (Image.new("1", (9, 9)), "PNG"),
        (Image.new("LA", (9, 9)), "PNG"),
        (Image.new("RGBA", (9, 9)), "WEBP"),
    ],
)
def test_every_usual_kind_of_picture_can_be_sent(image, kind):
    assert taken_in(uploaded(image, kind)).mode == "RGB"


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("bild.jpg", b"<script>alert(1)</script>"), "not a picture"),
        (SimpleUploadedFile("bild.jpg", b"%PDF-1.7 bild"), "not a picture"),
        (SimpleUploadedFile("bild.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'), "not a pic"),
        (uploaded(Image.new("RGB", (9, 9)), "BMP", "bild.jpg"), "not a picture"),
        (uploaded(Image.new("RGB", (9, 9)), "TIFF", "bild.jpg"), "not a picture"),
        (SimpleUploadedFile("bild.jpg", make_picture(format_="JPEG").read()[:400]), "not a pic"),
        (uploaded(Image.new("1", (3000, 3)), "PNG"), "a mere line"),
        (uploaded(Image.new("1", (9000, 9000)), "PNG"), "too many pixels"),
    ],
)
def test_what_is_no_fit_picture_is_told(upload, words):
    with pytest.raises(forms.ValidationError, match=words):
        pictures.take_in(upload)


def test_too_heavy_picture_is_not_opened():
    upload = SimpleUploadedFile("bild.jpg", b"x")
    upload.size = pictures.MOST_BYTES + 1

    with pytest.raises(forms.ValidationError, match="larger than 15 MB"):
        pictures.take_in(upload)


@pytest.mark.parametrize(
    "mark",
    [
        "",
        "forged",
        signing.dumps("../secret", salt="other"),
        signing.dumps("drafts/x", salt="other"),
    ],
    ids=["none", "forged", "outside", "other-salt"],
)
def test_mark_of_a_draft_cannot_be_made_up(mark):
    assert pictures.draft_of(mark) is None


def test_drafts_are_forgotten_when_no_form_can_ask_for_them(db, django_capture_on_commit_callbacks):
    old, new = pictures.take_in(make_picture()), pictures.take_in(make_picture())
    path = held_files().path(signing.loads(old, salt=pictures.SALT))
    long_ago = (timezone.now() - datetime.timedelta(days=3)).timestamp()
    os.utime(path, (long_ago, long_ago))

    with django_capture_on_commit_callbacks(execute=True):
        assert pictures.forget_drafts(timezone.now()) == 1
        assert pictures.draft_of(old) is not None
    assert pictures.draft_of(old) is None
    assert pictures.draft_of(new) is not None
    assert pictures.forget_drafts(timezone.now()) == 0


def test_nothing_to_forget_is_no_error():
    assert pictures.forget_drafts(timezone.now()) == 0


# --- Positions -----------------------------------------------------------------------------------


def square(**fields) -> Municipality:
    return Municipality(map_outline=SQUARE, **fields)


def place(name: str, longitude: float, latitude: float) -> Locality:
    return Locality(name=name, longitude=longitude, latitude=latitude)


def test_map_leads_from_a_position_to_the_drawing_and_back():
    drawn = draw_map(square(), [place("Getinge", 12.7, 56.8), place("Åled", 12.9, 56.7)])

    for latitude, longitude in [(56.8, 12.7), (56.51, 12.99), (56.9999, 12.5001)]:
        assert drawn.position(*drawn.pin(latitude, longitude)) == (latitude, longitude)
    getinge = drawn.places[0]
    assert drawn.pin(56.8, 12.7) == (getinge.x, getinge.y)
    assert drawn.nearest((getinge.x + 9, getinge.y)).name == "Getinge"


def test_click_outside_the_municipality_is_no_position():
    drawn = draw_map(square(), [place("Getinge", 12.7, 56.8)])
    left, top = drawn.shore[3]

    assert drawn.position(left + 1, top + 1) is not None
    # A jetty just outside the coarse outline is still in it.
    assert drawn.position(left - 10, top - 10) is not None
    assert drawn.position(left - 30, top + 100) is None
    assert drawn.position(-1, 100) is None
    assert drawn.position(100, drawn.height + 1) is None
    assert drawn.pin(60.0, 12.7) is None


def test_municipality_without_an_outline_takes_clicks_all_over_the_drawing():
    drawn = draw_map(Municipality(), [place("Getinge", 12.7, 56.8), place("Åled", 12.9, 56.7)])

    assert drawn.position(1, 1) is not None
    assert not drawn.is_coastal


@pytest.mark.parametrize(
    ("pin", "position"),
    [
        ("56.8,12.7", (56.8, 12.7)),
        ("", None),
        ("56.8", None),
        ("56.8,12.7,1", None),
        ("nan,12", None),
        ("1e400,12", None),
        ("91,12", None),
        ("x,y", None),
    ],
)
def test_pin_that_nobody_can_have_placed_is_none(pin, position):
    sent = QueryDict(mutable=True)
    sent.update({"pin": pin, "text": "Bänk"})
    form = IdeaForm([], sent)
    form.is_valid()

    assert form.cleaned_data["pin"] == position


# --- What the address says -----------------------------------------------------------------------


@pytest.fixture
def edition(program):
    return make_edition(
        program=program, state="adopted", clauses=[{"heading": "Hamnen", "slug": "hamnen"}]
    )


def test_address_says_what_it_is_about(program, edition):
    clause, locality = edition.clauses.get(), program.locality
    action, event = make_action(program=program), make_event(program=program)
    whole = {"locality": locality, "program": program, "clause": None, "event": None}
    whole["about_action"] = None

    def fields(**asked):
        return about_of({name: str(value) for name, value in asked.items()}).fields()

    assert fields() == dict.fromkeys(whole)
    assert fields(ort=locality.slug) == whole
    assert fields(program=program.slug) == whole
    assert fields(atgard=action.pk) == whole | {"about_action": action}
    assert fields(mote=event.pk) == whole | {"event": event}
    piece = about_of({"program": program.slug, "stycke": "1/hamnen"})
    assert piece.fields() == whole | {"clause": clause}
    assert piece.url == clause.get_absolute_url()


def test_concluded_program_takes_no_ideas_but_its_place_does(db):
    program = make_program(status=Program.Status.CONCLUDED)

    for asked in ({"program": program.slug}, {"ort": program.locality.slug}):
        about = about_of(asked)
        assert (about.locality, about.program, about.is_missing) == (program.locality, None, False)


def test_clause_of_a_draft_is_not_shown(program):
    make_edition(
        program=program, state="draft", clauses=[{"heading": "Hemligt", "slug": "hemligt"}]
    )

    about = about_of({"program": program.slug, "stycke": "1/hemligt"})

    assert about.clause is None
    assert about.text == (1, "hemligt")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked",
    [
        {"ort": "finns-inte"},
        {"ort": "\x00"},
        {"program": "finns-inte"},
        {"atgard": "x"},
        {"atgard": "9" * 40},
        {"atgard": "-1"},
        {"atgard": "²"},
        {"mote": "0"},
        {"mote": "\x00"},
    ],
)
def test_what_is_not_there_is_noted(asked):
    about = about_of(asked)

    assert about.thing is None
    assert about.is_missing or "\x00" in asked.values()


# --- Much the same -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Cykelvägarna behöver lampor", ["cykelväg", "lamp"]),
        ("Jag vill att det ska vara bra", []),
        ("Statyn, statyn, STATYN", ["staty"]),
        ("35 % & <b>", []),
    ],
)
def test_stems_are_the_beginnings_of_the_telling_words(text, found):
    assert stems(text) == found


@pytest.fixture
def getinge(db):
    return make_locality(name="Getinge")


def titles(text: str, about: About | None = None) -> list[str]:
    return [idea.title for idea in similar_ideas(text, about or About())]


def test_similar_ideas_are_found_in_any_inflection_here_first(getinge):
    elsewhere = make_locality(name="Åled")
    make_idea(
        program=None, locality=elsewhere, title="Lampor", text="Lampor vid cykelvägen till skolan."
    )
    make_idea(
        program=None, locality=getinge, title="Ljus", text="Mörkt på cykelvägen. Sätt upp en lampa."
    )
    make_idea(program=None, locality=getinge, title="Badet", text="Rusta badet vid skolan.")
    text = "Cykelvägarna till skolan behöver lampor"

    assert titles(text, About(locality=getinge)) == ["Ljus", "Lampor"]
    assert titles(text, About(locality=elsewhere)) == ["Lampor", "Ljus"]
    assert titles("Sätt upp en hinderbana", About(locality=getinge)) == []
    assert titles("") == []


def test_name_of_the_place_makes_no_two_ideas_alike(getinge):
    make_idea(program=None, locality=getinge, title="Badet", text="Badet i Getinge är slitet.")

    assert titles("En hundrastgård i Getinge", About(locality=getinge)) == []


def test_only_public_ideas_are_offered_and_a_merged_one_by_its_target(getinge):
    for state in (VoiceState.HELD, VoiceState.REFUSED, VoiceState.HIDDEN):
        make_idea(locality=getinge, program=None, title="Utegym", state=state, state_reason="Skäl")
    kept = make_idea(locality=getinge, program=None, title="Träna ute", text="Gratis för alla.")
    make_idea(
        locality=getinge,
        program=None,
        title="Utegym",
        outcome="merged",
        merged_into=kept,
        reply="Se den andra.",
    )
    no = make_idea(
        locality=getinge, program=None, title="Utegym vid ån", outcome="no", reply="Nej."
    )

    found = similar_ideas("Bygg ett utegym", About(locality=getinge))

    assert {idea.pk for idea in found} == {kept.pk, no.pk}
    assert similar_ideas("Bygg ett utegym", About(locality=getinge), {kept.pk, no.pk}) == []


def test_similar_ideas_come_with_their_supporters(getinge):
    idea = make_idea(locality=getinge, program=None, title="Utegym")
    for number in range(3):
        idea.supports.create(address_hash=str(number))

    (found,) = similar_ideas("Ett utegym", About(locality=getinge))

    assert found.supporters == 3


def test_similar_ideas_take_the_same_queries_for_any_number(getinge, django_assert_max_num_queries):
    text = "Rusta lekplatsen vid skolan"
    for number in range(40):
        make_idea(locality=getinge, program=None, title=f"Lekplatsen {number}", text="Vid skolan.")

    with django_assert_max_num_queries(4):
        assert len(similar_ideas(text, About(locality=getinge))) == MOST_OFFERED


@pytest.mark.parametrize(
    "text", ['"AND" OR NOT (lekplats', "lekplats* NEAR:/\\", "å" * 2000, "'; --"]
)
def test_search_language_in_a_text_is_only_words(getinge, text):
    make_idea(locality=getinge, program=None, title="Lekplats")

    similar_ideas(text, About(locality=getinge))
