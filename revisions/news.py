"""What followers of a program or a place are told of its processes: see `programs.following`."""

import datetime
from collections.abc import Iterator

from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.following.news import PROCESS, News, Scope, Span, midnight, within
from revisions.models import LogEntry, Process
from revisions.views.comments import takes_comments

# So long before the last day followers are told that it is near.
LAST_CALL = datetime.timedelta(days=9)
Kind = LogEntry.Kind
TOLD = {
    Kind.STARTED: gettext_lazy("The work has begun"),
    Kind.PASSED: gettext_lazy("Step %(number)s of %(total)s is done: %(title)s"),
    Kind.SENT_BACK: gettext_lazy("Sent back to step %(to)s: %(to_title)s"),
    Kind.DRAFT_PUBLISHED: gettext_lazy("The draft is published"),
    Kind.ADOPTED: gettext_lazy("The new text is adopted"),
    Kind.ABORTED: gettext_lazy("The work has been broken off"),
}


def process_news(scope: Scope, span: Span) -> Iterator[News]:
    yield from _comments(scope, span)
    log = LogEntry.objects.filter(scope.q_program("process__"), within("at", span))
    log = log.filter(kind__in=TOLD)
    for entry in log.select_related("process__program").order_by("pk"):
        yield _step(entry)


def _comments(scope: Scope, span: Span) -> Iterator[News]:
    """That one may say what one thinks, when that begins and when it soon ends."""
    today = timezone.localdate(span[1])
    running = Process.objects.taking_comments(today).filter(scope.q_program())
    running = running.annotate(set_at=Max("log__at", filter=Q(log__kind=Kind.COMMENTS_OPENED)))
    for process in running.select_related("program", "base", "draft"):
        if not takes_comments(process, today):
            continue
        url = reverse("revisions:comment", args=[process.program.slug, process.pk])
        words = _("Say what you think by %(date)s at the latest") % {
            "date": date_format(process.comments_close_on, "j F Y")
        }
        last_call = max(process.comments_open_on, process.comments_close_on - LAST_CALL)
        for day in (process.comments_open_on, last_call):
            # The period may have been set after the day had begun, and a letter had left.
            at = max(midnight(day), process.set_at or midnight(day))
            title = capfirst(str(process))
            yield News(PROCESS, f"comments:{process.pk}", at, title, url, words)


def _step(entry: LogEntry) -> News:
    titles = [step.title for step in entry.process.steps]
    words = TOLD[Kind(entry.kind)] % {
        "number": entry.step,
        "total": len(titles),
        "title": titles[entry.step - 1],
        "to": entry.to_step,
        "to_title": titles[entry.to_step - 1] if entry.to_step else "",
    }
    process = entry.process
    title, url = capfirst(str(process)), process.get_absolute_url()
    # Several steps in one week are several lines.
    return News(PROCESS, f"log:{entry.pk}", entry.at, title, url, words)
