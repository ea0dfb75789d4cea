"""Staff pages for the action list."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedAdmin, TableInline
from programs.admin.documents import PhotoInline
from programs.models import Action, ActionUpdate


class ActionUpdateInline(TableInline):
    model = ActionUpdate
    fields = ["dated", "organisation", "answer", "text"]


@admin.register(Action)
class ActionAdmin(ScopedAdmin):
    fieldsets = [
        (None, {"fields": ["title", "program", "locality", "clause", "description"]}),
        (_("Status"), {"fields": ["status", "reason", "completed", "result"]}),
        (_("Time"), {"fields": ["started", "due", "continuous"]}),
        (_("Who"), {"fields": ["responsible", "partners"]}),
        (_("Money"), {"fields": ["budget", "budget_note"]}),
        (_("Quick fix"), {"fields": ["is_quick_fix", "applicant", "applicant_group"]}),
        (_("Background"), {"fields": ["decision", "from_event"]}),
    ]
    autocomplete_fields = [
        "clause",
        "responsible",
        "partners",
        "applicant",
        "applicant_group",
        "decision",
        "from_event",
    ]
    list_display = ["title", "program", "locality", "status", "due", "completed"]
    list_filter = [
        "status",
        "is_quick_fix",
        ("program", admin.RelatedOnlyFieldListFilter),
        ("locality", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["program", "locality"]
    search_fields = ["title", "description"]
    inlines = [ActionUpdateInline, PhotoInline]
