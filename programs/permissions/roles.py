"""A person's roles: what their seats in groups amount to, and nothing else.

- administrator, registrar, moderator: a seat with that role in the administration of the
  municipality, which is a group of that kind without program and place
- project leader: a seat with that role in a group of the program
- coordinator: the convener of a group of the program
- politician: in the steering group of the program; in its coordination group where the
  municipality has no steering groups
- resident representative: a resident or an association in one of those two groups
- association representative: an association in a board of the program or of its place
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import rules
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils import timezone

from programs.models import Group, Membership, Program

Person = AbstractBaseUser | AnonymousUser
Kind, Role, Capacity = Group.Kind, Membership.Role, Membership.Capacity


@dataclass(frozen=True, slots=True)
class Roles:
    """The sets hold primary keys: of programs, places (`led_places`) and groups (`convened`)."""

    administers: bool = False
    registers: bool = False
    moderates: bool = False
    led: frozenset[int] = frozenset()
    led_places: frozenset[int] = frozenset()
    convened: frozenset[int] = frozenset()
    convened_programs: frozenset[int] = frozenset()
    politician_in: frozenset[int] = frozenset()
    resident_in: frozenset[int] = frozenset()
    association_in: frozenset[int] = frozenset()

    @property
    def seated_in(self) -> frozenset[int]:
        return self.politician_in | self.resident_in | self.association_in


def roles_of(user: Person | None) -> Roles:
    """Read once per user object and day, which in a page means once per request."""
    if user is None or not user.is_authenticated or not user.is_active:
        return Roles()
    today = timezone.localdate()
    day, roles = getattr(user, "_roles_read", (None, None))
    if day != today:
        roles = read_roles(user, today)
        user._roles_read = (today, roles)
    return roles


def read_roles(user: AbstractBaseUser, today: datetime.date) -> Roles:
    """At most three queries, whatever the number of seats."""
    if user.is_superuser:
        return Roles(administers=True)
    found: dict[str, set[int]] = defaultdict(set)
    seats = Membership.objects.current(today).filter(user=user).select_related("group__program")
    for seat in seats:
        for role, key in _roles_in(seat):
            found[role].add(key)
    if places := found.pop("board_of", None):
        boards = Program.objects.filter(locality__in=places)
        found["association_in"].update(boards.values_list("pk", flat=True))
    coordinating = found.pop("politician_coordinating", None)
    if coordinating and not Group.objects.filter(kind=Kind.STEERING).exists():
        found["politician_in"] |= coordinating
    municipal = {role: bool(found.pop(role, None)) for role in MUNICIPAL.values()}
    return Roles(**municipal, **{role: frozenset(keys) for role, keys in found.items()})


MUNICIPAL = {
    Role.ADMINISTRATOR: "administers",
    Role.REGISTRAR: "registers",
    Role.MODERATOR: "moderates",
}


def _roles_in(seat: Membership) -> Iterator[tuple[str, int]]:
    group, program = seat.group, seat.group.program_id
    if program is None and group.locality_id is None:
        if group.kind == Kind.ADMINISTRATION and seat.role in MUNICIPAL:
            yield MUNICIPAL[seat.role], group.pk
    elif group.kind == Kind.ASSOCIATION_BOARD and seat.capacity == Capacity.ASSOCIATION:
        if program is not None:
            yield "association_in", program
        else:
            yield "board_of", group.locality_id
    if program is None:
        return
    if seat.role == Role.PROJECT_LEADER:
        yield "led", program
        yield "led_places", group.program.locality_id
    if seat.role == Role.CONVENER:
        yield "convened", group.pk
        yield "convened_programs", program
    if group.kind in {Kind.STEERING, Kind.COORDINATION}:
        if seat.capacity in {Capacity.RESIDENT, Capacity.ASSOCIATION}:
            yield "resident_in", program
        elif seat.capacity == Capacity.POLITICIAN:
            steers = group.kind == Kind.STEERING
            yield "politician_in" if steers else "politician_coordinating", program


@rules.predicate
def has_a_task(user: Person) -> bool:
    return roles_of(user) != Roles()


@rules.predicate
def is_administrator(user: Person) -> bool:
    return roles_of(user).administers


@rules.predicate
def is_registrar(user: Person) -> bool:
    return roles_of(user).registers


@rules.predicate
def is_moderator(user: Person) -> bool:
    return roles_of(user).moderates


@rules.predicate
def leads(user: Person, program: Program | None) -> bool:
    """False without a program: what belongs to none is not theirs because they lead some other."""
    return _among(program, roles_of(user).led)


@rules.predicate
def is_politician_in(user: Person, program: Program | None) -> bool:
    return _among(program, roles_of(user).politician_in)


@rules.predicate
def is_resident_representative_in(user: Person, program: Program | None) -> bool:
    return _among(program, roles_of(user).resident_in)


@rules.predicate
def is_association_representative_in(user: Person, program: Program | None) -> bool:
    return _among(program, roles_of(user).association_in)


def _among(program: Program | None, keys: frozenset[int]) -> bool:
    return program is not None and program.pk in keys
