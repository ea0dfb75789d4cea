"""How one begins to follow something, and stops. Of whoever stops nothing is kept."""

import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from programs.following.letters import urls_of
from programs.mail import may_write_to, post
from programs.models import Idea, Locality, OutgoingMail, Program, Subscription

Thing = Program | Locality | Idea
# After that an address that nobody has confirmed is removed.
UNCONFIRMED_DAYS = 7
# The keys of the letters that only followers get.
LETTERS = ("follow:", "follower:", "weekly:")
IN_WEEKLY = Q(idea__isnull=True)


def begin(email: str, thing: Thing) -> Subscription:
    """The row that makes the address follow the thing once it is confirmed; there is only one."""
    of = {thing._meta.model_name: thing}
    rows = Subscription.objects.filter(email__iexact=email, **of)
    if found := rows.first():
        return found
    try:
        with transaction.atomic():
            return Subscription.objects.create(email=email, **of)
    except IntegrityError:  # another request was faster
        return rows.get()


@transaction.atomic
def ask(email: str, thing: Thing, *, reference: str, now: datetime.datetime) -> OutgoingMail | None:
    """Write the letter with the link to the follower's own page; one for each `reference`.

    Whoever follows it already gets the same link again: that is how one finds back. None also
    when the address has had its share of letters today.
    """
    if not may_write_to(email, now):
        return None
    row = begin(email, thing)
    return post(
        f"follow:{row.pk}:{reference}",
        row.email,
        "follow_link" if row.confirmed_at else "follow_confirm",
        {"thing": str(row), "days": UNCONFIRMED_DAYS, **urls_of(row)},
    )


def confirm(row: Subscription, now: datetime.datetime) -> None:
    """It counts from now on, and the weekly letter tells of what happens after this."""
    waiting = Subscription.objects.filter(pk=row.pk, confirmed_at__isnull=True)
    waiting.update(confirmed_at=now, told_until=now)
    row.refresh_from_db()


@transaction.atomic
def add(row: Subscription, thing: Thing, now: datetime.datetime) -> None:
    """One more thing, for an address that is confirmed: `row` is what its owner's link opened."""
    confirm(begin(row.email, thing), now)


def of_same_address(row: Subscription) -> list[Subscription]:
    """All that the address follows or waits to follow, programs and places first."""
    rows = Subscription.objects.filter(email__iexact=row.email)
    rows = rows.select_related("program", "locality", "idea")
    return sorted(rows, key=lambda each: (each.idea_id is not None, str(each).lower()))


@transaction.atomic
def stop(rows: list[Subscription]) -> None:
    """`rows` are of one address. With the last one everything that was sent to it goes as well."""
    email = rows[0].email
    Subscription.objects.filter(pk__in=[row.pk for row in rows]).delete()
    if not Subscription.objects.filter(email__iexact=email).exists():
        ours = Q.create([("key__startswith", start) for start in LETTERS], connector=Q.OR)
        OutgoingMail.objects.filter(ours, to__iexact=email).forget()


def stop_letter(row: Subscription) -> None:
    """Stop the letter that has this row's link: that about an idea, or the weekly one."""
    rows = [row]
    if row.idea_id is None:
        rows = list(Subscription.objects.filter(IN_WEEKLY, email__iexact=row.email))
    stop(rows)


def purge_unconfirmed(now: datetime.datetime) -> int:
    """How many addresses were removed that nobody has confirmed in time."""
    limit = now - datetime.timedelta(days=UNCONFIRMED_DAYS)
    old = Subscription.objects.filter(confirmed_at__isnull=True, created_at__lt=limit)
    return old.delete()[0]
