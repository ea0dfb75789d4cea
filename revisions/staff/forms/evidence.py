"""Events and documents that show what a step came to."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.models import Document, Event
from programs.models.documents import DOCUMENT_TYPES
from revisions.forms import TransitionForm
from revisions.models import Evidence, Process
from revisions.requirements import REQUIREMENTS
from revisions.requirements.mending import documents_to_connect, events_to_connect


def short_text(label: object, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, **kwargs
    )


class DatedChoiceField(forms.ModelChoiceField):
    """Events or documents with their dates: several have the same title."""

    def label_from_instance(self, obj: Event | Document) -> str:
        date = obj.date if isinstance(obj, Event) else obj.dated
        return f"{obj.title} · {date}" if date else obj.title


class EvidenceForm(TransitionForm):
    event = DatedChoiceField(
        label=_("A meeting or activity"),
        queryset=Event.objects.none(),
        required=False,
        empty_label="–",
    )
    document = DatedChoiceField(
        label=_("A document"), queryset=Document.objects.none(), required=False, empty_label="–"
    )

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(process, *args, **kwargs)
        self.fields["event"].queryset = events_to_connect(process)
        self.fields["document"].queryset = documents_to_connect(process)
        if not self.is_bound:
            self.suitable_first()

    def suitable_first(self) -> None:
        """What the step asks for stands above the rest."""
        wanted = [REQUIREMENTS[key] for key in self.process.current.requires]
        for name, kinds in (
            ("event", {kind for row in wanted for kind in row.event_kinds}),
            ("document", {kind for row in wanted for kind in row.document_kinds}),
        ):
            field = self.fields[name]
            if not field.queryset:
                # Nothing to choose from: it would only be in the way.
                field.widget = forms.HiddenInput()
                continue
            rows = [(row.kind in kinds, row.pk, field.label_from_instance(row))
                    for row in field.queryset]  # fmt: skip
            field.choices = [("", "–"), *grouped(rows)]

    def clean(self) -> None:
        if bool(self.cleaned_data.get("event")) == bool(self.cleaned_data.get("document")):
            self.add_error("event", _("Choose one event or one document."))


def has_something_to_connect(process: Process) -> bool:
    return events_to_connect(process).exists() or documents_to_connect(process).exists()


def grouped(rows: Iterable[tuple[bool, int, str]]) -> list[tuple[Any, Any]]:
    fits, other = [], []
    for is_fit, pk, label in rows:
        (fits if is_fit else other).append((pk, label))
    if not fits:
        return other
    groups = [(gettext("Fits this step"), fits)]
    return [*groups, (gettext("Other"), other)] if other else groups


class PaperForm(TransitionForm):
    """A document that the step asks for, put on the portal and connected at once."""

    title = forms.CharField(label=_("Title"), max_length=200)
    file = forms.FileField(
        label=_("File"),
        required=False,
        validators=[FileExtensionValidator(DOCUMENT_TYPES)],
        help_text=_("PDF, Word, Excel or the like."),
    )
    url = forms.URLField(
        label=_("Or a link to it"), required=False, max_length=500, assume_scheme="https"
    )
    inaccessible_reason = short_text(
        _("If it cannot be read by everyone: why"),
        required=False,
        help_text=_("For example scanned pages that a screen reader cannot read."),
    )

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})
        kind = kind_of_paper(process)
        if kind:
            kwargs["initial"].setdefault("title", capfirst(Document.Kind(kind).label))
        super().__init__(process, *args, **kwargs)

    def clean(self) -> None:
        # A file that was refused has its own message.
        if "file" not in self.errors and bool(self.cleaned_data.get("file")) == bool(
            self.cleaned_data.get("url")
        ):
            self.add_error("file", _("Give a file or a link, not both."))

    @property
    def document(self) -> Document:
        given = self.given
        return Document(
            kind=kind_of_paper(self.process),
            title=given["title"],
            file=given["file"] or "",
            url=given["url"],
            is_accessible=not given["inaccessible_reason"],
            inaccessible_reason=given["inaccessible_reason"],
        )


def kind_of_paper(process: Process) -> str:
    """The kind of document that the step under way asks for; empty for none."""
    wanted = process.current.requires if process.current else ()
    kinds = [kind for key in wanted for kind in REQUIREMENTS[key].document_kinds]
    return kinds[0] if kinds else ""


class WithdrawForm(TransitionForm):
    evidence = forms.TypedChoiceField(label=_("What was connected by mistake"), coerce=int)
    reason = short_text(_("Why it is withdrawn"))

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(process, *args, **kwargs)
        shown = Evidence.objects.of_step_under_way(process).select_related("event", "document")
        self.fields["evidence"].choices = [(row.pk, row.words) for row in shown]
