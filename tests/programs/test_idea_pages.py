"""Ideas: the lists, the briefs, one idea – and that nothing unpublished is ever seen or counted."""

import datetime
import re
from itertools import pairwise

import html5lib
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from programs.models import BriefItem, Channel, Edition, Idea, Outcome, PlanningBrief, VoiceState
from programs.views.ideas import counts_of
from tests.factories import (
    make_action,
    make_brief_item,
    make_deciding_body,
    make_decision,
    make_edition,
    make_event,
    make_idea,
    make_idea_photo,
    make_locality,
    make_municipality,
    make_picture,
    make_planning_brief,
    make_program,
)

pytestmark = pytest.mark.django_db

HTML = "{http://www.w3.org/1999/xhtml}"
ANSWERED = {"outcome": "no", "reply": "Nej."}
UNSEEN = [VoiceState.HELD, VoiceState.REFUSED, VoiceState.HIDDEN]


@pytest.fixture(autouse=True)
def english():
    """The source of every text, so that the tests do not depend on its translation."""
    with translation.override("en"):
        yield


@pytest.fixture
def today():
    return timezone.localdate()


def page_of(client, url: str, status: int = 200):
    """The parsed page; strict, so that broken HTML fails every test."""
    response = client.get(url)
    assert response.status_code == status
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


def facts(page) -> list[str]:
    return [words_in(each) for each in by_class(page, "facts")[0]]


def list_of(program) -> str:
    return reverse("programs:program_ideas", args=[program.slug])


def queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# --- The lists -----------------------------------------------------------------------------------


def test_idea_row_shows_text_time_channel_and_state(client, program, today):
    late, soon = today - datetime.timedelta(days=1), today + datetime.timedelta(days=9)
    make_idea(
        program=program,
        title="A late",
        text="En lekplats vid ån. " * 30,
        received="hösten 2013",
        channel="paper",
        promised_on=late,
        author_name="Eva Ek",
    )
    make_idea(
        program=program,
        title="B waiting",
        received="2012",
        promised_on=soon,
        author_name="Ulla Alm",
        show_name=True,
    )
    make_idea(program=program, title="C without promise", received="2011")
    make_idea(program=program, title="D answered", received=None, **ANSWERED)

    page = page_of(client, list_of(program))

    rows = [words_in(each) for each in by_class(page, "rows")[0]]
    assert titles(page) == ["A late", "B waiting", "C without promise", "D answered"]
    assert f"A resident · autumn 2013 · {Channel.PAPER.label}" in rows[0]
    assert f"Late – was promised by {late.day} " in rows[0]
    assert len(rows[0]) < 330
    assert f"Ulla Alm · 2012 · {Channel.WEB.label}" in rows[1]
    assert f"Waiting for an answer, promised by {soon.day} " in rows[1]
    assert rows[2].endswith("Waiting for an answer")
    assert "date unknown" in rows[3]
    assert rows[3].endswith("No")
    assert "Eva Ek" not in words_in(page)


def test_idea_lists_count_waiting_late_and_answered(client, program, today):
    yesterday = today - datetime.timedelta(days=1)
    make_idea(program=program, promised_on=today)
    make_idea(program=program, promised_on=yesterday)
    make_idea(program=program, promised_on=yesterday, **ANSWERED)
    make_idea(program=program, state=VoiceState.HELD, promised_on=yesterday)
    elsewhere = make_idea(program=None, **ANSWERED)

    expected = ["Waiting for an answer 2", "Of these late 1", "Answered 1"]
    assert facts(page_of(client, list_of(program))) == expected
    assert facts(page_of(client, list_of(program) + "?utfall=no")) == expected
    page = page_of(client, reverse("programs:ideas"))
    assert facts(page)[2] == "Answered 2"
    (table,) = by_class(page, "table")
    row, total = [words_in(each) for each in table.iter(f"{HTML}tr")][1:]
    assert total == "All idéer 4 2 2 1"
    assert row == f"{program.name} 3 1 2 1"
    assert elsewhere.title in titles(page)


def test_counts_of_ideas_agree_with_the_rules_of_one_idea(program, today):
    for state in VoiceState:
        for outcome in ("", "no"):
            for days in (-1, 0, 1):
                make_idea(
                    program=program,
                    state=state,
                    state_reason="Därför.",
                    outcome=outcome,
                    reply="Svar.",
                    promised_on=today + datetime.timedelta(days=days),
                )
    public = [idea for idea in Idea.objects.all() if idea.state == VoiceState.PUBLISHED]

    counted = Idea.objects.public().aggregate(**counts_of("", today))

    assert counted == {
        "received": len(public),
        "waiting": sum(not idea.outcome for idea in public),
        "late": sum(idea.is_late(today) for idea in public),
        "answered": sum(bool(idea.outcome) for idea in public),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=waiting", ["late", "waiting"]),
        ("status=late", ["late"]),
        ("status=answered", ["answered"]),
        ("utfall=no", ["answered"]),
        ("utfall=partly", []),
        ("ar=2013", ["late"]),
        ("q=ÖSTRA", ["answered"]),
        ("q=bron+östra", ["answered"]),
        ("status=late&status=answered", ["answered"]),
    ],
)
def test_idea_filters_narrow_the_list(client, program, today, query, found):
    yesterday = today - datetime.timedelta(days=1)
    make_idea(program=program, title="late", received="hösten 2013", promised_on=yesterday)
    make_idea(program=program, title="waiting", received="2014", promised_on=today)
    make_idea(program=program, title="answered", text="Vid östra bron.", **ANSWERED)

    assert sorted(titles(page_of(client, f"{list_of(program)}?{query}"))) == found


def test_idea_filters_of_the_municipality_include_program_and_place(client, program):
    place = make_locality(slug="fammarp")
    make_idea(program=program, locality=None, title="in program")
    make_idea(program=None, locality=place, title="in place")
    url = reverse("programs:ideas")

    assert titles(page_of(client, f"{url}?program={program.slug}")) == ["in program"]
    assert titles(page_of(client, f"{url}?ort={program.locality.slug}")) == ["in program"]
    assert titles(page_of(client, f"{url}?ort=fammarp")) == ["in place"]


WRONG = [
    "status=kanske",
    "utfall=%27--",
    "ar=tjugo",
    "ar=99999999999999999999999",
    "q=" + "x" * 101,
    "utfall=no&status=%00",
]


@pytest.mark.parametrize("query", [*WRONG, "program=finns-inte", "ort=%00"])
def test_wrong_idea_filter_is_told_at_its_field_and_filters_nothing(client, program, query):
    make_idea(program=program, title="still here", **ANSWERED)
    urls = [reverse("programs:ideas")]
    if query in WRONG:
        urls.append(list_of(program))

    for url in urls:
        page = page_of(client, f"{url}?{query}")
        assert titles(page) == ["still here"]
        name = query.rsplit("&", 1)[-1].partition("=")[0]
        (field,) = [each for each in page.iter() if each.get("id") == f"f-{name}"]
        assert field.get("aria-invalid") == "true"
        assert f"#f-{name}" in links(by_class(page, "error-summary")[0])


@pytest.mark.parametrize("number", ["0", "x", "99999999999999999999999", "%00"])
def test_idea_list_with_an_impossible_page_number_shows_rows(client, program, number):
    make_idea(program=program)

    assert len(titles(page_of(client, f"{list_of(program)}?sida={number}"))) == 1


def test_idea_list_passes_on_its_filters_to_files_and_pages(client, program):
    for _number in range(21):
        make_idea(program=program, **ANSWERED)

    page = page_of(client, f"{list_of(program)}?utfall=no&status=bogus")

    found = links(page)
    for form in ("csv", "xlsx", "atom"):
        assert f"/ideer.{form}?program={program.slug}&utfall=no" in found
    assert any("utfall=no" in each and "sida=2" in each for each in found)


def test_idea_list_without_rows_says_what_to_expect_and_how_to_leave_one(client, program):
    for url in (reverse("programs:ideas"), list_of(program)):
        page = page_of(client, url)
        assert titles(page) == []
        assert by_class(page, "empty")
        (main,) = page.iter(f"{HTML}main")
        assert reverse("contact") in links(main)


# --- The briefs ----------------------------------------------------------------------------------


def test_briefs_show_priorities_answers_and_decision(client, program):
    brief = make_planning_brief(
        program=program,
        budget_year=2014,
        state=PlanningBrief.State.HANDED_OVER,
        handed_over="2013-02-06",
        decision=make_decision(
            title="Budget 2014", body=make_deciding_body(name="KF"), decided="2013-06-18"
        ),
    )
    for rank, title, outcome, answer in [
        (2, "Badet", BriefItem.Outcome.DECLINED, "Ryms inte."),
        (1, "Centrum", BriefItem.Outcome.GRANTED, ""),
        (3, "Ån", BriefItem.Outcome.PENDING, ""),
    ]:
        idea = make_idea(program=program, title=title)
        make_brief_item(brief=brief, idea=idea, rank=rank, outcome=outcome, answer=answer)
    held = make_idea(program=program, title="Hemligt", state=VoiceState.HELD)
    make_brief_item(brief=brief, idea=held, rank=4)
    make_planning_brief(program=program, budget_year=2015)

    page = page_of(client, list_of(program))

    shown = [each for each in page.iter() if each.get("aria-labelledby") == "underlag-2014"]
    (section,) = shown
    said = words_in(section)
    assert said.startswith("Budget year 2014 Handed over 6 February 2013")
    assert "Budget 2014: KF 18 June 2013" in said
    rows = [words_in(each) for each in section.iter(f"{HTML}tr")][1:]
    assert rows == ["1 Centrum Granted", "2 Badet Declined Ryms inte.", "3 Ån Not answered yet"]
    assert "#underlag-2014" in links(page)
    assert "#underlag-2015" in links(page)
    assert len([each for each in page.iter() if each.get("id") == "underlag-2014"]) == 1


# --- One idea ------------------------------------------------------------------------------------


def test_idea_page_tells_all_that_is_known(client, program):
    edition = make_edition(
        program=program,
        state=Edition.State.ADOPTED,
        clauses=[{"heading": "Natur", "slug": "natur"}, {"heading": "Stråk", "level": 2}],
    )
    event = make_event(program=program)
    action = make_action(program=program, title="Statyn rustas")
    idea = make_idea(
        program=program,
        title="Rusta statyn",
        text="Vattnet <sprutar> snett.",
        original_text="Vattnet sprutar på Kalle.",
        author_name="Eva Ek",
        show_name=True,
        channel="association",
        received="2015",
        clause=edition.clauses.get(level=2),
        event=event,
        promised_on=datetime.date(2015, 5, 15),
        reply="Tack, det här löser vi.",
        replied="2015-05-11",
        replied_by="Projektledaren",
        outcome=Outcome.BECAME_ACTION,
        outcome_note="Pengarna kom året därpå.",
        action=action,
    )
    make_idea(merged_into=idea, outcome="merged", reply="Samma.", title="Laga fontänen")

    page = page_of(client, idea.get_absolute_url())

    said = words_in(page)
    assert [words_in(each) for each in page.iter(f"{HTML}h1")] == ["Rusta statyn"]
    for words in (
        "Vattnet <sprutar> snett.",
        "The municipality has edited the text.",
        f"Eva Ek · 2015 · {Channel.ASSOCIATION.label}",
        "Tack, det här löser vi.",
        "Projektledaren · 11 May 2015",
        "Became an action: Statyn rustas",
        "Pengarna kom året därpå.",
        "15 May 2015",
        "Laga fontänen",
    ):
        assert words in said
    assert "Kalle" not in said
    (chain,) = by_class(page, "chain")
    assert links(chain) == [action.get_absolute_url()]
    assert {
        action.get_absolute_url(),
        event.get_absolute_url(),
        edition.clauses.get(level=2).get_absolute_url(),
        f"{edition.get_absolute_url()}#natur",
        program.get_absolute_url(),
        program.locality.get_absolute_url(),
    } <= set(links(page))


def test_idea_page_without_much_says_so(client, today):
    idea = make_idea(
        program=None, locality=None, received=None, author_name="Eva Ek", author_email="e@x.se"
    )
    late = make_idea(program=None, promised_on=today - datetime.timedelta(days=1))

    said = words_in(page_of(client, idea.get_absolute_url()))
    assert "A resident · date unknown" in said
    assert "You will find the answer here when it comes." in said
    assert "Eva Ek" not in said
    assert "e@x.se" not in said
    assert "The answer is late." in words_in(page_of(client, late.get_absolute_url()))


def test_idea_page_links_to_the_brief_it_is_in(client, program):
    idea = make_idea(program=program, outcome=Outcome.IN_BRIEF, reply="Ja.")
    brief = make_planning_brief(program=program, budget_year=2027)
    make_brief_item(brief=brief, idea=idea, rank=2, answer="Vi väntar på besked.")

    page = page_of(client, idea.get_absolute_url())

    (main,) = page.iter(f"{HTML}main")
    assert links(main).count(f"{list_of(program)}#underlag-2027") == 2  # the chain and the answer
    assert "priority 2, not answered yet. Vi väntar på besked." in words_in(main)


@pytest.mark.parametrize("state", [VoiceState.HELD, VoiceState.REFUSED])
def test_idea_page_is_not_there_before_it_is_public(client, superuser, client_for, state):
    idea = make_idea(state=state, state_reason="Därför.")

    assert client.get(idea.get_absolute_url()).status_code == 404
    assert client_for(superuser).get(idea.get_absolute_url()).status_code == 404


def test_in_the_place_of_a_hidden_idea_stands_which_rule_it_broke(client, program):
    idea = make_idea(
        program=program,
        title="Grannen",
        text="Kalle i nummer 4",
        state=VoiceState.HIDDEN,
        state_rule="private",
        state_reason="Texten pekar ut Kalle.",
    )

    said = words_in(page_of(client, idea.get_absolute_url(), 410))

    assert "hidden, because it breaks the rules: private details about someone." in said
    assert "Kalle" not in said
    assert "Grannen" not in said


def test_merged_idea_leads_to_the_other(client):
    merged = {"outcome": "merged", "reply": "Samma."}
    target = make_idea(title="target")
    middle = make_idea(merged_into=target, **merged)
    first = make_idea(merged_into=middle, **merged)

    for idea in (middle, first):
        response = client.get(idea.get_absolute_url())
        assert (response.status_code, response.headers["Location"]) == (
            302,
            target.get_absolute_url(),
        )


@pytest.mark.parametrize("state", UNSEEN)
def test_idea_merged_into_one_that_is_not_public_shows_itself(client, state):
    target = make_idea(title="Hemligt", state=state, state_reason="Därför.")
    idea = make_idea(merged_into=target, outcome="merged", reply="Samma.")

    page = page_of(client, idea.get_absolute_url())

    assert "Hemligt" not in words_in(page)
    assert target.get_absolute_url() not in links(page)


def test_ideas_merged_in_a_circle_do_not_lead_round_and_round(client):
    first, second = make_idea(), make_idea()
    merged = {"outcome": "merged", "reply": "Samma."}
    Idea.objects.filter(pk=first.pk).update(merged_into=second, **merged)
    Idea.objects.filter(pk=second.pk).update(merged_into=first, **merged)

    assert client.get(first.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("fields", "steps"),
    [
        ({}, ["Later", "Later", "Later"]),
        (ANSWERED, ["Not planned", "Not planned", "Not planned"]),
        ({"outcome": "in_brief", "reply": "Ja."}, ["Later", "Later", "Later"]),
    ],
)
def test_chain_of_an_idea_says_in_words_what_is_not_reached(client, fields, steps):
    page = page_of(client, make_idea(title="Statyn", received="2015", **fields).get_absolute_url())

    first, *rest = by_class(page, "chain__link")
    assert words_in(first) == "Idé Statyn 2015"
    assert first.get("aria-current") == "step"
    assert [words_in(by_class(link, "chain__title")[0]) for link in rest] == steps


def test_chain_of_an_idea_the_budget_declined_ends_there(client, program):
    idea = make_idea(program=program, outcome=Outcome.IN_BRIEF, reply="Ja.")
    brief = make_planning_brief(program=program)
    item = make_brief_item(brief=brief, idea=idea, outcome=BriefItem.Outcome.DECLINED)

    def action_step():
        chain = by_class(page_of(client, idea.get_absolute_url()), "chain__link")
        return words_in(by_class(chain[2], "chain__title")[0])

    assert action_step() == "Not planned"
    make_brief_item(brief=make_planning_brief(program=program), idea=item.idea)
    assert action_step() == "Later"


# --- As many queries whatever the data ------------------------------------------------------------


def test_idea_lists_cost_the_same_for_one_row_and_many(client, program):
    def add():
        idea = make_idea(
            program=program, outcome="became_action", reply="Ja.", action=make_action()
        )
        make_brief_item(
            brief=make_planning_brief(program=program, decision=make_decision()), idea=idea
        )
        make_idea(program=make_program())

    urls = [reverse("programs:ideas"), list_of(program), f"{list_of(program)}?status=answered"]
    add()
    few = [queries(client, url) for url in urls]
    for _number in range(30):
        add()

    assert [queries(client, url) for url in urls] == few
    assert max(few) <= 10


def test_idea_page_costs_the_same_whatever_it_shows(client, program):
    action = make_action(program=program)
    answer = {"outcome": "became_action", "reply": "Ja.", "action": action}
    idea = make_idea(program=program, **answer)

    def add():
        make_idea(program=program, **answer)
        make_idea(merged_into=idea, outcome="merged", reply="Samma.")
        make_brief_item(brief=make_planning_brief(program=program), idea=idea)

    add()
    few = queries(client, idea.get_absolute_url())
    for _number in range(30):
        add()

    assert queries(client, idea.get_absolute_url()) == few
    assert few <= 9


def test_idea_pages_have_headings_in_order_and_ids_once(client, program):
    idea = make_idea(program=program, **ANSWERED)
    make_idea(merged_into=idea, outcome="merged", reply="Samma.")
    make_brief_item(brief=make_planning_brief(program=program), idea=idea)

    for url in (reverse("programs:ideas"), list_of(program), idea.get_absolute_url()):
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


# --- Whatever state ideas are in ------------------------------------------------------------------

ONE = {
    "state": VoiceState.PUBLISHED,
    "outcome": "",
    "target": 0,
    "has_action": False,
    "in_brief": True,
    "promised_in": -3,
    "in_program": True,
}
IDEAS = st.lists(
    st.fixed_dictionaries(
        {
            "state": st.sampled_from([VoiceState.PUBLISHED, *VoiceState]),
            "outcome": st.sampled_from(["", "became_action", "in_brief", "no", "merged", "merged"]),
            "target": st.integers(0, 5),
            "has_action": st.booleans(),
            "in_brief": st.booleans(),
            "promised_in": st.sampled_from([None, -3, 3]),
            "in_program": st.booleans(),
        }
    ),
    min_size=1,
    max_size=6,
)


# Without shrinking: a smaller example is not worth minutes of page after page.
@settings(max_examples=20, deadline=None, database=None, phases=[Phase.explicit, Phase.generate])
@example([ONE, ONE | {"outcome": "merged", "state": VoiceState.HELD}])
@example([ONE | {"state": VoiceState.REFUSED}, ONE | {"outcome": "merged", "has_action": True}])
@given(IDEAS)
def test_nothing_of_an_idea_that_is_not_public_is_ever_shown_or_counted(drawn):
    with transaction.atomic():
        try:
            only_public_ideas_show(drawn)
        finally:
            transaction.set_rollback(True)


def only_public_ideas_show(drawn: list[dict]) -> None:
    today = timezone.localdate()
    program = make_program()
    action = make_action(program=program)
    brief = make_planning_brief(program=program)
    ideas = []
    for number, each in enumerate(drawn):
        days = each["promised_in"]
        idea = make_idea(
            program=program if each["in_program"] else None,
            locality=program.locality,
            title=f"Titel{number}Z",
            text=f"Text{number}Z",
            reply=f"Svar{number}Z",
            state=each["state"],
            state_reason=f"Skäl{number}Z",
            promised_on=None if days is None else today + datetime.timedelta(days=days),
            action=action if each["has_action"] or each["outcome"] == "became_action" else None,
            outcome="" if each["outcome"] == "merged" else each["outcome"],
        )
        if each["in_brief"]:
            make_brief_item(brief=brief, idea=idea, answer=f"Besked{number}Z")
        ideas.append(idea)
    for idea, each in zip(ideas, drawn, strict=True):
        target = ideas[each["target"] % len(ideas)]
        if each["outcome"] == "merged" and target != idea:
            idea.outcome, idea.merged_into = "merged", target
            idea.save()

    public = [idea for idea in ideas if idea.state == VoiceState.PUBLISHED]
    unseen = [number for number, idea in enumerate(ideas) if idea not in public]
    client = Client()
    pages = {}
    for url in (
        reverse("programs:ideas"),
        f"{reverse('programs:ideas')}?ort={program.locality.slug}",
        f"{reverse('programs:ideas')}?q=Z",
        *(f"{reverse('programs:ideas')}?status={s}" for s in ("waiting", "late", "answered")),
        list_of(program),
        program.get_absolute_url(),
        program.locality.get_absolute_url(),
        action.get_absolute_url(),
        *(idea.get_absolute_url() for idea in public),
    ):
        response = client.get(url)
        assert response.status_code in {200, 302}
        pages[url] = response
        said = response.content.decode()
        for number in unseen:
            for secret in ("Titel", "Text", "Svar", "Skäl", "Besked"):
                assert f"{secret}{number}Z" not in said
            assert f"/ideer/{ideas[number].pk}/" not in said + response.headers.get("Location", "")
    for number in unseen:
        response = client.get(ideas[number].get_absolute_url())
        is_hidden = ideas[number].state == VoiceState.HIDDEN
        assert response.status_code == (410 if is_hidden else 404)
        for secret in ("Titel", "Text", "Svar", "Skäl", "Besked"):
            assert f"{secret}{number}Z" not in response.content.decode()

    for url, among in (
        (reverse("programs:ideas"), public),
        (list_of(program), [idea for idea in public if idea.program]),
    ):
        counts = pages[url].context["counts"]
        assert (counts["received"], counts["waiting"], counts["late"], counts["answered"]) == (
            len(among),
            sum(not idea.outcome for idea in among),
            sum(idea.is_late(today) for idea in among),
            sum(bool(idea.outcome) for idea in among),
        )
        assert sorted(row.idea.title for row in pages[url].context["rows"]) == sorted(
            idea.title for idea in among
        )


# --- What was sent along -------------------------------------------------------------------------


def test_idea_shows_its_picture_only_when_that_is_public(client, program):
    idea = make_idea(program=program)
    make_idea_photo(idea=idea, alt="Hållen bild")
    make_idea_photo(idea=idea, alt="En grop i vägen", image=make_picture(size=(40, 30)))

    page = page_of(client, idea.get_absolute_url())

    shown = [each.attrib for each in page.iter(f"{HTML}img") if each.get("alt")]
    assert [each["alt"] for each in shown] == ["En grop i vägen"]
    assert (shown[0]["width"], shown[0]["height"]) == ("40", "30")
    assert "held" not in shown[0]["src"]


def test_idea_shows_where_it_is_on_the_map_and_in_words(client, program):
    make_municipality(map_outline=[[12.5, 56.5], [13.0, 56.5], [13.0, 57.0], [12.5, 57.0]])
    make_locality(name="Getinge", latitude=56.82, longitude=12.73)
    make_locality(name="Eldsberga", latitude=56.6, longitude=12.98)
    idea = make_idea(
        program=program, latitude=56.8, longitude=12.7, position_words="Vid bron över ån"
    )
    without = make_idea(program=program)
    far_away = make_idea(program=program, latitude=59.3, longitude=18.1)

    page = page_of(client, idea.get_absolute_url())

    assert by_class(page, "pin-map__pin")
    (svg,) = by_class(page, "map__svg")
    assert words_in(svg) == "Getinge"
    assert "Vid bron över ån Getinge The pin stands near Getinge." in words_in(page)
    for other in (without, far_away):
        assert by_class(page_of(client, other.get_absolute_url()), "map__svg") == []


def test_idea_says_which_action_it_is_about(client, program):
    action = make_action(program=program, title="Gångstråket")
    idea = make_idea(program=program, about_action=action)

    page = page_of(client, idea.get_absolute_url())

    assert action.get_absolute_url() in links(page)


def test_idea_lists_lead_to_the_form_with_their_program(client, program):
    form = reverse("revisions:say")

    assert form in links(page_of(client, reverse("programs:ideas")))
    assert f"{form}?program={program.slug}" in links(page_of(client, list_of(program)))
