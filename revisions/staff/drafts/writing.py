"""Changing the draft: one page for each clause, and one for a new one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.current import current
from programs.models import Clause
from revisions import drafting, working_copies
from revisions.drafting import Because, fingerprint, may_write
from revisions.models import Comment, Process, WorkingCopy
from revisions.permissions import role_in_words
from revisions.staff.access import crumbs, driven
from revisions.staff.drafts.copies import lost_copy, moment, note_on, typed_in
from revisions.staff.drafts.forms import (
    CHANGES,
    VERBS,
    NewClauseForm,
    ReasonForm,
    build,
    new_clause,
    on_clause,
    others,
)
from revisions.workflow import TransitionError

LONGEST_KEY = 9


def names_of(request: HttpRequest) -> list[str]:
    """What the levels of the plan are called, the vision first."""
    words = current(request).words
    return [words["vision"].singular, *(words[f"level_{n}"].singular for n in range(1, 5))]


def rows_of(process: Process) -> list[Clause]:
    return list(process.draft.clauses.select_related("origin")) if process.draft else []


# --- A new clause --------------------------------------------------------------------------------


@login_required
def add_clause(request: HttpRequest, pk: int) -> HttpResponse:
    """A new clause, placed where one came from (`?efter=`) or where one chooses."""
    process = driven(request, pk)
    if process.draft is None:
        return redirect("revisions_staff:draft", process.pk)
    if request.method != "POST":
        return add_page(request, process)
    rows = rows_of(process)
    form = new_clause(process, rows, levels(request), request.POST)
    if form.is_valid():
        given = form.given

        def add() -> Clause:
            return drafting.add_clause(
                process,
                form.seen,
                after=given["after"],
                level=given["level"],
                heading=given["heading"],
                text=given["text"],
                because=because(request, process, given),
            )

        if added := attempt(form, add):
            forget_new(request, process)
            messages.success(request, _("Added. The draft is saved."))
            return redirect(f"{reverse('revisions_staff:draft', args=[process.pk])}#{added.slug}")
        process = driven(request, pk)
        form.shown_again(process)
    return add_page(request, process, form)


def levels(request: HttpRequest) -> list[str]:
    return names_of(request)[: current(request).municipality.plan_depth + 1]


def add_page(
    request: HttpRequest,
    process: Process,
    form: NewClauseForm | None = None,
    *,
    removed: dict[str, Any] | None = None,
) -> HttpResponse:
    """`removed` is what was typed for a clause that someone else has removed meanwhile."""
    copy = None
    if form is None:
        rows = rows_of(process)
        copy = copy_asked_for(request, process)
        initial = removed or (copy.typed if copy else beside(request, rows))
        form = new_clause(process, rows, levels(request), **initial)
    return render(
        request,
        "revisions/staff/add_clause.html",
        {
            "crumbs": crumbs(process, _("Add to the draft")),
            "process": process,
            "program": process.program,
            "form": form,
            "copy": copy,
            "copy_time": moment(copy.saved_at, timezone.now()) if copy else "",
            "is_removed": bool(removed) or bool(copy and copy.clause_slug),
            "may_write": may_write(process),
        },
        status=409 if removed else 200,
    )


def forget_new(request: HttpRequest, process: Process) -> None:
    """What was typed is in the draft now, also if it was begun for a clause that is gone."""
    copy = lost_copy(process, request.user, request.POST.get("copy", ""))
    change, slug = (copy.change, copy.clause_slug) if copy else (WorkingCopy.Change.NEW, "")
    working_copies.forget(process, request.user, change=change, slug=slug)


def copy_asked_for(request: HttpRequest, process: Process) -> WorkingCopy | None:
    """What one typed for a new clause; or, if the address says so, for one that is gone."""
    if "utkast" in request.GET:
        return lost_copy(process, request.user, request.GET["utkast"])
    return process.working_copies.of(request.user).filter(change=WorkingCopy.Change.NEW).first()


def beside(request: HttpRequest, rows: list[Clause]) -> dict[str, Any]:
    """After the clause that the address names, and of its kind."""
    asked = request.GET.get("efter", "")
    row = next((row for row in rows if str(row.pk) == asked), None)
    return {"after": row.pk, "level": row.level} if row else {}


# --- A clause that is there ----------------------------------------------------------------------


@dataclass
class Page:
    """What the page of one clause is made of."""

    process: Process
    rows: list[Clause]
    row: Clause
    chosen: str
    form: ReasonForm
    copy: WorkingCopy | None = None
    conflict: Clause | None = None


@login_required
def clause(request: HttpRequest, pk: int, clause: int) -> HttpResponse:
    """Edit, move, merge, split or drop one clause, one of them at a time (`?gor=`)."""
    process = driven(request, pk)
    is_sent = request.method == "POST"
    chosen = request.POST.get("change", "") if is_sent else request.GET.get("gor", "edit")
    if chosen not in CHANGES:
        raise Http404
    rows = rows_of(process)
    row = next((row for row in rows if row.pk == clause), None)
    if row is None:
        if is_sent and process.draft:
            return keep_typed(request, process, chosen)
        raise Http404
    if not is_sent:
        return render_page(request, opened(request, process, rows, row, chosen))
    form = build(process, row, rows, chosen, request.POST)
    conflict = None
    if form.is_valid():

        def change() -> object:
            apply(process, row, chosen, form, request)
            return True

        if attempt(form, change):
            working_copies.forget(process, request.user, change=chosen, slug=row.slug)
            messages.success(request, _("The draft is saved."))
            return redirect(f"{reverse('revisions_staff:draft', args=[process.pk])}#{row.slug}")
        process = driven(request, pk)
        stored = Clause.objects.filter(pk=row.pk).first()
        if stored is None:
            return keep_typed(request, process, chosen)
        conflict = stored if fingerprint(stored) != form.cleaned_data["saw"] else None
        # Save again knowingly: what is stored now has been shown beside what was typed.
        form.shown_again(process, saw=fingerprint(stored))
    return render_page(request, Page(process, rows, row, chosen, form, conflict=conflict))


def opened(
    request: HttpRequest, process: Process, rows: list[Clause], row: Clause, chosen: str
) -> Page:
    """The form as it was left, or as the draft reads; a move may come with its place chosen."""
    copy = (
        process.working_copies.of(request.user).filter(clause_slug=row.slug, change=chosen).first()
    )
    initial = dict(copy.typed) if copy else {}
    if chosen == "move" and "efter" in request.GET:
        initial["after"] = request.GET["efter"][:LONGEST_KEY]
    form = build(process, row, rows, chosen, None, **initial)
    # Begun from another wording: shown beside, as when it is found out on saving.
    is_older = copy is not None and copy.saw != fingerprint(row)
    return Page(process, rows, row, chosen, form, copy, row if is_older else None)


def render_page(request: HttpRequest, page: Page) -> HttpResponse:
    process, row = page.process, page.row
    now = timezone.now()
    copies = process.working_copies.filter(clause_slug=row.slug).by_others(request.user)
    comments = Comment.objects.filter(on_clause(row), process=process)
    return render(
        request,
        "revisions/staff/clause.html",
        {
            "crumbs": crumbs(process, _("Change a clause")),
            "process": process,
            "program": process.program,
            "clause": row,
            "name": names_of(request)[row.level],
            "form": page.form,
            "chosen": page.chosen,
            "verb": VERBS[page.chosen],
            "verbs": [
                (name, verb)
                for name, verb in VERBS.items()
                if name != "merge" or others(page.rows, row)
            ],
            "is_kept": page.chosen in WorkingCopy.Change.values,
            "copy": page.copy,
            "notes": [note_on(copy, request.user, now) for copy in copies],
            "copy_time": moment(page.copy.saved_at, now) if page.copy else "",
            "comments": comments.exclude(state__in=["refused", "hidden"]).order_by("pk"),
            "reasons": row.changes.select_related("made_by").order_by("-pk"),
            "conflict": page.conflict,
            "may_write": may_write(process),
        },
        status=409 if page.conflict and page.form.is_bound else 200,
    )


def keep_typed(request: HttpRequest, process: Process, chosen: str) -> HttpResponse:
    """The clause is gone: what was typed for it stands in the form for a new one."""
    typed = typed_in(request.POST, chosen)
    names = ("heading", "text", "reason")
    return add_page(request, process, removed={name: typed.get(name, "") for name in names})


def apply(
    process: Process, row: Clause, name: str, form: ReasonForm, request: HttpRequest
) -> object:
    given = form.given
    shared = {"saw": given["saw"], "because": because(request, process, given)}
    names = ("heading", "text", "youth_voices", "second_heading", "second_text")
    words = {key: given[key] for key in names if key in given}
    if form.add_prefix("youth_voices") not in form.data:
        # What was not on the page that was sent is left as it is.
        words.pop("youth_voices", None)
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
    return drafting.split_clause(process, form.seen, row.pk, **words, **shared)


# --- What every change shares --------------------------------------------------------------------


def because(request: HttpRequest, process: Process, given: dict[str, Any]) -> Because:
    return Because(
        by=request.user,
        reason=given["reason"],
        today=timezone.localdate(),
        comments=given["comments"],
        role=role_in_words(request.user, process.program),
    )


def attempt(form: ReasonForm, change: Callable[[], Any]) -> Any:
    """What it returns; None, and told above the form that keeps what was typed, when refused."""
    try:
        return change()
    except TransitionError as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        form.add_error(None, error.messages)
    return None
