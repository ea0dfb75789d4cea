"""Makes the demo look as after some months of use, and writes the letters of that time."""

import datetime

from django.db import transaction
from django.db.models import F, Q

from portal import daily
from programs.dates import day
from programs.following import weekly
from programs.following.follow import begin, confirm
from programs.following.news import midnight
from programs.models import (
    Action,
    ActionUpdate,
    Document,
    Event,
    Idea,
    Outcome,
    Program,
    Subscription,
    VoiceState,
)
from programs.voices import letters

FOLLOWER = "foljare@demo.example"
LONG_AGO = datetime.timedelta(days=120)
LATELY = datetime.timedelta(days=21)
WEEK = datetime.timedelta(days=7)


@transaction.atomic
def write(now: datetime.datetime) -> None:
    """Once, after loading. The loaded rows get the age that their dates say they have."""
    if Subscription.objects.filter(email=FOLLOWER).exists():
        return
    age(now)
    for idea in Idea.objects.exclude(author_email="").order_by("pk"):
        tell(idea)
    follow(now)


def age(now: datetime.datetime) -> None:
    """Loaded just now, everything would be news; what happened lately is what has late dates."""
    lately, then = day((now - LATELY).date()), now - LONG_AGO
    for model in (Action, Event, Document):
        model.objects.update(created_at=then)
    yesterday = now - datetime.timedelta(days=1)
    for idea in Idea.objects.filter(received__isnull=False):
        came = min(midnight(idea.received.first), yesterday)
        is_public = idea.state == VoiceState.PUBLISHED
        Idea.objects.filter(pk=idea.pk).update(
            created_at=came, published_at=min(came + WEEK, yesterday) if is_public else None
        )
    ActionUpdate.objects.update(created_at=then)
    ActionUpdate.objects.filter(dated__gte=lately).update(created_at=yesterday)
    Action.objects.update(status_seen=F("status"), status_changed_at=None)
    done = Action.objects.filter(status=Action.Status.COMPLETED, completed__gte=lately)
    done.update(status_changed_at=yesterday)


def tell(idea: Idea) -> None:
    """Every letter that its author would have got so far."""
    letters.received(idea)
    if idea.state == VoiceState.REFUSED:
        letters.refused(idea)
    elif idea.state == VoiceState.HIDDEN:
        letters.hidden(idea)
    elif idea.state == VoiceState.PUBLISHED:
        letters.published(idea)
        if idea.outcome == Outcome.MERGED:
            letters.merged(idea)
        elif idea.outcome:
            letters.answered(idea)
        if idea.action and idea.action.status == Action.Status.COMPLETED:
            letters.action_completed(idea, idea.action)


def follow(now: datetime.datetime) -> None:
    """Someone follows two programs and their places, and gets this week's letter."""
    running = Program.objects.running().order_by("pk")
    lately = Q(actions__status_changed_at__isnull=False) | Q(processes__is_open=True)
    for program in running.filter(lately).distinct()[:2] or running[:2]:
        confirm(begin(FOLLOWER, program), now - WEEK)
        confirm(begin(FOLLOWER, program.locality), now - WEEK)
    rows = list(Subscription.objects.filter(email=FOLLOWER))
    told = weekly.gather(rows, now, daily.NEWS)
    weekly.write(rows, told, now)
    confirm(begin("nyfiken@demo.example", running[0].locality), now)
