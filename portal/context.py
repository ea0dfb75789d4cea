"""What every public page needs: whose portal it is, in which words and colors."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from portal import theme
from programs.current import current


def site(request: HttpRequest) -> dict[str, Any]:
    """Lazy, so that pages which do not show it (the admin, files) do not read the database."""
    here = current(request)
    return {
        "municipality": SimpleLazyObject(lambda: here.municipality),
        "words": SimpleLazyObject(lambda: here.words),
        "theme_url": SimpleLazyObject(
            lambda: reverse("theme", args=[theme.digest(here.municipality.brand_color)])
        ),
        "is_demo": settings.DEMO,
    }
