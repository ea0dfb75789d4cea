"""What the portal holds about one person, and a person's request to correct or erase it.

A person is looked for by e-mail address, by the reference of something that they sent, or by
name. Only an address or a reference points at one person: whoever has the same name may be
somebody else, so nothing is done by name.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.event_filters import containing
from programs.joining.requests import ERASED as ERASED_JOIN
from programs.joining.requests import close
from programs.models import (
    Erasure,
    Idea,
    Inquiry,
    JoinRequest,
    OutgoingMail,
    SignUp,
    Subscription,
    Voice,
    VoiceEntry,
)
from programs.records.erasing import take_away
from programs.sign_ups.erasing import ERASED as ERASED_SIGN_UP
from programs.sign_ups.seats import cancel
from programs.voices.kinds import kinds
from programs.voices.supporting import address_hash

REFERENCE = re.compile(r"[0-9A-Z]{7}")
MOST = 200


def sources() -> dict[str, type[models.Model]]:
    """All that names a person and can be corrected, by its name in addresses."""
    return {**kinds(), "signup": SignUp, "inquiry": Inquiry, "joinrequest": JoinRequest}


def fields_of(model: type[models.Model]) -> dict[str, str]:
    """The fields that hold a person's name and address, as `name` and `email`."""
    if issubclass(model, Voice):
        return {"name": "author_name", "email": "author_email"}
    return {"email": "email"} if model is Inquiry else {"name": "name", "email": "email"}


@dataclass(slots=True)
class Held:
    """`rows` by the name of their source; `is_one_person` when what was asked points at one."""

    asked: str
    is_one_person: bool
    email: str = ""
    rows: dict[str, list[models.Model]] = field(default_factory=dict)
    letters: list[OutgoingMail] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)
    supported: list[Idea] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (any(self.rows.values()) or self.letters or self.subscriptions or self.supported)

    def pairs(self) -> Iterator[tuple[str, models.Model]]:
        for name, rows in self.rows.items():
            for row in rows:
                yield name, row


def held_about(asked: str) -> Held:
    """Everything, whatever its state. By name at most the first rows of each kind."""
    asked = asked.strip()
    by_email = "@" in asked
    by_reference = bool(REFERENCE.fullmatch(asked.upper()))
    found = Held(asked, is_one_person=by_email, email=asked if by_email else "")
    for name, model in sources().items():
        found.rows[name] = list(matching(model, asked, by_email=by_email)[:MOST])
    if by_reference:
        exact = {
            name: list(model._default_manager.filter(reference=asked.upper()))
            for name, model in sources().items()
        }
        if any(exact.values()):
            return Held(asked.upper(), is_one_person=True, rows=exact)
    if by_email:
        found.letters = list(OutgoingMail.objects.filter(to__iexact=asked))
        of_thing = ("program", "locality", "idea")
        found.subscriptions = list(
            Subscription.objects.filter(email__iexact=asked).select_related(*of_thing)
        )
        hashed = address_hash(asked)
        found.supported = list(Idea.objects.filter(supports__address_hash=hashed).order_by("pk"))
    return found


def matching(model: type[models.Model], asked: str, *, by_email: bool) -> models.QuerySet:
    rows, names = model._default_manager.order_by("-pk"), fields_of(model)
    if model is SignUp:
        rows = rows.select_related("event")
    if not asked or (not by_email and "name" not in names):
        return rows.none()
    if by_email:
        return rows.filter(**{f"{names['email']}__iexact": asked})
    return rows.filter(containing(asked, names["name"]))


def as_data(found: Held) -> dict[str, Any]:
    """The extract that the person gets: every field of every row, and its history."""
    return {
        "asked": found.asked,
        "rows": [
            {"what": name, **row_data(row), "history": history_data(row)}
            for name, row in found.pairs()
        ],
        "letters": [row_data(row) for row in found.letters],
        "follows": [
            {"what": str(row), "confirmed": row.confirmed_at} for row in found.subscriptions
        ],
        "supports": [{"reference": row.reference, "title": row.title} for row in found.supported],
    }


# What opens doors (letters hold the author's own links), or is about whoever handled it.
NOT_THE_PERSONS = {"body", "headers", "token", "handled_by", "handled_because", "assigned_to"}


def row_data(row: models.Model) -> dict[str, Any]:
    names = [each.attname for each in row._meta.concrete_fields if each.name not in NOT_THE_PERSONS]
    return {name: plain(getattr(row, name)) for name in names}


def history_data(row: models.Model) -> list[dict[str, Any]]:
    """Without private notes and without what others have said about it."""
    if not isinstance(row, Voice):
        return []
    private = [VoiceEntry.Kind.NOTE, VoiceEntry.Kind.REPORTED]
    entries = row.history.exclude(kind__in=private)
    return [{"at": entry.at, "what": entry.kind, "text": entry.text} for entry in entries]


def plain(value: Any) -> Any:
    simple = (str, int, float, bool, datetime.date, dict, list, type(None))
    return value if isinstance(value, simple) else str(value)


# --- What a person may ask for -------------------------------------------------------------------


class CannotCorrect(Exception):
    """The text says why."""


@transaction.atomic
def correct(
    row: models.Model, said: dict[str, str], *, by: AbstractBaseUser, now: datetime.datetime
) -> bool:
    """Set name and address; False when they were so already.

    A new address of a voice is not confirmed by its owner, and the links to the old one die.
    What still waits to be sent to the old address is not sent.
    """
    model = type(row)
    row = model._default_manager.select_for_update(no_key=True).get(pk=row.pk)
    names = fields_of(model)
    new = {names[key]: said[key] for key in names}
    changed = [name for name, value in new.items() if getattr(row, name) != value]
    if not changed:
        return False
    if getattr(row, "contact_erased_on", None):
        raise CannotCorrect(_("The contact details have been erased."))
    old_email = getattr(row, names["email"])
    for name, value in new.items():
        setattr(row, name, value)
    if isinstance(row, Voice):
        if "author_email" in changed:
            row.email_confirmed_at = None
            changed.append("email_confirmed_at")
        if "author_name" in changed:
            row.show_name = row.show_name and bool(row.author_name)
            changed.append("show_name")
    try:
        row.validate_constraints()
    except ValidationError as error:
        raise CannotCorrect(" ".join(error.messages)) from error
    row.save(update_fields=[*changed, "updated_at"])
    if names["email"] in changed:
        about = Q(key__contains=f":{row.reference}:", to__iexact=old_email)
        OutgoingMail.objects.filter(about).forget()
    if isinstance(row, Voice):
        said_so = _("At the person's own request.")
        row.history.create(kind=VoiceEntry.Kind.CORRECTED, at=now, by=by, text=said_so)
    else:
        counts = {f"corrected_{model._meta.model_name}": 1}
        reason = _("Corrected at the person's own request")
        Erasure.objects.create(at=now, by=by, reason=reason, counts=counts)
    return True


@transaction.atomic
def erase(asked: str, *, by: AbstractBaseUser, reason: str, now: datetime.datetime) -> Counter[str]:
    """Contact details from all that is held about the one person; texts stay.

    Who still has a place at a meeting gives it back, a request to take part is closed, and what
    is followed is followed no more.
    """
    counts: Counter[str] = Counter()
    found = held_about(asked)
    if not found.is_one_person:
        return counts
    for name, seen in found.pairs():
        model = type(seen)
        if model is SignUp:
            cancel(seen, today=timezone.localdate(now))
        row = model._default_manager.select_for_update(no_key=True).get(pk=seen.pk)
        if (gone := erase_row(row, by=by, reason=reason, now=now)) is not None:
            counts[name] += 1
            counts["letters"] += gone
    if found.email:
        counts["letters"] += OutgoingMail.objects.filter(to__iexact=found.email).forget()
        counts["subscriptions"] += stop_following(found.email)
    counts = +counts
    if counts:
        Erasure.objects.create(at=now, by=by, reason=reason, counts=dict(counts))
    return counts


def erase_row(
    row: models.Model, *, by: AbstractBaseUser, reason: str, now: datetime.datetime
) -> int | None:
    """How many letters about it were forgotten; None when there was nothing to take away."""
    today = timezone.localdate(now)
    if isinstance(row, Voice):
        if not (row.author_email or row.author_name):
            return None
        return take_away(row, now, by=by, reason=reason)
    if isinstance(row, SignUp):
        gone, key = ERASED_SIGN_UP, f"sign_up:{row.reference}:"
    elif isinstance(row, Inquiry):
        gone, key = {"email": "", "contact_erased_on": today}, f"inquiry:{row.reference}:"
    else:
        gone, key = {**ERASED_JOIN, "contact_erased_on": today}, f"join:{row.reference}:"
        if row.state != JoinRequest.State.CLOSED:
            row = close(row, _("Erased at the person's own request."), saw=row.state, now=now)
    if not any(getattr(row, name) for name in gone if name != "contact_erased_on"):
        return None
    type(row)._default_manager.filter(pk=row.pk).update(**gone)
    return OutgoingMail.objects.filter(key__startswith=key).forget()


def stop_following(email: str) -> int:
    rows: Q = Q(email__iexact=email)
    return Subscription.objects.filter(rows).delete()[0]


@transaction.atomic
def unfollow(email: str, *, by: AbstractBaseUser, now: datetime.datetime) -> int:
    number = stop_following(email)
    if number:
        reason = _("Follows no more, at the person's own request")
        Erasure.objects.create(at=now, by=by, reason=reason, counts={"subscriptions": number})
    return number
