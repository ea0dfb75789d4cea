"""A process in the year's wheel: the steps passed, what is open until when, and what is due."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.dates import PartialDate, Precision, day
from programs.drawings.wheel import apart, at
from revisions.due import Due, State
from revisions.models import Process
from revisions.steps import Kind

# Between the ring, where the duties are, and the names of the months.
RADIUS = 98


class Tone(StrEnum):
    DONE = "done"
    NOW = "now"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Milestone:
    """`number` is the step's; deadlines have none."""

    words: str | Promise
    date: PartialDate
    tone: Tone
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    milestone: Milestone
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class YearOfProcess:
    """What the wheel shows beside the year's duties; `due` also when it falls in a later year."""

    process: Process | None
    milestones: list[Milestone]
    due: Due | None

    @property
    def title(self) -> str:
        """ "Revision, step 5 of 9"; without a process only what the dates concern."""
        if self.process is None:
            return _("Revision")
        if not self.process.is_open:
            return capfirst(self.process.get_kind_display())
        said = {
            Kind.CREATION: _("Creation, step %(number)s of %(total)s"),
            Kind.REVISION: _("Revision, step %(number)s of %(total)s"),
            Kind.LOCAL_DEVELOPMENT: _("Phase %(number)s of %(total)s"),
        }[Kind(self.process.kind)]
        return said % {"number": self.process.step, "total": len(self.process.steps)}

    @property
    def placed(self) -> list[Placed]:
        """Those whose day or month is known; the others stand in the list alone."""
        exact = [each for each in self.milestones if each.date.precision != Precision.YEAR]
        turns = apart([(each.date.first.timetuple().tm_yday - 1) / 366 for each in exact])
        return [Placed(each, *at(turn, RADIUS)) for each, turn in zip(exact, turns, strict=True)]


def year_of_process(
    processes: Sequence[Process], due: Due | None, *, year: int, today: datetime.date
) -> YearOfProcess:
    """Of the process under way, or of the one that ended that year. Costs no query."""
    process = next(
        (
            process
            for process in processes
            if process.is_open or (process.ended and process.ended.year == year)
        ),
        None,
    )
    found = milestones_of(process, year, today) if process else []
    if due and due.by.year == year and due.state != State.DONE:
        found.append(Milestone(_("The revision is to be decided"), day(due.by), Tone.DUE))
    found.sort(key=lambda each: each.date)
    return YearOfProcess(process, found, due)


def milestones_of(process: Process, year: int, today: datetime.date) -> list[Milestone]:
    passed = {
        record.number: record.passed
        for record in process.all_records
        if record.passed and (not process.is_open or record.number < process.step)
    }
    found = [
        Milestone(process.steps[number - 1].title, date, Tone.DONE, number)
        for number, date in passed.items()
        if date.year == year
    ]
    if not process.is_open:
        return found
    deadlines = [
        (
            process.comments_close_on,
            _("Last day for comments"),
            process.current.opens == "comments",
        ),
        (
            process.statement_due_on,
            _("Last day for the association's view"),
            process.current.slug == "draft",
        ),
    ]
    for date, words, concerns_now in deadlines:
        if date and date.year == year and concerns_now:
            tone = Tone.NOW if date >= today else Tone.DONE
            found.append(Milestone(words, day(date), tone, process.step))
    return found
