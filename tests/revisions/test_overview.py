"""The staff's list: what is under way by its next day, and whose turn it is by urgency."""

import datetime

import pytest
from django.utils import timezone, translation

from programs.dates import PartialDate
from programs.models import Group, Membership
from revisions.models import Process
from revisions.steps import Kind
from tests import factories
from tests.revisions import builders
from tests.revisions.pages import by_class, main_of, page_of, queries, words_in

pytestmark = pytest.mark.django_db

INDEX = "/admin/process/"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def client(client_for, administrator):
    return client_for(administrator)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def board():
    body = factories.make_deciding_body(name="Kommunstyrelsen", term_of_office="board")
    return factories.make_municipality(deciding_body=body)


def adopted(name: str, when: datetime.date | str | None):
    program = factories.make_program(name=name)
    decided = PartialDate.parse(str(when)) if when else None
    decision = factories.make_decision(program=program, decided=decided)
    factories.make_edition(program=program, state="adopted", decision=decision, clauses=["Centrum"])
    return program


def sections(page) -> list[list[str]]:
    return [[words_in(row) for row in rows] for rows in by_class(page, "rows")]


def term_start(today: datetime.date) -> datetime.date:
    return datetime.date(today.year - (today.year - 2023) % 4, 1, 1)


def test_programs_that_wait_stand_by_urgency_with_a_button_each(client, board, today):
    begins = term_start(today)
    adopted("Framtid Klar", begins)
    factories.make_program(name="Framtid Ny")
    adopted("Framtid Förra", begins - datetime.timedelta(days=1))
    adopted("Framtid Okänd", None)
    adopted("Framtid Sen", "2009-05-04")

    page = page_of(client, INDEX)

    (rows,) = sections(page)
    assert [row.split()[1] for row in rows] == ["Sen", "Okänd", "Förra", "Ny", "Klar"]
    assert "Late Should have been revised by 31 December 2014." in rows[0]
    assert "When it was adopted is not known" in rows[1]
    assert "There is no text yet." in rows[3]
    assert ["Start revision" in row for row in rows] == [True, True, True, False, True]
    assert "Start creation" in rows[3]
    quiet = ["button--quiet" in each.get("class") for each in by_class(page, "button--small")]
    assert quiet == [False, False, False, True, True]
    assert "3 programs are to be revised before that and have not begun." in main_of(page)
    days = (datetime.date(begins.year + 3, 12, 31) - today).days + 1
    assert f"in {days} day" in main_of(page)


def test_what_is_under_way_stands_by_its_nearest_day(client, board, today):
    late = builders.at("comments", program=builders.make_program(name="Framtid Sen"))
    soon = builders.at("comments", program=builders.make_program(name="Framtid Snart"))
    builders.start(program=builders.make_program(name="Framtid Utan dag"))
    for process, days in ((late, 30), (soon, 3)):
        builders.act(
            process,
            builders.workflow.open_comments,
            opens_on=today,
            closes_on=today + datetime.timedelta(days=days),
            today=today,
        )

    rows = sections(page_of(client, INDEX))[0]

    named = [row.partition(" Revision")[0] for row in rows]
    assert named.index("Framtid Snart") < named.index("Framtid Sen")
    assert sorted(named) == ["Framtid Sen", "Framtid Snart", "Framtid Utan dag"]
    assert "Step 5 of 9: Everyone can comment" in rows[named.index("Framtid Snart")]
    assert "Open for comments until" in rows[named.index("Framtid Snart")]
    assert "2 things missing" in rows[named.index("Framtid Utan dag")]


def test_phases_say_that_they_go_on_for_longer_than_usual(client, today):
    factories.make_municipality(revises_each_term=False, works_in_phases=True)
    old = factories.make_program(name="Plan Gammal")
    builders.workflow.enter_history(
        old,
        Kind.LOCAL_DEVELOPMENT,
        [builders.workflow.Past(1, started=PartialDate(today.replace(year=today.year - 2)))],
        today=today,
    )
    new = factories.make_program(name="Plan Ny")
    builders.workflow.start(new, Kind.LOCAL_DEVELOPMENT, by=builders.leader(), today=today)
    factories.make_program(name="Plan Ledig")

    page = page_of(client, INDEX)

    running, waiting = sections(page)
    assert "It has gone on for longer than usual." in running[0]
    assert running[0].startswith("Plan Gammal Phase 1 of 4: Mobilise")
    assert "longer" not in running[1]
    assert "Start local development" in waiting[0]
    assert "Start creation" not in waiting[0]
    assert "term of office" not in main_of(page)


def test_only_who_drives_has_buttons(client_for, program, project_leader, politician, board):
    factories.make_edition(program=program, state="adopted", clauses=["Centrum"])

    for user, starts in ((project_leader, 1), (politician, 0)):
        page = page_of(client_for(user), INDEX)
        assert len(by_class(page, "button--small")) == starts
        assert program.name in main_of(page)


def test_others_programs_are_not_listed(client_for, program, other_program, board):
    team = factories.make_group(kind=Group.Kind.PROJECT_TEAM, program=other_program)
    user = factories.make_user()
    factories.make_membership(group=team, user=user, role=Membership.Role.PROJECT_LEADER)

    page = page_of(client_for(user), INDEX)

    assert other_program.name in main_of(page)
    assert program.name not in main_of(page)


def test_waiting_programs_cost_no_query_each(client, board):
    adopted("Framtid Ett", "2009-05-04")
    few = queries(client, INDEX)
    for number in range(20):
        adopted(f"Framtid {number}", "2020-05-04")

    assert queries(client, INDEX) == few
    assert Process.objects.count() == 0
