"""The text as an ordered list of clauses."""

from collections.abc import Sequence

from django.utils.text import slugify
from django.utils.translation import gettext as _

from programs.models import Clause, Edition
from programs.models.editions import numbers
from revisions.drafting.base import Conflict
from revisions.workflow import TransitionError


def block(rows: Sequence[Clause], clause: Clause) -> list[Clause]:
    """The clause and all that stands under it."""
    start = rows.index(clause)
    result = [clause]
    for row in rows[start + 1 :]:
        if row.level <= clause.level or clause.level == 0:
            break
        result.append(row)
    return result


def place_after(rows: Sequence[Clause], after: int | None, level: int) -> int:
    """Where a clause of that level lands: first under a higher one, else after its equal.

    After something deeper it lands behind all of that, so that nothing else changes its parent.
    What is not a point of the vision lands behind those.
    """
    place = 0
    if after is not None:
        target = next((row for row in rows if row.pk == after), None)
        if target is None:
            raise Conflict(None)
        place = rows.index(target) + 1
    while level and place < len(rows) and (rows[place].level > level or rows[place].level == 0):
        place += 1
    return place


def parents(rows: Sequence[Clause]) -> list[Clause | None]:
    above: list[Clause] = []
    result: list[Clause | None] = []
    for row in rows:
        above = [clause for clause in above if 0 < clause.level < row.level]
        result.append(above[-1] if above and row.level > 1 else None)
        above.append(row)
    return result


def check_levels(rows: Sequence[Clause]) -> None:
    """Points of the vision come first, and nothing below an area stands without one."""
    seen_area = False
    for row, parent in zip(rows, parents(rows), strict=True):
        if row.level == 0 and seen_area:
            raise TransitionError(_("The points of the vision stand first."))
        seen_area = seen_area or row.level > 0
        if row.level > 1 and parent is None:
            raise TransitionError(_("This needs something to stand under. Choose another place."))


def put_in_order(rows: list[Clause]) -> None:
    for position, (row, parent, number) in enumerate(
        zip(rows, parents(rows), numbers([row.level for row in rows]), strict=True), start=1
    ):
        row.position, row.parent, row.number = position, parent, number
    Clause.objects.bulk_update(rows, ["position", "parent", "number"])


def save(clause: Clause) -> None:
    """Raises ValidationError for a heading that is too long."""
    clause.clean_fields(exclude=["edition", "parent", "origin"])
    clause.save()


def free_slug(edition: Edition, words: str) -> str:
    """A readable permanent link that the draft does not use yet."""
    stem = slugify(words)[:60].strip("-") or "punkt"
    taken = set(edition.clauses.values_list("slug", flat=True))
    return next(
        slug
        for slug in (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
        if slug not in taken
    )
