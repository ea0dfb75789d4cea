"""Photos at the sizes that pages show them in."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.images import get_image_dimensions
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from easy_thumbnails.exceptions import EasyThumbnailsError

from programs.models import IdeaPhoto, Photo
from programs.templatetags.portal_text import when


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo at one size."""

    photo: Photo | IdeaPhoto
    url: str
    width: int
    height: int

    @property
    def caption(self) -> SafeString:
        """What it shows, when, and who took it, as far as known."""
        credit = self.photo.credit and _("Photo: %(name)s") % {"name": self.photo.credit}
        parts = (self.photo.caption, when(self.photo.taken), credit)
        return format_html_join(" · ", "{}", ((part,) for part in parts if part))


def pictures(photos: Iterable[Photo | IdeaPhoto]) -> list[Picture]:
    """Each photo at the width of a page; one whose file is broken is left out."""
    return [picture for photo in photos if (picture := scaled(photo, "page"))]


def first_picture(photos: Iterable[Photo]) -> Picture | None:
    return next((picture for photo in photos if (picture := scaled(photo, "card"))), None)


def scaled(photo: Photo | IdeaPhoto, alias: str) -> Picture | None:
    """None when the file is missing or is no picture."""
    try:
        file = photo.image[alias]
        # Asked of the file: easy-thumbnails would ask the database, once for each picture.
        with file.storage.open(file.name) as opened:
            width, height = get_image_dimensions(opened)
    except (EasyThumbnailsError, OSError, ValueError):
        return None
    return Picture(photo, file.url, width, height) if width and height else None
