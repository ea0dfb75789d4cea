import datetime
import re
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from portal.views import errors
from portal.views.home import shared_wheel
from programs.dates import day
from programs.models import (
    AccessibilityStatement,
    Duty,
    Municipality,
    Outcome,
    PrivacyNotice,
    Program,
    VoiceState,
)
from programs.yearwheel import Spoke, State, Wheel
from revisions.steps import CREATION, LOCAL_DEVELOPMENT, REVISION
from tests.factories import (
    make_action,
    make_deciding_body,
    make_decision,
    make_edition,
    make_event,
    make_idea,
    make_locality,
    make_municipality,
    make_organisation,
    make_process,
    make_program,
    make_step_record,
)
from tests.portal.addresses import plain_addresses

pytestmark = pytest.mark.django_db

SHELL = [
    "home",
    "how_it_works",
    "search",
    "open_data",
    "contact",
    "accessibility",
    "privacy",
]
TAG = re.compile(r"<[^>]+>")


def words_of(html: str) -> str:
    """What a reader reads: text without tags, in single spaces."""
    return " ".join(unescape(TAG.sub(" ", html)).split())


def read(client: Client, name: str, **query: str) -> str:
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return words_of(response.content.decode())


def headings(client: Client, name: str) -> list[str]:
    html = client.get(reverse(name)).content.decode()
    return [words_of(found) for found in re.findall(r"<h[123][^>]*>(.*?)</h[123]>", html, re.S)]


def meta(html: str) -> dict[str, str]:
    """Sender, who is responsible and when the page was last changed, from its foot."""
    block = re.search(r'<div class="page-meta.*?</dl>', html, re.S)[0]
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", block, re.S)
    return {words_of(term): words_of(said) for term, said in pairs}


# Without data


@pytest.mark.parametrize("address", [a for a in plain_addresses() if not a.endswith(".css")])
def test_portal_without_data_answers_on_every_page(client, address):
    response = client.get(address)

    assert response.status_code == 200
    if response.headers["Content-Type"].startswith("text/html"):
        assert "Kommunen" in words_of(response.content.decode())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("home", "There is nothing here yet"),
        (
            "home",
            "Nothing has been entered yet. Places and programs appear here as soon as the "
            "municipality adds them.",
        ),
        ("programs:localities", "No places yet"),
        (
            "programs:programs",
            "There are none yet. Here you will be able to read them from the first draft.",
        ),
        (
            "accessibility",
            "The statement has not been entered yet. It must be in place before the site is "
            "opened to the public.",
        ),
        (
            "privacy",
            "The notice has not been entered yet. It must be in place before the site is opened "
            "to the public.",
        ),
        ("search", "Write a place, an action, a meeting or any word from a program."),
    ],
    ids=["home", "programs on home", "places", "programs", "accessibility", "privacy", "search"],
)
def test_portal_without_data_says_so(client, name, said):
    assert gettext(said) in read(client, name)


# The home page


@pytest.fixture
def today() -> datetime.date:
    return timezone.localdate()


def test_home_shows_what_goes_on_and_what_is_done(client, program, today):
    make_municipality(headline="Så utvecklas din ort", lead="Hitta din ort.")
    association = make_organisation(name="Samhällsföreningen")
    make_event(program=program, title="Stormöte i höst", date=day(today), starts=None)
    make_action(
        program=program,
        title="Badbrygga",
        status="completed",
        completed=day(today),
        responsible=[association],
    )

    page = read(client, "home")

    assert "Så utvecklas din ort Hitta din ort." in page
    assert "Stormöte i höst" in page
    assert page.count("Badbrygga") == 2
    assert "Samhällsföreningen" in page
    assert program.name in page


def test_home_keeps_back_what_is_not_for_all(client, program, today):
    tomorrow = day(today + datetime.timedelta(days=1))
    make_event(program=program, title="Styrgruppen möts", date=tomorrow, open_to_all=False)
    make_event(program=program, title="Inställd träff", date=tomorrow, is_cancelled=True)
    make_event(program=program, title="Förra mötet", date=day(today - datetime.timedelta(days=1)))
    make_program(name="Avslutade programmet", status=Program.Status.CONCLUDED)

    page = read(client, "home")

    for title in ("Styrgruppen möts", "Inställd träff", "Förra mötet", "Avslutade programmet"):
        assert title not in page


def test_home_counts_answers_to_public_ideas_only(client, program, today):
    past, later = today - datetime.timedelta(days=1), today + datetime.timedelta(days=1)
    answered = {"outcome": Outcome.NO, "reply": "Nej, för det är för dyrt."}
    make_idea(program=program, promised_on=past)
    make_idea(program=program, promised_on=later)
    make_idea(program=program, promised_on=past, **answered)
    for state in (VoiceState.HELD, VoiceState.REFUSED, VoiceState.HIDDEN):
        make_idea(program=program, state=state, state_reason="Hot", promised_on=past)
        make_idea(program=program, state=state, state_reason="Hot", **answered)

    page = read(client, "home")

    assert f"{gettext('Ideas answered')} 1" in page
    assert f"{gettext('Waiting for an answer')} 2" in page
    assert f"{gettext('Late answers')} 1" in page


def test_home_has_every_place_on_the_map_and_in_its_list(client):
    make_locality(name="Getinge", latitude=56.82, longitude=12.73)
    make_locality(name="Okända orten")

    html = client.get("/").content.decode()

    drawing, rest = html.split("</svg>\n<details", 1)
    assert "Getinge</text>" in drawing
    assert "Okända orten" not in drawing
    assert "Getinge" in rest
    assert "Okända orten" in rest


def wheel(program: Program, *states: tuple[Duty, State]) -> Wheel:
    return Wheel(program, 2026, [Spoke(duty, state, None) for duty, state in states])


@pytest.mark.parametrize(
    ("states", "together"),
    [
        ([State.KEPT, State.KEPT], State.KEPT),
        ([State.KEPT, State.DUE], State.DUE),
        ([State.KEPT, State.PLANNED], State.DUE),
        ([State.KEPT, State.MISSED], State.MISSED),
        ([State.DUE, State.MISSED], State.MISSED),
    ],
)
def test_shared_wheel_is_as_good_as_its_slowest_program(program, states, together):
    kind = Duty.Kind.FOLLOW_UP
    duty = make_municipality().duties.create(kind=kind, label="Uppföljning", due_month=10)
    other = make_municipality().duties.create(kind=kind, label="Ingens", due_month=11)
    wheels = [wheel(program, (duty, state)) for state in states]

    shared = shared_wheel([duty, other], wheels, datetime.date(2026, 6, 1))

    assert [(spoke.duty, spoke.state) for spoke in shared.spokes] == [(duty, together)]
    [spoke] = shared.spokes
    assert (spoke.kept, spoke.owing) == (states.count(State.KEPT), 2)
    assert spoke.due_on == datetime.date(2026, 10, 31)


# How it works, in the words of a municipality like Halmstad and one like Flen


def test_how_it_works_shows_six_and_nine_steps(client):
    body = make_deciding_body(name="Kommunstyrelsen")
    make_municipality(deciding_body=body, about="Ett program är ett löfte.", purposes=["Demokrati"])

    page = read(client, "how_it_works")

    titles = headings(client, "how_it_works")
    steps = [str(step.title) for step in (*CREATION, *REVISION)]
    assert [title for title in titles if title in steps] == steps
    assert gettext("Four phases") not in titles
    assert "Ett program är ett löfte." in page
    assert "Demokrati" in page
    # The last step of both is taken by the body that this municipality has.
    assert page.count("Kommunstyrelsen") == 2


def test_how_it_works_shows_phases_where_work_is_done_in_phases(client):
    make_municipality(works_in_phases=True, revises_each_term=False)

    titles = headings(client, "how_it_works")

    phases = [str(step.title) for step in LOCAL_DEVELOPMENT]
    assert gettext("Four phases") in titles
    assert titles[titles.index(gettext("Four phases")) + 1 :][:4] == phases
    assert not {str(step.title) for step in REVISION} & set(titles)


def test_how_it_works_shows_both_where_both_are_used(client):
    make_municipality(works_in_phases=True)

    titles = headings(client, "how_it_works")

    steps = [str(step.title) for step in (*LOCAL_DEVELOPMENT, *CREATION, *REVISION)]
    assert [title for title in titles if title in steps] == steps


def test_how_it_works_lists_duties_and_former_names(client):
    municipality = make_municipality()
    municipality.duties.create(kind=Duty.Kind.FOLLOW_UP, label="Uppföljning", due_month=10)
    municipality.former_names.create(name="Lokal utveckling")

    page = read(client, "how_it_works")

    assert f"Uppföljning {gettext('by the end of %(month)s') % {'month': 'oktober'}}" in page
    assert "Lokal utveckling" in page


def test_how_it_works_shows_former_names_also_without_duties(client):
    make_municipality().former_names.create(name="Lokal utveckling")

    assert "Lokal utveckling" in read(client, "how_it_works")


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_how_it_works_names_the_levels_that_the_plan_has(client, depth):
    make_municipality(plan_depth=depth)
    levels = ["Områden", "Mål", "Strategier", "Punkter"]

    page = client.get(reverse("how_it_works")).content.decode()

    assert [level for level in levels if f"<dt>{level}</dt>" in page] == levels[:depth]


# About


def test_contact_shows_who_to_ask(client):
    make_municipality(
        contact_function="Medborgarservice",
        contact_email="ort@example.se",
        contact_phone="010-123 45 67",
        visiting_address="Rådhuset\nStora torg",
    )
    make_program(name="Framtid Getinge", responsible_function="Projektledaren")
    make_program(name="Framtid Kvibille", contact_email="kvibille@example.se")
    make_program(name="Framtid Tyst")
    make_program(
        name="Stadens hjärta", status=Program.Status.CONCLUDED, responsible_function="Ingen"
    )

    html = client.get(reverse("contact")).content.decode()

    page = words_of(html)
    assert 'href="mailto:ort@example.se"' in html
    assert 'href="tel:0101234567"' in html
    assert "Medborgarservice" in page
    assert "Rådhuset Stora torg" in page
    assert "Framtid Getinge Projektledaren" in page
    assert 'href="mailto:kvibille@example.se"' in html
    assert "Framtid Tyst" not in page
    assert "Stadens hjärta" not in page


STATEMENT = {
    "service_name": "Framtid Halmstad",
    "assessed_on": datetime.date(2026, 1, 20),
    "updated_on": datetime.date(2026, 2, 3),
    "method": "Vi har testat själva.",
    "contact_email": "tillganglighet@example.se",
    "answer_days": 2,
}


def test_accessibility_statement_says_what_the_law_asks_for(client):
    AccessibilityStatement.objects.create(
        municipality=make_municipality(),
        compliance="partial",
        known_issues=[
            {"content": "Kartan", "reason": "saknar kontrast.", "fix_by": "hösten 2026"},
            {"content": "Film", "reason": "saknar text."},
        ],
        **STATEMENT,
    )

    html = client.get(reverse("accessibility")).content.decode()

    page = words_of(html)
    assert "Kartan saknar kontrast." in page
    assert "hösten 2026" in page
    assert "Film saknar text." in page
    assert 'href="https://www.digg.se/tdosanmalan"' in html
    assert "tillganglighet@example.se" in page
    assert " 2 dagar" in page
    assert "Vi har testat själva." in page
    assert "20 januari 2026" in page
    assert meta(html)[gettext("Last changed:")] == "3 februari 2026"


THE_LAW = "the law on accessibility to digital public service"


@pytest.mark.parametrize(
    ("compliance", "said"),
    [
        ("full", f"The site is fully compliant with {THE_LAW}."),
        (
            "partial",
            f"The site is partially compliant with {THE_LAW}, because of the shortcomings below.",
        ),
        (
            "none",
            f"The site is not compliant with {THE_LAW}. The shortcomings are listed below.",
        ),
    ],
    ids=["full", "partial", "none"],
)
def test_accessibility_statement_says_how_far_it_goes(client, compliance, said):
    AccessibilityStatement.objects.create(
        municipality=make_municipality(), compliance=compliance, **STATEMENT
    )

    assert gettext(said) in read(client, "accessibility")


def test_privacy_notice_says_who_why_and_how_long(client):
    PrivacyNotice.objects.create(
        municipality=make_municipality(),
        controller="Kommunstyrelsen",
        dpo_function="Dataskyddsombudet",
        dpo_email="dso@example.se",
        purposes="För att svara dig.",
        recipients="Ingen utanför kommunen.",
        retention="Två år.",
        updated_on=datetime.date(2026, 2, 3),
    )

    html = client.get(reverse("privacy")).content.decode()

    page = words_of(html)
    for said in (
        "Kommunstyrelsen är personuppgiftsansvarig",
        "Dataskyddsombudet",
        "dso@example.se",
        "För att svara dig.",
        "Ingen utanför kommunen.",
        "Två år.",
        "imy",
    ):
        assert said.lower() in page.lower()
    assert 'href="https://www.imy.se/"' in html
    assert meta(html)[gettext("Last changed:")] == "3 februari 2026"


def test_privacy_page_lists_the_two_cookies_also_without_a_notice(client):
    page = read(client, "privacy")

    assert "sessionid" in page
    assert "csrftoken" in page


def test_open_data_links_lead_to_files(client):
    html = client.get(reverse("open_data")).content.decode()
    links = re.findall(r"<td [^>]*>(.*?)</td>", html, re.S)
    addresses = re.findall(r'href="([^"]+)"', " ".join(links))

    assert len(addresses) == 10
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )


# What every page says about itself


@pytest.mark.parametrize("name", SHELL)
def test_page_says_who_sends_it_and_who_is_responsible(client, name):
    make_municipality(name="Halmstads kommun", contact_function="Avdelningen för hållbarhet")

    found = meta(client.get(reverse(name)).content.decode())

    assert found[gettext("Sender:")] == "Halmstads kommun"
    assert found[gettext("Responsible:")] == "Avdelningen för hållbarhet"


@pytest.mark.parametrize("name", SHELL)
def test_page_of_a_municipality_without_a_function_is_its_own_responsibility(client, name):
    make_municipality(name="Halmstads kommun")

    found = meta(client.get(reverse(name)).content.decode())
    assert found[gettext("Responsible:")] == "Halmstads kommun"


@pytest.mark.parametrize("name", ["how_it_works", "contact", "open_data"])
def test_page_says_when_it_was_last_changed(client, name):
    make_municipality()
    Municipality.objects.update(updated_at="2026-02-03T23:30:00Z")

    # Half past eleven in the evening in Greenwich is the next day here.
    found = meta(client.get(reverse(name)).content.decode())
    assert found[gettext("Last changed:")] == "4 februari 2026"


def test_home_was_last_changed_when_its_latest_row_was(client, program):
    action = make_action(program=program, status="completed")
    Program.objects.update(updated_at="2026-02-03T10:00:00Z")
    type(action).objects.update(updated_at="2026-03-01T10:00:00Z")

    found = meta(client.get("/").content.decode())
    assert found[gettext("Last changed:")] == "1 mars 2026"


@pytest.mark.parametrize("name", SHELL)
def test_page_has_one_title_one_heading_and_its_language(client, name):
    make_municipality()

    html = client.get(reverse(name)).content.decode()

    assert html.startswith('<!doctype html>\n<html lang="sv">')
    assert html.count("<h1") == 1
    assert re.search(r"<title>\S.* – Halmstads kommun</title>", html)


@pytest.mark.parametrize("name", [name for name in SHELL if name != "home"])
def test_page_tells_where_it_is(client, name):
    html = client.get(reverse(name)).content.decode()

    crumbs = re.search(r'<nav class="breadcrumbs".*?</nav>', html, re.S)[0]
    assert 'aria-current="page"' in crumbs


def test_demo_says_that_it_is_one(client, settings):
    settings.DEMO = True
    assert "banner--demo" in client.get("/").content.decode()

    settings.DEMO = False
    assert "banner--demo" not in client.get("/").content.decode()


def test_texts_of_the_municipality_are_escaped(client):
    bad = "<script>alert(1)</script>"
    make_municipality(
        name=bad, portal_name=bad, headline=bad, lead=bad, about=bad, contact_function=bad
    )

    for name in SHELL:
        assert "<script>alert" not in client.get(reverse(name)).content.decode()


# As many queries for one row as for many


def grow(rows: int) -> None:
    municipality = make_municipality()
    if not municipality.duties.exists():
        for kind in (Duty.Kind.STEERING_GROUP_MEETING, Duty.Kind.PLANNING_BRIEF):
            municipality.duties.create(kind=kind, label="Plikt", due_month=11)
    today = day(timezone.localdate())
    for _row in range(rows):
        locality = make_locality(latitude=56.7, longitude=12.8)
        program = make_program(locality=locality, responsible_function="Projektledare")
        decision = make_decision(program=program, decided=today)
        make_edition(program=program, decision=decision, state="adopted", clauses=["Centrum"])
        make_step_record(process=make_process(program=program), number=1, passed=today)
        make_event(program=program, date=today)
        make_event(program=program, kind="steering_group_meeting", date=today)
        organisation = make_organisation()
        for status in ("planned", "ongoing", "completed"):
            make_action(program=program, status=status, responsible=[organisation])
        make_idea(program=program)
        municipality.former_names.create(name="Förr")


def queries(client: Client, name: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(reverse(name)).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", [*SHELL, "programs:localities", "programs:programs"])
def test_page_takes_as_many_queries_for_one_row_as_for_thirty(client, name):
    grow(1)
    for_one = queries(client, name)

    grow(29)

    assert queries(client, name) == for_one


# What goes wrong


def test_missing_page_says_where_to_go(client):
    make_municipality()

    response = client.get("/finns-inte/")

    assert response.status_code == 404
    assert gettext("The page does not exist") in words_of(response.content.decode())
    assert f'href="{reverse("search")}"' in response.content.decode()


def test_missing_page_of_a_portal_without_data_is_told_too(client):
    assert client.get("/finns-inte/").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/orter/finns-inte/",
        "/program/finns-inte/",
        "/moten/999999999/",
        "/moten/0/",
        "/moten/9999999999999999999999/",
        "/program/%00/",
        "/orter/%C3%A5/",
        "/tema-%00.css",
        "/media/%00",
    ],
)
def test_address_of_nothing_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_files_outside_the_uploaded_ones_are_not_served(client):
    assert client.get("/media/../manage.py").status_code == 400


def test_forbidden_page_says_so(client, rf):
    response = errors.forbidden(rf.get("/"), PermissionDenied())

    assert response.status_code == 403
    assert gettext("This page is not for you") in words_of(response.content.decode())


def test_staff_page_of_another_is_forbidden_in_our_own_words(client_for, outsider):
    program = make_program()

    response = client_for(outsider).get(f"/admin/programs/program/{program.pk}/delete/")

    assert response.status_code == 403
    assert "error-page" in response.content.decode()


def test_form_without_its_token_is_refused_kindly():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a"})

    assert response.status_code == 403
    assert gettext("The form had been open too long") in words_of(response.content.decode())


@pytest.mark.parametrize("host", ["elak.example", "halmstad.se:80:80", "a b"])
def test_another_host_gets_a_bad_request(client, host):
    response = client.get("/", headers={"host": host})

    assert response.status_code == 400
    said = gettext("The address could not be understood")
    assert said in words_of(response.content.decode())


@pytest.fixture
def _without_database(django_db_blocker):
    with django_db_blocker.block():
        yield


@pytest.mark.usefixtures("_without_database")
def test_fault_of_ours_is_told_without_the_database(rf: RequestFactory):
    response = errors.server_error(rf.get("/"))

    assert response.status_code == 500
    page = words_of(response.content.decode())
    assert gettext("Something went wrong with us") in page
    assert gettext("To the start page") in page


def test_fault_in_a_view_gives_that_page(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("django.utils.timezone.localdate", None)

    response = client.get("/")

    assert response.status_code == 500
    assert gettext("Something went wrong with us") in words_of(response.content.decode())


@pytest.mark.parametrize("name", SHELL)
def test_page_is_only_read(client, name):
    address = reverse(name)

    assert client.head(address).status_code == 200
    assert client.head(address).content == b""
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(address).status_code == 405


def test_theme_is_only_read(client):
    assert client.post(reverse("theme", args=["0"])).status_code == 405


@pytest.mark.searches
@pytest.mark.parametrize("query", ["?q=%ED%A0%80", "?%FF=%FF", "?q[]=a&q=b", "?" + "a=1&" * 900])
def test_odd_query_strings_do_no_harm(client, query):
    for name in SHELL:
        assert client.get(reverse(name) + query).status_code == 200
