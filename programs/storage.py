"""Where uploaded files lie. What is held never lies where the web server can reach it."""

import secrets
from pathlib import PurePath

from django.core.files.storage import Storage, storages
from django.db.models import Model
from django.utils import timezone


def held_files() -> Storage:
    """Files that only staff may see, through a page that asks who they are."""
    return storages["held"]


def unguessable_name(_row: Model, filename: str) -> str:
    """Says nothing of the file's old name, and cannot be found by trying."""
    ending = PurePath(filename).suffix.lower()[:5]
    return f"voices/{timezone.localdate():%Y}/{secrets.token_urlsafe(16)}{ending}"
