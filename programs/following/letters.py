"""What every letter to a follower has: the way to their own page, and the way to stop."""

from django.conf import settings
from django.urls import reverse

from programs.models import Subscription


def urls_of(row: Subscription) -> dict[str, str]:
    """The follower's own page and the page on which one stops, without host."""
    return {
        "own_url": reverse("programs:followed", args=[row.token]),
        "stop_url": reverse("programs:unfollow", args=[row.token]),
    }


def stop_headers(row: Subscription) -> dict[str, str]:
    """One press on the mailbox's own button stops it (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{settings.SITE_URL}{urls_of(row)['stop_url']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
