"""What staff do around a voice: move it, hand it to someone, note something, look at reports."""

import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.models import Rule, VoiceEntry, VoiceState
from programs.permissions import people_who_review
from programs.voices import letters
from programs.voices.base import (
    AnyVoice,
    Kind,
    NotPossible,
    Stale,
    locked,
    save,
    where,
    who_was_faster,
    words_or_refuse,
)


@transaction.atomic
def move(
    voice: AnyVoice, seen: str, *, to: str, by: AbstractBaseUser, now: datetime.datetime
) -> AnyVoice:
    """To another program, place or piece of a text: `to` is a key from `voice.destinations()`.

    Whoever it was assigned to may have nothing to do with it there.
    """
    row = locked(voice, seen)
    if reason := row.why_it_stays:
        raise NotPossible(reason)
    if row.merged.exists():
        raise NotPossible(_("Others are merged with it: separate them first."))
    before, old = where(row), row.of_program
    try:
        fields = row.put_at(to)
    except (LookupError, ValueError, OverflowError, ObjectDoesNotExist):
        raise NotPossible(_("Choose one of the places in the list.")) from None
    if row.of_program != old:
        row.assigned_to = None
    save(row, *fields, "assigned_to")
    row.history.create(kind=Kind.MOVED, by=by, at=now, detail=f"{before} → {where(row)}"[:200])
    return row


@transaction.atomic
def assign(
    voice: AnyVoice,
    seen: str,
    *,
    to: AbstractBaseUser | None,
    by: AbstractBaseUser,
    now: datetime.datetime,
) -> AnyVoice:
    """Say who takes care of it; None for nobody in particular."""
    row = locked(voice, seen)
    if to is not None and to not in people_who_review(row, timezone.localdate(now)):
        raise NotPossible(_("Choose someone who may review it."))
    if row.assigned_to != to:
        row.assigned_to = to
        save(row, "assigned_to")
        name = str(to) if to else _("nobody in particular")
        row.history.create(kind=Kind.ASSIGNED, by=by, at=now, detail=name[:200])
    return row


@transaction.atomic
def add_note(
    voice: AnyVoice, *, text: str, key: str, by: AbstractBaseUser, now: datetime.datetime
) -> None:
    """For colleagues only. The same form sent twice makes one note."""
    text = words_or_refuse(text, _("Write the note first."))
    type(voice)._default_manager.select_for_update(no_key=True).get(pk=voice.pk)
    if not (key and voice.history.filter(key=key).exists()):
        voice.history.create(kind=Kind.NOTE, by=by, at=now, text=text, key=key)


@transaction.atomic
def report(
    voice: AnyVoice, *, rule: str, text: str, key: str, now: datetime.datetime
) -> VoiceEntry | None:
    """A reader thinks that it breaks a rule. Once for each `key`; None when it is not public."""
    row = type(voice)._default_manager.select_for_update(no_key=True).get(pk=voice.pk)
    if row.state != VoiceState.PUBLISHED:
        return None
    if rule not in Rule.values:
        raise NotPossible(_("Choose which rule it breaks."))
    if before := row.history.filter(key=key).first():
        return before
    return row.history.create(
        kind=Kind.REPORTED, at=now, detail=rule, text=text.strip(), key=key, needs_attention=True
    )


@transaction.atomic
def handle(
    voice: AnyVoice, entry: int, *, words: str, by: AbstractBaseUser, now: datetime.datetime
) -> AnyVoice:
    """Say what a report, or an author's request for a new look, has led to.

    The author who asked is told the same words; whoever reported left no address.
    """
    row = type(voice)._default_manager.select_for_update(no_key=True).get(pk=voice.pk)
    asked = row.history.filter(pk=entry).first()
    if asked is None:
        raise NotPossible(_("There is no such line in the history."))
    if not asked.needs_attention:
        raise Stale(who_was_faster(row))
    words = words_or_refuse(words, _("Say what you came to."))
    asked.needs_attention = False
    asked.save(update_fields=["needs_attention"])
    row.history.create(
        kind=Kind.HANDLED, by=by, at=now, detail=asked.get_kind_display(), text=words
    )
    if asked.kind == Kind.REVIEW_ASKED:
        letters.looked_again(row, words)
    return row
