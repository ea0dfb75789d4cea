"""The desk: what waits for whom, and nothing that is somebody else's."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.desk.views import rows_for
from programs.desk import Urgency
from programs.models import Duty, Event, Membership, OutgoingMail
from tests.factories import (
    make_edition,
    make_event,
    make_group,
    make_inquiry,
    make_join_request,
    make_membership,
    make_municipality,
    make_outgoing_mail,
    make_program,
)
from tests.revisions import builders

pytestmark = pytest.mark.django_db

TODAY = builders.TODAY
DAYS = datetime.timedelta
STEERING = Event.Kind.STEERING_GROUP_MEETING


@pytest.fixture(autouse=True)
def _municipality():
    make_municipality()


def keys(user, today=TODAY):
    return [row.key.partition(":")[0] for row in rows_for(user, today)]


def row(user, key, today=TODAY):
    [found] = [row for row in rows_for(user, today) if row.key.partition(":")[0] == key]
    return found


def after(days):
    return (TODAY + DAYS(days)).isoformat()


@pytest.mark.parametrize(
    ("days", "agenda", "waits"),
    [(14, "", True), (15, "", False), (0, "", True), (3, "Val av sekreterare", False)],
)
def test_a_near_meeting_without_agenda_waits(program, project_leader, days, agenda, waits):
    make_event(program=program, kind=STEERING, date=after(days), agenda=agenda)

    assert ("meetings_without_agenda" in keys(project_leader)) is waits


@pytest.mark.parametrize(
    ("days", "fields", "waits"),
    [
        (-3, {}, False),
        (-4, {}, True),
        (-120, {}, True),
        (-121, {}, False),
        (-4, {"notes": "Vi enades."}, False),
        (-4, {"is_cancelled": True}, False),
        (-4, {"kind": Event.Kind.INAUGURATION}, False),
    ],
)
def test_a_meeting_that_is_over_waits_for_its_notes(program, project_leader, days, fields, waits):
    make_event(program=program, date=after(days), **({"kind": STEERING} | fields))

    assert ("meetings_without_notes" in keys(project_leader)) is waits


def test_a_convener_sees_the_meetings_of_the_group_alone(program, coordinator, working_group):
    own = make_event(
        program=program, group=working_group, kind=STEERING, date=after(2), title="Vår träff"
    )
    make_event(program=program, kind=STEERING, date=after(2), title="Styrgruppens")

    found = row(coordinator, "meetings_without_agenda")

    assert (found.count, found.about) == (1, own.title)


@pytest.mark.parametrize(
    ("today", "urgency"),
    [
        (datetime.date(2026, 4, 15), None),
        (datetime.date(2026, 4, 16), Urgency.SOON),
        (datetime.date(2026, 5, 31), Urgency.SOON),
        (datetime.date(2026, 6, 1), Urgency.LATE),
    ],
)
def test_a_duty_comes_in_time_and_stays_until_it_is_met(program, project_leader, today, urgency):
    make_edition(program=program, state="adopted", clauses=["Centrum"])
    make_municipality().duties.create(kind=STEERING, label="Styrgrupp", due_month=5)

    found = [row.urgency for row in rows_for(project_leader, today) if row.key.startswith("duty")]

    assert found == ([urgency] if urgency else [])


def test_one_duty_of_several_programs_is_one_row(program, project_leader):
    make_municipality().duties.create(kind=STEERING, label="Styrgrupp", due_month=5)
    seat = project_leader.memberships.get()
    for other in [program, make_program(), make_program()]:
        make_edition(program=other, state="adopted", clauses=["Centrum"])
        if other != program:
            team = make_group(program=other)
            make_membership(group=team, user=project_leader, role=seat.role)

    assert row(project_leader, "duty").count == 3


def test_a_planned_meeting_meets_the_duty(program, project_leader):
    make_edition(program=program, state="adopted", clauses=["Centrum"])
    make_municipality().duties.create(
        kind=Duty.Kind.STEERING_GROUP_MEETING, label="Styrgrupp", due_month=5
    )
    make_event(program=program, kind=STEERING, date=after(20), agenda="Allt")

    assert keys(project_leader) == []


def test_a_step_that_can_be_passed_waits_for_its_leader():
    process = builders.at("anchoring")
    leads(process.program, builders.leader())
    builders.anchor(process)

    found = row(builders.leader(), "step")

    assert found.url == reverse("revisions_staff:process", args=[process.pk])
    assert found.urgency == Urgency.NOW


def test_a_step_that_stands_still_says_what_is_missing():
    process = builders.at("anchoring")
    leads(process.program, builders.leader())

    assert keys(builders.leader(), TODAY + DAYS(59)) == []
    found = row(builders.leader(), "stuck", TODAY + DAYS(60))
    assert (found.count, found.urgency) == (1, Urgency.LATE)


def test_a_draft_waits_for_each_member_who_has_not_taken_a_stand():
    process = builders.at("approval")
    one, other = builders.voting_members(process, TODAY)
    builders.approve(process, one)

    assert keys(one.user) == []
    assert row(other.user, "approval").url == reverse("revisions_staff:approval", args=[process.pk])


def test_a_changed_draft_waits_again():
    process = builders.at("approval")
    one, _other = builders.voting_members(process, TODAY)
    builders.approve(process, one)
    builders.edit(process)

    assert keys(one.user) == ["approval"]


def test_the_association_is_asked_for_its_anchoring():
    process = builders.at("anchoring")
    board = make_group(program=process.program, kind="association_board")
    seat = make_membership(
        group=board, capacity=Membership.Capacity.ASSOCIATION, user=builders.factories.make_user()
    )

    assert keys(seat.user) == ["association"]
    builders.anchor(process)
    assert keys(seat.user) == []


def test_messages_newcomers_and_letters_reach_those_who_handle_them(
    program, project_leader, politician, administrator
):
    make_inquiry(program=program, promised_on=after(-1))
    make_inquiry(program=program, promised_on=after(1))
    make_join_request(locality=program.locality)
    make_outgoing_mail(state=OutgoingMail.State.FAILED)

    assert row(project_leader, "inquiries").urgency == Urgency.LATE
    assert row(project_leader, "inquiries").count == 2
    assert keys(project_leader) == ["inquiries", "join_requests"]
    assert keys(politician) == []
    assert set(keys(administrator)) == {"inquiries", "join_requests", "letters"}


def test_nothing_of_other_programs_is_on_the_desk(other_program, project_leader, politician):
    make_event(program=other_program, kind=STEERING, date=after(1))
    make_inquiry(program=other_program)

    assert keys(project_leader) == keys(politician) == []


def test_an_empty_desk_says_what_comes_next(program, project_leader, client_for):
    make_edition(program=program, state="adopted", clauses=["Centrum"])
    make_municipality().duties.create(kind=STEERING, label="Styrgruppens möte", due_month=12)
    make_event(program=program, kind=STEERING, date="2099-01-01", agenda="Allt")
    client = client_for(project_leader)

    page = client.get(reverse("admin:index")).content.decode()

    assert "Styrgruppens möte" in page


def test_someone_without_a_task_is_told_who_to_ask(outsider, client_for):
    page = client_for(outsider).get(reverse("admin:index")).content.decode()

    assert "Du har inget uppdrag än" in page


def test_the_desk_asks_as_many_questions_whatever_waits(program, project_leader):
    def questions():
        user = type(project_leader).objects.get(pk=project_leader.pk)
        with CaptureQueriesContext(connection) as asked:
            rows_for(user, TODAY)
        return len(asked)

    def fill():
        make_event(program=program, kind=STEERING, date=after(1))
        make_event(program=program, kind=STEERING, date=after(-10))
        make_inquiry(program=program)
        make_join_request(locality=program.locality)

    fill()
    one = questions()
    for _number in range(5):
        fill()

    assert questions() == one


def leads(program, user):
    team = make_group(program=program, kind="project_team")
    make_membership(group=team, user=user, role=Membership.Role.PROJECT_LEADER)
