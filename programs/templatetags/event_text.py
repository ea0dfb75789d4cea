"""How an event's day, hour and circumstances are written."""

import datetime

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.dates import PartialDate, Precision
from programs.models import Event

register = template.Library()


@register.simple_tag
def event_when(event: Event) -> SafeString:
    """Day and hour in full: "tisdag 1 december 2026 kl. 18.30–20.30"."""
    days = [with_weekday(date) for date in (event.date, event.until) if date]
    days = format_html_join(" – ", "{}", ((words,) for words in days))
    hours = event_hours(event)
    if event.starts:
        hours = _("at %(time)s") % {"time": hours}
    return format_html("{} {}", days, hours) if hours else days


@register.simple_tag
def event_date(event: Event, this_year: int) -> SafeString:
    """The block with the date at the start of a row; shows the year unless it is this one."""
    date, small = event.date, ""
    if date.precision == Precision.DAY:
        large, small = str(date.first.day), date_format(date.first, "b")
    elif date.precision == Precision.MONTH:
        large = date_format(date.first, "b")
    elif date.precision == Precision.SEASON:
        large, small = "", str(date).rsplit(" ", 1)[0]
    else:
        large = str(date.year)
    year = ""
    if date.precision != Precision.YEAR:
        tone = "visually-hidden" if date.year == this_year else "meta"
        year = format_html(' <span class="{}">{}</span>', tone, date.year)
    return format_html(
        '<time class="event-list__date" datetime="{}">{}{}{}</time>',
        moment(event),
        format_html('<span class="event-list__day">{}</span> ', large) if large else "",
        small,
        year,
    )


@register.simple_tag
def event_facts(event: Event, past: bool, in_program: bool) -> SafeString:
    """The line under an event's title. Where and when matters before, what came of it after."""
    facts = [capfirst(event.get_kind_display())]
    if not past:
        by_day = event.date.precision == Precision.DAY
        weekday = date_format(event.date.first, "l") if by_day else ""
        facts += [" ".join(filter(None, [weekday, event_hours(event)]))]
    if event.until:
        facts += [_("until %(time)s") % {"time": event.until}]
    if not past:
        facts += [event.place]
    if not in_program:
        facts += [str(event.program or event.locality or "")]
    if past:
        facts += [_("notes published") if event.notes else ""]
    else:
        facts += [_("open to all") if event.open_to_all else _("for the group")]
    return format_html_join(" · ", "{}", ((fact,) for fact in facts if fact))


@register.simple_tag
def event_hours(event: Event) -> str:
    """ "18.30–20.30", "18.30", "until 20.30", or nothing."""
    if event.starts and event.ends:
        return f"{clock(event.starts)}–{clock(event.ends)}"
    if event.ends:
        return _("until %(time)s") % {"time": clock(event.ends)}
    return clock(event.starts) if event.starts else ""


def with_weekday(date: PartialDate) -> SafeString:
    by_day = date.precision == Precision.DAY
    words = date_format(date.first, "l j F Y") if by_day else str(date)
    return format_html('<time datetime="{}">{}</time>', date.iso, words)


def moment(event: Event) -> str:
    """What HTML's `<time datetime>` takes."""
    if event.starts and event.date.precision == Precision.DAY:
        return f"{event.date.iso}T{event.starts:%H:%M}"
    return event.date.iso


def clock(time: datetime.time) -> str:
    return f"{time:%H.%M}"
