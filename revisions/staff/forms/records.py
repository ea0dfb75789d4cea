"""What is put on record on the way. A record may be corrected while its step is under way."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Channel, Event
from revisions.forms import TransitionForm, date_field, long_text
from revisions.models import Process
from revisions.models.records import Record
from revisions.requirements import CHANNELS_TO_ENTER, channels_left
from revisions.staff.forms.evidence import DatedChoiceField, short_text


class PeriodForm(TransitionForm):
    opens_on = date_field(_("First day for comments"))
    closes_on = date_field(_("Last day for comments"))
    reason = short_text(_("Why the period is changed"))

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        is_set = process.comments_open_on is not None
        if is_set:
            kwargs["initial"] = {
                "opens_on": process.comments_open_on,
                "closes_on": process.comments_close_on,
            }
        super().__init__(process, *args, **kwargs)
        # Perhaps it was set after the page was read: then it is the workflow that asks why.
        self.fields["reason"].required = not self.is_bound
        if not is_set:
            del self.fields["reason"]
        elif process.comments_open_on <= timezone.localdate():
            # It has begun: its first day stays.
            self.fields["opens_on"].widget = forms.HiddenInput()


class ChannelForm(TransitionForm):
    channel = forms.MultipleChoiceField(
        label=_("All has been entered that came in"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(process, *args, **kwargs)
        self.fields["channel"].choices = named(channels_left(process))


class ReopenForm(TransitionForm):
    channel = forms.ChoiceField(label=_("There is more to enter that came in"), choices=[])
    reason = short_text(_("Why it is reopened"))

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(process, *args, **kwargs)
        left = channels_left(process)
        self.fields["channel"].choices = named(
            channel for channel in CHANNELS_TO_ENTER if channel not in left
        )


def named(channels: Iterable[Channel]) -> list[tuple[str, Any]]:
    return [(channel.value, channel.label) for channel in channels]


class RecordForm(TransitionForm):
    """Carries which record was on the screen; to correct one takes a reason."""

    corrects = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = short_text(_("Why it is corrected"))

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        self.latest = self.recorded(process)
        given = kwargs.get("initial", {})
        if self.latest:
            kwargs["initial"] = {"corrects": self.latest.pk} | self.said(self.latest) | given
        super().__init__(process, *args, **kwargs)
        seen = self.data.get(self.add_prefix("corrects")) if self.is_bound else self.latest
        if not seen:
            del self.fields["reason"]

    def recorded(self, process: Process) -> Record | None:
        raise NotImplementedError

    def said(self, latest: Any) -> dict[str, Any]:
        names = [name for name in self.base_fields if hasattr(latest, name)]
        return {name: getattr(latest, name) for name in names if name not in {"step", "attempt"}}

    def shown_again(self, process: Process, **hidden: str) -> None:
        latest = self.recorded(process)
        super().shown_again(process, corrects=str(latest.pk) if latest else "", **hidden)


class AnchorForm(RecordForm):
    board_on = date_field(_("The board's decision"))
    members_informed_on = date_field(_("The members were informed"))
    note = long_text(_("Note"), required=False)
    field_order = ["board_on", "members_informed_on", "note", "reason"]

    def recorded(self, process: Process) -> Record | None:
        return process.anchorings.filter(attempt=process.attempt).first()


class DeadlineForm(TransitionForm):
    due_on = date_field(_("Last day for the association's statement"))

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"due_on": process.statement_due_on} | kwargs.get("initial", {})
        super().__init__(process, *args, **kwargs)


class StatementForm(RecordForm):
    text = long_text(_("Statement"), required=False)
    is_absent = forms.BooleanField(
        label=_("No statement came in before the last day"), required=False
    )
    field_order = ["text", "is_absent", "reason"]

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(process, *args, **kwargs)
        due = process.statement_due_on
        if not (due and due < timezone.localdate()):
            del self.fields["is_absent"]
            self.fields["text"].required = True

    def recorded(self, process: Process) -> Record | None:
        return process.statements.filter(attempt=process.attempt).first()

    def clean(self) -> None:
        if "is_absent" not in self.fields or "text" in self.errors:
            return
        if bool(self.cleaned_data.get("text")) == self.cleaned_data.get("is_absent"):
            self.add_error("text", _("Write the statement, or note that none was given."))

    @property
    def given(self) -> dict[str, Any]:
        given = super().given
        given.pop("is_absent", None)
        return given


class InformationForm(RecordForm):
    presented_on = date_field(_("Presented"))
    body = forms.CharField(label=_("To which body"), max_length=120)
    case_number = forms.CharField(label=_("Case number"), max_length=40)
    remarks = long_text(
        _("Remarks"), required=False, help_text=_("What was remarked. Everyone can read it.")
    )
    field_order = ["presented_on", "body", "case_number", "remarks", "reason"]

    def recorded(self, process: Process) -> Record | None:
        return process.information_items.filter(attempt=process.attempt).first()


class MinutesForm(TransitionForm):
    event = DatedChoiceField(
        label=_("The steering group meeting that approved the text"),
        queryset=Event.objects.none(),
        empty_label="–",
        help_text=_("Its minutes must be published."),
    )
    digest = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(process, *args, **kwargs)
        self.fields["event"].queryset = Event.objects.filter(
            program=process.program, kind=Event.Kind.STEERING_GROUP_MEETING, is_cancelled=False
        ).order_by("-date", "-pk")


class ApproveForm(TransitionForm):
    digest = forms.CharField(widget=forms.HiddenInput)


class StandForm(ApproveForm):
    reason = long_text(
        _("What should change"), required=False, help_text=_("Needed to ask for a change.")
    )
