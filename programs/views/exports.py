"""The machine-readable twins of the lists: the same rows, chosen by the same filters."""

from collections.abc import Callable, Iterable

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.current import current
from programs.event_filters import EventFilterForm
from programs.exports.calendars import calendar_file, event_title, is_in_calendar
from programs.exports.feeds import Entry, feed
from programs.exports.files import csv_file, xlsx_file
from programs.exports.tables import Table, action_table, event_table, idea_table
from programs.filters import ActionFilterForm, IdeaFilterForm
from programs.models import Action, Event, Idea

ENTRIES = 50


def actions(request: HttpRequest, form: str) -> HttpResponse:
    words = current(request).words
    rows = ActionFilterForm(request).narrow(Action.objects.for_list())
    return answer(
        request,
        form,
        page="programs:actions",
        title=capfirst(words["action"].plural),
        rows=rows,
        table=lambda: action_table(rows, words, address_in(request)),
        entry=lambda row: Entry(
            row, row.title, row.result or row.description, [capfirst(row.get_status_display())]
        ),
    )


def ideas(request: HttpRequest, form: str) -> HttpResponse:
    words = current(request).words
    rows = IdeaFilterForm(request).narrow(
        Idea.objects.public().for_list(), today=timezone.localdate()
    )
    return answer(
        request,
        form,
        page="programs:ideas",
        title=capfirst(words["idea"].plural),
        rows=rows,
        table=lambda: idea_table(rows, words, address_in(request)),
        entry=lambda row: Entry(
            row,
            row.title,
            "\n\n".join(filter(None, [row.text, row.reply])),
            [capfirst(row.get_outcome_display()) or _("Waiting for an answer")],
        ),
    )


def events(request: HttpRequest, form: str) -> HttpResponse:
    words = current(request).words
    rows = EventFilterForm(request).narrow(Event.objects.for_list())
    return answer(
        request,
        form,
        page="programs:events",
        title=_("Meetings"),
        rows=rows,
        table=lambda: event_table(rows, words, address_in(request)),
        entry=lambda row: Entry(
            row,
            f"{event_title(row)}, {row.date}",
            "\n\n".join(filter(None, [row.place, row.description, row.notes])),
            [capfirst(row.get_kind_display())],
        ),
    )


def answer(
    request: HttpRequest,
    form: str,
    *,
    page: str,
    title: str,
    rows: QuerySet,
    table: Callable[[], Table],
    entry: Callable[[Model], Entry],
) -> HttpResponse:
    """The rows in the form that the address ends with; 404 for a form there is not."""
    if form == "csv":
        return csv_file(table())
    if form == "xlsx":
        return xlsx_file(table())
    if form == "atom":
        query = request.META["QUERY_STRING"]
        return feed(
            request,
            title=title,
            page=f"{reverse(page)}{'?' if query else ''}{query}",
            entries=latest(rows, entry),
        )
    raise Http404


def latest(rows: QuerySet, entry: Callable[[Model], Entry]) -> Iterable[Entry]:
    """The rows that changed last: a feed tells what is new, not all there is."""
    return (entry(row) for row in rows.order_by("-updated_at", "-pk")[:ENTRIES])


def address_in(request: HttpRequest) -> Callable[[Model], str]:
    return lambda row: request.build_absolute_uri(row.get_absolute_url())


def calendar(request: HttpRequest) -> HttpResponse:
    events = EventFilterForm(request).narrow(Event.objects.for_list())
    return calendar_file(
        events.order_by("date", "starts", "pk"),
        current(request).municipality,
        file_name="moten.ics",
        address=address_in(request),
    )


def event_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(Event, pk=pk)
    if not is_in_calendar(event):
        raise Http404
    return calendar_file(
        [event],
        current(request).municipality,
        file_name=f"mote-{pk}.ics",
        address=address_in(request),
    )
