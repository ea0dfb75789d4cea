"""Taking away what is known of those who signed up, once it is no longer needed."""

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from programs.models import Erasure, SignUp

DAYS_AFTER_EVENT = 14
DAYS_UNCONFIRMED = 7
ERASED = {"name": "", "email": "", "needs": ""}


@transaction.atomic
def erase_sign_ups(today: datetime.date) -> int:
    """Names, addresses and needs: after the event, and of those who never confirmed.

    How many people came stays, so that the event's history is whole. May run any number of
    times; how many rows it took something from.
    """
    held = SignUp.objects.exclude(name="", email="", needs="")
    long_ago = today - datetime.timedelta(days=DAYS_AFTER_EVENT)
    over = [row.pk for row in held.select_related("event") if row.event.last_day < long_ago]
    after_event = held.filter(pk__in=over).update(**ERASED)
    waited = today - datetime.timedelta(days=DAYS_UNCONFIRMED)
    never = Q(state=SignUp.State.UNCONFIRMED, updated_at__date__lt=waited)
    unconfirmed = held.filter(never).update(**ERASED, state=SignUp.State.CANCELLED)
    cancelled = held.filter(state=SignUp.State.CANCELLED, updated_at__date__lt=waited)
    gone = cancelled.update(**ERASED)
    counts = {"sign_ups": after_event + gone, "unconfirmed_sign_ups": unconfirmed}
    if any(counts.values()):
        Erasure.objects.create(reason=_("Sign-ups that are no longer needed"), counts=counts)
    return sum(counts.values())
