"""Writing and sending letters. Import `post` from here; nothing else sends mail.

A letter is written in the transaction that causes it and sent by a task once that has been
committed, so that nobody is told of what did not happen.
"""

import datetime
import smtplib
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override
from django_tasks import task

from programs.models import Municipality, OutgoingMail
from programs.vocabulary import words_of

# Minutes until a letter that could not be sent is tried again; after the last it is given up.
WAITS = (2, 15, 60, 240, 720)


def post(
    key: str,
    to: str,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    headers: dict[str, str] | None = None,
    send_after: datetime.datetime | None = None,
) -> OutgoingMail | None:
    """Write one letter; None without an address, or when a letter with that key exists already.

    `template` names two files in `templates/mail/`: `<template>.subject.txt`, one line, and
    `<template>.txt`. Both get `context`, `municipality`, `words` and `site`, the portal's address
    without a final slash. Call it inside the transaction that causes the letter.
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
        body = render_to_string(f"mail/{template}.txt", everything).strip() + "\n"
    now = timezone.now()
    try:
        with transaction.atomic():
            letter = OutgoingMail.objects.create(
                key=key,
                to=to,
                subject=subject[:200],
                body=body,
                headers=headers or {},
                send_after=send_after or now,
            )
    except IntegrityError:
        return None
    if letter.send_after <= now:
        transaction.on_commit(partial(send_letter.enqueue, letter.pk))
    return letter


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
        if letter is None or letter.state != OutgoingMail.State.QUEUED or letter.send_after > now:
            return
        letter.state = OutgoingMail.State.SENDING
        letter.attempts += 1
        letter.save(update_fields=["state", "attempts"])
    try:
        message(letter).send()
    except (OSError, smtplib.SMTPException) as error:
        put_back(letter, error)
    else:
        letter.state, letter.sent_at, letter.error = OutgoingMail.State.SENT, timezone.now(), ""
        letter.save(update_fields=["state", "sent_at", "error"])


def put_back(letter: OutgoingMail, error: Exception) -> None:
    """Wait and try again; given up after the last wait, or when the address is refused for good."""
    is_final = isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _words in error.recipients.values()
    )
    letter.error = str(error)[:300]
    if is_final or letter.attempts > len(WAITS):
        letter.state = OutgoingMail.State.FAILED
    else:
        wait = datetime.timedelta(minutes=WAITS[letter.attempts - 1])
        letter.state, letter.send_after = OutgoingMail.State.QUEUED, timezone.now() + wait
    letter.save(update_fields=["state", "send_after", "error"])


def send_due(now: datetime.datetime) -> int:
    """Hand every letter that is due to the task queue; how many there were."""
    due = list(OutgoingMail.objects.due(now).values_list("pk", flat=True))
    for pk in due:
        send_letter.enqueue(pk)
    return len(due)


def message(letter: OutgoingMail) -> EmailMessage:
    municipality = Municipality.objects.first()
    reply_to = [municipality.contact_email] if municipality and municipality.contact_email else None
    return EmailMessage(
        letter.subject,
        letter.body,
        to=[letter.to],
        reply_to=reply_to,
        headers={"Auto-Submitted": "auto-generated", **letter.headers},
    )
