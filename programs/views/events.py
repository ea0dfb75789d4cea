"""Meetings and other events: the list, a month, one of them, and those of a program."""

import calendar
import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from easy_thumbnails.exceptions import EasyThumbnailsError

from programs.current import current
from programs.dates import PartialDate, Precision
from programs.event_filters import EventFilterForm, coming_first
from programs.models import (
    Action,
    Duty,
    Edition,
    Event,
    Idea,
    Municipality,
    Photo,
    PlanningBrief,
    Program,
)
from programs.small_numbers import LEAST_SHOWN, answers
from programs.views.documents import with_files
from programs.views.shell import paginate, program_page
from programs.yearwheel import Wheel, due_on, spokes

# The same years as the filter takes; outside them nothing has happened or been planned.
FIRST_YEAR, LAST_YEAR = 1990, 2100


def index(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    form = EventFilterForm(request)
    pages = paginate(request, coming_first(form.narrow(Event.objects.for_list()), today))
    rows = list(pages["page"])
    return render(
        request,
        "programs/event_list.html",
        pages
        | {
            "section": "events",
            "crumbs": [(_("Meetings"), "")],
            "form": form,
            "today": today,
            "coming": [event for event in rows if event.is_coming],
            "held": [event for event in rows if not event.is_coming],
            "updated_at": max((event.updated_at for event in rows), default=None),
        },
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """A day in the month's table; `date` is missing in the corners that belong to other months."""

    date: datetime.date | None
    events: list[Event]
    is_today: bool = False


def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        raise Http404
    today = timezone.localdate()
    first = datetime.date(year, month, 1)
    events = list(Event.objects.in_month(year, month).for_list().order_by("date", "starts", "pk"))
    by_day: dict[datetime.date, list[Event]] = defaultdict(list)
    for event in events:
        if event.date.precision == Precision.DAY:
            by_day[event.date.first].append(event)
    # Python's calendar would count into years before the first and after the last there is.
    weeks = [
        [
            Cell(date, by_day[date], date == today) if date.month == month else Cell(None, [])
            for date in week
        ]
        for week in calendar.Calendar(calendar.MONDAY).monthdatescalendar(year, month)
    ]
    this_month = PartialDate(first, Precision.MONTH)
    return render(
        request,
        "programs/event_month.html",
        {
            "section": "events",
            "crumbs": [(_("Meetings"), reverse("programs:events")), (str(this_month), "")],
            "month": this_month,
            "previous": neighbor(first - datetime.timedelta(days=1)),
            "next": neighbor(first + datetime.timedelta(days=31)),
            "today": None if (today.year, today.month) == (year, month) else today,
            "weekdays": [(WEEKDAYS[day], WEEKDAYS_ABBR[day]) for day in range(7)],
            "weeks": weeks,
            "events": events,
            "some_time": [event for event in events if event.date.precision == Precision.MONTH],
            "updated_at": max((event.updated_at for event in events), default=None),
        },
    )


def neighbor(date: datetime.date) -> PartialDate | None:
    """The month of that day, if it has a page."""
    in_range = FIRST_YEAR <= date.year <= LAST_YEAR
    return PartialDate(date.replace(day=1), Precision.MONTH) if in_range else None


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event.objects.for_list(), pk=pk)
    is_over = event.is_over(timezone.localdate())
    in_calendar = not is_over and not event.is_cancelled and has_calendar_day(event)
    documents = with_files(event.documents.all())
    return render(
        request,
        "programs/event_detail.html",
        {
            "section": "events",
            "crumbs": [(_("Meetings"), reverse("programs:events")), (event.title, "")],
            "event": event,
            "is_over": is_over,
            "in_calendar": in_calendar,
            "answers": answers(event.age_groups.all()),
            "least_shown": LEAST_SHOWN,
            "documents": documents,
            "has_aside": in_calendar or documents,
            "pictures": pictures(event.photos.all()),
            "actions": Action.objects.filter(from_event=event).select_related("program"),
            "ideas": Idea.objects.public().filter(event=event),
            "responsible": event.program.responsible_function if event.program else "",
            "updated_at": event.updated_at,
        },
    )


def pictures(photos: Iterable[Photo]) -> list[tuple[Photo, Any]]:
    """Each photo with its picture in the size of a page; one whose file is lost is left out."""
    found = []
    for photo in photos:
        try:
            found.append((photo, photo.image["page"]))
        except (EasyThumbnailsError, OSError):
            continue
    return found


def of_program(request: HttpRequest, slug: str) -> HttpResponse:
    context = program_page(request, slug, tab="events", title=_("Meetings"))
    program = context["program"]
    today = timezone.localdate()
    events = coming_first(Event.objects.filter(program=program).for_list(), today)
    pages = paginate(request, events)
    return render(
        request,
        "programs/program_events.html",
        context
        | pages
        | {
            "today": today,
            "groups": [
                (is_coming, year, list(rows))
                for (is_coming, year), rows in groupby(
                    pages["page"],
                    key=lambda event: (event.is_coming, None if event.is_coming else event.date.year),
                )
            ],
            "wheels": wheels_since_the_start(
                current(request).municipality, program, events, today=today
            ),
        },
    )


def wheels_since_the_start(
    municipality: Municipality, program: Program, events: QuerySet[Event], *, today: datetime.date
) -> list[Wheel]:
    """The year wheel of every year since the first event, latest first, in four queries.

    Before the program was adopted it owed nothing; then its first year is the one of adoption.
    """
    happened = list(events.order_by("date", "pk").values_list("date", "kind", "is_cancelled", "pk"))
    first_edition = (
        Edition.objects.public()
        .filter(program=program)
        .select_related("decision")
        .order_by("number")
        .first()
    )
    adopted = first_edition.adopted if first_edition else None
    if not happened or program.status != Program.Status.ACTIVE or municipality.pk is None:
        return []
    duties = list(municipality.duties.all())
    held: dict[int, dict[tuple[int, str], list]] = defaultdict(lambda: defaultdict(list))
    for date, kind, is_cancelled, pk in happened:
        if not is_cancelled:
            url = reverse("programs:event", args=[pk])
            held[date.year][program.pk, kind].append((date, url))
    briefs = PlanningBrief.objects.filter(program=program, handed_over__isnull=False)
    for date in briefs.order_by("handed_over", "pk").values_list("handed_over", flat=True):
        held[date.year][program.pk, Duty.Kind.PLANNING_BRIEF].append((date, ""))
    start = max(happened[0][0].year, adopted.year if adopted else 0)
    wheels = []
    for year in range(today.year, start - 1, -1):
        owed = [duty for duty in duties if not adopted or due_on(duty, year) >= adopted.first]
        met = spokes(program, owed, held[year], year=year, today=today)
        if met:
            wheels.append(Wheel(program, year, met))
    return wheels
