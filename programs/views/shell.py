"""What the pages of one program, and all lists, have in common."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.current import current
from programs.models import Program, VoiceState

ROWS_PER_PAGE = 20


def program_page(request: HttpRequest, slug: str, tab: str, title: str = "") -> dict[str, Any]:
    """The context that `programs/program_base.html` needs, in two queries; 404 if there is none.

    `tab` is the page's own tab; `title` names the page when it is not the overview.
    """
    program = (
        Program.objects.filter(slug=slug)
        .select_related("locality")
        .with_current_edition()
        .annotate(
            actions_total=Count("actions", distinct=True),
            actions_completed=Count(
                "actions", filter=Q(actions__status="completed"), distinct=True
            ),
            actions_ongoing=Count("actions", filter=Q(actions__status="ongoing"), distinct=True),
            ideas_total=Count("ideas", filter=Q(ideas__state=VoiceState.PUBLISHED), distinct=True),
        )
        .first()
    )
    if program is None:
        raise Http404
    words = current(request).words
    crumbs = [
        (capfirst(words["locality"].plural), reverse("programs:localities")),
        (program.locality.name, program.locality.get_absolute_url()),
        (program.name, program.get_absolute_url()),
    ]
    if title:
        crumbs.append((title, ""))
    return {
        "program": program,
        "section": "programs",
        "tab": tab,
        "tabs": tabs(program, words),
        "page_title": title,
        "crumbs": crumbs,
        "responsible": program.responsible_function,
        "updated_at": program.updated_at,
    }


def tabs(program: Program, words: Any) -> list[tuple[str, str, str, int | None]]:
    """Key, words, address and count of each page about the program."""
    slug = [program.slug]
    return [
        ("overview", _("Overview"), program.get_absolute_url(), None),
        ("text", _("The text"), reverse("programs:text", args=slug), None),
        (
            "actions",
            capfirst(words["action"].plural),
            reverse("programs:program_actions", args=slug),
            program.actions_total,
        ),
        (
            "ideas",
            capfirst(words["idea"].plural),
            reverse("programs:program_ideas", args=slug),
            program.ideas_total,
        ),
        (
            "completed",
            _("Completed"),
            reverse("programs:completed", args=slug),
            program.actions_completed,
        ),
        ("events", _("Meetings"), reverse("programs:program_events", args=slug), None),
        ("documents", _("Documents"), reverse("programs:program_documents", args=slug), None),
        ("organisation", _("Who does what"), reverse("programs:organisation", args=slug), None),
    ]


def paginate(
    request: HttpRequest, rows: QuerySet | Sequence, per_page: int = ROWS_PER_PAGE
) -> dict[str, Any]:
    """`page` and `page_range` for the template; a page number out of range shows the nearest."""
    page: Page = Paginator(rows, per_page).get_page(request.GET.get("sida"))
    return {"page": page, "page_range": page.paginator.get_elided_page_range(page.number)}
