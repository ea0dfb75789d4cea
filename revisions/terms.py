"""Terms of office, which tell when a program is due for revision: once in each.

The council's term runs from 15 October in the election year, the executive board's from
1 January after it (kommunallagen; election day is the second Sunday of September). A program is
counted on the board's term, since the board is where most programs are adopted.
"""

import datetime
from dataclasses import dataclass

FIRST_ELECTION = 2014
YEARS = 4


@dataclass(frozen=True, slots=True)
class Term:
    """From its first day to its last, both included."""

    first: datetime.date
    last: datetime.date


def election_day(year: int) -> datetime.date:
    """The second Sunday of September; raises ValueError for a year without an election."""
    if (year - FIRST_ELECTION) % YEARS:
        raise ValueError(f"no election in {year}")
    first = datetime.date(year, 9, 1)
    return first + datetime.timedelta(days=(6 - first.weekday()) % 7 + 7)


def council_term(day: datetime.date) -> Term:
    """The council's term that the day falls in."""
    before = day < datetime.date(day.year, 10, 15)
    year = _election_before(day.year - before)
    return Term(datetime.date(year, 10, 15), datetime.date(year + YEARS, 10, 14))


def board_term(day: datetime.date) -> Term:
    """The executive board's term that the day falls in."""
    year = _election_before(day.year - 1)
    return Term(datetime.date(year + 1, 1, 1), datetime.date(year + YEARS, 12, 31))


def _election_before(year: int) -> int:
    """The latest election year that is not after `year`."""
    return year - (year - FIRST_ELECTION) % YEARS


def revision_due(adopted: datetime.date, today: datetime.date) -> datetime.date:
    """The last day of the term in which a text adopted on that day has to be looked over.

    One that was adopted in the term under way is due in the next.
    """
    term = board_term(today)
    if adopted >= term.first:
        return board_term(term.last + datetime.timedelta(days=1)).last
    return term.last
