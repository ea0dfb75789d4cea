"""What staff may type about a voice. Every form carries the state in which it was shown."""

import secrets
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Rule, Voice
from programs.permissions import people_who_review
from programs.voices.merging import MOST_PARTS
from programs.voices.similar import similar_to

LONGEST = 5000
LONGEST_KEY = 9


def long_text(label: object, rows: int = 4, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, max_length=LONGEST, **kwargs)


class KeyChoiceField(forms.ModelChoiceField):
    """A number too large for the database is no choice, and no error of ours."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > LONGEST_KEY:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice")
        return super().to_python(value)


class VoiceForm(forms.Form):
    """`seen` is the voice's stamp when the page was shown: a faster colleague is not overwritten.

    Names of fields are the same in every form; `auto_id` keeps them apart on the page.
    """

    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, voice: Voice, *args: Any, **kwargs: Any) -> None:
        self.voice = voice
        kwargs["initial"] = {"seen": voice.stamp} | kwargs.get("initial", {})
        kwargs.setdefault("auto_id", f"{self.name()}-%s")
        super().__init__(*args, **kwargs)

    @classmethod
    def name(cls) -> str:
        return cls.__name__.removesuffix("Form").lower()

    @property
    def given(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key != "seen"}

    def shown_again(self, voice: Voice, *, fresh: bool = True) -> None:
        """Keep what was typed; `fresh` when the page now shows how the voice stands."""
        self.data = self.data.copy()
        if fresh:
            self.data["seen"] = voice.stamp
        for name, values in self.data.lists():
            # A NUL is told as an error; it may not stand in the page that tells it.
            self.data.setlist(name, [value.replace("\x00", "") for value in values])


class PublishForm(VoiceForm):
    with_pictures = forms.BooleanField(label=_("Show the picture too"), required=False)

    def __init__(self, voice: Voice, *args: Any, **kwargs: Any) -> None:
        super().__init__(voice, *args, **kwargs)
        photos = getattr(voice, "photos", None)
        self.initial["with_pictures"] = True
        if photos is None or not photos.all():
            del self.fields["with_pictures"]

    @property
    def given(self) -> dict[str, Any]:
        return {"with_pictures": self.cleaned_data.get("with_pictures", True)}


class RefuseForm(VoiceForm):
    rule = forms.ChoiceField(
        label=_("Which rule it breaks"), choices=[("", _("Choose")), *Rule.choices]
    )
    reason = long_text(
        _("Why, to the author"),
        help_text=_("Say what it is about, and what the author can write instead."),
    )


class HideForm(RefuseForm):
    """The same words, told of something that was public."""


class ShowForm(VoiceForm):
    """Nothing but what was seen."""


class UnmergeForm(VoiceForm):
    """Nothing but what was seen."""


def wording(name: str, **kwargs: Any) -> forms.CharField:
    """The field for one of the voice's own wordings."""
    if name == "title":
        return forms.CharField(label=_("Title"), max_length=160, **kwargs)
    return long_text(_("Text"), rows=8, **kwargs)


class EditForm(VoiceForm):
    reason = forms.CharField(
        label=_("Why the text is changed"),
        max_length=300,
        help_text=_("For colleagues. Readers see that the text has been edited, not why."),
    )

    def __init__(self, voice: Voice, *args: Any, **kwargs: Any) -> None:
        super().__init__(voice, *args, **kwargs)
        for name in voice.EDITABLE:
            self.fields[name] = wording(name)
            self.initial.setdefault(name, getattr(voice, name))
        self.order_fields([*voice.EDITABLE, "reason"])

    @property
    def given(self) -> dict[str, Any]:
        words = {name: self.cleaned_data[name] for name in self.voice.EDITABLE}
        return {"given": words, "reason": self.cleaned_data["reason"]}


class MoveForm(VoiceForm):
    to = forms.ChoiceField(label=_("To which place"))

    def __init__(self, voice: Voice, *args: Any, **kwargs: Any) -> None:
        super().__init__(voice, *args, **kwargs)
        groups = [group for group in voice.destinations() if group[1]]
        self.fields["to"].choices = [("", _("Choose")), *groups]


class AssignForm(VoiceForm):
    to = KeyChoiceField(
        label=_("Who takes care of it"),
        queryset=None,
        required=False,
        empty_label=_("Nobody in particular"),
    )

    def __init__(self, voice: Voice, *args: Any, **kwargs: Any) -> None:
        super().__init__(voice, *args, **kwargs)
        self.fields["to"].queryset = people_who_review(voice, timezone.localdate())
        self.initial.setdefault("to", voice.assigned_to_id)


class NoteForm(VoiceForm):
    text = long_text(_("Note for colleagues"), rows=3)
    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", secrets.token_urlsafe(12))


class HandleForm(VoiceForm):
    entry = forms.IntegerField(min_value=1, max_value=10**9, widget=forms.HiddenInput)
    words = long_text(_("What you came to"), rows=2)


class PictureForm(VoiceForm):
    picture = forms.IntegerField(min_value=1, max_value=10**9, widget=forms.HiddenInput)
    shown = forms.BooleanField(required=False, widget=forms.HiddenInput)


class MergeForm(VoiceForm):
    into = forms.CharField(
        label=_("Reference of the other"),
        max_length=7,
        help_text=_("Seven letters and digits. They stand beside every one in the list."),
    )
    reply = long_text(_("To the author"), rows=3)

    def __init__(self, voice: Voice, *args: Any, **kwargs: Any) -> None:
        super().__init__(voice, *args, **kwargs)
        self.similar = similar_to(voice)
        self.initial.setdefault(
            "reply",
            _("Thank you! Others have said the same, so we answer you together."),
        )

    def clean_into(self) -> Voice:
        reference = self.cleaned_data["into"].strip().upper()
        other = type(self.voice)._default_manager.filter(reference=reference).first()
        if other is None:
            raise forms.ValidationError(_("There is none of the same kind with that reference."))
        return other


class SplitForm(VoiceForm):
    """Up to so many parts; those that are left empty are none."""

    def __init__(self, voice: Voice, *args: Any, **kwargs: Any) -> None:
        super().__init__(voice, *args, **kwargs)
        for number in range(1, MOST_PARTS + 1):
            for name in voice.EDITABLE:
                self.fields[f"{name}_{number}"] = wording(name, required=number <= 2)
        for name in voice.EDITABLE:
            self.initial.setdefault(f"{name}_1", getattr(voice, name))

    @property
    def parts(self) -> Iterator[tuple[int, list[forms.BoundField]]]:
        for number in range(1, MOST_PARTS + 1):
            yield number, [self[f"{name}_{number}"] for name in self.voice.EDITABLE]

    def clean(self) -> None:
        for number in range(3, MOST_PARTS + 1):
            names = [f"{name}_{number}" for name in self.voice.EDITABLE]
            filled = [name for name in names if self.cleaned_data.get(name)]
            for name in names:
                if filled and name not in filled and name not in self.errors:
                    self.add_error(name, _("Fill in both, or leave the whole part empty."))

    @property
    def given(self) -> dict[str, Any]:
        parts = [
            {name: self.cleaned_data[f"{name}_{number}"] for name in self.voice.EDITABLE}
            for number in range(1, MOST_PARTS + 1)
        ]
        return {"parts": [part for part in parts if all(part.values())]}
