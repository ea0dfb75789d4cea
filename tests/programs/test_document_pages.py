"""The documents of a program, and the decisions about it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from programs.models import Document, Edition
from tests.factories import (
    make_action,
    make_deciding_body,
    make_decision,
    make_document,
    make_edition,
    make_event,
    make_municipality,
    make_program,
)

pytestmark = pytest.mark.django_db

Kind = Document.Kind


@pytest.fixture(autouse=True)
def english():
    """The source of every text, so that the tests do not depend on its translation."""
    with translation.override("en"):
        yield


@pytest.fixture
def url(program):
    return f"/program/{program.slug}/dokument/"


def text_of(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def groups(response) -> list[tuple[str, list[str]]]:
    return [
        (kind, [row.title for row in rows]) for kind, _title, rows in response.context["groups"]
    ]


def test_documents_are_grouped_by_kind_and_stand_from_the_latest(visitor, program, url):
    for title, kind, dated in (
        ("Möte 2013", Kind.MEETING_NOTES, "2013"),
        ("Programmet", Kind.PROGRAM_TEXT, None),
        ("Möte 2014", Kind.MEETING_NOTES, "2014-05-06"),
        ("Möte utan datum", Kind.MEETING_NOTES, None),
    ):
        make_document(program=program, title=title, kind=kind, dated=dated)

    assert groups(visitor.get(url)) == [
        ("program_text", ["Programmet"]),
        ("meeting_notes", ["Möte 2014", "Möte 2013", "Möte utan datum"]),
    ]


def test_documents_of_all_that_belongs_to_the_program_are_there_once(visitor, program, url):
    event = make_event(program=program)
    for number, owner in enumerate(
        (
            {"event": event},
            {"action": make_action(program=program)},
            {"decision": make_decision(program=program)},
            {"edition": make_edition(program=program, state=Edition.State.ADOPTED)},
        )
    ):
        make_document(program=None, title=f"Dokument {number}", **owner)
    make_document(program=program, event=event, title="Dokument 4")
    make_document(title="En annan orts")

    assert groups(visitor.get(url)) == [
        ("meeting_notes", [f"Dokument {number}" for number in range(5)])
    ]


def test_documents_of_a_draft_are_not_there(visitor, program, url):
    draft = make_edition(program=program)
    make_document(program=program, edition=draft, title="Utkastet")

    assert "Utkastet" not in text_of(visitor, url)


def test_document_shows_its_type_size_and_date(visitor, program, url):
    file = SimpleUploadedFile("plan.pdf", b"x" * 2048)
    document = make_document(program=program, title="Planen", file=file, dated="juni 2013")

    page = text_of(visitor, url)

    assert f'<a href="{document.file.url}">Planen</a>' in page
    assert '<span class="doc-list__type">PDF</span>' in page
    assert "2.0\xa0KB" in page
    assert '<time datetime="2013-06">june 2013</time>' in page


def test_document_whose_file_is_lost_is_told_of_without_a_link(visitor, program, url, media_root):
    file = SimpleUploadedFile("plan.pdf", b"x")
    document = make_document(program=program, title="Planen", file=file)
    (media_root / document.file.name).unlink()

    page = text_of(visitor, url)

    assert "<h3>Planen</h3>" in page
    assert "Not available here" in page


def test_document_that_is_only_known_of_says_so_with_its_note(visitor, program, url):
    make_document(program=program, title="Planen", url="", note="Originalet har inte hittats.")

    page = text_of(visitor, url)

    assert "<h3>Planen</h3>" in page
    assert "Not available here" in page
    assert "Originalet har inte hittats." in page
    assert "date unknown" in page


def test_document_that_is_not_accessible_says_why_and_what_to_do(visitor, program, url):
    document = make_document(
        program=program, is_accessible=False, inaccessible_reason="Den är inskannad."
    )

    page = text_of(visitor, url)

    assert "Not accessible</span> Den är inskannad." in page
    link = f"/om/tillganglighet/anmal/?dokument={document.pk}"
    assert f'<a href="{link}" rel="nofollow">Ask for an accessible version' in page


def test_documents_are_narrowed_by_each_filter(visitor, program, url):
    make_document(program=program, title="Karta över ån", kind=Kind.MAP, dated="hösten 2013")
    make_document(program=program, title="Något annat", dated="2014")

    for query in ("?q=ÅN+karta", "?typ=map", "?ar=2013"):
        assert groups(visitor.get(url + query)) == [("map", ["Karta över ån"])], query


@pytest.mark.parametrize("query", ["?typ=kalas", "?typ=%00", "?ar=1&ar=igår", "?q=%00"])
def test_documents_tell_a_wrong_filter_and_do_not_filter_by_it(visitor, program, url, query):
    make_document(program=program, title="Planen")

    response = visitor.get(url + query)

    assert groups(response) == [("meeting_notes", ["Planen"])]
    assert "field--invalid" in response.content.decode()


def test_documents_say_what_to_expect_when_there_are_none(visitor, program, url):
    page = text_of(visitor, url)

    assert "No documents yet" in page
    assert "No decision yet." in page


def test_documents_that_no_filter_finds_lead_back_to_all(visitor, program, url):
    make_document(program=program)

    assert "Nothing matches" in text_of(visitor, f"{url}?q=finns+inte")


def test_documents_of_no_program_are_not_found(visitor):
    assert visitor.get("/program/finns-inte/dokument/").status_code == 404


def test_decisions_show_what_is_known_of_them(visitor, program, url):
    body = make_deciding_body(name="Kommunstyrelsen")
    make_decision(
        program=program,
        title="Programmet antas",
        body=body,
        decided="2013-09-03",
        section="231",
        case_number="KS 2012/0418",
        outcome="adopted",
    )
    make_decision(program=program, title="Uppdraget ges", body=None)
    make_decision(title="En annan orts beslut")

    page = text_of(visitor, url)

    rows = page[page.index('id="decisions"') :].split("<tr>")[2:]
    known, unknown = (row.split("</tr>")[0] for row in rows)
    for words in ("Programmet antas", "2013-09-03", "Kommunstyrelsen", "231", "KS 2012/0418"):
        assert words in known
    assert "Adopted" in known
    assert "Uppdraget ges" in unknown
    assert "date unknown" in unknown
    assert unknown.count(">–</td>") == 4


def test_documents_have_the_same_number_of_queries_for_one_row_and_for_many(
    visitor, django_assert_num_queries
):
    make_municipality()
    program = make_program()
    url = f"/program/{program.slug}/dokument/"
    make_document(program=program)
    make_decision(program=program)
    visitor.get(url)
    # The municipality and its words, the program and its edition, documents and decisions.
    with django_assert_num_queries(7):
        visitor.get(url)
    for _number in range(30):
        make_document(
            program=program,
            event=make_event(program=program),
            action=make_action(program=program),
        )
        make_decision(program=program)
    with django_assert_num_queries(7):
        visitor.get(url)
