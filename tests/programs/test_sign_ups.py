"""Seats at an event: first come by confirmation, counted in people, never more than there are."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programs.models import Erasure, Event, SignUp
from programs.sign_ups import seats
from programs.sign_ups.erasing import DAYS_AFTER_EVENT, DAYS_UNCONFIRMED, erase_sign_ups
from tests.factories import make_event, make_sign_up
from tests.programs.letterbox import latest, letters

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 5, 4)
NOW = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)
State = SignUp.State


def meeting(**fields) -> Event:
    given = {"date": "2026-06-01", "takes_sign_ups": True, "seats": 4}
    return Event.objects.get(pk=make_event(**given | fields).pk)


def said(name: str = "Eva", **fields) -> dict:
    email = f"nummer{sum(map(ord, name))}@example.se"
    return {"name": name, "email": email, "people": 1, "needs": ""} | fields


def asked(event: Event, name: str = "Eva", form: str = "", **fields) -> SignUp:
    form = form or f"{event.sign_ups.count():07d}"
    return seats.sign_up(event, said(name, **fields), form=form, today=TODAY)


def confirmed(event: Event, name: str = "Eva", after: int = 0, **fields) -> SignUp:
    row = asked(event, name, **fields)
    moment = NOW + datetime.timedelta(minutes=after or event.sign_ups.count())
    return seats.confirm(row, now=moment, today=TODAY)


def states(event: Event) -> dict[str, str]:
    return {row.name: row.state for row in event.sign_ups.all()}


# --- Signing up and confirming -------------------------------------------------------------------


def test_sign_up_counts_first_when_it_is_confirmed():
    event = meeting()
    row = asked(event, people=2, needs="Hörslinga")

    assert (row.state, row.people, row.needs) == (State.UNCONFIRMED, 2, "Hörslinga")
    assert seats.free_seats(event) == 4
    assert letters() == [("confirm", said()["email"])]

    seats.confirm(row, now=NOW, today=TODAY)

    row.refresh_from_db()
    assert (row.state, row.confirmed_at) == (State.SEATED, NOW)
    assert seats.free_seats(event) == 2
    assert letters() == [("confirm", said()["email"]), ("seated", said()["email"])]


def test_confirmation_twice_is_one():
    event = meeting()
    row = confirmed(event)

    seats.confirm(row, now=NOW + datetime.timedelta(days=1), today=TODAY)

    row.refresh_from_db()
    assert row.confirmed_at < NOW + datetime.timedelta(days=1)
    assert [key for key, _to in letters()] == ["confirm", "seated"]


def test_same_form_sent_twice_makes_one_row_and_one_letter():
    event = meeting()

    assert asked(event, form="ABCDEFG") == asked(event, form="ABCDEFG")
    assert event.sign_ups.count() == len(letters()) == 1


def test_form_of_one_event_sent_to_another_makes_a_row_of_its_own():
    one, other = meeting(), meeting()

    first, second = asked(one, form="ABCDEFG"), asked(other, form="ABCDEFG")

    assert (first.event, second.event) == (one, other)
    assert first.reference != second.reference


def test_signing_up_again_before_confirming_corrects_it_and_sends_a_new_link():
    event = meeting()
    asked(event, form="ABCDEFG")

    row = asked(event, form="HJKMNPQ", email=said()["email"].upper(), people=3)

    assert (event.sign_ups.count(), row.people) == (1, 3)
    assert [key for key, _to in letters()] == ["confirm", "confirm"]


def test_address_that_is_in_line_is_told_by_letter_and_keeps_its_place():
    event = meeting()
    row = confirmed(event)

    asked(event, "Någon annan", form="HJKMNPQ", email=row.email, people=4)

    row.refresh_from_db()
    assert (row.name, row.people, event.sign_ups.count()) == ("Eva", 1, 1)
    assert letters()[-1] == ("already", row.email)


def test_whoever_has_cancelled_may_sign_up_again():
    event = meeting()
    seats.cancel(confirmed(event), today=TODAY)

    assert confirmed(event).state == State.SEATED
    assert event.sign_ups.count() == 2


def test_what_a_machine_sends_is_kept_and_nobody_is_mailed():
    row = seats.sign_up(meeting(), said(), form="ABCDEFG", today=TODAY, tells=False)

    assert row.state == State.UNCONFIRMED
    assert letters() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"sign_up_closes_on": TODAY - datetime.timedelta(days=1)},
        {"date": TODAY - datetime.timedelta(days=1)},
        {"is_cancelled": True},
        {"takes_sign_ups": False},
    ],
)
def test_closed_event_takes_no_sign_up_and_no_confirmation(fields):
    event = meeting()
    row = asked(event)
    Event.objects.filter(pk=event.pk).update(**fields)

    with pytest.raises(seats.SignUpRefused):
        seats.confirm(row, now=NOW, today=TODAY)
    with pytest.raises(seats.SignUpRefused):
        asked(event, "Bo")
    row.refresh_from_db()
    assert row.state == State.UNCONFIRMED


@pytest.mark.parametrize(
    ("date", "closes", "last"),
    [
        ("2026-06-01", None, datetime.date(2026, 6, 1)),
        ("2026-06-01", datetime.date(2026, 5, 20), datetime.date(2026, 5, 20)),
        ("2026-06-01", datetime.date(2026, 7, 1), datetime.date(2026, 6, 1)),
        ("2026-06", None, datetime.date(2026, 6, 30)),
    ],
)
def test_last_day_to_sign_up_is_never_after_the_event_begins(date, closes, last):
    event = meeting(date=date, sign_up_closes_on=closes)

    assert event.last_sign_up_day == last
    assert event.takes_sign_ups_on(last)
    assert not event.takes_sign_ups_on(last + datetime.timedelta(days=1))


# --- The line ------------------------------------------------------------------------------------


def test_who_comes_last_waits_and_gets_the_seat_that_is_given_back():
    event = meeting(seats=2)
    first, second = confirmed(event, "Eva"), confirmed(event, "Bo")
    third = confirmed(event, "Ida")
    assert states(event) == {"Eva": "seated", "Bo": "seated", "Ida": "waiting"}

    seats.cancel(first, today=TODAY)

    assert states(event) == {"Eva": "cancelled", "Bo": "seated", "Ida": "seated"}
    assert letters()[-2:] == [("cancelled", first.email), ("got_a_seat", third.email)]
    seats.cancel(second, today=TODAY)
    assert letters()[-1] == ("cancelled", second.email)


def test_seats_go_to_the_first_who_fit():
    event = meeting(seats=4)
    group = confirmed(event, "Gänget", people=3)
    confirmed(event, "Fem", people=4)
    confirmed(event, "Två", people=2)
    confirmed(event, "En")
    assert states(event) == {"Gänget": "seated", "Fem": "waiting", "Två": "waiting", "En": "seated"}

    seats.cancel(group, today=TODAY)

    assert states(event)["Två"] == "seated"
    assert states(event)["Fem"] == "waiting"
    assert seats.free_seats(event) == 1


def test_unconfirmed_that_is_cancelled_gives_no_seat_back_and_no_letter():
    event = meeting(seats=1)
    row = asked(event)

    seats.cancel(row, today=TODAY)
    seats.cancel(row, today=TODAY)

    assert states(event) == {"Eva": "cancelled"}
    assert [key for key, _to in letters()] == ["confirm"]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(1, 6),
    st.lists(
        st.tuples(st.sampled_from(["come", "cancel", "seats"]), st.integers(1, 5)), max_size=9
    ),
)
def test_whatever_happens_no_seat_is_taken_twice_and_nobody_waits_who_fits(number, happenings):
    event = meeting(seats=number)
    for turn, (happening, value) in enumerate(happenings):
        if happening == "come":
            confirmed(event, f"Nr {turn}", form=f"{event.pk % 1000:03d}{turn:04d}", people=value)
        elif happening == "cancel":
            rows = list(event.sign_ups.in_line().order_by("pk"))
            if rows:
                seats.cancel(rows[value % len(rows)], today=TODAY)
        else:
            before = Event.objects.get(pk=event.pk)
            Event.objects.filter(pk=event.pk).update(seats=before.seats + value)
            event.refresh_from_db()
            seats.event_was_changed(before, event, today=TODAY)
        event.refresh_from_db()
        free = event.seats - event.sign_ups.seated().people()
        assert free >= 0
        assert [row for row in event.sign_ups.waiting() if row.people <= free] == []


# --- What staff do -------------------------------------------------------------------------------


def test_staff_sign_up_whoever_rings_also_late_and_without_an_address():
    event = meeting(sign_up_closes_on=TODAY - datetime.timedelta(days=1), seats=1)

    row = seats.enter(event, said(email=""), form="ABCDEFG", now=NOW)
    again = seats.enter(event, said(email=""), form="ABCDEFG", now=NOW)
    other = seats.enter(event, said("Bo"), form="HJKMNPQ", now=NOW)

    assert row == again
    assert (row.state, other.state) == (State.SEATED, State.WAITING)
    assert letters() == [("waiting", said("Bo")["email"])]


def test_staff_sign_up_nobody_twice_and_nobody_for_what_is_cancelled():
    event = meeting()
    confirmed(event)
    with pytest.raises(seats.SignUpRefused):
        seats.enter(event, said(email=said()["email"].upper()), form="HJKMNPQ", now=NOW)
    Event.objects.update(is_cancelled=True)
    with pytest.raises(seats.SignUpRefused):
        seats.enter(event, said("Bo"), form="HJKMNPQ", now=NOW)


# --- What happens to the event -------------------------------------------------------------------


def changed(event: Event, **fields) -> None:
    before = Event.objects.get(pk=event.pk)
    for name, value in fields.items():
        setattr(event, name, value)
    event.save()
    seats.event_was_changed(before, event, today=TODAY)


def test_cancelled_event_tells_everyone_in_line_once():
    event = meeting(seats=1)
    one, other = confirmed(event, "Eva"), confirmed(event, "Bo")
    asked(event, "Obekräftad")
    written = len(letters())

    changed(event, is_cancelled=True)
    changed(event, is_cancelled=True)

    told = letters()[written:]
    assert told == [("event_cancelled", one.email), ("event_cancelled", other.email)]


def test_moved_event_tells_everyone_and_each_move_is_told():
    event = meeting()
    row = confirmed(event)
    written = len(letters())

    changed(event, description="Med fika.")
    changed(event, place="Biblioteket")
    changed(event, starts=datetime.time(19))

    assert letters()[written:] == [("event_changed", row.email)] * 2
    assert "Biblioteket" in latest().body


def test_seats_that_are_added_go_to_the_line():
    event = meeting(seats=1)
    confirmed(event, "Eva")
    waiting = confirmed(event, "Bo")

    changed(event, seats=2)

    assert states(event) == {"Eva": "seated", "Bo": "seated"}
    assert letters()[-1] == ("got_a_seat", waiting.email)


def test_event_that_is_over_tells_nobody():
    event = meeting()
    confirmed(event)
    written = len(letters())

    seats.event_was_changed(
        Event(date=event.date, place="Ingenstans"), event, today=datetime.date(2026, 6, 2)
    )

    assert len(letters()) == written


def test_reminder_goes_once_to_those_who_have_a_seat_tomorrow():
    event = meeting(seats=1, date="2026-05-05")
    seated = confirmed(event, "Eva")
    confirmed(event, "Bo")
    confirmed(meeting(date="2026-05-06"), "Ida")
    cancelled = meeting(date="2026-05-05")
    confirmed(cancelled, "Per")
    Event.objects.filter(pk=cancelled.pk).update(is_cancelled=True)
    written = len(letters())

    assert [seats.remind(TODAY), seats.remind(TODAY)] == [1, 0]
    assert letters()[written:] == [("reminder", seated.email)]


# --- Erasing -------------------------------------------------------------------------------------


def test_names_and_addresses_are_erased_after_the_event_and_numbers_stay():
    event = meeting(date="2026-05-05")
    row = confirmed(event, people=2, needs="Rullstol")
    day_before = datetime.date(2026, 5, 5) + datetime.timedelta(days=DAYS_AFTER_EVENT)

    assert erase_sign_ups(day_before) == 0
    assert erase_sign_ups(day_before + datetime.timedelta(days=1)) == 1
    assert erase_sign_ups(day_before + datetime.timedelta(days=1)) == 0

    row.refresh_from_db()
    assert (row.name, row.email, row.needs) == ("", "", "")
    assert (row.people, row.state) == (2, State.SEATED)
    assert Erasure.objects.get().counts == {"sign_ups": 1, "unconfirmed_sign_ups": 0}


def test_whoever_never_confirmed_or_cancelled_is_forgotten_after_a_week():
    today = timezone.localdate()
    event = meeting(date=today + datetime.timedelta(days=60))
    never, gone, kept = (make_sign_up(event=event, name=name) for name in ("A", "B", "C"))
    SignUp.objects.filter(pk=gone.pk).update(state=State.CANCELLED)
    SignUp.objects.filter(pk=kept.pk).update(state=State.SEATED, confirmed_at=NOW)

    assert erase_sign_ups(today + datetime.timedelta(days=DAYS_UNCONFIRMED)) == 0
    assert erase_sign_ups(today + datetime.timedelta(days=DAYS_UNCONFIRMED + 1)) == 2

    found = SignUp.objects.order_by("pk").values_list("pk", "name", "state")
    assert list(found) == [
        (never.pk, "", State.CANCELLED),
        (gone.pk, "", State.CANCELLED),
        (kept.pk, "C", State.SEATED),
    ]


# --- Several at once -----------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_seats_are_never_sold_twice_when_many_confirm_at_once():
    event = meeting(seats=3)
    rows = [asked(event, f"Nr {number}", form=f"{number:07d}") for number in range(8)]
    barrier = Barrier(len(rows))

    def press(row: SignUp) -> None:
        try:
            barrier.wait(timeout=10)
            seats.confirm(row, now=NOW, today=TODAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(rows)) as pool:
        list(pool.map(press, rows))

    found = sorted(states(event).values())
    assert found == ["seated"] * 3 + ["waiting"] * 5


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_same_address_signed_up_at_once_is_one_row():
    event = meeting()
    barrier = Barrier(4)

    def send(number: int) -> None:
        try:
            barrier.wait(timeout=10)
            asked(event, form=f"{number:07d}")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(4)))

    assert event.sign_ups.count() == 1
