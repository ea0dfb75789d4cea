import datetime

import pytest

from programs.dates import PartialDate
from programs.models import Duty, Edition, Municipality, PlanningBrief, Program
from programs.yearwheel import Spoke, State, Wheel, due_on, year_wheels
from tests.factories import (
    make_decision,
    make_edition,
    make_event,
    make_municipality,
    make_planning_brief,
    make_program,
)

pytestmark = pytest.mark.django_db

DATE = datetime.date
KEPT, PLANNED, DUE, MISSED = State.KEPT, State.PLANNED, State.DUE, State.MISSED
STEERING, BRIEF = Duty.Kind.STEERING_GROUP_MEETING, Duty.Kind.PLANNING_BRIEF


def make_duty(due_month: int, kind: str = STEERING) -> Duty:
    return make_municipality().duties.create(kind=kind, label="Styrgrupp", due_month=due_month)


def parsed(text: str) -> PartialDate:
    return PartialDate.parse(text)


def wheel_of(program: Program, today: datetime.date, year: int = 2026) -> Wheel:
    programs = Program.objects.filter(pk=program.pk).with_current_edition()
    [wheel] = year_wheels(Municipality.objects.get(), programs, year=year, today=today)
    return wheel


def states(program: Program, today: datetime.date, year: int = 2026) -> list[State]:
    return [spoke.state for spoke in wheel_of(program, today, year).spokes]


def held(program: Program, date: str, **fields: object) -> object:
    return make_event(program=program, kind=STEERING, date=parsed(date), **fields)


@pytest.mark.parametrize(
    ("month", "year", "last"),
    [(2, 2026, 28), (2, 2028, 29), (4, 2026, 30), (12, 2026, 31)],
)
def test_duty_is_due_on_the_last_day_of_its_month(month, year, last):
    assert due_on(Duty(due_month=month), year) == DATE(year, month, last)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (DATE(2026, 1, 1), DUE),
        (DATE(2026, 4, 30), DUE),
        (DATE(2026, 5, 1), MISSED),
        (DATE(2027, 1, 1), MISSED),
        (DATE(2025, 12, 31), DUE),
    ],
)
def test_duty_without_a_meeting_is_missed_from_the_day_after_its_month(program, today, state):
    make_duty(due_month=4)

    assert states(program, today) == [state]


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (DATE(2026, 4, 15), PLANNED),
        (DATE(2026, 4, 16), KEPT),
        (DATE(2026, 4, 17), KEPT),
        (DATE(2026, 5, 1), KEPT),
    ],
)
def test_meeting_keeps_the_duty_from_its_own_day(program, today, state):
    make_duty(due_month=4)
    meeting = held(program, "2026-04-16")

    [spoke] = wheel_of(program, today).spokes

    assert spoke.state == state
    assert spoke.date == parsed("2026-04-16")
    assert spoke.url == meeting.get_absolute_url()


def test_meeting_on_the_last_day_keeps_the_duty(program):
    make_duty(due_month=4)
    held(program, "2026-04-30")

    assert states(program, DATE(2026, 4, 29)) == [PLANNED]
    assert states(program, DATE(2026, 4, 30)) == [KEPT]


def test_meeting_held_late_keeps_the_duty(program):
    make_duty(due_month=3)
    held(program, "2026-08-20")

    assert states(program, DATE(2026, 5, 1)) == [PLANNED]
    assert states(program, DATE(2026, 8, 20)) == [KEPT]


def test_cancelled_meeting_keeps_nothing(program):
    make_duty(due_month=4)
    held(program, "2026-04-16", is_cancelled=True)

    assert states(program, DATE(2026, 4, 17)) == [DUE]
    assert states(program, DATE(2026, 5, 1)) == [MISSED]


@pytest.mark.parametrize("date", ["2025-12-31", "2027-01-01", "2025", "vintern 2027"])
def test_meeting_of_another_year_keeps_nothing(program, date):
    make_duty(due_month=4)
    held(program, date)

    assert states(program, DATE(2026, 4, 30)) == [DUE]


def test_meeting_of_another_kind_or_program_keeps_nothing(program, other_program):
    make_duty(due_month=4)
    make_event(program=program, date=parsed("2026-03-01"))
    held(other_program, "2026-03-01")

    assert states(program, DATE(2026, 4, 30)) == [DUE]


def test_meetings_meet_duties_in_order_and_extra_ones_change_nothing(program):
    for month in (11, 4, 8):
        make_duty(due_month=month)
    for date in ("2026-09-01", "2026-02-01"):
        held(program, date)

    wheel = wheel_of(program, DATE(2026, 6, 1))
    assert [(spoke.duty.due_month, spoke.state) for spoke in wheel.spokes] == [
        (4, KEPT),
        (8, PLANNED),
        (11, DUE),
    ]
    assert [spoke.date for spoke in wheel.spokes] == [
        parsed("2026-02-01"),
        parsed("2026-09-01"),
        None,
    ]

    for date in ("2026-03-01", "2026-03-02", "2026-03-03"):
        held(program, date)
    assert states(program, DATE(2026, 6, 1)) == [KEPT, KEPT, KEPT]


@pytest.mark.parametrize(
    ("date", "not_yet", "over"),
    [
        ("juni 2026", DATE(2026, 6, 29), DATE(2026, 6, 30)),
        ("hösten 2026", DATE(2026, 11, 29), DATE(2026, 11, 30)),
        ("2026", DATE(2026, 12, 30), DATE(2026, 12, 31)),
    ],
)
def test_meeting_on_a_coarse_date_is_kept_when_that_has_passed(program, date, not_yet, over):
    make_duty(due_month=12)
    held(program, date)

    assert states(program, not_yet) == [PLANNED]
    assert states(program, over) == [KEPT]


@pytest.mark.parametrize(
    ("date", "month"),
    [(None, 10), ("2026", 10), ("hösten 2026", 9), ("maj 2026", 5), ("2026-11-30", 11)],
)
def test_spoke_stands_when_it_happens_or_else_when_it_is_due(date, month):
    spoke = Spoke(Duty(due_month=10), PLANNED, DATE(2026, 10, 31), date and parsed(date))

    assert spoke.month == month


def test_brief_is_kept_when_it_has_been_handed_over(program):
    make_duty(kind=BRIEF, due_month=5)
    brief = make_planning_brief(program=program, budget_year=2027)
    assert states(program, DATE(2026, 5, 31)) == [DUE]
    assert states(program, DATE(2026, 6, 1)) == [MISSED]

    brief.state, brief.handed_over = PlanningBrief.State.HANDED_OVER, parsed("2026-05-20")
    brief.save()

    [spoke] = wheel_of(program, DATE(2026, 5, 20)).spokes
    assert (spoke.state, spoke.date) == (KEPT, parsed("2026-05-20"))
    assert spoke.url == f"{program.get_absolute_url()}ideer/#underlag-2027"
    assert states(program, DATE(2026, 5, 20), year=2027) == [DUE]


def test_brief_handed_over_is_kept_at_once_even_on_a_coarse_date(program):
    make_duty(kind=BRIEF, due_month=5)
    for year in (2025, 2026):
        make_planning_brief(
            program=program,
            budget_year=year + 1,
            state=PlanningBrief.State.HANDED_OVER,
            handed_over=parsed(f"våren {year}"),
        )

    assert states(program, DATE(2026, 3, 15)) == [KEPT]


@pytest.mark.parametrize("status", [Program.Status.PREPARATION, Program.Status.CONCLUDED])
def test_program_that_is_not_in_operation_owes_nothing(status):
    program = make_program(status=status)
    make_duty(due_month=4)
    held(program, "2026-03-01")

    assert states(program, DATE(2026, 12, 31)) == []


def adopted(program: Program, date: str, number: int = 1) -> None:
    decision = make_decision(program=program, decided=parsed(date))
    make_edition(
        program=program,
        number=number,
        decision=decision,
        state=Edition.State.ADOPTED,
        clauses=["A"],
    )


def test_program_adopted_during_the_year_owes_what_is_due_from_then_on(program):
    for month in (3, 6, 10):
        make_duty(due_month=month)
    adopted(program, "2026-06-30")

    wheel = wheel_of(program, DATE(2026, 11, 1))

    assert [spoke.duty.due_month for spoke in wheel.spokes] == [6, 10]
    assert (wheel.kept, wheel.missed) == (0, 2)


def test_program_adopted_on_the_day_after_owes_the_month_no_more(program):
    for month in (6, 10):
        make_duty(due_month=month)
    adopted(program, "2026-07-01")

    assert [spoke.duty.due_month for spoke in wheel_of(program, DATE(2026, 11, 1)).spokes] == [10]


def test_program_owes_nothing_in_the_years_before_it_was_adopted(program):
    make_duty(due_month=12)
    adopted(program, "2026-06-15")

    assert states(program, DATE(2026, 12, 31), year=2025) == []
    assert states(program, DATE(2026, 12, 31), year=2027) == [DUE]


def test_revised_program_owes_the_whole_year(program):
    make_duty(due_month=3)
    adopted(program, "2013-09-03")
    adopted(program, "2026-06-15", number=2)

    assert states(program, DATE(2026, 12, 31)) == [MISSED]


def test_adoption_date_may_be_when_the_text_took_force_or_unknown(program, other_program):
    make_duty(due_month=3)
    make_edition(
        program=program,
        valid_from=parsed("2026-06-01"),
        state=Edition.State.ADOPTED,
        clauses=["A"],
    )
    make_edition(program=other_program, state=Edition.State.ADOPTED, clauses=["A"])

    assert states(program, DATE(2026, 12, 31)) == []
    assert states(other_program, DATE(2026, 12, 31)) == [MISSED]


def test_wheel_counts_and_finds_what_is_next(program):
    for month in (2, 4, 9, 11):
        make_duty(due_month=month)
    held(program, "2026-01-20")

    wheel = wheel_of(program, DATE(2026, 6, 1))

    assert [spoke.state for spoke in wheel.spokes] == [KEPT, MISSED, DUE, DUE]
    assert (wheel.kept, wheel.missed, wheel.next.due_on) == (1, 1, DATE(2026, 9, 30))
    assert wheel.of_kind(STEERING) == wheel.spokes
    assert wheel.of_kind(BRIEF) == []


def test_wheel_without_anything_left_has_no_next(program):
    make_duty(due_month=2)

    assert wheel_of(program, DATE(2026, 3, 1)).next is None


def test_portal_without_data_has_empty_wheels(program):
    [wheel] = year_wheels(Municipality(), [program], year=2026, today=DATE(2026, 6, 1))

    assert wheel.spokes == []


def test_no_programs_give_no_wheels():
    make_duty(due_month=2)

    assert year_wheels(Municipality.objects.get(), [], year=2026, today=DATE(2026, 6, 1)) == []


@pytest.mark.parametrize("number_of_programs", [1, 8])
def test_wheels_take_three_queries_however_many_programs(
    number_of_programs, django_assert_num_queries
):
    make_duty(due_month=4)
    make_duty(kind=BRIEF, due_month=5)
    for _number in range(number_of_programs):
        program = make_program()
        adopted(program, "2020-01-01")
        for day in range(1, 4):
            held(program, f"2026-03-0{day}")
        make_planning_brief(
            program=program,
            state=PlanningBrief.State.HANDED_OVER,
            handed_over=parsed("2026-05-01"),
        )
    municipality = Municipality.objects.get()
    programs = list(Program.objects.with_current_edition())

    with django_assert_num_queries(3):
        wheels = year_wheels(municipality, programs, year=2026, today=DATE(2026, 6, 1))

    assert [wheel.kept for wheel in wheels] == [2] * number_of_programs
