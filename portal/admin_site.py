"""The staff pages' frame: the desk first, and every register one page away."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(admin.AdminSite):
    site_header = _("Local development – staff pages")
    site_title = _("Staff pages")
    index_title = _("All registers")
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        registers = path("register/", self.admin_view(self.registers), name="registers")
        return [registers, *super().get_urls()]

    def registers(self, request: HttpRequest) -> HttpResponse:
        """Django's own list of all there is to edit."""
        return super().index(request)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # The desk imports models, which are not ready when the site is made.
        from portal.desk.views import desk  # noqa: PLC0415

        return desk(request)
