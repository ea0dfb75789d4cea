"""A picture on its way in: looked at, drawn anew and held, until what it belongs to is sent.

A form that comes back loses its file field in every browser. So the picture is kept at once, and
the form carries a signed mark of it. Nobody but whoever has that mark can see the draft.
"""

import datetime
import secrets
from functools import partial
from io import BytesIO

from django import forms
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from programs.public_forms import LONGEST_HOURS
from programs.storage import held_files

SALT = "programs.saying.pictures"
FOLDER = "drafts"
LONGEST_SIDE = 2000
MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
ACCEPTED = "image/jpeg,image/png,image/webp,image/gif"


def take_in(upload: UploadedFile) -> str:
    """Keep an uploaded picture as a draft, and return its mark.

    Raises ValidationError for what is no picture, whatever its name says, or is too large.
    """
    name = held_files().save(f"{FOLDER}/{secrets.token_urlsafe(16)}.jpg", drawn_anew(upload))
    return signing.dumps(name, salt=SALT)


def drawn_anew(upload: UploadedFile) -> ContentFile:
    """Upright, at most 2,000 pixels wide or high, and with nothing but the picture in the file."""
    if upload.size > MOST_BYTES:
        raise forms.ValidationError(_("The picture is larger than 15 MB. Choose a smaller one."))
    try:
        with Image.open(upload, formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > MOST_PIXELS or max(width, height) > 100 * min(width, height):
                raise forms.ValidationError(
                    _("The picture has too many pixels, or is a mere line. Choose another one.")
                )
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise forms.ValidationError(
            _("That is not a picture that we can open. Choose one in JPEG, PNG, WebP or GIF.")
        ) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A new picture has none of what was written in the old one, such as place and telephone.
    plain = Image.new("RGB", upright.size, "white")
    plain.paste(upright, mask=upright)
    written = BytesIO()
    plain.save(written, "JPEG", quality=85, optimize=True)
    return ContentFile(written.getvalue())


def draft_of(mark: str) -> ContentFile | None:
    """The draft with that mark; None when it is forged, too old or gone."""
    try:
        name = signing.loads(mark, salt=SALT, max_age=LONGEST_HOURS * 3600)
    except signing.BadSignature:
        return None
    try:
        with held_files().open(name) as file:
            return ContentFile(file.read(), name="picture.jpg")
    except FileNotFoundError:
        return None


def forget_drafts(now: datetime.datetime) -> int:
    """Remove the drafts that no form can ask for any more; how many there were.

    The files go when the transaction is kept, so that a dry run leaves them.
    """
    storage, gone = held_files(), 0
    if not storage.exists(FOLDER):
        return 0
    for name in storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        age = now - storage.get_modified_time(path)
        if age > datetime.timedelta(hours=LONGEST_HOURS):
            transaction.on_commit(partial(storage.delete, path))
            gone += 1
    return gone
