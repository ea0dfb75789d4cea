"""Writing and sending letters. Import `post` from here; nothing else sends mail.

A letter is written in the transaction that causes it and sent by a task once that has been
committed, so that nobody is told of what did not happen.
"""

import datetime
import hashlib
import smtplib
from email.utils import formataddr, parseaddr
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from programs.models import Municipality, OutgoingMail
from programs.public_forms import count_today
from programs.vocabulary import words_of

State = OutgoingMail.State
# Minutes until a letter that could not be sent is tried again; after the last it is given up.
WAITS = (2, 15, 60, 240, 720)
# Long enough to answer "I never got a letter", when nothing else is said.
KEPT = datetime.timedelta(days=30)
# Letters in one day to one address that nobody has confirmed: see `may_write_to`.
MOST_UNASKED = 10


class CannotHandle(Exception):
    """The letter is not in trouble any more, or a reason is missing."""


def post(
    key: str,
    to: str,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    headers: dict[str, str] | None = None,
    send_after: datetime.datetime | None = None,
    kept: datetime.timedelta = KEPT,
) -> OutgoingMail | None:
    """Write one letter; None without an address, or when a letter with that key exists already.

    `template` names two files in `templates/mail/`: `<template>.subject.txt`, one line, and
    `<template>.txt`. Both get `context`, `municipality`, `words` and `site`, the portal's address
    without a final slash. Call it inside the transaction that causes the letter. `kept` is how
    long the address and the text are kept when the letter has left.
    """
    if not to:
        return None
    municipality = Municipality.objects.prefetch_related("terms").first() or Municipality()
    everything = {
        "municipality": municipality,
        "words": words_of(municipality),
        "site": settings.SITE_URL,
        **(context or {}),
    }
    with override(settings.LANGUAGE_CODE):
        subject = " ".join(render_to_string(f"mail/{template}.subject.txt", everything).split())
        body = render_to_string(f"mail/{template}.txt", everything)
    now = timezone.now()
    try:
        with transaction.atomic():
            letter = OutgoingMail.objects.create(
                key=key,
                to=to,
                subject=subject[:200],
                body=tidy(body),
                headers=headers or {},
                send_after=send_after or now,
                forget_at=(send_after or now) + kept,
            )
    except IntegrityError:
        return None
    if letter.send_after <= now:
        transaction.on_commit(partial(send_letter.enqueue, letter.pk))
    return letter


def may_write_to(address: str, now: datetime.datetime) -> bool:
    """Ask before each letter to an address that only somebody has typed.

    False when it has got its share for today: the public forms must not be a way to fill someone
    else's mailbox.
    """
    return count_today(f"letters|{address.lower()}", now) <= MOST_UNASKED


def tidy(body: str) -> str:
    """Paragraphs with one empty line between them, whatever tags stood in the template."""
    lines = [line.rstrip() for line in body.strip().splitlines()]
    return (
        "\n".join(
            line for line, before in zip(lines, ["x", *lines], strict=False) if line or before
        )
        + "\n"
    )


@task()
def send_letter(pk: int) -> None:
    """Send one letter, at most once.

    The state `sending` is committed before the mail server is spoken to: a worker that dies in
    between leaves a letter that staff see, never one that is sent a second time. What the server
    refuses for now is tried again after a while, by `manage.py send_mail`.
    """
    with transaction.atomic():
        letter = OutgoingMail.objects.select_for_update().filter(pk=pk).first()
        now = timezone.now()
        if letter is None or letter.state != State.QUEUED or letter.send_after > now:
            return
        letter.state, letter.tried_at = State.SENDING, now
        letter.attempts += 1
        letter.save(update_fields=["state", "tried_at", "attempts"])
    try:
        message(letter).send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        put_back(letter, error)
    else:
        letter.state, letter.sent_at, letter.error = State.SENT, timezone.now(), ""
        letter.save(update_fields=["state", "sent_at", "error"])


def put_back(letter: OutgoingMail, error: Exception) -> None:
    """Wait and try again; given up after the last wait, or when it will never go better."""
    letter.error = str(error)[:300]
    if is_final(error) or letter.attempts > len(WAITS):
        letter.state = State.FAILED
    else:
        wait = datetime.timedelta(minutes=WAITS[letter.attempts - 1])
        letter.state, letter.send_after = State.QUEUED, timezone.now() + wait
    letter.save(update_fields=["state", "send_after", "error"])


def is_final(error: Exception) -> bool:
    """The address is refused for good, or no letter can be made of what stands in the row."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, ValueError)


@task()
def send_due() -> None:
    """Send whatever is due; a letter that another worker has begun with is left to that one."""
    for pk in list(OutgoingMail.objects.due(timezone.now()).values_list("pk", flat=True)):
        send_letter.call(pk)


def hand_over_due(now: datetime.datetime) -> int:
    """Give the task queue one task for all that is due; how many letters that is.

    One task, however many letters: when no worker runs, the queue does not fill up with them.
    """
    due = OutgoingMail.objects.due(now).count()
    if due:
        transaction.on_commit(send_due.enqueue)
    return due


@transaction.atomic
def send_again(letter: OutgoingMail, *, by: AbstractBaseUser, now: datetime.datetime) -> None:
    """Try once more, from the beginning of the waits. Raises CannotHandle when it has left."""
    letter = _in_trouble(letter, now)
    letter.state, letter.attempts, letter.send_after = State.QUEUED, 0, now
    letter.handled_by = by
    letter.save(update_fields=["state", "attempts", "send_after", "handled_by"])
    transaction.on_commit(partial(send_letter.enqueue, letter.pk))


@transaction.atomic
def drop(
    letter: OutgoingMail, *, by: AbstractBaseUser, reason: str, now: datetime.datetime
) -> None:
    """Leave it unsent, for a reason. Raises CannotHandle without one, or when it has left."""
    letter = _in_trouble(letter, now)
    if not reason.strip():
        raise CannotHandle(_("Say why the letter is not to be sent."))
    letter.state, letter.handled_by, letter.handled_because = State.DROPPED, by, reason.strip()
    letter.save(update_fields=["state", "handled_by", "handled_because"])


def _in_trouble(letter: OutgoingMail, now: datetime.datetime) -> OutgoingMail:
    locked = OutgoingMail.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if not locked.needs_someone(now):
        raise CannotHandle(_("Someone else has just seen to this letter."))
    return locked


def message(letter: OutgoingMail) -> EmailMessage:
    municipality = Municipality.objects.first() or Municipality()
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    # The same letter has the same number if staff send it again: mailboxes show it once.
    number = hashlib.sha256(letter.key.encode()).hexdigest()[:24]
    headers = {
        "Message-ID": f"<{number}@{host}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        **letter.headers,
    }
    return EmailMessage(
        letter.subject,
        letter.body,
        from_email=formataddr((name or municipality.portal_name, address)),
        to=[letter.to],
        reply_to=[municipality.contact_email] if municipality.contact_email else None,
        headers=headers,
    )
