"""Terms of office, by the dates that the glossary gives."""

import datetime

import pytest

from revisions.terms import (
    Term,
    board_term,
    council_term,
    election_day,
    revision_due,
    term_after,
    term_of,
)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize("text", ["2014-09-14", "2018-09-09", "2022-09-11", "2026-09-13"])
def test_election_day_is_the_second_sunday_of_september(text):
    assert election_day(day(text).year) == day(text)


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


@pytest.mark.parametrize(("body", "name"), [("council", "2026–2030"), ("board", "2022–2026")])
def test_a_term_is_named_after_its_elections(body, name):
    """Between 15 October and New Year the council is new and the board is not."""
    assert str(term_of(body, day("2026-11-22"))) == name


@pytest.mark.parametrize("body", ["council", "board"])
def test_terms_follow_each_other_without_a_gap_far_ahead_and_far_back(body):
    term = term_of(body, day("1958-06-01"))
    for _number in range(30):
        following = term_after(body, term)
        assert following.first == term.last + datetime.timedelta(days=1)
        assert following.last.year == term.last.year + 4
        assert term_of(body, following.first) == term_of(body, following.last) == following
        term = following
    assert str(term) == "2074–2078"
    assert election_day(2074) == day("2074-09-09")


@pytest.mark.parametrize(
    ("body", "adopted", "due"),
    [
        # The term under way when it was adopted does not count: the next one does.
        ("board", "2018-12-31", "2022-12-31"),
        ("board", "2019-01-01", "2026-12-31"),
        ("board", "2019-08-20", "2026-12-31"),
        ("board", "2022-12-31", "2026-12-31"),
        ("board", "2023-01-01", "2030-12-31"),
        ("board", "2026-12-31", "2030-12-31"),
        ("board", "2027-01-01", "2034-12-31"),
        ("council", "2022-10-14", "2026-10-14"),
        ("council", "2022-10-15", "2030-10-14"),
        ("council", "2026-10-14", "2030-10-14"),
        ("council", "2026-10-15", "2034-10-14"),
        ("board", "1996-05-02", "2002-12-31"),
    ],
)
def test_a_text_is_due_by_the_end_of_the_term_after_its_own(body, adopted, due):
    assert revision_due(body, day(adopted)) == day(due)


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("body", ["council", "board"])
def test_a_mistyped_year_is_no_error(body, text):
    assert term_of(body, day(text)).first < revision_due(body, day(text))


@pytest.mark.parametrize("year", [2010, 2013, 2015])
def test_an_election_day_is_only_told_of_years_that_have_one(year):
    with pytest.raises(ValueError, match=f"no election in {year}"):
        election_day(year)
