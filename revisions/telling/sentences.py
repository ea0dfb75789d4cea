"""One sentence for each kind of log entry."""

import datetime
from collections.abc import Callable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.models import Decision, Membership
from programs.wording import sentence
from revisions.models import LogEntry, Process, Statement
from revisions.steps import Kind
from revisions.telling.story import Log, Story


def named(entry: LogEntry, story: Story) -> SafeString:
    label = capfirst(entry.get_kind_display())
    about = entry.about or story.step(entry.step)["title"]
    if not about:
        return sentence("%(what)s.", what=label)
    return sentence(_("%(what)s: %(title)s."), what=label, title=about)


def _started(entry: LogEntry, story: Story) -> SafeString:
    first = story.step(1)
    words = {
        Kind.CREATION: _("The work on a first text began with step 1, %(title)s."),
        Kind.REVISION: _("The revision began with step 1, %(title)s."),
        Kind.LOCAL_DEVELOPMENT: _("The work began with phase 1, %(title)s."),
    }[Kind(story.process.kind)]
    return sentence(words, **first)


def _passed(entry: LogEntry, story: Story) -> SafeString:
    done, following = story.step(entry.step), story.step(entry.to_step)
    values = {**done, "next": following["number"], "next_title": following["title"]}
    if entry.to_step is None:
        words = (
            _("Phase %(number)s, %(title)s, is done.")
            if story.is_phased
            else _("Step %(number)s, %(title)s, is done.")
        )
    elif story.is_phased:
        words = _(
            "Phase %(number)s, %(title)s, is done. Now phase %(next)s begins, %(next_title)s."
        )
    else:
        words = _("Step %(number)s, %(title)s, is done. Now step %(next)s begins, %(next_title)s.")
    return sentence(words, **values)


def _sent_back(entry: LogEntry, story: Story) -> SafeString:
    story.has_period = story.has_approvals = False
    back = story.step(entry.to_step)
    words = (
        _("The work was sent back from phase %(number)s, %(title)s, to phase %(to)s, %(to_title)s.")
        if story.is_phased
        else _(
            "The work was sent back from step %(number)s, %(title)s, to step %(to)s, %(to_title)s."
        )
    )
    values = {"to": back["number"], "to_title": back["title"]}
    return sentence(words, **story.step(entry.step), **values)


def _evidence_added(entry: LogEntry, story: Story) -> SafeString:
    if entry.happened:
        return sentence(_("What shows it: %(what)s."), what=entry.about)
    return sentence(
        _("%(who)s added what shows it: %(what)s."),
        who=capfirst(story.who(entry)),
        what=entry.about,
    )


def _evidence_withdrawn(entry: LogEntry, story: Story) -> SafeString:
    return sentence(
        _("%(who)s withdrew what was shown by mistake: %(what)s."),
        who=capfirst(story.who(entry)),
        what=entry.about,
    )


def _comments_opened(entry: LogEntry, story: Story) -> SafeString:
    words = (
        _("%(who)s changed the time for comments: from %(first)s to %(last)s.")
        if story.has_period
        else _("%(who)s opened for comments from %(first)s to %(last)s.")
    )
    story.has_period = True
    first, last = map(datetime.date.fromisoformat, entry.about.split("/"))
    return sentence(words, who=capfirst(story.who(entry)), first=first, last=last)


def _channel_entered(entry: LogEntry, story: Story) -> SafeString:
    return sentence(
        _("All comments that came in %(channel)s have been entered."), channel=entry.subject
    )


def _channel_reopened(entry: LogEntry, story: Story) -> SafeString:
    return sentence(
        _("More comments had come in %(channel)s, and they are being entered."),
        channel=entry.subject,
    )


def _statement_due(entry: LogEntry, story: Story) -> SafeString:
    return sentence(
        _("%(who)s can give its view of the draft until %(date)s."),
        who=capfirst(story.words["association"].definite),
        date=datetime.date.fromisoformat(entry.about),
    )


def _corrected(entry: LogEntry, story: Story) -> SafeString:
    if story.process.steps[entry.step - 1].slug == "anchoring":
        story.next_of(Log.ANCHORED)
    return sentence(
        _("%(who)s corrected what was recorded: %(what)s."),
        who=capfirst(story.who(entry)),
        what=entry.about,
    )


def _anchored(entry: LogEntry, story: Story) -> SafeString:
    row, association = story.next_of(Log.ANCHORED), story.words["association"].definite
    if row is None:
        return sentence(
            _("The board of the association (%(association)s) has anchored the result."),
            association=association,
        )
    return sentence(
        _(
            "The board of %(association)s stood behind the result %(board)s and informed the "
            "members %(informed)s."
        ),
        association=association,
        board=row.board_on,
        informed=row.members_informed_on,
    )


def _body(entry: LogEntry, story: Story) -> str:
    if entry.about == Statement.Body.REFERENCE_GROUP:
        return _("The reference group")
    return capfirst(story.words["association"].definite)


def _statement(entry: LogEntry, story: Story) -> SafeString:
    return sentence(_("%(who)s gave its view of the draft."), who=_body(entry, story))


def _statement_absent(entry: LogEntry, story: Story) -> SafeString:
    words = _("%(who)s had given no view of the draft when the time was over.")
    return sentence(words, who=_body(entry, story))


def _draft_made(entry: LogEntry, story: Story) -> SafeString:
    return sentence(_("%(who)s began to write the draft."), who=capfirst(story.who(entry)))


def _draft_published(entry: LogEntry, story: Story) -> SafeString:
    return sentence(
        _("%(who)s published the draft. Anyone can read it."), who=capfirst(story.who(entry))
    )


def _text_changed(entry: LogEntry, story: Story) -> SafeString:
    words = (
        _("%(who)s changed the draft. Approvals given before no longer count.")
        if story.has_approvals
        else _("%(who)s changed the draft.")
    )
    story.has_approvals = False
    return sentence(words, who=capfirst(story.who(entry)))


def member_in_words(membership: Membership | None, story: Story) -> str:
    """ "A politician (S)": as what, never who."""
    capacity = membership.capacity if membership else ""
    if capacity == Membership.Capacity.POLITICIAN:
        words = _("A politician")
    elif capacity == Membership.Capacity.ASSOCIATION:
        words = _("A representative of %(association)s") % {
            "association": story.words["association"].definite
        }
    elif capacity == Membership.Capacity.RESIDENT:
        words = _("A representative of the residents")
    else:
        words = _("A member")
    return f"{words} ({membership.party})" if membership and membership.party else words


def _approved(entry: LogEntry, story: Story) -> SafeString:
    row = story.next_of(Log.APPROVED)
    story.has_approvals = True
    return sentence(
        _("%(who)s in %(group)s approved the draft."),
        who=member_in_words(row and row.membership, story),
        group=story.words["steering_group"].definite,
    )


def _change_asked(entry: LogEntry, story: Story) -> SafeString:
    row = story.next_of(Log.CHANGE_ASKED)
    return sentence(
        _("%(who)s in %(group)s asked for a change."),
        who=member_in_words(row and row.membership, story),
        group=story.words["steering_group"].definite,
    )


def _minuted(entry: LogEntry, story: Story) -> SafeString:
    row, group = story.next_of(Log.APPROVAL_MINUTED), story.words["steering_group"].definite
    story.has_approvals = True
    if row is None:
        return sentence(_("%(group)s approved the draft at a meeting."), group=capfirst(group))
    return sentence(
        _("%(group)s approved the draft at its meeting %(date)s. It is in the minutes."),
        group=capfirst(group),
        date=row.event.date,
    )


def _informed(entry: LogEntry, story: Story) -> SafeString:
    return sentence(
        _("The draft was presented as an information item: %(what)s."), what=entry.about
    )


def _decided(entry: LogEntry, story: Story) -> SafeString:
    row = entry.decision
    if row is None:
        return sentence(_("The deciding body rejected the draft."))
    words = {
        Decision.Outcome.ADOPTED: _("%(body)s adopted the text%(details)s."),
        Decision.Outcome.REJECTED: _("%(body)s rejected the draft%(details)s."),
        Decision.Outcome.REFERRED_BACK: _(
            "%(body)s referred the draft back for more work%(details)s."
        ),
    }[Decision.Outcome(row.outcome)]
    body = row.body.name if row.body else _("The deciding body")
    return sentence(words, body=body, details=details_of(row))


def details_of(decision: Decision) -> SafeString:
    """ " (30 August 2026, § 112, KS 2026/7)", each part as far as known; else nothing."""
    parts = [
        sentence("%(date)s", date=decision.decided) if decision.decided else "",
        f"§ {decision.section}" if decision.section else "",
        decision.case_number,
    ]
    known = format_html_join(", ", "{}", ((part,) for part in parts if part))
    return format_html(" ({})", known) if known else SafeString("")


def _adopted(entry: LogEntry, story: Story) -> SafeString:
    if entry.to_step:
        following = story.step(entry.to_step)
        return sentence(
            _("The plan is in force. Now phase %(number)s begins, %(title)s."), **following
        )
    if story.process.base_id:
        return sentence(_("The new text is in force. The earlier one can still be read."))
    return sentence(_("The text is in force."))


def _closed(entry: LogEntry, story: Story) -> SafeString:
    words = {
        Process.Outcome.ABORTED: _("The work ended without a result. What was recorded is kept."),
        Process.Outcome.REJECTED: _("The work ended. The text in force before still is."),
        Process.Outcome.EVALUATED: _("All phases are done."),
    }
    whole = _("All steps are done.")
    return sentence(words.get(Process.Outcome(story.process.outcome), whole))


def _aborted(entry: LogEntry, story: Story) -> SafeString:
    return sentence(_("%(who)s ended the work without a result."), who=capfirst(story.who(entry)))


SENTENCES: dict[str, Callable[[LogEntry, Story], SafeString]] = {
    Log.STARTED: _started,
    Log.PASSED: _passed,
    Log.HISTORY: _passed,
    Log.SENT_BACK: _sent_back,
    Log.EVIDENCE_ADDED: _evidence_added,
    Log.EVIDENCE_WITHDRAWN: _evidence_withdrawn,
    Log.COMMENTS_OPENED: _comments_opened,
    Log.CHANNEL_ENTERED: _channel_entered,
    Log.CHANNEL_REOPENED: _channel_reopened,
    Log.ANCHORED: _anchored,
    Log.STATEMENT_DUE: _statement_due,
    Log.STATEMENT: _statement,
    Log.STATEMENT_ABSENT: _statement_absent,
    Log.DRAFT_MADE: _draft_made,
    Log.DRAFT_PUBLISHED: _draft_published,
    Log.TEXT_CHANGED: _text_changed,
    Log.APPROVED: _approved,
    Log.CHANGE_ASKED: _change_asked,
    Log.APPROVAL_MINUTED: _minuted,
    Log.INFORMED: _informed,
    Log.CORRECTED: _corrected,
    Log.DECIDED: _decided,
    Log.ADOPTED: _adopted,
    Log.CLOSED: _closed,
    Log.ABORTED: _aborted,
}
