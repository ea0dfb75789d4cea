"""Events as a calendar that phones and computers subscribe to (RFC 5545)."""

import datetime
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

from programs.dates import Precision
from programs.exports.files import plain
from programs.exports.identity import stable_id
from programs.models import Event, Municipality

ZONE = ZoneInfo(settings.TIME_ZONE)
WITH_A_PLACE_IN_CALENDARS = (Precision.DAY, Precision.MONTH)


def is_in_calendar(event: Event) -> bool:
    """What is only known by season or year has no place in a calendar."""
    return event.date.precision in WITH_A_PLACE_IN_CALENDARS


def calendar_file(
    events: Iterable[Event],
    municipality: Municipality,
    *,
    file_name: str,
    address: Callable[[Event], str],
) -> HttpResponse:
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Local development programs//SV")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{_('Meetings')} – {municipality.portal_name}")
    calendar.add("refresh-interval", datetime.timedelta(hours=12), {"value": "DURATION"})
    rows = [event for event in events if is_in_calendar(event)]
    years = [event.date.year for event in rows] or [datetime.datetime.now(ZONE).year]
    calendar.add_component(
        icalendar.Timezone.from_tzid(
            settings.TIME_ZONE,
            first_date=datetime.date(min(years) - 1, 1, 1),
            last_date=datetime.date(max(years) + 2, 1, 1),
        )
    )
    for event in rows:
        calendar.add_component(entry(event, municipality, address(event)))
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{file_name}"'
    return response


def entry(event: Event, municipality: Municipality, url: str) -> icalendar.Event:
    row = icalendar.Event()
    row.add("uid", str(stable_id(municipality, event)))
    row.add("dtstamp", event.updated_at)
    row.add("last-modified", event.updated_at)
    start, end = time_of(event)
    row.add("dtstart", start)
    if end:
        row.add("dtend", end)
    if event.date.precision == Precision.MONTH:
        # Some time in the month: nobody is busy for all of it.
        row.add("transp", "TRANSPARENT")
    # Many calendars do not show the status, so the words say it as well.
    title = _("Cancelled: %(title)s") if event.is_cancelled else "%(title)s"
    row.add("summary", plain(title % {"title": event.title}))
    row.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    row.add("categories", [event.get_kind_display()])
    if event.place:
        row.add("location", plain(event.place))
    row.add("description", plain("\n\n".join(filter(None, [event.description, event.agenda, url]))))
    row.add("url", url)
    return row


Moment = datetime.date | datetime.datetime


def time_of(event: Event) -> tuple[Moment, Moment | None]:
    """Start and end; whole days end on the day after their last, as the standard has it.

    What goes on for several days takes whole days, whatever its hours.
    """
    first = event.date.first
    if event.starts is None or event.until or event.date.precision != Precision.DAY:
        known = event.until is not None and event.until.precision in WITH_A_PLACE_IN_CALENDARS
        last = max(first, event.until.last if known else event.date.last)
        return first, last + datetime.timedelta(days=1)
    start = datetime.datetime.combine(first, event.starts, ZONE)
    if event.ends is None:
        return start, None
    over_midnight = datetime.timedelta(days=event.ends <= event.starts)
    return start, datetime.datetime.combine(first + over_midnight, event.ends, ZONE)
