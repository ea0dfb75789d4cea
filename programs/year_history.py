"""What a program has kept of its yearly duties, year by year."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from programs.dates import PartialDate
from programs.models import Duty, Edition, Municipality, PlanningBrief, Program
from programs.yearwheel import State, Wheel, due_on, spokes


@dataclass(frozen=True, slots=True)
class YearOfDuties:
    """How many duties there were, how many of them were kept, and the others in words."""

    year: int
    kept: int
    total: int
    not_done: str


def years_of_duties(
    municipality: Municipality, program: Program, *, today: datetime.date
) -> list[YearOfDuties]:
    """What was kept in every year since the first event, latest first, in four queries.

    Nothing was owed before the program was adopted; the year wheel only knows that of programs
    still in their first edition, so it is seen to here.
    """
    first_edition = (
        Edition.objects.public()
        .filter(program=program)
        .select_related("decision")
        .order_by("number")
        .first()
    )
    adopted = first_edition.took_force if first_edition else None
    happened = list(
        program.events.order_by("date", "pk").values_list("date", "kind", "is_cancelled")
    )
    held: dict[int, dict[tuple[int, str], list[tuple[PartialDate, str]]]]
    held = defaultdict(lambda: defaultdict(list))
    for date, kind, is_cancelled in happened:
        if not is_cancelled:
            held[date.year][program.pk, kind].append((date, ""))
    briefs = PlanningBrief.objects.filter(program=program, handed_over__isnull=False)
    for date in briefs.order_by("handed_over", "pk").values_list("handed_over", flat=True):
        held[date.year][program.pk, Duty.Kind.PLANNING_BRIEF].append((date, ""))
    duties = list(municipality.duties.all()) if municipality.pk else []
    if not happened:
        return []
    recorded = {date.year for date, _kind, _is_cancelled in happened}
    first_year = max(happened[0][0].year, adopted.year if adopted else 0)
    years = []
    for year in range(today.year, first_year - 1, -1):
        owed = [duty for duty in duties if not adopted or due_on(duty, year) >= adopted.first]
        wheel = Wheel(program, year, spokes(program, owed, held[year], year=year, today=today))
        if wheel.spokes:
            # An old year without a single meeting more likely lacks records than meetings.
            is_recorded = year in recorded or year >= today.year - 1
            words = not_done(wheel) if is_recorded else _("Nothing is recorded from this year")
            years.append(YearOfDuties(year, wheel.kept, len(wheel.spokes), words))
    return years


def not_done(wheel: Wheel) -> str:
    """ "Stormöte, Uppföljning (planned)"; empty when everything is done."""
    return ", ".join(
        spoke.duty.label
        if spoke.state == State.MISSED
        else f"{spoke.duty.label} ({State(spoke.state).label})"
        for spoke in wheel.spokes
        if spoke.state != State.KEPT
    )
