"""The chain idea → planning brief → action → completed, followable both ways."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from programs.models import Action, BriefItem, Idea, Outcome, Term, VoiceState
from programs.templatetags.portal_text import when
from programs.wording import action_time, dated, decision_line

# An idea that has been answered in one of these ways does not wait for anything more.
ANSWERED_FOR_GOOD = (
    Outcome.CHANGED_TEXT,
    Outcome.PARTLY,
    Outcome.NO,
    Outcome.OTHER_AUTHORITY,
    Outcome.MERGED,
)


@dataclass(frozen=True, slots=True)
class Item:
    """One idea, brief or action in a link; without address where it is the page itself."""

    title: str
    url: str = ""
    meta: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One of the four links. `note` stands in words for what is missing or not reached yet."""

    kind: str
    items: Sequence[Item] = field(default_factory=list)
    note: str = ""
    is_current: bool = False

    @property
    def state(self) -> str:
        if self.is_current:
            return "current"
        return "" if self.items else "later"


def merge_target(idea: Idea) -> Idea | None:
    """The last idea on the way of its merges that anyone may read; None if they go in a circle."""
    seen, target, found = {idea.pk}, idea, None
    while target.merged_into_id:
        target = target.merged_into
        if target.pk in seen:
            return None
        seen.add(target.pk)
        if target.state == VoiceState.PUBLISHED:
            found = target
    return found


def chain_of_action(action: Action, words: Mapping[str, Term], today: datetime.date) -> list[Link]:
    """Costs two queries."""
    return _links(list(ideas_behind(action)), action, action, words, today)


def chain_of_idea(idea: Idea, words: Mapping[str, Term], today: datetime.date) -> list[Link]:
    """Costs two queries; the idea comes with its action."""
    ideas = ideas_behind(idea.action) if idea.action else merged_with(idea)
    return _links(list(ideas), idea.action, idea, words, today)


def ideas_behind(action: Action) -> object:
    """The public ideas that led to it, also those merged with one that did; first one first."""
    return _in_order(
        Q(action=action)
        | Q(merged_into__action=action)
        | Q(merged_into__merged_into__action=action)
    )


def merged_with(idea: Idea) -> object:
    return _in_order(Q(pk=idea.pk) | Q(merged_into=idea.pk) | Q(merged_into__merged_into=idea.pk))


def _in_order(condition: Q) -> object:
    return (
        Idea.objects.public().filter(condition).order_by(F("received").asc(nulls_last=True), "pk")
    )


def _links(
    ideas: list[Idea],
    action: Action | None,
    here: Idea | Action,
    words: Mapping[str, Term],
    today: datetime.date,
) -> list[Link]:
    briefs = list(
        BriefItem.objects.filter(idea__in=[idea.pk for idea in ideas])
        .select_related("brief__program", "brief__decision__body")
        .order_by("brief__budget_year", "rank", "pk")
    )
    return [
        Link(
            kind=capfirst(words["idea"].singular),
            items=[_idea(idea, here) for idea in ideas],
            note=_("None is recorded"),
            is_current=isinstance(here, Idea),
        ),
        Link(
            kind=capfirst(words["planning_brief"].singular),
            items=[_brief(item) for item in briefs],
            note=_("None is recorded") if action else _not_reached(ideas),
        ),
        Link(
            kind=capfirst(words["action"].singular),
            items=[_action(action, here, today)] if action else [],
            note=_not_reached(ideas, briefs),
            is_current=isinstance(here, Action),
        ),
        _completed(action, today)
        if action
        else Link(_("Completed"), note=_not_reached(ideas, briefs)),
    ]


def _idea(idea: Idea, here: Idea | Action) -> Item:
    meta = format_html("{}", when(idea.received))
    if idea.outcome == Outcome.MERGED:
        meta = format_html_join(" · ", "{}", ((part,) for part in (meta, _("merged")) if part))
    # One that was merged into the idea of this page would only lead back here.
    leads_here = isinstance(here, Idea) and here.pk in {idea.pk, idea.merged_into_id}
    return Item(idea.title, "" if leads_here else idea.get_absolute_url(), meta)


def _brief(item: BriefItem) -> Item:
    brief = item.brief
    parts = [
        _("priority %(rank)s") % {"rank": item.rank},
        item.get_outcome_display(),
        decision_line(brief.decision) if brief.decision else "",
    ]
    return Item(
        _("Budget year %(year)s") % {"year": brief.budget_year},
        brief.get_absolute_url(),
        format_html_join(" · ", "{}", ((part,) for part in parts if part)),
    )


def _action(action: Action, here: Idea | Action, today: datetime.date) -> Item:
    status = capfirst(action.get_status_display())
    meta = status
    if action.status != Action.Status.COMPLETED:
        meta = format_html("{} · {}", status, action_time(action, today))
    return Item(action.title, "" if action == here else action.get_absolute_url(), meta)


def _completed(action: Action, today: datetime.date) -> Link:
    kind, time = _("Completed"), action_time(action, today)
    if action.status == Action.Status.COMPLETED:
        url = f"{action.get_absolute_url()}#resultat" if action.result else ""
        return Link(kind, [Item(Truncator(action.result).chars(90) or _("Done"), url, time)])
    if action.status == Action.Status.NOT_POSSIBLE:
        return Link(kind, note=_("Not possible"))
    if action.status == Action.Status.PAUSED:
        return Link(kind, note=_("Later: paused for now"))
    if action.continuous:
        return Link(kind, note=_("Runs continuously, without an end"))
    if action.due and not action.is_overdue(today):
        return Link(kind, note=dated(_("Later: planned for %(date)s"), date=action.due))
    return Link(kind, note=_("Later"))


def _not_reached(ideas: list[Idea], briefs: Sequence[BriefItem] = ()) -> str:
    """ "Later", unless the answers say that there will be no more."""
    declined = briefs and all(item.outcome == BriefItem.Outcome.DECLINED for item in briefs)
    answered = ideas and all(idea.outcome in ANSWERED_FOR_GOOD for idea in ideas)
    return _("Not planned") if declined or answered else _("Later")
