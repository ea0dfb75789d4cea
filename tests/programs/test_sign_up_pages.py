"""Signing up by the pages: the form, one's own page, and what staff see and do."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from programs.models import Event, SignUp
from programs.public_forms import LIMITS
from programs.sign_ups.links import own_url
from tests.factories import make_event, make_sign_up
from tests.programs.forms import send, stamp
from tests.programs.letterbox import latest, letters
from tests.programs.test_admin import data_of, url
from tests.revisions.pages import by_class, links, main_of, page_of, parsed, queries, value_of

pytestmark = pytest.mark.django_db

State = SignUp.State
EVA = {"name": "Eva", "email": "eva@example.se", "people": "2", "needs": "Hörslinga"}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def event(program):
    ahead = timezone.localdate() + datetime.timedelta(days=20)
    given = {"date": ahead, "takes_sign_ups": True, "seats": 3, "title": "Stormöte"}
    return Event.objects.get(pk=make_event(program=program, **given).pk)


def form_url(event) -> str:
    return reverse("programs:sign_up", args=[event.pk])


def seated(event, name="Eva", **fields) -> SignUp:
    given = {"state": State.SEATED, "confirmed_at": timezone.now(), "name": name}
    return make_sign_up(event=event, **given | fields)


# --- The form ------------------------------------------------------------------------------------


def test_whole_way_from_the_event_to_a_seat_and_back(client, event):
    page = page_of(client, event.get_absolute_url())
    assert form_url(event) in links(page)
    assert "3 of 3 left" in main_of(page)

    response = send(client, form_url(event), **EVA)

    assert "Look in your mail" in main_of(page_of(client, response.url))
    row = SignUp.objects.get()
    assert own_url(row) in latest().body
    assert row.state == State.UNCONFIRMED
    page = page_of(client, own_url(row))
    assert "Yes, I am coming" in main_of(page)
    row.refresh_from_db()
    assert row.state == State.UNCONFIRMED

    assert client.post(own_url(row), {"confirm": "1"}).url == own_url(row)
    assert "You have a place" in main_of(page_of(client, own_url(row)))
    assert "1 of 3 left" in main_of(page_of(client, event.get_absolute_url()))
    client.post(own_url(row), {"cancel": "1"})
    assert "You have cancelled" in main_of(page_of(client, own_url(row)))
    assert [key for key, _to in letters()] == ["confirm", "seated", "cancelled"]
    assert client.cookies == {}


def test_full_event_says_so_and_offers_the_line(client, event):
    seated(event, people=3)
    page = page_of(client, form_url(event))
    assert "All seats are taken." in main_of(page)

    send(client, form_url(event), **EVA)
    row = SignUp.objects.get(email="eva@example.se")
    client.post(own_url(row), {"confirm": "1"})

    assert "You are the first in line." in main_of(page_of(client, own_url(row)))
    assert letters()[-1] == ("waiting", "eva@example.se")


def test_doubled_click_is_one_sign_up(client, event):
    given = stamp()

    answers = {send(client, form_url(event), stamp=given, **EVA).url for _click in range(2)}

    assert len(answers) == SignUp.objects.count() == len(letters()) == 1


def test_page_does_not_tell_who_is_signed_up(client, event):
    seated(event, email="eva@example.se")

    known = send(client, form_url(event), **EVA)
    new = send(client, form_url(event), **EVA | {"email": "bo@example.se"})

    assert (known.status_code, known.url) == (new.status_code, new.url)
    assert letters() == [("already", "eva@example.se"), ("confirm", "bo@example.se")]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Write a name"),
        ({"email": "eva"}, "Enter a valid email address."),
        ({"email": ""}, "Write your e-mail address."),
        ({"people": "0"}, "Write 1 or more."),
        ({"people": "4"}, "There are only 3 seats in all."),
        ({"people": "11"}, "At most 10 at a time."),
        ({"people": "9" * 30}, "At most 10 at a time."),
        ({"people": "två"}, "Enter a whole number."),
        ({"needs": "x\x00"}, "Null characters are not allowed."),
        ({"stamp": "forged"}, "The form had been open for long."),
        ({"stamp": None}, "The form had been open for long."),
    ],
)
def test_faulty_sign_up_is_told_and_kept(client, event, fields, words):
    sent = EVA | {"needs": "Tolk"} | fields

    page = parsed(send(client, form_url(event), **sent))

    assert words in main_of(page)
    assert by_class(page, "error-summary")
    if "name" not in fields:
        assert value_of(page, "name") == "Eva"
    assert not SignUp.objects.exists()


def test_form_that_had_been_open_too_long_can_be_sent_again(client, event):
    page = parsed(send(client, form_url(event), stamp=stamp(minutes=60 * 49), **EVA))

    assert send(client, form_url(event), **EVA | {"stamp": value_of(page, "stamp")}).url


def test_one_too_many_from_one_network_is_slowed_and_others_get_through(client, event):
    most = LIMITS[0][1]
    for number in range(most):
        sent = EVA | {"email": f"nr{number}@example.se"}
        assert send(client, form_url(event), **sent).status_code == 302

    page = parsed(send(client, form_url(event), **EVA), 429)

    assert "everything you wrote is still here" in main_of(page)
    assert value_of(page, "email") == "eva@example.se"
    client.defaults["REMOTE_ADDR"] = "192.0.2.44"
    assert send(client, form_url(event), **EVA).status_code == 302


def test_trap_mails_nobody(client, event):
    response = send(client, form_url(event), **EVA | {"website": "https://spam.example"})

    assert (response.status_code, letters()) == (302, [])


def test_event_without_sign_ups_has_no_form(client, event):
    Event.objects.update(takes_sign_ups=False)

    for name in ("sign_up", "sign_up_sent"):
        assert client.get(reverse(f"programs:{name}", args=[event.pk])).status_code == 404
    assert form_url(event) not in links(page_of(client, event.get_absolute_url()))


def test_closed_event_refuses_and_keeps_what_was_typed(client, event):
    Event.objects.update(sign_up_closes_on=timezone.localdate() - datetime.timedelta(days=1))
    page = page_of(client, form_url(event))
    assert "It is not possible to sign up now" in main_of(page)

    page = parsed(send(client, form_url(event), **EVA), 409)

    assert "the last day has passed" in main_of(page)
    assert value_of(page, "name") == "Eva"


def test_confirmation_after_the_last_day_is_refused_with_the_reason(client, event):
    row = make_sign_up(event=event)
    Event.objects.update(sign_up_closes_on=timezone.localdate() - datetime.timedelta(days=1))

    page = parsed(client.post(own_url(row)), 409)

    assert "the last day has passed" in main_of(page)


@pytest.mark.parametrize("token", ["nada", "%00", "WyJBIl0:1:x"])
def test_link_that_is_not_ours_is_dead(client, token):
    page = parsed(client.get(f"/moten/anmalan/{token}/"), 404)

    assert "The link does not work" in main_of(page)


def test_link_dies_when_the_address_is_erased(client, event):
    row = seated(event)
    link = own_url(row)
    SignUp.objects.update(email="")

    assert client.get(link).status_code == 404


def test_own_page_is_not_told_on(client, event):
    response = client.get(own_url(seated(event)))

    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]


# --- The staff's list ----------------------------------------------------------------------------


def list_url(event, name="sign_ups", *more) -> str:
    return reverse(f"programs_staff:{name}", args=[event.pk, *more])


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("administrator", True, True),
        ("project_leader", True, True),
        ("registrar", True, False),
        ("moderator", False, False),
        ("politician", False, False),
        ("coordinator", False, False),
        ("outsider", False, False),
    ],
)
def test_list_is_for_those_who_hold_the_event(request, client_for, event, role, reads, writes):
    client = client_for(request.getfixturevalue(role))
    row = seated(event)
    sent = {"name": "Bo", "people": "1", "form": "ABCDEFG"}

    for name in ("sign_ups", "sign_ups_file"):
        assert client.get(list_url(event, name)).status_code == (200 if reads else 403)
    assert client.post(list_url(event), sent).status_code == (302 if writes else 403)
    cancelling = client.post(list_url(event, "cancel_sign_up", row.pk))
    assert cancelling.status_code == (302 if writes else 403)


def test_convener_of_the_group_that_holds_it_has_the_list(client_for, coordinator, event, program):
    Event.objects.update(group=program.groups.get(members__user=coordinator))

    assert client_for(coordinator).get(list_url(event)).status_code == 200


def test_visitor_is_asked_to_sign_in(client, event):
    for url_ in (list_url(event), list_url(event, "sign_ups_file")):
        assert client.get(url_).url.startswith("/admin/login/")


def test_staff_read_the_list_add_and_take_off(client_for, project_leader, event):
    client = client_for(project_leader)
    row = seated(event, people=3, needs="Hörslinga")
    page = page_of(client, list_url(event))
    assert "3 of 3" in main_of(page)
    assert "Hörslinga" in main_of(page)

    sent = {"name": "Bo", "people": "1", "form": value_of(page, "form")}
    added = client.post(list_url(event), sent)
    client.post(list_url(event), sent)
    assert "Bo is on the waiting list." in main_of(page_of(client, added.url))
    client.post(list_url(event, "cancel_sign_up", row.pk))

    found = SignUp.objects.order_by("pk").values_list("name", "state")
    assert list(found) == [("Eva", "cancelled"), ("Bo", "seated")]


def test_faulty_entry_by_staff_is_told(client_for, project_leader, event):
    client = client_for(project_leader)
    seated(event, email="eva@example.se")

    page = parsed(client.post(list_url(event), {"name": "", "people": "9", "form": "ABCDEFG"}))
    assert "There are only 3 seats in all." in main_of(page)
    sent = {"name": "Eva", "people": "1", "email": "Eva@example.se", "form": "ABCDEFG"}
    page = parsed(client.post(list_url(event), sent), 409)
    assert "That address is already signed up." in main_of(page)
    assert SignUp.objects.count() == 1


def test_sign_up_of_another_event_is_not_found(client_for, administrator, event):
    other = seated(make_event())

    answer = client_for(administrator).post(list_url(event, "cancel_sign_up", other.pk))

    assert answer.status_code == 404


def test_file_has_those_in_line_and_calculates_nothing(client_for, administrator, event):
    seated(event, name="=1+1", email="eva@example.se", people=2)
    make_sign_up(event=event, name="Obekräftad")

    text = client_for(administrator).get(list_url(event, "sign_ups_file")).content.decode()

    rows = text.removeprefix("\ufeff").split("\r\n")
    reference = SignUp.objects.get(name="=1+1").reference
    assert rows[1:] == [f"'=1+1;2;Has a seat;;eva@example.se;{reference}", ""]


def test_list_takes_the_same_queries_for_any_length(client_for, administrator, event):
    Event.objects.update(seats=None)
    client = client_for(administrator)
    seated(event)
    few = [queries(client, list_url(event)), queries(client, event.get_absolute_url())]
    for number in range(20):
        seated(event, name=f"Nr {number}")

    assert [queries(client, list_url(event)), queries(client, event.get_absolute_url())] == few


# --- The event's own staff page ------------------------------------------------------------------


def test_event_that_is_cancelled_by_staff_is_told_of(client_for, project_leader, event):
    client, row = client_for(project_leader), seated(event)
    page = client.get(url("change", event))

    assert list_url(event) in page.content.decode()
    assert client.post(url("change", event), data_of(page) | {"is_cancelled": "on"}).url

    assert letters() == [("event_cancelled", row.email)]


def test_seats_cannot_be_fewer_than_are_taken(client_for, project_leader, event):
    client = client_for(project_leader)
    seated(event, people=2)
    data = data_of(client.get(url("change", event)))

    page = client.post(url("change", event), data | {"seats": "1"})

    assert page.context["adminform"].form.errors["seats"] == ["2 seats are taken already."]
    assert client.post(url("change", event), data | {"seats": "2"}).status_code == 302


def test_more_seats_are_offered_to_the_line(client_for, project_leader, event):
    seated(event, people=3)
    waiting = seated(event, "Bo", state=State.WAITING)
    client = client_for(project_leader)
    data = data_of(client.get(url("change", event)))

    client.post(url("change", event), data | {"seats": "4"})

    waiting.refresh_from_db()
    assert waiting.state == State.SEATED
    assert letters() == [("got_a_seat", waiting.email)]
