"""What staff type when they change the draft."""

from typing import Any

from django import forms
from django.db.models import Case, Q, When
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.models import Clause
from revisions import drafting
from revisions.drafting import fingerprint
from revisions.forms import TransitionForm, long_text
from revisions.models import Comment, Process

LONGEST_KEY = 9
# Points of the vision and areas stand free; what is deeper stands under something.
FIRST_THAT_STANDS_UNDER = 2


class CommentsField(forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        # A number too large for the database is no choice, and no error of ours.
        for key in value or ():
            if len(key) > LONGEST_KEY:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], "invalid_choice", {"value": key}
                )
        return super().clean(value)

    def label_from_instance(self, obj: Comment) -> str:
        return f"{obj.reference}: {Truncator(obj.text).chars(90)}"


class ReasonForm(TransitionForm):
    """Why the text changes, and which comments are behind it; those on the clause come first."""

    saw = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        help_text=gettext_lazy("In a few words. Everyone can read it beside the change."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    comments = CommentsField(
        label=gettext_lazy("Comments behind it"),
        queryset=Comment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, process: Process, clause: Clause | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(process, *args, **kwargs)
        rows = Comment.objects.filter(process=process).exclude(state__in=["refused", "hidden"])
        if clause is not None:
            near = Case(When(on_clause(clause), then=1), default=0)
            rows = rows.annotate(is_near=near).order_by("-is_near", "pk")
        self.fields["comments"].queryset = rows

    def clean(self) -> None:
        # A browser sends its own line endings; the text has one kind.
        for name, value in self.cleaned_data.items():
            if isinstance(value, str):
                self.cleaned_data[name] = value.replace("\r\n", "\n")

    def clean_comments(self) -> list[Comment]:
        return list(self.cleaned_data["comments"])

    @property
    def comment_choices(self) -> tuple[list[Any], list[Any]]:
        """The checkboxes: of comments on the clause itself or already chosen, and of the rest."""
        near, rest = [], []
        for box in self["comments"].subwidgets:
            comment = box.data["value"].instance
            is_near = box.data["selected"] or getattr(comment, "is_near", 0)
            (near if is_near else rest).append(box)
        return near, rest


def on_clause(clause: Clause) -> Q:
    """Comments on the clause in the draft, or on what it grew from in the text in force."""
    grew_from = [clause.origin_id, *clause.merged_from.values_list("pk", flat=True)]
    return Q(clause__in=[clause.pk, *filter(None, grew_from)])


class WordingForm(ReasonForm):
    heading = forms.CharField(
        label=gettext_lazy("Heading"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = long_text(gettext_lazy("Text"), required=False)
    field_order = ["heading", "text", "reason", "comments"]


class EditForm(WordingForm):
    youth_voices = long_text(
        gettext_lazy("What young people said"),
        required=False,
        help_text=gettext_lazy("Shown beside the clause. On group level; nobody is named."),
    )
    field_order = ["heading", "text", "youth_voices", "reason", "comments"]


class NewClauseForm(WordingForm):
    level = forms.TypedChoiceField(label=gettext_lazy("Kind"), coerce=int)
    after = forms.TypedChoiceField(
        label=gettext_lazy("Stands after"), coerce=int, required=False, empty_value=None
    )
    field_order = ["level", "after", "heading", "text", "reason", "comments"]


class MoveForm(ReasonForm):
    after = forms.TypedChoiceField(
        label=gettext_lazy("Move it to stand after"), coerce=int, required=False, empty_value=None
    )
    field_order = ["after", "reason", "comments"]


class DropForm(ReasonForm):
    """Nothing but the reason."""


class RestoreForm(ReasonForm):
    """Brings back a dropped clause, or a whole version: only the reason is asked for."""


class MergeForm(WordingForm):
    """`other` carries its wording as it was shown, so that nobody's change to it is lost."""

    other = forms.ChoiceField(
        label=gettext_lazy("Merge with"),
        error_messages={
            "invalid_choice": gettext_lazy(
                "That clause has been changed or removed. Look at it again and choose."
            )
        },
    )
    field_order = ["other", "heading", "text", "reason", "comments"]


class SplitForm(WordingForm):
    second_heading = forms.CharField(
        label=gettext_lazy("Heading of the second part"), max_length=160, required=False
    )
    second_text = long_text(gettext_lazy("Text of the second part"), required=False)
    field_order = ["heading", "text", "second_heading", "second_text", "reason", "comments"]


CHANGES: dict[str, type[ReasonForm]] = {
    "edit": EditForm,
    "move": MoveForm,
    "split": SplitForm,
    "merge": MergeForm,
    "drop": DropForm,
}
VERBS = {
    "edit": gettext_lazy("Edit"),
    "move": gettext_lazy("Move"),
    "split": gettext_lazy("Split in two"),
    "merge": gettext_lazy("Merge with another"),
    "drop": gettext_lazy("Drop"),
}


def build(
    process: Process, row: Clause, rows: list[Clause], name: str, data: Any, **initial: Any
) -> ReasonForm:
    """The form of that change to the clause `row`, one of `rows` in reading order."""
    stands = {"heading": row.heading, "text": row.text, "youth_voices": row.youth_voices}
    initial = {"saw": fingerprint(row)} | stands | initial
    form = CHANGES[name](process, row, data, prefix=name, initial=initial)
    if name == "move":
        first = [("", _("First of all"))] if row.level < FIRST_THAT_STANDS_UNDER else []
        now = stands_after(rows, row)
        form.fields["after"].choices = [
            (key, _("%(place)s (here now)") % {"place": words} if key == now else words)
            for key, words in [*first, *choices(landings(rows, row))]
        ]
        form.fields["after"].required = not first
        form.initial.setdefault("after", now)
    if name == "merge":
        form.fields["other"].choices = [
            (f"{other.pk}-{fingerprint(other)}", name_of(other)) for other in others(rows, row)
        ]
    return form


def new_clause(
    process: Process, rows: list[Clause], names: list[str], data: Any = None, **initial: Any
) -> NewClauseForm:
    """`names` are of the plan's levels, the vision first."""
    form = NewClauseForm(process, None, data, prefix="new", initial=initial)
    form.fields["level"].choices = [(level, capfirst(name)) for level, name in enumerate(names)]
    form.fields["after"].choices = places(rows)
    return form


def places(rows: list[Clause]) -> list[tuple[Any, str]]:
    return [("", _("First of all")), *choices(rows)]


def choices(rows: list[Clause]) -> list[tuple[Any, str]]:
    return [(row.pk, name_of(row)) for row in rows]


def name_of(row: Clause) -> str:
    """By its number; indented by its level, so that a list of them shows how the text is built."""
    indent = "\u2003" * max(row.level - 1, 0)
    return f"{indent}{row.number} {Truncator(row.title).chars(70)}".replace("\n", " ").rstrip()


def landings(rows: list[Clause], row: Clause) -> list[Clause]:
    """Those that the clause may be moved to stand after: on its own level or above it.

    Itself and all under it are left out. Points of the vision stand among themselves.
    """
    under = {clause.pk for clause in drafting.block(rows, row)} if row in rows else set()
    return [
        other
        for other in rows
        if other.pk not in under
        and other.level <= row.level
        and (other.level == 0) == (row.level == 0)
    ]


def stands_after(rows: list[Clause], row: Clause) -> int | str:
    """The landing that is where it stands now."""
    before = rows[: rows.index(row)]
    return next((other.pk for other in reversed(landings(before, row))), "")


def steps(rows: list[Clause], row: Clause) -> dict[str, int | str]:
    """One step up and down among those beside it: what it would stand after ("" for first)."""
    beside = [r for r in rows if (r.level, r.parent_id) == (row.level, row.parent_id)]
    place = beside.index(row)
    found: dict[str, int | str] = {}
    if place > 0:
        found["up"] = beside[place - 2].pk if place > 1 else row.parent_id or ""
    if place + 1 < len(beside):
        found["down"] = beside[place + 1].pk
    return found


def others(rows: list[Clause], row: Clause) -> list[Clause]:
    """Those that the clause can be merged with."""
    return [other for other in rows if other.level == row.level and other.pk != row.pk]
