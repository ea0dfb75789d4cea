"""Staff pages for documents and photos."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedAdmin, StackInline
from programs.models import Document, Photo


@admin.register(Document)
class DocumentAdmin(ScopedAdmin):
    fieldsets = [
        (None, {"fields": ["title", "kind", "dated", "file", "url"]}),
        (
            _("Belongs to"),
            {"fields": ["program", "locality", "edition", "event", "action", "decision"]},
        ),
        (_("Accessibility"), {"fields": ["is_accessible", "inaccessible_reason"]}),
        (_("Background"), {"fields": ["note"]}),
    ]
    autocomplete_fields = ["edition", "event", "action", "decision"]
    list_display = ["title", "kind", "program", "locality", "dated", "is_accessible"]
    list_filter = [
        "kind",
        "is_accessible",
        ("program", admin.RelatedOnlyFieldListFilter),
        ("locality", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["program", "locality"]
    search_fields = ["title", "note"]


class PhotoInline(StackInline):
    model = Photo
    fields = ["image", "alt", "is_decorative", "caption", "credit", "taken"]
    extra = 0


@admin.register(Photo)
class PhotoAdmin(ScopedAdmin):
    fieldsets = [
        (None, {"fields": ["image", "alt", "is_decorative", "caption", "credit", "taken"]}),
        (_("Belongs to"), {"fields": ["locality", "action", "event"]}),
    ]
    autocomplete_fields = ["action", "event"]
    list_display = ["__str__", "locality", "action", "event", "taken"]
    list_filter = ["is_decorative", ("locality", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["locality", "action", "event"]
    search_fields = ["alt", "caption", "credit"]
