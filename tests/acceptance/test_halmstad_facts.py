"""Every fact of Halmstad's domain file stands in its place, and what is missing is not made up.

The tables are copied from the domain file by hand, section by section; "M" there is None here.
"""

import re

import pytest
from django.utils.translation import gettext as _

from programs.models import Action, Event, Idea, Locality, Organisation, Program
from tests.acceptance.conftest import (
    Site,
    file_check,
    has_words,
    missing,
    page_check,
    privacy_check,
    years_in,
)

pytestmark = pytest.mark.django_db

GETINGE, OSKARSTROM, VALLAS = "framtid-getinge", "framtid-oskarstrom", "framtid-vallas"
SIMLANGSDALEN, TRONNINGE = "framtid-simlangsdalen", "framtid-tronninge"
HARPLINGE, KVIBILLE, CITY = "framtid-harplinge", "framtid-kvibille", "stadens-hjarta"
FYLLINGE = "framtid-fyllinge"  # invented, so that the demo shows how a program is created
PROGRAMS = [
    GETINGE, OSKARSTROM, VALLAS, SIMLANGSDALEN, TRONNINGE, HARPLINGE, KVIBILLE, CITY,
]  # fmt: skip


def test_every_row_of_the_file_is_stored(halmstad: Site) -> None:
    file_check(halmstad)


def test_the_links_of_the_site_all_lead_somewhere(halmstad: Site) -> None:
    page_check(halmstad)


def test_no_page_tells_what_is_private(halmstad: Site) -> None:
    privacy_check(halmstad)


# 1 and 2. The municipality and its rules


@pytest.mark.parametrize(
    "words",
    [
        ["102 767", "2019"],
        ["105 796"],
        ["tätorter", "21"],
        ["SMS", "sociala aspekter och medborgardialog", "Interreg"],
        ["2 263 076", "Göteborg", "Fredrikstad", "Vest-Agder", "Region Halland"],
        ["1 januari 2011", "31 december 2013"],
        ["serviceorter", "stadsdel", "stadens centrum", "Nätverket för lokal demokrati"],
        ["framtidsbild", "utvecklingsområden", "ambitioner", "strategier", "åtgärdslista"],
        ["idélista", "planeringsdirektiv", "mål och budget", "juni"],
        ["styrdokument", "kommunstyrelsen", "mandatperiod"],
        ["tre gånger om året", "verksamhetsberedningen", "stormöte"],
        ["politiker", "samhällsföreningens styrelse"],
        ["bidrag", "samhällsförening"],
    ],
    ids=" ".join,
)
def test_how_it_works_tells_the_rules(halmstad: Site, words: list[str]) -> None:
    assert missing(halmstad.page("/sa-funkar-det/").text, *words) == []


def test_how_it_works_has_six_steps_nine_steps_and_five_purposes(halmstad: Site) -> None:
    page = halmstad.page("/sa-funkar-det/")
    assert [len(re.findall(r"<li", path)) for path in ol_paths(page.html)] == [6, 9]
    purposes = page.html.split('id="purposes"')[1].split("</ul>")[0]
    assert purposes.count("<li>") == 5


def ol_paths(html: str) -> list[str]:
    return re.findall(r'<ol class="path.*?</ol>', html, flags=re.DOTALL)


@pytest.mark.parametrize("fact", ["1380", "Hallands län", "212000-1215"])
def test_the_municipality_tells_who_it_is(halmstad: Site, fact: str) -> None:
    assert halmstad.pages_with(fact) != []


# 3. Localities: kind, population (SCB 2005-12-31), has a program, other facts, who speaks for it

LOCALITIES = {
    "halmstad-centrum": ("Halmstad centrum", "stadens centrum", None, True,
                         ["55 688", "Halmstad City", "Fastighetsägarna"]),
    "getinge": ("Getinge", "serviceort", "1 885", True,
                ["knappt 1 900", "näst största", "Getinge samhällsförening"]),
    "oskarstrom": ("Oskarström", "serviceort", "4 011", True,
                   ["omkring 4 000", "två mil", "Samhällsföreningen Oskarström"]),
    "vallas": ("Vallås", "stadsdel", None, True, ["1970", "Ett närmare Vallås"]),
    "simlangsdalen": ("Simlångsdalen", "serviceort", "577", True,
                      ["Breared", "1912", "Simlångsdalens samhällsförening"]),
    "tronninge": ("Trönninge", "serviceort", "1 555", True,
                  ["1 600", "4 700", "2050", "Trönninge samhällsförening"]),
    "harplinge": ("Harplinge", "serviceort", "1 454", True,
                  ["Framtidsplan 2050", "Haverdal", "Harplinge samhällsförening"]),
    "kvibille": ("Kvibille", "serviceort", "793", True, ["Kvibille allförening", "1990"]),
    "haverdal": ("Haverdal", "ort", "1 401", False, ["Framtidsplan 2050", "Harplinge"]),
    "fyllinge": ("Fyllinge", "ort", "2 830", True, ["nätverket för lokal demokrati", "påhittat"]),
    "aled": ("Åled", "ort", "1 536", False, []),
    "gullbrandstorp": ("Gullbrandstorp", "ort", "1 435", False, []),
    "eldsberga": ("Eldsberga", "ort", "717", False, []),
}  # fmt: skip


@pytest.mark.parametrize("slug", LOCALITIES)
def test_a_place_tells_its_kind_and_population(halmstad: Site, slug: str) -> None:
    name, kind, population, has_program, others = LOCALITIES[slug]
    page = halmstad.page(f"/orter/{slug}/")
    kinds = [tag.casefold() for tag in page.parts("p", "page-header__tags")]
    assert kinds == [kind]
    assert missing(page.text, name, *others) == []

    row = min(halmstad.page("/orter/").parts("div"), key=lambda text: not text.startswith(name))
    assert has_words(row, kind)
    if population:
        assert has_words(page.text, f"{population} invånare", "31 december 2005")
        assert has_words(row, f"{population} invånare")
    else:
        assert Locality.objects.get(slug=slug).population is None
        assert not re.search(r"\d invånare", page.text), "the population is not known"
        assert not re.search(r"\d", row)

    assert Locality.objects.get(slug=slug).programs.exists() == has_program
    if not has_program:
        assert has_words(page.text, "nätverket för lokal demokrati", "14")
        assert not Locality.objects.get(slug=slug).local_bodies.exists(), "M"
        assert name in halmstad.page("/program/").text


# 4. Programs: slogan, start, horizon

PROGRAM_FACTS = {
    OSKARSTROM: ("Bästa livsplatsen", "hösten 2011", 2033),
    GETINGE: ("Bästa läget", "2012", 2033),
    VALLAS: ("", "18 november 2014", 2035),
    SIMLANGSDALEN: ("", "2014", None),
    HARPLINGE: ("", "24 maj 2016", None),
    TRONNINGE: ("", None, 2035),
    KVIBILLE: ("", "13 mars 2018", 2039),
    CITY: ("Människan i centrum", "2011", 2035),
}


@pytest.mark.parametrize("slug", PROGRAM_FACTS)
def test_a_program_tells_its_slogan_start_and_horizon(halmstad: Site, slug: str) -> None:
    slogan, started, horizon = PROGRAM_FACTS[slug]
    page = halmstad.page(f"/program/{slug}/")
    assert has_words(page.parts("div", "page-header")[0], slogan)
    facts = page.parts("dl", "facts")[0]
    assert has_words(facts, started) if started else years_in(facts) == []
    assert Program.objects.get(slug=slug).current_edition.horizon_year == horizon
    for each in (page, halmstad.page(f"/program/{slug}/text/")):
        line = each.parts("p", "meta")[0]
        assert (str(horizon) in line) if horizon else (years_in(line) == [])


ADOPTED = [  # program, edition, body, date, §
    (OSKARSTROM, 1, "Kommunstyrelsen", "26 februari 2013", "59"),
    (OSKARSTROM, 2, "Kommunstyrelsens samhällsbyggnadsutskott", "20 augusti 2019", None),
    (GETINGE, 1, "Kommunstyrelsen", "3 september 2013", "231"),
    (GETINGE, 2, "Kommunstyrelsens samhällsbyggnadsutskott", "20 augusti 2019", None),
    (KVIBILLE, 1, "Kommunstyrelsens samhällsbyggnadsutskott", "hösten 2019", None),
]


@pytest.mark.parametrize("facts", ADOPTED, ids=str)
def test_an_edition_tells_who_adopted_it_and_when(halmstad: Site, facts: tuple) -> None:
    slug, number, body, date, section = facts
    header = halmstad.page(f"/program/{slug}/text/{number}/").parts("div", "page-header")[0]
    assert has_words(header, f"{body} {date}")
    assert re.findall(r"§ (\d+)", header) == ([section] if section else [])


@pytest.mark.parametrize(
    ("slug", "numbers"),
    [(VALLAS, [1]), (SIMLANGSDALEN, [1]), (HARPLINGE, [1]), (TRONNINGE, [1]), (CITY, [1, 2])],
)
def test_an_unknown_adoption_is_not_dated(halmstad: Site, slug: str, numbers: list[int]) -> None:
    addresses = [f"/program/{slug}/text/{number}/" for number in numbers]
    if slug != VALLAS:  # has an invented edition 2, with an invented decision
        addresses.append(f"/program/{slug}/")
    horizon = {str(PROGRAM_FACTS[slug][2])}
    for address in addresses:
        line = halmstad.page(address).parts("p", "meta")[0]
        # From when the text applies may be known without the decision.
        stated = re.sub(r"Gäller från \d{4}", "", line)
        assert set(years_in(stated)) - horizon == set(), f"{address}: {line}"
    # The row also says when the text is to be revised, which is known.
    row = halmstad.row("/program/", Program.objects.get(slug=slug).name)
    assert bool(re.search(r"antogs .*?\d{4}", row)) == (slug == VALLAS)


def test_the_programs_are_known_to_exist_by_2018(halmstad: Site) -> None:
    for slug in (VALLAS, SIMLANGSDALEN, HARPLINGE, TRONNINGE):
        assert has_words(halmstad.page(f"/program/{slug}/text/").text, "mars 2018")
    assert has_words(halmstad.page(f"/program/{SIMLANGSDALEN}/text/").text, "våren 2016")


# 4.1 Development areas, in the order of the source

AREAS = [
    (GETINGE, 1, ["Mötesplatser, skola och fritid", "Boende och kommunikationer",
                  "Information och marknadsföring", "Näringsliv och arbete"]),
    (GETINGE, 2, ["Läge, natur och identitet", "Centrum, boende och mötesplatser",
                  "Näringsliv, arbete och infrastruktur", "Skola, sport och fritid"]),
    (OSKARSTROM, 1, ["Näringsliv", "Boende", "Uppväxt", "Identitet"]),
    (OSKARSTROM, 2, ["Bästa uppväxtvillkor", "Näringsliv och arbetsmarknad",
                     "Boende, kommunikationer och centrum", "Identitet och delaktighet"]),
    (KVIBILLE, 1, ["Leva och bo", "Näringsliv och arbetsmarknad", "Gå och ta sig runt",
                   "Skola och lärande"]),
    (HARPLINGE, 1, ["Bostäder och miljö", "Förskola och skola", "Trafik och kommunikationer",
                    "Fritid och upplevelser"]),
    (CITY, 1, ["Stadsmiljö", "Kultur", "Evenemang", "Utbud"]),
    (CITY, 2, ["Trygghet", "Tillsammans", "Trivsel och attraktiva mötesplatser"]),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "number", "areas"), AREAS)
def test_an_edition_has_its_areas_in_order(
    halmstad: Site, slug: str, number: int, areas: list[str]
) -> None:
    page = halmstad.page(f"/program/{slug}/text/{number}/")
    headings = [text.rstrip(" #") for text in page.parts("h2") if re.match(r"\d ", text)]
    assert headings == [f"{place} {area}" for place, area in enumerate(areas, start=1)]


def test_tronninge_begins_with_preschool_and_school(halmstad: Site) -> None:
    page = halmstad.page(f"/program/{TRONNINGE}/text/")
    headings = [text for text in page.parts("h2") if re.match(r"\d ", text)]
    assert headings[0].startswith("1 Förskola och skola")


@pytest.mark.parametrize("slug", [VALLAS, SIMLANGSDALEN, TRONNINGE, CITY])
def test_areas_that_are_not_known_are_said_to_be_written_for_the_demo(
    halmstad: Site, slug: str
) -> None:
    notice = halmstad.page(f"/program/{slug}/text/").parts("div", "notice")
    assert has_words(notice[0], "skrivna för demon")


# 4.2 Future pictures: words of every point, in order

VISIONS = {
    GETINGE: [["alla åldrar", "service", "stad", "natur", "hav"], ["centrum", "Suseån"],
              ["stolta", "lockar"], ["företag", "jobb"], ["tågstation", "pendlare"],
              ["föreningarna", "fritid"], ["påverka", "föreningarna"]],
    SIMLANGSDALEN: [["välkomnande"], ["naturen", "vandra", "fiska", "naturum"],
                    ["besöksmål", "unga", "jobb"], ["service", "behov"], ["kultur", "histori"],
                    ["närproducerad", "energi"]],
    TRONNINGE: [["grön oas", "staden", "Natura 2000"], ["levande centrum"], ["tryggt"],
                ["badstrand", "camping"], ["tågstation", "bilen"], ["service", "hela livet"],
                ["företag", "framgångsrika"], ["samarbete"]],
}  # fmt: skip


@pytest.mark.parametrize("slug", VISIONS)
def test_a_future_picture_has_all_its_points(halmstad: Site, slug: str) -> None:
    page = halmstad.page(f"/program/{slug}/text/")
    (picture,) = page.parts("ul", "vision__points")
    points = [point for point in re.split(r"#(?: Tyck till)?", picture) if point.strip()]
    for point, words in zip(points, VISIONS[slug], strict=True):
        assert missing(point, *words) == []


@pytest.mark.parametrize("slug", [VALLAS, HARPLINGE, KVIBILLE, CITY])
def test_a_future_picture_that_is_missing_is_not_made_up(halmstad: Site, slug: str) -> None:
    for page in (f"/program/{slug}/", f"/program/{slug}/text/"):
        assert halmstad.page(page).parts("blockquote", "vision") == []


def test_oskarstrom_builds_on_200_interviews(halmstad: Site) -> None:
    assert has_words(halmstad.page(f"/program/{OSKARSTROM}/text/1/").text, "omkring 200 intervjuer")


def test_the_first_ambition_of_getinge_repeats_its_future_picture(halmstad: Site) -> None:
    clauses = Program.objects.get(slug=GETINGE).current_edition.clauses
    assert clauses.filter(level=2).first().text == clauses.filter(level=0).first().text


# 5. Completed actions in Getinge, list of 4 March 2014: title, responsible, done

COMPLETED = [
    ("Skolans lokaler öppna för föreningar",
     ["Barn- och utbildningsnämnden", "Barn- och utbildningsförvaltningen"], "2013"),
    ("Översyn av Getingeskolans lokaler", ["Barn- och utbildningsförvaltningen"], "2013"),
    ("Detaljplan för bostäder, handel och centrum vid stationsområdet", [], "18 juni 2013"),
    ("Detaljplan för nytt industriområde", [], "19 november 2013"),
    ("Förstudie om Suseån", ["Suseåns vattenråd"], "hösten 2013"),
    ("Marknadsföringsgrupp",
     ["Getinge samhällsförening", "Företagarföreningen i Getinge"], "löpande"),
    ("Getinge Samhällstidning", [], None),
]  # fmt: skip


@pytest.mark.parametrize(("title", "responsible", "done"), COMPLETED)
def test_a_completed_action_tells_who_and_when(
    halmstad: Site, title: str, responsible: list[str], done: str | None
) -> None:
    page = halmstad.page(f"/program/{GETINGE}/genomfort/")
    assert title in page.parts("h3", "card-grid__title")
    row = next(text for text in page.parts("li") if text.startswith(title))
    names = Organisation.objects.values_list("name", flat=True)
    assert sorted(name for name in names if name in row) == sorted(responsible)
    if done is None or done == "löpande":
        assert has_words(row, done or _("date unknown"))
        assert years_in(row) == []
    else:
        assert has_words(row, f"klar {done}")

    action = Action.objects.get(program__slug=GETINGE, title=title)
    assert action.get_absolute_url() in page.links
    assert has_words(halmstad.page(action.get_absolute_url()).text, done or "", *responsible)


# Other items: program, title, completed or not, words of its own page, responsible

OTHER_ITEMS = [
    (GETINGE, "Nytt stängsel vid Getingebadet", "completed", ["2013"]),
    (GETINGE, "Pumpstationen vid Getingebadet", "completed", ["2013"]),
    (GETINGE, "Omklädningsrum för badets personal", None, ["2013", "året därpå"]),
    (GETINGE, "Hälsa nyinflyttade välkomna", "ongoing", ["2013", "bidrag", "samhällsförening"]),
    (GETINGE, "Skydd mot översvämning längs Suseån", "ongoing",
     ["2014", "modell", "vallar", "hundra år", "Teknik- och fritidsförvaltningen"]),
    (OSKARSTROM, "Omklädningsrum vid isbanan", "completed", []),
    (OSKARSTROM, "Utbyggd idrottshall", "completed", []),
    (OSKARSTROM, "Centrum och parken rustas upp", "ongoing", ["scen", "dansbana"]),
    (OSKARSTROM, "Temalekplats vid förskolan och skolan", None, ["beslutad"]),
    (OSKARSTROM, "Fler papperskorgar", "ongoing", ["september 2023", "elevrådet", "karta"]),
    (OSKARSTROM, "EU-projektet On Board", "ongoing", []),
    (SIMLANGSDALEN, "Elljusspår", "completed", ["2015", "Simlångsdalens samhällsförening"]),
    (SIMLANGSDALEN, "Återvinningscentralen blir kvar", "completed",
     ["2015", "Simlångsdalens samhällsförening"]),
    (SIMLANGSDALEN, "Projektet Upplev och vandra", "completed",
     ["2015", "Simlångsdalens samhällsförening"]),
    (TRONNINGE, "Våtmark och skydd mot översvämning", None,
     ["2019", "Hushållningssällskapet", "Life Goodstream", "samhällsbyggnadsutskott"]),
    (TRONNINGE, "Strukturplan för centrumstråket", "completed", ["sex mål", "augusti 2022"]),
    (TRONNINGE, "Detaljplan för förskola och utbyggd skola", "ongoing", ["16 augusti 2022"]),
    (VALLAS, "Vallåsvarvet, lopp och loppis", "completed", ["11 juni 2022", "enkäten"]),
    (VALLAS, "Detaljplan för förskola, skolparkering och bostäder", "ongoing",
     ["Vallonen 2", "2018", "2019"]),
    (HARPLINGE, "Ny lekplats på Dalavägen", None, ["2022"]),
    (HARPLINGE, "Utveckling av Harplinge centrum", "planned", ["2022", "bilder"]),
    (CITY, "Satsning på centrum", "ongoing", ["28 miljoner", "2021–2024"]),
    (CITY, "Slottet öppnat", "completed", ["2023"]),
    (CITY, "Ny belysning i centrum", "completed", ["2023"]),
    (CITY, "El till torg", "completed", ["2023"]),
    (CITY, "Scen i Rotundan", "completed", ["2023"]),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "title", "status", "words"), OTHER_ITEMS)
def test_an_item_is_on_the_list_with_what_is_known(
    halmstad: Site, slug: str, title: str, status: str | None, words: list[str]
) -> None:
    """Without a status where the demo tells how the real story may have gone on."""
    action = Action.objects.get(program__slug=slug, title__startswith=title)
    listings = ["atgarder", "genomfort"] if status == "completed" else ["atgarder"]
    for listing in listings:
        assert halmstad.row(f"/program/{slug}/{listing}/", title)
    if status:
        assert action.status == status
        label = action.get_status_display()
        assert has_words(halmstad.row(f"/program/{slug}/atgarder/", title), label)
    assert missing(halmstad.page(action.get_absolute_url()).text, *words) == []


@pytest.mark.parametrize(
    ("slug", "title"),
    [
        (OSKARSTROM, "Omklädningsrum vid isbanan"),
        (OSKARSTROM, "Utbyggd idrottshall"),
        (OSKARSTROM, "Centrum och parken rustas upp"),
        (OSKARSTROM, "EU-projektet On Board"),
        (HARPLINGE, "Utveckling av Harplinge centrum"),
    ],
)
def test_a_time_that_is_not_known_is_not_shown(halmstad: Site, slug: str, title: str) -> None:
    row = halmstad.row(f"/program/{slug}/atgarder/", title)
    assert years_in(row) == []
    names = Organisation.objects.values_list("name", flat=True)
    assert [name for name in names if has_words(row, name)] == [], "nor is who is responsible"


# 6. Ideas: words that stand together in one row of the program's ideas

IDEAS = [
    *[(GETINGE, words) for words in [
        ["rekreation", "Suseån", "högt vatten"], ["idrott", "skolan"], ["utegym"],
        ["statyn", "fontänen", "broarna", "idélistan"], ["järnvägsstation"], ["tydligt centrum"],
        ["äldreboende", "bistånd"], ["grönytor", "försök"], ["förskolelokal"],
        ["stenar", "bussen"], ["buss", "cykel"], ["gräs", "badet"],
    ]],
    *[(OSKARSTROM, words) for words in [
        ["företagand"], ["hundrastgård"], ["välkomnande", "station"], ["Jutan"], ["Laxtrappan"],
        ["husbil"], ["nätverk", "företagare"], ["temalekplats", "kosta"], ["ny isbana"],
    ]],
    *[(SIMLANGSDALEN, words) for words in [
        ["bostäder"], ["ny idrottshall"], ["säkrare övergångsställen"], ["bussförbindelser"],
    ]],
    *[(HARPLINGE, ["enkät", *words]) for words in [
        ["blandade bostäder"], ["äldreboende", "platser"], ["tomter", "industri"],
        ["papperskorgar", "hundlatriner"], ["skola", "nio", "idrottshall"], ["förskol"],
        ["parkering", "besök"], ["genomfart", "söder"], ["rondell", "tunnel", "Haverdalsbro"],
        ["säkra skolvägar"], ["cykel", "buss", "Getinge"], ["parksoffor"], ["lekplatser"],
        ["unga"],
    ]],
    *[(HARPLINGE, ["21 mars 2017", *words]) for words in [
        ["barnkullar", "skol"], ["dagvattn"], ["genomfart"], ["kommunikationer"], ["mötesplats"],
    ]],
    *[(VALLAS, ["enkät", *words]) for words in [
        ["grönytor", "ljus"], ["integration"], ["mötesplatser ute"], ["en stadsdel"],
        ["ICA", "centrum"], ["skolgården"], ["buskörning", "tung trafik"],
    ]],
]  # fmt: skip


@pytest.mark.parametrize(("slug", "words"), IDEAS)
def test_an_idea_is_found_among_the_ideas_of_its_program(
    halmstad: Site, slug: str, words: list[str]
) -> None:
    row = halmstad.row(f"/program/{slug}/ideer/", *words)
    assert row
    ideas = Idea.objects.public().filter(program__slug=slug)
    idea = next(idea for idea in ideas if row.startswith(idea.title))
    assert has_words(halmstad.page(idea.get_absolute_url()).text, idea.title, idea.text)


# 7. Surveys

SURVEYS = [
    (HARPLINGE, "våren 2022", "survey", ["webbenkät", "tre veckor"],
     {"10–19": None, "20–39": "65", "40–59": "49", "60+": "18"}),
    (VALLAS, "mars 2022", "survey", ["tre veckor", "ICA", "94"],
     {"10–19": "12", "20–39": "15", "40–59": "32", "60+": "35"}),
    (OSKARSTROM, "våren 2023", "survey", [], {}),
    (OSKARSTROM, "2011", "interviews", ["omkring 200", "2011", "2012"], {}),
]  # fmt: skip


@pytest.mark.parametrize("facts", SURVEYS, ids=str)
def test_a_survey_tells_how_many_answered(halmstad: Site, facts: tuple) -> None:
    slug, when, kind, words, answers = facts
    event, page = halmstad.event(slug, when, kind)
    assert missing(page.text, when, event.get_kind_display(), *words) == []
    assert len(page.parts("tr")) == (len(answers) + 1 if answers else 0)
    for ages, number in answers.items():
        row = page.part(ages, tag="tr").removeprefix(ages).split()
        assert (row == [number]) if number else (not row[0].isdigit())


# 8. Meetings: program, date, kind, words on its page

MEETINGS = [
    (GETINGE, "2012-10-08", "workshop",
     ["8 oktober 2012", "Getinge församlingshem", "omkring 60", "busstur"]),
    (GETINGE, "2013-01-24", "information_meeting",
     ["24 januari 2013", "18.30–20.00", "Getingeskolans matsal"]),
    (GETINGE, "2013-06-04", "steering_group_meeting", ["4 juni 2013", "budgetförslaget"]),
    (GETINGE, "2013-09-17", "steering_group_meeting",
     ["17 september 2013", "första mötet", "Badet", "Suseån"]),
    (GETINGE, "2014-03-04", "steering_group_meeting", ["4 mars 2014", "listan"]),
    (GETINGE, "2015-01-17", "autumn_meeting",
     ["17 januari 2015", "MB-huset", "översvämningar", "HFAB", "vår tolkning"]),
    (GETINGE, "2015-02-17", "steering_group_meeting",
     ["17 februari 2015", "höstmötet", "åtgärdslistan", "idélistan", "vår tolkning"]),
    (OSKARSTROM, "2019-01-24", "steering_group_meeting",
     ["24 januari 2019", "åtgärdslistan", "idélistan", "revideras"]),
    (OSKARSTROM, "2023-04-19", "youth_activity",
     ["19 april 2023", "Österledsskolan", "Röda Korset", "700"]),
    (OSKARSTROM, "2023-04-19", "dialogue_meeting",
     ["19 april 2023", "Österledsskolan", "trivsel", "nedskräpning"]),
    (HARPLINGE, "oktober 2016", "dialogue_meeting", ["oktober 2016", "i början av oktober"]),
    (HARPLINGE, "2017-03-21", "dialogue_meeting",
     ["21 mars 2017", "Lyngåkraskolan", "omkring 40"]),
    (HARPLINGE, "2022-10-26", "dialogue_meeting",
     ["26 oktober 2022", "18.30–21.00", "Harplinge äldreboende", "fullsatt", "detaljplan",
      "civilförsvaret", "översiktsplanen"]),
    (SIMLANGSDALEN, "april 2015", "dialogue_meeting", ["april 2015", "tre", "vår tolkning"]),
    (KVIBILLE, "2018", "workshop", ["2018", "vad behöver Kvibille"]),
    (GETINGE, "våren 2013", "consultation", ["3 juni 2013", "samrådsredogörelse"]),
    (GETINGE, "2014-10-22", "follow_up", ["22 oktober 2014", "Samhällsbyggnadskontoret"]),
    (VALLAS, "2018-09-27", "consultation", ["27 september 2018", "31 oktober 2018", "Vallonen 2"]),
    (VALLAS, "2019-04-09", "consultation", ["9 april 2019", "30 april 2019", "Vallonen 2"]),
    (VALLAS, "2022-06-11", "community_activity", ["11 juni 2022"]),
    (CITY, "2012-01-31", "consultation", ["31 januari 2012", "2 april 2012"]),
    (SIMLANGSDALEN, "våren 2016", "consultation", ["våren 2016", "Kulturnämnden", "27 april"]),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "when", "kind", "words"), MEETINGS)
def test_a_meeting_tells_when_where_and_what(
    halmstad: Site, slug: str, when: str, kind: str, words: list[str]
) -> None:
    event, page = halmstad.event(slug, when, kind)
    assert missing(page.text, event.get_kind_display(), *words) == []
    assert halmstad.row("/moten/", event.title, event.program.locality.name)


def test_harplinge_association_holds_two_dialogue_meetings_a_year(halmstad: Site) -> None:
    text = halmstad.page(f"/program/{HARPLINGE}/organisation/").text
    assert missing(text, "sjätte vecka", "två dialogmöten om året", "medägare") == []


# 9. Steering groups and other bodies: program, group with its years, seats in words

GROUPS = [
    (GETINGE, "Styrgruppen för Framtid Getinge 2013",
     ["C · Ordförande", "M · Förste vice ordförande", "S · Andre vice ordförande", "S · 2 ",
      "FP · Ledamot", "MP · Ledamot", "Getinge samhällsförening · 2 "]),
    (GETINGE, "Styrgruppen för Framtid Getinge 2014", ["Getinge samhällsförening · 3 "]),
    (GETINGE, "Projektgruppen för Framtid Getinge 2013",
     ["Samhällsbyggnadskontoret · Projektledare", "Stadskontoret · Projektledare"]),
    (OSKARSTROM, "Styrgruppen för Framtid Oskarström 2013",
     ["C · Ordförande", "M · Förste vice ordförande", "S · Andre vice ordförande", "S · 2 ",
      "FP · Ledamot", "MP · Ledamot", "Samhällsföreningen Oskarström · 2 "]),
    (OSKARSTROM, "Arbetsgruppen för Framtid Oskarström 2013",
     ["Samhällsbyggnadskontoret · Projektledare", "Stadskontoret", "Halmstads Näringslivs AB"]),
    (OSKARSTROM, "Referensgruppen för Framtid Oskarström 2013",
     ["Företag", "tjänstemän", "ideellt", "allmänhet"]),
    (OSKARSTROM, "Styrgruppen för Framtid Oskarström 2019–2020",
     ["C · Ordförande", "M · Kontaktpolitiker", "V · Kontaktpolitiker",
      "Samhällsföreningen Oskarström", "inte känt"]),
    (KVIBILLE, "Styrgruppen för Framtid Kvibille 2018", ["Hela samhällsbyggnadsutskottet", "två"]),
    (CITY, "Samarbetet Stadens hjärta 2011–2022",
     ["Kommunstyrelsen", "Halmstad City", "Fastighetsägarna", "avsiktsförklaring"]),
    (CITY, "Stadens hjärta 2.0 från maj 2023", ["permanent"]),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "name", "words"), GROUPS)
def test_a_group_tells_who_sat_in_it(
    halmstad: Site, slug: str, name: str, words: list[str]
) -> None:
    sections = halmstad.page(f"/program/{slug}/organisation/").parts("section")
    found = min((text for text in sections if text.startswith(name)), key=len, default="")
    assert missing(found, *words) == []


# 10. Decisions: program, date, body, §, case number, words

KS, KSU, KF = "Kommunstyrelsen", "Kommunstyrelsens samhällsbyggnadsutskott", "Kommunfullmäktige"
DECISIONS = [
    (CITY, "31 januari 2012", KS, "19", "", ["remiss", "2 april 2012"]),
    (OSKARSTROM, "26 februari 2013", KS, "59", "", ["antas"]),
    (GETINGE, "21 maj 2013", KF, "", "", ["Getinge-Brogård 1:80"]),
    (GETINGE, "18 juni 2013", KF, "", "",
     ["planeringsdirektivet 2014–2016", "centrumutredning", "Getingebadet", "Suseån"]),
    (GETINGE, "3 september 2013", KS, "231", "", ["antas"]),
    (GETINGE, "11 november 2014", KSU, "", "", ["utvärdering"]),
    (OSKARSTROM, "11 november 2014", KSU, "", "", ["utvärdering"]),
    (VALLAS, "18 november 2014", KS, "", "KS 2014/0189", ["uppdrag"]),
    (SIMLANGSDALEN, None, KSU, "", "", ["2015–2016", "inte känt"]),
    (SIMLANGSDALEN, "27 april 2016", "Kulturnämnden", "", "KN 2016/0146", ["yttrande"]),
    (HARPLINGE, "24 maj 2016", KSU, "", "", ["startar", "medägare", "vår tolkning"]),
    (KVIBILLE, "13 mars 2018", KSU, "", "", ["startar"]),
    (GETINGE, "20 augusti 2019", KSU, "", "", ["reviderat"]),
    (OSKARSTROM, "20 augusti 2019", KSU, "", "", ["reviderat"]),
    (KVIBILLE, "hösten 2019", KSU, "", "", ["antas"]),
    (TRONNINGE, "2019", KSU, "", "", ["våtmark"]),
    (TRONNINGE, "augusti 2022", KSU, "", "", ["strukturplan"]),
    (TRONNINGE, "16 augusti 2022", KSU, "", "", ["förskola", "skola"]),
]  # fmt: skip


@pytest.mark.parametrize("facts", DECISIONS, ids=str)
def test_a_decision_is_listed_with_what_is_known(halmstad: Site, facts: tuple) -> None:
    slug, date, body, section, number, words = facts
    rows = halmstad.page(f"/program/{slug}/dokument/").parts("tr")
    expected = f"{date or _('date unknown')} {body} {section or '–'} {number or '–'} "
    found = [row for row in rows if has_words(f"{row} ", expected, *words)]
    assert len(found) == 1, rows


@pytest.mark.parametrize(
    "words",
    [
        ["18 juni 2013", "Planeringsdirektiv med budget 2014–2016"],
        ["Planeringsdirektiv med budget 2019–2023"],
        ["17 juni 2014", "Framtidsplan 2030", "5 januari 2015", "Framtidsplan 2050"],
    ],
    ids=" ".join,
)
def test_a_decision_about_the_whole_municipality_can_be_found(
    halmstad: Site, words: list[str]
) -> None:
    assert halmstad.pages_with(*words) != []


# Documents have dates of their own: program, title, date, other words

DOCUMENTS = [
    (OSKARSTROM, "Framtid Oskarström – Bästa livsplatsen", "26 februari 2013"),
    (OSKARSTROM, "Åtgärdslista för Oskarström", "4 juni 2013"),
    (OSKARSTROM, "Underlag till planeringsdirektiv för Oskarström", "6 februari 2013"),
    (OSKARSTROM, "Framtid Oskarström, reviderat program", "20 augusti 2019"),
    (OSKARSTROM, "Utvärdering av Framtid Oskarström", "22 oktober 2014"),
    (GETINGE, "Framtid Getinge – Bästa läget", "2013"),
    (GETINGE, "Genomförda åtgärder i Getinge", "4 mars 2014"),
    (GETINGE, "Samrådsredogörelse för Framtid Getinge", "2013"),
    (GETINGE, "Utvärdering av Framtid Getinge", "22 oktober 2014"),
    (GETINGE, "Framtid Getinge, reviderat program", "20 augusti 2019"),
    (SIMLANGSDALEN, "Kulturnämndens yttrande", "27 april 2016"),
    (TRONNINGE, "Strukturplan för Trönninges centrumstråk", "augusti 2022"),
    (HARPLINGE, "Vad harplingeborna svarade", "2022"),
    (VALLAS, "Vad vallåsborna svarade", "2022"),
    (KVIBILLE, "beslut om utvecklingsprogram i Kvibille", "hösten 2019"),
    (CITY, "Förslag till program för stadens centrum", "31 januari 2012"),
    (CITY, "Avsiktsförklaring", None),
]


@pytest.mark.parametrize(("slug", "title", "date"), DOCUMENTS)
def test_a_document_has_its_own_date(
    halmstad: Site, slug: str, title: str, date: str | None
) -> None:
    row = halmstad.row(f"/program/{slug}/dokument/", title)
    date = date or _("date unknown")
    (after,) = re.findall(rf"{re.escape(title)}.*?(?:^|\s)({re.escape(date)})(?:\s|$)", row) or [""]
    assert after == date, row


# 11. The evaluation of 22 October 2014


@pytest.mark.parametrize("slug", [GETINGE, OSKARSTROM])
def test_the_evaluation_tells_that_the_interim_goals_were_met(halmstad: Site, slug: str) -> None:
    _event, page = halmstad.event(slug, "2014-10-22", Event.Kind.FOLLOW_UP)
    words = ["22 oktober 2014", "Samhällsbyggnadskontoret", "tre etappmålen", "om 20 år"]
    assert missing(page.text, *words, "dialog", "år från år") == []
    assert page.part("Utvärdering av Framtid", "22 oktober 2014", "måluppfyllelse")


def test_every_program_is_listed_and_has_its_pages(halmstad: Site) -> None:
    assert sorted(Program.objects.values_list("slug", flat=True)) == sorted([*PROGRAMS, FYLLINGE])
    pages = ["", "text/", "atgarder/", "genomfort/", "ideer/", "moten/", "dokument/"]
    for slug in PROGRAMS:
        for page in (*pages, "organisation/"):
            assert f"/program/{slug}/{page}" in halmstad.crawl
