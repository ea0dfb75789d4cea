"""Writing the draft: the whole text on one calm page, and one page for each clause."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Case, Q, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import Truncator, capfirst
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

LONGEST_KEY = 9


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
            concerns = Q(clause=clause.pk) | Q(clause=clause.origin_id, clause__isnull=False)
            rows = rows.annotate(is_near=Case(When(concerns, then=1), default=0))
            rows = rows.order_by("-is_near", "pk")
        self.fields["comments"].queryset = rows

    def clean_comments(self) -> list[Comment]:
        return list(self.cleaned_data["comments"])


class ClauseForm(ReasonForm):
    heading = forms.CharField(label=gettext_lazy("Heading"), max_length=160, required=False)
    text = long_text(gettext_lazy("Text"), required=False)
    field_order = ["heading", "text", "reason", "comments"]


class NewClauseForm(ClauseForm):
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


class MergeForm(ClauseForm):
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


class SplitForm(ClauseForm):
    second_heading = forms.CharField(
        label=gettext_lazy("Heading of the second part"), max_length=160, required=False
    )
    second_text = long_text(gettext_lazy("Text of the second part"), required=False)
    field_order = ["heading", "text", "second_heading", "second_text", "reason", "comments"]


CHANGES: dict[str, type[ReasonForm]] = {
    "edit": ClauseForm,
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
    if request.method != "POST":
        return draft_page(request, process)
    form = NewClauseForm(process, None, request.POST, prefix="new")
    rows = fill_in(form, request, process)
    if form.is_valid():
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
        process = driven(request, pk)
        form.shown_again(process)
    return draft_page(request, process, form=form, rows=rows)


def draft_page(
    request: HttpRequest,
    process: Process,
    *,
    form: NewClauseForm | None = None,
    rows: list[Clause] | None = None,
    is_removed: bool = False,
) -> HttpResponse:
    if form is None:
        form = NewClauseForm(process, None, prefix="new")
    rows = fill_in(form, request, process) if rows is None else rows
    names = names_of(request)
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
            "is_removed": is_removed,
            "may_write": may_write(process),
            "latest": process.versions.select_related("saved_by").defer("clauses").first(),
        },
        status=409 if is_removed else 200,
    )


def fill_in(form: NewClauseForm, request: HttpRequest, process: Process) -> list[Clause]:
    """The levels and places to choose from; returns the clauses."""
    rows = list(process.draft.clauses.select_related("origin").prefetch_related("changes"))
    depth = current(request).municipality.plan_depth
    names = names_of(request)
    form.fields["level"].choices = [(level, capfirst(names[level])) for level in range(depth + 1)]
    form.fields["after"].choices = places(rows)
    return rows


@login_required
def clause(request: HttpRequest, pk: int, clause: int) -> HttpResponse:
    """Edit, move, merge, split or drop one clause, one of them at a time (`?gor=`)."""
    process = driven(request, pk)
    is_sent = request.method == "POST"
    chosen = request.POST.get("change", "") if is_sent else request.GET.get("gor", "edit")
    if chosen not in CHANGES:
        raise Http404
    rows = list(process.draft.clauses.select_related("origin")) if process.draft else []
    row = next((row for row in rows if row.pk == clause), None)
    if row is None:
        if is_sent and process.draft:
            return keep_typed(request, process, chosen)
        raise Http404
    form = build(process, row, rows, chosen, request.POST if is_sent else None)
    conflict = None
    if form.is_valid():

        def change() -> object:
            return apply(process, row, chosen, form, request)

        if attempt(form, change):
            messages.success(request, _("The draft is saved."))
            return redirect("revisions_staff:draft", process.pk)
        process = driven(request, pk)
        stored = Clause.objects.filter(pk=row.pk).first()
        if stored is None:
            return keep_typed(request, process, chosen)
        conflict = stored if fingerprint(stored) != form.cleaned_data["saw"] else None
        # Save again knowingly: what is stored now has been shown beside what was typed.
        form.shown_again(process, saw=fingerprint(stored))
    return render(
        request,
        "revisions/staff/clause.html",
        {
            "crumbs": crumbs(process, _("Change a clause")),
            "process": process,
            "program": process.program,
            "clause": row,
            "name": names_of(request)[row.level],
            "form": form,
            "chosen": chosen,
            "verb": VERBS[chosen],
            "verbs": [
                (name, verb) for name, verb in VERBS.items() if name != "merge" or others(rows, row)
            ],
            "conflict": conflict,
            "may_write": may_write(process),
        },
        status=409 if conflict else 200,
    )


def keep_typed(request: HttpRequest, process: Process, chosen: str) -> HttpResponse:
    """The clause is gone: what was typed for it stands in the form for a new one."""
    names = ("heading", "text", "reason")
    typed = {name: request.POST.get(f"{chosen}-{name}", "") for name in names}
    form = NewClauseForm(process, None, prefix="new", initial=typed)
    return draft_page(request, process, form=form, is_removed=True)


def others(rows: list[Clause], row: Clause) -> list[Clause]:
    """Those that the clause can be merged with."""
    return [other for other in rows if other.level == row.level and other.pk != row.pk]


def build(process: Process, row: Clause, rows: list[Clause], name: str, data: Any) -> ReasonForm:
    initial = {"saw": fingerprint(row), "heading": row.heading, "text": row.text}
    form = CHANGES[name](process, row, data, prefix=name, initial=initial)
    if name == "move":
        under = {clause.pk for clause in drafting.block(rows, row)}
        form.fields["after"].choices = places([r for r in rows if r.pk not in under])
    if name == "merge":
        form.fields["other"].choices = [
            (f"{other.pk}-{fingerprint(other)}", f"{other.number} {other.title}"[:80])
            for other in others(rows, row)
        ]
    return form


def apply(
    process: Process, row: Clause, name: str, form: ReasonForm, request: HttpRequest
) -> object:
    given = form.given
    shared = {"saw": given["saw"], "because": because(request, process, given)}
    words = {key: given[key] for key in ("heading", "text") if key in given}
    if name == "edit":
        return drafting.edit_clause(process, form.seen, row.pk, **words, **shared)
    if name == "move":
        return drafting.move_clause(process, form.seen, row.pk, after=given["after"], **shared)
    if name == "drop":
        return drafting.drop_clause(process, form.seen, row.pk, **shared)
    if name == "merge":
        other, saw_other = given["other"].split("-")
        return drafting.merge_clauses(
            process, form.seen, row.pk, int(other), saw_other=saw_other, **words, **shared
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
        comments=given["comments"],
        role=role_in_words(request.user, process.program),
    )


def attempt(form: ReasonForm, change: Callable[[], object]) -> bool:
    """Try it; what the workflow refuses is told above the form, which keeps what was typed."""
    try:
        change()
    except TransitionError as error:
        form.add_error(None, str(error))
        return False
    except ValidationError as error:
        form.add_error(None, error.messages)
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
