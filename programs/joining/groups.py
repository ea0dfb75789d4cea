"""Which groups one can join, and who looks after those who want to."""

import datetime
from collections.abc import Iterable

import rules
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from programs.dates import day
from programs.models import Group, JoinRequest, Locality, Membership, Municipality

Kind, Role = Group.Kind, Membership.Role

# Those that residents take part in, in the order in which a newcomer is best met.
OPEN_KINDS = (Kind.COORDINATION, Kind.VISION, Kind.WORKING, Kind.ASSOCIATION_BOARD, Kind.NETWORK)


def open_groups(today: datetime.date) -> QuerySet[Group]:
    """Groups at work that one can join, with `place_id` and `place_name`, in order of place."""
    return (
        Group.objects.filter(kind__in=OPEN_KINDS)
        .filter(Q(started__isnull=True) | Q(started__lte=day(today)))
        .filter(Q(ended__isnull=True) | Q(ended__gte=day(today)))
        .annotate(
            place_id=Coalesce(F("locality"), F("program__locality")),
            place_name=Coalesce(F("locality__name"), F("program__locality__name")),
        )
        .filter(place_id__isnull=False)
        .order_by("place_name", "name", "pk")
    )


def groups_of(place: Locality, today: datetime.date) -> list[Group]:
    found = open_groups(today).filter(place_id=place.pk)
    return sorted(found, key=lambda group: OPEN_KINDS.index(group.kind))


def conveners(groups: Iterable[Group], today: datetime.date) -> dict[int, list[AbstractBaseUser]]:
    """By group: those who convene it and can sign in."""
    seats = (
        Membership.objects.current(today)
        .filter(group__in=groups, role=Role.CONVENER, user__is_active=True)
        .select_related("user")
    )
    found: dict[int, list[AbstractBaseUser]] = {}
    for seat in seats:
        found.setdefault(seat.group_id, []).append(seat.user)
    return found


def who_takes_it(
    request: JoinRequest, today: datetime.date
) -> tuple[Group | None, list[AbstractBaseUser]]:
    """The group whose coordinator the request goes to, and its coordinators who may see it.

    The group that was asked for, or else the first in the place that has one. Without any it
    goes to those who lead the place's program; without them to nobody, which means the
    municipality's own function.
    """
    groups = [request.group] if request.group else groups_of(request.locality, today)
    found = conveners(groups, today)
    for group in groups:
        probe = JoinRequest(locality=request.locality, group=group)
        users = [user for user in found.get(group.pk, []) if may_take(user, probe)]
        if users:
            return group, users
    return None, [user for user in leaders(request.locality, today) if may_take(user, request)]


def leaders(place: Locality, today: datetime.date) -> list[AbstractBaseUser]:
    seats = Membership.objects.current(today).filter(
        role=Role.PROJECT_LEADER, group__program__locality=place, user__is_active=True
    )
    users = get_user_model().objects.filter(pk__in=seats.values("user"))
    return list(users.order_by("pk"))


def may_take(user: AbstractBaseUser, request: JoinRequest) -> bool:
    return rules.has_perm("programs.change_joinrequest", user, request)


def addresses(users: Iterable[AbstractBaseUser]) -> list[str]:
    """Where to write: to those users, or else to the municipality's function."""
    found = [user.email for user in users]
    if found:
        return found
    municipality = Municipality.objects.first()
    return [municipality.contact_email] if municipality and municipality.contact_email else []
