"""What anyone may type when they say something."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.base import File
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from programs.models import Locality
from programs.public_forms import PublicForm
from programs.saying import pictures

LONGEST_TEXT = 2000
NUMBER = re.compile(r"\b[0-9]{1,9}\b", re.ASCII)


class TextField(forms.CharField):
    """Counts a line break as one character, as the browser does, though it sends two."""

    def to_python(self, value: object) -> str:
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class SayForm(PublicForm):
    """What an idea and a comment have in common.

    `kind` and `loose` say what the form was when it was shown: an idea or a comment, and whether
    the writer has said that it is about something else than the page they came from.
    """

    kind = forms.CharField(required=False, widget=forms.HiddenInput)
    loose = forms.CharField(required=False, widget=forms.HiddenInput)
    text = TextField(
        label=_("What do you want to say?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("In your own words and any language, at most 2,000 characters."),
        error_messages={
            "required": _("Write what you want to say."),
            "max_length": _(
                "The text is %(show_value)s characters long. There is room for %(limit_value)s."
            ),
        },
    )
    author_email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Write an address such as namn@example.se.")},
    )
    author_name = forms.CharField(
        label=_("Name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    show_name = forms.BooleanField(label=_("Show my name beside what I say"), required=False)

    # What the person fills in; the rest is carried.
    AUTHOR = ("author_email", "author_name", "show_name")

    def __init__(self, sent: QueryDict | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(sent.copy() if sent is not None else None, *args, **kwargs)

    def clean(self) -> None:
        if self.cleaned_data.get("show_name") and not self.cleaned_data.get("author_name"):
            self.add_error("author_name", _("Write the name that is to be shown."))

    def set_value(self, name: str, value: str) -> None:
        """What the form carries when it is shown again."""
        self.data[self.add_prefix(name)] = value

    def show_again(self, *fields_to_tell: str) -> None:
        """Come back with what was typed and without telling what is missing: nothing was sent."""
        self.is_valid()
        kept = {name: self.errors[name] for name in fields_to_tell if name in self.errors}
        self.errors.clear()
        self.errors.update(kept)

    @property
    def author(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.AUTHOR}


class IdeaForm(SayForm):
    """An idea, with a position and a picture for those who want.

    `pin` is a position chosen on the map. `photo` is a file just chosen, `photo_mark` one that
    was chosen earlier and is held. `seen` are the similar ideas that the writer has been shown.
    """

    where = forms.ChoiceField(required=False)
    position_words = forms.CharField(
        label=_("Where is it?"),
        max_length=160,
        required=False,
        help_text=_("For example “by the bridge” or a street."),
    )
    pin = forms.CharField(required=False, widget=forms.HiddenInput)
    photo = forms.FileField(
        label=_("Choose a picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": pictures.ACCEPTED}),
        help_text=_("At most 15 MB. Where and with what it was taken is removed."),
    )
    photo_mark = forms.CharField(required=False, widget=forms.HiddenInput)
    photo_alt = forms.CharField(
        label=_("What does the picture show?"),
        max_length=250,
        required=False,
        help_text=_("In a sentence, for those who cannot see it."),
    )
    photo_mine = forms.BooleanField(
        label=_("I took the picture myself or may use it, and it may be shown here"),
        required=False,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, places: Sequence[Locality], sent: QueryDict | None, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(sent, *args, **kwargs)
        self.picture: File | None = None
        self.fields["where"].choices = [
            ("", _("The whole municipality, or I do not know")),
            *((place.slug, place.name) for place in places),
        ]

    def clean_pin(self) -> tuple[float, float] | None:
        """Latitude and longitude; what nobody can have pointed at is no pin."""
        try:
            latitude, longitude = map(float, self.cleaned_data["pin"].split(","))
        except ValueError:
            return None
        is_somewhere = -90 <= latitude <= 90 and -180 <= longitude <= 180
        return (latitude, longitude) if is_somewhere else None

    def clean_photo(self) -> None:
        """A picture that can be opened is held at once, so that it survives whatever comes."""
        if upload := self.cleaned_data["photo"]:
            self.set_value("photo_mark", pictures.take_in(upload))

    def clean_seen(self) -> set[int]:
        return {int(part) for part in NUMBER.findall(self.cleaned_data["seen"])}

    def clean(self) -> None:
        super().clean()
        mark = self.data.get(self.add_prefix("photo_mark"), "")
        if not mark or "photo" in self.errors:
            return
        self.picture = pictures.draft_of(mark)
        if self.picture is None:
            self.set_value("photo_mark", "")
            self.add_error("photo", _("The picture is no longer here. Choose it again."))
            return
        if not self.cleaned_data.get("photo_alt"):
            self.add_error("photo_alt", _("Say in a sentence what the picture shows."))
        if not self.cleaned_data.get("photo_mine"):
            self.add_error("photo_mine", _("Tick the box if the picture may be shown."))

    @property
    def held_mark(self) -> str:
        """The mark of the picture that the form carries; empty without one."""
        return self.data.get(self.add_prefix("photo_mark"), "") if self.is_bound else ""

    @property
    def position(self) -> dict[str, Any]:
        pin = self.cleaned_data.get("pin")
        latitude, longitude = pin or (None, None)
        words = self.cleaned_data.get("position_words", "")
        return {"latitude": latitude, "longitude": longitude, "position_words": words}
