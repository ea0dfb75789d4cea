"""Fills in the public forms as a person does, who takes some time over it."""

import datetime
from typing import Any

from django.core import signing
from django.test import Client
from django.utils import timezone

from programs.models.voices import new_reference
from programs.public_forms import STAMP_SALT


def stamp(minutes: float = 1.0, reference: str = "") -> str:
    """Given out that long ago."""
    made = timezone.now() - datetime.timedelta(minutes=minutes)
    return signing.dumps([made.timestamp(), reference or new_reference()], salt=STAMP_SALT)


def send(client: Client, url: str, **fields: Any) -> Any:
    """As a browser would, with a fresh stamp unless one is given."""
    sent = {"stamp": stamp(), "website": ""} | fields
    return client.post(url, {name: value for name, value in sent.items() if value is not None})
