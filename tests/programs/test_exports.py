"""The lists as tables, feeds and calendars."""

import csv
import datetime
import io
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.utils import timezone, translation
from openpyxl import load_workbook

from programs.exports.files import csv_cell
from programs.models import Edition, Event, Idea, VoiceState
from tests.factories import (
    make_action,
    make_age_group,
    make_clauses,
    make_edition,
    make_event,
    make_idea,
    make_municipality,
    make_organisation,
    make_program,
)

pytestmark = pytest.mark.django_db

LISTS = ["atgarder", "ideer", "moten"]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "atom": "application/atom+xml; charset=utf-8",
}
ATOM = "{http://www.w3.org/2005/Atom}"
STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.fixture(autouse=True)
def english():
    """The source of every text, so that the tests do not depend on its translation."""
    with translation.override("en"):
        yield


def content_of(client, url: str) -> bytes:
    response = client.get(url)
    assert response.status_code == 200
    return response.content


def csv_rows(client, url: str) -> list[dict[str, str]]:
    text = content_of(client, url).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def xlsx_rows(client, url: str) -> list[dict[str, object]]:
    sheet = load_workbook(io.BytesIO(content_of(client, url))).active
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def entries(client, url: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(content_of(client, url)).findall(f"{ATOM}entry")  # noqa: S314


def calendar_events(client, url: str) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(content_of(client, url)).events


def as_text(content: bytes, form: str) -> str:
    """What can be read in a file of that form."""
    if form != "xlsx":
        return content.decode()
    sheet = load_workbook(io.BytesIO(content)).active
    return " ".join(str(value) for row in sheet.iter_rows(values_only=True) for value in row)


# What all of them have in common


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("form", TYPES)
def test_export_has_its_type_and_name(visitor, name, form):
    response = visitor.get(f"/{name}.{form}")

    assert response["Content-Type"] == TYPES[form]
    if form != "atom":
        assert response["Content-Disposition"] == f'attachment; filename="{name}.{form}"'


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("form", ["pdf", "CSV", "csvx"])
def test_export_in_a_form_there_is_not_is_not_found(visitor, name, form):
    assert visitor.get(f"/{name}.{form}").status_code == 404


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("form", TYPES)
def test_export_has_the_rows_that_the_filters_of_the_page_choose(visitor, name, form):
    wanted, other = make_program(), make_program()
    for program, title in ((wanted, "Den rätta"), (other, "En annan")):
        make_action(program=program, title=title)
        make_idea(program=program, title=title)
        make_event(program=program, title=title)

    text = as_text(content_of(visitor, f"/{name}.{form}?program={wanted.slug}"), form)

    assert "Den rätta" in text
    assert "En annan" not in text


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("form", TYPES)
def test_export_answers_odd_filters_with_all_rows(visitor, name, form):
    make_action(title="Raden")
    make_idea(title="Raden")
    make_event(title="Raden")

    url = f"/{name}.{form}?program=%00&ort=finns-inte&ar=igår&status=x&typ=y&q=%00&sida=9"

    assert "Raden" in as_text(content_of(visitor, url), form)


@pytest.mark.parametrize("form", TYPES)
def test_export_of_ideas_has_public_ones_only_and_nobody_s_name(visitor, form):
    make_idea(
        title="Synlig",
        author_name="Anna Andersson",
        author_email="anna@example.se",
        show_name=True,
        original_text="Ring mig, Anna",
    )
    for state in (VoiceState.HELD, VoiceState.REFUSED, VoiceState.HIDDEN):
        make_idea(title=f"Hemlig {state}", state=state, state_reason="Internt skäl")

    content = content_of(visitor, f"/ideer.{form}")
    text = as_text(content, form)

    assert "Synlig" in text
    for words in ("Hemlig", "Internt", "Anna", "anna@", Idea.objects.all()[0].reference):
        assert words not in text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_of_actions_does_not_show_a_clause_of_a_draft(visitor, form):
    draft = make_edition()
    (clause,) = make_clauses(draft, ["Ett hemligt område"])
    make_action(program=draft.program, clause=clause)

    assert "Ett hemligt område" not in as_text(content_of(visitor, f"/atgarder.{form}"), form)
    draft.adopt()
    assert "Ett hemligt område" in as_text(content_of(visitor, f"/atgarder.{form}"), form)


def test_table_of_events_does_not_give_small_numbers_away(visitor):
    survey = make_event(title="Enkät", participants=134, participants_note="134 svar")
    for start, number in ((10, 2), (20, 132)):
        make_age_group(event=survey, from_age=start, to_age=start + 9, participants=number)
    make_event(title="Stormöte", participants=58)

    shown = {row["Title"]: row["Participants"] for row in csv_rows(visitor, "/moten.csv")}

    assert shown == {"Enkät": "", "Stormöte": "58"}


@pytest.mark.parametrize("url", [f"/{name}.{form}" for name in LISTS for form in TYPES])
def test_export_has_the_same_number_of_queries_for_one_row_and_for_many(
    visitor, django_assert_max_num_queries, url
):
    make_municipality()

    def fill() -> None:
        edition = make_edition(state=Edition.State.ADOPTED, clauses=["Område"])
        program = edition.program
        action = make_action(
            program=program,
            clause=edition.clauses.get(),
            from_event=make_event(program=program),
            responsible=[make_organisation()],
        )
        action.partners.set([make_organisation()])
        make_idea(program=program, action=action, outcome="in_action", reply="Ja.")

    fill()
    visitor.get(url)
    with django_assert_max_num_queries(20) as few:
        visitor.get(url)
    for _number in range(15):
        fill()
    with django_assert_max_num_queries(20) as many:
        visitor.get(url)
    assert len(many) == len(few)


# Tables


def test_csv_is_what_a_swedish_excel_opens(visitor):
    make_event(title='Möte; med "citat"\noch ny rad', date="2013-06-18", starts="18:30")

    content = content_of(visitor, "/moten.csv")
    (row,) = csv_rows(visitor, "/moten.csv")

    assert content.startswith("\ufeffNumber;Kind;Title;Date".encode())
    assert content.count(b"\r\n") == 2
    assert row["Title"] == 'Möte; med "citat"\noch ny rad'
    assert (row["Date"], row["Starts"], row["Cancelled"]) == ("2013-06-18", "18:30", "no")


@pytest.mark.parametrize(
    ("date", "written"),
    [("2013", "2013"), ("juni 2013", "2013-06"), ("hösten 2013", "autumn 2013")],
)
def test_tables_show_a_date_no_more_exact_than_it_is_known(visitor, date, written):
    make_event(date=date)

    assert csv_rows(visitor, "/moten.csv")[0]["Date"] == written
    assert xlsx_rows(visitor, "/moten.xlsx")[0]["Date"] == written


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠", "\x00="])
def test_csv_cell_is_never_calculated(sign):
    assert csv_cell(f'{sign}HYPERLINK("http://x")').startswith("'")


def test_csv_cell_leaves_ordinary_values_as_they_are():
    assert csv_cell("Åtgärd – klar = ja") == "Åtgärd – klar = ja"
    assert csv_cell(-5) == -5
    assert csv_cell(None) == ""


def test_tables_hold_a_formula_that_somebody_has_written_as_text(visitor):
    make_idea(title="=1+1", text="@SUM(A1:A9)")

    (row,) = csv_rows(visitor, "/ideer.csv")
    sheet = load_workbook(io.BytesIO(content_of(visitor, "/ideer.xlsx"))).active

    assert (row["Title"], row["Text"]) == ("'=1+1", "'@SUM(A1:A9)")
    assert [(cell.value, cell.data_type) for cell in sheet[2][1:3]] == [
        ("=1+1", "s"),
        ("@SUM(A1:A9)", "s"),
    ]


@pytest.mark.parametrize("form", TYPES)
def test_export_leaves_out_characters_that_no_file_can_hold(visitor, form):
    make_idea(title="Lek\x08plats", text="vid\x0b ån")

    assert "Lekplats" in as_text(content_of(visitor, f"/ideer.{form}"), form)


def test_xlsx_has_real_dates_hours_and_numbers(visitor):
    event = make_event(date="2013-06-18", starts="18:30", participants=58)

    (row,) = xlsx_rows(visitor, "/moten.xlsx")

    assert row["Number"] == event.pk
    assert row["Date"] == datetime.datetime(2013, 6, 18)  # noqa: DTZ001 (workbooks know no zones)
    assert (row["Starts"], row["Participants"]) == (datetime.time(18, 30), 58)


def test_table_of_actions_shows_what_is_unknown_as_empty(visitor):
    action = make_action(
        title="Belys tunneln",
        status="completed",
        responsible=[make_organisation(name="Vattenrådet"), make_organisation(name="Byalaget")],
    )

    (row,) = csv_rows(visitor, "/atgarder.csv")

    assert row["Title"] == "Belys tunneln"
    assert row["Responsible"] == "Byalaget, Vattenrådet"
    assert (row["Completed"], row["Budget in kronor"], row["Decision"]) == ("", "", "")
    assert row["Address"] == f"http://testserver{action.get_absolute_url()}"


# Feeds


def test_feed_has_what_changed_last_first_and_no_more_than_fifty(visitor):
    for number in range(52):
        make_event(title=f"Möte {number}")
    Event.objects.get(title="Möte 7").save()

    found = entries(visitor, "/moten.atom")

    assert len(found) == 50
    assert "Möte 7" in found[0].findtext(f"{ATOM}title")
    assert "Möte 51" in found[1].findtext(f"{ATOM}title")


def test_feed_knows_a_row_again_when_it_has_changed(visitor):
    action = make_action(title="Belys tunneln")
    (before,) = entries(visitor, "/atgarder.atom")
    action.title, action.program = "Belys gångtunneln", make_program()
    action.save()

    (after,) = entries(visitor, "/atgarder.atom")

    assert before.findtext(f"{ATOM}id").startswith("urn:uuid:")
    assert after.findtext(f"{ATOM}id") == before.findtext(f"{ATOM}id")
    assert after.findtext(f"{ATOM}updated") > before.findtext(f"{ATOM}updated")


def test_feed_gives_rows_of_different_kinds_different_names(visitor):
    make_action(pk=7)
    make_idea(pk=7)
    make_event(pk=7)

    names = {
        entry.findtext(f"{ATOM}id") for name in LISTS for entry in entries(visitor, f"/{name}.atom")
    }

    assert len(names) == 3


def test_feed_escapes_what_people_write(visitor):
    make_idea(title="<b>Lekplats</b>", text="<script>alert(1)</script>\n\nNytt stycke")

    (entry,) = entries(visitor, "/ideer.atom")

    assert entry.findtext(f"{ATOM}title") == "<b>Lekplats</b>"
    summary = entry.find(f"{ATOM}summary")
    assert summary.get("type") == "html"
    assert "&lt;script&gt;" in summary.text
    assert "<script>" not in summary.text


def test_feed_leads_to_its_list_with_the_same_filters(visitor):
    feed = ElementTree.fromstring(content_of(visitor, "/moten.atom?ar=2014"))  # noqa: S314

    assert [(link.get("rel"), link.get("href")) for link in feed.findall(f"{ATOM}link")] == [
        ("alternate", "http://testserver/moten/?ar=2014"),
        ("self", "http://testserver/moten.atom?ar=2014"),
    ]


def test_feed_says_that_an_event_is_cancelled(visitor):
    make_event(title="Stormöte", date="2026-12-01", is_cancelled=True)

    (entry,) = entries(visitor, "/moten.atom")

    assert entry.findtext(f"{ATOM}title") == "Cancelled: Stormöte, 1 December 2026"


# Calendars


def test_calendar_is_a_calendar(visitor):
    make_event(date="2026-12-01", starts="18:30", ends="20:30")

    response = visitor.get("/moten.ics")
    calendar = icalendar.Calendar.from_ical(response.content)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'inline; filename="moten.ics"'
    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH")
    assert [zone["tzid"] for zone in calendar.timezones] == ["Europe/Stockholm"]
    assert calendar.get_missing_tzids() == set()


@pytest.mark.parametrize(
    ("month", "hours"), [(1, 1), (3, 1), (4, 2), (7, 2), (10, 2), (11, 1), (12, 1)]
)
def test_calendar_has_the_hours_of_swedish_summer_and_winter(visitor, month, hours):
    make_event(date=f"2026-{month:02}-15", starts="18:30", ends="20:30")

    content = content_of(visitor, "/moten.ics")
    (event,) = icalendar.Calendar.from_ical(content).events
    (zone,) = icalendar.Calendar.from_ical(content).timezones

    start = datetime.datetime(2026, month, 15, 18, 30)  # noqa: DTZ001 (the zone is what is tested)
    assert b"DTSTART;TZID=Europe/Stockholm:2026" in content
    assert event.start == start.replace(tzinfo=STOCKHOLM)
    assert event.end - event.start == datetime.timedelta(hours=2)
    # What a reader without a table of its own makes of the rules in the file.
    written = zone.to_tz(lookup_tzid=False)
    assert start.replace(tzinfo=written).utcoffset() == datetime.timedelta(hours=hours)


@pytest.mark.parametrize(
    ("fields", "start", "end"),
    [
        ({"date": "2026-12-01"}, (2026, 12, 1), (2026, 12, 2)),
        ({"date": "2026-12-01", "ends": "20:30"}, (2026, 12, 1), (2026, 12, 2)),
        ({"date": "2026-12-31", "until": "2027-01-14"}, (2026, 12, 31), (2027, 1, 15)),
        (
            {"date": "2026-12-01", "until": "2026-12-03", "starts": "09:00"},
            (2026, 12, 1),
            (2026, 12, 4),
        ),
        ({"date": "2026-12-01", "until": "2026"}, (2026, 12, 1), (2026, 12, 2)),
        ({"date": "februari 2028"}, (2028, 2, 1), (2028, 3, 1)),
    ],
)
def test_calendar_has_whole_days_where_there_are_no_hours(visitor, fields, start, end):
    make_event(**fields)

    (event,) = calendar_events(visitor, "/moten.ics")

    assert (event.start, event.end) == (datetime.date(*start), datetime.date(*end))


def test_calendar_event_may_lack_its_end_or_last_past_midnight(visitor):
    make_event(date="2026-12-01", starts="18:30")
    make_event(date="2026-12-02", starts="22:00", ends="01:00")

    open_ended, late = calendar_events(visitor, "/moten.ics")

    assert "dtend" not in open_ended
    assert late.end - late.start == datetime.timedelta(hours=3)


def test_calendar_keeps_nobody_busy_for_some_time_in_a_month(visitor):
    make_event(date="december 2026")

    (event,) = calendar_events(visitor, "/moten.ics")

    assert event["transp"] == "TRANSPARENT"


@pytest.mark.parametrize("date", ["hösten 2026", "2026"])
def test_calendar_leaves_out_what_is_only_known_by_season_or_year(visitor, date):
    event = make_event(date=date)

    assert calendar_events(visitor, "/moten.ics") == []
    assert visitor.get(f"/moten/{event.pk}.ics").status_code == 404


def test_calendar_says_that_an_event_is_cancelled_and_knows_it_again(visitor):
    event = make_event(title="Stormöte", date="2026-12-01", place="Bygdegården, Getinge")
    (before,) = calendar_events(visitor, "/moten.ics")
    event.is_cancelled, event.title = True, "Stormöte i Getinge"
    event.save()

    (after,) = calendar_events(visitor, f"/moten/{event.pk}.ics")

    assert (before["status"], before["summary"]) == ("CONFIRMED", "Stormöte")
    assert before["location"] == "Bygdegården, Getinge"
    assert (after["status"], after["summary"]) == ("CANCELLED", "Cancelled: Stormöte i Getinge")
    assert after["uid"] == before["uid"]


def test_calendar_has_the_rows_that_the_filters_choose(visitor):
    wanted = make_program()
    make_event(program=wanted, title="Den rätta", date="2026-12-01")
    make_event(title="En annan", date="2026-12-01")

    events = calendar_events(visitor, f"/moten.ics?program={wanted.slug}&typ=kalas")

    assert [event["summary"] for event in events] == ["Den rätta"]


def test_calendar_of_one_event_has_that_alone(visitor):
    event = make_event(title="Stormöte", date="2026-12-01")
    make_event(title="En annan", date="2026-12-01")

    response = visitor.get(f"/moten/{event.pk}.ics")

    (row,) = icalendar.Calendar.from_ical(response.content).events
    assert row["summary"] == "Stormöte"
    assert row["url"] == f"http://testserver/moten/{event.pk}/"
    assert response["Content-Disposition"] == f'inline; filename="mote-{event.pk}.ics"'


def test_calendar_of_an_event_that_does_not_exist_is_not_found(visitor):
    assert visitor.get("/moten/999999999.ics").status_code == 404


def test_calendar_without_events_is_still_a_calendar(visitor):
    assert calendar_events(visitor, "/moten.ics") == []


def test_calendar_has_the_same_number_of_queries_for_one_row_and_for_many(
    visitor, django_assert_num_queries
):
    make_municipality()
    make_event(date=timezone.localdate())
    visitor.get("/moten.ics")
    # The municipality and its words, two filters, the events.
    with django_assert_num_queries(5):
        visitor.get("/moten.ics")
    for _number in range(30):
        make_event(date=timezone.localdate())
    with django_assert_num_queries(5):
        visitor.get("/moten.ics")
