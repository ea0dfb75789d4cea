"""The register of what has come in, and a person's request to see, correct or erase."""

import datetime
import json

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from programs.models import Erasure, OutgoingMail, SignUp, Subscription, VoiceEntry
from programs.voices.supporting import address_hash
from tests.factories import (
    make_event,
    make_idea,
    make_inquiry,
    make_join_request,
    make_municipality,
    make_outgoing_mail,
    make_sign_up,
    make_subscription,
)
from tests.programs.mail.test_letters import make_comment
from tests.revisions.pages import by_class, links, main_of, page_of, parsed, queries

pytestmark = pytest.mark.django_db
Kind = VoiceEntry.Kind
EVA = "Eva@example.se"
ROLES = [
    "administrator",
    "registrar",
    "moderator",
    "project_leader",
    "coordinator",
    "politician",
    "resident_representative",
    "association_representative",
    "outsider",
]


@pytest.fixture(autouse=True)
def english():
    make_municipality()
    with translation.override("en"):
        yield


@pytest.fixture
def evas(program):
    """Something of each kind that Eva has sent, and a namesake's idea."""
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    idea = make_idea(program=program, title="Bryggan", author_email=EVA, author_name="Eva Ek",
                     state="hidden", state_reason="Namn")  # fmt: skip
    rows = {
        "idea": idea,
        "comment": make_comment(program, state="held"),
        "signup": make_sign_up(
            event=make_event(date=str(tomorrow)),
            email=EVA,
            name="Eva Ek",
            state="seated",
            confirmed_at=timezone.now(),
        ),
        "inquiry": make_inquiry(email=EVA),
        "joinrequest": make_join_request(email=EVA, name="Eva Ek", phone="070"),
    }
    make_idea(program=program, title="Namnen", author_email="annan@example.se", author_name="Eva")
    make_subscription(program=program, email=EVA)
    supported = make_idea(program=program, title="Bänkar")
    supported.supports.create(address_hash=address_hash(EVA))
    make_outgoing_mail(key=f"idea:{idea.reference}:hidden:1", to=EVA)
    make_outgoing_mail(key="weekly:1", to=EVA.lower())
    return rows


def staff(name, *args):
    return reverse(f"programs_staff:{name}", args=args)


def look_up(client, asked):
    return parsed(client.post(staff("person"), {"asked": asked}, follow=True))


def test_each_role_reaches_only_what_is_its_own(client_for, request, evas, visitor):
    idea = evas["idea"]
    gets = {
        staff("person"): {"administrator", "registrar"},
        staff("register"): {"administrator", "registrar"},
        staff("register_file"): {"administrator", "registrar"},
        staff("person_correct", "idea", idea.pk): {"administrator"},
    }
    posts = {
        staff("person_extract"): ({"asked": EVA}, {"administrator", "registrar"}),
        staff("case_number", "idea", idea.pk): ({}, {"administrator", "registrar"}),
        staff("person_erase"): ({"asked": "ingen@example.se", "reason": "x"}, {"administrator"}),
        staff("person_unfollow"): ({"asked": "ingen@example.se"}, {"administrator"}),
        staff("person_correct", "idea", idea.pk): ({"email": "fel"}, {"administrator"}),
    }
    for role in ROLES:
        client = client_for(request.getfixturevalue(role))
        reached = {url for url in gets if client.get(url).status_code == 200}
        assert reached == {url for url, who in gets.items() if role in who}, role
        done = {
            url for url, (said, _) in posts.items() if client.post(url, said).status_code != 403
        }
        assert done == {url for url, (_, who) in posts.items() if role in who}, role
    for url in gets:
        assert visitor.get(url).status_code == 302
    assert visitor.get(staff("person_erase")).status_code == 405


# --- A person's request --------------------------------------------------------------------------


def test_everything_of_an_address_is_found_and_given_out(client_for, registrar, evas):
    client = client_for(registrar)

    words = main_of(look_up(client, EVA.upper()))

    for row in evas.values():
        assert row.reference in words
    assert [each in words for each in ("Bänkar", "Namnen", "Erase the contact")] == [
        True,
        False,
        False,
    ]
    response = client.post(staff("person_extract"), {"asked": EVA})
    data = json.loads(response.content)
    assert {row["what"] for row in data["rows"]} == set(evas)
    assert {row["reference"] for row in data["rows"]} == {row.reference for row in evas.values()}
    assert [len(data[name]) for name in ("letters", "follows", "supports")] == [2, 1, 1]
    assert [key in response.content.decode() for key in ('"token"', '"body"')] == [False, False]


def test_name_finds_several_people_and_does_nothing_to_them(client_for, administrator, evas):
    client = client_for(administrator)

    words = main_of(look_up(client, "eva"))

    assert "may be different people" in words
    assert evas["idea"].reference in words
    assert "Namnen" in words
    assert "Erase the contact details" not in words
    client.post(staff("person_erase"), {"asked": "eva", "reason": "Egen begäran"})
    assert Erasure.objects.count() == 0
    assert client.post(staff("person_extract"), {"asked": "eva"}).status_code == 404
    assert evas["signup"].reference not in main_of(look_up(client, evas["idea"].reference.lower()))
    assert "nothing about that person" in main_of(look_up(client, "ingen@example.se"))
    for asked in ("", "\x00", "x" * 300):
        assert client.post(staff("person"), {"asked": asked}).status_code == 200
    assert "Held about" not in main_of(page_of(client, staff("person")))


def test_erasing_takes_the_details_and_leaves_the_texts(client_for, administrator, evas):
    client = client_for(administrator)

    look_up(client, EVA)
    empty = parsed(client.post(staff("person_erase"), {"asked": EVA, "reason": " "}))
    assert "Say why." in main_of(empty)
    for _time in range(2):
        client.post(staff("person_erase"), {"asked": EVA, "reason": "Egen begäran"})

    page = main_of(page_of(client, staff("person")))
    assert ["Held about" in page, "Egen begäran" in page] == [False, True]
    for row in evas.values():
        row.refresh_from_db()
    idea, comment, sign_up, inquiry, join = evas.values()
    assert (idea.author_name, idea.author_email, idea.text) == ("", "", "En lekplats vid ån.")
    assert idea.state == "hidden"
    last = idea.history.last()
    assert (last.kind, last.by, last.text) == (Kind.CONTACT_ERASED, administrator, "Egen begäran")
    assert (comment.author_email, comment.text) == ("", "Behåll målet om bryggan.")
    assert (sign_up.email, sign_up.name, sign_up.state) == ("", "", SignUp.State.CANCELLED)
    assert (inquiry.email, bool(inquiry.text)) == ("", True)
    assert (join.name, join.email, join.phone, join.state) == ("", "", "", "closed")
    assert not OutgoingMail.objects.filter(to__iexact=EVA).exists()
    assert not Subscription.objects.exists()
    log = Erasure.objects.get()
    assert (log.by, log.reason) == (administrator, "Egen begäran")
    kinds = dict.fromkeys(evas, 1)
    assert log.counts == {**kinds, "letters": log.counts["letters"], "subscriptions": 1}


def test_correcting_leaves_a_line_and_takes_the_confirmation(client_for, administrator, evas):
    client = client_for(administrator)
    comment, inquiry = evas["comment"], evas["inquiry"]
    url = staff("person_correct", "comment", comment.pk)
    waits = make_outgoing_mail(key=f"comment:{comment.reference}:x:1", to=comment.author_email)

    assert "Enter a valid" in main_of(parsed(client.post(url, {"email": "fel"})))
    client.post(url, {"name": "Eva Ek", "email": "eva.ek@example.se"})
    client.post(url, {"name": "Eva Ek", "email": "eva.ek@example.se"})

    comment.refresh_from_db()
    assert (comment.author_name, comment.author_email) == ("Eva Ek", "eva.ek@example.se")
    assert comment.email_confirmed_at is None
    waits.refresh_from_db()
    assert (waits.to, waits.state) == ("", OutgoingMail.State.DROPPED)
    assert [line.kind for line in comment.history.all()] == [Kind.CORRECTED]
    client.post(staff("person_correct", "inquiry", inquiry.pk), {"email": "ny@example.se"})
    assert Erasure.objects.get().counts == {"corrected_inquiry": 1}
    # The seat is not taken over from someone else's sign-up.
    other = make_sign_up(event=evas["signup"].event, email="bo@example.se")
    twice = staff("person_correct", "signup", evas["signup"].pk)
    parsed(client.post(twice, {"email": other.email}), 409)
    client.post(staff("person_erase"), {"asked": "eva.ek@example.se", "reason": "Begäran"})
    parsed(client.post(url, {"name": "Eva", "email": EVA}), 409)
    assert client.get(staff("person_correct", "user", 1)).status_code == 404


def test_following_is_stopped(client_for, administrator, evas):
    client_for(administrator).post(staff("person_unfollow"), {"asked": EVA})

    assert Subscription.objects.count() == 0
    assert Erasure.objects.get().counts == {"subscriptions": 1}


# --- The register --------------------------------------------------------------------------------


def rows_of(page):
    table = next(each for each in page.iter() if each.tag.endswith("tbody"))
    return [" ".join(" ".join(row.itertext()).split()) for row in table]


def test_register_has_all_that_came_in_with_its_sender(client_for, registrar, evas):
    client = client_for(registrar)
    make_idea(title="Gammal", received="2019-05-02")

    page = page_of(client, staff("register"))

    rows = rows_of(page)
    registered = [evas[kind] for kind in ("idea", "comment", "inquiry", "joinrequest")]
    assert len(rows) == len(registered) + 3
    assert all(any(row.reference in line for line in rows) for row in registered)
    assert [EVA in line for line in rows if "Bryggan" in line] == [True]
    (old,) = rows_of(page_of(client, staff("register") + "?fran=2019-05-02&till=2019-05-02"))
    assert "Gammal" in old
    assert len(rows_of(page_of(client, staff("register") + "?typ=inquiry"))) == 1
    assert len(rows_of(page_of(client, staff("register") + "?q=bryggan"))) == 2
    assert EVA.lower() not in main_of(page_of(client, staff("register") + "?q=annan")).lower()
    file = client.get(staff("register_file") + "?q=gammal").content.decode()
    assert [file.count("\r\n"), "Gammal" in file, "Bryggan" in file] == [2, True, False]
    assert links(page).count(staff("register_file")) == 1


def test_register_takes_no_nonsense(client_for, registrar):
    client = client_for(registrar)
    for query in ("?fran=x", "?q=%00", "?sida=999999999999", "?till=9999-12-31", "?typ=x"):
        page_of(client, staff("register") + query)
    assert by_class(page_of(client, staff("register")), "empty")


def test_case_number_is_all_that_a_registrar_changes(client_for, registrar, evas):
    client = client_for(registrar)
    for kind in ("idea", "comment", "inquiry", "joinrequest"):
        row = evas[kind]
        url = staff("case_number", kind, row.pk) + "?q=x"
        answer = client.post(url, {"case_number": "KS 2026/00412", "saw": ""})
        assert answer.url == staff("register") + "?q=x"
        client.post(url, {"case_number": "KS 1", "saw": ""})
        client.post(url, {"case_number": "x" * 41, "saw": "KS 2026/00412"})
        row.refresh_from_db()
        assert row.case_number == "KS 2026/00412"
    (line,) = evas["idea"].history.all()
    assert (line.kind, line.by) == (Kind.CORRECTED, registrar)
    assert "KS 2026/00412" in line.text
    assert len(rows_of(page_of(client, staff("register") + "?q=2026/00412"))) == 4
    assert client.post(staff("case_number", "signup", evas["signup"].pk)).status_code == 404


def test_register_takes_the_same_queries_for_any_length(client_for, registrar, evas, program):
    client = client_for(registrar)
    few = queries(client, staff("register"))
    assert few == 11
    for _number in range(4):
        make_idea(program=program)
        make_inquiry()
        make_join_request()

    assert queries(client, staff("register")) == few
