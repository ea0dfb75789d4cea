"""Telling of a page: that it reaches whoever is responsible, is answered once and forgotten."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from programs.inquiries.messages import erase_inquiries
from programs.inquiries.pages import program_of_page, tidy
from programs.models import AccessibilityStatement, Erasure, Inquiry
from programs.public_forms import LIMITS
from tests.factories import (
    make_action,
    make_document,
    make_event,
    make_idea,
    make_inquiry,
    make_locality,
    make_municipality,
    make_process,
    make_program,
)
from tests.programs.forms import send, stamp
from tests.programs.letterbox import latest, letters
from tests.revisions.pages import by_class, links, main_of, page_of, parsed, queries, value_of

pytestmark = pytest.mark.django_db

MISSING, BARRIER = "/om/saknas/", "/om/tillganglighet/anmal/"
TEXT = "Jag hittar inte anteckningarna."


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def municipality():
    row = make_municipality(contact_email="kommunen@example.se", reply_days=30)
    AccessibilityStatement.objects.create(
        municipality=row,
        service_name="Framtid",
        compliance="partial",
        assessed_on="2026-01-01",
        updated_on="2026-01-01",
        method="Prövning",
        contact_email="webb@example.se",
        answer_days=7,
    )
    return row


# --- Which page it is about ----------------------------------------------------------------------


def test_page_of_a_program_and_of_what_belongs_to_it_is_the_programs(program):
    process = make_process(program=program)
    pages = [
        program.get_absolute_url(),
        program.locality.get_absolute_url(),
        process.get_absolute_url(),
        *(
            make(program=program).get_absolute_url()
            for make in (make_action, make_idea, make_event)
        ),
        f"/program/{program.slug}/atgarder/?status=planned#lista",
    ]

    assert {page: program_of_page(page) for page in pages} == dict.fromkeys(pages, program)


@pytest.mark.parametrize(
    "page",
    [
        "",
        "/",
        "/finns-inte/",
        "/program/finns-inte/",
        "/ideer/99999/",
        "//annan.se/",
        "http://x/",
        "/orter/finns-inte/",
        "/moten/999999999999/",
        "x" * 900,
        "/\x00",
    ],
)
def test_page_that_is_nobodys_has_no_program(page):
    assert program_of_page(page) is None


def test_page_of_a_place_without_a_program_has_none():
    assert program_of_page(make_locality().get_absolute_url()) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/orter/", "/orter/"),
        ("//annan.se", ""),
        ("javascript:x", ""),
        ("/a\x00b\n", "/ab"),
        ("/" + "x" * 400, "/" + "x" * 299),
        ("", ""),
    ],
)
def test_only_paths_of_the_portal_are_taken_from_the_address(given, kept):
    assert tidy(given) == kept


# --- Sending -------------------------------------------------------------------------------------


def test_every_page_leads_to_the_form_with_its_own_address(client, program):
    url = program.get_absolute_url()
    link = f"{MISSING}?sida={url}"
    assert link in links(page_of(client, url))

    assert value_of(page_of(client, link), "page") == url


def test_what_is_missing_reaches_the_programs_function(client, municipality, today):
    program = make_program(contact_email="program@example.se")

    response = send(
        client, MISSING, text=TEXT, page=program.get_absolute_url(), email="eva@example.se"
    )

    row = Inquiry.objects.get()
    assert (row.kind, row.program, row.text) == (Inquiry.Kind.MISSING, program, TEXT)
    assert row.promised_on == today + datetime.timedelta(days=30)
    assert letters() == [("received", "eva@example.se"), ("waits", "program@example.se")]
    assert TEXT in latest().body
    thanks = main_of(page_of(client, response.url))
    assert row.reference in thanks
    assert client.cookies == {}


def test_barrier_is_answered_sooner_and_not_told_of_in_the_letter(client, municipality, today):
    send(client, BARRIER, kind="barrier", text="Jag ser dåligt.", page="/", email="")

    row = Inquiry.objects.get()
    assert (row.kind, row.program) == (Inquiry.Kind.BARRIER, None)
    assert row.promised_on == today + datetime.timedelta(days=7)
    assert letters() == [("waits", "kommunen@example.se")]
    assert "Jag ser dåligt." not in latest().body


def test_document_that_is_not_accessible_can_be_asked_for(client, municipality):
    program = make_program(contact_email="program@example.se")
    document = make_document(
        program=program, title="Inskannad plan", is_accessible=False, inaccessible_reason="Bild"
    )
    page = page_of(client, reverse("programs:program_documents", args=[program.slug]))
    link = f"{BARRIER}?dokument={document.pk}"
    assert link in links(page)
    page = page_of(client, link)
    assert "Inskannad plan" in value_of(page, "page")

    send(client, link, kind="format", text="I stor stil", page=value_of(page, "page"))

    row = Inquiry.objects.get()
    assert (row.kind, row.program) == (Inquiry.Kind.FORMAT, program)
    assert letters() == [("waits", "program@example.se")]


@pytest.mark.parametrize(
    "query",
    [
        "?dokument=x",
        "?dokument=99",
        "?dokument=%00",
        "?sida=%00",
        "?sida=//annan.se",
        "?dokument=" + "9" * 30,
    ],
)
def test_odd_addresses_show_an_empty_form(client, query):
    assert value_of(page_of(client, BARRIER + query), "page") == ""


def test_pages_about_the_site_lead_to_the_forms(client, municipality):
    assert BARRIER in links(page_of(client, "/om/tillganglighet/"))
    contact = links(page_of(client, "/om/kontakt/"))
    assert {MISSING, BARRIER} <= set(contact)


@pytest.mark.parametrize("address", [MISSING, BARRIER])
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": ""}, "Write what"),
        ({"text": "x" * 2001}, "at most 2000 characters"),
        ({"text": "\x00"}, "Null characters are not allowed."),
        ({"email": "eva"}, "Enter a valid email address."),
        ({"page": "x" * 301}, "at most 300 characters"),
        ({"stamp": "x"}, "The form had been open for long."),
    ],
)
def test_faulty_message_is_told_and_kept(client, address, fields, words):
    sent = {"kind": "barrier", "text": TEXT, "page": "/orter/"} | fields

    page = parsed(send(client, address, **sent))

    assert words in main_of(page)
    assert by_class(page, "error-summary")
    if "page" not in fields:
        assert value_of(page, "page") == "/orter/"
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("kind", ["", "missing", "\x00"])
def test_barrier_of_no_known_kind_is_refused(client, kind):
    assert by_class(parsed(send(client, BARRIER, kind=kind, text=TEXT)), "error-summary")


def test_doubled_click_makes_one_message(client, municipality):
    given = stamp()
    urls = {send(client, MISSING, stamp=given, text=TEXT).url for _click in range(2)}

    assert len(urls) == Inquiry.objects.count() == len(letters()) == 1


def test_one_too_many_is_slowed_and_the_trap_mails_nobody(client, municipality):
    send(client, MISSING, text=TEXT, website="x")
    assert letters() == []
    for _number in range(LIMITS[0][1] - 1):
        assert send(client, MISSING, text=TEXT).status_code == 302

    assert value_of(parsed(send(client, MISSING, text=TEXT), 429), "text").strip() == TEXT


def test_thanks_without_a_known_reference_thanks_anyway(client):
    page = page_of(client, reverse("programs:inquiry_received") + "?ref=%00NADA")

    assert "Your message has come in." in main_of(page)


# --- Answering -----------------------------------------------------------------------------------


def staff(name: str, *args) -> str:
    return reverse(f"programs_staff:{name}", args=args)


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("administrator", True, True),
        ("project_leader", True, True),
        ("registrar", True, False),
        ("moderator", False, False),
        ("coordinator", False, False),
        ("politician", False, False),
        ("outsider", False, False),
    ],
)
def test_message_is_for_whoever_is_responsible(request, client_for, program, role, reads, writes):
    client = client_for(request.getfixturevalue(role))
    row = make_inquiry(program=program)

    assert client.get(staff("inquiries")).status_code == (200 if reads else 403)
    assert client.get(staff("inquiry", row.pk)).status_code == (200 if reads else 403)
    answer = client.post(staff("inquiry", row.pk), {"answer": "Nu är det lagat."})
    assert answer.status_code == (302 if writes else 403)
    row.refresh_from_db()
    assert bool(row.answer) is writes


def test_project_leader_sees_only_what_concerns_their_programs(client_for, project_leader, program):
    make_inquiry(program=program, text="Vårt")
    strange = [make_inquiry(text="Kommunens"), make_inquiry(program=make_program(), text="Deras")]
    client = client_for(project_leader)

    page = main_of(page_of(client, staff("inquiries")))

    assert [word for word in ("Vårt", "Kommunens", "Deras") if word in page] == ["Vårt"]
    assert [client.get(staff("inquiry", row.pk)).status_code for row in strange] == [403, 403]


def test_visitor_is_asked_to_sign_in(client):
    row = make_inquiry()
    for url in (staff("inquiries"), staff("inquiry", row.pk)):
        assert client.get(url).url == f"/admin/login/?next={url}"


def test_answer_is_mailed_and_the_message_leaves_the_list(client_for, administrator):
    row = make_inquiry(email="eva@example.se")
    client = client_for(administrator)

    response = client.post(staff("inquiry", row.pk), {"answer": "De ligger uppe nu."})

    row.refresh_from_db()
    assert (row.answer, row.answered_by) == ("De ligger uppe nu.", administrator)
    assert letters() == [("answered", "eva@example.se")]
    assert "De ligger uppe nu." in latest().body
    assert row.reference not in main_of(page_of(client, response.url))
    assert row.reference in main_of(page_of(client, staff("inquiries") + "?visa=answered"))
    assert "De ligger uppe nu." in main_of(page_of(client, staff("inquiry", row.pk)))


def test_second_answer_is_refused_and_kept_on_the_page(client_for, administrator):
    row = make_inquiry(email="eva@example.se")
    client = client_for(administrator)
    client.post(staff("inquiry", row.pk), {"answer": "Första"})

    page = parsed(client.post(staff("inquiry", row.pk), {"answer": "Andra"}), 409)

    assert "A colleague has answered meanwhile." in main_of(page)
    assert value_of(page, "answer").strip() == "Andra"
    assert len(letters()) == 1
    row.refresh_from_db()
    assert row.answer == "Första"


def test_empty_answer_is_told(client_for, administrator):
    row = make_inquiry()

    page = parsed(client_for(administrator).post(staff("inquiry", row.pk), {"answer": " "}))

    assert "Write what was done." in main_of(page)


def test_late_ones_are_marked_and_come_first(client_for, administrator, today):
    yesterday = today - datetime.timedelta(days=1)
    make_inquiry(text="I tid", promised_on=today)
    make_inquiry(text="Sen", promised_on=yesterday)

    page = page_of(client_for(administrator), staff("inquiries"))

    words = main_of(page)
    assert "1 answer is late." in words
    assert words.index("Sen") < words.index("I tid")
    assert len(by_class(page, "tag--red")) == 1


def test_page_that_is_no_path_is_no_link(client_for, administrator):
    row = make_inquiry(page="//annan.se/")

    page = page_of(client_for(administrator), staff("inquiry", row.pk))

    assert "//annan.se/" not in links(page)


def test_list_takes_the_same_queries_for_any_length(client_for, administrator):
    client = client_for(administrator)
    make_inquiry(program=make_program())
    few = queries(client, staff("inquiries"))
    for _number in range(10):
        make_inquiry(program=make_program())

    assert queries(client, staff("inquiries")) == few


def test_address_is_erased_when_the_answer_is_old(municipality, administrator, today):
    type(municipality).objects.update(contact_months=1)
    row, waiting = make_inquiry(email="eva@example.se"), make_inquiry(email="bo@example.se")
    Inquiry.objects.filter(pk=row.pk).update(
        answer="Klart", answered_at=timezone.now(), answered_by=administrator
    )

    assert erase_inquiries(today + datetime.timedelta(days=28)) == 0
    later = today + datetime.timedelta(days=40)
    assert [erase_inquiries(later), erase_inquiries(later)] == [1, 0]

    row.refresh_from_db()
    waiting.refresh_from_db()
    assert (row.email, row.text, row.contact_erased_on) == ("", TEXT, later)
    assert waiting.email == "bo@example.se"
    assert Erasure.objects.get().counts == {"inquiries": 1}
