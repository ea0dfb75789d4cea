import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from portal.views.search import HITS_PER_KIND, excerpt, find, marked, plain
from programs.models import Edition, VoiceState
from tests.factories import (
    make_action,
    make_decision,
    make_document,
    make_edition,
    make_event,
    make_idea,
    make_locality,
    make_program,
)

pytestmark = [pytest.mark.django_db, pytest.mark.searches]


def titles(words: str) -> dict[str, list[str]]:
    """What is found, by kind, without the marks."""
    return {
        str(kind.name): [html.unescape(re.sub("</?mark>", "", hit.title)) for hit in kind.hits]
        for kind in find(words)
    }


def found(words: str) -> list[str]:
    return [title for kind in titles(words).values() for title in kind]


def search(client, words: str):
    response = client.get("/sok/", {"q": words})
    assert response.status_code == 200
    return response


# What is found


def test_search_finds_over_every_kind():
    place = make_locality(name="Getinge", description="Här finns belysning.")
    program = make_program(name="Framtid Getinge", summary="Vi vill ha belysning.", locality=place)
    make_edition(
        program=program,
        state=Edition.State.ADOPTED,
        clauses=[{"heading": "Trygghet", "text": "Mer belysning."}],
    )
    make_action(program=program, title="Elljusspår", description="Ny belysning.")
    make_idea(program=program, title="Mörkt", text="Vi saknar belysning.")
    make_event(program=program, title="Trygghetsvandring", notes="Saknad belysning.")
    make_document(program=program, title="Karta", note="Visar belysning.")

    assert titles("belysning") == {
        gettext("Places"): ["Getinge"],
        gettext("Programs"): ["Framtid Getinge"],
        gettext("Actions"): ["Elljusspår"],
        gettext("Ideas"): ["Mörkt"],
        gettext("Meetings"): ["Trygghetsvandring"],
        gettext("The programs' texts"): ["1 Trygghet"],
        gettext("Documents"): ["Karta"],
    }


@pytest.mark.parametrize("field", ["title", "description", "result"])
def test_search_reads_every_text_of_an_action(field):
    make_action(**{"title": "Annat", field: "Badbryggan är ny"})

    assert len(found("badbryggan")) == 1


@pytest.mark.parametrize("field", ["title", "text", "reply"])
def test_search_reads_every_text_of_an_idea(field):
    outcome = {"outcome": "no", "reply": "Nej."} if field == "reply" else {}
    make_idea(**{"title": "Annat", **outcome, field: "Badbryggan är ny"})

    assert len(found("badbryggan")) == 1


@pytest.mark.parametrize("field", ["title", "description", "notes", "place"])
def test_search_reads_every_text_of_an_event(field):
    make_event(**{"title": "Annat", field: "Badbryggan är ny"})

    assert len(found("badbryggan")) == 1


def test_search_asks_for_all_the_words_in_any_order():
    make_action(title="Ny badbrygga vid sjön")
    make_action(title="Ny lekplats")

    assert found("badbrygga ny") == ["Ny badbrygga vid sjön"]
    assert found("ny brandstation") == []


def test_search_takes_quoted_words_as_a_phrase():
    make_action(title="Cykelväg till skolan")
    make_action(title="Skolan till cykelväg")

    assert found('"cykelväg till skolan"') == ["Cykelväg till skolan"]
    assert found("”cykelväg till skolan”") == ["Cykelväg till skolan"]
    assert sorted(found("cykelväg skolan")) == ["Cykelväg till skolan", "Skolan till cykelväg"]


@pytest.mark.parametrize("words", ["Badbrygga", "badbrygga", "BADBRYGGA", "  badbrygga  "])
def test_search_does_not_mind_case_or_spaces(words):
    make_action(title="Badbrygga")

    assert found(words) == ["Badbrygga"]


def test_search_finds_a_word_from_its_beginning():
    make_action(title="Cykelvägen till Getinge")

    assert found("cykel") == ["Cykelvägen till Getinge"]
    assert found("getinge cykel") == ["Cykelvägen till Getinge"]


def test_search_does_not_find_a_word_from_its_middle():
    make_action(title="Cykelvägen")

    assert found("vägen") == []


# SQLite has no Swedish stemmer; there a word is found from its beginning.
@pytest.mark.postgres
@pytest.mark.parametrize("words", ["lekplatsen", "lekplatser", "lekplats", "lekplatserna"])
def test_search_finds_every_inflection(words):
    make_action(title="Två lekplatser")

    assert found(words) == ["Två lekplatser"]


def test_search_finds_nothing_twice():
    make_action(title="Cykelväg", description="En cykelväg med cykelställ.")

    assert found("cykelväg") == ["Cykelväg"]


def test_search_shows_some_of_many_and_says_that_there_are_more():
    for number in range(HITS_PER_KIND):
        make_action(title=f"Bänk {number}")
    [kind] = find("bänk")
    assert (len(kind.hits), kind.more) == (HITS_PER_KIND, False)

    make_action(title="Bänk till")

    [kind] = find("bänk")
    assert (len(kind.hits), kind.more) == (HITS_PER_KIND, True)


def test_search_follows_a_change_and_a_removal():
    action = make_action(title="Bänk")
    action.title = "Badbrygga"
    action.save()
    assert (found("bänk"), found("badbrygga")) == ([], ["Badbrygga"])

    action.delete()

    assert found("badbrygga") == []


# What is never found


@pytest.mark.parametrize("state", [s for s in VoiceState if s != VoiceState.PUBLISHED])
@pytest.mark.parametrize("words", ["hemlig", "hemligheten", '"hemligheten här"'])
def test_search_never_finds_a_voice_that_is_not_public(client, state, words):
    make_idea(
        title="Hemligheten här",
        text="Hemligheten här.",
        reply="Hemligheten här.",
        state=state,
        state_reason="Hot",
    )

    page = search(client, words)

    assert page.context["kinds"] == []
    assert "<mark>" not in page.content.decode()


def test_search_loses_an_idea_that_is_hidden_afterwards():
    idea = make_idea(title="Hemligheten")
    assert found("hemligheten") == ["Hemligheten"]

    idea.state, idea.state_reason = VoiceState.HIDDEN, "Personuppgifter"
    idea.save()

    assert found("hemligheten") == []


def test_search_never_reads_names_and_addresses():
    make_idea(author_name="Hemlig Person", author_email="hemlig@example.se", show_name=True)
    make_idea(state_reason="hemlig", outcome_note="hemlig")

    assert find("hemlig") == []


def test_search_finds_the_text_in_force_only():
    program = make_program()
    superseded = make_edition(
        program=program, clauses=[{"heading": "Torget", "slug": "gammalt"}], number=1
    )
    superseded.adopt()
    make_edition(
        program=program,
        number=2,
        state=Edition.State.ADOPTED,
        clauses=[{"heading": "Torget", "slug": "gällande", "text": "I kraft"}],
    )
    make_edition(program=program, number=3, clauses=[{"heading": "Torget", "text": "Utkast"}])

    [kind] = find("torget")

    assert [str(hit.excerpt) for hit in kind.hits] == ["I kraft"]


def test_search_finds_a_draft_from_the_day_it_is_adopted():
    edition = make_edition(clauses=["Torget"])
    assert found("torget") == []

    edition.adopt()

    assert found("torget") == ["1 Torget"]


def test_search_never_finds_a_document_of_a_draft():
    edition = make_edition(clauses=["Torget"])
    make_document(title="Förslaget", program=edition.program, edition=edition)
    assert found("förslaget") == []

    edition.adopt()

    assert found("förslaget") == ["Förslaget"]


# How it is shown


def test_search_marks_the_words_and_leads_to_the_row(client):
    action = make_action(title="Ny badbrygga", description="Bryggan och badbryggans räcke.")

    page = search(client, "badbrygga").content.decode()

    assert f'<a href="{action.get_absolute_url()}">Ny <mark>badbrygga</mark></a>' in page
    assert "Bryggan och <mark>badbryggans</mark> räcke." in page
    assert action.locality.name in page


def test_search_page_keeps_the_words_and_is_kept_out_of_other_indexes(client):
    page = search(client, 'badbrygga "vid ån"').content.decode()

    assert 'value="badbrygga &quot;vid ån&quot;"' in page
    assert '<meta name="robots" content="noindex">' in page
    assert gettext("Nothing was found") in page


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("Bad & brygga", "bad", "<mark>Bad</mark> &amp; brygga"),
        ("<b>bad</b>", "bad", "&lt;b&gt;<mark>bad</mark>&lt;/b&gt;"),
        (
            "<script>bad</script>",
            "script",
            "&lt;<mark>script</mark>&gt;bad&lt;/<mark>script</mark>&gt;",
        ),
        ("a & b amp", "amp", "a &amp; b <mark>amp</mark>"),
        ("Bad", "(bad", "<mark>Bad</mark>"),
        ("Bad.*", ".*", "Bad.*"),
        ("åäö", "ÅÄÖ", "<mark>åäö</mark>"),
        ("ett b", "b", "ett b"),
        ("", "bad", ""),
    ],
)
def test_marked_text_is_escaped(text, words, shown):
    assert marked(text, words) == shown


@given(st.text(max_size=60), st.text(max_size=30))
@example("<mark>", "mark")
@example("&lt;", "lt")
def test_marked_text_is_the_text_and_nothing_but_marks(text, words):
    shown = marked(text, words)

    assert html.unescape(shown.replace("<mark>", "").replace("</mark>", "")) == text
    assert "<" not in shown.replace("<mark>", "").replace("</mark>", "")


@given(st.text(max_size=600), st.text(max_size=30))
def test_excerpt_is_short_and_escaped(text, words):
    shown = excerpt(text, words)

    plain_text = html.unescape(re.sub("</?mark>", "", shown))
    assert len(plain_text) <= 180 + len("…  …")
    assert "<" not in re.sub("</?mark>", "", shown)


def test_excerpt_stands_around_the_word():
    text = f"{'ord ' * 200}badbrygga {'ord ' * 200}"

    shown = excerpt(text, "badbrygga")

    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "<mark>badbrygga</mark>" in shown


def test_hit_of_a_document_without_file_or_link_leads_to_what_it_is_of():
    program = make_program()
    make_document(title="Okända originalet", program=program, url="")

    [kind] = find("originalet")

    assert kind.hits[0].url == program.get_absolute_url()


def test_hit_of_a_decisions_document_is_shown_without_an_address(client):
    make_document(title="Okända originalet", program=None, decision=make_decision(), url="")

    page = search(client, "originalet").content.decode()

    assert "<h3>Okända <mark>originalet</mark></h3>" in page


def test_search_takes_as_many_queries_for_one_hit_as_for_many(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            search(client, "bänk")
        return len(captured)

    def grow() -> None:
        edition = make_edition(state=Edition.State.ADOPTED, clauses=["Bänk"])
        program = edition.program
        make_locality(name="Bänk")
        make_program(name="Bänk")
        for make in (make_action, make_idea, make_event, make_document):
            make(program=program, title="Bänk")
        make_document(title="Bänk", program=None, event=make_event(), url="")
        make_document(title="Bänk", program=None, action=make_action(), url="")

    grow()
    for_one = queries()
    for _row in range(4):
        grow()

    assert queries() == for_one


# What people may type


ODD = [
    "\x00",
    "bad\x00brygga",
    "a" * 10_000,
    "ord " * 2_500,
    '"',
    '""',
    '"""',
    "“”",
    "' ' '",
    'foo"bar',
    '"foo',
    'foo" "bar',
    "AND",
    "OR",
    "NOT",
    "NEAR",
    "bad AND",
    "AND OR NOT",
    "bad NEAR brygga",
    "NEAR(bad brygga, 5)",
    "bad*",
    "*",
    "^bad",
    "-",
    "- -",
    "-bad",
    "bad-brygga",
    "()",
    "(bad",
    "bad)",
    "{title} : bad",
    "title:bad",
    "title : ",
    "bad + brygga",
    ":*",
    "bad:*",
    "bad & !brygga",
    "bad <-> brygga",
    "|",
    "!",
    "\\",
    "bad\\",
    "'; DROP TABLE programs_action; --",
    "%",
    "%s",
    "100%",
    "100% bad",
    "%(x)s",
    "{}",
    "_",
    "a_b",
    "½",
    "²",
    "ß",
    "İ",
    "ﬁ",
    "日本語",
    "🏊 bad",
    "\u200b",
    "e\u0301",
    "fo\u0308rening",
    "\ud7ff",
    "\u202e",
    "\t\r\n",
    " ".join("abcdefghijklmnopqrstuvwxyzåäö" + "abcdefghijklmnopqrst"),
]


@pytest.mark.parametrize("words", ODD, ids=lambda words: ascii(words[:20]))
def test_odd_words_do_no_harm(client, words):
    make_action(title="Badbrygga", description="100% bad & brygga")

    search(client, words)


@pytest.mark.parametrize("words", ["\x00", "a" * 101, "ord " * 2_500])
def test_words_that_cannot_be_searched_for_are_told(client, words):
    response = search(client, words)

    assert response.context["form"].errors != {}
    assert 'class="error-summary' in response.content.decode()
    assert response.context["kinds"] == []


@pytest.mark.parametrize("words", ["", " ", '"', "- -", "*", "_", "()", "🏊"])
def test_words_without_a_letter_find_nothing(client, words):
    make_action(title="Badbrygga")

    assert search(client, words).context["kinds"] == []


@pytest.mark.parametrize("words", ["bad AND", "OR bad", "NOT bad", "bad NEAR", "(bad)", "bad*"])
def test_signs_and_operators_are_words_like_others(words):
    make_action(title="Bad and or not near")

    assert found(words) == ["Bad and or not near"]


@given(st.text(st.characters(exclude_characters="\0"), max_size=100))
@hypothesis_settings(deadline=None)
def test_any_words_can_be_searched_for(words):
    if plain(words):
        assert find(words) == []


SIGNS = st.text(st.sampled_from("abå \"“”*()-+:^{}&|!<>\\'%_,;.~#@½²\u0301"), max_size=40)


@given(SIGNS)
@hypothesis_settings(deadline=None)
def test_any_signs_between_words_do_no_harm(words):
    if plain(words):
        assert find(words) == []
