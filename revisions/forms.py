"""What staff and residents type in a process."""

import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from programs.models import Clause, DecidingBody, Decision, Document, Edition, Event
from programs.models.voices import REFERENCE_ALPHABET, Channel, new_reference
from revisions.digest import digest_of
from revisions.models import Process, Question
from revisions.requirements import CHANNELS_TO_ENTER
from revisions.workflow import Seen, allowed_to_send_back


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


class PassForm(TransitionForm):
    """Nothing but what was seen."""


class PublishForm(TransitionForm):
    """Nothing but what was seen."""


class DraftForm(TransitionForm):
    """Nothing but what was seen."""


class EvidenceForm(TransitionForm):
    event = forms.ModelChoiceField(
        label=_("A meeting or activity"), queryset=Event.objects.none(), required=False
    )
    document = forms.ModelChoiceField(
        label=_("Or a document"), queryset=Document.objects.none(), required=False
    )

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(process, *args, **kwargs)
        program = process.program
        ours = Q(program=program) | Q(program=None, locality=program.locality_id)
        self.fields["event"].queryset = Event.objects.filter(ours).order_by("-date", "-pk")
        self.fields["document"].queryset = Document.objects.filter(
            ours | Q(event__program=program)
        ).order_by("-pk")

    def clean(self) -> None:
        if bool(self.cleaned_data.get("event")) == bool(self.cleaned_data.get("document")):
            self.add_error("event", _("Choose one event or one document."))


class AnchorForm(TransitionForm):
    board_on = date_field(_("The board's decision"))
    members_informed_on = date_field(_("The members were informed"))
    note = long_text(_("Note"), required=False)


class PeriodForm(TransitionForm):
    opens_on = date_field(_("First day for comments"))
    closes_on = date_field(_("Last day for comments"))


class ChannelForm(TransitionForm):
    channel = forms.ChoiceField(label=_("All has been entered that came in"), choices=[])

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(process, *args, **kwargs)
        done = set(
            process.channels_entered.filter(attempt=process.attempt).values_list(
                "channel", flat=True
            )
        )
        self.fields["channel"].choices = [
            (channel.value, channel.label) for channel in CHANNELS_TO_ENTER if channel not in done
        ]


class DeadlineForm(TransitionForm):
    due_on = date_field(_("Last day for the association's statement"))


class StatementForm(TransitionForm):
    text = long_text(
        _("Statement"),
        required=False,
        help_text=_("Leave it empty to note that none was given before the deadline."),
    )


class MinutesForm(TransitionForm):
    event = forms.ModelChoiceField(
        label=_("The steering group meeting that approved the text"),
        queryset=Event.objects.none(),
    )
    digest = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(process, *args, **kwargs)
        self.fields["event"].queryset = Event.objects.filter(
            program=process.program, kind=Event.Kind.STEERING_GROUP_MEETING
        )


class StandForm(TransitionForm):
    digest = forms.CharField(widget=forms.HiddenInput)
    reason = long_text(
        _("What should change"), required=False, help_text=_("Needed to ask for a change.")
    )


class InformationForm(TransitionForm):
    presented_on = date_field(_("Presented"))
    body = forms.CharField(label=_("To which body"), max_length=120)
    case_number = forms.CharField(label=_("Case number"), max_length=40)
    remarks = long_text(_("Remarks"), required=False)


def earlier_steps(process: Process) -> list[tuple[int, str]]:
    return [
        (number, f"{number}. {process.steps[number - 1].title}")
        for number in reversed(allowed_to_send_back(process))
    ]


class DecisionForm(TransitionForm):
    outcome = forms.ChoiceField(
        label=_("The decision"),
        choices=[
            (Decision.Outcome.ADOPTED, _("adopted")),
            (Decision.Outcome.REFERRED_BACK, _("referred back")),
            (Decision.Outcome.REJECTED, _("rejected")),
        ],
    )
    body = forms.ModelChoiceField(label=_("Deciding body"), queryset=DecidingBody.objects.all())
    decided = date_field(_("Date"))
    section = forms.CharField(label=_("Section (§)"), max_length=12)
    case_number = forms.CharField(label=_("Case number"), max_length=40)
    url = forms.URLField(label=_("Link to the minutes"), required=False, assume_scheme="https")
    to_step = forms.TypedChoiceField(
        label=_("If referred back: to which step"), coerce=int, required=False, empty_value=None
    )
    reason = long_text(_("If referred back: why"), required=False)

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(process, *args, **kwargs)
        steps = earlier_steps(process)
        self.fields["to_step"].choices = [("", "–"), *steps]
        if not steps:
            # A plan of local development stays where it is written.
            self.fields["to_step"].widget = forms.HiddenInput()

    def clean(self) -> None:
        if self.cleaned_data.get("outcome") == Decision.Outcome.REFERRED_BACK:
            for name in ("to_step", "reason"):
                if not self.cleaned_data.get(name) and not self.fields[name].widget.is_hidden:
                    self.add_error(name, _("Needed when it is referred back."))


class BackForm(TransitionForm):
    to_step = forms.TypedChoiceField(label=_("To which step"), coerce=int)
    reason = long_text(_("Why"))

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(process, *args, **kwargs)
        self.fields["to_step"].choices = earlier_steps(process)


class AbortForm(TransitionForm):
    reason = long_text(_("Why the process is ended"))


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


class EnteredCommentForm(CommentForm):
    """For staff: what came in on paper, by telephone or at a meeting, while the period lasted."""

    channel = forms.ChoiceField(
        label=_("Came in"),
        choices=[(value, label) for value, label in Channel.choices if value != Channel.WEB],
    )
    received = date_field(_("Day it came in"))
    field_order = ["text", "clause", "channel", "received", "question"]

    def __init__(
        self, process: Process, edition: Edition | None, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(edition, *args, **kwargs)
        self.process = process
        self.fields["clause"].label = _("Concerns")
        self.fields["text"].label = _("Comment")
        self.fields["text"].help_text = _("As it was written or said, at most 2,000 characters.")
        self.fields["show_name"].label = _("The name may be shown with the comment")
        self.fields["author_email"].help_text = _("Only for the answer. It is never shown.")

    def clean_received(self) -> datetime.date:
        received = self.cleaned_data["received"]
        if received > timezone.localdate():
            raise forms.ValidationError(_("The date is still to come."))
        closes_on = self.process.comments_close_on
        if closes_on and received > closes_on:
            raise forms.ValidationError(_("The comment period was over on that day."))
        return received
