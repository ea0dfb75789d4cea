"""Every process one has a task in, and the programs whose turn it is, most urgent first."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.current import current_municipality
from programs.models import Municipality, Program
from programs.views.shell import paginate
from revisions.due import Due, State, body_counted, due_of
from revisions.models import Process
from revisions.now import is_overlong, now_of
from revisions.permissions import may_drive, may_read_staff_pages
from revisions.requirements import missing
from revisions.steps import Kind
from revisions.terms import term_of

ORDER = list(State)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A program without a process under way: when its turn is, and what may be started."""

    program: Program
    due: Due | None
    kinds: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_urgent(self) -> bool:
        return self.due is not None and self.due.state != State.DONE

    @property
    def urgency(self) -> tuple[int, datetime.date, str]:
        """Late first, then what is due, then what has no text, and what is done; oldest first."""
        if self.due is None:
            return ORDER.index(State.DUE), datetime.date.max, self.program.name
        adopted = self.due.adopted.first if self.due.adopted else datetime.date.min
        return ORDER.index(self.due.state), adopted, self.program.name


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """What a process lacks is asked of each, so that the queries grow with the rows of a page."""
    programs = [
        program
        for program in Program.objects.exclude(status=Program.Status.CONCLUDED)
        .select_related("locality")
        .with_current_edition()
        if may_read_staff_pages(request.user, program)
    ]
    if not programs:
        raise PermissionDenied
    today, municipality = timezone.localdate(), current_municipality(request)
    running = by_deadline(programs, municipality, today)
    rows = paginate(request, running)
    for process in rows["page"]:
        process.lacking = missing(process, today)
        process.now = now_of(process, today)
    busy = {process.program_id for process in running}
    waiting = [
        Waiting(
            program,
            due_of(program, municipality, today),
            kinds_for(program, municipality) if may_drive(request.user, program) else [],
        )
        for program in programs
        if program.pk not in busy
    ]
    term = term_of(body_counted(municipality), today) if municipality.revises_each_term else None
    return render(
        request,
        "revisions/staff/index.html",
        {
            "crumbs": [(_("Processes"), "")],
            **rows,
            "waiting": sorted(waiting, key=lambda row: row.urgency),
            "term": term,
            "days_left": (term.last - today).days + 1 if term else None,
            "to_revise": sum(row.is_urgent for row in waiting),
        },
    )


def by_deadline(
    programs: Sequence[Program], municipality: Municipality, today: datetime.date
) -> list[Process]:
    """The processes under way, the nearest last day first; each program gets its own."""
    of_program = {program.pk: program for program in programs}
    found = list(
        Process.objects.open()
        .filter(program__in=of_program)
        .select_related("draft", "base")
        .with_records()
    )
    for program in programs:
        program.open_processes = []
    for process in found:
        process.program = of_program[process.program_id]
        process.program.open_processes = [process]
    for process in found:
        process.due = due_of(process.program, municipality, today)
        process.deadline = deadline_of(process, today)
        process.is_overlong = is_overlong(process, today)
    return sorted(
        found,
        key=lambda each: (
            each.deadline or (each.due.by if each.due else datetime.date.max),
            not each.is_overlong,
            each.program.name,
        ),
    )


def deadline_of(process: Process, today: datetime.date) -> datetime.date | None:
    """The last day that somebody waits for in the step under way, if it is still to come."""
    step = process.current
    day = None
    if step and step.opens == "comments":
        day = process.comments_close_on
    elif step and step.slug == "draft":
        day = process.statement_due_on
    return day if day and day >= today else None


def kinds_for(program: Program, municipality: Municipality) -> list[tuple[str, str]]:
    """What can be started in a program that nothing is under way in."""
    kinds = []
    if municipality.revises_each_term:
        kinds.append(Kind.REVISION if program.current_edition else Kind.CREATION)
    if municipality.works_in_phases:
        kinds.append(Kind.LOCAL_DEVELOPMENT)
    return [(kind.value, kind.label) for kind in kinds]
