"""Protection of small numbers: a few answers must not point out who gave them."""

from collections.abc import Sequence
from dataclasses import dataclass

from programs.models import AgeGroup

LEAST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers by age as they may be shown: rows of (ages, number or None, share of the largest).

    `total` is the sum, or what is known of it at least (`is_exact` is false). With one group
    hidden the sum would give its number away, and so would a sum that has been rounded, now and
    then: 132 shown of 134 rounds down, of 136 up. So the only sum then told is that of the
    groups which are shown anyway, as "at least". It holds for the event's own number of
    participants too, which often is the same sum.
    """

    rows: list[tuple[str, int | None, float]]
    total: int
    is_exact: bool

    def __bool__(self) -> bool:
        return bool(self.rows)


def answers(groups: Sequence[AgeGroup]) -> Answers:
    shown = [group.participants for group in groups if group.participants >= LEAST_SHOWN]
    largest = max(shown, default=0)
    return Answers(
        rows=[
            (str(group), group.participants, 100 * group.participants / largest)
            if group.participants >= LEAST_SHOWN
            else (str(group), None, 0)
            for group in groups
        ],
        total=sum(shown),
        is_exact=len(shown) == len(groups),
    )
