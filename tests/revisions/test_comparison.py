import html
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.models import Clause
from revisions.comparison import TOKEN, Mark, State, compare, compare_words, walk
from tests.factories import make_decision, make_edition, make_municipality

# --- words


def text_of(words, *marks):
    return "".join(text for mark, text in words.parts if mark in marks)


texts = st.lists(
    st.sampled_from(
        ["torg", "park", "och", "ljus", "Torg", ".", ",", " ", " ", "  ", "\n\n", "<b>", "&amp;"]
    ),
    max_size=14,
).map("".join) | st.text(max_size=30)


@settings(deadline=None)
@given(texts, texts)
def test_words_give_back_both_texts(old, new):
    words = compare_words(old, new)

    assert text_of(words, Mark.KEPT, Mark.DELETED) == old
    assert text_of(words, Mark.KEPT, Mark.INSERTED) == new
    assert all(text for _mark, text in words.parts)


@settings(deadline=None)
@given(texts)
def test_words_of_the_same_text_are_kept(text):
    assert {mark for mark, _text in compare_words(text, text).parts} <= {Mark.KEPT}


@settings(deadline=None)
@given(texts, texts)
def test_words_change_whole(old, new):
    words = compare_words(old, new)

    kept = Counter(TOKEN.findall(" ".join(text for mark, text in words.parts if not mark.value)))
    assert kept <= Counter(TOKEN.findall(old))
    assert kept <= Counter(TOKEN.findall(new))


@settings(deadline=None)
@given(texts, texts)
def test_words_html_is_escaped_and_says_the_same(old, new):
    shown = compare_words(old, new).html

    assert not re.search(r"<(?!/?(ins|del)>|br>)", shown)
    for text, other in ((new, "del"), (old, "ins")):
        alone = re.sub(rf"<{other}>.*?</{other}>", "", shown, flags=re.DOTALL)
        plain = html.unescape(re.sub(r"</?(?:ins|del)>", "", alone.replace("<br>", "\n")))
        assert "".join(plain.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "Planera för fler bostäder inom gångavstånd från affären.",
            "Planera för minst 40 hyresrätter inom gångavstånd från hållplatsen och affären.",
            "Planera för <del>fler bostäder</del> <ins>minst 40 hyresrätter</ins> inom gångavstånd "
            "från <ins>hållplatsen och</ins> affären.",
        ),
        (
            "Driv frågan om en tågstation.",
            "Driv frågan om en tågstation tillsammans med regionen.",
            "Driv frågan om en tågstation <ins>tillsammans med regionen</ins>.",
        ),
        ("Rusta torget. Nu.", "Rusta torget.", "Rusta torget. <del>Nu.</del>"),
        ("Bygg en ny lekplats", "Bygg lekplats", "Bygg <del>en ny</del> lekplats"),
        ("Lek för alla", "Lek, för alla", "Lek<ins>,</ins> för alla"),
        ("", "Ny & <ny>", "<ins>Ny &amp; &lt;ny&gt;</ins>"),
        ("Gammal", "", "<del>Gammal</del>"),
        ("Ett.\n\nTvå.", "Ett.\n\nTre.", "Ett.<br><br><del>Två</del> <ins>Tre</ins>."),
        # Nothing but "." in common: easier to read one after the other.
        ("Utred en scen.", "Bygg bryggan.", "<del>Utred en scen.</del> <ins>Bygg bryggan.</ins>"),
        # Only the space differs.
        ("Ett  torg", "Ett torg", "Ett torg"),
    ],
)  # fmt: skip
def test_words_html_puts_space_outside_the_marks(old, new, expected):
    assert compare_words(old, new).html == expected


# --- clauses


def edition(*clauses, first_pk=1):
    """Clauses from "level text" in reading order; what stands after ← is the pk of the origin."""
    rows, above = [], []
    for place, line in enumerate(clauses):
        words, _arrow, origin = line.partition("←")
        level, text = words.split(maxsplit=1)
        above = [row for row in above if 0 < row.level < int(level)]
        clause = Clause(
            pk=first_pk + place,
            parent_id=above[-1].pk if above else None,
            origin_id=int(origin) if origin else None,
            level=int(level),
            position=place,
            text=text.strip(),
        )
        rows.append(clause)
        above.append(clause)
    return rows


def changes_of(older, newer, *between):
    rows = [clause for text in [newer, *between] for clause in text]
    tree = compare(older, newer, {row.pk: row.origin_id for row in rows})
    return list(walk(tree))


def summary(changes):
    return [
        f"{change.state}{' moved' if change.is_moved else ''}: {change.clause.text}"
        for change in changes
    ]


OLD = ("1 Boende", "2 Bostäder", "3 Bygg hus", "3 Sälj tomter", "1 Fritid", "2 Lek")


def test_comparison_follows_a_renamed_area():
    newer = edition(
        "1 Boende och centrum ←1", "2 Bostäder ←2", "3 Bygg hus ←3", "3 Sälj tomter ←4",
        "1 Fritid ←5", "2 Lek ←6", first_pk=11,
    )  # fmt: skip

    changes = changes_of(edition(*OLD), newer)

    assert summary(changes) == [
        "edited: Boende och centrum", "kept: Bostäder", "kept: Bygg hus", "kept: Sälj tomter",
        "kept: Fritid", "kept: Lek",
    ]  # fmt: skip
    assert [change.old.pk for change in changes] == [1, 2, 3, 4, 5, 6]


def test_comparison_finds_what_moved_to_another_area():
    newer = edition(
        "1 Boende ←1", "2 Bostäder ←2", "3 Bygg hus ←3", "1 Fritid ←5", "2 Lek ←6",
        "3 Sälj tomter ←4", first_pk=11,
    )  # fmt: skip

    assert summary(changes_of(edition(*OLD), newer)) == [
        "kept: Boende", "kept: Bostäder", "kept: Bygg hus", "kept: Fritid", "kept: Lek",
        "moved moved: Sälj tomter",
    ]  # fmt: skip


def test_comparison_counts_a_move_with_new_words_as_edited_and_moved():
    newer = edition(
        "1 Boende ←1", "2 Bostäder ←2", "3 Sälj tomter ←4", "1 Fritid ←5", "2 Lek ←6",
        "3 Bygg höga hus ←3", first_pk=11,
    )  # fmt: skip

    assert summary(changes_of(edition(*OLD), newer))[-1] == "edited moved: Bygg höga hus"


def test_comparison_does_not_take_renumbering_for_a_move():
    newer = edition(
        "1 Natur", "1 Boende ←1", "2 Trygghet", "2 Bostäder ←2", "3 Bygg skola", "3 Bygg hus ←3",
        "3 Sälj tomter ←4", "1 Fritid ←5", "2 Lek ←6", first_pk=11,
    )  # fmt: skip

    assert summary(changes_of(edition(*OLD), newer)) == [
        "new: Natur", "kept: Boende", "new: Trygghet", "kept: Bostäder", "new: Bygg skola",
        "kept: Bygg hus", "kept: Sälj tomter", "kept: Fritid", "kept: Lek",
    ]  # fmt: skip


def test_comparison_marks_only_the_one_that_changed_places():
    older = edition("1 A", "1 B", "1 C", "1 D")
    newer = edition("1 D ←4", "1 A ←1", "1 B ←2", "1 C ←3", first_pk=11)

    assert summary(changes_of(older, newer)) == ["moved moved: D", "kept: A", "kept: B", "kept: C"]


def test_comparison_keeps_what_stands_under_a_moved_area():
    newer = edition(
        "1 Fritid ←5", "2 Lek ←6", "1 Boende ←1", "2 Bostäder ←2", "3 Bygg hus ←3",
        "3 Sälj tomter ←4", first_pk=11,
    )  # fmt: skip

    assert Counter(change.state for change in changes_of(edition(*OLD), newer)) == {
        State.MOVED: 1,
        State.KEPT: 5,
    }


def test_comparison_of_a_split_clause_shows_both_parts_against_it():
    older = edition("1 Boende", "2 Bygg hus och park", "2 Sälj tomter")
    newer = edition(
        "1 Boende ←1", "2 Bygg hus ←2", "2 Bygg park ←2", "2 Sälj tomter ←3", first_pk=11
    )

    changes = changes_of(older, newer)

    assert summary(changes) == [
        "kept: Boende", "edited: Bygg hus", "edited: Bygg park", "kept: Sälj tomter",
    ]  # fmt: skip
    assert [change.is_part_of_split for change in changes] == [False, True, True, False]
    assert changes[2].text.html == "Bygg <del>hus och</del> park"


def test_comparison_of_a_split_area_leaves_its_clauses_in_place():
    older = edition("1 Boende och fritid", "2 Bostäder", "2 Lek", "2 Lokaler")
    newer = edition(
        "1 Boende ←1", "2 Bostäder ←2", "2 Lokaler ←4", "1 Fritid ←1", "2 Lek ←3", first_pk=11
    )

    assert summary(changes_of(older, newer)) == [
        "edited: Boende", "kept: Bostäder", "kept: Lokaler", "edited: Fritid", "kept: Lek",
    ]  # fmt: skip


def test_comparison_of_a_new_area_has_what_came_to_it_as_moved():
    newer = edition(
        "1 Boende ←1", "2 Bostäder ←2", "3 Bygg hus ←3", "3 Sälj tomter ←4", "1 Barn", "2 Lek ←6",
        first_pk=11,
    )  # fmt: skip

    assert summary(changes_of(edition(*OLD), newer))[-3:] == [
        "dropped: Fritid", "new: Barn", "moved moved: Lek",
    ]  # fmt: skip


def test_comparison_follows_origin_through_editions_in_between():
    older = edition("1 Boende", "2 Bygg hus")
    between = edition("1 Bostäder ←1", "2 Bygg höga hus ←2", "2 Mellanspel", first_pk=11)
    newer = edition("1 Bo ←11", "2 Bygg låga hus ←12", "2 Kvar ←13", first_pk=21)

    changes = changes_of(older, newer, between)

    assert [(change.state, change.old and change.old.pk) for change in changes] == [
        (State.EDITED, 1),
        (State.EDITED, 2),
        (State.NEW, None),
    ]


def test_comparison_survives_origins_that_go_in_a_ring():
    newer = edition("1 A", "1 B", first_pk=11)

    assert summary(list(walk(compare([], newer, {11: 12, 12: 11})))) == ["new: A", "new: B"]


def test_comparison_notices_another_level():
    newer = edition("0 Boende ←1", first_pk=11)

    assert summary(changes_of(edition("1 Boende"), newer)) == ["moved moved: Boende"]


def test_comparison_notices_a_new_area_above():
    newer = edition("1 Fritid", "2 Lek ←1", first_pk=11)

    assert summary(changes_of(edition("2 Lek"), newer)) == ["new: Fritid", "moved moved: Lek"]


def test_comparison_shows_dropped_clauses_where_they_stood():
    older = edition(
        "0 Vision", "1 A", "2 A1", "3 A1a", "2 A2", "2 A3", "1 B", "2 B1", "3 B1a", "1 C"
    )
    newer = edition("0 Vision ←1", "1 A ←2", "2 A1 ←3", "3 A1b", "2 A3 ←6", "1 C ←10", first_pk=11)

    assert summary(changes_of(older, newer)) == [
        "kept: Vision", "kept: A", "kept: A1", "dropped: A1a", "new: A1b", "dropped: A2",
        "kept: A3", "dropped: B", "dropped: B1", "dropped: B1a", "kept: C",
    ]  # fmt: skip


def test_comparison_does_not_let_a_moved_clause_take_a_dropped_one_along():
    older = edition("1 A", "1 B", "1 C", "1 D")
    newer = edition("1 C ←3", "1 D ←4", "1 A ←1", first_pk=11)

    assert summary(changes_of(older, newer)) == [
        "dropped: B",
        "kept: C",
        "kept: D",
        "moved moved: A",
    ]


def test_comparison_puts_a_dropped_first_area_after_the_vision():
    older = edition("1 A", "2 A1", "1 B")
    newer = edition("0 Ny vision", "1 B ←3", first_pk=11)

    assert summary(changes_of(older, newer)) == [
        "new: Ny vision", "dropped: A", "dropped: A1", "kept: B",
    ]  # fmt: skip


# --- clauses, for any two editions

clause_lists = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(["Torg", "Park", "Torg och park", "Ljus"])),
    max_size=12,
).map(lambda rows: [f"{level} {text}" for level, text in rows])


@st.composite
def pairs(draw, *, one_to_one=False):
    """Two editions, and what each clause of the newer grew from; sometimes through another."""
    older = edition(*draw(clause_lists))
    newer = edition(*draw(clause_lists), first_pk=101)
    grown_from = draw(
        st.lists(
            st.sampled_from([None, *[clause.pk for clause in older]]),
            min_size=len(newer),
            max_size=len(newer),
        )
    )
    origins = {}
    taken = set()
    for clause, origin in zip(newer, grown_from, strict=True):
        if origin is None or (one_to_one and origin in taken):
            continue
        taken.add(origin)
        if not one_to_one and draw(st.booleans()):
            origins |= {clause.pk: clause.pk + 1000, clause.pk + 1000: origin}
        else:
            origins[clause.pk] = origin
    return older, newer, origins


@settings(deadline=None)
@given(clause_lists)
def test_comparison_with_itself_keeps_everything(rows):
    text = edition(*rows)

    changes = list(walk(compare(text, text, {})))

    assert [change.clause for change in changes] == text
    assert {change.state for change in changes} <= {State.KEPT}


@settings(deadline=None)
@given(pairs())
def test_comparison_has_every_clause_once(pair):
    older, newer, origins = pair

    changes = list(walk(compare(older, newer, origins)))

    assert [change.new for change in changes if change.new] == newer
    dropped = [change.old for change in changes if not change.new]
    lived_on = {change.old.pk for change in changes if change.old and change.new}
    assert sorted(row.pk for row in dropped) == sorted(
        row.pk for row in older if row.pk not in lived_on
    )


@settings(deadline=None)
@given(pairs())
def test_comparison_says_kept_only_of_the_same_words_in_the_same_place(pair):
    older, newer, origins = pair
    changes = list(walk(compare(older, newer, origins)))
    olds = {clause.pk: clause for clause in older}
    by_new = {change.new.pk: change for change in changes if change.new}

    for change in changes:
        if change.state not in (State.KEPT, State.MOVED):
            continue
        assert change.old.text == change.new.text
        if change.state == State.KEPT:
            assert change.old.level == change.new.level
            parent = by_new.get(change.new.parent_id)
            assert olds.get(change.old.parent_id) is (parent.old if parent else None)
            # Nobody else who stayed under that parent has passed it.
            for other in changes:
                if other.state == State.KEPT and other.new.parent_id == change.new.parent_id:
                    assert (other.old.position - change.old.position) * (
                        other.new.position - change.new.position
                    ) >= 0


@settings(deadline=None)
@given(pairs(one_to_one=True))
def test_comparison_backwards_swaps_new_and_dropped(pair):
    older, newer, origins = pair

    there = list(walk(compare(older, newer, origins)))
    back = list(walk(compare(newer, older, {old: new for new, old in origins.items()})))

    def having(changes, state):
        return sorted(change.clause.pk for change in changes if change.state == state)

    assert having(there, State.NEW) == having(back, State.DROPPED)
    assert having(there, State.DROPPED) == having(back, State.NEW)
    assert Counter(change.is_moved for change in there) == Counter(
        change.is_moved for change in back
    )


@settings(deadline=None)
@given(clause_lists, st.data())
def test_comparison_moves_nothing_when_one_clause_is_added(rows, data):
    place = data.draw(st.integers(0, len(rows)))
    older = edition(*rows)
    newer = edition(*[*rows[:place], "4 Tillagd", *rows[place:]], first_pk=101)
    kept = [clause for clause in newer if clause.text != "Tillagd"]

    changes = walk(
        compare(older, newer, {new.pk: old.pk for old, new in zip(older, kept, strict=True)})
    )

    assert Counter(change.state for change in changes) == Counter(
        {State.NEW: 1} | ({State.KEPT: len(rows)} if rows else {})
    )


# --- the page


@pytest.fixture
def revised(db):
    """A program with two editions, adopted in 2013 and 2019."""
    make_municipality()
    first = make_edition(
        decision=make_decision(decided="2013-09-03"),
        state="adopted",
        clauses=[
            {"slug": "vision", "level": 0, "heading": "", "text": "Vi trivs."},
            {"slug": "boende", "heading": "Boende"},
            {"slug": "hus", "level": 2, "heading": "", "text": "Bygg hus."},
            {"slug": "tomter", "level": 2, "heading": "", "text": "Sälj tomter."},
            {"slug": "fritid", "heading": "Fritid"},
            {"slug": "lek", "level": 2, "heading": "", "text": "Bygg en lekplats."},
            {"slug": "scen", "level": 2, "heading": "", "text": "Utred en scen."},
        ],
    )
    before = {clause.slug: clause for clause in first.clauses.all()}
    make_edition(
        program=first.program,
        decision=make_decision(decided="2019-08-20"),
        state="adopted",
        clauses=[
            {"slug": "vision", "level": 0, "heading": "", "text": "Vi trivs.",
             "origin": before["vision"]},
            {"slug": "boende", "heading": "Boende", "origin": before["boende"]},
            {"slug": "hus", "level": 2, "heading": "", "text": "Bygg <höga> hus.",
             "origin": before["hus"]},
            {"slug": "barn", "heading": "Barn", "origin": before["fritid"]},
            {"slug": "lek", "level": 2, "heading": "", "text": "Bygg en lekplats.",
             "origin": before["lek"]},
            {"slug": "tomter", "level": 2, "heading": "", "text": "Sälj tomter.",
             "origin": before["tomter"]},
            {"slug": "skola", "level": 2, "heading": "", "text": "Bygg skola."},
        ],
    )  # fmt: skip
    return first.program


def compare_url(program, newer=2, older=1):
    return f"/program/{program.slug}/text/{newer}/jamfor/{older}/"


def item(page, slug):
    """The text of one change, by the link to its clause."""
    articles = re.findall(r"<article.*?</article>", page, re.DOTALL)
    found = next(article for article in articles if f'#{slug}"' in article)
    return " ".join(re.sub(r"<(?!/?(?:ins|del)>)[^>]+>", " ", found).split())


def test_comparison_page_shows_every_change(client, revised):
    response = client.get(compare_url(revised))
    page = response.content.decode()

    assert response.context["counts"] == {
        "kept": 3, "edited": 2, "moved": 1, "new": 1, "dropped": 1,
    }  # fmt: skip
    assert "2013" in response.context["page_title"]
    assert "2019" in response.context["page_title"]
    assert "Mål 1.1 Bygg <ins>&lt;höga&gt;</ins> hus." in item(page, "hus")
    assert "Mål 1.2 → 2.2 Sälj tomter. " in item(page, "tomter")
    assert "“Boende”" in item(page, "tomter") or "”Boende”" in item(page, "tomter")
    assert "Mål 2.3 <ins>Bygg skola.</ins>" in item(page, "skola")
    assert "<del>Utred en scen.</del>" in item(page, "scen")
    assert f'href="/program/{revised.slug}/text/1/#scen"' in page
    assert f'href="/program/{revised.slug}/text/2/#hus"' in page


def test_comparison_page_folds_what_is_unchanged(client, revised):
    page = client.get(compare_url(revised)).content.decode()

    folded = " ".join(re.findall(r"<details.*?</details>", page, re.DOTALL))
    assert "#vision" in folded
    assert "#lek" in folded
    assert "#hus" not in folded
    assert re.search(r"<h2>[^\n]*Boende</h2>", page)


def test_comparison_page_is_the_same_in_either_order(client, revised):
    one = client.get(compare_url(revised, 2, 1))
    other = client.get(compare_url(revised, 1, 2))

    assert one.status_code == 200
    # Only the link that tells which page one comes from differs.
    assert one.content.split(b"</main>")[0] == other.content.split(b"</main>")[0]


def test_comparison_page_goes_through_editions_in_between(client, revised):
    second = revised.current_edition
    make_edition(
        program=revised,
        decision=make_decision(decided="2024"),
        state="adopted",
        clauses=[
            {"slug": "bo", "heading": "Boende", "origin": second.clauses.get(slug="boende")},
            {"slug": "hus", "level": 2, "heading": "", "text": "Bygg låga hus.",
             "origin": second.clauses.get(slug="hus")},
        ],
    )  # fmt: skip

    response = client.get(compare_url(revised, 3, 1))

    assert response.context["counts"] == {"kept": 1, "edited": 1, "dropped": 5}
    assert "Bygg <ins>låga</ins> hus." in response.content.decode()


def test_comparison_page_of_one_edition_leads_to_it(client, revised):
    response = client.get(compare_url(revised, 1, 1))

    assert response.status_code == 302
    assert response.url == f"/program/{revised.slug}/text/1/"


@pytest.mark.parametrize(("newer", "older"), [(3, 1), (3, 2), (1, 3), (4, 1), (999999999, 1)])
def test_comparison_page_of_a_draft_or_nothing_is_not_found(client, revised, newer, older):
    make_edition(program=revised, clauses=["Hemligt"])

    response = client.get(compare_url(revised, newer, older))

    assert response.status_code == 404
    assert "Hemligt" not in response.content.decode()


def test_comparison_page_of_another_program_is_not_found(client, revised):
    other = make_edition(state="adopted", clauses=["Annat"]).program

    assert client.get(compare_url(other, 2, 1)).status_code == 404


def test_comparison_page_names_editions_when_a_year_is_unknown(client, db):
    first = make_edition(state="adopted", clauses=["Boende"])
    make_edition(
        program=first.program, valid_from="2019", state="adopted",
        clauses=[{"heading": "Boende", "origin": first.clauses.get()}],
    )  # fmt: skip

    response = client.get(compare_url(first.program))

    assert "1" in response.context["page_title"]
    assert "2" in response.context["page_title"]
    assert "2019" not in response.context["page_title"]
    assert response.context["counts"] == {"kept": 1}


def test_comparison_page_does_not_compare_with_a_text_that_is_missing(client, db):
    first = make_edition(state="adopted")
    make_edition(program=first.program, state="adopted", clauses=["Boende"])

    response = client.get(compare_url(first.program))

    assert response.status_code == 200
    assert not response.context["is_possible"]
    assert "Boende" not in response.content.decode()


def test_comparison_page_takes_the_same_queries_for_any_length(
    client, revised, django_assert_num_queries
):
    many = make_edition(state="adopted", clauses=[f"Område {number}" for number in range(30)])
    make_edition(
        program=many.program,
        state="adopted",
        clauses=[
            {"heading": f"{clause.heading} nytt", "origin": clause} for clause in many.clauses.all()
        ],
    )

    for program in (revised, many.program):
        with django_assert_num_queries(9):
            client.get(compare_url(program))
