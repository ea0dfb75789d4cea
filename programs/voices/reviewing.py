"""What is done with a voice before and beside answering it: shown or not, reworded.

Everything here is for those who review. `seen` is the voice's `stamp` on their screen; when a
colleague was faster, Stale is raised and nothing is done. Each returns the row as it then is.
"""

import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from programs.models import Rule, VoiceState
from programs.voices import letters
from programs.voices.base import (
    AnyVoice,
    Kind,
    NotPossible,
    locked,
    save,
    settle,
    words_or_refuse,
)


@transaction.atomic
def publish(
    voice: AnyVoice,
    seen: str,
    *,
    by: AbstractBaseUser,
    now: datetime.datetime,
    with_pictures: bool = True,
) -> AnyVoice:
    """Show what was held, or what was refused and has been looked at anew."""
    row = locked(voice, seen)
    if row.state not in {VoiceState.HELD, VoiceState.REFUSED}:
        raise NotPossible(_("Only what waits for review, or was refused, can be published."))
    if not with_pictures:
        keep_pictures_back(row)
    return put_in_public(row, by=by, now=now)


@transaction.atomic
def refuse(
    voice: AnyVoice,
    seen: str,
    *,
    rule: str,
    reason: str,
    by: AbstractBaseUser,
    now: datetime.datetime,
) -> AnyVoice:
    """Never show it. Done again, with a reason that is clearer, when the author has asked."""
    row = locked(voice, seen)
    if row.state not in {VoiceState.HELD, VoiceState.REFUSED}:
        raise NotPossible(_("It is public already: hide it instead."))
    if row.is_merged:
        raise NotPossible(_("It is merged with another: separate them first."))
    put_out_of_sight(row, VoiceState.REFUSED, rule, reason)
    row.history.create(kind=Kind.REFUSED, by=by, at=now, detail=rule, text=row.state_reason)
    letters.refused(row)
    return row


@transaction.atomic
def hide(
    voice: AnyVoice,
    seen: str,
    *,
    rule: str,
    reason: str,
    by: AbstractBaseUser,
    now: datetime.datetime,
) -> AnyVoice:
    """Take what is public out of sight. In its place stands which rule it broke."""
    row = locked(voice, seen)
    if row.state != VoiceState.PUBLISHED:
        raise NotPossible(_("Only what is public can be hidden."))
    put_out_of_sight(row, VoiceState.HIDDEN, rule, reason)
    row.hold_pictures()
    row.history.create(kind=Kind.HIDDEN, by=by, at=now, detail=rule, text=row.state_reason)
    letters.hidden(row)
    return row


@transaction.atomic
def show_again(
    voice: AnyVoice, seen: str, *, by: AbstractBaseUser, now: datetime.datetime
) -> AnyVoice:
    row = locked(voice, seen)
    if row.state != VoiceState.HIDDEN:
        raise NotPossible(_("Only what is hidden can be shown again."))
    return put_in_public(row, by=by, now=now)


@transaction.atomic
def edit(
    voice: AnyVoice,
    seen: str,
    *,
    given: dict[str, str],
    reason: str,
    by: AbstractBaseUser,
    now: datetime.datetime,
) -> AnyVoice:
    """Change the words, for a reason. What first came in is kept, and readers are told.

    `given` holds the new wording of some of the voice's `EDITABLE` fields.
    """
    row = locked(voice, seen)
    reason = words_or_refuse(reason, _("Say why the text is changed."))
    words = {name: words_or_refuse(given[name], _("Leave some text.")) for name in given}
    old = {name: getattr(row, name) for name in row.EDITABLE}
    changed = [name for name in row.EDITABLE if words.get(name, old[name]) != old[name]]
    if not changed:
        raise NotPossible(_("Nothing in the text has been changed."))
    for name in changed:
        setattr(row, name, words[name])
        keep_original(row, name, old[name])
    save(row, *changed, *(f"original_{name}" for name in changed))
    row.history.create(
        kind=Kind.EDITED, by=by, at=now, text=reason, before="\n\n".join(old.values())
    )
    return row


@transaction.atomic
def set_picture(
    voice: AnyVoice,
    picture: int,
    *,
    shown: bool,
    by: AbstractBaseUser,
    now: datetime.datetime,
) -> AnyVoice:
    """Show one picture together with its idea, or keep it back for itself."""
    row = type(voice)._default_manager.select_for_update(no_key=True).get(pk=voice.pk)
    photo = row.photos.filter(pk=picture).first()
    if photo is None:
        raise NotPossible(_("There is no such picture here."))
    if photo.kept_back is not shown:
        return row
    photo.kept_back = not shown
    photo.save(update_fields=["kept_back"])
    if shown and row.state == VoiceState.PUBLISHED:
        photo.show()
    elif not shown:
        photo.hold()
    words = _("The picture is shown.") if shown else _("The picture is held back.")
    row.history.create(kind=Kind.PICTURE, by=by, at=now, text=words)
    return row


# --- Steps of the above, on a row that is locked -------------------------------------------------


def put_in_public(row: AnyVoice, *, by: AbstractBaseUser, now: datetime.datetime) -> AnyVoice:
    row.state, row.state_rule, row.state_reason = VoiceState.PUBLISHED, "", ""
    row.published_at = row.published_at or now
    save(row, "state", "state_rule", "state_reason", "published_at")
    row.show_pictures()
    settle(row, Kind.REVIEW_ASKED)
    row.history.create(kind=Kind.PUBLISHED, by=by, at=now)
    letters.published(row)
    return row


def put_out_of_sight(row: AnyVoice, state: str, rule: str, reason: str) -> None:
    if rule not in Rule.values:
        raise NotPossible(_("Choose which rule it breaks."))
    row.state, row.state_rule = state, rule
    row.state_reason = words_or_refuse(reason, _("Say why. The author is told."))
    save(row, "state", "state_rule", "state_reason")
    settle(row, Kind.REVIEW_ASKED, Kind.REPORTED)


def keep_original(row: AnyVoice, field: str, words: str) -> None:
    """Only the first time: after that what stands there is a wording of ours."""
    if not getattr(row, f"original_{field}"):
        setattr(row, f"original_{field}", words)


def keep_pictures_back(row: AnyVoice) -> None:
    photos = getattr(row, "photos", None)
    if photos is not None:
        photos.update(kept_back=True)
