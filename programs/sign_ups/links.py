"""The link to one's own sign-up. It is signed; nothing is stored for it."""

from django.core import signing
from django.urls import reverse

from programs.models import SignUp

SALT = "programs.sign_ups"


def own_token(row: SignUp) -> str:
    """Bound to the address, so that it dies when the address is erased."""
    return signing.dumps([row.reference, row.email], salt=SALT)


def sign_up_of_token(token: str) -> SignUp | None:
    """None for a token that is not ours, or no longer valid."""
    try:
        reference, email = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = SignUp.objects.filter(reference=reference, email=email).exclude(email="")
    return rows.select_related("event__program", "event__locality").first()


def own_url(row: SignUp) -> str:
    """One's own page, without host. Nothing happens there without a button."""
    return reverse("programs:own_sign_up", args=[own_token(row)])
