"""What the verbs share: the row under lock as someone has seen it, and what they refuse with."""

import datetime
from typing import TypeVar

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.models import Program, Voice, VoiceEntry

AnyVoice = TypeVar("AnyVoice", bound=Voice)

Kind = VoiceEntry.Kind
# What changes nothing that a colleague sees.
ASIDES = (Kind.NOTE, Kind.REPORTED, Kind.CONFIRMED, Kind.REVIEW_ASKED, Kind.HANDLED)


class VoiceError(Exception):
    """Nothing was done. The text says why, to the person who tried."""


class NotPossible(VoiceError):
    """It cannot be done with this voice, as it stands or at all."""


class Stale(VoiceError):
    """A colleague has done something since the page was shown."""


def locked(voice: AnyVoice, seen: str) -> AnyVoice:
    """The row as it is now, locked until the transaction ends. Raises Stale unless it is as seen.

    `seen` is the voice's `stamp` on the user's screen.
    """
    row = type(voice)._default_manager.select_for_update(no_key=True).get(pk=voice.pk)
    if row.stamp != seen:
        raise Stale(who_was_faster(row))
    return row


def who_was_faster(voice: Voice) -> str:
    """What was done last, by whom and when, as far as the history tells."""
    last = voice.history.exclude(kind__in=ASIDES).select_related("by").last()
    if last is None or last.by is None:
        return _("Someone else was faster. The page shows how it stands now.")
    at = timezone.localtime(last.at)
    today = timezone.localdate()
    when = date_format(at, "H.i" if at.date() == today else "j F Y, H.i")
    return _("%(person)s was faster (%(time)s): %(what)s. The page shows how it stands now.") % {
        "person": last.by,
        "time": when,
        "what": last.get_kind_display(),
    }


def save(voice: Voice, *fields: str) -> None:
    voice.save(update_fields=[*fields, "updated_at"])


def settle(voice: Voice, *kinds: str) -> None:
    """What was asked for has been decided by what is now done."""
    voice.history.filter(kind__in=kinds, needs_attention=True).update(needs_attention=False)


def words_or_refuse(text: str, refusal: str) -> str:
    """The text without space around it; raises NotPossible when nothing is left."""
    if not text.strip():
        raise NotPossible(refusal)
    return text.strip()


def where(voice: Voice) -> str:
    """The program or the place that it concerns, by name."""
    place: Program | object = voice.of_program or voice.of_place
    return str(place) if place else _("the whole municipality")


def days_since(voice: Voice, today: datetime.date) -> int | None:
    """How long ago it came in; None when that is not known to the day."""
    received = voice.received
    return (today - received.first).days if received else None
