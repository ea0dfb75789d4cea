"""Wanting to take part: who is told, what staff do with it, and that it is forgotten."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from programs.joining import requests
from programs.joining.groups import groups_of
from programs.joining.requests import erase_join_requests
from programs.models import Erasure, Group, JoinRequest, Membership
from programs.public_forms import LIMITS
from tests.factories import (
    make_group,
    make_join_request,
    make_locality,
    make_membership,
    make_municipality,
    make_user,
)
from tests.programs.forms import send, stamp
from tests.programs.letterbox import latest, letters
from tests.revisions.pages import by_class, links, main_of, page_of, parsed, queries, value_of

pytestmark = pytest.mark.django_db

JOIN = "/var-med/"
State = JoinRequest.State
Kind = Group.Kind
SECRET = "Jag är rädd för grannen"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def place(program):
    return program.locality


def asked(client, place, **fields):
    given = {"locality": place.pk, "email": "ny@example.se", "consent": "on", "text": SECRET}
    return send(client, JOIN, **given | fields)


# --- The form ------------------------------------------------------------------------------------


def test_request_reaches_the_coordinator_of_a_group_in_the_place(
    client, place, coordinator, working_group, project_leader
):
    response = asked(client, place, name="Kim")

    row = JoinRequest.objects.get()
    assert (row.group, row.state, row.name) == (working_group, State.HANDED_OVER, "Kim")
    assert row.handed_over_at is not None
    assert row.consented_at is not None
    assert letters() == [("waits", coordinator.email), ("received", "ny@example.se")]
    page = main_of(page_of(client, response.url))
    assert "Arbetsgruppen" in page
    assert row.reference in page
    assert client.cookies == {}


def test_letters_tell_nobody_who_it_is_or_what_they_wrote(client, place, coordinator):
    asked(client, place, name="Kim Nyinflyttad", phone="070-1740605")

    for letter in (latest(), type(latest()).objects.first()):
        assert [
            word for word in (SECRET, "Nyinflyttad", "070-1740605") if word in letter.body
        ] == []


def test_without_a_coordinator_the_project_leader_is_told(client, place, project_leader):
    make_group(program=place.programs.get(), name="Utan sammankallande")

    asked(client, place)

    row = JoinRequest.objects.get()
    assert (row.group, row.state) == (None, State.NEW)
    assert letters()[0] == ("waits", project_leader.email)


def test_without_anyone_the_municipality_is_told(client):
    make_municipality(contact_email="kommunen@example.se")

    asked(client, make_locality())

    assert letters()[0] == ("waits", "kommunen@example.se")


def test_former_groups_and_conveners_are_not_told(
    client, place, coordinator, project_leader, today
):
    yesterday = today - datetime.timedelta(days=1)
    Membership.objects.filter(user=coordinator).update(ended=yesterday)
    ended = make_group(program=place.programs.get(), ended=yesterday)
    make_membership(group=ended, user=make_user(), role=Membership.Role.CONVENER)

    asked(client, place)

    assert letters()[0] == ("waits", project_leader.email)
    assert ended not in groups_of(place, today)


def test_group_that_is_asked_for_gets_it(client, place, coordinator):
    other = make_group(program=place.programs.get(), name="Badplatsen")
    convener = make_user()
    make_membership(group=other, user=convener, role=Membership.Role.CONVENER)
    page = page_of(client, f"{JOIN}?ort={place.slug}&grupp={other.pk}")
    assert value_of(page, "locality") == str(place.pk)
    assert value_of(page, "group") == str(other.pk)

    asked(client, place, group=other.pk)

    assert JoinRequest.objects.get().group == other
    assert letters()[0] == ("waits", convener.email)


def test_telephone_alone_is_enough_and_gets_no_letter(client, place, project_leader):
    asked(client, place, email="", phone="035-13 70 00")

    assert letters() == [("waits", project_leader.email)]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"locality": ""}, "Choose where you live."),
        ({"locality": "0"}, "Select a valid choice."),
        ({"locality": "9" * 30}, "Select a valid choice."),
        ({"locality": "\x00"}, "Null characters are not allowed."),
        ({"email": ""}, "Write an e-mail address or a telephone number."),
        ({"email": "ny"}, "Enter a valid email address."),
        ({"consent": None}, "Tick the box"),
        ({"text": "x" * 1001}, "at most 1000 characters"),
        ({"name": "\x00"}, "Null characters are not allowed."),
        ({"stamp": "x"}, "The form had been open for long."),
    ],
)
def test_faulty_request_is_told_and_kept(client, place, fields, words):
    page = parsed(asked(client, place, **{"phone": ""} | fields))

    assert words in main_of(page)
    assert by_class(page, "error-summary")
    if "text" not in fields:
        assert value_of(page, "text").strip() == SECRET
    assert not JoinRequest.objects.exists()


def test_group_in_another_place_is_refused(client, place, working_group):
    page = parsed(asked(client, make_locality(), group=working_group.pk))

    assert "That group is in another place." in main_of(page)


def test_doubled_click_makes_one_request(client, place, project_leader):
    given = stamp()

    urls = {asked(client, place, stamp=given).url for _click in range(2)}

    assert len(urls) == JoinRequest.objects.count() == 1
    assert len(letters()) == 2


def test_form_sent_again_with_something_else_is_another_request(client, place):
    given = stamp()
    asked(client, place, stamp=given)
    asked(client, place, stamp=given, text="Något annat")

    assert JoinRequest.objects.count() == 2


def test_one_too_many_is_slowed(client, place):
    for _number in range(LIMITS[0][1]):
        asked(client, place)

    page = parsed(asked(client, place), 429)

    assert "everything you wrote is still here" in main_of(page)
    assert value_of(page, "text").strip() == SECRET


def test_trap_is_kept_and_mails_nobody(client, place, project_leader):
    asked(client, place, website="x")

    assert (JoinRequest.objects.get().state, letters()) == (State.NEW, [])


def test_page_shows_the_groups_of_each_place_and_that_of_the_asked_first(client, working_group):
    other = make_group(program=None, locality=make_locality(name="Aneby"), name="Anebygruppen")
    make_group(kind=Kind.STEERING, name="Styrgruppen i Aneby")

    page = main_of(page_of(client, JOIN))
    asked_for = main_of(page_of(client, f"{JOIN}?ort={working_group.program.locality.slug}"))

    assert "Styrgruppen" not in page
    assert page.rindex("Anebygruppen") < page.rindex("Arbetsgruppen")
    assert asked_for.rindex("Arbetsgruppen") < asked_for.rindex(other.name)


def test_page_takes_the_same_queries_for_any_number_of_groups(client, working_group):
    few = queries(client, JOIN)
    for _number in range(10):
        make_group(program=working_group.program)
        make_group(program=None, locality=make_locality())

    assert queries(client, JOIN) == few


@pytest.mark.parametrize(
    "query", ["?ort=finns-inte", "?ort=%00", "?grupp=%00", "?grupp=" + "9" * 30]
)
def test_odd_addresses_show_the_form(client, working_group, query):
    assert "Take part" in main_of(page_of(client, JOIN + query))


def test_places_programs_and_home_lead_here(client, place, program):
    here = f"{JOIN}?ort={place.slug}"
    organisation = reverse("programs:organisation", args=[program.slug])

    for url in (place.get_absolute_url(), program.get_absolute_url(), organisation):
        assert here in links(page_of(client, url))
    assert JOIN in links(page_of(client, "/"))


def test_thanks_without_a_known_reference_thanks_anyway(client):
    page = page_of(client, reverse("programs:join_received") + "?ref=%00NADA")

    assert "What you sent has come in." in main_of(page)


# --- What staff do -------------------------------------------------------------------------------


def staff(name: str, *args) -> str:
    return reverse(f"programs_staff:{name}", args=args)


@pytest.fixture
def request_(place, working_group):
    return make_join_request(
        locality=place, group=working_group, state=State.HANDED_OVER, text=SECRET, name="Kim"
    )


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("administrator", True, True),
        ("project_leader", True, True),
        ("coordinator", True, True),
        ("registrar", True, False),
        ("moderator", False, False),
        ("politician", False, False),
        ("association_representative", False, False),
        ("outsider", False, False),
    ],
)
def test_request_is_for_those_who_are_to_get_in_touch(
    request, client_for, request_, role, reads, writes
):
    client = client_for(request.getfixturevalue(role))

    assert client.get(staff("join_request", request_.pk)).status_code == (200 if reads else 403)
    sent = {"saw": request_.state}
    answer = client.post(staff("join_act", request_.pk, "contact"), sent)
    assert answer.status_code == (302 if writes else 403)
    index = client.get(staff("join_requests"))
    assert index.status_code == (200 if reads else 403)


def test_visitor_is_asked_to_sign_in(client, request_):
    for url in (staff("join_requests"), staff("join_request", request_.pk)):
        assert client.get(url).url == f"/admin/login/?next={url}"


def test_coordinator_sees_only_their_own(client_for, coordinator, request_, place):
    make_join_request(locality=place, name="Utan grupp")
    other = make_join_request(group=make_group(), name="En annan grupps")
    client = client_for(coordinator)

    page = main_of(page_of(client, staff("join_requests")))

    assert "Kim" in page
    assert "Utan grupp" not in page
    assert client.get(staff("join_request", other.pk)).status_code == 403


def test_request_is_handed_over_contacted_and_closed(
    client_for, project_leader, coordinator, place
):
    row = make_join_request(locality=place, text=SECRET, name="Kim")
    client = client_for(project_leader)
    page = page_of(client, staff("join_request", row.pk))
    assert SECRET in main_of(page)
    group = place.programs.get().groups.get(name="Arbetsgruppen")

    client.post(staff("join_act", row.pk, "hand-over"), {"saw": "new", "group": group.pk})
    row.refresh_from_db()
    assert (row.state, row.group) == (State.HANDED_OVER, group)
    assert letters() == [("waits", coordinator.email)]
    client.post(staff("join_act", row.pk, "contact"), {"saw": "handed_over"})
    answer = client.post(
        staff("join_act", row.pk, "close"), {"saw": "joined", "ending": "in", "note": "Bra"}
    )

    row.refresh_from_db()
    assert (row.state, row.state_note) == (State.CLOSED, "Takes part in the group now. Bra")
    assert "Takes part in the group now. Bra" in main_of(page_of(client, answer.url))
    assert "Kim" in main_of(page_of(client, staff("join_requests") + "?visa=closed"))
    assert "Kim" not in main_of(page_of(client, staff("join_requests")))


def test_second_of_two_at_once_is_told(client_for, project_leader, request_):
    client = client_for(project_leader)
    url = staff("join_act", request_.pk, "contact")
    client.post(url, {"saw": "handed_over"})

    answer = client.post(url, {"saw": "handed_over"})

    assert "Someone else was faster." in main_of(page_of(client, answer.url))


@pytest.mark.parametrize(
    ("action", "fields", "words"),
    [
        ("hand-over", {"group": ""}, "This field is required."),
        ("hand-over", {"group": "9" * 30}, "Select a valid choice."),
        ("close", {"ending": "other"}, "Say how it ended."),
        ("close", {}, "This field is required."),
        ("close", {"ending": "in", "note": "x" * 201}, "at most 200 characters"),
    ],
)
def test_faulty_step_is_told(client_for, project_leader, request_, action, fields, words):
    answer = client_for(project_leader).post(
        staff("join_act", request_.pk, action), {"saw": request_.state} | fields
    )

    assert words in main_of(parsed(answer))
    request_.refresh_from_db()
    assert request_.state == State.HANDED_OVER


def test_step_that_does_not_exist_is_not_found(client_for, project_leader, request_):
    client = client_for(project_leader)

    assert client.post(staff("join_act", request_.pk, "radera")).status_code == 404
    assert client.get(staff("join_act", request_.pk, "contact")).status_code == 405


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        (State.JOINED, "note_contact"),
        (State.JOINED, "hand_over"),
        (State.CLOSED, "note_contact"),
        (State.CLOSED, "hand_over"),
        (State.CLOSED, "close"),
    ],
)
def test_no_step_is_taken_backwards(request_, working_group, today, state, verb):
    closed = {"closed_at": timezone.now(), "state_note": "Slut"} if state == State.CLOSED else {}
    JoinRequest.objects.update(state=state, **closed)
    now = timezone.now()
    calls = {
        "note_contact": lambda: requests.note_contact(request_, saw=state),
        "hand_over": lambda: requests.hand_over(
            request_, make_group(), saw=state, now=now, today=today
        ),
        "close": lambda: requests.close(request_, "Igen", saw=state, now=now),
    }

    with pytest.raises(requests.JoinError):
        calls[verb]()


def test_request_is_not_handed_to_the_group_that_has_it(request_, working_group, today):
    with pytest.raises(requests.JoinError):
        requests.hand_over(
            request_, working_group, saw=request_.state, now=timezone.now(), today=today
        )


def test_list_takes_the_same_queries_for_any_length(client_for, administrator, request_):
    client = client_for(administrator)
    few = queries(client, staff("join_requests"))
    for _number in range(10):
        make_join_request(group=make_group(), state=State.HANDED_OVER)

    assert queries(client, staff("join_requests")) == few


def test_details_are_erased_the_day_after_it_is_closed(request_, today):
    other = make_join_request()
    requests.close(request_, "Är med", saw=request_.state, now=timezone.now())

    assert erase_join_requests(today) == 0
    tomorrow = today + datetime.timedelta(days=1)
    assert [erase_join_requests(tomorrow), erase_join_requests(tomorrow)] == [1, 0]

    request_.refresh_from_db()
    assert (request_.name, request_.email, request_.phone, request_.text) == ("", "", "", "")
    assert (request_.state_note, request_.contact_erased_on) == ("Är med", tomorrow)
    assert JoinRequest.objects.get(pk=other.pk).email == other.email
    assert Erasure.objects.get().counts == {"join_requests": 1}


def test_erased_request_can_still_be_read(client_for, administrator, request_, today):
    requests.close(request_, "Är med", saw=request_.state, now=timezone.now())
    erase_join_requests(today + datetime.timedelta(days=1))

    page = main_of(page_of(client_for(administrator), staff("join_request", request_.pk)))

    assert "Details erased" in page
    assert SECRET not in page
