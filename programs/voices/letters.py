"""What the author of a voice is told, and when. Each occasion has its letter in `templates/mail/`.

The verbs in this package call these inside their transaction. Only the first letter goes to an
address that is not confirmed: it holds the link with which the author confirms.
"""

from collections.abc import Sequence
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
    """Also when it is shown again after having been hidden."""
    return tell(voice, "published", again=voice.history.filter(kind="published").count())


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


def unmerged(voice: Voice) -> OutgoingMail | None:
    """It gets an answer of its own after all."""
    return tell(voice, "unmerged", again=voice.history.filter(kind="unmerged").count())


def answered_together(voice: Voice, other: Voice, number: int) -> OutgoingMail | None:
    """To the author of one that is merged with `other`, which has got its `number`th answer."""
    return tell(voice, "answered_together", again=f"{other.reference}-{number}", other=other)


def split(voice: Voice, parts: Sequence[Voice]) -> OutgoingMail | None:
    """It said several things; each part gets its own answer, and its own letters."""
    again = voice.history.filter(kind="split").count()
    return tell(voice, "split", again=again, parts=parts)


def looked_again(voice: Voice, words: str) -> OutgoingMail | None:
    """What became of the author's request for a new look, when nothing else tells it."""
    again = voice.history.filter(kind="handled").count()
    return tell(voice, "looked_again", again=again, words_on_it=words)


def became_action(voice: Voice, action: Action) -> OutgoingMail | None:
    return tell(voice, "became_action", again=action.pk, action=action)


def action_completed(voice: Voice, action: Action) -> OutgoingMail | None:
    return tell(voice, "action_completed", again=action.pk, action=action)


def tell(
    voice: Voice, occasion: str, *, again: int | str = 1, **context: Any
) -> OutgoingMail | None:
    """None when the author cannot be reached. `again` tells repeated occasions apart."""
    return letter(voice, occasion, again=again, **context) if voice.is_reachable else None


def letter(
    voice: Voice, occasion: str, *, again: int | str = 1, **context: Any
) -> OutgoingMail | None:
    return post(
        f"{kind_of(voice)}:{voice.reference}:{occasion}:{again}",
        voice.author_email,
        f"voice_{occasion}",
        {"voice": voice, "kind": kind_of(voice), "own_url": author_url(voice), **context},
    )
