"""Actions: the lists, the completed list, one action, and the chain it stands in."""

import datetime
import re
from itertools import pairwise

import html5lib
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from programs.filters import ActionFilterForm
from programs.models import Action, ActionUpdate, BriefItem, Edition, Organisation, VoiceState
from tests.factories import (
    make_action,
    make_action_update,
    make_brief_item,
    make_clauses,
    make_deciding_body,
    make_decision,
    make_document,
    make_edition,
    make_event,
    make_idea,
    make_locality,
    make_organisation,
    make_photo,
    make_planning_brief,
)

pytestmark = pytest.mark.django_db

Status, Answer = Action.Status, ActionUpdate.Answer
HTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(autouse=True)
def english():
    """The source of every text, so that the tests do not depend on its translation."""
    with translation.override("en"):
        yield


@pytest.fixture
def edition(program):
    """An area with an ambition with a strategy, and an area without anything."""
    return make_edition(
        program=program,
        state=Edition.State.ADOPTED,
        clauses=[
            {"heading": "Natur", "slug": "natur"},
            {"heading": "Stråk", "slug": "strak", "level": 2},
            {"heading": "Vandra längs ån", "slug": "vandra", "level": 3},
            {"heading": "Centrum", "slug": "centrum"},
        ],
    )


def page_of(client, url: str):
    """The parsed page; strict, so that broken HTML fails every test."""
    response = client.get(url)
    assert response.status_code == 200
    return html5lib.HTMLParser(strict=True).parse(response.content.decode())


def words_in(element) -> str:
    words = " ".join(" ".join(element.itertext()).split())
    return re.sub(r" ([,.:])", r"\1", words)


def by_class(page, name: str) -> list:
    return [each for each in page.iter() if name in (each.get("class") or "").split()]


def titles(page) -> list[str]:
    return [words_in(each) for each in by_class(page, "rows__title")]


def links(page) -> list[str]:
    return [each.get("href") for each in page.iter(f"{HTML}a")]


def list_of(program) -> str:
    return reverse("programs:program_actions", args=[program.slug])


def queries(client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# --- The list ------------------------------------------------------------------------------------


def test_action_list_has_open_actions_first_and_completed_last(client, program):
    for status in (Status.COMPLETED, Status.NOT_POSSIBLE, Status.PAUSED, Status.PLANNED):
        make_action(program=program, title=status, status=status, reason="Därför.")
    make_action(program=program, title="later", status=Status.ONGOING, due="2031")
    make_action(program=program, title="sooner", status=Status.ONGOING, due="hösten 2030")
    make_action(title="in another program")

    page = page_of(client, list_of(program))

    assert titles(page) == ["sooner", "later", "planned", "paused", "not_possible", "completed"]
    assert [words_in(heading) for heading in page.iter(f"{HTML}h2")][:2] == [
        "Ongoing 2",
        "Planned 1",
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "completed", "completed": "2013"}, "done 2013"),
        ({"status": "completed"}, "done, date unknown"),
        ({"status": "completed", "continuous": True}, "runs continuously"),
        (
            {"continuous": True, "status": "ongoing", "started": "2013"},
            "runs continuously since 2013",
        ),
        ({"due": "hösten 2127"}, "planned for autumn 2127"),
        ({"due": "hösten 2013"}, "was planned for autumn 2013"),
        ({"due": "2127", "status": "paused", "reason": "Inga pengar."}, "was planned for 2127"),
        ({"status": "ongoing", "started": "april 2026"}, "since April 2026"),
        ({"status": "ongoing", "started": "2026", "due": "2127"}, "since 2026, planned for 2127"),
        ({"started": "2127"}, "starts 2127"),
        ({}, "no date set"),
    ],
)
def test_action_row_says_when_in_words(client, program, fields, words):
    with translation.override("sv"):
        make_action(program=program, **fields)

    (row,) = [each for each in page_of(client, list_of(program)).iter(f"{HTML}li") if titles(each)]

    assert words_in(by_class(row, "meta")[-1]).lower() == f"responsible unknown · {words}".lower()


def test_action_row_shows_what_it_serves_and_everyone_responsible(client, program, edition):
    make_action(
        program=program,
        clause=edition.clauses.get(slug="vandra"),
        responsible=[make_organisation(name="Byalaget"), make_organisation(name="Vattenrådet")],
        is_quick_fix=True,
    )

    row = words_in(by_class(page_of(client, list_of(program)), "rows")[0])

    assert "1.1.1 · Natur" in row
    assert "Byalaget, Vattenrådet · no date set" in row
    assert "Planned" in row


def test_action_list_never_shows_a_draft(client, program):
    draft = make_edition(program=program, clauses=["Hemligt område"])
    action = make_action(program=program, clause=draft.clauses.get())

    for url in (list_of(program), reverse("programs:actions"), action.get_absolute_url()):
        assert "Hemligt område" not in client.get(url).content.decode()


def test_action_list_of_the_municipality_says_where(client, program):
    make_action(program=program, title="I programmet")
    place = make_locality(name="Fammarp")
    make_action(program=None, locality=place, title="Utan program")

    page = page_of(client, reverse("programs:actions"))

    assert titles(page) == ["I programmet", "Utan program"]
    rows = words_in(by_class(page, "rows")[0])
    assert program.name in rows
    assert "Fammarp" in rows


def test_action_list_counts_all_by_status_whatever_the_filters(client, program):
    make_action(program=program, status=Status.COMPLETED)
    make_action(program=program, status=Status.COMPLETED)
    make_action(program=program)
    make_action()

    page = page_of(client, list_of(program) + "?status=planned")

    facts = [words_in(each) for each in by_class(page, "facts")[0]]
    assert facts == ["Planned 1", "Completed 2"]
    assert "1 of 3" in words_in(page)


def test_action_list_says_when_it_was_last_changed(client, program):
    action = make_action(program=program)
    last_year = timezone.now() - datetime.timedelta(days=365)
    Action.objects.update(updated_at=last_year)
    assert client.get(list_of(program)).context["updated_at"] == last_year

    entry = make_action_update(action=action)

    assert client.get(list_of(program)).context["updated_at"] == entry.created_at


def test_action_list_without_rows_says_what_to_expect(client, program):
    page = page_of(client, list_of(program))

    assert titles(page) == []
    assert len(by_class(page, "empty")) == 1
    assert list(page.iter(f"{HTML}form"))[1:] == []  # only the site's search


def test_action_list_with_filters_that_find_nothing_leads_back(client, program):
    make_action(program=program)

    page = page_of(client, list_of(program) + "?q=finnsinte")

    assert "?" in links(by_class(page, "empty")[0])


# --- Filters -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("omrade=natur", ["in area", "in strategy"]),
        ("omrade=centrum", []),
        ("status=completed", ["in area"]),
        ("ansvarig=byalaget", ["in strategy"]),
        ("ar=2011", ["in area"]),
        ("ar=2012", ["in strategy"]),
        ("ar=2013", ["in area"]),
        ("ar=2014", ["without clause"]),
        ("q=ÖSTRA+bron", ["in strategy"]),
        ("q=östra+skogen", []),
        ("omrade=natur&ansvarig=byalaget", ["in strategy"]),
        ("status=planned&status=completed", ["in area"]),
    ],
)
def test_action_filters_narrow_the_list(client, program, edition, query, found):
    make_action(
        program=program,
        title="in area",
        clause=edition.clauses.get(slug="natur"),
        status=Status.COMPLETED,
        started="hösten 2011",
        completed="2013-12-31",
    )
    make_action(
        program=program,
        title="in strategy",
        clause=edition.clauses.get(slug="vandra"),
        description="Östra bron över ån.",
        responsible=[make_organisation(slug="byalaget"), make_organisation(slug="skolan")],
        started="2012",
    )
    make_action(program=program, title="without clause", due="2014-01-01")

    assert sorted(titles(page_of(client, f"{list_of(program)}?{query}"))) == found


def test_action_filters_of_the_municipality_include_program_and_place(client, program, edition):
    place = make_locality(slug="fammarp")
    make_action(program=program, title="in program", clause=edition.clauses.get(slug="strak"))
    make_action(program=None, locality=place, title="in place")
    url = reverse("programs:actions")

    assert titles(page_of(client, f"{url}?program={program.slug}")) == ["in program"]
    assert titles(page_of(client, f"{url}?ort=fammarp")) == ["in place"]
    assert titles(page_of(client, f"{url}?program={program.slug}&omrade=natur")) == ["in program"]


WRONG = [
    "omrade=finns-inte",
    "status=kanske",
    "ansvarig=%27--",
    "ar=tjugo",
    "ar=-1",
    "ar=99999999999999999999999",
    "q=" + "x" * 101,
    "status=bogus&omrade=%00",
]


@pytest.mark.parametrize("query", [*WRONG, "program=finns-inte", "ort=%00"])
def test_wrong_action_filter_is_told_at_its_field_and_filters_nothing(client, edition, query):
    make_action(program=edition.program, title="still here")
    urls = [reverse("programs:actions")]
    if query in WRONG:
        urls.append(list_of(edition.program))

    for url in urls:
        page = page_of(client, f"{url}?{query}")
        assert titles(page) == ["still here"]
        name = query.rsplit("&", 1)[-1].partition("=")[0]
        (field,) = [each for each in page.iter() if each.get("id") == f"f-{name}"]
        assert field.get("aria-invalid") == "true"
        assert f"#f-{name}" in links(by_class(page, "error-summary")[0])


@pytest.mark.parametrize("number", ["0", "-3", "x", "99999999999999999999999", "%00"])
def test_action_list_with_an_impossible_page_number_shows_rows(client, program, number):
    make_action(program=program)

    assert len(titles(page_of(client, f"{list_of(program)}?sida={number}"))) == 1


def test_action_list_passes_on_its_filters_to_files_and_pages(client, program):
    for number in range(25):
        make_action(program=program, title=f"Lekplats {number}")

    page = page_of(client, f"{list_of(program)}?q=lekplats&status=bogus")

    found = links(page)
    for form in ("csv", "xlsx", "atom"):
        assert f"/atgarder.{form}?program={program.slug}&q=lekplats" in found
    assert len(titles(page)) == 20
    assert any("q=lekplats" in each and "sida=2" in each for each in found)


def test_action_filter_form_serves_files_without_a_page(rf, program, edition):
    wanted = make_action(program=program, clause=edition.clauses.get(slug="vandra"))
    make_action(program=program)
    request = rf.get("/atgarder.csv", {"program": program.slug, "omrade": "natur"})

    assert list(ActionFilterForm(request).narrow(Action.objects.all())) == [wanted]


# --- The completed list --------------------------------------------------------------------------


def test_completed_list_groups_by_year_with_unknown_and_continuous_last(client, program):
    for title, fields in {
        "unknown": {},
        "runs": {"continuous": True},
        "old": {"completed": "2013-05-01"},
        "new": {"completed": "hösten 2024"},
        "same year": {"completed": "2013"},
    }.items():
        make_action(program=program, title=title, status=Status.COMPLETED, **fields)
    make_action(program=program, title="not done")
    url = reverse("programs:completed", args=[program.slug])

    response = client.get(url)

    groups = [
        (group.title, [row.action.title for row in group.rows])
        for group in response.context["groups"]
    ]
    assert groups == [
        ("2024", ["new"]),
        ("2013", ["old", "same year"]),
        ("Date unknown", ["unknown"]),
        ("Runs continuously", ["runs"]),
    ]
    page = page_of(client, url)
    headings = [words_in(each) for each in page.iter(f"{HTML}h2")]
    assert headings[:4] == [title for title, _rows in groups]


def test_completed_list_filters_by_year_done_and_responsible(client, program):
    make_action(
        program=program,
        title="by them",
        status=Status.COMPLETED,
        started="2012",
        completed="2013",
        responsible=[make_organisation(slug="byalaget")],
    )
    make_action(program=program, title="other", status=Status.COMPLETED, completed="2012")
    url = reverse("programs:completed", args=[program.slug])

    def found(query):
        groups = client.get(url + query).context["groups"]
        return [row.action.title for group in groups for row in group.rows]

    assert found("?ar=2013") == ["by them"]
    assert found("?ar=2012") == ["other"]
    assert found("?ansvarig=byalaget") == ["by them"]
    assert found("?ansvarig=finns-inte") == ["by them", "other"]
    files = links(page_of(client, url + "?ansvarig=byalaget&ar=2013"))
    assert f"/atgarder.csv?program={program.slug}&status=completed&ansvarig=byalaget" in files


def test_completed_list_shows_a_picture_where_there_is_one(client, program):
    with_picture = make_action(program=program, status=Status.COMPLETED, result="Det blev bra.")
    make_photo(action=with_picture, alt="Bron i kvällssol")
    broken = make_action(program=program, status=Status.COMPLETED)
    make_photo(action=broken).image.delete(save=False)

    page = page_of(client, reverse("programs:completed", args=[program.slug]))

    (picture,) = by_class(page, "card-grid__image")
    assert picture.get("alt") == "Bron i kvällssol"
    assert picture.get("width").isdigit()
    assert picture.get("height").isdigit()
    assert len(by_class(page, "card-grid__title")) == 2


def test_completed_list_without_rows_says_what_to_expect(client, program):
    make_action(program=program)

    page = page_of(client, reverse("programs:completed", args=[program.slug]))

    assert len(by_class(page, "empty")) == 1


# --- One action ----------------------------------------------------------------------------------


def test_action_has_one_address(client, program, other_program):
    action = make_action(program=program)
    own = make_action(program=None)

    moved = client.get(f"/atgarder/{action.pk}/")
    assert (moved.status_code, moved.headers["Location"]) == (301, action.get_absolute_url())
    assert action.get_absolute_url() == f"/program/{program.slug}/atgarder/{action.pk}/"
    assert client.get(own.get_absolute_url()).status_code == 200
    assert own.get_absolute_url() == f"/atgarder/{own.pk}/"
    for wrong in (
        f"/program/{other_program.slug}/atgarder/{action.pk}/",
        f"/program/{program.slug}/atgarder/{own.pk}/",
        f"/program/finns-inte/atgarder/{action.pk}/",
        "/atgarder/999999/",
    ):
        assert client.get(wrong).status_code == 404


def test_action_page_tells_all_that_is_known(client, program, edition):
    strategy = edition.clauses.get(slug="vandra")
    event = make_event(program=program, title="Stormötet i mars")
    action = make_action(
        program=program,
        clause=strategy,
        status=Status.PAUSED,
        reason="Marken är inte köpt.",
        description="En stig <b>längs</b> ån.",
        due="hösten 2027",
        budget=210000,
        budget_note="Ur budgeten för 2027.",
        is_quick_fix=True,
        applicant=make_organisation(name="Sökande förening"),
        from_event=event,
        decision=make_decision(
            program=program,
            title="Vi bygger stigen",
            body=make_deciding_body(name="Kommunstyrelsen"),
            decided="2013-09-03",
            section="231",
            case_number="KS 2012/0418",
        ),
        responsible=[make_organisation(name="Byalaget"), make_organisation(name="Skolan")],
    )
    action.partners.add(make_organisation(name="Idrottsklubben"))

    page = page_of(client, action.get_absolute_url())

    said = words_in(page)
    assert [words_in(each) for each in page.iter(f"{HTML}h1")] == [action.title]
    assert "Why it is paused Marken är inte köpt." in said
    assert "En stig <b>längs</b> ån." in said
    for name in ("Byalaget", "Skolan", "Idrottsklubben", "Applied for by Sökande förening"):
        assert name in said
    assert "210\u00a0000\u00a0kr" in "".join(page.itertext())
    assert "Ur budgeten för 2027." in said
    assert "Vi bygger stigen Kommunstyrelsen 3 September 2013, § 231, KS 2012/0418" in said
    assert {
        strategy.get_absolute_url(),
        f"{edition.get_absolute_url()}#natur",
        event.get_absolute_url(),
    } <= set(links(page))


def test_action_page_says_what_is_not_known(client):
    association = make_organisation(kind=Organisation.Kind.ASSOCIATION)
    department = make_organisation(kind=Organisation.Kind.ADMINISTRATION)
    pages = {
        who: words_in(page_of(client, make_action(program=None, responsible=of).get_absolute_url()))
        for who, of in {
            "nobody": [],
            "association": [association],
            "both": [association, department],
        }.items()
    }

    assert "Responsible Unknown" in pages["nobody"]
    assert all("No decision is recorded." in page for page in pages.values())
    assert [who for who, page in pages.items() if "may not need one" in page] == ["association"]
    assert all("No date set" in page for page in pages.values())


def test_action_log_is_a_story_from_the_latest(client, program):
    action = make_action(program=program)
    trafikverket = make_organisation(name="Trafikverket")
    for dated, answer, text in [
        (None, Answer.PROGRESS, "nobody knows when"),
        ("2013", Answer.PROGRESS, "we ask"),
        ("2014", Answer.NO, "they refuse"),
        ("2014", Answer.PROGRESS, "we ask again"),
        ("2015-02-01", Answer.YES, "they agree"),
        ("2015-02-01", Answer.DONE, "it is there"),
    ]:
        make_action_update(
            action=action, dated=dated, answer=answer, text=text, organisation=trafikverket
        )

    (log,) = by_class(page_of(client, action.get_absolute_url()), "log")

    assert [words_in(entry) for entry in log.iter(f"{HTML}li")] == [
        "1 February 2015 Done it is there Trafikverket",
        "1 February 2015 Said yes they agree Trafikverket",
        "2014 Tried again after the no we ask again Trafikverket",
        "2014 Said no they refuse Trafikverket",
        "2013 we ask Trafikverket",
        "date unknown nobody knows when Trafikverket",
    ]


def test_action_page_shows_photos_with_size_caption_and_credit(client, program):
    action = make_action(program=program, status=Status.COMPLETED, result="Klart.")
    make_photo(action=action, alt="Bron", caption="Nya bron", credit="Eva Ek", taken="2013")
    make_photo(action=action, alt="", is_decorative=True)
    make_photo(action=action, alt="Borta").image.delete(save=False)

    page = page_of(client, action.get_absolute_url())

    figures = by_class(page, "photo")
    pictures = [picture for figure in figures for picture in figure.iter(f"{HTML}img")]
    assert [picture.get("alt") for picture in pictures] == ["Bron", ""]
    assert [(each.get("width"), each.get("height")) for each in pictures] == [("8", "6")] * 2
    assert [words_in(each) for each in figures] == ["Nya bron · 2013 · Photo: Eva Ek", ""]
    assert pictures[0].get("src").startswith("/media/photos/")


def test_action_page_lists_documents_also_those_not_kept(client, program):
    action = make_action(program=program)
    make_document(action=action, title="Ritning", url="https://example.se/ritning.pdf")
    make_document(
        action=action,
        title="Gammal skiss",
        url="",
        is_accessible=False,
        inaccessible_reason="Den är inskannad.",
    )

    (listed,) = by_class(page_of(client, action.get_absolute_url()), "doc-list")

    assert "https://example.se/ritning.pdf" in links(listed)
    assert "not kept here" in words_in(listed)
    assert "Den är inskannad." in words_in(listed)


# --- The chain -----------------------------------------------------------------------------------


def chain_in(page) -> list[tuple[str, list[str], bool]]:
    """Each link: its words, its addresses, and whether it is the page itself."""
    (chain,) = by_class(page, "chain")
    return [
        (words_in(each), links(each), each.get("aria-current") == "step")
        for each in by_class(chain, "chain__link")
    ]


def test_chain_can_be_followed_from_idea_to_result_and_back(client, program):
    action = make_action(
        program=program,
        title="Statyn rustas",
        status=Status.COMPLETED,
        completed="2017",
        result="Fontänen spelar igen.",
    )
    idea = make_idea(
        program=program,
        title="Rusta statyn",
        received="2015",
        action=action,
        outcome="became_action",
        reply="Ja.",
    )
    brief = make_planning_brief(
        program=program,
        budget_year=2017,
        decision=make_decision(body=make_deciding_body(name="KF"), decided="2016-06-14"),
    )
    make_brief_item(brief=brief, idea=idea, rank=1, outcome=BriefItem.Outcome.GRANTED)

    expected = [
        ("Idé Rusta statyn 2015", idea.get_absolute_url()),
        (
            "Budgetunderlag Budget year 2017 priority 1 · granted · KF 14 June 2016",
            f"/program/{program.slug}/ideer/#underlag-2017",
        ),
        ("Åtgärd Statyn rustas Completed", action.get_absolute_url()),
        ("Completed Fontänen spelar igen. done 2017", f"{action.get_absolute_url()}#resultat"),
    ]
    for here, page in enumerate([idea.get_absolute_url(), None, action.get_absolute_url()]):
        if page:
            assert chain_in(page_of(client, page)) == [
                (words, [] if number == here else [url], number == here)
                for number, (words, url) in enumerate(expected)
            ]
    assert 'id="underlag-2017"' in client.get(expected[1][1]).content.decode()
    assert 'id="resultat"' in client.get(expected[3][1]).content.decode()


def test_chain_gathers_every_public_idea_that_led_to_the_action(client, program):
    action = make_action(program=program)
    answered = {"outcome": "became_action", "reply": "Ja.", "action": action}
    first = make_idea(title="first", received="2015", **answered)
    second = make_idea(title="second", received="2016", **answered)
    make_idea(title="refused", state=VoiceState.REFUSED, state_reason="Nej", **answered)
    merged = {"outcome": "merged", "reply": "Samma."}
    make_idea(title="merged", received="2017", merged_into=second, **merged)
    hidden = make_idea(
        title="hidden", state=VoiceState.HIDDEN, state_reason="Namn", merged_into=second, **merged
    )
    make_idea(title="merged with a hidden one", received="2018", merged_into=hidden, **merged)

    for url in (action.get_absolute_url(), first.get_absolute_url()):
        ideas, _addresses, _here = chain_in(page_of(client, url))[0]
        assert ideas == (
            "Idé first 2015 second 2016 merged 2017 · merged merged with a hidden one 2018 · merged"
        )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"due": "2127"}, "Completed Later: planned for 2127"),
        ({"due": "2013"}, "Completed Later"),
        ({"status": "paused", "reason": "Väntar."}, "Completed Later: paused for now"),
        ({"status": "not_possible", "reason": "Nej."}, "Completed Not possible"),
        ({"continuous": True}, "Completed Runs continuously, without an end"),
    ],
)
def test_chain_says_in_words_what_is_not_reached(client, fields, words):
    chain = chain_in(page_of(client, make_action(**fields).get_absolute_url()))

    assert [each[0] for each in chain[:2]] == [
        "Idé None is recorded",
        "Budgetunderlag None is recorded",
    ]
    assert chain[3][0] == words


# --- As many queries whatever the data ------------------------------------------------------------


def test_action_lists_cost_the_same_for_one_row_and_many(client, program, edition):
    clauses = list(edition.clauses.all())
    draft = make_clauses(make_edition(program=program), ["Utkast"])

    def add(number):
        action = make_action(
            program=program,
            clause=[*clauses, *draft, None][number % 6],
            status=Status.COMPLETED if number % 2 == 0 else Status.ONGOING,
            completed="2013" if number % 2 == 0 else None,
            responsible=[make_organisation(), make_organisation()],
        )
        make_action_update(action=action)
        make_photo(action=action)

    urls = [
        list_of(program),
        f"{list_of(program)}?omrade=natur",
        reverse("programs:actions"),
        reverse("programs:completed", args=[program.slug]),
    ]
    add(2)

    def cost():
        for url in urls:
            client.get(url)  # the first visit draws the pictures
        return [queries(client, url) for url in urls]

    few = cost()
    for number in range(36):
        add(number)
    many = cost()

    assert few == many
    assert max(many) <= 12


def test_action_page_costs_the_same_whatever_it_shows(client, program, edition):
    action = make_action(program=program, clause=edition.clauses.get(slug="vandra"))

    def add():
        make_action_update(action=action, organisation=make_organisation())
        make_photo(action=action)
        make_document(action=action)
        action.responsible.add(make_organisation())
        action.partners.add(make_organisation())
        idea = make_idea(action=action, outcome="became_action", reply="Ja.")
        make_idea(merged_into=idea, outcome="merged", reply="Samma.")
        brief = make_planning_brief(program=program, decision=make_decision())
        make_brief_item(brief=brief, idea=idea)

    url = action.get_absolute_url()
    add()
    client.get(url)
    few = queries(client, url)
    for _number in range(30):
        add()
    client.get(url)

    assert queries(client, url) == few
    assert few <= 14


def test_action_pages_have_headings_in_order_and_ids_once(client, program, edition):
    action = make_action(
        program=program,
        clause=edition.clauses.get(slug="vandra"),
        status=Status.COMPLETED,
        result="Klart.",
    )
    make_action_update(action=action)
    make_document(action=action)
    make_photo(action=action)
    make_action(program=program)

    for url in (
        list_of(program),
        reverse("programs:actions"),
        reverse("programs:completed", args=[program.slug]),
        action.get_absolute_url(),
    ):
        page = page_of(client, url)
        levels = [
            int(each.tag[-1])
            for each in page.iter()
            if isinstance(each.tag, str) and re.fullmatch(rf"{re.escape(HTML)}h[1-6]", each.tag)
        ]
        assert (levels[0], levels.count(1)) == (1, 1)
        assert all(after <= before + 1 for before, after in pairwise(levels))
        ids = [each.get("id") for each in page.iter() if each.get("id")]
        assert len(ids) == len(set(ids))
