"""Who carries a process, for those who work with it."""

import datetime
from dataclasses import dataclass

from django.db.models import Q

from programs.models import Group, Membership
from revisions.approval import voting_members
from revisions.models import Process


@dataclass(frozen=True, slots=True)
class People:
    """Names of those who sign in; how many vote, and how many of them can sign in."""

    leaders: list[str]
    association: list[str]
    voting: int
    voting_signed_in: int


def people_of(process: Process, today: datetime.date) -> People:
    """As many queries whatever the number of members."""
    program = process.program
    place = Q(group__program=None, group__locality=program.locality_id)
    board = Q(
        group__kind=Group.Kind.ASSOCIATION_BOARD, capacity=Membership.Capacity.ASSOCIATION
    ) & (Q(group__program=program) | place)
    leads = Q(group__program=program, role=Membership.Role.PROJECT_LEADER)
    seats = (
        Membership.objects.current(today)
        .filter(board | leads, user__is_active=True)
        .select_related("user", "group")
        .order_by("pk")
    )
    leaders, association = [], []
    for seat in seats:
        is_leader = seat.role == Membership.Role.PROJECT_LEADER
        names = leaders if is_leader and seat.group.program_id == program.pk else association
        if str(seat.user) not in names:
            names.append(str(seat.user))
    voting = voting_members(process, today)
    return People(leaders, association, len(voting), len([seat for seat in voting if seat.user]))
