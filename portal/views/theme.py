"""The municipality's colors as a style sheet of their own."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.theme import theme_css
from programs.current import current_municipality


@require_safe
@cache_control(max_age=31_536_000, immutable=True, public=True)
def theme(request: HttpRequest, digest: str) -> HttpResponse:
    """The digest is in the address only so that browsers may keep the file for good."""
    color = current_municipality(request).brand_color
    return HttpResponse(theme_css(color), content_type="text/css; charset=utf-8")
