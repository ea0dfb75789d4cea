"""How far a requirement has come, in words for those who carry the process."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.dates import day
from revisions.approval import approval_of
from revisions.models import Comment, Evidence, Process
from revisions.requirements.facts import channels_left, has_notes
from revisions.requirements.standing import Progress


def of_events(
    kinds: tuple[str, ...],
    process: Process,
    today: datetime.date,
    *,
    open_to_all: bool,
    notes: bool,
) -> Progress | None:
    """What is still wanting in the events that were connected, or why they do not count."""
    shown = [
        row.event
        for row in Evidence.objects.of_step_under_way(process).select_related("event")
        if row.event
    ]
    right = [
        event
        for event in shown
        if event.kind in kinds and not event.is_cancelled and (event.open_to_all or not open_to_all)
    ]
    for event in right:
        about = {"event": event.title, "date": event.date}
        if event.date.first > today:
            return Progress(_("%(event)s is planned for %(date)s.") % about, waits=True)
        if notes and not has_notes(event):
            return Progress(_("%(event)s has no notes yet.") % about)
    for event in shown:
        about = {"event": event.title, "kind": event.get_kind_display()}
        if event.is_cancelled:
            return Progress(_("%(event)s was cancelled.") % about)
        if event.kind not in kinds:
            return Progress(_("%(event)s is of another kind: %(kind)s.") % about)
        if open_to_all and not event.open_to_all:
            return Progress(_("%(event)s was not open to all.") % about)
    return None


def of_documents(kind: str, process: Process, _today: datetime.date) -> Progress | None:
    shown = Evidence.objects.of_step_under_way(process).select_related("document")
    for document in (row.document for row in shown if row.document):
        about = {"document": document.title, "kind": document.get_kind_display()}
        if document.kind != kind:
            return Progress(_("%(document)s is of another kind: %(kind)s.") % about)
        if not document.get_absolute_url():
            return Progress(_("%(document)s has neither a file nor a link.") % about)
    return None


def period(process: Process, today: datetime.date) -> Progress | None:
    if process.comments_open_on is None:
        return None
    if process.comments_open_on > today:
        words = _("Opens %(date)s.") % {"date": day(process.comments_open_on)}
    else:
        words = _("Open until %(date)s.") % {"date": day(process.comments_close_on)}
    return Progress(words, waits=True)


def channels(process: Process, today: datetime.date) -> Progress:
    """Nobody can say that all is in while more may come."""
    left = ", ".join(str(channel.label) for channel in channels_left(process))
    is_over = process.comments_close_on is not None and process.comments_close_on < today
    return Progress(_("Left: %(channels)s.") % {"channels": left}, waits=not is_over)


def comments(process: Process, _today: datetime.date) -> Progress:
    number = Comment.objects.filter(process=process).needing_answer().count()
    words = ngettext("%(n)s comment left to answer.", "%(n)s comments left to answer.", number)
    return Progress(words % {"n": number})


def statement(process: Process, today: datetime.date) -> Progress | None:
    due = process.statement_due_on
    if due is None:
        return None
    if due < today:
        return Progress(_("The last day was %(date)s.") % {"date": day(due)})
    return Progress(_("The last day is %(date)s.") % {"date": day(due)})


def approval(process: Process, today: datetime.date) -> Progress:
    state = approval_of(process, today)
    words = [
        _("%(n)s of %(total)s have approved this text.")
        % {"n": len(state.approving), "total": state.voting}
    ]
    if state.lacking:
        more = ngettext(
            "%(n)s more is needed for a majority.",
            "%(n)s more are needed for a majority.",
            state.lacking,
        )
        words.append(more % {"n": state.lacking})
    if state.needs_politician and not state.has_politician:
        words.append(_("At least one politician must approve."))
    if state.needs_resident and not state.has_resident:
        words.append(_("At least one resident representative must approve."))
    return Progress(" ".join(words), waits=True)
