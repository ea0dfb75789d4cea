"""What is typed when one signs up, by oneself or by staff."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import Event
from programs.public_forms import PublicForm
from programs.sign_ups.seats import free_seats

MOST_PEOPLE = 10


def name_field(**kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write a name, so that we can tick you off at the door.")},
        **kwargs,
    )


def people_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("How many are you?"),
        min_value=1,
        max_value=MOST_PEOPLE,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "min_value": _("Write 1 or more."),
            "max_value": _("At most %(limit_value)s at a time. Ring us if you are more."),
        },
    )


def needs_field() -> forms.CharField:
    return forms.CharField(
        label=_("Is there anything we should know?"),
        max_length=300,
        required=False,
        help_text=_("For example a hearing loop, an interpreter or step-free access."),
    )


class FitsTheRoom(forms.Form):
    """No more people at once than there are seats in all."""

    def __init__(self, event: Event, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event

    def clean_people(self) -> int:
        people = self.cleaned_data["people"]
        if self.event.seats is not None and people > self.event.seats:
            raise forms.ValidationError(
                _("There are only %(seats)s seats in all."), params={"seats": self.event.seats}
            )
        return people


class SignUpForm(FitsTheRoom, PublicForm):
    name = name_field()
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("You get a link there. Your place is yours when you have followed it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Write your e-mail address.")},
    )
    people = people_field()
    needs = needs_field()


class EnteredSignUpForm(FitsTheRoom):
    """For staff: someone who rings, and may have no e-mail."""

    name = name_field()
    people = people_field()
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("For the confirmation and the reminder.")
    )
    needs = needs_field()
    form = forms.CharField(max_length=7, min_length=7, widget=forms.HiddenInput)


def room_in_words(event: Event) -> dict[str, Any]:
    """What pages say of the seats: `free` is None where there is room for all."""
    free = free_seats(event)
    return {"free": free, "is_full": free == 0}
