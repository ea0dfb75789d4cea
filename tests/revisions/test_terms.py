"""Terms of office, by the dates that the glossary gives."""

import datetime

import pytest

from revisions.terms import Term, board_term, council_term, election_day, revision_due


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize("text", ["2014-09-14", "2018-09-09", "2022-09-11", "2026-09-13"])
def test_election_day_is_the_second_sunday_of_september(text):
    assert election_day(day(text).year) == day(text)


def test_a_year_between_elections_has_none():
    with pytest.raises(ValueError, match="no election in 2024"):
        election_day(2024)


@pytest.mark.parametrize(
    ("on", "first", "last"),
    [
        ("2022-10-14", "2018-10-15", "2022-10-14"),
        ("2022-10-15", "2022-10-15", "2026-10-14"),
        ("2026-10-14", "2022-10-15", "2026-10-14"),
        ("2026-10-15", "2026-10-15", "2030-10-14"),
    ],
)
def test_the_council_changes_on_15_october(on, first, last):
    assert council_term(day(on)) == Term(day(first), day(last))


@pytest.mark.parametrize(
    ("on", "first", "last"),
    [
        ("2018-12-31", "2015-01-01", "2018-12-31"),
        ("2019-01-01", "2019-01-01", "2022-12-31"),
        ("2026-11-22", "2023-01-01", "2026-12-31"),
        ("2027-01-01", "2027-01-01", "2030-12-31"),
    ],
)
def test_the_board_changes_at_new_year(on, first, last):
    assert board_term(day(on)) == Term(day(first), day(last))


def test_a_text_from_an_earlier_term_is_due_in_this_one():
    assert revision_due(day("2019-08-20"), day("2026-11-22")) == day("2026-12-31")


def test_a_text_adopted_in_this_term_is_due_in_the_next():
    assert revision_due(day("2023-01-01"), day("2026-11-22")) == day("2030-12-31")
