"""Who may read, review and answer what residents have sent in.

Moderators review everywhere and answer nowhere; registrars read everything and change nothing.
Project leaders do it all for their programs, and for what concerns only their place.
"""

import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q, QuerySet

from programs.models import Action, Group, Membership, Voice
from programs.permissions.rights import TABLE, A, L, P, stands
from programs.permissions.roles import Person, is_registrar

ANSWERS = A | L | P


def may_read(user: Person, voice: Voice) -> bool:
    """All there is about it but who wrote it; also while it is held."""
    return stands(user, TABLE[type(voice)].view, voice)


def may_review(user: Person, voice: Voice) -> bool:
    """Publish, refuse, hide, reword, move, assign, note, and look at reports."""
    return stands(user, TABLE[type(voice)].change, voice)


def may_answer(user: Person, voice: Voice) -> bool:
    """Answer, merge and split."""
    return stands(user, ANSWERS, voice)


def may_promote(user: Person, voice: Voice) -> bool:
    """Make it an action: who answers it, and may also write in that action list."""
    return may_answer(user, voice) and stands(user, TABLE[Action].add, voice)


def may_see_author(user: Person, voice: Voice) -> bool:
    return may_answer(user, voice) or is_registrar(user)


def may_read_some(user: Person, kind: type[Voice]) -> bool:
    return stands(user, TABLE[kind].view, None)


def may_review_some(user: Person, kind: type[Voice]) -> bool:
    return stands(user, TABLE[kind].change, None)


def people_who_review(voice: Voice, today: datetime.date) -> QuerySet[AbstractBaseUser]:
    """Those to whom it can be assigned: the same people as `may_review` says yes to."""
    program, place = voice.of_program, voice.of_place
    role = Membership.Role
    municipal = Q(
        group__kind=Group.Kind.ADMINISTRATION,
        group__program=None,
        group__locality=None,
        role__in=[role.ADMINISTRATOR, role.MODERATOR],
    )
    leads = Q(role=role.PROJECT_LEADER)
    if program:
        leads &= Q(group__program=program)
    elif place:
        leads &= Q(group__program__locality=place)
    else:
        leads = Q(pk__in=[])
    seats = Membership.objects.current(today).filter(municipal | leads, user__isnull=False)
    people = get_user_model().objects.filter(is_active=True)
    return people.filter(Q(pk__in=seats.values("user")) | Q(is_superuser=True)).order_by(
        "name", "pk"
    )
