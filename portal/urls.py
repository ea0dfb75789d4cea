from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.static import serve

from portal.views import about, home, how_it_works, search
from portal.views.theme import theme

urlpatterns = [
    path("", home.home, name="home"),
    # First of all: it registers the kind of number that addresses contain.
    path("", include("programs.urls")),
    path("", include("revisions.urls")),
    path("sa-funkar-det/", how_it_works.how_it_works, name="how_it_works"),
    path("sok/", search.search, name="search"),
    path("oppna-data/", about.open_data, name="open_data"),
    path("om/kontakt/", about.contact, name="contact"),
    path("om/tillganglighet/", about.accessibility, name="accessibility"),
    path("om/regler/", about.rules, name="rules"),
    path("om/personuppgifter/", about.privacy, name="privacy"),
    path("tema-<slug:digest>.css", theme, name="theme"),
    path("admin/process/", include("revisions.staff_urls")),
    path("admin/inkommet/ny/", include("revisions.slips_urls")),
    path("admin/inkommet/", include("programs.voices_urls")),
    path("admin/", include("programs.staff_urls")),
    path("admin/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns.append(path("demo/brev/", include("portal.demo_urls")))
if not settings.PRODUCTION:
    # In production the web server in front serves uploaded files: see docs/operations.md.
    urlpatterns.append(
        re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT})
    )

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler500 = "portal.views.errors.server_error"
