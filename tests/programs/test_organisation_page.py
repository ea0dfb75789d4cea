"""Who does what around a program, now and before."""

import datetime

import pytest
from django.utils import timezone, translation

from programs.dates import day
from programs.models import Group, Membership
from tests.factories import (
    make_group,
    make_local_body,
    make_membership,
    make_municipality,
    make_organisation,
    make_program,
    make_user,
)

pytestmark = pytest.mark.django_db

Kind, Role, Capacity = Group.Kind, Membership.Role, Membership.Capacity


@pytest.fixture(autouse=True)
def english():
    """The source of every text, so that the tests do not depend on its translation."""
    with translation.override("en"):
        yield


@pytest.fixture
def url(program):
    return f"/program/{program.slug}/organisation/"


def text_of(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def seats_of(response) -> list[tuple[str, list[tuple[str, str, str, bool]]]]:
    (group,) = response.context["current_groups"]
    return [
        (heading, [(seat.name, seat.role, seat.years, seat.is_former) for seat in seats])
        for heading, seats in group.seats
    ]


def test_organisation_never_shows_a_name(visitor, program, url):
    user = make_user(name="Anna Andersson", email="anna@example.se")
    make_membership(group=make_group(program=program), user=user)

    page = text_of(visitor, url)

    assert "Anna" not in page
    assert "anna@" not in page


def test_organisation_groups_members_by_capacity_and_counts_those_alike(visitor, program, url):
    group = make_group(program=program)
    association = make_organisation(name="Samhällsföreningen")
    for party, role in (("S", Role.MEMBER), ("M", Role.CHAIR), ("S", Role.MEMBER)):
        make_membership(group=group, capacity=Capacity.POLITICIAN, party=party, role=role)
    for _number in range(3):
        make_membership(group=group, capacity=Capacity.ASSOCIATION, organisation=association)
    for _number in range(2):
        make_membership(group=group, capacity=Capacity.OFFICIAL, role=Role.PROJECT_LEADER)

    assert seats_of(visitor.get(url)) == [
        ("Politicians", [("M", "Chair", "", False), ("S", "2 members", "", False)]),
        ("Associations", [("Samhällsföreningen", "3 members", "", False)]),
        ("Officials", [("2 × project leader", "", "", False)]),
    ]


def test_organisation_shows_former_members_after_those_of_today(visitor, program, url):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    group = make_group(program=program)
    for party, ended in (("C", day(yesterday)), ("S", day(timezone.localdate())), ("V", None)):
        make_membership(
            group=group, capacity=Capacity.POLITICIAN, party=party, started="2013", ended=ended
        )

    response = visitor.get(url)

    ((_heading, seats),) = seats_of(response)
    assert [(name, is_former) for name, _role, _years, is_former in seats] == [
        ("S", False),
        ("V", False),
        ("C", True),
    ]
    assert response.content.decode().count("(former)") == 1


def test_organisation_shows_former_groups_below_with_their_years(visitor, program, url):
    make_group(program=program, name="Arbetsgruppen", kind=Kind.WORKING)
    make_group(program=program, name="Styrgruppen", kind=Kind.STEERING, started="2015")
    make_group(
        program=program, name="Styrgruppen 2014", kind=Kind.STEERING, started="2014", ended="2014"
    )
    make_group(
        program=program, name="Styrgruppen 2013", kind=Kind.STEERING, started="2013", ended="2013"
    )

    response = visitor.get(url)

    assert [group.name for group in response.context["current_groups"]] == [
        "Styrgruppen",
        "Arbetsgruppen",
    ]
    assert [group.name for group in response.context["former_groups"]] == [
        "Styrgruppen 2014",
        "Styrgruppen 2013",
    ]
    assert '<span class="org__period">from 2015</span>' in response.content.decode()


def test_organisation_tells_what_a_group_grew_out_of_and_became(visitor, program, url):
    first = make_group(program=program, name="Visionsgruppen", ended="2013")
    second = make_group(
        program=program,
        name="Samordningen",
        continues=first,
        became=make_organisation(name="Byalaget"),
    )
    elsewhere = make_group(name="En annan grupp", continues=second)

    page = text_of(visitor, url)

    assert f'Grew out of <a href="#group-{first.pk}">Visionsgruppen</a>' in page
    assert f'Went on as <a href="#group-{second.pk}">Samordningen</a>' in page
    assert f"Went on as {elsewhere.name}" in page
    assert "Turned into Byalaget" in page


def test_organisation_tells_how_often_a_group_meets(visitor, program, url):
    make_group(program=program, meetings_per_year=3)
    make_group(program=program, meetings_per_year=1, ended="2014")
    make_group(program=program, meetings_per_year=None)

    page = text_of(visitor, url)

    assert "Meets 3 times a year" in page
    assert "Met 1 time a year" in page
    assert page.count("times a year") == 1


def test_organisation_shows_the_groups_of_the_place_but_not_those_of_others(visitor, program, url):
    make_group(program=None, locality=program.locality, name="Föreningens styrelse")
    make_group(name="En annan orts grupp")

    page = text_of(visitor, url)

    assert "Föreningens styrelse" in page
    assert "En annan orts grupp" not in page


def test_organisation_shows_who_spoke_for_the_place_over_time(visitor, program, url):
    umbrella = make_local_body(
        locality=program.locality,
        organisation=make_organisation(name="Ett närmare Vallås", website="https://vallas.example"),
        started="2014",
        note="En paraplyförening.",
    )
    umbrella.members.set(
        [make_organisation(name="Villaföreningen"), make_organisation(name="Hyresgästföreningen")]
    )
    make_local_body(
        locality=program.locality, organisation=make_organisation(name="Byalaget"), ended="2013"
    )
    make_local_body(organisation=make_organisation(name="En annan orts förening"))

    page = text_of(visitor, url)

    assert '<a href="https://vallas.example">Ett närmare Vallås</a>' in page
    assert "With Hyresgästföreningen, Villaföreningen" in page
    assert page.index("from 2014") < page.index("until 2013")
    assert "En annan orts förening" not in page


def test_organisation_says_what_to_expect_when_nothing_is_known(visitor, program, url):
    page = text_of(visitor, url)

    assert "No group is at work right now." in page
    assert "No association is known to speak for the place." in page


def test_organisation_of_no_program_is_not_found(visitor):
    assert visitor.get("/program/finns-inte/organisation/").status_code == 404


def test_organisation_has_the_same_number_of_queries_for_one_row_and_for_many(
    visitor, django_assert_num_queries
):
    make_municipality()
    program = make_program()
    url = f"/program/{program.slug}/organisation/"

    def fill() -> None:
        group = make_group(program=program, became=make_organisation())
        make_group(program=program, continues=group)
        make_membership(group=group, user=make_user(), organisation=make_organisation())
        body = make_local_body(locality=program.locality)
        body.members.set([make_organisation()])

    fill()
    visitor.get(url)
    # The municipality and its words, the program and its edition, groups with members and
    # followers, local bodies with members.
    with django_assert_num_queries(10):
        visitor.get(url)
    for _number in range(15):
        fill()
    with django_assert_num_queries(10):
        visitor.get(url)
