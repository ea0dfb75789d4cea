"""Entering a slip, and mending it the same day by whoever entered it."""

import datetime
import re
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from programs.models import Idea, Municipality, Rule, Voice, VoiceEntry, VoiceState
from programs.models.voices import new_reference
from programs.voices import letters
from programs.voices.kinds import kinds
from revisions.models import Process
from revisions.permissions import may_review_voice
from revisions.slips.contexts import Context, why_closed

Kind = VoiceEntry.Kind

LONGEST_TITLE = 80
LOOKED_THROUGH = 400
# Two people who read the same handwriting spell a word or two differently.
ALIKE = 0.8
FEWEST_WORDS = 4


class SlipError(Exception):
    """Refused, with the reason in words."""


@transaction.atomic
def enter(
    context: Context,
    said: dict[str, Any],
    *,
    reference: str,
    by: AbstractBaseUser,
    now: datetime.datetime,
) -> Voice:
    """Public at once when the one who enters it may review, since a person has read it; else held.

    The same form sent twice makes one row. An answer is promised from the day that it came in.
    """
    if context.process is not None:
        process = Process.objects.select_for_update(no_key=True).get(pk=context.process.pk)
        if reason := why_closed(process, timezone.localdate(now)):
            raise SlipError(reason)
    if before := made_by(reference):
        if before.history.filter(kind=Kind.RECEIVED, by=by).exists():
            return before
        reference = new_reference()
    voice = context.blank()
    voice.reference = reference
    voice.promised_on = said["received"] + datetime.timedelta(days=reply_days())
    fill(voice, said)
    if may_review_voice(by, voice):
        voice.state, voice.published_at = VoiceState.PUBLISHED, now
    voice.full_clean()
    voice.save()
    voice.history.create(kind=Kind.RECEIVED, at=now, by=by)
    if voice.state == VoiceState.PUBLISHED:
        voice.history.create(kind=Kind.PUBLISHED, at=now, by=by)
    letters.received(voice)
    return voice


@transaction.atomic
def correct(
    voice: Voice, said: dict[str, Any], *, by: AbstractBaseUser, now: datetime.datetime
) -> Voice:
    """Mend what was read or typed wrong. The wording before stays in the history."""
    voice = lock(voice, by=by, now=now)
    before, address = voice.text, voice.author_email
    fill(voice, said)
    voice.promised_on = said["received"] + datetime.timedelta(days=reply_days())
    if voice.author_email != address:
        voice.email_confirmed_at = None
    voice.full_clean()
    voice.save()
    kind = Kind.EDITED if voice.text != before else Kind.CORRECTED
    line = voice.history.create(kind=kind, at=now, by=by, text=before)
    if voice.author_email != address:
        letters.letter(voice, "received", again=line.pk)
    return voice


@transaction.atomic
def take_back(voice: Voice, *, by: AbstractBaseUser, now: datetime.datetime) -> Voice:
    """Entered by mistake: it is no longer public and needs no answer. Taken back, it stays."""
    voice = lock(voice, by=by, now=now)
    if voice.state == VoiceState.REFUSED:
        return voice
    voice.state, voice.state_rule = VoiceState.REFUSED, Rule.TEST
    voice.state_reason = _("Entered by mistake.")
    voice.save(update_fields=["state", "state_rule", "state_reason", "updated_at"])
    voice.history.create(kind=Kind.REFUSED, at=now, by=by, text=voice.state_reason)
    return voice


@transaction.atomic
def put_back(voice: Voice, *, by: AbstractBaseUser, now: datetime.datetime) -> Voice:
    voice = lock(voice, by=by, now=now)
    if voice.state != VoiceState.REFUSED:
        return voice
    publishes = may_review_voice(by, voice)
    voice.state = VoiceState.PUBLISHED if publishes else VoiceState.HELD
    voice.state_rule = voice.state_reason = ""
    voice.published_at = voice.published_at or (now if publishes else None)
    voice.save(update_fields=["state", "state_rule", "state_reason", "published_at", "updated_at"])
    kind = Kind.PUBLISHED if publishes else Kind.NOTE
    voice.history.create(kind=kind, at=now, by=by, text=_("Put back."))
    return voice


def lock(voice: Voice, *, by: AbstractBaseUser, now: datetime.datetime) -> Voice:
    """Refused when it is not the person's own slip of today, or others have begun with it."""
    voice = type(voice).objects.select_for_update(no_key=True, of=("self",)).get(pk=voice.pk)
    mine = voice.history.filter(kind=Kind.RECEIVED, by=by).first()
    if mine is None:
        raise SlipError(_("Someone else entered that slip."))
    if timezone.localdate(mine.at) != timezone.localdate(now):
        raise SlipError(_("It was not entered today. Change it from the list of what has come in."))
    others = voice.history.exclude(kind=Kind.CONFIRMED).exclude(by=by, kind__in=MENDED)
    if voice.outcome or others.exists():
        raise SlipError(_("Someone has begun to work with it. Change it from there."))
    return voice


# What whoever entered a slip does with it on the same day.
MENDED = (
    Kind.RECEIVED,
    Kind.PUBLISHED,
    Kind.EDITED,
    Kind.CORRECTED,
    Kind.REFUSED,
    Kind.NOTE,
)


def entered_today(user: AbstractBaseUser, today: datetime.date, most: int) -> list[Voice]:
    """The latest slips that the person has entered today, newest first."""
    found = [
        line.voice
        for kind in kinds().values()
        for line in lines_of_today(kind, user, today).select_related("voice")[:most]
    ]
    return sorted(found, key=lambda voice: voice.created_at, reverse=True)[:most]


def count_of_today(user: AbstractBaseUser, today: datetime.date) -> int:
    """Those that were taken back do not count."""
    return sum(
        lines_of_today(kind, user, today).exclude(voice__state=VoiceState.REFUSED).count()
        for kind in kinds().values()
    )


def lines_of_today(kind: type[Voice], user: AbstractBaseUser, today: datetime.date) -> Any:
    lines = kind._meta.get_field("history").related_model.objects
    return lines.filter(kind=Kind.RECEIVED, by=user, at__date=today).order_by("-pk")


def fill(voice: Voice, said: dict[str, Any]) -> None:
    """The fields of the form that this kind of voice has."""
    for name, value in said.items():
        if hasattr(voice, name):
            setattr(voice, name, value)
    if isinstance(voice, Idea) and not voice.title:
        voice.title = heading_of(voice.text)


def heading_of(text: str) -> str:
    """The first sentence, shortened between words."""
    first = re.split(r"(?<=[.!?])\s|\n", text.strip(), maxsplit=1)[0].rstrip(".")
    return capfirst(Truncator(first).chars(LONGEST_TITLE))


def alike(context: Context, text: str) -> Voice | None:
    """The latest of those so far that says the same in nearly the same words."""
    words = words_in(text)
    rows = context.so_far().exclude(state=VoiceState.REFUSED).order_by("-pk")
    for voice in rows[:LOOKED_THROUGH]:
        others = words_in(voice.text)
        if words == others:
            return voice
        shared = len(words & others) / len(words | others)
        if len(words) >= FEWEST_WORDS and shared >= ALIKE:
            return voice
    return None


def words_in(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def made_by(reference: str) -> Voice | None:
    rows: Iterable[Voice | None] = (
        kind.objects.filter(reference=reference).first() for kind in kinds().values()
    )
    return next((row for row in rows if row is not None), None)


def reply_days() -> int:
    return (Municipality.objects.first() or Municipality()).reply_days
