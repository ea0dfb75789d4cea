"""The home page: find your place, see what is open, going on and done."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programs.current import current_municipality
from programs.drawings.map import draw_map
from programs.drawings.wheel import draw_wheel
from programs.models import Action, Duty, Event, Idea, Locality, Program
from programs.yearwheel import Spoke, State, Wheel, due_on, year_wheels
from revisions.models import Process

SHORT_LIST = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    municipality = current_municipality(request)
    today = timezone.localdate()
    programs = list(
        Program.objects.exclude(status=Program.Status.CONCLUDED)
        .select_related("locality")
        .with_progress()
        .with_current_edition()
        .prefetch_related(
            Prefetch("processes", Process.objects.open().with_records(), to_attr="open_processes")
        )
    )
    localities = list(
        Locality.objects.prefetch_related(Prefetch("programs", to_attr="all_programs"))
    )
    upcoming = list(Event.objects.upcoming(today).filter(open_to_all=True).for_list()[:SHORT_LIST])
    latest = list(Action.objects.completed().for_list().prefetch_related("photos")[:SHORT_LIST])
    wheels = year_wheels(municipality, programs, year=today.year, today=today)
    commenting = [
        process
        for process in Process.objects.taking_comments(today).select_related("program")
        if process.takes_comments(today)
    ]
    for process in commenting:
        process.days = process.days_left(today)
    shared = shared_wheel(municipality.duties.all() if municipality.pk else [], wheels, today)
    return render(
        request,
        "portal/home.html",
        {
            "programs": programs,
            "localities": localities,
            "map": draw_map(municipality, localities),
            "open_ids": {event.locality_id for event in upcoming}
            | {process.program.locality_id for process in commenting},
            # What closes comes before what merely happens.
            "open_comments": commenting[:2],
            "now": upcoming[: max(1, 2 - len(commenting))],
            "newest": latest[0] if latest else None,
            "latest": latest,
            "late_answers": Idea.objects.late(today).count(),
            "waiting_answers": Idea.objects.unanswered().count(),
            "given_answers": Idea.objects.answered().count(),
            "wheel": shared,
            "wheel_drawing": draw_wheel(shared, today),
            "updated_at": max((row.updated_at for row in (*programs, *latest)), default=None),
        },
    )


@dataclass(frozen=True, slots=True)
class SharedSpoke(Spoke):
    """A duty as all programs together have met it."""

    kept: int = 0
    owing: int = 0


def shared_wheel(duties: object, wheels: list[Wheel], today: datetime.date) -> Wheel:
    """One wheel for all programs: a duty is done when every program that owes it has met it."""
    kept, missed, owing = Counter(), Counter(), Counter()
    for wheel in wheels:
        for spoke in wheel.spokes:
            owing[spoke.duty.pk] += 1
            kept[spoke.duty.pk] += spoke.state == State.KEPT
            missed[spoke.duty.pk] += spoke.state == State.MISSED
    spokes = []
    duty: Duty
    for duty in duties:
        if not owing[duty.pk]:
            continue
        if kept[duty.pk] == owing[duty.pk]:
            state = State.KEPT
        elif missed[duty.pk]:
            state = State.MISSED
        else:
            state = State.DUE
        spokes.append(
            SharedSpoke(
                duty,
                state,
                due_on(duty, today.year),
                kept=kept[duty.pk],
                owing=owing[duty.pk],
            )
        )
    return Wheel(None, today.year, spokes)
