"""What is typed about a page, and what staff answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.inquiries.pages import LONGEST
from programs.models import Inquiry
from programs.public_forms import PublicForm

Kind = Inquiry.Kind


class MissingForm(PublicForm):
    text = forms.CharField(
        label=_("What were you looking for, or what is wrong?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write what is missing or wrong.")},
    )
    page = forms.CharField(
        label=_("Which page"),
        max_length=LONGEST,
        required=False,
        help_text=_("The address, or what the page is about."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Only if you want an answer of your own."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    @property
    def said(self) -> dict[str, Any]:
        return {"kind": Kind.MISSING} | super().said


class BarrierForm(PublicForm):
    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[
            (Kind.BARRIER, _("I cannot use something on the site")),
            (Kind.FORMAT, _("I need something in another form")),
        ],
        widget=forms.RadioSelect,
        initial=Kind.BARRIER,
        error_messages={"required": _("Choose one of them.")},
    )
    text = forms.CharField(
        label=_("What happens, or what do you need?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "For example: “the map cannot be reached with the keyboard” or “the minutes "
            "in large print”. You need not tell anything about yourself."
        ),
        error_messages={"required": _("Write what happens, or what you need.")},
    )
    page = forms.CharField(
        label=_("Which page or document"),
        max_length=LONGEST,
        required=False,
        help_text=_("The address, or what the page is about."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Only if you want an answer of your own."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write what was done.")},
    )
