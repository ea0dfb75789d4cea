"""The published draft: what it changes, why, and which comments are behind it."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.current import current
from programs.models import Clause, VoiceState
from programs.views.shell import program_page
from revisions.comparison import State, compare, walk
from revisions.models import ClauseChange, Process
from revisions.views.comparison import sections, with_words


def draft(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Public from its publication on; before that it does not exist for a visitor."""
    process = get_object_or_404(
        Process.objects.select_related("program", "draft", "base"), pk=pk, program__slug=slug
    )
    if process.draft is None or process.draft_published_at is None:
        raise Http404
    title = _("What the draft changes")
    context = program_page(request, slug, tab="process", title=title)
    context["crumbs"].insert(-1, (capfirst(process.get_kind_display()), process.get_absolute_url()))
    return render(
        request,
        "revisions/draft_detail.html",
        context | {"process": process, **draft_context(request, process)},
    )


def draft_context(request: HttpRequest, process: Process) -> dict[str, Any]:
    """The draft compared with the text it started from, each change with its reasons."""
    if process.draft is None:
        return {"sections": [], "counts": Counter(), "base": process.base}
    base, newer = process.base, process.draft
    newer.url = ""
    old: list[Clause] = []
    if base is not None:
        base.url = base.get_absolute_url()
        old = list(base.clauses.order_by("position", "pk"))
    new = list(newer.clauses.order_by("position", "pk"))
    changes = compare(old, new, {clause.pk: clause.origin_id for clause in new})
    with_words(changes, old, base or newer, newer, current(request).words)
    explain(process, changes)
    return {
        "base": base,
        "counts": Counter(change.state.value for change in walk(changes)),
        "sections": sections(changes, current(request).words),
    }


def explain(process: Process, changes: list[Any]) -> None:
    """Each change gets `reasons`: why it was made, with the public comments behind it."""
    of_clause: dict[int, list[ClauseChange]] = {}
    of_origin: dict[int, list[ClauseChange]] = {}
    rows = ClauseChange.objects.filter(process=process).prefetch_related("comments")
    for row in rows:
        row.public_comments = [
            comment for comment in row.comments.all() if comment.state == VoiceState.PUBLISHED
        ]
        if row.clause_id:
            of_clause.setdefault(row.clause_id, []).append(row)
        elif row.origin_id:
            of_origin.setdefault(row.origin_id, []).append(row)
    for root in changes:
        for change in walk([root]):
            change.reasons = (
                of_clause.get(change.new.pk, []) if change.new else of_origin.get(change.old.pk, [])
            )
            # To its own place on this page; what is unchanged is read in the text in force.
            change.link = f"#c-{change.clause.pk}"
            if change.state == State.KEPT:
                change.link = f"{process.base.url}#{change.old.slug}"
