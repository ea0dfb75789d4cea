"""When a program's turn is to be revised, and how the pages say it."""

import datetime

import html5lib
import pytest
from django.urls import reverse
from django.utils import timezone, translation

from programs.dates import PartialDate
from programs.models import Program
from revisions.due import State, due_of
from revisions.steps import Kind
from tests import factories
from tests.revisions import builders
from tests.revisions.pages import by_class, main_of, page_of, queries, words_in

pytestmark = pytest.mark.django_db


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def body(term_of_office: str = "board"):
    return factories.make_deciding_body(name="Organet", term_of_office=term_of_office)


def adopted(when: str | None, *, number: int = 1, **fields) -> Program:
    """A program whose text in force was adopted then, as exactly as `when` is given."""
    program = factories.make_program(**fields)
    decision = (
        factories.make_decision(program=program, decided=PartialDate.parse(when)) if when else None
    )
    factories.make_edition(
        program=program, number=number, state="adopted", decision=decision, clauses=["Centrum"]
    )
    return program


def standing(program: Program, today: str, municipality=None):
    municipality = municipality or factories.make_municipality()
    return due_of(Program.objects.get(pk=program.pk), municipality, day(today))


@pytest.mark.parametrize(
    ("when", "today", "state", "by", "missed"),
    [
        # In the term under way, from its first day to its last.
        ("2023-01-01", "2026-12-31", State.DONE, "2030-12-31", None),
        ("2026-12-31", "2026-12-31", State.DONE, "2030-12-31", None),
        # The day after, the same text is the next term's work.
        ("2026-12-31", "2027-01-01", State.DUE, "2030-12-31", None),
        ("2022-12-31", "2026-12-31", State.DUE, "2026-12-31", None),
        ("2022-12-31", "2027-01-01", State.LATE, "2030-12-31", "2026-12-31"),
        # Adopted in the middle of the term before, and long ago.
        ("2020-06-15", "2026-11-28", State.DUE, "2026-12-31", None),
        ("2009-05-04", "2026-11-28", State.LATE, "2026-12-31", "2014-12-31"),
        ("1000", "2026-11-28", State.LATE, "2026-12-31", "1906-12-31"),
        # A date that is known roughly counts from its first day.
        ("2022", "2026-11-28", State.DUE, "2026-12-31", None),
        ("hösten 2023", "2026-11-28", State.DONE, "2030-12-31", None),
        # When nobody knows, the text counts as old.
        (None, "2026-11-28", State.DUE, "2026-12-31", None),
    ],
)
def test_program_stands_by_the_board_s_term(when, today, state, by, missed):
    due = standing(adopted(when), today, factories.make_municipality(deciding_body=body()))

    assert (due.state, due.by, due.missed) == (state, day(by), day(missed) if missed else None)


@pytest.mark.parametrize(
    ("when", "today", "state", "by"),
    [
        ("2022-10-15", "2026-10-14", State.DONE, "2030-10-14"),
        ("2022-10-15", "2026-10-15", State.DUE, "2030-10-14"),
        ("2022-10-14", "2026-10-14", State.DUE, "2026-10-14"),
        ("2022-10-14", "2026-10-15", State.LATE, "2030-10-14"),
    ],
)
def test_the_council_s_term_counts_where_the_council_adopts(when, today, state, by):
    municipality = factories.make_municipality(deciding_body=body("council"))

    due = standing(adopted(when), today, municipality)

    assert (due.state, due.by) == (state, day(by))


def test_programs_are_not_counted_that_have_nothing_to_revise():
    municipality = factories.make_municipality()
    without_text = factories.make_program()
    concluded = adopted("2011-01-01", status=Program.Status.CONCLUDED)
    phased = adopted("2011-01-01")
    builders.start(Kind.LOCAL_DEVELOPMENT, phased)

    for program in (without_text, concluded, phased):
        assert standing(program, "2026-11-28", municipality) is None


def test_a_municipality_that_works_in_phases_alone_revises_nothing():
    municipality = factories.make_municipality(revises_each_term=False, works_in_phases=True)

    assert standing(adopted("2011-01-01"), "2026-11-28", municipality) is None


@pytest.mark.parametrize(
    ("when", "number", "words"),
    [
        (
            "2024-03-01",
            1,
            "Adopted in this term of office. To be revised by 31 December 2030 at the latest.",
        ),
        (
            "2024-03-01",
            2,
            "Revised in this term of office. The next time is by 31 December 2030 at the latest.",
        ),
        ("2019-08-20", 1, "To be revised by 31 December 2026, when the term of office ends."),
        (None, 1, "To be revised by 31 December 2026, when the term of office ends."),
        (
            "2013-09-03",
            1,
            "Should have been revised by 31 December 2018. To be done by 31 December 2026.",
        ),
    ],
)
def test_it_is_said_in_a_plain_sentence(when, number, words):
    due = standing(adopted(when, number=number), "2026-11-28")

    assert words_in_html(due.words) == words


def test_a_revision_under_way_is_to_be_decided_before_the_term_ends():
    program = adopted("2019-08-20")
    builders.start(program=program)

    assert words_in_html(standing(program, "2026-11-28").words) == (
        "The revision is to be decided by 31 December 2026, when the term of office ends."
    )


def words_in_html(html: str) -> str:
    return words_in(html5lib.parse(f"<p>{html}</p>"))


# The list of programs


def row(client, name: str) -> str:
    page = page_of(client, reverse("programs:programs"))
    (found,) = [
        words_in(each) for rows in by_class(page, "rows") for each in rows if name in words_in(each)
    ]
    return found


def test_list_says_of_each_program_how_it_stands(client):
    factories.make_municipality(deciding_body=body())
    today = timezone.localdate()
    term_starts = datetime.date(today.year - (today.year - 2023) % 4, 1, 1)
    long_ago = adopted("2009", name="Framtid Länge sedan")
    before = adopted(str(term_starts - datetime.timedelta(days=1)), name="Framtid Förra")
    now = adopted(str(term_starts), name="Framtid Denna", number=2)
    running = builders.make_program(name="Framtid Pågår")
    process = builders.at("comments", program=running)
    factories.make_program(name="Framtid Blivande")

    ends = f"31 December {term_starts.year + 3}"
    assert f"To be done by {ends}." in row(client, long_ago.name)
    assert f"To be revised by {ends}, when the term of office ends." in row(client, before.name)
    assert "Revised in this term of office." in row(client, now.name)
    assert "Now: Everyone can comment. Next: A draft is written." in row(client, running.name)
    assert "revised" not in row(client, "Framtid Blivande")

    builders.act(
        process, builders.workflow.open_comments, opens_on=today, closes_on=today, today=today
    )
    assert f"Open for comments until {today.day} " in row(client, running.name)
    assert f"ends {ends}" in main_of(page_of(client, reverse("programs:programs")))


def test_list_of_phases_says_since_when_and_how_long_one_usually_takes(client):
    factories.make_municipality(revises_each_term=False, works_in_phases=True)
    builders.start(Kind.LOCAL_DEVELOPMENT, factories.make_program(name="Framtid Fas"))

    assert "Since 4 May 2026. The phase usually takes up to 12 months." in row(
        client, "Framtid Fas"
    )
    assert "term of office" not in main_of(page_of(client, reverse("programs:programs")))


def test_program_page_says_when_it_is_to_be_revised(client):
    factories.make_municipality(deciding_body=body())
    program = adopted("2009")

    page = page_of(client, program.get_absolute_url())

    assert "Should have been revised by 31 December 2014." in main_of(page)


def test_lists_ask_as_much_for_one_program_as_for_many(client):
    factories.make_municipality(deciding_body=body())

    def grow(rows: int) -> None:
        for _row in range(rows):
            adopted("2009")
            builders.start()
            builders.start(Kind.LOCAL_DEVELOPMENT)

    grow(1)
    for url in (reverse("programs:programs"), "/"):
        few = queries(client, url)
        grow(3)
        assert queries(client, url) == few
