"""Standing behind an idea: counted once for each confirmed address, which is not kept.

Whoever wants to support an idea, or take the support back, gets a letter with a link to a page
with a button. The link holds the hash of the address, signed, so that nothing waits in between.
"""

import datetime

from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.urls import reverse

from programs.following import follow
from programs.mail import may_write_to, post
from programs.models import Idea, OutgoingMail, Subscription, Support
from programs.public_forms import keyed_hash

LINK_DAYS = 7
# As long as somebody may wonder where the letter is.
LETTER_KEPT = datetime.timedelta(days=1)


class NoMoreSupport(Exception):
    """The idea has got its answer, or is not public any more."""


def address_hash(email: str) -> str:
    return keyed_hash(f"support|{email.strip().lower()}")


def signer(idea_pk: int) -> TimestampSigner:
    return TimestampSigner(salt=f"programs.voices.supporting.{idea_pk}")


def token_for(idea: Idea, email: str) -> str:
    return signer(idea.pk).sign(address_hash(email))


def hash_in(token: str, idea_pk: int) -> str | None:
    """None for a link that is not ours or too old."""
    try:
        return signer(idea_pk).unsign(token, max_age=datetime.timedelta(days=LINK_DAYS))
    except BadSignature:
        return None


@transaction.atomic
def ask(
    idea: Idea, email: str, *, follows: bool, reference: str, now: datetime.datetime
) -> OutgoingMail | None:
    """Write the letter with the link; one for each `reference`, which comes from the form.

    None also when the address has had its share of letters today.
    """
    if not idea.takes_support:
        raise NoMoreSupport
    if not may_write_to(email, now):
        return None
    if follows:
        follow.begin(email, idea)
    return post(
        f"support:{idea.pk}:{reference}",
        email,
        "support_confirm",
        {
            "title": idea.title,
            "url": reverse("programs:support_confirm", args=[idea.pk, token_for(idea, email)]),
            "days": LINK_DAYS,
            "follows": follows,
        },
        kept=LETTER_KEPT,
    )


def supports(idea: Idea, hashed: str) -> bool:
    return Support.objects.behind(idea).filter(address_hash=hashed).exists()


@transaction.atomic
def add(idea: Idea, hashed: str, now: datetime.datetime) -> None:
    """Count one person, however often it is done; raises NoMoreSupport.

    Whoever also asked for word about the idea begins to follow it.
    """
    row = Idea.objects.select_for_update(no_key=True, of=("self",)).get(pk=idea.pk)
    if not row.takes_support:
        raise NoMoreSupport
    Support.objects.get_or_create(idea=row, address_hash=hashed)
    if (waiting := following(idea, hashed)) is not None:
        follow.confirm(waiting, now)


@transaction.atomic
def withdraw(idea: Idea, hashed: str) -> None:
    """Also from what is merged with it: they were counted as one."""
    Support.objects.behind(idea).filter(address_hash=hashed).delete()


def following(idea: Idea, hashed: str) -> Subscription | None:
    """How the person with that hash follows the idea, confirmed or not."""
    rows = Subscription.objects.filter(idea=idea)
    return next((row for row in rows if address_hash(row.email) == hashed), None)
