"""From the finished brief to the budget's answer on each idea."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from programs.briefs.base import BriefError, State, item_of, locked, must_be_open
from programs.dates import PartialDate
from programs.models import BriefItem, Idea, Outcome, PlanningBrief, VoiceEntry
from programs.voices.answering import Answer, answer, why_not_answered

Said = BriefItem.Outcome


@dataclass(frozen=True, slots=True)
class BudgetAnswer:
    """What the budget came to on one item of the brief, and why."""

    item: int
    outcome: str
    words: str


@transaction.atomic
def freeze(brief: PlanningBrief, seen: str, today: datetime.date) -> PlanningBrief:
    brief = locked(brief, seen)
    must_be_open(brief)
    if not brief.items.exists():
        raise BriefError(_("There is nothing in the brief yet."))
    brief.state, brief.frozen = State.FROZEN, PartialDate(today)
    brief.save(update_fields=["state", "frozen", "updated_at"])
    return brief


@transaction.atomic
def hand_over(brief: PlanningBrief, seen: str, today: datetime.date) -> PlanningBrief:
    brief = locked(brief, seen)
    if brief.state == State.OPEN:
        raise BriefError(_("Freeze the brief before you hand it over."))
    if brief.state == State.HANDED_OVER:
        raise BriefError(_("It has been handed over already."))
    brief.state, brief.handed_over = State.HANDED_OVER, PartialDate(today)
    brief.save(update_fields=["state", "handed_over", "updated_at"])
    return brief


@transaction.atomic
def record_answers(
    brief: PlanningBrief,
    seen: str,
    answers: Sequence[BudgetAnswer],
    *,
    by: AbstractBaseUser,
    role: str,
    now: datetime.datetime,
) -> list[BriefItem]:
    """All or none. Each idea's author is told the same words; what was said before is kept."""
    keys = [given.item for given in answers]
    # The ideas are locked before the brief, always in the same order.
    ideas = Idea.objects.select_for_update(no_key=True).order_by("pk")
    found = {idea.pk: idea for idea in ideas.filter(brief_items__in=keys)}
    brief = locked(brief, seen)
    if brief.state != State.HANDED_OVER:
        raise BriefError(_("The budget answers when the brief has been handed over."))
    items = []
    for given in answers:
        item = item_of(brief, given.item)
        item.idea = found[item.idea_id]
        record(item, given, by=by, role=role, now=now)
        items.append(item)
    brief.save(update_fields=["updated_at"])
    return items


def record(
    item: BriefItem,
    given: BudgetAnswer,
    *,
    by: AbstractBaseUser,
    role: str,
    now: datetime.datetime,
) -> None:
    words = given.words.strip()
    if given.outcome not in Said.values or given.outcome == Said.PENDING:
        raise BriefError(_("Choose what the budget answered."))
    if not words:
        raise BriefError(_("Write the budget's answer in words: nothing is closed without them."))
    outcome = outcome_after(item, given.outcome)
    before, item.outcome, item.answer = item.answer, given.outcome, words
    item.save(update_fields=["outcome", "answer"])
    item.idea.history.create(
        kind=VoiceEntry.Kind.BUDGETED,
        by=by,
        at=now,
        detail=f"{item.brief.budget_year}: {item.get_outcome_display()}",
        text=words,
        before=before,
    )
    if outcome:
        brief = item.brief if outcome == Outcome.IN_BRIEF else None
        reply = Answer(outcome, words, brief=brief, note=item.idea.outcome_note)
        answer(item.idea, item.idea.stamp, reply, by=by, role=role, now=now)


def outcome_after(item: BriefItem, said: str) -> str:
    """What the idea's own answer becomes; empty where the budget does not decide that.

    An idea that has come further, as an action or a changed text, keeps its answer. One that is
    declined but still waits in another year's brief is not closed.
    """
    idea = item.idea
    closed_by_this = (
        item.outcome == Said.DECLINED and idea.outcome == Outcome.NO and idea.reply == item.answer
    )
    if why_not_answered(idea) or not (idea.outcome in ("", Outcome.IN_BRIEF) or closed_by_this):
        return ""
    others = idea.brief_items.exclude(pk=item.pk)
    if said == Said.DECLINED and not others.exclude(outcome=Said.DECLINED).exists():
        return Outcome.NO
    return Outcome.IN_BRIEF
