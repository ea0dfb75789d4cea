"""The staff pages' frame."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(admin.AdminSite):
    site_header = _("Local development – staff pages")
    site_title = _("Staff pages")
    index_title = _("What do you want to edit?")
    enable_nav_sidebar = False
