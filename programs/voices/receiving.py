"""How a voice comes in: saved once, held for a person to read, and its author told when."""

import datetime
import re
from collections.abc import Collection
from typing import TypeVar

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import Truncator, capfirst

from programs.dates import PartialDate
from programs.models import (
    IdeaPhoto,
    Municipality,
    OutgoingMail,
    Voice,
    VoiceEntry,
    VoiceState,
)
from programs.models.voices import new_reference
from programs.public_forms import count_today
from programs.voices import letters
from programs.voices.kinds import kind_of, kinds
from programs.voices.weighing import count_alike, weigh

LONGEST_TITLE = 80
MOST_RECEIPTS = 10
FEWEST_WORDS = 3

AnyVoice = TypeVar("AnyVoice", bound=Voice)


@transaction.atomic
def receive(
    voice: AnyVoice,
    municipality: Municipality,
    now: datetime.datetime,
    *,
    oddities: Collection[str] = (),
    picture: File | None = None,
    alt: str = "",
) -> AnyVoice:
    """Keep what has been sent in, once for each reference however often it is sent.

    `voice` is new and not saved; its reference comes from the form's stamp. Returned is the row
    that now exists, which an earlier sending of the same form may have made. It is held; only
    where the municipality shows things before it reads them, and nothing was noticed, is it
    published. `picture` and `alt` are for ideas.
    """
    if before := sent_before(voice):
        return before
    today = timezone.localdate(now)
    voice.received = PartialDate(today)
    voice.promised_on = today + datetime.timedelta(days=municipality.reply_days)
    try:
        with transaction.atomic():
            alike = count_alike(voice.text, now)
            voice.held_because = weigh(
                voice.text, oddities, has_picture=picture is not None, alike=alike
            )
            if not municipality.review_first and not voice.held_because:
                voice.state, voice.published_at = VoiceState.PUBLISHED, now
            voice.full_clean(validate_unique=False)
            voice.save(force_insert=True)
    except IntegrityError:
        # Another sending of the same form was faster.
        faster = type(voice).objects.filter(reference=voice.reference).first()
        if faster is None:
            raise
        return faster
    if picture is not None:
        photo = IdeaPhoto(idea=voice, alt=alt)
        photo.held.save(picture.name, picture, save=False)
        photo.save()
    voice.history.create(kind=VoiceEntry.Kind.RECEIVED, at=now)
    if voice.state == VoiceState.PUBLISHED:
        voice.history.create(kind=VoiceEntry.Kind.PUBLISHED, at=now)
    if "trap" not in oddities and may_be_written_to(voice.author_email, now):
        letters.received(voice)
    return voice


def sent_before(voice: AnyVoice) -> AnyVoice | None:
    """The row that the same form has made; its reference is free again for another text.

    Someone who goes back, writes something else and sends that has said two things.
    """
    for kind in kinds().values():
        row = kind.objects.filter(reference=voice.reference).first()
        if row is None:
            continue
        if isinstance(row, type(voice)) and voice.text in {row.text, row.original_text}:
            return row
        voice.reference = new_reference()
    return None


def may_be_written_to(address: str, now: datetime.datetime) -> bool:
    """Whether the address gets a receipt: nobody shall have a hundred because a machine gave it."""
    if not address:
        return False
    return count_today(f"receipt|{address.lower()}", now) <= MOST_RECEIPTS


def was_written_to(voice: Voice) -> bool:
    """Whether a receipt has been written to the author."""
    return OutgoingMail.objects.filter(
        key__startswith=f"{kind_of(voice)}:{voice.reference}:"
    ).exists()


def title_of(text: str) -> str:
    """A title for a text that came without one: its first sentence that says something.

    "Hej!" does not; what is long is shortened between words.
    """
    sentences = [part.strip() for part in re.split(r"(?<=[.!?…])\s+|\n+", text) if part.strip()]
    telling = (part for part in sentences if len(part.split()) >= FEWEST_WORDS)
    first = next(telling, " ".join(text.split()))
    if first.endswith(".") and not first.endswith(".."):
        first = first[:-1]
    return capfirst(Truncator(first).chars(LONGEST_TITLE))
