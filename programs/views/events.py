"""Meetings and other events: the list, a month, one of them, and those of a program."""

import calendar
import datetime
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from programs.current import current
from programs.dates import PartialDate, Precision
from programs.event_filters import EventFilterForm, coming_first
from programs.exports.calendars import is_in_calendar
from programs.models import Action, Event, Idea
from programs.sign_ups.forms import room_in_words
from programs.small_numbers import LEAST_SHOWN, answers
from programs.views.actions import downloads, pictures
from programs.views.documents import with_files
from programs.views.shell import paginate, program_page
from programs.wording import idea_state
from programs.year_history import years_of_duties

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
            "downloads": downloads("programs:events_export", form.query),
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
    whole_days_first = F("starts").asc(nulls_first=True)
    events = list(
        Event.objects.in_month(year, month).for_list().order_by("date", whole_days_first, "pk")
    )
    by_day: dict[datetime.date, list[Event]] = defaultdict(list)
    for event in events:
        if event.date.precision == Precision.DAY:
            by_day[event.date.first].append(event)
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
    today = timezone.localdate()
    is_over = event.is_over(today)
    came_of_it = {
        "answers": answers(event.age_groups.all()),
        "documents": with_files(event.documents.public()),
        "actions": list(Action.objects.filter(from_event=event).select_related("program")),
        "ideas": [
            (idea, *idea_state(idea, today)) for idea in Idea.objects.public().filter(event=event)
        ],
    }
    return render(
        request,
        "programs/event_detail.html",
        came_of_it
        | {
            "section": "events",
            "crumbs": [(_("Meetings"), reverse("programs:events")), (event.title, "")],
            "event": event,
            "is_over": is_over,
            # That there are no notes is worth a heading only where there is nothing else either.
            "says_notes": event.notes
            or not (event.is_cancelled or (is_over and any(came_of_it.values()))),
            "in_calendar": not is_over and not event.is_cancelled and is_in_calendar(event),
            "takes_sign_ups": event.takes_sign_ups_on(today),
            "has_sheet": not is_over and not event.is_cancelled and event.open_to_all,
            **(room_in_words(event) if event.takes_sign_ups_on(today) else {}),
            "least_shown": LEAST_SHOWN,
            "pictures": pictures(event.photos.all()),
            "responsible": event.program.responsible_function if event.program else "",
            "updated_at": event.updated_at,
        },
    )


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
            "downloads": downloads("programs:events_export", f"?program={slug}"),
            "groups": [
                (is_coming, year, list(rows))
                for (is_coming, year), rows in groupby(pages["page"], key=coming_or_year)
            ],
            "years": years_of_duties(current(request).municipality, program, today=today),
        },
    )


def coming_or_year(event: Event) -> tuple[bool, int | None]:
    return (True, None) if event.is_coming else (False, event.date.year)
