"""What is written when someone wants to take part.

Staff are told that a request waits and where. Who it is and what they write stays on the page,
behind the sign-in: a letter can be forwarded to anyone.
"""

from collections.abc import Iterable

from django.urls import reverse

from programs.mail import post
from programs.models import JoinRequest, OutgoingMail
from programs.public_forms import keyed_hash


def received(request: JoinRequest) -> OutgoingMail | None:
    """The receipt, to the person."""
    return post(
        f"join:{request.reference}:received",
        request.email,
        "join_received",
        {"request": request, "group": request.group},
    )


def waits(request: JoinRequest, to: Iterable[str]) -> None:
    """To whoever is to get in touch. Handed over to another group, it is told there."""
    for address in to:
        post(
            f"join:{request.reference}:waits:{request.group_id or 0}:{keyed_hash(address)[:12]}",
            address,
            "join_waits",
            {
                "request": request,
                "group": request.group,
                "url": reverse("programs_staff:join_request", args=[request.pk]),
            },
        )
