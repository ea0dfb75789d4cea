"""Several voices that say one thing, and one voice that says several.

Merging moves nothing: the merged voice keeps its text, its author and those who stand behind it,
leads on to the other, and is counted with it. So it can be separated again.
"""

import copy
import datetime
from collections.abc import Sequence

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.dates import PartialDate
from programs.models import Outcome, Voice, VoiceState
from programs.models.voices import new_reference
from programs.voices import letters
from programs.voices.base import AnyVoice, Kind, NotPossible, locked, save, words_or_refuse
from programs.voices.reviewing import keep_original

MOST_PARTS = 6
REVIEWED = (VoiceState.HELD, VoiceState.PUBLISHED)


@transaction.atomic
def merge(
    voice: AnyVoice,
    seen: str,
    into: AnyVoice,
    *,
    reply: str,
    by: AbstractBaseUser,
    role: str,
    now: datetime.datetime,
) -> AnyVoice:
    """Answer `voice` where `into` is answered. What was held becomes public with that.

    Refused when either is merged already, or others are merged with `voice`: there are no
    chains, so that nobody is sent on from page to page.
    """
    lock_in_order(voice, into)
    row = locked(voice, seen)
    other = type(into)._default_manager.get(pk=into.pk)
    if reason := why_not_merged(row, other):
        raise NotPossible(reason)
    row.reply = words_or_refuse(reply, _("Write to the author why the two belong together."))
    row.outcome, row.merged_into = Outcome.MERGED, other
    row.replied, row.replied_by = PartialDate(timezone.localdate(now)), role
    fields = ["reply", "outcome", "merged_into", "replied", "replied_by"]
    if row.state == VoiceState.HELD:
        row.state, row.published_at = VoiceState.PUBLISHED, now
        fields += ["state", "published_at"]
        row.show_pictures()
        row.history.create(kind=Kind.PUBLISHED, by=by, at=now)
    save(row, *fields)
    row.history.create(kind=Kind.MERGED, by=by, at=now, detail=named(other), text=row.reply)
    letters.merged(row)
    return row


@transaction.atomic
def unmerge(
    voice: AnyVoice, seen: str, *, by: AbstractBaseUser, now: datetime.datetime
) -> AnyVoice:
    """Separate it again. It then waits for an answer of its own, by the day first promised."""
    row = locked(voice, seen)
    if not row.is_merged:
        raise NotPossible(_("It is not merged with another."))
    other = named(row.merged_into)
    row.merged_into, row.outcome, row.reply = None, "", ""
    row.replied, row.replied_by = None, ""
    save(row, "merged_into", "outcome", "reply", "replied", "replied_by")
    row.history.create(kind=Kind.UNMERGED, by=by, at=now, detail=other)
    letters.unmerged(row)
    return row


@transaction.atomic
def split(
    voice: AnyVoice,
    seen: str,
    parts: Sequence[dict[str, str]],
    *,
    by: AbstractBaseUser,
    now: datetime.datetime,
) -> list[AnyVoice]:
    """Make several of one; each is then answered on its own. The voice itself is the first.

    A part holds the wording of the voice's `EDITABLE` fields. The whole text as it came in is
    kept on the first, and each part has the same author, place and promised day.
    """
    row = locked(voice, seen)
    if reason := why_not_split(row):
        raise NotPossible(reason)
    if not 2 <= len(parts) <= MOST_PARTS:
        raise NotPossible(_("Write at least two parts."))
    for part in parts:
        for name in row.EDITABLE:
            words_or_refuse(part[name], _("Every part needs some text."))
    old = {name: getattr(row, name) for name in row.EDITABLE}
    first, *rest = parts
    for name in row.EDITABLE:
        keep_original(row, name, old[name])
        setattr(row, name, first[name].strip())
    save(row, *row.EDITABLE, *(f"original_{name}" for name in row.EDITABLE))
    made = [part_of(row, words) for words in rest]
    row.history.create(
        kind=Kind.SPLIT,
        by=by,
        at=now,
        detail=", ".join(part.reference for part in made),
        before="\n\n".join(old.values()),
    )
    for part in made:
        part.history.create(kind=Kind.RECEIVED, at=now, detail=row.reference)
        if part.state == VoiceState.PUBLISHED:
            part.history.create(kind=Kind.PUBLISHED, by=by, at=now)
    letters.split(row, made)
    return [row, *made]


def lock_in_order(*voices: Voice) -> None:
    """All rows in one order, so that two who merge both ways do not wait for each other."""
    keys = [voice.pk for voice in voices]
    model = type(voices[0])
    rows = model._default_manager.select_for_update(no_key=True).filter(pk__in=keys)
    list(rows.order_by("pk").values_list("pk"))


def why_not_merged(voice: Voice, other: Voice) -> str:
    """Why the one cannot be merged into the other; empty when it can."""
    if voice.pk == other.pk:
        return _("It cannot be merged with itself.")
    if not voice.may_be_merged_with(other):
        return _("They belong to different rounds of comments, and are answered apart.")
    if voice.state not in REVIEWED:
        return _("What is refused or hidden is not merged.")
    if voice.outcome:
        return _("It has its answer already.")
    if voice.merged.exists():
        return _("Others are merged with it. Merge the other way round, or separate them first.")
    if other.is_merged:
        return _("That one is itself merged with another. Choose the one it leads to.")
    if other.state != VoiceState.PUBLISHED:
        return _("That one is not public. Publish it first.")
    return ""


def why_not_split(voice: Voice) -> str:
    if voice.state not in REVIEWED:
        return _("What is refused or hidden is not split.")
    if voice.outcome:
        return _("It has its answer already.")
    return ""


def part_of(row: AnyVoice, words: dict[str, str]) -> AnyVoice:
    part = copy.copy(row)
    part.pk, part._state.adding = None, True
    part.reference, part.split_from = new_reference(), row
    for name in row.EDITABLE:
        setattr(part, name, words[name].strip())
        setattr(part, f"original_{name}", "")
    part.save(force_insert=True)
    return part


def named(voice: Voice) -> str:
    return f"{voice.reference} {voice.heading}"[:200]
