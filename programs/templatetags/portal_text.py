"""How dates, numbers and running text are written. Loaded in every template."""

import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from programs.dates import PartialDate

register = template.Library()


@register.filter
def when(value: PartialDate | datetime.date | None) -> str:
    """A date as Swedes write it, in a `<time>`; empty for None."""
    if not value:
        return ""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value).date()
    if isinstance(value, PartialDate):
        return format_html('<time datetime="{}">{}</time>', value.iso, str(value))
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), date_format(value, "j F Y")
    )


@register.simple_tag
def event_time(event: Any) -> SafeString:
    """ "4 december 2026 at 18.30"; for what goes on for several days, until when."""
    if event.until:
        return format_html("{}–{}", when(event.date), when(event.until))
    if event.starts:
        at = _("at %(time)s") % {"time": event.starts.strftime("%H.%M")}
        return format_html("{} {}", when(event.date), at)
    return when(event.date)


@register.simple_tag
def period(started: PartialDate | None, ended: PartialDate | None) -> str:
    """ "2013–2018", "from 2013", "until 2018", or nothing."""
    if started and ended:
        return f"{started}–{ended}" if started != ended else str(started)
    if started:
        return _("from %(date)s") % {"date": started}
    if ended:
        return _("until %(date)s") % {"date": ended}
    return ""


@register.filter
def paragraphs(text: str) -> SafeString:
    """Plain text as paragraphs, escaped, with links that can be followed."""
    return mark_safe(linebreaks(urlize(text, nofollow=True, autoescape=True)))  # noqa: S308 (escaped)


@register.filter
def thousands(value: int | None) -> str:
    """ "102 767", with a space that does not break."""
    return "" if value is None else f"{value:,}".replace(",", "\u00a0")


@register.filter
def kronor(value: int | None) -> str:
    return "" if value is None else f"{thousands(value)}\u00a0kr"


@register.simple_tag
def progress(completed: int, ongoing: int, total: int) -> SafeString:
    """A bar and the same in words. Drawn here, because lists have one in every row."""
    if not total:
        return format_html('<p class="meta">{}</p>', _("No actions yet"))
    done, doing = 100 * completed / total, 100 * ongoing / total
    words = _("%(completed)s of %(total)s done") % {"completed": completed, "total": total}
    if ongoing:
        words += " · " + _("%(ongoing)s under way") % {"ongoing": ongoing}
    return format_html(
        '<div class="progress"><svg class="progress__bar" viewBox="0 0 100 6" '
        'preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="progress__done" width="{}" height="6"/>'
        '<rect class="progress__ongoing" x="{}" width="{}" height="6"/></svg>'
        "<span>{}</span></div>",
        f"{done:.1f}",
        f"{done:.1f}",
        f"{doing:.1f}",
        words,
    )


TRAFFIC_LIGHTS = {
    "completed": "green",
    "ongoing": "yellow",
    "planned": "red",
    "paused": "red",
    "not_possible": "red",
}


@register.simple_tag(takes_context=True)
def status_tag(context: template.Context, action: Any) -> SafeString:
    """An action's status in words and color; as a traffic light where the municipality wants it.

    "Not started" and "not possible" may share red, but never their words.
    """
    if context["municipality"].traffic_lights:
        words = {
            "completed": _("Green: done"),
            "ongoing": _("Yellow: under way"),
            "planned": _("Red: not started"),
            "paused": _("Red: paused"),
            "not_possible": _("Red: not possible"),
        }[action.status]
        return tag(words, TRAFFIC_LIGHTS[action.status])
    return tag(capitalized(action.get_status_display()), action.status.replace("_", "-"))


@register.simple_tag
def tag(words: str, tone: str = "") -> SafeString:
    return format_html('<span class="tag{}">{}</span>', f" tag--{tone}" if tone else "", words)


def capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The page's query string with some values changed; None leaves one out."""
    values = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            values.pop(key, None)
        else:
            values[key] = value
    return "?" + values.urlencode()
