"""What moves a process: passing on, the decision, sending back and ending it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import DecidingBody, Decision
from revisions.forms import TransitionForm, date_field, long_text
from revisions.models import Process
from revisions.staff.forms.evidence import short_text
from revisions.workflow import allowed_to_send_back
from revisions.workflow.decision import deciding_body


class PassForm(TransitionForm):
    note = short_text(
        _("What happened in the step, in a few sentences"),
        required=False,
        help_text=_("Everyone can read it. Name functions and groups, never people."),
    )


class PublishForm(TransitionForm):
    """Nothing but what was seen."""


class DraftForm(TransitionForm):
    """Nothing but what was seen."""


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
    body = forms.ModelChoiceField(
        label=_("Deciding body"), queryset=DecidingBody.objects.all(), empty_label="–"
    )
    decided = date_field(_("Date"))
    section = forms.CharField(label=_("Section (§)"), max_length=12)
    case_number = forms.CharField(label=_("Case number"), max_length=40)
    url = forms.URLField(label=_("Link to the minutes"), required=False, assume_scheme="https")
    to_step = forms.TypedChoiceField(
        label=_("If referred back: to which step"), coerce=int, required=False, empty_value=None
    )
    reason = long_text(_("If referred back: why"), required=False)

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        """Starts with the body that adopts programs, and the case that was presented in step 8."""
        presented = process.information_items.filter(attempt=process.attempt).first()
        kwargs["initial"] = {
            "body": deciding_body(),
            "case_number": presented.case_number if presented else "",
        } | kwargs.get("initial", {})
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
