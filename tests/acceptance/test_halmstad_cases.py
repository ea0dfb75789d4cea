"""Halmstad's real cases (section 12 of its domain file): what the portal must be able to hold."""

import re
from itertools import pairwise

import pytest
from django.test import Client

from programs.models import (
    Action,
    AgeGroup,
    Decision,
    Event,
    Group,
    Idea,
    Locality,
    Membership,
    Organisation,
    Program,
)
from tests.acceptance.conftest import Page, Site, has_words, missing, years_in

pytestmark = pytest.mark.django_db

GETINGE = "/program/framtid-getinge/"
OSKARSTROM = "/program/framtid-oskarstrom/"
CITY = "/program/stadens-hjarta/"


def read_as(page: Page, reader: str) -> list[str]:
    """The changed parts of a comparison as one reader sees them: the "old" text or the "new"."""
    hidden = {"old": "ins", "new": "del"}[reader]
    html = re.sub(rf"\s*<{hidden}>.*?</{hidden}>", "", page.html, flags=re.DOTALL)
    return Page(page.url, page.status, html, b"").parts("article", "compare__item--edited")


def section_of(page: Page, name: str) -> str:
    """What the organisation page says about one group."""
    return min((text for text in page.parts("section") if text.startswith(name)), key=len)


def test_case_01_the_deciding_body_differs_and_may_be_unknown_in_part(halmstad: Site) -> None:
    """KS decided with a § in 2013, KSU in 2019; KF was only planned. Every part is optional."""
    first = halmstad.page(f"{GETINGE}text/1/").parts("div", "page-header")[0]
    assert missing(first, "Kommunstyrelsen 3 september 2013", "§ 231") == []

    second = halmstad.page(f"{GETINGE}text/").parts("div", "page-header")[0]
    assert missing(second, "Kommunstyrelsens samhällsbyggnadsutskott 20 augusti 2019") == []
    assert "§" not in second

    planned = halmstad.row(f"{CITY}dokument/", "Kommunfullmäktige", "planerat", tag="tr")
    decision = Decision.objects.get(program__slug="stadens-hjarta", body__abbreviation="KF")
    assert (decision.decided, decision.section, decision.case_number) == (None, "", "")
    assert years_in(planned) == ["2012"], "the year it was planned for, not a date of decision"

    assignment = halmstad.row("/program/framtid-vallas/dokument/", "KS 2014/0189", tag="tr")
    assert missing(assignment, "18 november 2014", "Kommunstyrelsen") == []
    Decision(title="Bara en rubrik").full_clean()


def test_case_02_areas_are_renamed_and_the_old_text_stays_readable(halmstad: Site) -> None:
    """Getinge's and Oskarström's areas were regrouped in 2019; the text of 2013 can be read."""
    old = halmstad.page(f"{GETINGE}text/1/")
    contents = old.parts("nav", "toc")[0]
    areas_of_2013 = [
        "Mötesplatser, skola och fritid",
        "Boende och kommunikationer",
        "Information och marknadsföring",
        "Näringsliv och arbete",
    ]
    assert missing(contents, *areas_of_2013) == []
    assert "2013–2019" in old.parts("aside", "banner--old")[0]
    comparison = f"{GETINGE}text/2/jamfor/1/"
    assert comparison in old.links
    assert f"{GETINGE}text/" in old.links

    page = halmstad.page(comparison)
    was, became = read_as(page, "old"), read_as(page, "new")
    renamed = [
        ("Mötesplatser, skola och fritid", "Skola, sport och fritid"),
        ("Boende och kommunikationer", "Centrum, boende och mötesplatser"),
        ("Näringsliv och arbete", "Näringsliv, arbete och infrastruktur"),
    ]
    for before, after in renamed:
        places = [n for n, text in enumerate(was) if has_words(text, before)]
        assert any(has_words(became[n], after) for n in places), f"{before} → {after}"
    new = page.parts("article", "compare__item--new")
    assert any(has_words(text, "Läge, natur och identitet") for text in new)
    dropped = page.parts("article", "compare__item--dropped")
    assert any(has_words(text, "Information och marknadsföring") for text in dropped)
    kept = page.parts("details", "compare__item--kept")
    assert any(has_words(text, "Hjälp små företag att hitta lokaler") for text in kept)

    page = halmstad.page(f"{OSKARSTROM}text/2/jamfor/1/")
    assert any(has_words(text, "Uppväxt") for text in read_as(page, "old"))
    assert any(has_words(text, "Bästa uppväxtvillkor") for text in read_as(page, "new"))


def test_case_03_the_steering_group_changes_and_so_does_how_often_it_meets(halmstad: Site) -> None:
    """7 politicians and 2 from the association, later contact politicians; 4 meetings, then 3."""
    getinge = halmstad.page(f"{GETINGE}organisation/")
    first = section_of(getinge, "Styrgruppen för Framtid Getinge 2013")
    politicians = [
        "C · Ordförande",
        "M · Förste vice",
        "S · Andre vice",
        "FP · ",
        "MP · ",
        "S · 2 ",
    ]
    assert missing(first, *politicians) == []
    assert missing(first, "Getinge samhällsförening · 2 ") == []
    seats = Group.objects.get(name="Styrgruppen för Framtid Getinge 2013").members
    capacity = Membership.Capacity
    assert seats.filter(capacity=capacity.POLITICIAN).count() == 7
    assert seats.filter(capacity=capacity.ASSOCIATION).count() == 2

    second = section_of(getinge, "Styrgruppen för Framtid Getinge 2014")
    assert missing(second, "4 gånger om året", "Getinge samhällsförening · 3 ") == []
    now = section_of(getinge, "Styrgruppen för Framtid Getinge från")
    assert missing(now, "3 gånger om året") == []

    oskarstrom = halmstad.page(f"{OSKARSTROM}organisation/")
    before = section_of(oskarstrom, "Styrgruppen för Framtid Oskarström 2013")
    assert missing(before, "C · ", "FP · ", "MP · ", "Samhällsföreningen Oskarström · 2 ") == []
    later = section_of(oskarstrom, "Styrgruppen för Framtid Oskarström 2019–2020")
    contact = ["C · Ordförande", "M · Kontaktpolitiker", "V · Kontaktpolitiker"]
    assert missing(later, *contact, "Samhällsföreningen Oskarström") == []
    assert "FP · " not in later


def test_case_04_some_places_have_no_community_association(halmstad: Site) -> None:
    """Vallås has an umbrella of associations, the city centre its companies and owners."""
    vallas = halmstad.page("/orter/vallas/").text
    members = ["villaförening", "Bostadsrättsföreningarna", "Hyresgästföreningarna", "Aktivitets"]
    assert missing(vallas, "Ett närmare Vallås", *members) == []

    centre = halmstad.page("/orter/halmstad-centrum/").text
    assert missing(centre, "Halmstad City", "Fastighetsägarna") == []

    associations = Organisation.objects.filter(kind=Organisation.Kind.COMMUNITY_ASSOCIATION)
    for slug in ("vallas", "halmstad-centrum"):
        bodies = Locality.objects.get(slug=slug).local_bodies
        assert not bodies.filter(organisation__in=associations).exists()


def test_case_05_done_may_be_a_year_a_season_a_day_or_ongoing(halmstad: Site) -> None:
    """ "Klar" is 2013, hösten 2013, the day it gained legal force, or "löpande"."""
    page = halmstad.page(f"{GETINGE}genomfort/")
    done = {
        "Nytt stängsel vid Getingebadet": ("2013", "2013"),
        "Förstudie om Suseån": ("hösten 2013", "2013"),
        "Detaljplan för bostäder, handel och centrum": ("18 juni 2013", "2013-06-18"),
    }
    for title, (words, machine) in done.items():
        row = page.part(title)
        assert has_words(row, f"klar {words}")
        assert f'<time datetime="{machine}">{words}</time>' in page.html.casefold()
    ongoing = page.part("Marknadsföringsgrupp", "Företagarföreningen")
    assert has_words(ongoing, "löpande")
    assert years_in(ongoing) == []

    dates = [
        action.completed
        for action in Action.objects.filter(
            program__slug="framtid-getinge", completed__isnull=False
        ).completed()
    ]
    assert all(later >= earlier for later, earlier in pairwise(dates)), "latest first"


def test_case_06_responsible_is_one_several_others_or_unknown(halmstad: Site) -> None:
    """A water council, two associations together, a department, or nobody knows."""
    page = halmstad.page(f"{GETINGE}genomfort/")
    assert has_words(page.part("Översyn av Getingeskolans lokaler"), "utbildningsförvaltningen")
    assert has_words(page.part("Förstudie om Suseån"), "Suseåns vattenråd")
    several = page.part("Marknadsföringsgrupp", "Gruppen är bildad")
    assert missing(several, "Getinge samhällsförening", "Företagarföreningen i Getinge") == []

    unknown = page.part("Detaljplan för nytt industriområde")
    names = Organisation.objects.values_list("name", flat=True)
    assert [name for name in names if has_words(unknown, name)] == []
    assert has_words(unknown, "okänt")


def test_case_07_documents_have_dates_of_their_own(halmstad: Site) -> None:
    """Oskarström: program 26 February, action list 4 June, planning brief 6 February 2013."""
    documents = {
        "Framtid Oskarström – Bästa livsplatsen": "26 februari 2013",
        "Åtgärdslista för Oskarström": "4 juni 2013",
        "Underlag till planeringsdirektiv för Oskarström": "6 februari 2013",
    }
    for title, date in documents.items():
        assert has_words(halmstad.row(f"{OSKARSTROM}dokument/", title), date)


def test_case_08_an_idea_is_followed_through_the_budget_to_what_came_of_it(halmstad: Site) -> None:
    """Idea, planning brief, KF 18 June 2013, action and completed: one chain, both ways."""
    idea = Idea.objects.get(program__slug="framtid-getinge", action__title="Förstudie om Suseån")
    page = halmstad.page(idea.get_absolute_url())
    chain = page.parts("li", "chain__link")
    expected = [
        ["Suseån"],
        ["2014", "Kommunfullmäktige 18 juni 2013"],
        ["Förstudie om Suseån"],
        ["hösten 2013"],
    ]
    assert [missing(link, *words) for link, words in zip(chain, expected, strict=True)] == [[]] * 4
    action_url = idea.action.get_absolute_url()
    assert action_url in page.links
    assert f"{GETINGE}ideer/#underlag-2014" in page.links

    action = halmstad.page(action_url)
    assert idea.get_absolute_url() in action.links
    back = action.parts("li", "chain__link")
    assert [missing(link, *words) for link, words in zip(back, expected, strict=True)] == [[]] * 4

    brief = halmstad.page(f"{GETINGE}ideer/")
    assert "underlag-2014" in brief.ids
    granted = ["Utred var Getinge centrum", "Rusta Getingebadet", "översvämningarna från Suseån"]
    assert all(brief.part(title, "Budgeten 2014–2016", tag="tr") for title in granted)


def test_case_09_a_comment_round_closes_and_its_report_is_published(halmstad: Site) -> None:
    """Getinge's consultation closed on 3 June 2013; a report tells what it changed."""
    _event, page = halmstad.event("framtid-getinge", "våren 2013", Event.Kind.CONSULTATION)
    assert missing(page.text, "våren 2013", "3 juni 2013", "samrådsredogörelse") == []
    report = halmstad.row(f"{GETINGE}dokument/", "Samrådsredogörelse för Framtid Getinge")
    assert has_words(report, "2013")


def test_case_10_the_number_of_programs_is_computed(halmstad: Site) -> None:
    """The source says seven and lists eight: here a number is always the number of rows."""
    page = halmstad.page("/program/")
    rows = page.parts("h3", "rows__title")
    assert len(rows) == Program.objects.count() == 9
    open_programs = Program.objects.exclude(status=Program.Status.CONCLUDED)
    lead = page.parts("p", "lead")[0]
    assert re.findall(r"\d+", lead) == [str(open_programs.count())]

    typed = re.compile(r"\b(sju|åtta|nio)\s+(antagna\s+)?(utvecklings)?program\b", re.IGNORECASE)
    assert [page.url for page in halmstad.pages if typed.search(page.text)] == []

    place = Locality.objects.get(slug="haverdal")
    Program.objects.create(slug="framtid-haverdal", name="Framtid Haverdal", locality=place)
    response = Client().get("/program/")
    fresh = Page("/program/", response.status_code, response.content.decode(), b"")
    assert re.findall(r"\d+", fresh.parts("p", "lead")[0]) == [str(open_programs.count())]
    assert len(fresh.parts("h3", "rows__title")) == 10


def test_case_11_answers_by_age_and_participants_as_far_as_known(halmstad: Site) -> None:
    """Four age groups, the smallest hidden so that nobody is pointed out; about 60 and about 40."""
    _event, vallas = halmstad.event("framtid-vallas", "mars 2022", Event.Kind.SURVEY)
    rows = [vallas.part(ages, tag="tr") for ages in ("10–19", "20–39", "40–59", "60+")]
    assert [row.split()[1] for row in rows] == ["12", "15", "32", "35"]
    assert has_words(vallas.text, "94")

    event, harplinge = halmstad.event("framtid-harplinge", "våren 2022", Event.Kind.SURVEY)
    assert harplinge.part("20–39", tag="tr").split()[1] == "65"
    hidden = harplinge.part("10–19", tag="tr")
    assert re.findall(r"\d+", hidden.removeprefix("10–19")) == ["5"]
    assert AgeGroup.objects.get(event=event, from_age=10).participants == 2
    assert not re.search(r"\b13[346]\b", harplinge.text), "the sum would give the two away"
    assert has_words(harplinge.text, "132"), "at least as many as are shown"

    _event, workshop = halmstad.event("framtid-getinge", "2012-10-08", Event.Kind.WORKSHOP)
    assert has_words(workshop.text, "omkring 60")
    _event, meeting = halmstad.event("framtid-harplinge", "2017-03-21", Event.Kind.DIALOGUE_MEETING)
    assert has_words(meeting.text, "omkring 40")


def test_case_12_young_people_have_a_part_of_their_own(halmstad: Site) -> None:
    """ "Unga röster" leads an area in Trönninge; in Oskarström 700 notes and a map of bins."""
    text = halmstad.page("/program/framtid-tronninge/text/")
    area = next(part for part in text.parts("div", "clause--level-1") if "Förskola" in part)
    assert has_words(area, "Förskola och skola", "Unga röster")
    youth = text.parts("div", "clause__youth")
    assert len(youth) == 1
    assert has_words(area, youth[0])

    day, page = halmstad.event("framtid-oskarstrom", "2023-04-19", Event.Kind.YOUTH_ACTIVITY)
    assert missing(page.text, "700", "Österledsskolan") == []
    council, page = halmstad.event(
        "framtid-oskarstrom", "september 2023", Event.Kind.YOUTH_ACTIVITY
    )
    assert has_words(page.text, "elevrådet", "karta")
    bins = Action.objects.get(from_event=council)
    assert bins.get_absolute_url() in page.links
    assert council.get_absolute_url() in halmstad.page(bins.get_absolute_url()).links
    assert not day.age_groups.exists(), "group level only"


def test_case_13_a_program_ends_and_stays_readable(halmstad: Site) -> None:
    """Stadens hjärta went over into ordinary operation in 2022; everything can still be read."""
    overview = halmstad.page(CITY)
    assert missing(overview.text, "2022", "ordinarie verksamhet", "Stadens hjärta 2.0") == []
    for page in ("text/", "text/1/", "atgarder/", "genomfort/", "moten/", "dokument/"):
        assert CITY + page in halmstad.crawl
        assert halmstad.page(CITY + page).status == 200
    old_areas = halmstad.page(f"{CITY}text/1/").parts("nav", "toc")[0]
    assert missing(old_areas, "Stadsmiljö", "Kultur", "Evenemang", "Utbud") == []

    program = Program.objects.get(slug="stadens-hjarta")
    assert (program.status, str(program.ended)) == (Program.Status.CONCLUDED, "2022")
    assert program not in Program.objects.running(), "it owes no duties any more"
    assert overview.parts("div", "wheel") == []
    concluded = halmstad.page("/program/").parts("section")
    assert any(has_words(section, "Stadens hjärta", "2022") for section in concluded)


def test_case_14_work_by_volunteers_needs_no_decision(halmstad: Site) -> None:
    """The association in Simlångsdalen built a lit track: it is on the lists like all else."""
    action = Action.objects.get(program__slug="framtid-simlangsdalen", title="Elljusspår")
    assert action.decision is None
    assert not any(organisation.is_municipal for organisation in action.responsible.all())

    row = halmstad.row("/program/framtid-simlangsdalen/genomfort/", "Elljusspår", "2015")
    assert has_words(row, "Simlångsdalens samhällsförening")
    for listing in ("/program/framtid-simlangsdalen/atgarder/", "/atgarder/"):
        assert halmstad.row(listing, "Elljusspår", "Simlångsdalens samhällsförening")
    page = halmstad.page(action.get_absolute_url())
    assert has_words(page.text, "Simlångsdalens samhällsförening", "eget arbete")
    assert "§" not in page.text
