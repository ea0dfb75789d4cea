"""The steering group's approval of exactly one text, and what its rule still needs."""

import datetime
from dataclasses import dataclass

from django.db.models import Q

from programs.dates import day
from programs.models import Group, Membership, Municipality
from revisions.digest import digest_of
from revisions.models import Approval, Process

RESIDENTS = (Membership.Capacity.RESIDENT, Membership.Capacity.ASSOCIATION)


@dataclass(frozen=True, slots=True)
class Standpoint:
    """One voting member and what they have said of the text as it reads now, if anything."""

    membership: Membership
    approval: Approval | None
    earlier: Approval | None


@dataclass(frozen=True, slots=True)
class StateOfApproval:
    """`minuted` replaces the count: the meeting's minutes say that the group approved this text."""

    digest: str
    standpoints: list[Standpoint]
    minuted: Approval | None
    needs_politician: bool
    needs_resident: bool

    @property
    def voting(self) -> int:
        return len(self.standpoints)

    @property
    def approving(self) -> list[Membership]:
        return [
            point.membership
            for point in self.standpoints
            if point.approval and point.approval.is_approved
        ]

    @property
    def has_majority(self) -> bool:
        return 2 * len(self.approving) > self.voting

    @property
    def has_politician(self) -> bool:
        return any(seat.capacity == Membership.Capacity.POLITICIAN for seat in self.approving)

    @property
    def has_resident(self) -> bool:
        return any(seat.capacity in RESIDENTS for seat in self.approving)

    @property
    def lacking(self) -> int:
        """How many more must approve for a majority."""
        return max(0, self.voting // 2 + 1 - len(self.approving))

    @property
    def is_met(self) -> bool:
        return self.minuted is not None or (
            self.has_majority
            and (self.has_politician or not self.needs_politician)
            and (self.has_resident or not self.needs_resident)
        )


def voting_members(process: Process, today: datetime.date) -> list[Membership]:
    """Politicians and residents with a current seat in the program's steering group.

    Where a program has no steering group, its coordination group takes that part. Whoever has
    several seats has one vote: a politician's, if one of the seats is.
    """
    groups = Group.objects.filter(program=process.program_id).filter(
        Q(ended__isnull=True) | Q(ended__gte=day(today))
    )
    has_steering = groups.filter(kind=Group.Kind.STEERING).exists()
    kind = Group.Kind.STEERING if has_steering else Group.Kind.COORDINATION
    seats = (
        Membership.objects.current(today)
        .filter(
            group__program=process.program_id,
            group__kind=kind,
            capacity__in=[Membership.Capacity.POLITICIAN, *RESIDENTS],
        )
        .select_related("group", "user", "organisation")
        .order_by("capacity", "pk")
    )
    one_each: dict[object, Membership] = {}
    for seat in sorted(seats, key=lambda seat: seat.capacity != Membership.Capacity.POLITICIAN):
        one_each.setdefault(seat.user_id or seat, seat)
    return [seat for seat in seats if seat in one_each.values()]


def approval_of(process: Process, today: datetime.date) -> StateOfApproval:
    """As many queries whatever the number of members."""
    municipality = rule()
    digest = digest_of(process.draft) if process.draft else ""
    given = list(process.approvals.filter(attempt=process.attempt).order_by("pk"))
    now = {row.membership_id: row for row in given if row.membership_id and row.digest == digest}
    before = {row.membership_id: row for row in given if row.membership_id and row.digest != digest}
    minuted = [row for row in given if row.event_id and row.digest == digest]
    return StateOfApproval(
        digest,
        [
            Standpoint(seat, now.get(seat.pk), before.get(seat.pk))
            for seat in voting_members(process, today)
        ],
        minuted[-1] if minuted and digest else None,
        municipality.approval_needs_politician,
        municipality.approval_needs_resident,
    )


def rule() -> Municipality:
    """What the municipality asks of an approval beside a majority."""
    found = Municipality.objects.only("approval_needs_politician", "approval_needs_resident")
    return found.first() or Municipality()
