"""Staff pages for meetings and other events."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedAdmin, TableInline
from programs.admin.documents import PhotoInline
from programs.models import AgeGroup, Event


class AgeGroupInline(TableInline):
    model = AgeGroup
    fields = ["from_age", "to_age", "participants"]


@admin.register(Event)
class EventAdmin(ScopedAdmin):
    fieldsets = [
        (None, {"fields": ["title", "kind", "program", "locality", "group"]}),
        (
            _("When and where"),
            {"fields": ["date", "until", "starts", "ends", "place", "open_to_all", "is_cancelled"]},
        ),
        (_("Beforehand"), {"fields": ["description", "agenda"]}),
        (_("Afterwards"), {"fields": ["participants", "participants_note", "notes"]}),
    ]
    autocomplete_fields = ["group"]
    list_display = ["title", "kind", "program", "locality", "date", "is_cancelled"]
    list_filter = [
        "kind",
        "is_cancelled",
        ("program", admin.RelatedOnlyFieldListFilter),
        ("locality", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["program", "locality"]
    search_fields = ["title", "place"]
    inlines = [AgeGroupInline, PhotoInline]
