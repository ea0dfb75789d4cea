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

TIME = '<time datetime="{}">{}</time>'


@register.simple_tag
def event_when(event: Event) -> SafeString:
    """Day and hour in full: "Tisdag 1 december 2026 kl. 18.30–20.30"."""
    days = format_html(TIME, event.date.iso, capfirst(with_weekday(event.date)))
    if event.until:
        until = format_html(TIME, event.until.iso, with_weekday(event.until))
        days = format_html("{} – {}", days, until)
    hours = event_hours(event)
    if event.starts:
        hours = _("at %(time)s") % {"time": hours}
    return format_html("{} {}", days, hours) if hours else days


@register.simple_tag
def event_date(event: Event, known_year: int) -> SafeString:
    """The block with the date at the start of a row; its year is only read out if it is known."""
    date, small = event.date, ""
    if date.precision == Precision.DAY:
        large, small = str(date.first.day), date_format(date.first, "b")
    elif date.precision == Precision.MONTH:
        large = date_format(date.first, "b")
    elif date.precision == Precision.SEASON:
        large, small = "", str(date).rsplit(" ", 1)[0]
    else:
        large, small = "", str(date)
    year = ""
    if date.precision != Precision.YEAR:
        known = date.year == known_year
        words = ' <span class="visually-hidden">{}</span>' if known else "<br>{}"
        year = format_html(words, date.year)
    return format_html(
        '<time class="event-list__date" datetime="{}">{}{}{}</time>',
        moment(event),
        format_html('<span class="event-list__day">{}</span> ', large) if large else "",
        small,
        year,
    )


@register.simple_tag
def event_facts(event: Event, past: bool, in_program: bool) -> SafeString:
    """The line under an event's title: where and when before it, what came of it after."""
    where = "" if in_program else str(event.locality or event.program or "")
    until = _("until %(time)s") % {"time": event.until} if event.until else ""
    kind = capfirst(event.get_kind_display())
    if past:
        facts = [kind, until, where, _("notes published") if event.notes else ""]
    else:
        by_day = event.date.precision == Precision.DAY and not event.until
        weekday = date_format(event.date.first, "l") if by_day else ""
        hours = " ".join(filter(None, [weekday, event_hours(event)]))
        public = _("open to all") if event.open_to_all else _("for the group")
        facts = [capfirst(hours or until), event.place, where, kind, public]
    return format_html_join(" · ", "{}", ((fact,) for fact in facts if fact))


def event_hours(event: Event) -> str:
    """ "18.30–20.30", "18.30", "until 20.30", or nothing."""
    if event.starts and event.ends:
        return f"{clock(event.starts)}–{clock(event.ends)}"
    if event.ends:
        return _("until %(time)s") % {"time": clock(event.ends)}
    return clock(event.starts) if event.starts else ""


def with_weekday(date: PartialDate) -> str:
    return date_format(date.first, "l j F Y") if date.precision == Precision.DAY else str(date)


def moment(event: Event) -> str:
    """What HTML's `<time datetime>` takes."""
    if event.starts and event.date.precision == Precision.DAY:
        return f"{event.date.iso}T{event.starts:%H:%M}"
    return event.date.iso


def clock(time: datetime.time) -> str:
    return f"{time:%H.%M}"
