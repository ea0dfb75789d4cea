"""Links that only the author of a voice has. They are signed; nothing is stored for them."""

from django.core import signing
from django.urls import reverse

from programs.models import Voice
from programs.voices.kinds import kind_of, kinds

SALT = "programs.voices.author"


def author_token(voice: Voice) -> str:
    """Does not run out: it opens the author's own page, where nothing happens without a button.

    Bound to the address, so that it dies when the contact details are erased or corrected.
    """
    return signing.dumps([kind_of(voice), voice.reference, voice.author_email], salt=SALT)


def voice_of_token(token: str) -> Voice | None:
    """None for a token that is not ours, or no longer valid."""
    try:
        kind, reference, email = signing.loads(token, salt=SALT)
        model = kinds()[kind]
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        return None
    return (
        model.objects.filter(reference=reference, author_email=email)
        .exclude(author_email="")
        .first()
    )


def author_url(voice: Voice) -> str:
    """The author's private page, without host."""
    return reverse("programs:own_voice", args=[author_token(voice)])
