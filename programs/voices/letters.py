"""What the author of a voice is told, and when. Each occasion has its letter in `templates/mail/`.

The verbs in this package call these inside their transaction. Only the first letter goes to an
address that is not confirmed: it holds the link with which the author confirms.
"""

from typing import Any

from programs.mail import post
from programs.models import Action, OutgoingMail, Voice
from programs.voices.kinds import kind_of
from programs.voices.links import author_url


def received(voice: Voice) -> OutgoingMail | None:
    """The receipt: reference, promised reply date, what happens next, the link to confirm."""
    if not voice.author_email:
        return None
    return letter(voice, "received")


def published(voice: Voice) -> OutgoingMail | None:
    return tell(voice, "published")


def refused(voice: Voice) -> OutgoingMail | None:
    """With the rule, the reason, and how to ask for a new look."""
    return tell(voice, "refused", again=voice.history.filter(kind="refused").count())


def hidden(voice: Voice) -> OutgoingMail | None:
    return tell(voice, "hidden", again=voice.history.filter(kind="hidden").count())


def answered(voice: Voice) -> OutgoingMail | None:
    """Also when the answer is changed: each answer has its own letter."""
    return tell(voice, "answered", again=voice.history.filter(kind="answered").count())


def merged(voice: Voice) -> OutgoingMail | None:
    return tell(voice, "merged", again=voice.history.filter(kind="merged").count())


def became_action(voice: Voice, action: Action) -> OutgoingMail | None:
    return tell(voice, "became_action", again=action.pk, action=action)


def action_completed(voice: Voice, action: Action) -> OutgoingMail | None:
    return tell(voice, "action_completed", again=action.pk, action=action)


def tell(voice: Voice, occasion: str, *, again: int = 1, **context: Any) -> OutgoingMail | None:
    """None when the author cannot be reached. `again` tells repeated occasions apart."""
    return letter(voice, occasion, again=again, **context) if voice.is_reachable else None


def letter(voice: Voice, occasion: str, *, again: int = 1, **context: Any) -> OutgoingMail | None:
    return post(
        f"{kind_of(voice)}:{voice.reference}:{occasion}:{again}",
        voice.author_email,
        f"voice_{occasion}",
        {"voice": voice, "kind": kind_of(voice), "own_url": author_url(voice), **context},
    )
