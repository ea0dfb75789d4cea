"""What can be done on the page of a voice: each act with its form, and to whom it belongs."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.models import Idea, Voice, VoiceState
from programs.permissions import may_answer, may_promote, may_review
from programs.staff.voices import forms
from programs.staff.voices.answer_form import AnswerForm
from programs.staff.voices.promote_form import PromoteForm
from programs.voices import answering, handling, merging, promoting, reviewing

REVIEWABLE = (VoiceState.HELD, VoiceState.REFUSED)
OPEN = (VoiceState.HELD, VoiceState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does it, as which function, and when."""

    by: AbstractBaseUser
    role: str
    now: datetime.datetime


@dataclass(frozen=True, slots=True)
class Act:
    """`finishes` an errand: after it one goes on to the next voice in the list."""

    form: type[forms.VoiceForm]
    do: Callable[[Voice, forms.VoiceForm, Doer], object]
    done: Promise
    is_possible: Callable[[Voice], bool] = lambda _voice: True
    is_for: Callable[[AbstractBaseUser, Voice], bool] = may_review
    finishes: bool = False


def seen(form: forms.VoiceForm) -> str:
    return form.cleaned_data["seen"]


def can_move(voice: Voice) -> bool:
    return not voice.why_it_stays and not voice.merged.exists()


def can_merge(voice: Voice) -> bool:
    return voice.state in OPEN and not voice.outcome and not voice.merged.exists()


ACTS: dict[str, Act] = {
    "publicera": Act(
        forms.PublishForm,
        lambda voice, form, doer: reviewing.publish(
            voice, seen(form), by=doer.by, now=doer.now, **form.given
        ),
        _("Published."),
        lambda voice: voice.state in REVIEWABLE,
        finishes=True,
    ),
    "avvisa": Act(
        forms.RefuseForm,
        lambda voice, form, doer: reviewing.refuse(
            voice, seen(form), by=doer.by, now=doer.now, **form.given
        ),
        _("Refused. The author is told why, if they can be reached."),
        lambda voice: voice.state in REVIEWABLE,
        finishes=True,
    ),
    "dolj": Act(
        forms.HideForm,
        lambda voice, form, doer: reviewing.hide(
            voice, seen(form), by=doer.by, now=doer.now, **form.given
        ),
        _("Hidden. In its place stands which rule it broke."),
        lambda voice: voice.state == VoiceState.PUBLISHED,
        finishes=True,
    ),
    "visa-igen": Act(
        forms.ShowForm,
        lambda voice, form, doer: reviewing.show_again(voice, seen(form), by=doer.by, now=doer.now),
        _("Shown again."),
        lambda voice: voice.state == VoiceState.HIDDEN,
    ),
    "andra": Act(
        forms.EditForm,
        lambda voice, form, doer: reviewing.edit(
            voice, seen(form), by=doer.by, now=doer.now, **form.given
        ),
        _("Changed. What first came in is kept."),
    ),
    "bild": Act(
        forms.PictureForm,
        lambda voice, form, doer: reviewing.set_picture(
            voice,
            form.cleaned_data["picture"],
            shown=form.cleaned_data["shown"],
            by=doer.by,
            now=doer.now,
        ),
        _("Done."),
        lambda voice: hasattr(voice, "photos"),
    ),
    "flytta": Act(
        forms.MoveForm,
        lambda voice, form, doer: handling.move(
            voice, seen(form), by=doer.by, now=doer.now, **form.given
        ),
        _("Moved."),
        can_move,
    ),
    "tilldela": Act(
        forms.AssignForm,
        lambda voice, form, doer: handling.assign(
            voice, seen(form), by=doer.by, now=doer.now, **form.given
        ),
        _("Noted who takes care of it."),
    ),
    "anteckna": Act(
        forms.NoteForm,
        lambda voice, form, doer: handling.add_note(voice, by=doer.by, now=doer.now, **form.given),
        _("The note is kept."),
    ),
    "hantera": Act(
        forms.HandleForm,
        lambda voice, form, doer: handling.handle(voice, by=doer.by, now=doer.now, **form.given),
        _("Looked at, and noted in the history."),
        finishes=True,
    ),
    "svara": Act(
        AnswerForm,
        lambda voice, form, doer: answering.answer(
            voice, seen(form), form.answer, by=doer.by, role=doer.role, now=doer.now
        ),
        _("Answered. The author is told, if they can be reached."),
        lambda voice: not answering.why_not_answered(voice),
        may_answer,
        finishes=True,
    ),
    "atgard": Act(
        PromoteForm,
        lambda voice, form, doer: promoting.promote(
            voice, seen(form), form.plan, by=doer.by, role=doer.role, now=doer.now
        ),
        _("It is an action now. The author is told, if they can be reached."),
        lambda voice: not promoting.why_not_promoted(voice),
        lambda user, voice: isinstance(voice, Idea) and may_promote(user, voice),
    ),
    "sla-ihop": Act(
        forms.MergeForm,
        lambda voice, form, doer: merging.merge(
            voice, seen(form), by=doer.by, role=doer.role, now=doer.now, **form.given
        ),
        _("Merged. The author is told, if they can be reached."),
        can_merge,
        may_answer,
        finishes=True,
    ),
    "skilj": Act(
        forms.UnmergeForm,
        lambda voice, form, doer: merging.unmerge(voice, seen(form), by=doer.by, now=doer.now),
        _("Separated. It now waits for an answer of its own."),
        lambda voice: voice.is_merged,
        may_answer,
    ),
    "dela": Act(
        forms.SplitForm,
        lambda voice, form, doer: merging.split(
            voice, seen(form), by=doer.by, now=doer.now, **form.given
        ),
        _("Split. Each part is answered on its own."),
        lambda voice: not merging.why_not_split(voice),
        may_answer,
    ),
}
