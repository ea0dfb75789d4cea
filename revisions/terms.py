"""Terms of office, by their exact Swedish dates.

The council's term runs from 15 October in the election year, the executive board's from
1 January after it (kommunallagen; election day is the second Sunday of September). So it has been
since the election of 2014. The same four-year grid is laid over the years before, where days and
lengths were others: there it only tells how many terms ago a text was adopted.
"""

import datetime
from dataclasses import dataclass

FIRST_ELECTION = 2014
YEARS = 4
# Outside these the calendar ends before the grid does; a date mistyped as year 1 is no error here.
EARLIEST, LATEST = datetime.date(1900, 1, 1), datetime.date(9900, 1, 1)
COUNCIL, BOARD = "council", "board"


@dataclass(frozen=True, slots=True)
class Term:
    """From its first day to its last, both included."""

    first: datetime.date
    last: datetime.date

    def __str__(self) -> str:
        """Named after its elections: "2022–2026", the council's and the board's alike."""
        return f"{self.last.year - YEARS}–{self.last.year}"


def election_day(year: int) -> datetime.date:
    """The second Sunday of September; raises ValueError for a year without such an election."""
    if year < FIRST_ELECTION or (year - FIRST_ELECTION) % YEARS:
        raise ValueError(f"no election in {year}")
    first = datetime.date(year, 9, 1)
    return first + datetime.timedelta(days=(6 - first.weekday()) % 7 + 7)


def council_term(day: datetime.date) -> Term:
    """The council's term that the day falls in."""
    day = min(max(day, EARLIEST), LATEST)
    before = day < datetime.date(day.year, 10, 15)
    year = _election_before(day.year - before)
    return Term(datetime.date(year, 10, 15), datetime.date(year + YEARS, 10, 14))


def board_term(day: datetime.date) -> Term:
    """The executive board's term that the day falls in."""
    day = min(max(day, EARLIEST), LATEST)
    year = _election_before(day.year - 1)
    return Term(datetime.date(year + 1, 1, 1), datetime.date(year + YEARS, 12, 31))


TERMS = {COUNCIL: council_term, BOARD: board_term}


def term_of(body: str, day: datetime.date) -> Term:
    """`body` is a value of `DecidingBody.TermOfOffice`: whose term is counted."""
    return TERMS[body](day)


def term_after(body: str, term: Term) -> Term:
    return term_of(body, term.last + datetime.timedelta(days=1))


def revision_due(body: str, adopted: datetime.date) -> datetime.date:
    """The last day for looking over a text adopted on that day: that of the term after its own."""
    return term_after(body, term_of(body, adopted)).last


def _election_before(year: int) -> int:
    """The latest election year that is not after `year`."""
    return year - (year - FIRST_ELECTION) % YEARS
