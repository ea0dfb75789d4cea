"""Staff pages for programs and their texts."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import BaseInlineFormSet, Field
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedAdmin, TableInline
from programs.admin.forms import LimitedForm
from programs.models import Clause, Edition, Program

LOCKED = _("An adopted edition never changes. Start a revision to change the program.")


def saying_why(fieldsets: list, *, locked: bool) -> list:
    """With a line about the lock above the first fields of a locked text."""
    if not locked:
        return fieldsets
    (name, options), *others = fieldsets
    return [(name, {**options, "description": LOCKED}), *others]


@admin.register(Program)
class ProgramAdmin(ScopedAdmin):
    fieldsets = [
        (None, {"fields": ["locality", "name", "slug", "tagline", "summary"]}),
        (_("Status"), {"fields": ["status", "started", "ended", "ended_note"]}),
        (_("Contact"), {"fields": ["responsible_function", "contact_email"]}),
    ]
    prepopulated_fields = {"slug": ["name"]}
    list_display = ["name", "locality", "status", "started"]
    list_filter = ["status"]
    list_select_related = ["locality"]
    search_fields = ["name", "locality__name"]


class ClauseRowForm(LimitedForm):
    edition: Edition | None = None

    def _limit(self, name: str, field: Field) -> None:
        if name == "parent":
            field.queryset = field.queryset.filter(edition=self.edition)
        super()._limit(name, field)


class ClauseRows(BaseInlineFormSet):
    def clean(self) -> None:
        """Striking a clause takes what stands under it along: never without being told."""
        super().clean()
        struck = {form.instance.pk for form in self.deleted_forms}
        for form in self.forms:
            parent = form.cleaned_data.get("parent") if form.is_valid() else None
            if parent and parent.pk in struck and form not in self.deleted_forms:
                form.add_error("parent", _("This one is to be deleted. Choose another."))


class ClauseInline(TableInline):
    model = Clause
    form = ClauseRowForm
    formset = ClauseRows
    fields = ["position", "level", "parent", "slug", "heading", "text"]
    show_change_link = True

    def get_formset(
        self, request: HttpRequest, obj: Edition | None = None, **kwargs: Any
    ) -> type[BaseInlineFormSet]:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.edition = obj
        return formset


@admin.register(Edition)
class EditionAdmin(ScopedAdmin):
    """Drafts are written here; they are adopted through their process, never on this page."""

    fieldsets = [
        (None, {"fields": ["program", "number", "state"]}),
        (_("Time"), {"fields": ["valid_from", "horizon_year", "interim_year"]}),
        (_("Background"), {"fields": ["decision", "note"]}),
    ]
    readonly_fields = ["state"]
    autocomplete_fields = ["decision"]
    list_display = ["program", "number", "state", "valid_from"]
    list_filter = ["state", ("program", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["program"]
    search_fields = ["program__name"]
    inlines = [ClauseInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Edition | None = None) -> list[str]:
        """A draft stays with its program."""
        fixed = ["program"] if obj else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_fieldsets(self, request: HttpRequest, obj: Edition | None = None) -> list:
        locked = obj is not None and obj.is_locked
        return saying_why(super().get_fieldsets(request, obj), locked=locked)

    def get_actions(self, request: HttpRequest) -> dict:
        return {}


@admin.register(Clause)
class ClauseAdmin(ScopedAdmin):
    fieldsets = [
        (None, {"fields": ["edition", "parent", "level", "position", "slug"]}),
        (_("Text"), {"fields": ["heading", "text", "youth_voices"]}),
        (_("Background"), {"fields": ["origin"]}),
    ]
    autocomplete_fields = ["parent", "origin"]
    list_display = ["__str__", "edition", "level", "position"]
    list_filter = [
        "level",
        "edition__state",
        ("edition__program", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["edition__program"]
    search_fields = ["heading", "text", "slug"]

    def get_readonly_fields(self, request: HttpRequest, obj: Clause | None = None) -> list[str]:
        """A clause stays in its edition."""
        fixed = ["edition"] if obj else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_fieldsets(self, request: HttpRequest, obj: Clause | None = None) -> list:
        locked = obj is not None and obj.edition.is_locked
        return saying_why(super().get_fieldsets(request, obj), locked=locked)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Field:
        if db_field.name == "edition":
            drafts = Edition.objects.filter(state=Edition.State.DRAFT)
            kwargs["queryset"] = drafts.select_related("program")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_actions(self, request: HttpRequest) -> dict:
        return {}
