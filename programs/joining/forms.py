"""What is typed when one wants to take part, and when staff note what came of it."""

import datetime
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from programs.joining.groups import groups_of, open_groups
from programs.models import Group, JoinRequest, Locality
from programs.public_forms import PublicForm


class ByPlace(ModelChoiceIterator):
    """Groups under the name of their place."""

    def __iter__(self) -> Iterator[tuple]:
        yield "", self.field.empty_label
        for place, groups in groupby(self.queryset, attrgetter("place_name")):
            yield place, [self.choice(group) for group in groups]


class GroupField(forms.ModelChoiceField):
    iterator = ByPlace


class JoinForm(PublicForm):
    """Where one lives, and one way to be reached. Nothing more is needed."""

    locality = forms.ModelChoiceField(
        label=_("Where do you live?"),
        queryset=Locality.objects.all(),
        empty_label=_("Choose …"),
        error_messages={"required": _("Choose where you live.")},
    )
    group = GroupField(
        label=_("A group that you have in mind"),
        queryset=Group.objects.none(),
        required=False,
        empty_label=_("None in particular"),
    )
    text = forms.CharField(
        label=_("What would you like to do?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "A question you care about, something you are good at, or just that you are curious."
        ),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Write an e-mail address or a telephone number, whichever you like."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    consent = forms.BooleanField(
        label=_(
            "I agree that what I have written here is given to whoever coordinates a group in my "
            "place, so that they can get in touch."
        ),
        help_text=_(
            "You can change your mind at any time: ring or write to us. Your details are erased "
            "when you have been in touch with each other, or have let it be."
        ),
        error_messages={"required": _("Tick the box, or nobody may get in touch with you.")},
    )

    def __init__(self, today: datetime.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = open_groups(today)

    def clean(self) -> None:
        said = self.cleaned_data
        if not said.get("email") and not said.get("phone") and "email" not in self.errors:
            self.add_error("email", _("Write an e-mail address or a telephone number."))
        group, place = said.get("group"), said.get("locality")
        if group and place and group.place_id != place.pk:
            self.add_error("group", _("That group is in another place."))

    @property
    def said(self) -> dict[str, Any]:
        """Consent is not a field but a moment."""
        return {name: value for name, value in super().said.items() if name != "consent"}


class SeenForm(forms.Form):
    """Carries the state in which the request was shown."""

    saw = forms.ChoiceField(choices=JoinRequest.State.choices, widget=forms.HiddenInput)

    def __init__(self, request: JoinRequest, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"saw": request.state} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


class HandOverForm(SeenForm):
    group = forms.ModelChoiceField(
        label=_("Group"), queryset=Group.objects.none(), empty_label=_("Choose …")
    )

    def __init__(
        self, request: JoinRequest, today: datetime.date, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(request, *args, **kwargs)
        keys = [group.pk for group in groups_of(request.locality, today)]
        self.fields["group"].queryset = Group.objects.filter(pk__in=keys).order_by("name")


class CloseForm(SeenForm):
    ending = forms.ChoiceField(
        label=_("How it ended"),
        choices=[
            ("in", _("Takes part in the group now")),
            ("no", _("Did not want to after all")),
            ("silent", _("Could not be reached")),
            ("other", _("Something else")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        required=False,
        help_text=_("No names: the note is kept when the details are erased."),
    )

    def clean(self) -> None:
        if self.cleaned_data.get("ending") == "other" and not self.cleaned_data.get("note"):
            self.add_error("note", _("Say how it ended."))

    @property
    def reason(self) -> str:
        words = dict(self.fields["ending"].choices)[self.cleaned_data["ending"]]
        return ". ".join(filter(None, [str(words), self.cleaned_data["note"]]))
