"""The brief under lock as someone has seen it, and what the verbs refuse with."""

from django.utils.translation import gettext as _

from programs.models import BriefItem, PlanningBrief

State = PlanningBrief.State


class BriefError(Exception):
    """Nothing was done. The text says why, to the person who tried."""


def locked(brief: PlanningBrief, seen: str) -> PlanningBrief:
    row = PlanningBrief.objects.select_for_update(no_key=True, of=["self"])
    row = row.select_related("program").get(pk=brief.pk)
    if row.stamp != seen:
        raise BriefError(_("Someone else was faster. The page shows how it stands now."))
    return row


def must_be_open(brief: PlanningBrief) -> None:
    if brief.state != State.OPEN:
        raise BriefError(_("The brief is frozen. Its ideas and their order no longer change."))


def item_of(brief: PlanningBrief, pk: int) -> BriefItem:
    item = brief.items.select_related("idea").filter(pk=pk).first()
    if item is None:
        raise BriefError(_("It is no longer in the brief."))
    return item
