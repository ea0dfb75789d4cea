"""What changed between two editions of a program, clause by clause and word by word."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from programs.current import current
from programs.models import Clause, Edition
from programs.views.editions import public_editions
from programs.views.shell import program_page
from revisions.comparison import Change, State, compare, walk

WORDS_ON_A_LINE = 14
WORDS_IN_THE_LIST = 5


@dataclass
class Section:
    """The vision, or one area, with what became of its clauses; runs of unchanged ones together."""

    title: str
    area: Change | None = None
    runs: list[tuple[bool, list[Change]]] = field(default_factory=list)
    anchor: str = ""

    @property
    def kept_area(self) -> Clause | None:
        """The area whose own words are as before."""
        return self.area.new if self.area and self.area.state == State.KEPT else None

    @property
    def shown(self) -> list[tuple[bool, list[Change]]]:
        """Its runs, with the area itself first when it has changed."""
        area = [] if self.area is None or self.kept_area else [(False, [self.area])]
        return [*area, *self.runs]

    @property
    def changed(self) -> list[Change]:
        """What a reader may want to jump to, in reading order."""
        return [change for is_kept, run in self.shown if not is_kept for change in run]


def comparison(request: HttpRequest, slug: str, number: int, other: int) -> HttpResponse:
    """Always from the older to the newer, in whichever order the address names them."""
    if number == other:
        return redirect("programs:edition", slug, number)
    context = program_page(request, slug, tab="text", title=_("The text"))
    program = context["program"]
    editions = {edition.number: edition for edition in public_editions(program)}
    if not {number, other} <= editions.keys():
        raise Http404
    older, newer = editions[min(number, other)], editions[max(number, other)]
    texts: dict[int, list[Clause]] = {older.pk: [], newer.pk: []}
    for clause in Clause.objects.filter(edition__in=texts).order_by("position", "pk"):
        texts[clause.edition_id].append(clause)
    grown = Clause.objects.filter(
        edition__program=program,
        edition__number__gt=older.number,
        edition__number__lte=newer.number,
    )
    changes = compare(
        texts[older.pk],
        texts[newer.pk],
        dict(grown.order_by().values_list("pk", "origin")),
        merges_into(newer),
    )
    with_words(changes, texts[older.pk], older, newer, current(request).words)
    parts = sections(changes, current(request).words)
    title = title_of(older, newer)
    crumbs = context["crumbs"]
    return render(
        request,
        "revisions/comparison.html",
        context
        | {
            "page_title": title,
            "crumbs": [
                *crumbs[:-1],
                (crumbs[-1][0], reverse("programs:text", args=[slug])),
                (title, ""),
            ],
            "older": older,
            "newer": newer,
            "is_possible": all(texts.values()),
            "counts": Counter(change.state.value for change in walk(changes)),
            "sections": parts,
            "index": [part for part in parts if part.changed],
            "updated_at": newer.updated_at,
        },
    )


def merges_into(edition: Edition) -> list[tuple[int, int]]:
    """Pairs of a clause of the edition and one that was merged into it."""
    pairs = Clause.merged_from.through.objects.filter(from_clause__edition=edition)
    return list(pairs.values_list("from_clause", "to_clause"))


def title_of(older: Edition, newer: Edition) -> str:
    """By the years they were adopted, where known and different."""
    if older.took_force and newer.took_force and older.took_force.year != newer.took_force.year:
        names = {"older": older.took_force.year, "newer": newer.took_force.year}
        return _("What changed between %(older)s and %(newer)s") % names
    names = {"older": older.number, "newer": newer.number}
    return _("What changed between edition %(older)s and edition %(newer)s") % names


def with_words(
    changes: list[Change],
    older_text: Sequence[Clause],
    older: Edition,
    newer: Edition,
    words: Mapping[str, Any],
    mark: str = "c",
) -> None:
    """Each change with what the page prints beside its text.

    `label` is its printed name, old and new ("Strategi 1.2 → 3.1"; points of the vision have none);
    `link` leads to it in its edition; `came_from` is the other area it was moved from. `anchor` is
    its place on the page, where `mark` tells two comparisons apart.
    """
    names = ["", *(capfirst(words[f"level_{level}"].singular) for level in range(1, 5))]
    old_clauses = {clause.pk: clause for clause in older_text}

    def printed(clause: Clause) -> str:
        return f"{names[clause.level]} {clause.number}".strip()

    for root in changes:
        for change in walk([root]):
            edition = newer if change.new else older
            change.link = f"{edition.url}#{change.clause.slug}"
            change.label = printed(change.clause)
            change.anchor = f"{mark}-{change.clause.pk}"
            change.line = Truncator(change.clause.title).words(WORDS_IN_THE_LIST)
            change.state_words = (
                _("Edited and moved")
                if change.is_moved and change.state == State.EDITED
                else _("Merged")
                if change.merged_into
                else capfirst(change.state.label)
            )
            change.came_from = change.split_from = change.went_to = ""
            if change.merged_into:
                change.went_to = printed(change.merged_into) or change.merged_into.title
            if not (change.old and change.new):
                continue
            before = printed(change.old)
            if change.old.level != change.new.level:
                change.label = " → ".join(filter(None, [before, change.label]))
            elif change.old.number != change.new.number:
                change.label = f"{before} → {change.new.number}"
            if change.is_part_of_split:
                change.split_from = before or change.old.title
            area = area_of(change.old, old_clauses)
            if change.is_moved and change is not root and area is not root.old:
                change.came_from = area.title


def area_of(clause: Clause, clauses: Mapping[int, Clause]) -> Clause:
    while clause.parent_id in clauses:
        clause = clauses[clause.parent_id]
    return clause


def sections(changes: Iterable[Change], words: Mapping[str, Any], mark: str = "c") -> list[Section]:
    """One for each area; what stands beside the areas is put together by its level."""
    result: list[Section] = []
    for level, roots in groupby(changes, key=lambda change: change.clause.level):
        if level == 1:
            result += [Section("", area, runs(walk(area.children))) for area in roots]
        else:
            word = words["vision"].singular if level == 0 else words[f"level_{level}"].plural
            result.append(Section(capfirst(word), None, runs(walk(roots))))
    for number, section in enumerate(result, start=1):
        section.anchor = f"{mark}-part-{number}"
    return result


def runs(changes: Iterable[Change]) -> list[tuple[bool, list[Change]]]:
    grouped = groupby(changes, key=lambda change: change.state == State.KEPT)
    result = [(is_kept, list(run)) for is_kept, run in grouped]
    for is_kept, run in result:
        for change in run if is_kept else []:
            change.line = Truncator(change.new.title).words(WORDS_ON_A_LINE)
    return result
