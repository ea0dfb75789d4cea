"""Following by e-mail: begun and stopped with a button, changed on one's own page."""

import datetime
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programs.following import follow
from programs.models import OutgoingMail, Program, Subscription, VoiceState
from tests.at_once import at_once
from tests.factories import (
    make_idea,
    make_locality,
    make_municipality,
    make_outgoing_mail,
    make_program,
    make_subscription,
)
from tests.programs.mail.test_support import EVA, form

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 26, 6, 0, tzinfo=datetime.UTC)
FOLLOW = "/folj/"


@pytest.fixture(autouse=True)
def _municipality(db):
    make_municipality()


@pytest.fixture
def row(program):
    return make_subscription(email=EVA, program=program, confirmed_at=NOW, told_until=NOW)


def ask(client, thing, email=EVA, **fields):
    return client.post(FOLLOW, form(email, thing=thing, **fields))


def own(row) -> str:
    return reverse("programs:followed", args=[row.token])


def stop_url(row) -> str:
    return reverse("programs:unfollow", args=[row.token])


def followed() -> list[str]:
    rows = Subscription.objects.filter(confirmed_at__isnull=False)
    return sorted(f"{row.email} {row}" for row in rows)


# --- Beginning -----------------------------------------------------------------------------------


def test_follower_is_told_of_once_the_address_is_confirmed(program):
    client = Client(enforce_csrf_checks=True)

    asked = ask(client, f"program-{program.slug}")
    letter = OutgoingMail.objects.get()
    row = Subscription.objects.get()

    assert asked.status_code == 302
    assert "Titta i din inkorg" in client.get(asked.url).content.decode()
    assert letter.subject == f"Bekräfta att du vill följa {program}"
    assert f"http://127.0.0.1:8000{own(row)}" in letter.body.splitlines()
    for look in (client.get, client.head):
        assert look(own(row)).status_code == 200
    assert followed() == []
    for _press in range(2):
        assert client.post(own(row), {"do": "confirm"}).url == own(row)
    assert followed() == [f"{EVA} {program}"]
    row.refresh_from_db()
    assert row.told_until == row.confirmed_at
    assert not client.cookies


def test_place_can_be_followed_and_concluded_programs_cannot(client, program):
    old = make_program(status=Program.Status.CONCLUDED)

    ask(client, f"locality-{program.locality.slug}")
    refused = ask(client, f"program-{old.slug}")
    unknown = ask(client, "program-finns-inte\x00")

    assert Subscription.objects.get().locality == program.locality
    for response in (refused, unknown):
        assert response.status_code == 200
        assert EVA in response.content.decode()
        assert "error-summary" in response.content.decode()


def test_page_that_one_comes_from_is_chosen(client, program):
    def chosen(query):
        page = client.get(FOLLOW + query).content.decode()
        return re.findall(r'<option value="([^"]*)" selected', page)

    assert chosen(f"?program={program.slug}") == [f"program-{program.slug}"]
    assert chosen(f"?ort={program.locality.slug}") == [f"locality-{program.locality.slug}"]
    assert chosen("?program=%00&ort=%FF") in ([], [""])
    place = client.get(program.locality.get_absolute_url()).content.decode()
    assert f'href="/folj/?ort={program.locality.slug}"' in place
    page = client.get(program.get_absolute_url()).content.decode()
    assert f'href="/folj/?program={program.slug}"' in page


def test_asking_again_gives_the_link_back_and_says_the_same_on_the_page(client, program, row):
    known = ask(client, f"program-{program.slug}")
    unknown = ask(client, f"program-{program.slug}", "ali@example.se")

    assert known.url == unknown.url
    letter = OutgoingMail.objects.get(to=EVA)
    assert letter.subject == "Länken till det du följer"
    assert f"http://127.0.0.1:8000{own(row)}" in letter.body.splitlines()
    assert Subscription.objects.filter(email=EVA).count() == 1


def test_sent_twice_makes_one_row_and_one_letter(client, program):
    fields = form(thing=f"program-{program.slug}")

    for _click in range(2):
        client.post(FOLLOW, fields)

    assert (Subscription.objects.count(), OutgoingMail.objects.count()) == (1, 1)


def test_followers_are_slowed_down_and_machines_get_nothing(client, program):
    trap = ask(client, f"program-{program.slug}", website="x")
    codes = [
        ask(client, f"program-{program.slug}", f"a{number}@x.se").status_code
        for number in range(13)
    ]

    assert trap.status_code == 200
    assert codes == [302] * 12 + [429]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_ask_and_confirm_at_once_make_one(program):
    now = timezone.now()

    rows = at_once(*[lambda: follow.begin(EVA, program) for _click in range(4)])
    assert len({row.pk for row in rows}) == 1
    at_once(*[lambda: follow.confirm(rows[0], timezone.now()) for _click in range(4)])

    row = Subscription.objects.get()
    assert row.confirmed_at == row.told_until
    assert row.confirmed_at >= now


# --- One's own page ------------------------------------------------------------------------------


def test_own_page_lists_what_one_follows_and_nobody_elses(client, row, program):
    place, idea = make_locality(name="Åby"), make_idea(title="Bänkar")
    for of in ({"locality": place}, {"idea": idea}):
        make_subscription(email=EVA.upper(), confirmed_at=NOW, **of)
    make_subscription(email="ali@example.se", locality=make_locality(name="Ö"), confirmed_at=NOW)

    response = client.get(own(row))

    page = response.content.decode()
    found = re.findall(r'rows__title"><a href="([^"]+)">([^<]+)', page)
    assert found == [
        (program.get_absolute_url(), str(program)),
        (place.get_absolute_url(), "Åby"),
        (idea.get_absolute_url(), "Bänkar"),
    ]
    assert EVA not in page
    assert "e…@example.se" in page
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response.headers["X-Robots-Tag"]


def test_more_is_added_without_another_letter(client, row):
    place = make_locality(name="Åby")

    response = client.post(own(row), form(do="add", thing=f"locality-{place.slug}"))
    wrong = client.post(own(row), form(do="add", thing="x"))

    assert response.url == own(row)
    assert followed() == [f"{EVA} {row}", f"{EVA} Åby"]
    assert wrong.status_code == 200
    assert "error-summary" in wrong.content.decode()
    assert not OutgoingMail.objects.exists()


def test_unconfirmed_link_adds_nothing(client, program):
    row = make_subscription(email=EVA, program=program)
    place = make_locality()

    client.post(own(row), form(do="add", thing=f"locality-{place.slug}"))

    assert Subscription.objects.get() == row


def test_waiting_ones_are_confirmed_on_the_same_page(client, row):
    waiting = make_subscription(email=EVA, locality=make_locality(name="Åby"))
    other = make_subscription(email="ali@example.se", locality=waiting.locality)

    assert "Inte bekräftat än" in client.get(own(row)).content.decode()
    client.post(own(row), {"do": "confirm", "row": waiting.pk})
    client.post(own(row), {"do": "confirm", "row": other.pk})

    assert followed() == [f"{EVA} {row}", f"{EVA} Åby"]


def test_one_thing_is_stopped_and_the_page_goes_on(client, row):
    other = make_subscription(email=EVA, locality=make_locality(), confirmed_at=NOW)
    stranger = make_subscription(locality=other.locality, confirmed_at=NOW)

    client.post(own(row), {"do": "stop", "row": stranger.pk})
    assert Subscription.objects.count() == 3
    response = client.post(own(row), {"do": "stop", "row": row.pk})

    assert response.url == own(other)
    assert client.get(own(row)).status_code == 404
    response = client.post(own(other), {"do": "stop", "row": other.pk})
    assert response.url == reverse("programs:follow_stopped")
    assert list(Subscription.objects.all()) == [stranger]


def test_nothing_is_kept_of_who_stops(client, row):
    make_subscription(email=EVA, idea=make_idea(), confirmed_at=NOW)
    for key in ("weekly:2026-48:x", f"follow:{row.pk}:x", "follower:9:answered:x"):
        make_outgoing_mail(key=key, to=EVA, state="sent", sent_at=NOW)
    queued = make_outgoing_mail(key="weekly:2026-49:x", to=EVA)
    about_own = make_outgoing_mail(key="idea:K7QX2BD:received:1", to=EVA)

    client.post(own(row), {"do": "stop-all"})

    assert not Subscription.objects.exists()
    assert list(OutgoingMail.objects.exclude(to="")) == [about_own]
    queued.refresh_from_db()
    assert (queued.state, queued.body) == ("dropped", "")


# --- Stopping from the letter --------------------------------------------------------------------


def test_mailboxes_own_button_stops_the_weekly_letter_at_once():
    client = Client(enforce_csrf_checks=True)
    row = make_subscription(email=EVA, program=make_program(), confirmed_at=NOW)
    make_subscription(email=EVA, locality=make_locality(), confirmed_at=NOW)
    idea = make_subscription(email=EVA, idea=make_idea(), confirmed_at=NOW)
    one_click = {"List-Unsubscribe": "One-Click"}

    for look in (client.get, client.head):
        assert look(stop_url(row)).status_code == 200
    assert Subscription.objects.count() == 3
    # As a mailbox does it: no cookie, no referrer, in either encoding, and perhaps twice.
    first = client.post(
        stop_url(row),
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )
    second = client.post(stop_url(row), one_click)

    assert (first.status_code, second.status_code) == (200, 200)
    assert list(Subscription.objects.all()) == [idea]
    assert client.post(stop_url(idea), one_click).status_code == 200
    assert not Subscription.objects.exists()


def test_link_in_the_letter_leads_to_a_page_with_buttons(client, row):
    idea = make_subscription(email=EVA, idea=make_idea(title="Bänkar"), confirmed_at=NOW)

    page = client.get(stop_url(row)).content.decode()
    stopped = client.post(stop_url(row), {"do": "stop"})

    assert "Sluta få det här brevet" in page
    assert "Sluta med allt" in page
    assert "Bänkar" not in page
    assert stopped.url == own(idea)
    assert list(Subscription.objects.all()) == [idea]
    assert client.post(stop_url(idea), {"do": "stop-all"}).url == "/folj/slut/"
    assert not Subscription.objects.exists()
    assert client.get(stop_url(row)).status_code == 404


def test_button_that_is_not_there_stops_nothing(client, row):
    client.post(stop_url(row), {"do": "x"})
    client.post(stop_url(row), {"List-Unsubscribe": "nej"})
    client.post(own(row), {"do": "stop", "row": "x\x00"})

    assert Subscription.objects.count() == 1


@pytest.mark.parametrize("token", ["fel", "å\x00", "x" * 300])
def test_link_to_nothing_is_dead(client, token):
    for name in ("programs:followed", "programs:unfollow"):
        assert client.get(reverse(name, args=[token])).status_code == 404


# --- What is not confirmed -----------------------------------------------------------------------


def test_addresses_that_nobody_confirms_are_removed(program):
    with time_machine.travel(NOW, tick=False):
        old, kept = make_subscription(program=program), make_subscription(program=program)
        follow.confirm(kept, NOW)
    week = datetime.timedelta(days=7)

    assert follow.purge_unconfirmed(NOW + week) == 0
    assert follow.purge_unconfirmed(NOW + week + datetime.timedelta(seconds=1)) == 1
    assert list(Subscription.objects.all()) == [kept]
    assert not Subscription.objects.filter(pk=old.pk).exists()


def test_name_of_a_held_idea_is_not_told_by_following_it(client):
    idea = make_idea(state=VoiceState.HELD, title="Hemlig")

    response = client.post(FOLLOW, form(thing=f"idea-{idea.pk}"))

    assert "Hemlig" not in response.content.decode()
    assert not Subscription.objects.exists()
