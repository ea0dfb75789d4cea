"""Forms and fields of the staff pages: they offer and accept only what the permissions allow."""

from collections.abc import Sequence
from typing import Any

import rules
from django import forms
from django.contrib.admin.widgets import (
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.permissions import choices

NOT_YOURS = _("You may not put it there. Choose a program or place that is yours.")


def allows(user: AbstractBaseUser, action: str, thing: models.Model | type[models.Model]) -> bool:
    """Ask about a row, or a model: "any at all?". Holds against superusers too."""
    obj = thing if isinstance(thing, models.Model) else None
    opts = thing._meta
    return rules.has_perm(f"{opts.app_label}.{action}_{opts.model_name}", user, obj)


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


class SeveralField(forms.ModelMultipleChoiceField):
    """Tells what is no key, also the number that is too large for SQLite."""

    def clean(self, value: Any) -> models.QuerySet:
        for key in value or []:
            if not is_key(str(key)):
                message = self.error_messages["invalid_pk_value"]
                raise ValidationError(message, code="invalid_pk_value", params={"pk": key})
        return super().clean(value)
