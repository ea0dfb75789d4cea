"""What every staff page shares: nobody sees or saves more than the permissions allow.

A page shows the rows a person may view, its form limits the choices, and what was posted is
asked about once more when it is saved.
"""

import functools
import logging
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, models
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from programs.admin.forms import (
    LimitedForm,
    ScopedForm,
    SearchSelect,
    SearchSelectMultiple,
    SeveralField,
    allows,
    is_key,
)
from programs.models.base import Timestamped
from programs.permissions import TABLE, choices, visible

logger = logging.getLogger(__name__)

CONTRADICTS = _(
    "Nothing was saved. It contradicts what is already stored, perhaps because someone else "
    "changed it at the same time. Look at it again and try once more."
)


class Fields(BaseModelAdmin):
    """The fields of pages and of the tables inside them."""

    view_on_site = False
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """Searching needs the right to view; who lacks it picks from a short list instead."""
        return [
            name
            for name in super().get_autocomplete_fields(request)
            if allows(request.user, "view", self.model._meta.get_field(name).related_model)
        ]

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.Field:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> forms.Field:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchSelectMultiple(db_field, self.admin_site))
        kwargs.setdefault("form_class", SeveralField)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_field_queryset(
        self, db: str | None, db_field: models.Field, request: HttpRequest
    ) -> models.QuerySet:
        """With what the names of the options need."""
        model = db_field.related_model
        queryset = super().get_field_queryset(db, db_field, request)
        if queryset is None:
            queryset = model._default_manager.all()
        if self.admin_site.is_registered(model):
            related = self.admin_site.get_model_admin(model).list_select_related
            queryset = queryset.select_related(*related) if related else queryset
        return queryset


class ScopedInline(Fields):
    """A table of parts inside the page of a whole. Who may do what is asked of the part."""

    form = LimitedForm
    extra = 1

    def _part(self, whole: models.Model | None) -> models.Model | type[models.Model]:
        """An unsaved part of that whole; without a stored whole, the model."""
        if whole is None or whole.pk is None:
            return self.model
        key = _get_foreign_key(self.parent_model, self.model, fk_name=self.fk_name)
        part = self.model(**{key.attname: whole.pk})
        key.set_cached_value(part, whole)  # assigning would make it the whole's part, one to one
        return part

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return allows(request.user, "view", self._part(obj))

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return allows(request.user, "add", self._part(obj))

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return allows(request.user, "change", self._part(obj))

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return allows(request.user, "delete", self._part(obj))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return visible(request.user, super().get_queryset(request))

    def get_formset(
        self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any
    ) -> type[forms.BaseInlineFormSet]:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.person = request.user
        formset.form.shared_options = {}
        return formset


class TableInline(ScopedInline, admin.TabularInline):
    formfield_overrides = {
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 2, "cols": 40})}
    }


class StackInline(ScopedInline, admin.StackedInline):
    pass


def refuses_politely(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Turns what only the database noticed into a message: nothing has been saved then."""

    @functools.wraps(view)
    def wrapped(
        self: "ScopedAdmin", request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        try:
            return view(self, request, *args, **kwargs)
        except (ValidationError, IntegrityError, DataError) as error:
            if request.method == "GET" and not request.GET:
                raise  # nothing was sent that could be wrong: it is a bug
            logger.warning("Refused at %s", request.path, exc_info=True)
            reasons = getattr(error, "messages", [CONTRADICTS])
        self.message_user(request, " ".join(map(str, reasons)), messages.ERROR)
        return HttpResponseRedirect(request.path)

    return wrapped


class ScopedAdmin(Fields, admin.ModelAdmin):
    form = ScopedForm
    list_per_page = 50
    empty_value_display = "–"

    # --- Who may

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return allows(request.user, "view", obj or self.model)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return allows(request.user, "add", self.model)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return allows(request.user, "change", obj or self.model)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return allows(request.user, "delete", obj or self.model)

    # --- What is shown

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return visible(request.user, super().get_queryset(request))

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        if request.resolver_match.url_name == "autocomplete":
            # Django has checked by now that such a model exists.
            source = apps.get_model(request.GET["app_label"], request.GET["model_name"])
            queryset = (
                choices(request.user, source, queryset) if source in TABLE else queryset.none()
            )
        return super().get_search_results(request, queryset, search_term.replace("\x00", ""))

    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> Sequence[str]:
        return [*super().get_readonly_fields(request, obj), *self._times()]

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> list:
        fieldsets = list(super().get_fieldsets(request, obj))
        if obj and self._times():
            fieldsets.append((_("History"), {"fields": self._times(), "classes": ["collapse"]}))
        return fieldsets

    def _times(self) -> list[str]:
        return ["created_at", "updated_at"] if issubclass(self.model, Timestamped) else []

    # --- What is accepted

    def get_form(
        self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, **kwargs)
        form.person = request.user
        return form

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: forms.ModelForm, change: bool
    ) -> None:
        if not allows(request.user, "change" if change else "add", obj):
            raise PermissionDenied
        super().save_model(request, obj, form, change)

    def save_formset(
        self,
        request: HttpRequest,
        form: forms.ModelForm,
        formset: forms.BaseInlineFormSet,
        change: bool,
    ) -> None:
        super().save_formset(request, form, formset, change)
        changed = [part for part, _fields in formset.changed_objects]
        for action, parts in [("add", formset.new_objects), ("change", changed)]:
            if not all(allows(request.user, action, part) for part in parts):
                raise PermissionDenied  # which undoes everything

    def response_action(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse:
        if not all(is_key(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise ValidationError(_("What was chosen is not in the list."))
        return super().response_action(request, queryset)

    @refuses_politely
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(request, *args, **kwargs)

    @refuses_politely
    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changelist_view(request, *args, **kwargs)

    @refuses_politely
    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().delete_view(request, *args, **kwargs)
