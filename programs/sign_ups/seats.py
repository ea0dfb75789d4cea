"""Who has a seat and who waits for one.

Every change locks the event before the sign-up, so that no seat is given twice. After each of
them holds: nobody waits who would fit in the seats that are free.
"""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from programs.models import Event, SignUp
from programs.models.voices import new_reference
from programs.sign_ups import letters

State = SignUp.State


class SignUpRefused(Exception):
    """Refused, with the reason in words."""


def free_seats(event: Event) -> int | None:
    """None where there is room for all."""
    if event.seats is None:
        return None
    return max(0, event.seats - event.sign_ups.seated().people())


@transaction.atomic
def sign_up(
    event: Event,
    said: dict[str, Any],
    *,
    form: str,
    today: datetime.date,
    tells: bool = True,
) -> SignUp:
    """Keep it until the address is confirmed. `form` is the reference that the form gave out.

    The same form sent twice makes one row. An address that is signed up already is told so by
    letter. With `tells` false nothing is mailed: what sent it was hardly a person.
    """
    event = lock(event)
    refuse_when_closed(event, today)
    form, row = made_by(form, event)
    if row is None:
        active = event.sign_ups.exclude(state=State.CANCELLED)
        row = active.filter(email__iexact=said["email"]).first()
    if row is None:
        row = SignUp(event=event, reference=form, **said)
        row.full_clean()
        row.save()
    elif row.state == State.UNCONFIRMED:
        for name, value in said.items():
            setattr(row, name, value)
        row.full_clean()
        row.save(update_fields=[*said, "updated_at"])
    if tells and row.state == State.UNCONFIRMED:
        letters.please_confirm(row, form)
    elif tells and row.reference != form:
        letters.already_in_line(row, form)
    return row


@transaction.atomic
def enter(event: Event, said: dict[str, Any], *, form: str, now: datetime.datetime) -> SignUp:
    """Staff sign someone up who has rung or asked at the desk: it counts at once.

    Also after the last day to sign up, but not for an event that is cancelled. The same form
    sent twice makes one row.
    """
    event = lock(event)
    if event.is_cancelled:
        raise SignUpRefused(_("The meeting is cancelled."))
    form, row = made_by(form, event)
    if row is not None:
        return row
    active = event.sign_ups.exclude(state=State.CANCELLED)
    if said["email"] and active.filter(email__iexact=said["email"]).exists():
        raise SignUpRefused(_("That address is already signed up."))
    row = SignUp(event=event, reference=form, **said)
    row.full_clean()
    put_in_line(row, now)
    return row


@transaction.atomic
def confirm(row: SignUp, *, now: datetime.datetime, today: datetime.date) -> SignUp:
    """The author has pressed the button: a seat, or else a place in the line.

    Pressed twice, it changes nothing. Refused after the last day to sign up.
    """
    event, row = lock_both(row)
    if row.state == State.UNCONFIRMED:
        refuse_when_closed(event, today)
        put_in_line(row, now)
    return row


@transaction.atomic
def cancel(row: SignUp, *, today: datetime.date) -> SignUp:
    """Gives the seats back, and offers them to the first in line who fit."""
    event, row = lock_both(row)
    if row.state == State.CANCELLED:
        return row
    was_in_line = row.state != State.UNCONFIRMED
    row.state = State.CANCELLED
    row.save(update_fields=["state", "updated_at"])
    if was_in_line:
        letters.cancelled(row)
        fill(event, today=today)
    return row


def put_in_line(row: SignUp, now: datetime.datetime) -> None:
    """On a locked event."""
    free = free_seats(row.event)
    row.confirmed_at = now
    row.state = State.SEATED if free is None or row.people <= free else State.WAITING
    row.save()
    if row.state == State.SEATED:
        letters.seated(row)
    else:
        letters.waiting(row)


def fill(event: Event, *, today: datetime.date) -> None:
    """Seat those in line who fit, in order. On a locked event."""
    if event.is_cancelled or event.is_over(today):
        return
    free = free_seats(event)
    for row in event.sign_ups.waiting():
        if free is not None and row.people > free:
            continue
        row.state = State.SEATED
        row.save(update_fields=["state", "updated_at"])
        row.event = event
        letters.got_a_seat(row)
        if free is not None:
            free -= row.people


@transaction.atomic
def event_was_changed(before: Event, event: Event, *, today: datetime.date) -> None:
    """Tell everyone in line of another time or place, and fill seats that have been added."""
    event = lock(event)
    if event.is_over(today):
        return
    fill(event, today=today)
    if letters.circumstances(before) == letters.circumstances(event):
        return
    for row in event.sign_ups.in_line():
        row.event = event
        if event.is_cancelled:
            letters.event_cancelled(row)
        else:
            letters.event_changed(row)


def remind(today: datetime.date) -> int:
    """Write to everyone who has a seat tomorrow, once; how many letters there were."""
    tomorrow = today + datetime.timedelta(days=1)
    rows = SignUp.objects.seated().filter(event__date=tomorrow, event__is_cancelled=False)
    return sum(
        letters.reminder(row) is not None for row in rows.exclude(email="").select_related("event")
    )


def made_by(form: str, event: Event) -> tuple[str, SignUp | None]:
    """What the form has made already; its reference is not used for two events."""
    row = SignUp.objects.filter(reference=form).first()
    if row is not None and row.event_id != event.pk:
        return new_reference(), None
    return form, row


def refuse_when_closed(event: Event, today: datetime.date) -> None:
    if event.is_cancelled:
        raise SignUpRefused(_("The meeting is cancelled."))
    if not event.takes_sign_ups_on(today):
        raise SignUpRefused(_("It is too late to sign up: the last day has passed."))


def lock(event: Event) -> Event:
    return Event.objects.select_for_update(no_key=True).get(pk=event.pk)


def lock_both(row: SignUp) -> tuple[Event, SignUp]:
    event = Event.objects.select_for_update(no_key=True).get(pk=row.event_id)
    row = SignUp.objects.select_for_update(no_key=True).get(pk=row.pk)
    row.event = event
    return event, row
