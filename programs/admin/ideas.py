"""Staff pages for the idea list and the planning briefs."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedAdmin, TableInline
from programs.models import BriefItem, Idea, PlanningBrief, ReplyTemplate
from programs.permissions import may_see_author


@admin.register(Idea)
class IdeaAdmin(ScopedAdmin):
    """Where an idea is entered and its details are put right.

    What is done with it – shown or not, reworded, moved, merged, answered – is done on its own
    page in the queue, where it leaves a line in the history and the author is told.
    """

    fieldsets = [
        (None, {"fields": ["page", "reference", "title", "text"]}),
        (
            _("Belongs to"),
            {"fields": ["program", "locality", "clause", "event", "about_action"]},
        ),
        (_("Where"), {"fields": ["position_words", "latitude", "longitude"]}),
        (_("How it came in"), {"fields": ["channel", "received", "promised_on", "case_number"]}),
        (_("Review"), {"fields": ["state", "state_rule", "state_reason"]}),
        (_("Answer"), {"fields": ["outcome", "reply", "replied", "replied_by", "merged_into"]}),
    ]
    author_fieldset = (_("Author"), {"fields": ["author_name", "show_name", "author_email"]})
    # Decided in the queue; and what is there already is moved and reworded there too.
    decided = [
        *["page", "reference", "state", "state_rule", "state_reason"],
        *["outcome", "reply", "replied", "replied_by", "merged_into"],
    ]
    handled = ["title", "text", "program", "locality"]
    autocomplete_fields = ["clause", "event", "about_action"]
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

    @admin.display(description=_("Review and answer"))
    def page(self, obj: Idea) -> str:
        if obj.pk is None:
            return ""
        url = reverse("voices_staff:voice", args=["idea", obj.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Open it in the queue"))

    def get_readonly_fields(self, request: HttpRequest, obj: Idea | None = None) -> list[str]:
        fields = [*super().get_readonly_fields(request, obj), *self.decided]
        return [*fields, *self.handled] if obj else fields

    def get_fieldsets(self, request: HttpRequest, obj: Idea | None = None) -> list:
        """Names and addresses are only for those who answer, and for the registrar."""
        fieldsets = super().get_fieldsets(request, obj)
        roles = (
            self.has_add_permission(request) if obj is None else may_see_author(request.user, obj)
        )
        return [*fieldsets, self.author_fieldset] if roles else fieldsets


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(ScopedAdmin):
    """Beginnings that those who answer choose from; `outcome` says for which answers."""

    fields = ["name", "outcome", "text"]
    list_display = ["name", "outcome"]
    list_filter = ["outcome"]
    search_fields = ["name", "text"]


class BriefItemInline(TableInline):
    """To read: items and answers are put in order on the brief's own page."""

    model = BriefItem
    fields = readonly_fields = ["rank", "idea", "outcome", "answer"]
    extra = 0

    def has_add_permission(self, *_args: Any) -> bool:
        return False

    def has_change_permission(self, *_args: Any) -> bool:
        return False

    def has_delete_permission(self, *_args: Any) -> bool:
        return False


@admin.register(PlanningBrief)
class PlanningBriefAdmin(ScopedAdmin):
    """Where its decision and its note are put right; the rest is done on the brief's own page."""

    fieldsets = [
        (None, {"fields": ["page", "program", "budget_year"]}),
        (_("Status"), {"fields": ["state", "frozen", "handed_over", "decision"]}),
        (_("Background"), {"fields": ["note"]}),
    ]
    decided = ["page", "state", "frozen", "handed_over"]
    kept = ["program", "budget_year"]
    autocomplete_fields = ["decision"]
    list_display = ["program", "budget_year", "state", "handed_over"]
    list_filter = ["state", "budget_year", ("program", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["program"]
    search_fields = ["program__name", "note"]
    inlines = [BriefItemInline]

    @admin.display(description=_("Put together and answer"))
    def page(self, obj: PlanningBrief) -> str:
        if obj.pk is None:
            return ""
        url = reverse("programs_staff:brief", args=[obj.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Open the brief"))

    def get_readonly_fields(
        self, request: HttpRequest, obj: PlanningBrief | None = None
    ) -> list[str]:
        fields = [*super().get_readonly_fields(request, obj), *self.decided]
        return [*fields, *self.kept] if obj else fields
