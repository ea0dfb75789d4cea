"""Telling those whose voices led to an action that it is done, whatever way that was recorded."""

import datetime

from django.core.exceptions import FieldDoesNotExist
from django.db import transaction
from django.db.models import Exists, OuterRef

from programs.models import Action, Voice, VoiceEntry
from programs.voices import letters
from programs.voices.kinds import kinds

# Longer than the daily run may have been missed; nobody is told twice.
LATELY = datetime.timedelta(days=7)
ANSWERS = (VoiceEntry.Kind.ANSWERED, VoiceEntry.Kind.PROMOTED)


@transaction.atomic
def tell_of_completed(now: datetime.datetime) -> int:
    """How many voices' actions were completed lately. See `ActionQuerySet.notice_statuses`."""
    voices = [voice for model in kinds().values() for voice in completed(model, now)]
    for voice in voices:
        letters.action_completed(voice, voice.action)
    return len(voices)


def completed(model: type[Voice], now: datetime.datetime) -> list[Voice]:
    """Not those who got their answer after it was done: that has told them."""
    try:
        model._meta.get_field("action")
    except FieldDoesNotExist:
        return []
    told = model._meta.get_field("history").related_model.objects.filter(
        voice=OuterRef("pk"), kind__in=ANSWERS, at__gte=OuterRef("action__status_changed_at")
    )
    done = model._default_manager.filter(
        action__status=Action.Status.COMPLETED, action__status_changed_at__gt=now - LATELY
    )
    return list(done.exclude(Exists(told)).select_related("action__program").order_by("pk"))
