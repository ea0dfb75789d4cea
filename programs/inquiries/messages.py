"""A message about a page, from its arrival until its answer."""

import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from programs.inquiries.pages import program_of_page
from programs.mail import post
from programs.models import AccessibilityStatement, Erasure, Inquiry, Municipality, Program
from programs.records.months import first_kept
from programs.sending import kept_once

Kind = Inquiry.Kind


class AnsweredAlready(Exception):
    """A colleague was faster; the answer has left."""


def answer_days(kind: str) -> int:
    """How soon an answer is promised: for barriers what the accessibility statement says."""
    municipality = Municipality.objects.first() or Municipality()
    if kind == Kind.MISSING:
        return municipality.reply_days
    statement = AccessibilityStatement.objects.first() or AccessibilityStatement()
    return statement.answer_days


@transaction.atomic
def receive(
    said: dict[str, Any],
    *,
    reference: str,
    program: Program | None = None,
    today: datetime.date,
    tells: bool = True,
) -> Inquiry:
    """Keep it and tell whoever is responsible for the page. The same form sent twice makes one.

    Without a `program` it is the page's. With `tells` false nothing is mailed.
    """
    message, is_new = kept_once(
        Inquiry(
            reference=reference,
            program=program or program_of_page(said["page"]),
            promised_on=today + datetime.timedelta(days=answer_days(said["kind"])),
            **said,
        ),
        ("kind", "page", "text", "email"),
    )
    if is_new and tells:
        write(message, message.email, "received")
        write(message, responsible(message), "waits")
    return message


def responsible(message: Inquiry) -> str:
    """The address of the function that looks after the page."""
    if message.program and message.program.contact_email:
        return message.program.contact_email
    municipality = Municipality.objects.first()
    return municipality.contact_email if municipality else ""


@transaction.atomic
def answer(
    message: Inquiry, words: str, *, by: AbstractBaseUser, now: datetime.datetime
) -> Inquiry:
    """Answer once; raises AnsweredAlready when someone has."""
    message = Inquiry.objects.select_for_update(no_key=True).get(pk=message.pk)
    if message.answered_at is not None:
        raise AnsweredAlready
    message.answer, message.answered_at, message.answered_by = words, now, by
    message.save(update_fields=["answer", "answered_at", "answered_by", "updated_at"])
    write(message, message.email, "answered")
    return message


def write(message: Inquiry, to: str, occasion: str) -> None:
    # What shuts someone out may tell of their health: it is read behind the sign-in.
    post(
        f"inquiry:{message.reference}:{occasion}",
        to,
        f"inquiry_{occasion}",
        {
            "inquiry": message,
            "shows_text": message.kind == Kind.MISSING,
            "url": reverse("programs_staff:inquiry", args=[message.pk]),
        },
    )


@transaction.atomic
def erase_inquiries(today: datetime.date) -> int:
    """Take away the address when the answer is as old as contact details are kept; how many."""
    municipality = Municipality.objects.first() or Municipality()
    oldest = first_kept(today, municipality.contact_months)
    answered = Inquiry.objects.filter(answered_at__date__lt=oldest, contact_erased_on=None)
    number = answered.exclude(email="").update(email="", contact_erased_on=today)
    if number:
        Erasure.objects.create(
            reason=_("Messages about pages that are answered"), counts={"inquiries": number}
        )
    return number
