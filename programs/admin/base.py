"""What every staff page shares: it shows, offers and accepts only what the permissions allow.

A form limits its choices, and what was posted is asked about once more when it is saved.
"""

import functools
import logging
from collections.abc import Callable, Sequence
from typing import Any

import rules
from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, models
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from programs.models.base import Timestamped
from programs.permissions import TABLE, choices, visible

logger = logging.getLogger(__name__)

NOT_YOURS = _("You may not put it there. Choose a program or place that is yours.")
CONTRADICTS = _(
    "Nothing was saved. It contradicts what is already stored, perhaps because someone else "
    "changed it at the same time. Look at it again and try once more."
)


class LimitedForm(forms.ModelForm):
    """Offers the rows that `person` may use, and the one that is chosen already."""

    # Both are set by the admin, on each form class that it makes for a request.
    person: AbstractBaseUser
    shared_options: dict[str, tuple[set[str], list]] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                self._limit(name, field)

    def _limit(self, name: str, field: forms.ModelChoiceField) -> None:
        everything = field.queryset
        field.queryset = choices(self.person, self._meta.model, everything)
        keys, options = self._read_once(name, field)
        chosen = getattr(self.instance, f"{name}_id", None)
        if chosen is not None and str(chosen) not in keys:
            field.queryset |= everything.filter(pk=chosen)
        elif options is not None:
            field.choices = options

    def _read_once(self, name: str, field: forms.ModelChoiceField) -> tuple[set[str], list | None]:
        """The options that the forms of one table share: read per row they cost a query each."""
        widget = getattr(field.widget, "widget", field.widget)
        if self.shared_options is None or isinstance(widget, AutocompleteMixin):
            return set(), None
        if name not in self.shared_options:
            options = list(field.choices)
            self.shared_options[name] = ({str(key) for key, _label in options}, options)
        return self.shared_options[name]


class ScopedForm(LimitedForm):
    """Refuses what would end up where `person` may not put it, and what the database refuses."""

    def _post_clean(self) -> None:
        adding = self.instance._state.adding
        stored = {
            field.attname: getattr(self.instance, field.attname)
            for field in self.instance._meta.concrete_fields
        }
        super()._post_clean()
        if not self.errors:
            self._validate_all_constraints()
        action = "add" if adding else "change"
        if not self.errors and not allows(self.person, action, self.instance):
            self.add_error(None, NOT_YOURS)
        if self.errors and not adding:
            # The page is shown again, and asks what may be done with the row as it is stored.
            for name, value in stored.items():
                setattr(self.instance, name, value)

    def _validate_all_constraints(self) -> None:
        """Django skips those about a field that the form does not show."""
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                self.add_error(name if name in self.fields else None, texts)


class NumbersOnly(AutocompleteMixin):
    """Survives a forged value, on which Django's own widget raises ValueError."""

    def optgroups(self, name: str, value: Sequence[str], attr: object = None) -> list:
        return super().optgroups(name, [key for key in value if is_key(str(key))], attr)


def is_key(text: str) -> bool:
    """Whether a database can look for it: a number that is not too large."""
    return text.isdecimal() and len(text) < 20 and int(text) <= models.BigIntegerField.MAX_BIGINT


class SearchSelect(NumbersOnly, AutocompleteSelect):
    pass


class SearchSelectMultiple(NumbersOnly, AutocompleteSelectMultiple):
    pass


def allows(user: AbstractBaseUser, action: str, thing: models.Model | type[models.Model]) -> bool:
    """Ask about a row, or a model: "any at all?". Holds against superusers too."""
    obj = thing if isinstance(thing, models.Model) else None
    opts = thing._meta
    return rules.has_perm(f"{opts.app_label}.{action}_{opts.model_name}", user, obj)


class Fields(BaseModelAdmin):
    """The fields of pages and of the tables inside them."""

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
    view_on_site = False
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

    @refuses_politely
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(request, *args, **kwargs)

    @refuses_politely
    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changelist_view(request, *args, **kwargs)

    @refuses_politely
    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().delete_view(request, *args, **kwargs)
