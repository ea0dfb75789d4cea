"""What a program owes in a year, computed from what has been held and planned."""

import calendar
import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from programs.dates import PartialDate, Precision
from programs.models import Duty, Event, Municipality, PlanningBrief, Program


class State(TextChoices):
    KEPT = "kept", pgettext_lazy("duty", "done")
    PLANNED = "planned", pgettext_lazy("duty", "planned")
    DUE = "due", pgettext_lazy("duty", "remains")
    MISSED = "missed", pgettext_lazy("duty", "missed")


@dataclass(frozen=True, slots=True)
class Spoke:
    """One duty of one program; `date` is when it was or will be met, `url` where that is shown."""

    duty: Duty
    state: State
    due_on: datetime.date
    date: PartialDate | None = None
    url: str = ""

    @property
    def month(self) -> int:
        """Where on the wheel it stands: when it happens, or else when it is due."""
        has_month = self.date and self.date.precision != Precision.YEAR
        return self.date.first.month if has_month else self.duty.due_month


@dataclass(frozen=True, slots=True)
class Wheel:
    program: Program
    year: int
    spokes: list[Spoke]

    @property
    def kept(self) -> int:
        return sum(spoke.state == State.KEPT for spoke in self.spokes)

    @property
    def missed(self) -> int:
        return sum(spoke.state == State.MISSED for spoke in self.spokes)

    @property
    def next(self) -> Spoke | None:
        """What remains with the nearest last day."""
        waiting = [spoke for spoke in self.spokes if spoke.state in (State.PLANNED, State.DUE)]
        return min(waiting, key=lambda spoke: spoke.due_on, default=None)

    def of_kind(self, kind: str) -> list[Spoke]:
        return [spoke for spoke in self.spokes if spoke.duty.kind == kind]


def due_on(duty: Duty, year: int) -> datetime.date:
    """The last day of the duty's month."""
    return datetime.date(year, duty.due_month, calendar.monthrange(year, duty.due_month)[1])


def year_wheels(
    municipality: Municipality, programs: Sequence[Program], *, year: int, today: datetime.date
) -> list[Wheel]:
    """One wheel for each program, in three queries however many programs there are.

    Only programs in operation owe anything, and nothing that fell due before their first
    edition was adopted: give programs loaded by `with_current_edition()`.
    """
    duties = list(municipality.duties.all()) if municipality.pk else []
    held = defaultdict(list)
    kinds = {duty.kind for duty in duties}
    events = Event.objects.in_year(year).filter(
        program__in=programs, kind__in=kinds, is_cancelled=False
    )
    for event in events.order_by("date", "pk"):
        held[event.program_id, event.kind].append((event.date, event.get_absolute_url()))
    briefs = PlanningBrief.objects.filter(
        program__in=programs, handed_over__startswith=str(year)
    ).select_related("program")
    for brief in briefs.order_by("handed_over", "pk"):
        url = f"{brief.program.get_absolute_url()}ideer/#underlag-{brief.budget_year}"
        held[brief.program_id, Duty.Kind.PLANNING_BRIEF].append((brief.handed_over, url))
    return [
        Wheel(program, year, spokes(program, duties, held, year=year, today=today))
        for program in programs
    ]


def spokes(
    program: Program,
    duties: Iterable[Duty],
    held: dict[tuple[int, str], list[tuple[PartialDate, str]]],
    *,
    year: int,
    today: datetime.date,
) -> list[Spoke]:
    if program.status != Program.Status.ACTIVE:
        return []
    edition = program.current_edition
    took_force = edition.took_force if edition and edition.number == 1 else None
    counts: dict[str, int] = defaultdict(int)
    result = []
    for duty in duties:
        last_day = due_on(duty, year)
        if took_force and last_day < took_force.first:
            continue
        # The first meeting of the year meets the first duty of its kind, and so on.
        happened = held[program.pk, duty.kind]
        nth = counts[duty.kind]
        counts[duty.kind] += 1
        if nth < len(happened):
            date, url = happened[nth]
            # A brief's date is when it was handed over; a meeting is held when its has passed.
            done = date.first if duty.kind == Duty.Kind.PLANNING_BRIEF else date.last
            state = State.KEPT if done <= today else State.PLANNED
            result.append(Spoke(duty, state, last_day, date, url))
        else:
            state = State.MISSED if last_day < today else State.DUE
            result.append(Spoke(duty, state, last_day))
    return result
