"""Who does what around a program, now and before."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.models import Group, LocalBody, Membership
from programs.templatetags.portal_text import period
from programs.views.shell import program_page

KIND_ORDER = {kind: number for number, kind in enumerate(Group.Kind.values)}
ROLE_ORDER = {role: number for number, role in enumerate(Membership.Role.values)}


@dataclass(frozen=True, slots=True)
class Seat:
    """What one or several alike seats show: never who sits there."""

    name: str
    role: str
    years: str
    is_former: bool


def of_program(request: HttpRequest, slug: str) -> HttpResponse:
    context = program_page(request, slug, tab="organisation", title=_("Who does what"))
    program = context["program"]
    today = timezone.localdate()
    groups = list(
        Group.objects.filter(Q(program=program) | Q(program=None, locality=program.locality))
        .select_related("continues", "became")
        .prefetch_related(
            Prefetch("members", Membership.objects.select_related("organisation")),
            "continued_by",
        )
    )
    here = {group.pk for group in groups}
    for group in groups:
        group.years = period(group.started, group.ended)
        group.is_former = group.ended is not None and group.ended.last < today
        group.seats = seats(group, today)
        group.meetings = meetings_words(group)
        group.origin_is_here = group.continues_id in here
        group.followers = [(later, later.pk in here) for later in group.continued_by.all()]
    # A stable sort keeps the model's order, the latest first, within each kind.
    groups.sort(key=lambda group: (group.is_former, KIND_ORDER.get(group.kind, 99)))
    return render(
        request,
        "programs/organisation.html",
        context
        | {
            "current_groups": [group for group in groups if not group.is_former],
            "former_groups": [group for group in groups if group.is_former],
            "local_bodies": LocalBody.objects.filter(locality=program.locality)
            .select_related("organisation")
            .prefetch_related("members"),
        },
    )


def seats(group: Group, today: datetime.date) -> list[tuple[str, list[Seat]]]:
    """The group's seats by capacity, those alike as one, former ones after current."""
    alike = Counter(
        (
            member.capacity,
            member.ended is not None and member.ended.last < today,
            member.role,
            member.party or (member.organisation.name if member.organisation else ""),
            member.started,
            member.ended,
        )
        for member in group.members.all()
    )
    headings = {
        Membership.Capacity.POLITICIAN: _("Politicians"),
        Membership.Capacity.RESIDENT: _("Residents"),
        Membership.Capacity.ASSOCIATION: _("Associations"),
        Membership.Capacity.OFFICIAL: _("Officials"),
        Membership.Capacity.BUSINESS: _("Businesses"),
    }
    found: dict[str, list[Seat]] = {heading: [] for heading in headings.values()}
    for key in sorted(alike, key=lambda key: (key[1], ROLE_ORDER[key[2]], key[3])):
        capacity, is_former, role, name, started, ended = key
        words, years = role_words(role, alike[key]), period(started, ended)
        # Someone without a party or an organisation is known by the function alone.
        seat = Seat(name or words, words if name else "", years, is_former)
        found[headings[capacity]].append(seat)
    return [(heading, rows) for heading, rows in found.items() if rows]


def role_words(role: str, number: int) -> str:
    if number == 1:
        return capfirst(Membership.Role(role).label)
    if role == Membership.Role.MEMBER:
        return ngettext("%(number)s member", "%(number)s members", number) % {"number": number}
    return f"{number} × {Membership.Role(role).label}"


def meetings_words(group: Group) -> str:
    """How often the group meets or met; empty when it is not known."""
    number = group.meetings_per_year
    if number is None:
        return ""
    if group.is_former:
        words = ngettext("Met %(number)s time a year", "Met %(number)s times a year", number)
    else:
        words = ngettext("Meets %(number)s time a year", "Meets %(number)s times a year", number)
    return words % {"number": number}
