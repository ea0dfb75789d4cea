"""Meetings: the list, a month, one of them, and those of a program."""

import datetime
from itertools import product

import pytest
from django.utils import timezone, translation

from programs.dates import PartialDate, Precision, day
from programs.event_filters import coming_first, not_over
from programs.models import Duty, Edition, Event, VoiceState
from programs.small_numbers import answers
from programs.year_history import years_of_duties
from tests.factories import (
    make_action,
    make_age_group,
    make_decision,
    make_document,
    make_edition,
    make_event,
    make_idea,
    make_municipality,
    make_photo,
    make_planning_brief,
    make_program,
)

pytestmark = pytest.mark.django_db

Kind = Event.Kind
WRONG_FILTERS = [
    "?ort=finns-inte",
    "?program=%00",
    "?typ=kalas&typ=fest",
    "?ar=tjugo",
    "?ar=99999999999999999999",
    "?q=%00",
]


@pytest.fixture(autouse=True)
def english():
    """The source of every text, so that the tests do not depend on its translation."""
    with translation.override("en"):
        yield


@pytest.fixture
def today():
    return timezone.localdate()


def ahead(days: int) -> PartialDate:
    return day(timezone.localdate() + datetime.timedelta(days=days))


def text_of(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def titles(events) -> list[str]:
    return [event.title for event in events]


# The list


def test_event_list_shows_coming_ones_before_held_ones(visitor):
    for title, days in (("I går", -1), ("Om en vecka", 7), ("I morgon", 1), ("I fjol", -365)):
        make_event(title=title, date=ahead(days))

    response = visitor.get("/moten/")

    assert titles(response.context["coming"]) == ["I morgon", "Om en vecka"]
    assert titles(response.context["held"]) == ["I går", "I fjol"]


def test_event_list_shows_a_coming_meeting_as_cancelled(visitor):
    make_event(title="Stormöte", date=ahead(3), is_cancelled=True)

    response = visitor.get("/moten/")

    assert titles(response.context["coming"]) == ["Stormöte"]
    assert "Cancelled" in response.content.decode()


def test_event_list_counts_what_goes_on_for_several_days_as_coming_until_it_is_over(visitor):
    make_event(title="Enkät", date=ahead(-10), until=ahead(1))

    response = visitor.get("/moten/")

    assert titles(response.context["coming"]) == ["Enkät"]
    assert "Going on now" in response.content.decode()


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        ("2013", "2013"),
        ("hösten 2013", "autumn"),
        ("juni 2013", "jun"),
        ("2013-06-18", '<span class="event-list__day">18</span> jun<br>2013'),
    ],
)
def test_event_list_shows_a_date_no_more_exact_than_it_is_known(visitor, date, shown):
    make_event(date=PartialDate.parse(date))

    page = text_of(visitor, "/moten/")

    block = page[page.index("event-list__date") :]
    assert shown in block[: block.index("</time>")]


def test_event_list_is_narrowed_by_each_filter(visitor):
    program = make_program()
    wanted = make_event(
        program=program, kind=Kind.WORKSHOP, title="Verkstad om ån", date="2014-05-06"
    )
    make_event(title="Något annat", date="2019-05-06")

    for query in (
        f"?ort={program.locality.slug}",
        f"?program={program.slug}",
        "?typ=workshop",
        "?ar=2014",
        "?q=verkstad+ÅN",
    ):
        response = visitor.get(f"/moten/{query}")
        assert titles(response.context["held"]) == [wanted.title], query


def test_event_list_finds_every_word_wherever_it_stands(visitor):
    make_event(title="Östra parken", notes="Här ska det bli en damm.")
    make_event(title="Östra skolan")

    response = visitor.get("/moten/?q=damm+östra")

    assert titles(response.context["held"]) == ["Östra parken"]


@pytest.mark.parametrize("query", WRONG_FILTERS)
def test_event_list_tells_a_wrong_filter_at_its_field_and_does_not_filter_by_it(visitor, query):
    make_event(title="Stormöte")

    response = visitor.get(f"/moten/{query}")

    assert titles(response.context["held"]) == ["Stormöte"]
    assert "field--invalid" in response.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "sista", "9" * 40, "%00"])
def test_event_list_answers_an_odd_page_number_with_a_page(visitor, page):
    make_event(title="Stormöte")

    assert titles(visitor.get(f"/moten/?sida={page}").context["held"]) == ["Stormöte"]


def test_event_list_is_divided_into_pages(visitor):
    for number in range(25):
        make_event(date=f"2014-05-{number + 1:02}")

    response = visitor.get("/moten/?sida=2&ar=2014")

    assert len(response.context["held"]) == 5
    assert "?sida=1&ar=2014" in response.content.decode().replace("&amp;", "&")


def test_event_list_says_what_to_expect_when_there_is_nothing(visitor):
    assert "No meeting is announced right now." in text_of(visitor, "/moten/")
    assert "No coming meeting fits" in text_of(visitor, "/moten/?ar=2013")


def test_event_list_leads_to_the_same_rows_in_other_forms(visitor):
    page = text_of(visitor, "/moten/?ar=2014&sida=1").replace("&amp;", "&")

    assert '<link rel="alternate" type="application/atom+xml"' in page
    for form in ("ics", "csv", "xlsx", "atom"):
        assert f'href="/moten.{form}?ar=2014"' in page


def test_event_list_has_the_same_number_of_queries_for_one_row_and_for_many(
    visitor, django_assert_num_queries
):
    make_municipality()
    make_event(date=ahead(1))
    visitor.get("/moten/")
    # The municipality and its words, two filters, the count and the page.
    with django_assert_num_queries(6):
        visitor.get("/moten/")
    for number in range(30):
        make_event(date=ahead(10 - number))
    with django_assert_num_queries(6):
        visitor.get("/moten/")


DATES = [
    *(PartialDate.parse(text) for text in ("2026-11-21", "2026-11-22", "2026-11-23")),
    *(PartialDate.parse(text) for text in ("2026-10", "2026-11", "2026-12", "2027-01")),
    *(PartialDate.parse(f"{season} 2026") for season in ("winter", "spring", "summer", "autumn")),
    *(PartialDate.parse(text) for text in ("2025", "2026", "2027")),
]


@pytest.mark.parametrize(
    "today",
    [
        datetime.date(2026, 11, 22),
        datetime.date(2026, 12, 31),
        datetime.date(2026, 2, 28),
        datetime.date(2026, 11, 30),
        datetime.date(2027, 1, 1),
    ],
)
def test_not_over_agrees_with_is_over(today):
    program = make_program()
    for date, until in product(DATES, [None, *DATES]):
        if until is None or until.year >= date.year:
            make_event(program=program, date=date, until=until)

    found = set(Event.objects.filter(not_over(today)))

    assert found == {event for event in Event.objects.all() if not event.is_over(today)}


def test_coming_first_puts_whole_days_before_hours(today):
    for title, starts in (("Kväll", "19:00"), ("Hela dagen", None), ("Morgon", "08:00")):
        make_event(title=title, date=ahead(1), starts=starts)

    assert titles(coming_first(Event.objects.all(), today)) == ["Hela dagen", "Morgon", "Kväll"]


# A month


def test_month_shows_an_event_in_the_cell_of_its_first_day(visitor):
    make_event(title="Enkät", date="2012-03-30", until="2012-04-10", starts="18:30")

    march = visitor.get("/moten/2012/3/")
    april = visitor.get("/moten/2012/4/")

    cells = [cell for week in march.context["weeks"] for cell in week if cell.events]
    assert [cell.date for cell in cells] == [datetime.date(2012, 3, 30)]
    assert "18.30 Enkät" in march.content.decode()
    assert "Enkät" not in april.content.decode()


def test_month_begins_its_weeks_on_monday_and_leaves_other_months_out(visitor):
    weeks = visitor.get("/moten/2012/3/").context["weeks"]

    assert [cell.date and cell.date.day for cell in weeks[0]] == [None, None, None, 1, 2, 3, 4]
    assert all(len(week) == 7 for week in weeks)


def test_month_lists_what_is_only_known_by_month_under_the_table(visitor):
    make_event(title="Någon gång i mars", date="mars 2012")
    make_event(title="Någon gång på våren", date="våren 2012")
    make_event(title="Någon gång under året", date="2012")

    response = visitor.get("/moten/2012/3/")

    assert titles(response.context["some_time"]) == ["Någon gång i mars"]
    assert "Some time in the month" in response.content.decode()
    assert titles(response.context["events"]) == ["Någon gång i mars"]


def test_month_says_that_a_meeting_is_cancelled(visitor):
    make_event(title="Stormöte", date="2012-03-30", is_cancelled=True)

    assert "Cancelled: Stormöte" in text_of(visitor, "/moten/2012/3/")


def test_month_leads_to_its_neighbors_over_new_year(visitor):
    page = text_of(visitor, "/moten/2012/1/")

    assert 'href="/moten/2011/12/" rel="prev"' in page
    assert 'href="/moten/2012/2/" rel="next"' in page
    assert 'href="/moten/2013/1/" rel="next"' in text_of(visitor, "/moten/2012/12/")


def test_month_has_no_neighbor_outside_the_years_there_are(visitor):
    assert 'rel="prev"' not in text_of(visitor, "/moten/1990/1/")
    assert 'rel="next"' not in text_of(visitor, "/moten/2100/12/")


@pytest.mark.parametrize("address", ["1989/12", "2101/1", "2012/13", "2012/0", "999999999/1"])
def test_month_that_does_not_exist_is_not_found(visitor, address):
    assert visitor.get(f"/moten/{address}/").status_code == 404


def test_month_has_the_same_number_of_queries_for_one_row_and_for_many(
    visitor, django_assert_num_queries
):
    make_municipality()
    make_event(date="2012-03-30")
    visitor.get("/moten/2012/3/")
    with django_assert_num_queries(3):
        visitor.get("/moten/2012/3/")
    for number in range(30):
        make_event(date=f"2012-03-{number + 1:02}")
    with django_assert_num_queries(3):
        visitor.get("/moten/2012/3/")


# One event


def test_event_shows_day_and_hours_in_full(visitor):
    event = make_event(date="2026-12-01", starts="18:30", ends="20:30", place="Bygdegården")

    page = text_of(visitor, event.get_absolute_url())

    assert "Tuesday 1 December 2026</time> at 18.30–20.30 · Bygdegården" in page


def test_event_shows_both_days_of_what_goes_on_for_several(visitor):
    event = make_event(date="2022-03-01", until="mars 2022")

    page = text_of(visitor, event.get_absolute_url())

    assert "Tuesday 1 March 2022</time> – " in page
    assert "march 2022</time>" in page


def test_event_promises_notes_only_before_it_is_over(visitor):
    coming = make_event(date=ahead(1))
    held = make_event(date=ahead(-1))
    noted = make_event(date=ahead(-1), notes="Alla var eniga.")
    cancelled = make_event(date=ahead(1), is_cancelled=True)

    promise = "Notes are published here after the meeting."
    assert promise in text_of(visitor, coming.get_absolute_url())
    assert "No notes have been published." in text_of(visitor, held.get_absolute_url())
    assert "Alla var eniga." in text_of(visitor, noted.get_absolute_url())
    assert promise not in text_of(visitor, cancelled.get_absolute_url())


def test_event_that_is_cancelled_says_so_and_is_not_for_the_calendar(visitor):
    event = make_event(date=ahead(1), is_cancelled=True)

    page = text_of(visitor, event.get_absolute_url())

    assert "banner--warning" in page
    assert f"/moten/{event.pk}.ics" not in page


def test_event_can_be_added_to_the_calendar_until_it_is_over(visitor):
    coming, held = make_event(date=ahead(1)), make_event(date=ahead(-1))
    some_year = make_event(date=PartialDate(datetime.date(2099, 1, 1), Precision.YEAR))

    for event, expected in ((coming, True), (held, False), (some_year, False)):
        page = text_of(visitor, event.get_absolute_url())
        assert (f"/moten/{event.pk}.ics" in page) == expected


def make_survey(*numbers: int, **fields) -> Event:
    survey = make_event(kind=Kind.SURVEY, date="våren 2022", **fields)
    for place, number in enumerate(numbers):
        start = 20 * place + 1
        make_age_group(event=survey, from_age=start, to_age=start + 19, participants=number)
    return survey


def test_event_hides_a_small_age_group_and_every_sum_that_would_give_it_away(visitor):
    survey = make_survey(2, 65, 49, 18, participants=134, participants_note="134 svar")

    page = text_of(visitor, survey.get_absolute_url())

    main = page[page.index("<main") : page.index("</main>")]
    assert "fewer than 5" in main
    assert "At least 132 answers in all." in main
    assert "134" not in main
    assert ">2<" not in main


@pytest.mark.parametrize("hidden", [0, 1, 2, 3, 4])
def test_answers_are_the_same_whatever_the_hidden_number_is(hidden):
    shown = answers(make_survey(hidden, 65, 49).age_groups.all())

    assert (shown.total, shown.is_exact) == (114, False)
    assert [(number, share) for _ages, number, share in shown.rows] == [
        (None, 0),
        (65, 100),
        (49, pytest.approx(75.38, abs=0.01)),
    ]


def test_event_shows_the_whole_sum_when_no_group_is_small(visitor):
    survey = make_survey(5, 15, participants=20)

    page = text_of(visitor, survey.get_absolute_url())

    assert "20 answers in all." in page
    assert "fewer than" not in page
    assert 'width="33.3"' in page


def test_event_shows_participants_in_words_rather_than_as_a_number(visitor):
    event = make_event(participants=47113, participants_note="omkring 60")

    page = text_of(visitor, event.get_absolute_url())

    assert "omkring 60" in page
    assert "47113" not in page[page.index("<main") : page.index("<footer")]


def test_event_shows_what_came_of_it_but_never_a_voice_that_is_not_public(visitor):
    event = make_event()
    make_action(title="Belys gångtunneln", from_event=event)
    make_document(title="Anteckningar", event=event, program=None)
    make_idea(title="En lekplats", event=event)
    for state in (VoiceState.HELD, VoiceState.REFUSED, VoiceState.HIDDEN):
        make_idea(title=f"Hemlig {state}", event=event, state=state, state_reason="För att.")

    page = text_of(visitor, event.get_absolute_url())

    for words in ("Belys gångtunneln", "Anteckningar", "En lekplats"):
        assert words in page
    assert "Hemlig" not in page


def test_event_does_not_show_a_document_of_a_draft(visitor):
    event = make_event()
    make_document(title="Utkastet", event=event, edition=make_edition(program=event.program))

    assert "Utkastet" not in text_of(visitor, event.get_absolute_url())


def test_event_without_a_program_has_a_page(visitor):
    event = make_event(program=None, locality=None, title="Nätverksträff")

    assert "Nätverksträff" in text_of(visitor, event.get_absolute_url())


def test_event_shows_its_photos_and_leaves_out_one_whose_file_is_lost(visitor, media_root):
    event = make_event()
    make_photo(event=event, alt="Folk runt ett bord")
    lost = make_photo(event=event, alt="Borta")
    (media_root / lost.image.name).unlink()

    page = text_of(visitor, event.get_absolute_url())

    assert 'alt="Folk runt ett bord"' in page
    assert "Borta" not in page


def test_event_that_does_not_exist_is_not_found(visitor):
    assert visitor.get("/moten/999999999/").status_code == 404


def test_event_has_the_same_number_of_queries_whatever_came_of_it(
    visitor, django_assert_num_queries
):
    make_municipality()
    event = make_event()
    url = event.get_absolute_url()
    visitor.get(url)
    # The municipality and its words, the event, and six kinds of things that belong to it.
    with django_assert_num_queries(8):
        visitor.get(url)
    for number in range(5):
        make_action(program=event.program, from_event=event)
        make_document(event=event)
        make_idea(event=event)
        make_age_group(event=event, from_age=10 * number, participants=7)
        make_photo(event=event)
    # Pictures are drawn at their sizes the first time they are shown.
    visitor.get(url)
    with django_assert_num_queries(8):
        visitor.get(url)


# The events of a program


def test_program_events_shows_its_own_coming_first_then_by_year(visitor, program):
    for date, title in (
        (ahead(5), "Kommande"),
        ("2014-05-06", "Fjorton"),
        ("2013-05-06", "Tretton"),
        ("2013", "Någon gång tretton"),
    ):
        make_event(program=program, title=title, date=date)
    make_event(title="En annan orts")

    response = visitor.get(f"/program/{program.slug}/moten/")

    assert [
        (is_coming, year, titles(rows)) for is_coming, year, rows in response.context["groups"]
    ] == [
        (True, None, ["Kommande"]),
        (False, 2014, ["Fjorton"]),
        (False, 2013, ["Tretton", "Någon gång tretton"]),
    ]
    assert "En annan orts" not in response.content.decode()


def test_program_events_says_what_to_expect_when_there_are_none(visitor, program):
    assert "No meetings yet." in text_of(visitor, f"/program/{program.slug}/moten/")


def test_program_events_of_no_program_is_not_found(visitor):
    assert visitor.get("/program/finns-inte/moten/").status_code == 404


def test_program_events_has_the_same_number_of_queries_for_one_row_and_for_many(
    visitor, django_assert_num_queries
):
    municipality = make_municipality()
    Duty.objects.create(
        municipality=municipality, kind=Duty.Kind.PUBLIC_ASSEMBLY, label="Stormöte", due_month=4
    )
    program = make_program()
    make_event(program=program, date="2025-03-01")
    url = f"/program/{program.slug}/moten/"
    visitor.get(url)
    # The municipality and its words, the program and its edition, the count and the page,
    # four for the duties of the years, and the tab of the process.
    with django_assert_num_queries(11):
        visitor.get(url)
    for number in range(30):
        make_event(program=program, date=f"{1995 + number}-03-01")
        make_planning_brief(
            program=program, state="handed_over", handed_over=day(datetime.date(2000, 1, 1))
        )
    with django_assert_num_queries(11):
        visitor.get(url)


@pytest.fixture
def duties():
    municipality = make_municipality()
    for kind, label, month in (
        (Duty.Kind.PUBLIC_ASSEMBLY, "Stormöte", 4),
        (Duty.Kind.PLANNING_BRIEF, "Underlag", 8),
    ):
        Duty.objects.create(municipality=municipality, kind=kind, label=label, due_month=month)
    return municipality


def adopt(program, date: str, number: int) -> None:
    decision = make_decision(program=program, decided=date)
    make_edition(program=program, number=number, decision=decision, state=Edition.State.ADOPTED)


TODAY = datetime.date(2026, 6, 1)


def history(municipality, program) -> list[tuple[int, int, int, str]]:
    years = years_of_duties(municipality, program, today=TODAY)
    return [(year.year, year.kept, year.total, year.not_done) for year in years]


def test_years_of_duties_counts_each_year_from_the_first_event(duties, program):
    make_event(program=program, date="2024-03-01")
    make_event(program=program, date="2025-03-01", is_cancelled=True)
    make_event(program=program, date="2026-04-30")
    make_planning_brief(program=program, state="handed_over", handed_over="augusti 2024")

    assert history(duties, program) == [
        (2026, 1, 2, "Underlag (remains)"),
        (2025, 0, 2, "Stormöte, Underlag"),
        (2024, 2, 2, ""),
    ]


def test_years_of_duties_owes_nothing_before_the_first_adoption(duties, program):
    make_event(program=program, date="2023-03-01")
    adopt(program, "2025-05-01", number=1)
    adopt(program, "2026-01-10", number=2)

    assert history(duties, program) == [
        (2026, 0, 2, "Stormöte, Underlag (remains)"),
        (2025, 0, 1, "Underlag"),
    ]


def test_years_of_duties_does_not_call_an_old_year_without_records_missed(duties, program):
    make_event(program=program, date="2023-03-01")

    assert history(duties, program)[2:] == [
        (2024, 0, 2, "Nothing is recorded from this year"),
        (2023, 1, 2, "Underlag"),
    ]


def test_years_of_duties_is_empty_for_a_program_that_owes_nothing(duties):
    concluded = make_program(status="concluded")
    make_event(program=concluded, date="2024-03-01")

    assert history(duties, concluded) == []
    assert history(duties, make_program()) == []
