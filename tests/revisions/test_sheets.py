"""Sheets to print and their short addresses, which must work for as long as paper lies around."""

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from programs.models import Edition, Program
from revisions.sheets import codes
from revisions.sheets.codes import Target, coded, decoded, target_of
from tests.factories import make_edition, make_event, make_municipality, make_program
from tests.revisions import builders
from tests.revisions.pages import (
    clause_of,
    links,
    main_of,
    open_for_comments,
    page_of,
    queries,
    revision_at,
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def text(program):
    return make_edition(program=program, state=Edition.State.ADOPTED, clauses=builders.TEXT)


def sheet(program) -> str:
    return reverse("revisions:sheet", args=[program.slug])


def goes_to(client, code: str) -> str:
    response = client.get(f"/t/{code}/")
    assert response.status_code == 302
    return response.url


# --- Codes ---------------------------------------------------------------------------------------


@given(st.sampled_from([codes.CLAUSE, codes.EVENT]), st.integers(1, 10**9))
def test_code_reads_back_also_in_capitals(kind, number):
    code = coded(kind, number)

    assert decoded(code) == decoded(code.upper()) == (kind, number)
    assert len(code) <= 10


@given(st.integers(1, 10**6), st.data())
def test_code_with_one_character_misread_is_not_taken_for_another(number, data):
    kind, _dash, text = coded(codes.EVENT, number).partition("-")
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([c for c in codes.ALPHABET if c != text[place]]))

    assert decoded(f"{kind}-{text[:place]}{other}{text[place + 1 :]}") == ("", 0)


@given(st.integers(1, 10**6), st.data())
def test_code_with_two_characters_swapped_is_not_taken_for_another(number, data):
    kind, _dash, text = coded(codes.CLAUSE, number).partition("-")
    place = data.draw(st.integers(0, len(text) - 2))
    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]

    assert swapped == text or decoded(f"{kind}-{swapped}") == ("", 0)


@pytest.mark.parametrize("code", ["", "m", "m-", "m-2", "m-åäö", "m-" + "2" * 20, "x-222", "m-aei"])
@pytest.mark.django_db
def test_what_is_no_code_leads_nowhere(code):
    assert target_of(code) is None


# --- Where they lead -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_program_leads_to_the_form_about_it(client, program):
    assert goes_to(client, program.slug) == f"/ideer/ny/?program={program.slug}"


@pytest.mark.django_db
def test_event_leads_to_the_form_about_it(client, program):
    event = make_event(program=program)

    assert goes_to(client, Target(event=event).code) == f"/ideer/ny/?mote={event.pk}"


@pytest.mark.django_db
def test_clause_leads_to_itself_also_in_a_later_edition(client, program, text):
    clause = text.clauses.get(slug="hamnen")
    code = Target(program, clause=clause).code
    here = f"/ideer/ny/?program={program.slug}&stycke="
    assert goes_to(client, code) == f"{here}1%2Fhamnen"

    later = make_edition(
        program=program,
        clauses=[{"level": 1, "slug": "kajen", "heading": "Kajen", "origin": clause}],
        state=Edition.State.ADOPTED,
    )
    assert goes_to(client, code) == f"{here}{later.number}%2Fkajen"
    make_edition(program=program, clauses=["Annat"], state=Edition.State.ADOPTED)
    assert goes_to(client, code) == f"/ideer/ny/?program={program.slug}"


@pytest.mark.django_db
def test_clause_of_a_draft_has_no_address(client, program):
    draft = make_edition(program=program, clauses=["Hemligt"])

    assert client.get(f"/t/{coded('s', draft.clauses.get().pk)}/").status_code == 404


@pytest.mark.django_db
def test_open_text_leads_to_a_comment_and_a_closed_one_to_an_idea(client, program):
    process = revision_at("comments", program)
    clause = Target(program, clause=clause_of(process, "hamnen")).code
    here = f"/ideer/ny/?program={program.slug}"
    assert goes_to(client, program.slug) == here

    open_for_comments(process)

    assert goes_to(client, program.slug) == f"{here}&stycke=1%2F"
    assert goes_to(client, clause) == f"{here}&stycke=1%2Fhamnen"


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["finns-inte", "m-222", "x" * 300])
def test_misprint_is_not_found(client, code):
    assert client.get(f"/t/{code}/").status_code == 404


# --- The sheet -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_sheet_says_what_where_and_on_what_terms(client, program, settings):
    settings.SITE_URL = ""
    make_municipality(visiting_address="Rådhuset", postal_address="Box 1", reply_days=15)

    page = page_of(client, sheet(program))

    words = main_of(page)
    for said in (
        f"What would make {program.locality.name} better?",
        "Rådhuset",
        "by post: Box 1",
        "within 15 days",
        "becomes a public record",
        f"testserver/t/{program.slug}",
        f"QR code that leads to http://testserver/t/{program.slug}/",
    ):
        assert said in words


@pytest.mark.django_db
def test_sheet_asks_about_the_text_while_it_is_open(client, program):
    process = open_for_comments(revision_at("comments", program))

    words = main_of(page_of(client, f"{sheet(program)}?stycke=hamnen"))

    assert f"What do you think of {program.name}?" in words
    assert "Bygg i hamnen." in words
    assert "We need to have it by" in words
    assert sheet(program) in links(page_of(client, process.get_absolute_url()))


@pytest.mark.django_db
def test_sheet_of_a_meeting_names_it(client, program):
    event = make_event(program=program, title="Stormöte i höst")
    url = reverse("revisions:event_sheet", args=[event.pk])

    words = main_of(page_of(client, url))

    assert "Stormöte i höst" in words
    assert Target(event=event).code in words


@pytest.mark.django_db
@pytest.mark.parametrize("piece", ["finns-inte", "x" * 200])
def test_sheet_about_a_clause_there_is_not_is_not_printed(client, program, text, piece):
    assert client.get(f"{sheet(program)}?stycke={piece}").status_code == 404


@pytest.mark.django_db
def test_sheet_of_a_program_without_a_text_is_about_the_place(client):
    bare = make_program(status=Program.Status.PREPARATION)

    assert bare.locality.name in main_of(page_of(client, sheet(bare)))
    assert client.get(f"{sheet(bare)}?stycke=hamnen").status_code == 404


@pytest.mark.django_db
def test_program_and_event_lead_to_their_sheets(client, program):
    event = make_event(program=program, date="2999-01-01")

    assert sheet(program) in links(page_of(client, program.get_absolute_url()))
    event_sheet = reverse("revisions:event_sheet", args=[event.pk])
    assert event_sheet in links(page_of(client, event.get_absolute_url()))


@pytest.mark.django_db
def test_sheet_takes_the_same_queries_whatever_the_text(client, program, text):
    few = queries(client, sheet(program))
    make_edition(program=program, state=Edition.State.ADOPTED, clauses=["Ett", "Två", "Tre"])

    assert queries(client, sheet(program)) == few
