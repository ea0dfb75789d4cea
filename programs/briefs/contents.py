"""What stands in a brief, and in which order, while it is being put together."""

import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from programs.briefs.base import BriefError, item_of, locked, must_be_open
from programs.models import BriefItem, Idea, Outcome, PlanningBrief, Program, VoiceEntry, VoiceState

WAITING = ("", Outcome.IN_BRIEF)


def start(program: Program, budget_year: int) -> PlanningBrief:
    """The brief of that year: the one there is, or a new one."""
    return PlanningBrief.objects.get_or_create(program=program, budget_year=budget_year)[0]


def candidates(brief: PlanningBrief) -> QuerySet[Idea]:
    """The open public ideas of its program that are not in it; the most supported first."""
    ideas = Idea.objects.public().filter(program=brief.program_id, outcome__in=WAITING)
    ideas = ideas.exclude(brief_items__brief=brief).with_supporters()
    return ideas.order_by("-supporters", "-pk")


@transaction.atomic
def put_in(
    idea: Idea, brief: PlanningBrief, seen: str, *, by: AbstractBaseUser, now: datetime.datetime
) -> BriefItem:
    """As the last in order. It answers nothing: the idea still waits for its words."""
    idea = Idea.objects.select_for_update(no_key=True).get(pk=idea.pk)
    brief = locked(brief, seen)
    must_be_open(brief)
    if idea.program_id != brief.program_id:
        raise BriefError(_("It belongs to another program than the brief."))
    if idea.state != VoiceState.PUBLISHED:
        raise BriefError(_("It is not public, and cannot be put into the brief."))
    if idea.outcome not in WAITING:
        raise BriefError(_("It has its answer. Change that first, if it is to be weighed again."))
    if idea.is_in_brief(brief):
        raise BriefError(_("It is in the brief already."))
    idea.put_in_brief(brief)
    brief.save(update_fields=["updated_at"])
    note(idea, VoiceEntry.Kind.BRIEFED, brief, by=by, now=now)
    return brief.items.get(idea=idea)


@transaction.atomic
def take_out(
    brief: PlanningBrief, pk: int, seen: str, *, by: AbstractBaseUser, now: datetime.datetime
) -> Idea:
    idea = Idea.objects.select_for_update(no_key=True).filter(brief_items=pk).first()
    brief = locked(brief, seen)
    must_be_open(brief)
    item = item_of(brief, pk)
    others = item.idea.brief_items.exclude(pk=item.pk)
    if idea.outcome == Outcome.IN_BRIEF and not others.exists():
        raise BriefError(
            _("Its author has been answered that it is in the brief. Change the answer first.")
        )
    item.delete()
    renumber(list(brief.items.all()))
    brief.save(update_fields=["updated_at"])
    note(idea, VoiceEntry.Kind.UNBRIEFED, brief, by=by, now=now)
    return idea


@transaction.atomic
def move(brief: PlanningBrief, pk: int, steps: int, seen: str) -> BriefItem:
    """So many steps towards the end, or with a minus towards the top; never beyond them."""
    brief = locked(brief, seen)
    must_be_open(brief)
    item = item_of(brief, pk)
    order = list(brief.items.all())
    place = order.index(item)
    order.insert(max(0, place + steps), order.pop(place))
    renumber(order)
    brief.save(update_fields=["updated_at"])
    return item


def renumber(items: list[BriefItem]) -> None:
    for rank, item in enumerate(items, start=1):
        item.rank = rank
    BriefItem.objects.bulk_update(items, ["rank"])


def note(
    idea: Idea,
    kind: str,
    brief: PlanningBrief,
    *,
    by: AbstractBaseUser,
    now: datetime.datetime,
) -> None:
    idea.history.create(kind=kind, by=by, at=now, detail=str(brief.budget_year))
