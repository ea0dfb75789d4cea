"""How actions, ideas and decisions are put in words, so that every page says the same."""

import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from programs.dates import PartialDate
from programs.models import Action, Clause, Decision, Edition, Idea, Outcome
from programs.templatetags.portal_text import when

# How an idea's outcome looks beside its words.
OUTCOME_TONES = {
    Outcome.PARTLY: "ongoing",
    Outcome.NO: "not-possible",
    Outcome.OTHER_AUTHORITY: "paused",
    Outcome.MERGED: "",
}


def dated(words: str, **dates: PartialDate | datetime.date | None) -> SafeString:
    """A sentence of ours around dates, which stand in `<time>` elements."""
    return mark_safe(words % {name: when(date) for name, date in dates.items()})  # noqa: S308


def sentence(words: str, **values: Any) -> SafeString:
    """A sentence of ours with what others wrote in it, escaped; dates stand in `<time>`."""
    shown = {
        name: when(value)
        if isinstance(value, PartialDate | datetime.date)
        else conditional_escape(value)
        for name, value in values.items()
    }
    return mark_safe(words % shown)  # noqa: S308 (everything in it is escaped)


def action_time(action: Action, today: datetime.date) -> str:
    """When it was done, runs or is to be done, as far as known."""
    date = action.due
    if action.completed:
        words, date = _("done %(date)s"), action.completed
    elif action.continuous and action.started:
        words, date = _("runs continuously since %(date)s"), action.started
    elif action.continuous:
        words = _("runs continuously")
    elif action.status == Action.Status.COMPLETED:
        words = _("done, date unknown")
    elif date and (action.status == Action.Status.NOT_POSSIBLE or action.is_overdue(today)):
        words = _("was planned for %(date)s")
    elif date and action.started and action.status == Action.Status.ONGOING:
        words = _("since %(start)s, planned for %(end)s")
    elif date:
        words = _("planned for %(date)s")
    elif action.started and action.status == Action.Status.ONGOING:
        words, date = _("since %(date)s"), action.started
    elif action.started and action.status == Action.Status.PLANNED:
        words, date = _("starts %(date)s"), action.started
    else:
        words = _("no date set")
    return dated(words, date=date, start=action.started, end=action.due)


def names(organisations: Any) -> str:
    return ", ".join(organisation.name for organisation in organisations)


def responsible_names(action: Action) -> str:
    """Everyone who is responsible; costs no query when they are prefetched."""
    return names(action.responsible.all()) or _("responsible unknown")


def public_clause(clause: Clause | None) -> Clause | None:
    """A clause that anyone may read; a draft is shown only where its revision publishes it."""
    if clause is None or clause.edition.state == Edition.State.DRAFT:
        return None
    return clause


def area_of(clause: Clause) -> Clause:
    """The area (level 1) that a clause stands under, or the clause itself."""
    while clause.level > 1 and clause.parent:
        clause = clause.parent
    return clause


def clause_name(clause: Clause, words: Any) -> str:
    """ "Strategi 2.4", or just the title where clauses have no numbers."""
    key = f"level_{clause.level}" if clause.level else "vision"
    if clause.number:
        return f"{capfirst(words[key].singular)} {clause.number}"
    return Truncator(clause.title).chars(60)


def served(action: Action, words: Any) -> str:
    """In one line: the clause it serves and the area of that clause; empty when not known."""
    clause = public_clause(action.clause)
    if clause is None:
        return ""
    area = area_of(clause)
    area_title = Truncator(area.title).chars(80)
    if area == clause:
        return area_title
    return f"{clause_name(clause, words)} · {area_title}"


def decision_line(decision: Decision) -> SafeString:
    """ "Kommunstyrelsen 3 september 2013, § 231 · KS 2012/0418", each part as far as known."""
    body = str(decision.body) if decision.body else ""
    parts = (
        format_html("{} {}", body, when(decision.decided)) if decision.decided else body,
        f"§ {decision.section}" if decision.section else "",
        decision.case_number,
    )
    return format_html_join(", ", "{}", ((part,) for part in parts if part))


def idea_state(idea: Idea, today: datetime.date) -> tuple[str, str]:
    """What has become of it, in words, and the tone of the tag that says it."""
    if idea.outcome:
        words = capfirst(idea.get_outcome_display())
        return words, OUTCOME_TONES.get(Outcome(idea.outcome), "completed")
    if not idea.promised_on:
        return _("Waiting for an answer"), "planned"
    promised = {"date": date_format(idea.promised_on, "j F Y")}
    if idea.is_late(today):
        return _("Late – was promised by %(date)s") % promised, "red"
    return _("Waiting for an answer, promised by %(date)s") % promised, "planned"


def author(idea: Idea) -> str:
    return idea.public_name or _("A resident")
