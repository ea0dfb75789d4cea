"""How the day and hour of an event are written."""

import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from programs.dates import PartialDate, Precision
from programs.models import Event

register = template.Library()


@register.simple_tag
def event_hours(event: Event) -> str:
    """ "18.30–20.30", "18.30", "until 20.30", or nothing."""
    if event.starts and event.ends:
        return f"{clock(event.starts)}–{clock(event.ends)}"
    if event.ends:
        return _("until %(time)s") % {"time": clock(event.ends)}
    return clock(event.starts) if event.starts else ""


@register.simple_tag
def event_when(event: Event) -> SafeString:
    """Day and hour in full: "tisdag 1 december 2026 kl. 18.30–20.30"."""
    words = with_weekday(event.date)
    if event.until:
        words = f"{words} – {with_weekday(event.until)}"
    if event.starts:
        at = _("at %(time)s") % {"time": event_hours(event)}
        words = f"{words} {at}"
    elif event.ends:
        words = f"{words} {event_hours(event)}"
    return format_html('<time datetime="{}">{}</time>', moment(event), words)


@register.simple_tag
def event_date(event: Event) -> SafeString:
    """The block with the date at the start of a row; says the year unless it is this one."""
    date = event.date
    this_year = date.year == timezone.localdate().year
    if date.precision == Precision.DAY:
        large, small = str(date.first.day), date_format(date.first, "b")
    elif date.precision == Precision.MONTH:
        large, small = date_format(date.first, "b"), ""
    elif date.precision == Precision.SEASON:
        large, small = "", str(date).rsplit(" ", 1)[0]
    else:
        large, small, this_year = str(date.year), "", True
    return format_html(
        '<time class="event-list__date" datetime="{}">{} {} {}</time>',
        moment(event),
        format_html('<span class="event-list__day">{}</span>', large) if large else "",
        small,
        format_html(
            '<span class="{}">{}</span>', "visually-hidden" if this_year else "meta", date.year
        )
        if large != str(date.year)
        else "",
    )


def with_weekday(date: PartialDate) -> str:
    return (
        date_format(date.first, "l j F Y") if date.precision == Precision.DAY else str(date)
    )


def moment(event: Event) -> str:
    """What HTML's `<time datetime>` takes."""
    if event.starts and event.date.precision == Precision.DAY:
        return f"{event.date.iso}T{event.starts:%H:%M}"
    return event.date.iso


def clock(time: datetime.time) -> str:
    return f"{time:%H.%M}"
