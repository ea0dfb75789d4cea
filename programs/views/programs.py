"""Programs: the list, and the overview of one."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst

from programs.current import current
from programs.drawings.wheel import draw_wheel
from programs.models import Action, Clause, Duty, Event, Idea, Locality, Program
from programs.views.shell import program_page
from programs.yearwheel import year_wheels

SHORT_LIST = 3


def index(request: HttpRequest) -> HttpResponse:
    here = current(request)
    programs = list(
        Program.objects.select_related("locality").with_progress().with_current_edition()
    )
    return render(
        request,
        "programs/program_list.html",
        {
            "section": "programs",
            "crumbs": [(capfirst(here.words["program_short"].plural), "")],
            "programs": [row for row in programs if row.status != Program.Status.CONCLUDED],
            "concluded": [row for row in programs if row.status == Program.Status.CONCLUDED],
            "without": Locality.objects.filter(programs=None),
            "updated_at": max((program.updated_at for program in programs), default=None),
        },
    )


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    context = program_page(request, slug, tab="overview")
    program = context["program"]
    here = current(request)
    today = timezone.localdate()
    edition = program.current_edition
    clauses = list(edition.clauses.all()) if edition else []
    # An action serves a clause on any level; its area is the one it stands under.
    areas = [clause for clause in clauses if clause.level == 1]
    wheel = year_wheels(here.municipality, [program], year=today.year, today=today)[0]
    meetings = wheel.of_kind(Duty.Kind.STEERING_GROUP_MEETING)
    return render(
        request,
        "programs/program_detail.html",
        context
        | {
            "edition": edition,
            "vision": [clause for clause in clauses if clause.level == 0],
            "areas": with_progress(areas, clauses, program),
            "wheel": wheel,
            "wheel_drawing": draw_wheel(wheel, today),
            "meetings_kept": sum(spoke.state == "kept" for spoke in meetings),
            "meetings_owed": len(meetings),
            "upcoming": Event.objects.filter(program=program)
            .upcoming(today)
            .for_list()[:SHORT_LIST],
            "latest": Action.objects.filter(program=program)
            .completed()
            .for_list()
            .prefetch_related("photos")[:SHORT_LIST],
            "ideas": Idea.objects.public().filter(program=program).for_list()[:SHORT_LIST],
            "late_ideas": Idea.objects.late(today).filter(program=program).count(),
        },
    )


def with_progress(areas: list[Clause], clauses: list[Clause], program: Program) -> list[Clause]:
    """Each area with `completed`, `ongoing`, `total`, and how many clauses it has by level."""
    area_of: dict[int, Clause] = {}
    for clause in clauses:
        area_of[clause.pk] = clause if clause.level < 2 else area_of[clause.parent_id]
    for area in areas:
        area.completed = area.ongoing = area.total = 0
        area.below = [
            sum(area_of[clause.pk] is area for clause in clauses if clause.level == level)
            for level in (2, 3, 4)
        ]
    rows = (
        Action.objects.filter(program=program, clause__isnull=False)
        .values("clause")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=Q(status="completed")),
            doing=Count("pk", filter=Q(status="ongoing")),
        )
        .order_by()
    )
    for row in rows:
        if area := area_of.get(row["clause"]):
            area.total = getattr(area, "total", 0) + row["total"]
            area.completed = getattr(area, "completed", 0) + row["done"]
            area.ongoing = getattr(area, "ongoing", 0) + row["doing"]
    return areas
