"""What is going on in a process, in plain words: what is open, until when, what comes next."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.wording import dated
from revisions.models import Process
from revisions.steps import Kind, Step


@dataclass(frozen=True, slots=True)
class Now:
    """`words` are of the step under way; `url` and `verb` lead to what anyone can do or read."""

    number: int
    step: Step
    words: SafeString | str
    url: str = ""
    verb: str = ""
    is_open: bool = False
    until: datetime.date | None = None
    following: Step | None = None


def now_of(process: Process, today: datetime.date) -> Now | None:
    """None for a process that is closed. Records are read with `with_records()`."""
    step = process.current
    if step is None:
        return None
    words, url, verb = _words(process, step, today)
    is_open = process.takes_comments(today)
    return Now(
        process.step,
        step,
        words,
        url,
        verb,
        is_open,
        process.comments_close_on if is_open else None,
        None if process.is_at_last_step else process.steps[process.step],
    )


def _words(process: Process, step: Step, today: datetime.date) -> tuple[SafeString | str, str, str]:
    address = [process.program.slug, process.pk]
    if step.opens == "comments":
        words = _commenting(process, today)
        if process.takes_comments(today):
            return words, reverse("revisions:comment", args=address), _("Leave a comment")
        return words, "", ""
    if process.kind == Kind.LOCAL_DEVELOPMENT:
        words = [usual_time(process, step)]
        if step.slug != "initiate" or not process.draft_published_at:
            return words[0], "", ""
        published = _("The draft of the plan was published %(date)s.")
        words.append(dated(published, date=process.draft_published_at))
        return sentences(words), *_draft(process)
    if process.draft_published_at and step.slug != "compilation":
        words = [dated(_("The draft was published %(date)s."), date=process.draft_published_at)]
        if step.slug == "draft" and process.statement_due_on:
            asked = _("The association gives its view by %(date)s.")
            words.append(dated(asked, date=process.statement_due_on))
        return sentences(words), *_draft(process)
    return str(step.explanation), "", ""


def _commenting(process: Process, today: datetime.date) -> SafeString | str:
    opens, closes = process.comments_open_on, process.comments_close_on
    if opens is None or closes is None:
        return _("When comments can be left is not decided yet.")
    if today < opens:
        return dated(
            _("Comments can be left from %(first)s to %(last)s."), first=opens, last=closes
        )
    if today > closes:
        return dated(
            _("Comments were open until %(last)s. Now everything is read and answered."),
            last=closes,
        )
    return dated(_("Open for comments until %(last)s. You need no account."), last=closes)


def _draft(process: Process) -> tuple[str, str]:
    """Where a published draft is read; nothing while there is none to read."""
    if process.draft_id is None or process.draft_published_at is None:
        return "", ""
    address = [process.program.slug, process.pk]
    words = _("See what the draft changes") if process.base_id else _("Read the draft")
    return reverse("revisions:draft", args=address), words


def usual_time(process: Process, step: Step) -> SafeString | str:
    """When the phase began, as far as known, and how long one usually takes."""
    record = current_record(process)
    parts = []
    if record and record.started:
        parts.append(dated(_("Since %(date)s."), date=record.started))
    if step.months:
        parts.append(_("The phase usually takes %(time)s.") % {"time": span(*step.months)})
    return sentences(parts) if parts else str(step.explanation)


def sentences(parts: list[SafeString | str]) -> SafeString:
    return format_html_join(" ", "{}", ((part,) for part in parts))


def current_record(process: Process) -> object | None:
    return next(
        (
            record
            for record in reversed(process.all_records)
            if (record.number, record.attempt) == (process.step, process.attempt)
        ),
        None,
    )


def is_overlong(process: Process, today: datetime.date) -> bool:
    """True for a phase that has gone on for longer than one usually takes, as far as known."""
    step, record = process.current, current_record(process)
    if step is None or step.months is None or record is None or record.started is None:
        return False
    began = record.started.last
    months = (today.year - began.year) * 12 + today.month - began.month
    return months - (today.day < began.day) >= step.months[1]


def span(least: int, most: int) -> str:
    """ "3–5 years", "12–16 months", "up to 12 months"."""
    if least and least % 12 == most % 12 == 0:
        least, most = least // 12, most // 12
        return ngettext("%(least)s–%(most)s year", "%(least)s–%(most)s years", most) % {
            "least": least,
            "most": most,
        }
    if not least:
        return _("up to %(most)s months") % {"most": most}
    return _("%(least)s–%(most)s months") % {"least": least, "most": most}
