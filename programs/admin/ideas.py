"""Staff pages for the idea list and the planning briefs."""

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedAdmin, TableInline
from programs.models import BriefItem, Idea, PlanningBrief
from programs.permissions import is_registrar


@admin.register(Idea)
class IdeaAdmin(ScopedAdmin):
    """A public record: corrected, refused or hidden, but never deleted."""

    fieldsets = [
        (None, {"fields": ["reference", "title", "text", "original_text"]}),
        (_("Belongs to"), {"fields": ["program", "locality", "clause", "event"]}),
        (_("How it came in"), {"fields": ["channel", "received"]}),
        (_("Review"), {"fields": ["state", "state_reason"]}),
        (
            _("Answer"),
            {
                "fields": [
                    "promised_on",
                    "reply",
                    "replied",
                    "replied_by",
                    "outcome",
                    "outcome_note",
                    "action",
                    "merged_into",
                ]
            },
        ),
    ]
    author_fieldset = (_("Author"), {"fields": ["author_name", "show_name", "author_email"]})
    readonly_fields = ["reference", "original_text"]
    autocomplete_fields = ["clause", "event", "action", "merged_into"]
    list_display = ["title", "program", "locality", "received", "channel", "state", "outcome"]
    list_filter = [
        "state",
        "outcome",
        "channel",
        ("program", admin.RelatedOnlyFieldListFilter),
        ("locality", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["program", "locality"]
    search_fields = ["reference", "title", "text"]

    def get_fieldsets(self, request: HttpRequest, obj: Idea | None = None) -> list:
        """Names and addresses are only for those who answer, and for the registrar."""
        fieldsets = super().get_fieldsets(request, obj)
        handles = self.has_change_permission(request, obj) or is_registrar(request.user)
        return [*fieldsets, self.author_fieldset] if handles else fieldsets

    def save_model(self, request: HttpRequest, obj: Idea, form: ModelForm, change: bool) -> None:
        if change and "text" in form.changed_data and not obj.original_text:
            obj.original_text = form.initial["text"]
        super().save_model(request, obj, form, change)


class BriefItemInline(TableInline):
    model = BriefItem
    fields = ["rank", "idea", "outcome", "answer"]
    autocomplete_fields = ["idea"]


@admin.register(PlanningBrief)
class PlanningBriefAdmin(ScopedAdmin):
    fieldsets = [
        (None, {"fields": ["program", "budget_year"]}),
        (_("Status"), {"fields": ["state", "frozen", "handed_over", "decision"]}),
        (_("Background"), {"fields": ["note"]}),
    ]
    autocomplete_fields = ["decision"]
    list_display = ["program", "budget_year", "state", "handed_over"]
    list_filter = ["state", "budget_year", ("program", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["program"]
    search_fields = ["program__name", "note"]
    inlines = [BriefItemInline]
