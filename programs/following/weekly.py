"""The weekly letter: all that an address follows, in one letter, when something has happened."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from programs.following import news
from programs.following.letters import stop_headers, urls_of
from programs.following.news import News, Scope, Source, Span, midnight
from programs.mail import post
from programs.models import Locality, OutgoingMail, Program, Subscription
from programs.public_forms import keyed_hash

THURSDAY = 3
# So many lines of one kind; the rest is behind the link to the program or the place.
MOST_LINES = 8
HEADINGS = {
    news.DONE: gettext_lazy("Done"),
    news.ACTIONS: gettext_lazy("Going on"),
    news.PROCESS: gettext_lazy("The text is being worked on"),
    news.EVENTS: gettext_lazy("Meetings"),
    news.ANSWERS: gettext_lazy("Answers"),
    news.IDEAS: gettext_lazy("New from residents"),
    news.DOCUMENTS: gettext_lazy("New documents"),
}
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    lines: list[News]
    more: int


@dataclass(frozen=True, slots=True)
class Part:
    """What the letter says of one thing that is followed."""

    name: str
    url: str
    sections: list[Section]


def due(now: datetime.datetime) -> list[Subscription]:
    """Those who have not been told this week, from Thursday on; nobody before that."""
    today = timezone.localdate(now)
    thursday = today - datetime.timedelta(days=today.weekday() - THURSDAY)
    if today < thursday:
        return []
    rows = Subscription.objects.filter(not_told_since(midnight(thursday)))
    return list(rows.filter(idea__isnull=True).select_related("program", "locality"))


def not_told_since(moment: datetime.datetime) -> Q:
    waits = Q(told_until__isnull=True) | Q(told_until__lt=moment)
    return waits & Q(confirmed_at__isnull=False)


def send(now: datetime.datetime, sources: Sequence[Source]) -> tuple[int, int]:
    """Write this week's letters; how many, and to how many addresses there was one to write.

    Each address in a transaction of its own: one that stops following waits for nobody.
    """
    rows = due(now)
    by_address: dict[str, list[Subscription]] = defaultdict(list)
    for row in rows:
        by_address[row.email.lower()].append(row)
    with override(settings.LANGUAGE_CODE):
        told = gather(rows, now, sources)
        letters = [write(each, told, now) for each in by_address.values()]
    return sum(letter is not None for letter in letters), len(letters)


def gather(
    rows: Iterable[Subscription], now: datetime.datetime, sources: Sequence[Source]
) -> dict[Key, list[News]]:
    """All that is new of each thing since its first follower was told: read once for everyone."""
    since: dict[Key, tuple[Program | Locality, datetime.datetime]] = {}
    for row in rows:
        thing = row.program or row.locality
        before = since.get(key_of(row), (thing, now))[1]
        since[key_of(row)] = thing, min(before, told_until(row))
    return {
        key: read(Scope(thing), (moment, now), sources) for key, (thing, moment) in since.items()
    }


def read(scope: Scope, span: Span, sources: Sequence[Source]) -> list[News]:
    found = [line for source in sources for line in source(scope, span)]
    return sorted(found, key=lambda line: line.section)


def key_of(row: Subscription) -> Key:
    return ("program", row.program_id) if row.program_id else ("locality", row.locality_id)


def told_until(row: Subscription) -> datetime.datetime:
    return row.told_until or row.confirmed_at


@transaction.atomic
def write(
    rows: list[Subscription], told: dict[Key, list[News]], now: datetime.datetime
) -> OutgoingMail | None:
    """One letter to one address; None when nothing has happened, or when it has been told."""
    locked = Subscription.objects.select_for_update(of=("self",))
    locked = locked.filter(pk__in=[row.pk for row in rows]).select_related("program", "locality")
    # A place comes after its programs, and does not say again what they have said.
    rows = sorted(locked, key=lambda row: (row.program_id is None, str(row)))
    waiting = [row for row in rows if told_until(row) < now]
    parts = parts_of(waiting, told, now)
    Subscription.objects.filter(pk__in=[row.pk for row in waiting]).update(told_until=now)
    if not parts:
        return None
    first = min(rows, key=lambda row: row.pk)
    year, week, _day = timezone.localdate(now).isocalendar()
    return post(
        f"weekly:{year}-{week}:{keyed_hash(f'weekly|{first.email.lower()}')[:32]}",
        first.email,
        "weekly",
        {
            "parts": parts,
            "names": in_words([part.name for part in parts]),
            "followed": in_words([str(row) for row in rows], most=99),
            **urls_of(first),
        },
        headers=stop_headers(first),
    )


def parts_of(
    rows: list[Subscription], told: dict[Key, list[News]], now: datetime.datetime
) -> list[Part]:
    seen: set[str] = set()
    parts = []
    for row in rows:
        fresh = []
        for line in told.get(key_of(row), []):
            if told_until(row) < line.at <= now and line.key not in seen:
                seen.add(line.key)
                fresh.append(line)
        if fresh:
            thing = row.program or row.locality
            parts.append(Part(str(thing), thing.get_absolute_url(), sections_of(fresh)))
    return parts


def sections_of(lines: list[News]) -> list[Section]:
    return [
        Section(str(HEADINGS[section]), found[:MOST_LINES], max(0, len(found) - MOST_LINES))
        for section, found in (
            (section, list(same)) for section, same in groupby(lines, key=lambda line: line.section)
        )
    ]


def in_words(names: list[str], most: int = 2) -> str:
    """ "Getinge", "Getinge and Kvibille", "Getinge, Kvibille and 3 more"."""
    if len(names) > most:
        shown = {"names": ", ".join(names[:most]), "count": len(names) - most}
        return _("%(names)s and %(count)s more") % shown
    if len(names) < 2:
        return capfirst("".join(names))
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
