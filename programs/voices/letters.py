"""What the author of a voice is told, and when. Each occasion has its letter in `templates/mail/`.

The verbs in this package call these inside their transaction. Only the first letter goes to an
address that is not confirmed: it holds the link with which the author confirms. Those who follow
an idea are told by the same call, each person once.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programs.mail import post
from programs.models import Action, Idea, Municipality, OutgoingMail, Term, Voice
from programs.models.voices import VoiceState
from programs.vocabulary import words_of
from programs.voices.followers import tell_followers
from programs.voices.kinds import kind_of
from programs.voices.links import author_url


def received(voice: Voice) -> OutgoingMail | None:
    """The receipt: reference, promised reply date, what happens next, the link to confirm."""
    return letter(voice, "received") if voice.author_email else None


def published(voice: Voice) -> OutgoingMail | None:
    """Also when it is shown again after having been hidden."""
    return tell(voice, "published", again=times(voice, "published"))


def refused(voice: Voice) -> OutgoingMail | None:
    """With the rule, the reason, and how to ask for a new look."""
    return tell(voice, "refused", again=times(voice, "refused"))


def hidden(voice: Voice) -> OutgoingMail | None:
    return tell(voice, "hidden", again=times(voice, "hidden"))


def answered(voice: Voice) -> OutgoingMail | None:
    """Also when the answer is changed: each answer has its own letter."""
    number = times(voice, "answered")
    told = {"again": number, "is_changed": number > 1}
    tell_those_who_follow(voice, "answered", **told)
    return tell(voice, "answered", **told)


def answered_together(voice: Voice, other: Voice, number: int) -> OutgoingMail | None:
    """To the author of one that is merged with `other`, which has got its `number`th answer."""
    again, is_changed = f"{other.reference}-{number}", number > 1
    return tell(voice, "answered", about=other, again=again, is_changed=is_changed)


def merged(voice: Voice) -> OutgoingMail | None:
    return tell(voice, "merged", about=voice.merged_into, again=times(voice, "merged"))


def unmerged(voice: Voice) -> OutgoingMail | None:
    """It gets an answer of its own after all."""
    return tell(voice, "unmerged", again=times(voice, "unmerged"))


def split(voice: Voice, parts: Sequence[Voice]) -> OutgoingMail | None:
    """It said several things; each part gets its own answer, and its own letters."""
    titles = [title_of(part) for part in (voice, *parts)]
    return tell(voice, "split", again=times(voice, "split"), titles=titles)


def looked_again(voice: Voice, words: str) -> OutgoingMail | None:
    """What became of the author's request for a new look, when nothing else tells it."""
    return tell(voice, "looked_again", again=times(voice, "handled"), words_on_it=words)


def became_action(voice: Voice, action: Action) -> OutgoingMail | None:
    told = told_of(action)
    tell_those_who_follow(voice, "became_action", **told)
    return tell(voice, "became_action", **told)


def action_completed(voice: Voice, action: Action) -> OutgoingMail | None:
    """Also to the authors of what is merged with it."""
    told = told_of(action)
    tell_those_who_follow(voice, "action_completed", **told)
    for other in type(voice).objects.filter(merged_into=voice):
        tell(other, "action_completed", **told)
    return tell(voice, "action_completed", **told)


def told_of(action: Action) -> dict[str, Any]:
    names = action.responsible.values_list("name", flat=True)
    return {"again": action.pk, "action": action, "responsible": ", ".join(names)}


def times(voice: Voice, kind: str) -> int:
    """How often that has been done with it, this time included, even where no line was written."""
    return max(1, voice.history.filter(kind=kind).count())


def tell_those_who_follow(voice: Voice, occasion: str, **context: Any) -> None:
    """Also those who follow what is merged with it; not the authors, who get their own letters."""
    if not isinstance(voice, Idea):
        return
    ideas = [voice, *Idea.objects.filter(merged_into=voice)]
    authors = {idea.author_email.lower() for idea in ideas if idea.is_reachable}
    tell_followers(ideas, occasion, but=authors, **shown(voice), **context)


def tell(voice: Voice, occasion: str, **context: Any) -> OutgoingMail | None:
    """None when the author cannot be reached."""
    return letter(voice, occasion, **context) if voice.is_reachable else None


def letter(
    voice: Voice,
    occasion: str,
    *,
    about: Voice | None = None,
    again: int | str = 1,
    **context: Any,
) -> OutgoingMail | None:
    """`about` is the voice with the answer, when another one than the author's own.

    `again` tells repeated occasions apart.
    """
    municipality = Municipality.objects.prefetch_related("terms").first() or Municipality()
    noun = noun_of(voice, words_of(municipality))
    return post(
        f"{kind_of(voice)}:{voice.reference}:{occasion}:{again}",
        voice.author_email,
        f"voice_{occasion}",
        {
            "voice": voice,
            "kind": kind_of(voice),
            "noun": noun,
            "yours": yours(noun),
            "title": title_of(voice),
            "own_url": author_url(voice),
            **shown(about or voice),
            **context,
        },
    )


def shown(voice: Voice) -> dict[str, Any]:
    """What letters say of the voice with the answer; its page, if anyone may open it."""
    is_public = voice.state == VoiceState.PUBLISHED
    return {
        "about": voice,
        "about_title": title_of(voice),
        "public_url": voice.get_absolute_url() if is_public else "",
        "takes_support": isinstance(voice, Idea) and voice.takes_support,
    }


def title_of(voice: Voice) -> str:
    """An idea's title, or the first words of a comment."""
    if isinstance(voice, Idea):
        return voice.title
    first = Truncator(" ".join(voice.text.split())).words(8, truncate="…")
    return Truncator(first).chars(80).removesuffix(".")


def noun_of(voice: Voice, words: Mapping[str, Term]) -> Term:
    """What the kind of voice is called: the municipality's own word for an idea."""
    if isinstance(voice, Idea):
        return words[Term.Key.IDEA]
    return Term(singular=_("comment"), definite=_("the comment"))


def yours(noun: Term) -> Promise:
    """ "din idé", "ditt förslag"."""
    if noun.neuter:
        own = pgettext_lazy("before a neuter noun", "your")
    else:
        own = pgettext_lazy("before a common noun", "your")
    return format_lazy("{} {}", own, noun.singular)
