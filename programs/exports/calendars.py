"""Events as a calendar that phones and computers subscribe to (RFC 5545)."""

import datetime
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

import icalendar
from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.dates import Precision
from programs.exports.files import plain
from programs.exports.identity import stable_id
from programs.models import Event, Municipality

ZONE = ZoneInfo("Europe/Stockholm")
# As the law has had it since 1996; what a library derives from the system's tables is a list of
# every change of the clocks, many times longer than most calendars here.
SWEDISH_TIME = icalendar.Timezone.from_ical("""\
BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
""")
WITH_A_PLACE_IN_CALENDARS = (Precision.DAY, Precision.MONTH)


def is_in_calendar(event: Event) -> bool:
    """What is only known by season or year has no place in a calendar."""
    return event.date.precision in WITH_A_PLACE_IN_CALENDARS


def event_title(event: Event) -> str:
    return _("Cancelled: %(title)s") % {"title": event.title} if event.is_cancelled else event.title


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
    calendar.add_component(SWEDISH_TIME)
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
    row.add("summary", plain(event_title(event)))
    row.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    row.add("categories", [capfirst(event.get_kind_display())])
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
