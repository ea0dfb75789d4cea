"""The process in the year's wheel: what was passed, what is open until when, what is due."""

import datetime

import pytest
from django.utils import timezone, translation

from programs.dates import PartialDate, day
from programs.drawings.wheel import CENTER_X, CENTER_Y
from programs.models import Municipality, Program
from revisions.due import due_of
from revisions.milestones import RADIUS, Tone, year_of_process
from revisions.steps import Kind
from revisions.workflow import Past, enter_history
from tests import factories
from tests.revisions import builders
from tests.revisions.builders import TODAY
from tests.revisions.pages import by_class, page_of, words_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def turn(program: Program, *, year: int = 2026, today: datetime.date = TODAY):
    program = Program.objects.with_current_edition().get(pk=program.pk)
    due = due_of(program, Municipality(), today)
    return year_of_process(list(program.processes.with_records()), due, year=year, today=today)


def told(found) -> list[tuple]:
    return [(each.number, str(each.words), each.date, each.tone) for each in found.milestones]


def test_passed_steps_and_the_open_period_stand_in_order_of_time():
    process = builders.at("compilation")
    process = builders.pass_on(builders.pass_on(process))
    ends = TODAY + datetime.timedelta(days=20)
    builders.act(process, builders.workflow.open_comments, opens_on=TODAY, closes_on=ends)

    assert told(turn(process.program)) == [
        (1, "Open dialogue meeting", day(TODAY), Tone.DONE),
        (2, "Activity for young people", day(TODAY), Tone.DONE),
        (3, "The result is compiled", day(TODAY), Tone.DONE),
        (4, "The association anchors and informs", day(TODAY), Tone.DONE),
        (5, "Last day for comments", day(ends), Tone.NOW),
        (None, "The revision is to be decided", PartialDate.parse("2026-12-31"), Tone.DUE),
    ]


def test_other_years_show_what_was_theirs():
    process = builders.at("youth-activity")

    assert told(turn(process.program, year=2025)) == []
    assert turn(process.program, year=2025).process == process


def test_steps_that_are_done_again_are_not_shown_as_done():
    process = builders.at("approval")
    builders.send_back(process, 3)

    assert [each.number for each in turn(process.program).milestones] == [1, 2, None]


def test_deadline_of_the_association_is_shown_while_its_view_is_awaited():
    process = builders.at("draft")
    due_on = TODAY + datetime.timedelta(days=7)
    builders.act(process, builders.workflow.set_statement_deadline, due_on=due_on)

    found = told(turn(process.program))

    assert (6, "Last day for the association's view", day(due_on), Tone.NOW) in found
    assert not any("comments" in words for _number, words, *_others in found)


def test_next_revision_is_told_also_when_it_falls_in_a_later_year():
    program = builders.finished().program

    found = turn(program)

    assert [each.number for each in found.milestones] == [*range(1, 10)]
    assert found.due.by == datetime.date(2030, 12, 31)


def test_partial_dates_are_listed_and_only_drawn_when_the_month_is_known():
    program = factories.make_program()
    past = [
        Past(1, passed=PartialDate.parse("2012")),
        Past(2, passed=PartialDate.parse("juli 2012")),
    ]
    enter_history(program, Kind.LOCAL_DEVELOPMENT, past, today=TODAY)

    found = turn(program, year=2012)

    assert [each.number for each in found.milestones] == [1, 2]
    (placed,) = found.placed
    assert placed.milestone.number == 2
    # July begins straight under the middle.
    assert abs(placed.x - CENTER_X) < 2
    assert abs(placed.y - (CENTER_Y + RADIUS)) < 2


def test_a_program_without_process_and_text_has_nothing():
    found = turn(factories.make_program())

    assert (found.process, found.milestones, found.due) == (None, [], None)


def test_program_page_lists_beside_the_wheel_what_is_drawn_in_it(client):
    factories.make_municipality().duties.create(kind="follow_up", label="Plikt", due_month=11)
    program = builders.make_program()
    process = builders.at("comments", program=program)
    today = timezone.localdate()
    builders.act(
        process, builders.workflow.open_comments, opens_on=today, closes_on=today, today=today
    )

    page = page_of(client, program.get_absolute_url())

    assert len(by_class(page, "wheel__turn--now")) == 1
    rows = [words_in(each) for part in by_class(page, "wheel__list") for each in part]
    assert [row for row in rows if row.startswith("5. Last day for comments")] != []
    heading = words_in(by_class(page, "wheel__heading")[0])
    assert heading == "Revision, step 5 of 9"
