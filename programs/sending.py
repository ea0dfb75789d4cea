"""What the views of public forms do before anything is kept."""

import datetime

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import ngettext

from programs.models.voices import new_reference
from programs.public_forms import PublicForm, TooMany, slow_down


def refused(request: HttpRequest, form: PublicForm, name: str, now: datetime.datetime) -> int:
    """0 when the form may be kept, otherwise the status with which it is shown again.

    Only what is filled in rightly counts against the limit of how often the form may be sent.
    """
    if not form.is_valid():
        return 200
    try:
        slow_down(request, name, now)
    except TooMany as error:
        words = ngettext(
            "A lot has been sent from your network. Wait %(minutes)s minute and send it again: "
            "everything you wrote is still here.",
            "A lot has been sent from your network. Wait %(minutes)s minutes and send it again: "
            "everything you wrote is still here.",
            error.minutes,
        )
        form.add_error(None, words % {"minutes": error.minutes})
        return 429
    return 0


def is_a_machine(form: PublicForm) -> bool:
    """It has filled in the field that people do not see: keep what it sent, but mail nobody."""
    return "trap" in form.oddities


def kept_once(row: Model, said: tuple[str, ...]) -> tuple[Model, bool]:
    """The stored row, and whether it is new: the same form sent twice makes one.

    `row` has the reference that its form gave out. A form sent again with something else in one
    of the fields in `said` is another one. Call it in a transaction.
    """
    rows = type(row)._default_manager
    before = rows.filter(reference=row.reference).first()
    if before and all(getattr(before, name) == getattr(row, name) for name in said):
        return before, False
    if before:
        row.reference = new_reference()
    row.full_clean()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # the other click was faster
        return rows.get(reference=row.reference), False
    return row, True
