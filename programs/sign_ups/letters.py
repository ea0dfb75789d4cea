"""What those who sign up are told. Each occasion has its letter in `templates/mail/`."""

import hashlib
from typing import Any

from django.utils.text import capfirst

from programs.exports.calendars import is_in_calendar
from programs.mail import post
from programs.models import Event, OutgoingMail, SignUp
from programs.sign_ups.links import own_url
from programs.templatetags.event_text import event_hours, with_weekday


def please_confirm(row: SignUp, form: str) -> OutgoingMail | None:
    """Whoever signs up once more before confirming gets a new link; one for each form sent."""
    return letter(row, "confirm", again=form)


def already_in_line(row: SignUp, form: str) -> OutgoingMail | None:
    """Told by letter alone: the page must not say who else has signed up."""
    return letter(row, "already", again=form)


def seated(row: SignUp) -> OutgoingMail | None:
    return letter(row, "seated")


def waiting(row: SignUp) -> OutgoingMail | None:
    return letter(row, "waiting")


def got_a_seat(row: SignUp) -> OutgoingMail | None:
    return letter(row, "got_a_seat")


def cancelled(row: SignUp) -> OutgoingMail | None:
    return letter(row, "cancelled")


def reminder(row: SignUp) -> OutgoingMail | None:
    """Once for the day that the event has: if it is moved, there will be another."""
    return letter(row, "reminder", again=row.event.date.storage)


def event_cancelled(row: SignUp) -> OutgoingMail | None:
    return letter(row, "event_cancelled", again=circumstances(row.event))


def event_changed(row: SignUp) -> OutgoingMail | None:
    return letter(row, "event_changed", again=circumstances(row.event))


def circumstances(event: Event) -> str:
    """Differs when the event is held at another time or place, or not at all."""
    facts = (event.date, event.until, event.starts, event.ends, event.place, event.is_cancelled)
    return hashlib.sha256("\x1f".join(map(str, facts)).encode()).hexdigest()[:12]


def letter(row: SignUp, occasion: str, *, again: str = "1", **context: Any) -> OutgoingMail | None:
    event = row.event
    return post(
        f"sign_up:{row.reference}:{occasion}:{again}",
        row.email,
        f"sign_up_{occasion}",
        {
            "sign_up": row,
            "event": event,
            "when": when_in_words(event),
            "in_calendar": is_in_calendar(event),
            "own_url": own_url(row),
            **context,
        },
    )


def when_in_words(event: Event) -> str:
    """ "Tisdag 1 december 2026, 18.30–20.30" """
    days = capfirst(with_weekday(event.date))
    if event.until:
        days = f"{days} – {with_weekday(event.until)}"
    hours = event_hours(event)
    return f"{days}, {hours}" if hours else days
