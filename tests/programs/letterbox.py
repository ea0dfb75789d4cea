"""Reads the letters that were written, as they lie in the database."""

from programs.models import OutgoingMail


def letters() -> list[tuple[str, str]]:
    """What each letter is about and to whom, in the order they were written.

    "sign_up:K7QX2BD:seated:1" is told as "seated": the test knows the rest.
    """
    rows = OutgoingMail.objects.order_by("pk")
    return [(letter.key.split(":")[2], letter.to) for letter in rows]


def latest() -> OutgoingMail:
    return OutgoingMail.objects.order_by("-pk").first()
