"""Two texts of a draft as they were kept in its versions, compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from programs.models import Clause
from programs.models.editions import numbers
from revisions.comparison import Change, State, compare, walk


@dataclass(frozen=True, slots=True)
class SavedComparison:
    """`changes` is the later text as a tree; `older` the clauses of the earlier one."""

    changes: list[Change]
    older: list[Clause]

    @property
    def changed(self) -> list[Change]:
        return [change for change in walk(self.changes) if change.state != State.KEPT]


def compare_saved(
    older: Sequence[dict[str, Any]], newer: Sequence[dict[str, Any]]
) -> SavedComparison:
    """Within one draft a clause is known by its permanent link."""
    before, after = clauses_of(older, 1), clauses_of(newer, len(older) + 1)
    keys = {clause.slug: clause.pk for clause in before}
    origins = {clause.pk: keys.get(clause.slug) for clause in after}
    return SavedComparison(compare(before, after, origins), before)


def clauses_of(saved: Sequence[dict[str, Any]], first: int) -> list[Clause]:
    """Clauses that only exist here, in reading order, with keys of their own from `first` on."""
    keys = {row["slug"]: first + place for place, row in enumerate(saved)}
    printed = numbers([row["level"] for row in saved])
    return [
        Clause(
            pk=keys[row["slug"]],
            parent_id=keys.get(row["parent"]),
            slug=row["slug"],
            level=row["level"],
            number=number,
            heading=row["heading"],
            text=row["text"],
            youth_voices=row["youth_voices"],
        )
        for row, number in zip(saved, printed, strict=True)
    ]
