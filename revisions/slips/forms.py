"""The form for one slip. The text comes first, because it is all that most slips have."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Channel, Clause
from programs.models.voices import REFERENCE_ALPHABET, new_reference
from revisions.forms import ClauseField, date_field
from revisions.models import Question
from revisions.slips.contexts import Context

# What the next slip in the pile most likely shares with this one.
STAYS = ("context", "channel", "received")


class SlipForm(forms.Form):
    """`reference` is given out with the form, so that a doubled click makes one slip."""

    context = forms.ChoiceField(label=_("What it is about"))
    channel = forms.ChoiceField(
        label=_("Came in"),
        choices=[(value, label) for value, label in Channel.choices if value != Channel.WEB],
    )
    received = date_field(_("Day it came in"))
    text = forms.CharField(
        label=_("Text"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 7, "autofocus": True}),
        help_text=_("As it was written or said. Leave out names and addresses of others."),
        error_messages={"required": _("Write what the slip says.")},
    )
    title = forms.CharField(
        label=_("Heading"),
        max_length=160,
        required=False,
        help_text=_("Left empty, it becomes the first sentence."),
    )
    clause = ClauseField(label=_("Concerns"), empty_label=_("The whole text"))
    question = forms.ChoiceField(
        label=_("Answers the question"),
        choices=[("", _("None in particular")), *Question.choices],
        required=False,
    )
    author_name = forms.CharField(label=_("Name"), max_length=80, required=False)
    show_name = forms.BooleanField(label=_("The name may be shown"), required=False)
    author_email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Only for the answer. It is never shown.")
    )
    anyway = forms.BooleanField(
        label=_("It is another slip: enter it all the same"), required=False
    )
    reference = forms.CharField(
        required=False, max_length=7, widget=forms.HiddenInput, initial=new_reference
    )

    def __init__(
        self,
        context: Context,
        groups: list[tuple[str, list[Context]]],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.about = context
        choices = [(words, [(each.key, each.words) for each in rows]) for words, rows in groups]
        if context.key not in {each.key for _words, rows in groups for each in rows}:
            choices.insert(0, (context.key, context.words))
        self.fields["context"].choices = choices
        if context.is_comment:
            del self.fields["title"]
            self.fields["clause"].queryset = Clause.objects.filter(edition=context.edition)
        else:
            del self.fields["clause"], self.fields["question"]

    def clean_received(self) -> datetime.date:
        received = self.cleaned_data["received"]
        process = self.about.process
        if received > timezone.localdate():
            raise forms.ValidationError(_("The date is still to come."))
        if process and process.comments_close_on and received > process.comments_close_on:
            raise forms.ValidationError(_("The comment period was over on that day."))
        if process and process.comments_open_on and received < process.comments_open_on:
            raise forms.ValidationError(_("The comment period had not begun on that day."))
        return received

    def clean_reference(self) -> str:
        given = self.cleaned_data["reference"]
        is_ours = len(given) == 7 and set(given) <= set(REFERENCE_ALPHABET)
        return given if is_ours else new_reference()

    def clean(self) -> None:
        if self.cleaned_data.get("show_name") and not self.cleaned_data.get("author_name"):
            self.add_error("author_name", _("Write the name that is to be shown."))

    @property
    def said(self) -> dict[str, Any]:
        """What becomes of the voice."""
        apart = {"context", "anyway", "reference"}
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}
