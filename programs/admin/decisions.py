"""Staff pages for deciding bodies and decisions."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedAdmin
from programs.models import DecidingBody, Decision


@admin.register(DecidingBody)
class DecidingBodyAdmin(ScopedAdmin):
    fieldsets = [(None, {"fields": ["name", "slug", "abbreviation", "term_of_office"]})]
    prepopulated_fields = {"slug": ["name"]}
    list_display = ["name", "abbreviation", "term_of_office"]
    search_fields = ["name", "abbreviation"]


@admin.register(Decision)
class DecisionAdmin(ScopedAdmin):
    """Never deleted: others must be able to follow a decision back years later."""

    fieldsets = [
        (None, {"fields": ["title", "program", "body", "decided", "outcome"]}),
        (_("In the minutes"), {"fields": ["section", "case_number", "text", "url"]}),
    ]
    list_display = ["title", "program", "body", "decided", "section", "case_number", "outcome"]
    list_filter = [
        "outcome",
        ("program", admin.RelatedOnlyFieldListFilter),
        ("body", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["program", "body"]
    search_fields = ["title", "section", "case_number"]
