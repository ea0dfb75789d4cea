"""Writing the draft: the whole text on one calm page, and one page for each clause."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.current import current
from programs.models import Clause
from programs.views.shell import paginate
from revisions import drafting
from revisions.drafting import Because, fingerprint, may_write
from revisions.forms import TransitionForm, long_text
from revisions.models import Comment, Process
from revisions.permissions import role_in_words
from revisions.staff.access import crumbs, driven, process_for
from revisions.workflow import TransitionError


class CommentsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Comment) -> str:
        return f"{obj.reference}: {obj.text[:90]}"


class ClauseForm(TransitionForm):
    """A clause's wording, why it changes, and which comments are behind it."""

    saw = forms.CharField(widget=forms.HiddenInput, required=False)
    heading = forms.CharField(label=gettext_lazy("Heading"), max_length=160, required=False)
    text = long_text(gettext_lazy("Text"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        help_text=gettext_lazy("In a few words. Everyone can read it beside the change."),
    )
    comments = CommentsField(
        label=gettext_lazy("Comments behind it"),
        queryset=Comment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(process, *args, **kwargs)
        self.fields["comments"].queryset = Comment.objects.filter(process=process).exclude(
            state="refused"
        )


class NewClauseForm(ClauseForm):
    level = forms.TypedChoiceField(label=gettext_lazy("Kind"), coerce=int)
    after = forms.TypedChoiceField(
        label=gettext_lazy("Stands after"), coerce=int, required=False, empty_value=None
    )
    field_order = ["level", "after", "heading", "text", "reason", "comments"]


class MoveForm(ClauseForm):
    heading = text = None
    after = forms.TypedChoiceField(
        label=gettext_lazy("Move it to stand after"), coerce=int, required=False, empty_value=None
    )
    field_order = ["after", "reason", "comments"]


class DropForm(ClauseForm):
    heading = text = None


class MergeForm(ClauseForm):
    other = forms.TypedChoiceField(label=gettext_lazy("Merge with"), coerce=int)
    field_order = ["other", "heading", "text", "reason", "comments"]


class SplitForm(ClauseForm):
    second_heading = forms.CharField(
        label=gettext_lazy("Heading of the second part"), max_length=160, required=False
    )
    second_text = long_text(gettext_lazy("Text of the second part"), required=False)
    field_order = ["heading", "text", "second_heading", "second_text", "reason", "comments"]


CHANGES: dict[str, type[ClauseForm]] = {
    "edit": ClauseForm,
    "move": MoveForm,
    "drop": DropForm,
    "merge": MergeForm,
    "split": SplitForm,
}


def names_of(request: HttpRequest) -> list[str]:
    words = current(request).words
    return [words["vision"].singular, *(words[f"level_{n}"].singular for n in range(1, 5))]


def places(rows: list[Clause]) -> list[tuple[Any, str]]:
    return [("", _("First of all")), *((row.pk, f"{row.number} {row.title}"[:80]) for row in rows)]


@login_required
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Every clause with its way to be changed, and a form for a new one."""
    process = driven(request, pk)
    if process.draft is None:
        messages.error(request, _("There is no draft yet. Begin it here."))
        return redirect("revisions_staff:process", process.pk)
    rows = list(process.draft.clauses.select_related("origin").prefetch_related("changes"))
    form = NewClauseForm(process, request.POST or None, prefix="new")
    depth = current(request).municipality.plan_depth
    names = names_of(request)
    form.fields["level"].choices = [(level, names[level]) for level in range(depth + 1)]
    form.fields["after"].choices = places(rows)
    if request.method == "POST" and form.is_valid():
        given = form.given

        def add() -> object:
            return drafting.add_clause(
                process,
                form.seen,
                after=given["after"],
                level=given["level"],
                heading=given["heading"],
                text=given["text"],
                because=because(request, process, given),
            )

        if attempt(form, add):
            messages.success(request, _("Added. The draft is saved."))
            return redirect("revisions_staff:draft", process.pk)
    for row in rows:
        row.name = names[row.level]
        row.is_changed = row.origin is None or (row.origin.heading, row.origin.text) != (
            row.heading,
            row.text,
        )
    return render(
        request,
        "revisions/staff/draft.html",
        {
            "crumbs": crumbs(process, _("The draft")),
            "process": process,
            "program": process.program,
            "rows": rows,
            "form": form,
            "may_write": may_write(process),
            "latest": process.versions.select_related("saved_by").first(),
        },
    )


@login_required
def clause(request: HttpRequest, pk: int, clause: int) -> HttpResponse:
    """Edit, move, merge, split or drop one clause."""
    process = driven(request, pk)
    row = get_object_or_404(
        Clause.objects.select_related("origin", "parent"), pk=clause, edition=process.draft_id
    )
    rows = list(process.draft.clauses.all())
    sent = request.POST.get("change", "") if request.method == "POST" else ""
    built = {
        name: build(process, row, rows, name, request.POST if name == sent else None)
        for name in CHANGES
    }
    form = built.get(sent)
    conflict = None
    if form is not None and form.is_valid():
        outcome = {}

        def change() -> object:
            outcome["row"] = apply(process, row, rows, sent, form, request)
            return outcome["row"]

        if attempt(form, change):
            messages.success(request, _("The draft is saved."))
            return redirect("revisions_staff:draft", process.pk)
        stored = Clause.objects.filter(pk=row.pk).first()
        if stored and fingerprint(stored) != form.cleaned_data["saw"]:
            conflict = stored
            # Save again knowingly: what is stored now has been shown beside what was typed.
            form.data = form.data.copy()
            form.data[form.add_prefix("saw")] = fingerprint(stored)
    return render(
        request,
        "revisions/staff/clause.html",
        {
            "crumbs": crumbs(process, _("Change a clause")),
            "process": process,
            "program": process.program,
            "clause": row,
            "name": names_of(request)[row.level],
            "forms": built,
            "open_form": sent or "edit",
            "conflict": conflict,
            "may_write": may_write(process),
        },
        status=409 if conflict else 200,
    )


def build(process: Process, row: Clause, rows: list[Clause], name: str, data: Any) -> ClauseForm:
    initial = {"saw": fingerprint(row), "heading": row.heading, "text": row.text}
    form = CHANGES[name](process, data, prefix=name, initial=initial)
    if name == "move":
        under = {clause.pk for clause in drafting.block(rows, row)}
        form.fields["after"].choices = places([r for r in rows if r.pk not in under])
    if name == "merge":
        form.fields["other"].choices = [
            (other.pk, f"{other.number} {other.title}"[:80])
            for other in rows
            if other.level == row.level and other.pk != row.pk
        ]
    return form


def apply(
    process: Process,
    row: Clause,
    rows: list[Clause],
    name: str,
    form: ClauseForm,
    request: HttpRequest,
) -> object:
    given = form.given
    shared = {"saw": given["saw"], "because": because(request, process, given)}
    words = {key: given[key] for key in ("heading", "text") if key in given}
    if name == "edit":
        return drafting.edit_clause(
            process, form.seen, row.pk, **words, youth_voices=row.youth_voices, **shared
        )
    if name == "move":
        return drafting.move_clause(process, form.seen, row.pk, after=given["after"], **shared)
    if name == "drop":
        return drafting.drop_clause(process, form.seen, row.pk, **shared) or True
    if name == "merge":
        other = next(clause for clause in rows if clause.pk == given["other"])
        return drafting.merge_clauses(
            process, form.seen, row.pk, other.pk, saw_other=fingerprint(other), **words, **shared
        )
    return drafting.split_clause(
        process,
        form.seen,
        row.pk,
        **words,
        second_heading=given["second_heading"],
        second_text=given["second_text"],
        **shared,
    )


def because(request: HttpRequest, process: Process, given: dict[str, Any]) -> Because:
    return Because(
        by=request.user,
        reason=given["reason"],
        today=timezone.localdate(),
        comments=list(given["comments"]),
        role=role_in_words(request.user, process.program),
    )


def attempt(form: ClauseForm, change: Callable[[], object]) -> bool:
    """Try it; what the workflow refuses is told above the form, which keeps what was typed."""
    try:
        change()
    except TransitionError as error:
        form.add_error(None, str(error))
        return False
    return True


@login_required
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every saved version of the draft, latest first."""
    process = process_for(request, pk)
    rows = process.versions.select_related("saved_by")
    return render(
        request,
        "revisions/staff/versions.html",
        {
            "crumbs": crumbs(process, _("Versions of the draft")),
            "process": process,
            "program": process.program,
            **paginate(request, rows),
        },
    )
