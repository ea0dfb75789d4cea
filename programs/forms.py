"""What readers may type. Forms for lists are read from the address (GET)."""

from typing import Any
from urllib.parse import urlencode

from crispy_forms.helper import FormHelper
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class FilterForm(forms.Form):
    """Filters of a list. A value that does not fit is told at its field and filters nothing."""

    def __init__(self, request: HttpRequest, **kwargs: Any) -> None:
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        super().__init__(request.GET, auto_id="f-%s", **kwargs)

    def full_clean(self) -> None:
        super().full_clean()
        # A NUL is told as an error; it may not stand in the page that tells it.
        shown = self.data.copy()
        for name, values in self.data.lists():
            shown.setlist(name, [value.replace("\x00", "") for value in values])
        self.data = shown

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that are set and fit."""
        self.is_valid()
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value not in (None, "", False)
        }

    @property
    def is_used(self) -> bool:
        """Whether the reader has filtered, or tried to."""
        return bool(self.chosen or self.errors)

    @property
    def query(self) -> str:
        """The query string that gives the same rows elsewhere: in a file or a feed."""
        return f"?{urlencode(self.chosen)}" if self.chosen else ""


class YearField(forms.IntegerField):
    """A year that something on the site may have happened in."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"min_value": 1990, "max_value": 2100, "required": False, **kwargs}
        kwargs.setdefault("label", _("Year"))
        super().__init__(**kwargs)
        self.error_messages |= {"invalid": _("Write a year with four digits, for example 2019.")}
