"""What staff and residents type in a process."""

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from programs.models import Clause, Edition
from programs.models.voices import REFERENCE_ALPHABET, new_reference
from revisions.digest import digest_of
from revisions.models import Process, Question
from revisions.workflow import Seen


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


def date_field(label: object, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DateInput(), **kwargs)


def long_text(label: object, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": 4}), max_length=5000, **kwargs
    )


class ClauseField(forms.ModelChoiceField):
    """A clause of one text, by its number and first words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Clause.objects.none(), required=False, **kwargs)

    def label_from_instance(self, obj: Clause) -> str:
        return f"{obj.number} {Truncator(obj.title).chars(70)}".strip()


class TransitionForm(forms.Form):
    """Carries the step and attempt that were on the screen."""

    step = forms.IntegerField(widget=forms.HiddenInput)
    attempt = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        self.process = process
        initial = {"step": process.step, "attempt": process.attempt}
        kwargs["initial"] = initial | kwargs.get("initial", {})
        kwargs.setdefault("prefix", self.name())
        kwargs.setdefault("auto_id", "%s")
        super().__init__(*args, **kwargs)

    @classmethod
    def name(cls) -> str:
        return cls.__name__.removesuffix("Form").lower()

    @property
    def seen(self) -> Seen:
        return Seen(self.cleaned_data["step"], self.cleaned_data["attempt"])

    @property
    def given(self) -> dict[str, Any]:
        return {
            key: value for key, value in self.cleaned_data.items() if key not in {"step", "attempt"}
        }

    def shown_again(self, process: Process, **hidden: str) -> None:
        """Keep what was typed, and carry what the page it is shown on says now."""
        self.data = self.data.copy()
        hidden |= {"step": str(process.step), "attempt": str(process.attempt)}
        if "digest" in self.fields and process.draft:
            hidden["digest"] = digest_of(process.draft)
        for name, value in hidden.items():
            self.data[self.add_prefix(name)] = value


def refused_words(refused: dict[str, TransitionForm]) -> list[str]:
    """Why the workflow said no, for the top of the page."""
    return [words for form in refused.values() for words in form.non_field_errors()]


class CommentForm(forms.Form):
    """A resident's comment on a text, or on one clause of it.

    `reference` is given out with the form, so that a doubled click can be told from two people
    who say the same.
    """

    clause = ClauseField(label=_("Your comment concerns"), empty_label=_("The whole text"))
    question = forms.ChoiceField(
        label=_("A question to think about"),
        choices=[("", _("None in particular")), *Question.choices],
        required=False,
    )
    text = forms.CharField(
        label=_("Your comment"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("What should stay, change or go? At most 2,000 characters."),
        error_messages={"required": _("Write your comment.")},
    )
    author_name = forms.CharField(
        label=_("Name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    show_name = forms.BooleanField(label=_("Show my name with the comment"), required=False)
    author_email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Only if you want an answer of your own. It is never shown."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    reference = forms.CharField(
        required=False, max_length=7, widget=forms.HiddenInput, initial=new_reference
    )

    def __init__(self, edition: Edition | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].queryset = Clause.objects.filter(edition=edition)

    def clean_reference(self) -> str:
        given = self.cleaned_data["reference"]
        is_ours = len(given) == 7 and set(given) <= set(REFERENCE_ALPHABET)
        return given if is_ours else new_reference()

    def clean(self) -> None:
        if self.cleaned_data.get("show_name") and not self.cleaned_data.get("author_name"):
            self.add_error("author_name", _("Write the name that is to be shown."))
