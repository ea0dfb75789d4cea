"""The whole way of a finished process in a few sentences, made from its own records."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from programs.dates import PartialDate, Precision
from programs.models import Action, Decision, Document, Event, Membership, VoiceState
from programs.wording import sentence
from revisions.comparison import State, compare, walk
from revisions.digest import digest_of
from revisions.models import LogEntry, Process
from revisions.steps import Kind
from revisions.telling.sentences import details_of

MONTHS_IN_A_YEAR = 12
CHANGED = {
    State.EDITED: ngettext_lazy("%(n)s is edited", "%(n)s are edited", "n"),
    State.NEW: ngettext_lazy("%(n)s is new", "%(n)s are new", "n"),
    State.MOVED: ngettext_lazy("%(n)s is moved", "%(n)s are moved", "n"),
    State.DROPPED: ngettext_lazy("%(n)s is dropped", "%(n)s are dropped", "n"),
}
RESIDENTS = (Membership.Capacity.RESIDENT, Membership.Capacity.ASSOCIATION)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, and where one reads more about it."""

    words: SafeString
    url: str = ""
    link: str = ""


def summary_of(process: Process, words: Mapping[str, Any]) -> list[Line]:
    """Nothing while the process runs. As many queries for a long process as for a short one."""
    if process.is_open:
        return []
    events = list(
        Event.objects.filter(
            pk__in=process.evidence.standing().filter(event__isnull=False).values("event")
        ).order_by("date", "pk")
    )
    decisions = process.decisions()
    return [
        *_time(process, events, decisions),
        *_meetings(events),
        *_comments(process),
        *_changes(process),
        *approval_of_group(process, words),
        *_decisions(process, decisions),
        *_actions(process),
        *_evaluation(process),
        *_times_back(process),
    ]


def _time(process: Process, events: list[Event], decisions: list[Decision]) -> Iterator[Line]:
    decided = next(
        (row for row in decisions if row.outcome == Decision.Outcome.ADOPTED and row.decided), None
    )
    first = events[0].date if events else process.started
    if process.kind == Kind.LOCAL_DEVELOPMENT:
        first = process.started or first
        decided = None
    last = decided.decided if decided else process.ended
    if first is None or last is None or last < first:
        return
    if decided and events:
        said = _("It took %(time)s from the first meeting, %(first)s, to the decision, %(last)s.")
    else:
        said = _("It took %(time)s, from %(first)s to %(last)s.")
    yield Line(sentence(said, time=between(first, last), first=first, last=last))


def between(first: PartialDate, last: PartialDate) -> str:
    """ "13 months", "2 years and 3 months", or "about 7 years" where only years are known."""
    if Precision.YEAR in (first.precision, last.precision):
        years = max(1, last.year - first.year)
        return ngettext("about a year", "about %(years)s years", years) % {"years": years}
    start, end = first.first, last.first
    months = (end.year - start.year) * MONTHS_IN_A_YEAR + end.month - start.month
    months -= last.precision == first.precision == Precision.DAY and end.day < start.day
    if months < 1:
        days = (end - start).days + 1
        return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    if months < 2 * MONTHS_IN_A_YEAR:
        return ngettext("%(months)s month", "%(months)s months", months) % {"months": months}
    years, months = divmod(months, MONTHS_IN_A_YEAR)
    whole = ngettext("%(years)s year", "%(years)s years", years) % {"years": years}
    if not months:
        return whole
    rest = ngettext("%(months)s month", "%(months)s months", months) % {"months": months}
    return _("%(years)s and %(months)s") % {"years": whole, "months": rest}


def _meetings(events: list[Event]) -> Iterator[Line]:
    if not events:
        return
    people = sum(event.participants or 0 for event in events)
    held = ngettext(
        "%(n)s meeting or activity was held on the way",
        "%(n)s meetings and activities were held on the way",
        len(events),
    )
    held = sentence(held, n=len(events))
    if not people:
        yield Line(sentence("%(held)s.", held=held))
    else:
        said = ngettext(
            "%(held)s, with %(people)s participant.",
            "%(held)s, with %(people)s participants.",
            people,
        )
        yield Line(sentence(said, held=held, people=people))


def _comments(process: Process) -> Iterator[Line]:
    published = Q(state=VoiceState.PUBLISHED)
    counts = process.comments.aggregate(
        total=Count("pk", filter=published), answered=Count("pk", filter=published & ~Q(outcome=""))
    )
    total, answered = counts["total"], counts["answered"]
    if not total:
        return
    if answered == total:
        said = ngettext(
            "%(total)s comment came in, and it has its answer.",
            "%(total)s comments came in, and each has its answer.",
            total,
        )
    else:
        said = ngettext(
            "%(total)s comment came in; it has no answer.",
            "%(total)s comments came in; %(answered)s of them have an answer.",
            total,
        )
    yield Line(
        sentence(said, total=total, answered=answered),
        reverse("revisions:comments", args=[process.program.slug, process.pk]),
        _("Read them"),
    )


def _changes(process: Process) -> Iterator[Line]:
    if process.draft is None or process.kind == Kind.LOCAL_DEVELOPMENT:
        return
    new = list(process.draft.clauses.order_by("position", "pk"))
    if not new:
        return
    if process.base is None:
        said = ngettext("The text has %(n)s piece.", "The text has %(n)s pieces.", len(new))
        yield Line(sentence(said, n=len(new)))
        return
    old = list(process.base.clauses.order_by("position", "pk"))
    changes = compare(old, new, {clause.pk: clause.origin_id for clause in new})
    counts = Counter(change.state for change in walk(changes))
    parts = [words % {"n": counts[state]} for state, words in CHANGED.items() if counts[state]]
    if not parts:
        yield Line(sentence(_("The text is the same as before, word by word.")))
        return
    said = ngettext(
        "Pieces of the text: %(parts)s. %(kept)s is as before.",
        "Pieces of the text: %(parts)s. %(kept)s are as before.",
        counts[State.KEPT],
    )
    is_public = process.outcome == Process.Outcome.ADOPTED
    numbers = [process.program.slug, process.draft.number, process.base.number]
    yield Line(
        sentence(said, parts=", ".join(parts), kept=counts[State.KEPT]),
        reverse("revisions:comparison", args=numbers) if is_public else "",
        _("See what was changed") if is_public else "",
    )


def approval_of_group(process: Process, words: Mapping[str, Any]) -> Iterator[Line]:
    """Who approved exactly the text that was decided on."""
    given = list(process.approvals.select_related("membership", "event"))
    if not given or process.draft is None:
        return
    digest, group = digest_of(process.draft), words["steering_group"].definite
    # Of each member the latest stand counts.
    latest = {
        row.membership_id or -row.event_id: row
        for row in given
        if row.digest == digest and row.attempt == given[-1].attempt
    }
    last = [row for row in latest.values() if row.is_approved]
    minuted = [row.event for row in last if row.event]
    if minuted:
        said = _("%(group)s approved it at its meeting %(date)s.")
        event = minuted[-1]
        yield Line(
            sentence(said, group=capfirst(group), date=event.date),
            event.get_absolute_url(),
            event.title,
        )
        return
    seats = [row.membership for row in last if row.membership]
    politicians = sum(seat.capacity == Membership.Capacity.POLITICIAN for seat in seats)
    residents = sum(seat.capacity in RESIDENTS for seat in seats)
    parts = []
    if politicians:
        said = ngettext("%(n)s politician", "%(n)s politicians", politicians)
        parts.append(said % {"n": politicians})
    if residents:
        said = ngettext(
            "%(n)s representative of the residents",
            "%(n)s representatives of the residents",
            residents,
        )
        parts.append(said % {"n": residents})
    if parts:
        both = _("%(some)s and %(others)s")
        who = (
            both % dict(zip(("some", "others"), parts, strict=True)) if len(parts) > 1 else parts[0]
        )
        yield Line(sentence(_("In %(group)s %(who)s approved it."), group=group, who=who))


def _decisions(process: Process, decisions: list[Decision]) -> Iterator[Line]:
    said = {
        Decision.Outcome.ADOPTED: _("%(body)s adopted the plan%(details)s.")
        if process.kind == Kind.LOCAL_DEVELOPMENT
        else _("%(body)s adopted it%(details)s."),
        Decision.Outcome.REJECTED: _("%(body)s rejected it%(details)s."),
        Decision.Outcome.REFERRED_BACK: _("%(body)s referred it back for more work%(details)s."),
    }
    for row in decisions:
        if row.outcome not in said:
            continue
        body = row.body.name if row.body else _("The deciding body")
        words = sentence(said[Decision.Outcome(row.outcome)], body=body, details=details_of(row))
        yield Line(words, row.url, _("The minutes") if row.url else "")
    if process.outcome == Process.Outcome.ABORTED:
        entry = process.log.filter(kind=LogEntry.Kind.ABORTED).last()
        reason = entry.reason if entry else ""
        yield Line(sentence(_("The work ended without a result. %(reason)s"), reason=reason))


def _actions(process: Process) -> Iterator[Line]:
    """What came of the plan, where the process was to carry one out."""
    if process.kind != Kind.LOCAL_DEVELOPMENT:
        return
    counts = Action.objects.filter(program=process.program_id).aggregate(
        total=Count("pk"), done=Count("pk", filter=Q(status=Action.Status.COMPLETED))
    )
    if counts["done"]:
        said = ngettext(
            "The plan had %(total)s action; %(done)s is done.",
            "The plan had %(total)s actions; %(done)s of them are done.",
            counts["total"],
        )
        yield Line(
            sentence(said, **counts),
            reverse("programs:completed", args=[process.program.slug]),
            _("See what was done"),
        )


def _evaluation(process: Process) -> Iterator[Line]:
    row = (
        process.evidence.standing()
        .filter(document__kind=Document.Kind.EVALUATION)
        .select_related("document")
        .last()
    )
    if row:
        url = row.document.get_absolute_url()
        yield Line(sentence(_("The work has been evaluated.")), url or "", row.document.title)


def _times_back(process: Process) -> Iterator[Line]:
    times = process.log.filter(kind=LogEntry.Kind.SENT_BACK).count()
    if times:
        said = ngettext(
            "On the way it was sent back once, and steps were done again.",
            "On the way it was sent back %(times)s times, and steps were done again.",
            times,
        )
        yield Line(sentence(said, times=times))
