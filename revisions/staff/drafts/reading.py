"""The whole draft on one calm page, in reading order, and as the public will see it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.current import current
from programs.models import Clause
from programs.views.editions import table_of_contents, with_layout
from revisions.comparison import Change, State, walk
from revisions.drafting import may_write
from revisions.models import Comment, Process, WorkingCopy
from revisions.staff.access import crumbs, driven
from revisions.staff.drafts.copies import note_on
from revisions.staff.drafts.forms import steps
from revisions.views.comparison import sections
from revisions.views.drafts import changes_of, index_of, shown

# So many comments are read beside a clause; the rest on a page of their own.
COMMENTS_BESIDE = 4


@dataclass
class Row:
    """One clause as the page shows it, or one that was dropped (`clause` None), where it stood."""

    change: Change
    clause: Clause | None
    comments: list[Comment] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    steps: dict[str, int | str] = field(default_factory=dict)

    @property
    def beside(self) -> list[Comment]:
        return self.comments[:COMMENTS_BESIDE]

    @property
    def is_marked(self) -> bool:
        return self.change.state != State.KEPT

    @property
    def gone_with_it(self) -> list[Change]:
        return [change for change in walk(self.change.children) if not change.new]


@login_required
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the whole, and go from there to change it."""
    process = driven(request, pk)
    if process.draft is None:
        messages.error(request, _("There is no draft yet. Begin it here."))
        return redirect("revisions_staff:process", process.pk)
    changes = changes_of(request, process)
    rows = list(rows_of(changes))
    words = current(request).words
    clauses = with_layout([row.clause for row in rows if row.clause], words, "")
    for row in rows:
        if row.clause:
            row.change.anchor = row.clause.slug
            row.steps = steps(clauses, row.clause)
    index = index_of(sections(changes, words)) if process.base else []
    for part in index:
        part.anchor = (part.area or part.changed[0]).anchor
    add_comments(process, rows)
    return render(
        request,
        "revisions/staff/draft.html",
        {
            "crumbs": crumbs(process, _("The draft")),
            "process": process,
            "program": process.program,
            "rows": rows,
            "contents": table_of_contents(clauses),
            "vision": capfirst(words["vision"].singular),
            "index": index,
            "counts": Counter(change.state.value for change in walk(changes)),
            "unsaved": add_copies(request, process, rows),
            "on_the_whole": standing(process).filter(clause=None, clause_was="").count(),
            "may_write": may_write(process),
            "latest": process.versions.select_related("saved_by").defer("clauses").first(),
        },
    )


def rows_of(changes: list[Change]) -> Iterator[Row]:
    """In reading order; what was dropped from under a dropped clause is told with that."""
    for change in changes:
        yield Row(change, change.new)
        if change.new:
            yield from rows_of(change.children)


def standing(process: Process) -> Any:
    """The comments that count: neither refused nor hidden."""
    return Comment.objects.filter(process=process).exclude(state__in=["refused", "hidden"])


def add_comments(process: Process, rows: list[Row]) -> None:
    """Those on the clause, and on what it grew from. One query."""
    concerns: dict[int, list[Row]] = defaultdict(list)
    by_clause = {row.clause.pk: row for row in rows if row.clause}
    for row in rows:
        for change in [row.change, *row.gone_with_it]:
            for clause in filter(None, [change.old, change.new]):
                home = by_clause.get(change.merged_into.pk) if change.merged_into else row
                concerns[clause.pk].append(home or row)
    for comment in standing(process).filter(clause__isnull=False).order_by("pk"):
        for row in concerns[comment.clause_id]:
            row.comments.append(comment)


def add_copies(
    request: HttpRequest, process: Process, rows: list[Row]
) -> list[tuple[WorkingCopy, str, str]]:
    """What is being typed, at each clause; returns one's own, with what it is and where it goes on.

    One query.
    """
    by_slug = {row.clause.slug: row for row in rows if row.clause}
    now = timezone.now()
    own = []
    for copy in process.working_copies.select_related("user").order_by("pk"):
        row = by_slug.get(copy.clause_slug)
        if row:
            row.notes.append(note_on(copy, request.user, now))
        if copy.user_id != request.user.pk:
            continue
        add = reverse("revisions_staff:add_clause", args=[process.pk])
        if row:
            where = reverse("revisions_staff:clause", args=[process.pk, row.clause.pk])
            own.append((copy, row.clause.label, f"{where}?gor={copy.change}"))
        elif copy.change == WorkingCopy.Change.NEW:
            own.append((copy, _("A new clause"), add))
        else:
            words = _("For a clause that someone else has removed")
            own.append((copy, words, f"{add}?utkast={copy.pk}"))
    return own


@login_required
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The page that everyone meets when the draft is published, before it is."""
    process = driven(request, pk)
    if process.draft is None:
        return redirect("revisions_staff:draft", process.pk)
    is_whole = request.GET.get("visa") == "text"
    return shown(request, process, is_whole=is_whole, is_preview=True)
