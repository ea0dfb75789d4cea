"""Links that only the author of a voice has. They are signed; nothing is stored for them."""

from django.core.signing import Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from programs.models import Voice
from programs.voices.kinds import kind_of, kinds

SALT = "programs.voices.author"


def author_token(voice: Voice) -> str:
    """Does not run out: it opens the author's own page, where nothing happens without a button.

    Bound to the address without containing it, so that no address ends up in the logs of web
    servers, and the link dies when the contact details are erased or corrected.
    """
    named = f"{kind_of(voice)}-{voice.reference}"
    return f"{named}-{Signer(salt=SALT).signature(f'{named}-{voice.author_email}')}"


def voice_of_token(token: str) -> Voice | None:
    """None for a token that is not ours, or no longer valid."""
    kind, _dash, rest = token.partition("-")
    reference = rest.partition("-")[0]
    if kind not in kinds() or not reference.isalnum():
        return None
    voice = kinds()[kind].objects.filter(reference=reference[:7]).exclude(author_email="").first()
    if voice is None or not constant_time_compare(token, author_token(voice)):
        return None
    return voice


def author_url(voice: Voice) -> str:
    """The author's private page, without host."""
    return reverse("programs:own_voice", args=[author_token(voice)])
