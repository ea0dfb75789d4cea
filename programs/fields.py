"""A model field for dates that are only partly known."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from programs.dates import PartialDate, Precision

NOT_A_DATE = _(
    "Write a date such as 2013, autumn 2013, June 2013 or 2013-06-18 – as much as you know."
)


class PartialDateFormField(forms.CharField):
    """One text box for a day, a month, a season or a year."""

    def prepare_value(self, value: object) -> object:
        return edit_text(value) if isinstance(value, PartialDate) else value

    def to_python(self, value: object) -> PartialDate | None:
        if isinstance(value, PartialDate):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            return PartialDate.parse(text)
        except ValueError as error:
            raise ValidationError(NOT_A_DATE, code="invalid") from error

    def has_changed(self, initial: object, data: object) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


def edit_text(value: PartialDate) -> str:
    """What the text box shows, so that it reads back as the same date."""
    return value.iso if value.precision != Precision.SEASON else str(value)


class PartialDateField(models.CharField):
    """Stores a `PartialDate`, or None; text order in the database is order in time.

    Compare in queries with a PartialDate or a date, which counts as that whole day.
    """

    description = _("A day, month, season or year")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 11
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, *_args: object) -> PartialDate | None:
        return PartialDate.from_storage(value) if value else None

    def to_python(self, value: object) -> PartialDate | None:
        if value is None or value == "" or isinstance(value, PartialDate):
            return value or None
        if isinstance(value, datetime.date):
            return PartialDate(value)
        try:
            return PartialDate.from_storage(str(value))
        except ValueError:
            pass
        try:
            return PartialDate.parse(str(value))
        except ValueError as error:
            raise ValidationError(NOT_A_DATE, code="invalid") from error

    def get_prep_value(self, value: object) -> str | None:
        value = self.to_python(value)
        return value.storage if value else None

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return value.storage if value else ""

    def formfield(self, **kwargs: Any) -> forms.Field:
        kwargs.pop("max_length", None)
        return super(models.CharField, self).formfield(
            **{"form_class": PartialDateFormField, "empty_value": None, **kwargs}
        )


def ends_after_start(
    model: str, start: str = "started", end: str = "ended"
) -> models.CheckConstraint:
    """No period ends in a year before the one it starts in.

    Only the years are compared: "2013" may well come after "autumn 2013".
    """
    return models.CheckConstraint(
        name=f"{model}_{end}_after_{start}",
        condition=Q(**{f"{start}__isnull": True})
        | Q(**{f"{end}__isnull": True})
        | Q(GreaterThanOrEqual(Left(end, 4), Left(start, 4))),
        violation_error_message=_("The end cannot come before the start."),
    )
