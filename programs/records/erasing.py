"""Taking away who wrote, when that is no longer needed. What they wrote stays, as a record."""

import datetime
from collections import Counter
from collections.abc import Iterator

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.models import Erasure, Municipality, Outcome, OutgoingMail, Voice, VoiceState
from programs.models.voice_history import VoiceEntry
from programs.records.months import first_kept
from programs.voices.kinds import kind_of, kinds

Kind = VoiceEntry.Kind
# With these a case ends; the last of them counts.
ENDINGS = (Kind.ANSWERED, Kind.MERGED, Kind.REFUSED, Kind.HIDDEN)
OUT_OF_SIGHT = (VoiceState.REFUSED, VoiceState.HIDDEN)


@transaction.atomic
def erase_due_contacts(now: datetime.datetime) -> Counter[str]:
    """Of every voice that has ended longer ago than contact details are kept; how many of each.

    A name that its owner shows stays with the text. May run any number of times.
    """
    municipality = Municipality.objects.first() or Municipality()
    kept_from = first_kept(timezone.localdate(now), municipality.contact_months)
    counts: Counter[str] = Counter()
    for model in kinds().values():
        for voice in over_before(model, kept_from):
            counts["letters"] += take_away(voice, now, keeps_name=voice.show_name)
            counts[kind_of(voice)] += 1
    counts = +counts
    if counts:
        reason = _("Contact details whose time is over")
        Erasure.objects.create(at=now, reason=reason, counts=dict(counts))
    return counts


def take_away(
    voice: Voice,
    now: datetime.datetime,
    *,
    keeps_name: bool = False,
    by: AbstractBaseUser | None = None,
    reason: str = "",
) -> int:
    """Name and address of a locked voice, also from its letters; how many letters there were."""
    if not keeps_name:
        voice.author_name, voice.show_name = "", False
    voice.author_email, voice.contact_erased_on = "", timezone.localdate(now)
    fields = ("author_name", "author_email", "show_name", "contact_erased_on", "updated_at")
    voice.save(update_fields=fields)
    voice.history.create(kind=Kind.CONTACT_ERASED, at=now, by=by, text=reason)
    about = f"{kind_of(voice)}:{voice.reference}:"
    return OutgoingMail.objects.filter(key__startswith=about).forget()


def over_before(model: type[Voice], day: datetime.date) -> Iterator[Voice]:
    """Those whose case ended before that day and whose author can still be reached, locked.

    What is merged has ended when the other has: its author is told of that answer. Where an
    author asks for a new look nothing has ended.
    """
    voices = model._default_manager.with_contact().filter(contact_erased_on=None)
    entries = model._meta.get_field("history").related_model.objects
    asks = entries.filter(kind=Kind.REVIEW_ASKED, needs_attention=True)
    has_ended = Q(state__in=OUT_OF_SIGHT) | (
        Q(state=VoiceState.PUBLISHED)
        & ~Q(outcome="")
        & (Q(merged_into=None) | Q(merged_into__state__in=OUT_OF_SIGHT) | other_is_answered())
    )
    rows = (
        voices.filter(has_ended)
        .exclude(pk__in=asks.values("voice"))
        .annotate(ended_at=last_ending(entries, "pk"))
        .annotate(other_ended_at=last_ending(entries, "merged_into"))
        .select_related("merged_into")
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    )
    for voice in rows:
        ended = [ended_on(voice, voice.ended_at)]
        if voice.merged_into:
            ended.append(ended_on(voice.merged_into, voice.other_ended_at))
        if max(ended) < day:
            yield voice


def other_is_answered() -> Q:
    answered = [outcome for outcome in Outcome.values if outcome != Outcome.MERGED]
    return Q(merged_into__outcome__in=answered)


def last_ending(entries: QuerySet[VoiceEntry], voice: str) -> Subquery:
    found = entries.filter(voice=OuterRef(voice), kind__in=ENDINGS).order_by("-at")
    return Subquery(found.values("at")[:1])


def ended_on(voice: Voice, at: datetime.datetime | None) -> datetime.date:
    """By its history; what was entered with its answer has none, and keeps its own date."""
    if at is not None:
        return timezone.localdate(at)
    if voice.replied and voice.state == VoiceState.PUBLISHED:
        return voice.replied.last
    return timezone.localdate(voice.updated_at)
