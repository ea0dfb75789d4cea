"""What authors do with their own voice, from the private page that their letters lead to.

`voice` is the one that the author's link opened. Each verb looks it up again under lock by the
address that the link was for: when that has been erased or corrected meanwhile, LinkDied is
raised and nothing is done. Everything may be pressed twice.
"""

import datetime
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from programs.models import Erasure, Voice, VoiceEntry, VoiceState
from programs.records.erasing import take_away
from programs.voices.kinds import kind_of

AnyVoice = TypeVar("AnyVoice", bound=Voice)
Kind = VoiceEntry.Kind
OUT_OF_SIGHT = (VoiceState.REFUSED, VoiceState.HIDDEN)


class LinkDied(Exception):
    """The address that the link was for is not there any more."""


class CannotAsk(Exception):
    """The text says why there is no new look to ask for."""


@transaction.atomic
def confirm(voice: AnyVoice, now: datetime.datetime) -> AnyVoice:
    """The address is the author's: from now on they are told what happens."""
    row = locked(voice)
    if row.email_confirmed_at is None:
        row.email_confirmed_at = now
        save(row, "email_confirmed_at")
        row.history.create(kind=Kind.CONFIRMED, at=now)
    return row


@transaction.atomic
def ask_for_new_look(voice: AnyVoice, text: str, now: datetime.datetime) -> AnyVoice:
    """The author thinks that it should be shown. Once at a time; raises CannotAsk otherwise."""
    row = locked(voice)
    if row.state not in OUT_OF_SIGHT:
        raise CannotAsk(_("There is nothing to look at again: it is not refused or hidden."))
    if before := open_request(row):
        if before.text == text.strip():
            return row
        raise CannotAsk(_("You have asked for that already. We have not looked yet."))
    row.history.create(kind=Kind.REVIEW_ASKED, at=now, text=text.strip(), needs_attention=True)
    return row


@transaction.atomic
def show_name(voice: AnyVoice, now: datetime.datetime, *, shown: bool) -> AnyVoice:
    """Only the name that staff have read can be shown; another one cannot be put there."""
    row = locked(voice)
    if row.author_name and row.show_name != shown:
        row.show_name = shown
        save(row, "show_name")
        said = _("The author shows the name.") if shown else _("The author hides the name.")
        row.history.create(kind=Kind.CORRECTED, at=now, text=said)
    return row


@transaction.atomic
def erase_contact(voice: AnyVoice, now: datetime.datetime) -> AnyVoice:
    """Take away name and address at once, also from letters; the text stays, as a record.

    The link dies with the address, and no more letters are written.
    """
    row = locked(voice)
    counts = {kind_of(row): 1, "letters": take_away(row, now)}
    Erasure.objects.create(at=now, reason=_("The author's own wish"), counts=counts)
    return row


def open_request(voice: Voice) -> VoiceEntry | None:
    """The author's request for a new look, as long as nobody has looked."""
    return voice.history.filter(kind=Kind.REVIEW_ASKED, needs_attention=True).last()


def locked(voice: AnyVoice) -> AnyVoice:
    row = (
        type(voice)
        ._default_manager.select_for_update(no_key=True)
        .filter(pk=voice.pk, author_email=voice.author_email)
        .exclude(author_email="")
        .first()
    )
    if row is None:
        raise LinkDied
    return row


def save(voice: Voice, *fields: str) -> None:
    voice.save(update_fields=[*fields, "updated_at"])
