"""The form with which an idea becomes an action."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.fields import PartialDateFormField
from programs.models import Idea, Organisation, Outcome, ReplyTemplate
from programs.staff.voices.forms import LONGEST_KEY, VoiceForm, long_text
from programs.voices.promoting import Plan


class OrganisationsField(forms.ModelMultipleChoiceField):
    """A number too large for the database is no choice, and no error of ours."""

    def clean(self, value: Any) -> Any:
        if any(len(str(key)) > LONGEST_KEY for key in value or ()):
            raise forms.ValidationError(_("What was chosen is not in the list."))
        return super().clean(value)


class PromoteForm(VoiceForm):
    title = forms.CharField(
        label=_("What is to be done"),
        max_length=160,
        help_text=_("The action's title, as it is to stand on the list."),
    )
    description = long_text(_("Description"), rows=4, required=False)
    responsible = OrganisationsField(
        label=_("Responsible"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    due = PartialDateFormField(
        label=_("Planned finish"),
        required=False,
        max_length=40,
        help_text=_("As much as is known, for example 2028 or autumn 2027."),
    )
    reply = long_text(_("The answer"), rows=6)

    def __init__(self, voice: Idea, *args: Any, **kwargs: Any) -> None:
        super().__init__(voice, *args, **kwargs)
        self.fields["responsible"].queryset = Organisation.objects.order_by("name", "pk")
        if self.is_bound:
            return
        template = ReplyTemplate.objects.filter(outcome=Outcome.BECAME_ACTION).first()
        own = {
            "title": voice.heading,
            "description": voice.text,
            "reply": template.text if template else "",
        }
        self.initial = own | self.initial

    def clean_responsible(self) -> list[Organisation]:
        return list(self.cleaned_data["responsible"])

    @property
    def plan(self) -> Plan:
        return Plan(**self.given)
