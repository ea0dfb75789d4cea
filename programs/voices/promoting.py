"""An idea becomes an action: the action list and the answer change together, or not at all."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from programs.dates import PartialDate
from programs.models import Action, Idea, Organisation, Outcome
from programs.voices.answering import Answer, answer, why_not_answered
from programs.voices.base import Kind, NotPossible, locked


@dataclass(frozen=True, slots=True)
class Plan:
    """What the action list is to say, and what the author is answered."""

    title: str
    reply: str
    description: str = ""
    responsible: Sequence[Organisation] = ()
    due: PartialDate | None = None

    def faults(self) -> Iterator[str]:
        if not self.title.strip():
            yield _("Give the action a title.")
        if not self.reply.strip():
            yield _("Write the answer in words.")


@transaction.atomic
def promote(
    idea: Idea,
    seen: str,
    plan: Plan,
    *,
    by: AbstractBaseUser,
    role: str,
    now: datetime.datetime,
) -> Action:
    """Make the idea a planned action of its program or its place, and answer it with that.

    The action keeps what the idea knew: the clause that it serves and where it came up.
    """
    row = locked(idea, seen)
    if reason := why_not_promoted(row):
        raise NotPossible(reason)
    for words in plan.faults():
        raise NotPossible(words)
    action = Action.objects.create(
        program=row.program,
        locality=row.program.locality if row.program else row.locality,
        clause=row.clause,
        from_event=row.event,
        title=plan.title.strip(),
        description=plan.description.strip(),
        due=plan.due,
    )
    action.responsible.set(plan.responsible)
    # The line comes first: `answer` tells the author, and is then the last that was done.
    row.history.create(kind=Kind.PROMOTED, by=by, at=now, detail=action.title)
    given = Answer(Outcome.BECAME_ACTION, plan.reply, action=action)
    answer(row, row.stamp, given, by=by, role=role, now=now)
    return action


def why_not_promoted(idea: Idea) -> str:
    """Why it cannot become an action as it stands; empty when it can."""
    if idea.action_id:
        return _("It already belongs to an action. Change the answer if that is wrong.")
    if reason := why_not_answered(idea):
        return reason
    if idea.program_id is None and idea.locality_id is None:
        return _("It belongs to no place. Move it to one first: every action stands on a list.")
    return ""
