import gzip
import re
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path

import html5lib
import pytest

from programs.models import Program, VoiceState
from tests.factories import (
    make_action,
    make_clauses,
    make_deciding_body,
    make_decision,
    make_document,
    make_edition,
    make_idea,
    make_locality,
    make_municipality,
    make_process,
    make_program,
)

DEMO = Path(__file__).parents[2] / "portal/demo/halmstad.toml"
HTML_BUDGET = 7_200  # bytes compressed: what the style sheet leaves of 14 kB

TEXT = [
    {"slug": "vi-trivs", "level": 0, "heading": "", "text": "Vi trivs här."},
    {"slug": "nara", "level": 0, "heading": "", "text": "Allt är nära."},
    {"slug": "boende", "heading": "Boende", "youth_voices": "Bygg för oss också."},
    {"slug": "bo-hela-livet", "level": 2, "heading": "", "text": "Man kan bo här hela livet."},
    {"slug": "hus", "level": 3, "heading": "", "text": "Bygg <höga> hus.\n\nVid stationen."},
    {"slug": "fritid", "heading": "Fritid", "text": "Alla har något att göra."},
]


@pytest.fixture
def edition(db):
    return make_edition(state="adopted", clauses=TEXT)


@pytest.fixture
def revised(db):
    """A program whose first text was in force from 2013 to 2019."""
    first = make_edition(
        decision=make_decision(decided="2013-09-03"), state="adopted", clauses=["Boende"]
    )
    make_edition(
        program=first.program,
        decision=make_decision(decided="2019-08-20"),
        state="adopted",
        clauses=["Centrum"],
    )
    return first.program


def text_url(program, number=None):
    return f"/program/{program.slug}/text/" + (f"{number}/" if number else "")


def page_of(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def clause_of(page, slug):
    """The HTML of one clause."""
    start = page.index(f'id="{slug}"')
    return page[start : page.find('<div class="clause clause--', start)]


def words(html):
    return " ".join(re.sub("<[^>]+>|&nbsp;", " ", html).split())


def headings(page):
    return [(int(level), words(text)) for level, text in re.findall(r"<h(\d)[^>]*>(.*?)</h", page)]


def test_text_page_shows_the_edition_in_force(client, revised):
    make_edition(program=revised, clauses=["Hemligt utkast"])

    page = page_of(client, text_url(revised))

    assert (2, "1 Centrum #") in headings(page)
    assert "Boende" not in page
    assert "Hemligt utkast" not in page
    assert "banner--old" not in page
    assert 'aria-current="page">' in page


def test_edition_page_of_the_one_in_force_is_the_same_page(client, revised):
    current, numbered = (page_of(client, text_url(revised, *number)) for number in ((), (2,)))

    # Only the link that tells which page one comes from differs.
    assert current == numbered.replace('/text/2/" rel=', '/text/" rel=')


def test_edition_page_prints_numbers_names_and_permanent_links(client, edition):
    page = page_of(client, text_url(edition.program))

    permanent = f"/program/{edition.program.slug}/text/1/"
    for slug in ("vi-trivs", "nara", "boende", "bo-hela-livet", "hus", "fritid"):
        assert f'id="{slug}"' in page
        assert re.search(
            rf'class="clause__link" href="{permanent}#{slug}" aria-label="[^"]+"', page
        )
    assert words(clause_of(page, "hus")).endswith(
        "Strategi 1.1.1 Bygg &lt;höga&gt; hus. # Tyck till Vid stationen."
    )
    assert "Bygg för oss också." in clause_of(page, "boende")
    assert "Bygg för oss också." not in clause_of(page, "fritid")


def test_edition_page_skips_no_level_of_heading(client, edition):
    page = page_of(client, text_url(edition.program))

    levels = [level for level, _text in headings(page)]
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    # The text of a level that others stand under is their heading.
    assert (3, "Mål 1.1 Man kan bo här hela livet. #") in headings(page)


def test_edition_page_has_no_heading_of_a_long_text(client, db):
    edition = make_edition(
        state="adopted",
        clauses=[
            "Boende",
            {"level": 2, "heading": "", "text": "Man kan bo här. " * 20},
            {"level": 3, "heading": "Hus"},
        ],
    )

    page = page_of(client, text_url(edition.program))

    assert (3, "Strategi 1.1.1 Hus #") in headings(page)
    assert not any("Man kan bo här" in text for _level, text in headings(page))


def test_edition_page_is_valid_and_ids_are_unique(client, edition):
    make_action(program=edition.program, clause=edition.clauses.get(slug="nara"))
    make_document(program=edition.program, edition=edition)

    page = page_of(client, text_url(edition.program))

    html5lib.HTMLParser(strict=True).parse(page)
    assert set(Counter(re.findall(r'\bid="([^"]+)"', page)).values()) == {1}


def test_edition_page_has_a_table_of_contents(client, edition):
    page = page_of(client, text_url(edition.program))

    contents = re.search(r'<nav class="toc".*?</nav>', page, re.DOTALL)[0]
    assert re.findall(r'href="#([^"]+)"', contents) == ["vi-trivs", "boende", "fritid"]


def test_edition_page_lists_actions_and_public_ideas_of_each_clause(client, edition):
    clause = edition.clauses.get(slug="hus")
    actions = [make_action(program=edition.program, clause=clause) for _number in range(2)]
    idea = make_idea(program=edition.program, clause=clause)
    for state in (VoiceState.HELD, VoiceState.REFUSED, VoiceState.HIDDEN):
        make_idea(
            program=edition.program, clause=clause, state=state, state_reason="Skäl", title="Dold"
        )

    page = page_of(client, text_url(edition.program))

    below = clause_of(page, "hus")
    assert "<summary>2 åtgärder · 1 idé</summary>" in below
    for row in (*actions, idea):
        assert f'<a href="{row.get_absolute_url()}">{row.title}</a>' in below
    assert "Dold" not in page
    assert page.count("<summary>") == 2  # the other one is the table of contents
    assert '/atgarder/?omrade=boende">' in clause_of(page, "boende")
    assert "omrade=fritid" not in page


def test_edition_page_says_who_adopted_it_and_when(client, db):
    edition = make_edition(
        state="adopted",
        horizon_year=2033,
        interim_year=2025,
        note="Texten är förkortad.",
        decision=make_decision(
            body=make_deciding_body(name="Kommunstyrelsen"),
            decided="2013-09-03",
            section="231",
            case_number="KS 2012/0418",
            url="https://example.se/protokoll",
        ),
    )

    page = page_of(client, text_url(edition.program))

    header = page[page.index("<h1>") : page.index('class="subnav')]
    assert "kommunstyrelsen" in header.lower()
    assert '<time datetime="2013-09-03">' in header
    for fact in ("§&nbsp;231", "KS 2012/0418", "2033", "2025", "https://example.se/protokoll"):
        assert fact in header
    assert "Texten är förkortad." in page


def test_edition_page_manages_without_any_facts(client, db):
    edition = make_edition(state="adopted")

    page = page_of(client, text_url(edition.program))

    header = page[page.index("<h1>") : page.index('class="subnav')]
    assert "<time" not in header
    assert "None" not in page
    assert 'class="empty' in page
    assert 'class="toc"' not in page


def test_edition_page_lists_its_documents(client, edition):
    document = make_document(
        program=edition.program, edition=edition, is_accessible=False, inaccessible_reason="Skannad"
    )
    known_of = make_document(program=edition.program, edition=edition, url="")
    elsewhere = make_document(program=edition.program)

    page = page_of(client, text_url(edition.program))

    assert f'<a href="{document.url}">{document.title}</a>' in page
    assert "Skannad" in page
    assert f"<h3>{known_of.title}</h3>" in page
    assert elsewhere.title not in page


def test_older_edition_page_says_so_and_leads_to_the_one_in_force(client, revised):
    page = page_of(client, text_url(revised, 1))

    banner = re.search(r'<aside class="banner banner--old".*?</aside>', page, re.DOTALL)[0]
    assert "2013–2019" in banner
    assert f'href="{text_url(revised)}"' in banner
    assert f'href="{text_url(revised, 2)}jamfor/1/"' in banner
    assert "2013–2019" in re.search("<h1>(.*?)</h1>", page)[1]
    assert (2, "1 Boende #") in headings(page)


def test_edition_page_lists_all_public_editions(client, revised):
    make_edition(program=revised, number=3, clauses=["Hemligt utkast"])

    page = page_of(client, text_url(revised))

    listed = page[page.index('id="page:editions"') :]
    assert f'href="{text_url(revised, 1)}"' in listed
    assert f'href="{text_url(revised, 2)}jamfor/1/"' in listed
    assert "2013–2019" in listed
    assert "/text/3/" not in page


def test_edition_page_of_a_draft_or_nothing_is_not_found(client, revised):
    make_edition(program=revised, clauses=["Hemligt utkast"])

    for number in (3, 4, 999999999):
        response = client.get(text_url(revised, number))
        assert response.status_code == 404
        assert "Hemligt utkast" not in response.content.decode()
    assert client.get(text_url(revised, 12345678901)).status_code == 404
    assert client.get("/program/finns-inte/text/").status_code == 404


def test_text_page_without_an_adopted_text_says_what_will_come(client, db):
    program = make_program(status=Program.Status.PREPARATION)
    make_process(program=program, kind="creation")
    make_edition(program=program, clauses=["Hemligt utkast"])

    page = page_of(client, text_url(program))

    assert 'class="empty' in page
    assert 'class="steps-mini"' in page
    assert f"/program/{program.slug}/moten/" in page
    assert "Hemligt utkast" not in page


def test_text_page_of_a_concluded_program_says_so(client, db):
    program = make_program(status=Program.Status.CONCLUDED, ended="2022")
    make_edition(program=program, state="adopted", clauses=TEXT)

    page = page_of(client, text_url(program))

    assert "2022" in re.search(r'<aside class="banner banner--old".*?</aside>', page, re.DOTALL)[0]


def test_edition_page_takes_the_same_queries_for_any_length(
    client, edition, django_assert_num_queries
):
    make_municipality()
    many = make_edition(state="adopted", clauses=[f"Område {number}" for number in range(30)])
    for clause in many.clauses.all():
        make_action(program=many.program, clause=clause)
        make_idea(program=many.program, clause=clause)
        make_document(program=many.program, edition=many)

    for program in (edition.program, many.program):
        with django_assert_num_queries(10):
            client.get(text_url(program))


def test_edition_page_of_sixty_clauses_fits_the_budget(client, db):
    """With real texts, and with actions and ideas as many as a real program has."""
    programs = tomllib.loads(DEMO.read_text())["program"]
    texts = [program["edition"][-1] for program in programs if "edition" in program]
    real = [row for text in texts for row in text["clause"]]
    rows = [
        {"slug": f"{row['key']}-{place}", "level": row["level"], "heading": row.get("heading", ""),
         "text": row.get("text", ""), "youth_voices": row.get("youth_voices", "")}
        for place, row in enumerate(real[:60])
    ]  # fmt: skip
    edition = make_edition(program=make_program(locality=make_locality(name="Getinge")))
    clauses = make_clauses(edition, rows)
    edition.adopt()
    for place, clause in enumerate(clauses[:24]):
        title = real[-place]["key"].replace("-", " ").capitalize()
        make_action(program=edition.program, clause=clause, title=title)
        make_idea(program=edition.program, clause=clause, title=f"{title} snart")

    response = client.get(text_url(edition.program))

    assert response.content.count(b"clause__link") == 60
    assert len(gzip.compress(response.content)) <= HTML_BUDGET
