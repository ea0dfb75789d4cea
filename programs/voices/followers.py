"""Those who follow an idea are told what becomes of it, each time in a letter of its own."""

from collections.abc import Collection
from typing import Any

from programs.following.letters import stop_headers, urls_of
from programs.mail import post
from programs.models import Idea, Subscription


def tell_followers(
    ideas: Collection[Idea],
    occasion: str,
    *,
    but: Collection[str],
    about: Idea,
    again: int | str,
    **context: Any,
) -> int:
    """How many letters were written. `ideas` are `about` and what is merged with it.

    An address that follows several of them gets one letter; one in `but` gets none.
    """
    told, written = set(but), 0
    rows = Subscription.objects.filter(idea__in=ideas, confirmed_at__isnull=False)
    for row in rows.select_related("idea"):
        if row.email.lower() in told:
            continue
        told.add(row.email.lower())
        letter = post(
            f"follower:{row.pk}:{occasion}:{about.reference}:{again}",
            row.email,
            f"idea_{occasion}",
            {"about": about, "title": row.idea.title, **urls_of(row), **context},
            headers=stop_headers(row),
        )
        written += letter is not None
    return written
