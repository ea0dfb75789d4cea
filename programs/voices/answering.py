"""The answer that every voice gets: an outcome, and words. Nothing else closes one."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.dates import PartialDate
from programs.models import Action, Clause, Outcome, PlanningBrief, Voice, VoiceState
from programs.voices import letters
from programs.voices.base import AnyVoice, Kind, NotPossible, locked, save

# A merged voice is closed by merging it, which asks which one it is merged with.
OUTCOMES = [choice for choice in Outcome.choices if choice[0] != Outcome.MERGED]
NEEDS_ACTION = (Outcome.BECAME_ACTION, Outcome.IN_ACTION)
MAY_HAVE_ACTION = (*NEEDS_ACTION, Outcome.PARTLY)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: the outcome with what it has to name, and the words."""

    outcome: str
    reply: str
    action: Action | None = None
    brief: PlanningBrief | None = None
    changed_clause: Clause | None = None
    authority: str = ""
    note: str = ""

    def faults(self) -> Iterator[tuple[str, str]]:
        """What is missing, as pairs of the field and a sentence."""
        if self.outcome not in dict(OUTCOMES):
            yield "outcome", _("Choose what it led to.")
        if not self.reply.strip():
            yield "reply", _("Write the answer in words.")
        if self.outcome in NEEDS_ACTION and self.action is None:
            yield "action", _("Choose the action that it became part of.")
        if self.outcome == Outcome.IN_BRIEF and self.brief is None:
            yield "brief", _("Choose the year whose brief it is in.")
        if self.outcome == Outcome.CHANGED_TEXT and self.changed_clause is None:
            yield "changed_clause", _("Choose the clause that it changed.")
        if self.outcome == Outcome.OTHER_AUTHORITY and not self.authority.strip():
            yield "authority", _("Say which authority it is for.")


@transaction.atomic
def answer(
    voice: AnyVoice,
    seen: str,
    given: Answer,
    *,
    by: AbstractBaseUser,
    role: str,
    now: datetime.datetime,
) -> AnyVoice:
    """Answer, or answer anew: the earlier answer is kept in the history.

    `role` is what readers see of who answers: a function, never a name. Those whose voices are
    merged with this one are told the same.
    """
    row = locked(voice, seen)
    if reason := why_not_answered(row):
        raise NotPossible(reason)
    for _field, words in given.faults():
        raise NotPossible(words)
    is_new_action = given.outcome == Outcome.BECAME_ACTION and row.action != given.action
    before = row.reply
    row.outcome, row.reply = given.outcome, given.reply.strip()
    row.outcome_note = given.note.strip()
    row.replied, row.replied_by = PartialDate(timezone.localdate(now)), role
    row.action = given.action if given.outcome in MAY_HAVE_ACTION else None
    changed_text = given.outcome == Outcome.CHANGED_TEXT
    row.changed_clause = given.changed_clause if changed_text else None
    is_elsewhere = given.outcome == Outcome.OTHER_AUTHORITY
    row.authority = given.authority.strip() if is_elsewhere else ""
    in_brief = given.outcome == Outcome.IN_BRIEF
    fields = put_in_brief(row, given.brief if in_brief else None)
    save(
        row,
        *fields,
        "outcome",
        "reply",
        "outcome_note",
        "replied",
        "replied_by",
        "action",
        "changed_clause",
        "authority",
    )
    row.history.create(
        kind=Kind.ANSWERED,
        by=by,
        at=now,
        detail=row.outcome,
        text="\n\n".join(filter(None, [row.reply, row.outcome_note])),
        before=before,
    )
    tell(row, is_new_action=is_new_action)
    return row


def why_not_answered(voice: Voice) -> str:
    """Why it cannot be answered as it stands; empty when it can."""
    if voice.state == VoiceState.HELD:
        return _("Read and review it before you answer it.")
    if voice.state != VoiceState.PUBLISHED:
        return _("It is not public. Its author has been told why.")
    if voice.is_merged:
        return _("It is merged with another, and answered there.")
    return ""


def put_in_brief(row: Voice, brief: PlanningBrief | None) -> list[str]:
    """Raises NotPossible for a brief that is closed and does not have it."""
    if brief is None:
        return row.put_in_brief(None)
    brief = PlanningBrief.objects.select_for_update(no_key=True).get(pk=brief.pk)
    if brief.state != PlanningBrief.State.OPEN and not row.is_in_brief(brief):
        raise NotPossible(_("That brief is closed. Choose one that is being put together."))
    return row.put_in_brief(brief)


def tell(row: Voice, *, is_new_action: bool) -> None:
    """The author, and the authors of what is merged with it."""
    if is_new_action:
        letters.became_action(row, row.action)
    else:
        letters.answered(row)
    number = row.history.filter(kind=Kind.ANSWERED).count()
    for other in row.merged.filter(state=VoiceState.PUBLISHED):
        letters.answered_together(other, row, number)
