"""The program's text: the edition in force, and the ones before it."""

import re
from collections import defaultdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from programs.current import current as current_words
from programs.models import Action, Clause, Edition, Idea, Program
from programs.views.shell import program_page

BLANK_LINES = re.compile(r"\n\s*\n")
LONGEST_HEADING = 160


def current(request: HttpRequest, slug: str) -> HttpResponse:
    context = program_page(request, slug, tab="text", title=_("The text"))
    editions = public_editions(context["program"])
    in_force = [edition for edition in editions if edition.state == Edition.State.ADOPTED]
    if not in_force:
        return render(request, "programs/edition_missing.html", context | {"editions": editions})
    return text_page(request, context, in_force[0], editions)


def detail(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    context = program_page(request, slug, tab="text", title=_("The text"))
    editions = public_editions(context["program"])
    for edition in editions:
        if edition.number == number:
            return text_page(request, context, edition, editions)
    raise Http404


def text_page(
    request: HttpRequest, context: dict[str, Any], edition: Edition, editions: list[Edition]
) -> HttpResponse:
    program = context["program"]
    words = current_words(request).words
    clauses = with_layout(list(edition.clauses.order_by("position", "pk")), words, edition.url)
    with_work(clauses, edition, words)
    if edition.state == Edition.State.ADOPTED and program.status != Program.Status.CONCLUDED:
        form = f"{reverse('revisions:say')}?program={program.slug}&stycke={edition.number}/"
        for clause in clauses:
            clause.say_url = form + clause.slug
    if edition.state != Edition.State.ADOPTED:
        in_force_url = reverse("programs:text", args=[program.slug])
        title = (
            _("The text %(years)s") % {"years": edition.years}
            if edition.years
            else _("The text, edition %(number)s") % {"number": edition.number}
        )
        context |= {
            "page_title": title,
            "crumbs": [*context["crumbs"][:-1], (context["page_title"], in_force_url), (title, "")],
        }
    return render(
        request,
        "programs/edition_detail.html",
        context
        | {
            "edition": edition,
            "editions": editions,
            "in_force": program.current_edition,
            "vision": [clause for clause in clauses if clause.level == 0],
            "clauses": [clause for clause in clauses if clause.level > 0],
            "contents": table_of_contents(clauses),
            "documents": edition.documents.all(),
            "updated_at": edition.updated_at,
        },
    )


def public_editions(program: Program) -> list[Edition]:
    """Newest first, each with `url`, `years` in force ("2013–2019") and the one `before` it."""
    editions = list(program.editions.public().select_related("decision__body").order_by("-number"))
    ended = None
    for place, edition in enumerate(editions, start=1):
        edition.url = reverse("programs:edition", args=[program.slug, edition.number])
        edition.before = editions[place] if place < len(editions) else None
        started = edition.valid_from or edition.took_force
        edition.years = years(started, ended)
        ended = started
    return editions


def years(started: Any, ended: Any) -> str:
    if started and ended:
        return f"{started.year}–{ended.year}" if started.year != ended.year else str(started.year)
    if started:
        return _("from %(date)s") % {"date": started.year}
    if ended:
        return _("until %(date)s") % {"date": ended.year}
    return ""


def with_layout(clauses: list[Clause], words: Any, url: str) -> list[Clause]:
    """Each clause with what the page prints around its words.

    `label` is its printed name ("Strategi 1.1.1"). `title_line` is its heading; on a level that
    others stand under, a short text serves as one. `rank` is the level of that heading in the
    page, or of the one it would have, so that no level is ever skipped.
    """
    names = [capfirst(words["vision"].singular), ""]
    names += [capfirst(words[f"level_{level}"].singular) for level in (2, 3, 4)]
    parents = {clause.parent_id for clause in clauses}
    levels_above = {clause.level for clause in clauses if clause.pk in parents}
    below: dict[int | None, int] = {None: 2}
    for clause in clauses:
        clause.label = f"{names[clause.level]} {clause.number}".strip()
        clause.link = f"{url}#{clause.slug}"
        # Points of the vision have no name of their own, and an area's is only a number.
        name = clause.label if clause.level > 1 else f"{clause.number} {clause.title}".strip()
        short = {"clause": Truncator(name).words(8)}
        clause.link_label = _("Link to %(clause)s") % short
        clause.say_label = _("Have your say about %(clause)s") % short
        parts = BLANK_LINES.split(clause.text.strip())
        is_short = parts == [clause.text] and len(clause.text) <= LONGEST_HEADING
        clause.title_line = clause.heading or (
            clause.text if is_short and clause.level in levels_above else ""
        )
        clause.parts = [] if clause.title_line else parts
        clause.rank = below.get(clause.parent_id, 2)
        below[clause.pk] = clause.rank + bool(clause.title_line)
    return clauses


def with_work(clauses: list[Clause], edition: Edition, words: Any) -> None:
    """Each clause with its actions and ideas, and how many there are in words: `work`.

    Areas of the edition in force also get the number of actions in them: `actions_below`.
    """
    actions, ideas = defaultdict(list), defaultdict(list)
    of_edition = {"clause__edition": edition}
    for action in (
        Action.objects.filter(**of_edition)
        .select_related("program")
        .only("title", "status", "clause", "program__slug")
    ):
        actions[action.clause_id].append(action)
    for idea in Idea.objects.public().filter(**of_edition).only("title", "clause"):
        ideas[idea.clause_id].append(idea)
    for clause in clauses:
        clause.all_actions, clause.all_ideas = actions[clause.pk], ideas[clause.pk]
        clause.work = " · ".join(
            f"{len(rows)} {word.singular if len(rows) == 1 else word.plural}"
            for rows, word in (
                (clause.all_actions, words["action"]),
                (clause.all_ideas, words["idea"]),
            )
            if rows
        )
    if edition.state == Edition.State.ADOPTED:
        area_of: dict[int, Clause] = {}
        for clause in clauses:
            area = area_of[clause.pk] = area_of.get(clause.parent_id, clause)
            clause.actions_below = 0
            if area.level == 1:
                area.actions_below += len(clause.all_actions)


def table_of_contents(clauses: list[Clause]) -> list[tuple[Clause, list[Clause]]]:
    """The areas, each with the clauses right below it that have headings."""
    below = defaultdict(list)
    for clause in clauses:
        if clause.heading:
            below[clause.parent_id].append(clause)
    return [(clause, below[clause.pk]) for clause in clauses if clause.level == 1]
