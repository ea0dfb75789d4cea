"""The published draft: what it changes and why, and the whole of it as it would read."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.current import current
from programs.models import Clause, Edition, VoiceState
from programs.views.editions import table_of_contents, with_layout
from programs.views.shell import program_page
from revisions.comment_links import add_comment_links, takes_comments_on
from revisions.comparison import Change, State, compare, walk
from revisions.models import ClauseChange, Process
from revisions.views.comparison import Section, merges_into, sections, with_words


def draft(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What the draft changes, with the reason and the comments behind it at each change."""
    return shown(request, published(slug, pk))


def draft_text(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The whole draft as it would read if it were adopted, without marks in the words."""
    return shown(request, published(slug, pk), is_whole=True)


def shown(
    request: HttpRequest, process: Process, *, is_whole: bool = False, is_preview: bool = False
) -> HttpResponse:
    """A first text changes nothing: it is read as a whole, with the reasons beside it."""
    if is_whole or process.base is None:
        context = page(request, process, _("The whole draft")) | text_context(request, process)
        template = "revisions/draft_text.html"
    else:
        context = page(request, process, _("What the draft changes"))
        context |= draft_context(request, process)
        template = "revisions/draft_detail.html"
    return render(request, template, context | {"is_preview": is_preview})


def published(slug: str, pk: int) -> Process:
    """Public from its publication on; before that it does not exist for a visitor."""
    process = get_object_or_404(
        Process.objects.select_related("program", "draft", "base"), pk=pk, program__slug=slug
    )
    if process.draft is None or process.draft_published_at is None:
        raise Http404
    return process


def page(request: HttpRequest, process: Process, title: str) -> dict[str, Any]:
    context = program_page(request, process.program.slug, tab="process", title=title)
    context["crumbs"].insert(-1, (capfirst(process.get_kind_display()), process.get_absolute_url()))
    return context | {"process": process}


def draft_context(request: HttpRequest, process: Process) -> dict[str, Any]:
    """The draft compared with the text it started from, each change with its reasons."""
    if process.draft is None:
        return {"sections": [], "counts": Counter(), "base": process.base}
    changes = changes_of(request, process)
    parts = sections(changes, current(request).words)
    return {
        "base": process.base,
        "counts": Counter(change.state.value for change in walk(changes)),
        "sections": parts,
        "index": index_of(parts),
    }


def changes_of(request: HttpRequest, process: Process) -> list[Change]:
    """As a tree, with what a page prints beside each; in as many queries for any length."""
    base, newer = process.base, process.draft
    newer.url = ""
    old: list[Clause] = []
    if base is not None:
        base.url = base.get_absolute_url()
        old = list(base.clauses.order_by("position", "pk"))
    new = list(newer.clauses.order_by("position", "pk"))
    grew = {clause.pk: clause.origin_id for clause in new}
    changes = compare(old, new, grew, merges_into(newer))
    with_words(changes, old, base or newer, newer, current(request).words)
    explain(process, changes)
    return changes


def index_of(parts: list[Section]) -> list[Section]:
    """The parts of the text where something changed."""
    return [part for part in parts if part.changed]


def reasons_of(process: Process) -> tuple[dict[int, list[ClauseChange]], ...]:
    """Why each clause was changed, by its key; for those that are gone, by what they grew from.

    Each with the `public_comments` behind it. Two queries.
    """
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
    return of_clause, of_origin


def explain(process: Process, changes: list[Change]) -> None:
    """Each change gets `reasons`: why it was made, with the public comments behind it."""
    of_clause, of_origin = reasons_of(process)
    for root in changes:
        for change in walk([root]):
            if change.new:
                change.reasons = of_clause.get(change.new.pk, [])
            elif change.merged_into:
                # Told where it went, which stands on the same page.
                change.reasons = []
            else:
                change.reasons = of_origin.get(change.old.pk, [])
            # To its own place on this page; what is unchanged is read in the text in force.
            change.link = f"#{change.anchor}"
            if change.state == State.KEPT:
                change.link = f"{process.base.url}#{change.old.slug}"


def text_context(request: HttpRequest, process: Process) -> dict[str, Any]:
    """The draft's clauses as a reader meets them, with a way to comment where that is open.

    In a first text each has its `reasons`; in a revision they stand at its changes.
    """
    draft = process.draft
    clauses = laid_out(request, draft)
    if process.base is None:
        of_clause, _of_origin = reasons_of(process)
        for clause in clauses:
            clause.reasons = of_clause.get(clause.pk, [])
    is_open = takes_comments_on(process, draft, timezone.localdate())
    if is_open:
        add_comment_links(process, clauses)
    return {
        "edition": draft,
        "comments_open": is_open,
        "vision": [clause for clause in clauses if clause.level == 0],
        "clauses": [clause for clause in clauses if clause.level > 0],
        "contents": table_of_contents(clauses),
    }


def laid_out(request: HttpRequest, edition: Edition) -> list[Clause]:
    rows = list(edition.clauses.order_by("position", "pk"))
    return with_layout(rows, current(request).words, "")
