"""The link to one's own sign-up. It is signed; nothing is stored for it."""

from django.core.signing import Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from programs.models import SignUp

SALT = "programs.sign_ups"


def own_token(row: SignUp) -> str:
    """Always the same. Bound to the address without holding it: it dies when that is erased."""
    return f"{row.reference}-{signature(row)}"


def sign_up_of_token(token: str) -> SignUp | None:
    """None for a token that is not ours, or no longer valid."""
    reference = token.partition("-")[0].replace("\x00", "")
    rows = SignUp.objects.filter(reference=reference).exclude(email="")
    row = rows.select_related("event__program", "event__locality").first()
    return row if row and constant_time_compare(token, own_token(row)) else None


def signature(row: SignUp) -> str:
    return Signer(salt=SALT).signature(f"{row.reference}|{row.email}")


def own_url(row: SignUp) -> str:
    """One's own page, without host. Nothing happens there without a button."""
    return reverse("programs:own_sign_up", args=[own_token(row)])
