"""Who may do what in a process."""

import datetime

import rules
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.models import Membership, Program, Voice
from programs.permissions import (
    is_administrator,
    is_association_representative_in,
    is_moderator,
    is_registrar,
    leads,
    program_of,
    roles_of,
)
from revisions.approval import voting_members
from revisions.models import Process


def may_drive(user: AbstractBaseUser, program: Program) -> bool:
    """Start processes, pass steps and write: the program's leaders and administrators."""
    return is_administrator(user) or leads(user, program)


def may_review_voice(user: AbstractBaseUser, voice: Voice) -> bool:
    """Decide whether a voice is shown, and answer it. Also asked of one that is not saved yet."""
    app, model = voice._meta.app_label, voice._meta.model_name
    return rules.has_perm(f"{app}.change_{model}", user, voice)


def may_enter(user: AbstractBaseUser, voice: Voice) -> bool:
    """Enter what came in on paper: also those who hold meetings. What they enter is held."""
    if may_review_voice(user, voice):
        return True
    program, roles = program_of(voice), roles_of(user)
    return program is not None and program.pk in roles.convened_programs | roles.association_in


def may_speak_for_association(user: AbstractBaseUser, program: Program) -> bool:
    return is_association_representative_in(user, program)


def may_read_staff_pages(user: AbstractBaseUser, program: Program) -> bool:
    return may_drive(user, program) or is_registrar(user) or program.pk in roles_of(user).seated_in


def may_read_held(user: AbstractBaseUser, program: Program) -> bool:
    """What has come in and not been reviewed: for those who review, answer or keep the records."""
    return may_drive(user, program) or is_registrar(user) or is_moderator(user)


def may_review(user: AbstractBaseUser, program: Program) -> bool:
    """Publish, refuse or hide a comment."""
    return may_drive(user, program) or is_moderator(user)


def seat_of(user: AbstractBaseUser, process: Process, today: datetime.date) -> Membership | None:
    """The user's vote in the process's steering group, if any."""
    seats = voting_members(process, today)
    return next((seat for seat in seats if seat.user_id == user.pk), None)


def role_in_words(user: AbstractBaseUser, program: Program, seat: Membership | None = None) -> str:
    """What the log says of who did something: a function, never a name."""
    if seat is not None:
        words = capfirst(seat.get_capacity_display())
        return f"{words} ({seat.party})" if seat.party else words
    if leads(user, program):
        return _("Project leader")
    if is_association_representative_in(user, program):
        return _("Association representative")
    return _("Administrator")
