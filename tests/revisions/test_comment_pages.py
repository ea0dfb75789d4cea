"""Comments: read with their answers, entered, answered – and that nothing held is ever seen."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from programs.models import Outcome, VoiceState
from revisions.models import Comment
from revisions.views.comments import counts_of
from tests import factories
from tests.revisions import builders
from tests.revisions.pages import (
    HTML,
    by_class,
    clause_of,
    links,
    main_of,
    open_for_comments,
    page_of,
    public,
    queries,
    revision_at,
    staff,
    words_in,
)

pytestmark = pytest.mark.django_db

TOO_LONG = "x" * 2001
HUGE = "9" * 30


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def process(program):
    return open_for_comments(revision_at("comments", program))


def over(process) -> None:
    """The period ended yesterday, by the clock that the pages go by."""
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    type(process).objects.filter(pk=process.pk).update(
        comments_open_on=yesterday, comments_close_on=yesterday
    )


def test_list_shows_published_with_answers_and_marks_the_hidden(client, process):
    clause = clause_of(process, "hamnen")
    builders.comment(process, text="Synlig", clause=clause, channel="paper", author_name="Eva Ek")
    builders.comment(process, text="Namngiven", author_name="Ulla", show_name=True)
    builders.comment(
        process, text="Besvarad", outcome=Outcome.PARTLY, reply="Delvis så.", replied="2026-06-01"
    )
    builders.comment(process, text="Hållen", state=VoiceState.HELD, reply="Svar", outcome="no")
    builders.comment(process, text="Vägrad", state=VoiceState.REFUSED, state_reason="Hot")
    gone = {"state": VoiceState.HIDDEN, "state_rule": "private", "state_reason": "Namn nämns."}
    builders.comment(process, text="Dold", **gone)

    page = page_of(client, public(process, "comments"))

    text = main_of(page)
    rows = [words_in(each) for each in page.iter() if each.get("id", "").startswith("synpunkt-")]
    assert len(rows) == 4
    assert rows[0].endswith(
        "has been hidden, because it breaks the rules: private details about someone."
    )
    assert "Partly Delvis så." in rows[1]
    assert "Ulla" in rows[2]
    assert rows[3].startswith(f"About: {clause.title} Synlig A resident")
    assert "on paper" in rows[3]
    assert not any(
        word in text for word in ("Hållen", "Vägrad", "Dold", "Eva Ek", "Hot", "Namn nämns")
    )
    assert [words_in(each) for each in by_class(page, "facts")[0]] == [
        "Came in 3",
        "Answered 1",
        "Waiting for an answer 2",
        "Of these late 0",
    ]
    assert "A person reads each comment before it is shown." in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("stycke=hamnen", ["Om hamnen"]),
        ("stycke=hela-texten", ["Om allt"]),
        ("fraga=focus", ["Om hamnen"]),
        ("utfall=no", ["Om allt"]),
        ("utfall=vantar", ["Om stationen", "Om hamnen"]),
        ("utfall=vantar&stycke=stationen", ["Om stationen"]),
        ("q=hamnen", ["Om hamnen"]),
        ("q=nej", ["Om allt"]),
        ("q=hemligt", []),
        ("stycke=natur", ["Om allt", "Om stationen", "Om hamnen"]),
        ("utfall=%00&stycke=" + HUGE, ["Om allt", "Om stationen", "Om hamnen"]),
    ],
)
def test_list_is_narrowed_by_clause_question_and_answer(client, process, query, shown):
    """A filter that does not fit is told and filters nothing; none finds what is held."""
    hamnen, stationen = clause_of(process, "hamnen"), clause_of(process, "stationen")
    builders.comment(process, text="Om hamnen", clause=hamnen, question="focus")
    builders.comment(process, text="Om stationen", clause=stationen)
    builders.comment(process, text="Om allt", outcome="no", reply="Nej.")
    builders.comment(process, text="hemligt", clause=hamnen, question="focus", state="held")
    natur = clause_of(process, "natur")
    builders.comment(process, text="hemligt", clause=natur, state="held")
    builders.comment(process, text="hemligt", state="hidden", state_reason="Namn.")

    page = page_of(client, f"{public(process, 'comments')}?{query}")

    rows = [words_in(each) for each in page.iter() if each.get("id", "").startswith("synpunkt-")]
    wanted = ["hidden here" if words == "Dold" else words for words in shown]
    assert [words in row for words, row in zip(wanted, rows, strict=True)] == [True] * len(rows)
    assert "hemligt" not in " ".join(rows)
    offered = {
        each.get("value") for each in by_class(page, "filters")[0].iter() if each.get("value")
    }
    assert {"hamnen", "stationen", "hela-texten"} <= offered
    assert "natur" not in offered - {query.rpartition("=")[2]}


# --- Beside the text -----------------------------------------------------------------------------


def test_each_clause_can_be_commented_where_it_stands_while_that_is_open(client, process):
    builders.comment(process, clause=clause_of(process, "hamnen"))
    builders.comment(process, clause=clause_of(process, "hamnen"), state=VoiceState.HELD)
    url = f"/program/{process.program.slug}/text/"
    page = page_of(client, url)

    write, read = public(process, "comment"), public(process, "comments")
    slugs = [clause.slug for clause in process.base.clauses.order_by("position")]
    assert [link for link in links(page) if link.startswith(f"{write}?")] == [
        f"{write}?stycke={slug}" for slug in slugs
    ]
    assert [link for link in links(page) if link.startswith(f"{read}?")] == [
        f"{read}?stycke=hamnen"
    ]
    (hamnen,) = [each for each in page.iter() if each.get("id") == "hamnen"]
    assert "1 comment" in words_in(hamnen)

    over(process)
    assert [link for link in links(page_of(client, url)) if "synpunkter" in link] == []


def test_text_that_is_not_the_one_commented_on_has_no_such_links(client, process):
    strange = factories.make_edition(state="adopted", clauses=["Centrum"])
    older = factories.make_edition(
        program=process.program, state="superseded", clauses=["Gammalt"], number=77
    )

    for url in (
        f"/program/{strange.program.slug}/text/",
        f"/program/{process.program.slug}/text/{older.number}/",
    ):
        assert [link for link in links(page_of(client, url)) if "synpunkter" in link] == []


def test_text_page_takes_the_same_queries_for_any_number_of_comments(client, process):
    url = f"/program/{process.program.slug}/text/"
    builders.comment(process, clause=clause_of(process, "hamnen"))
    few = queries(client, url)
    for clause in process.base.clauses.all():
        builders.comment(process, clause=clause)

    assert queries(client, url) == few


def test_counts_agree_with_the_rules_of_one_comment(process, today):
    late, soon = today - datetime.timedelta(days=1), today
    for state in VoiceState:
        for promised in (late, soon, None):
            for outcome in ("", "no"):
                builders.comment(
                    process,
                    state=state,
                    state_reason="Skäl",
                    promised_on=promised,
                    outcome=outcome,
                    reply="Nej." if outcome else "",
                )

    rows = Comment.objects.filter(process=process)
    assert counts_of(process, today) == {
        "total": rows.public().count(),
        "waiting": rows.unanswered().count(),
        "answered": rows.answered().count(),
        "late": sum(row.is_late(today) for row in rows),
    }


def test_answer_names_what_it_led_to_as_far_as_anyone_may_read_it(client, process):
    program = process.program
    named = {
        "became_action": {"action": factories.make_action(program=program, title="Bänkar")},
        "in_brief": {"brief": factories.make_planning_brief(program=program, budget_year=2031)},
        "other_authority": {"authority": "Trafikverket"},
        "changed_text": {"changed_clause": clause_of(process, "hamnen")},
    }
    for outcome, fields in named.items():
        builders.comment(process, outcome=outcome, reply="Ja.", **fields)
    target = builders.comment(process, text="Den andra.")
    gone = builders.comment(process, text="Borta.", state="hidden", state_reason="Hot.")
    for other in (target, gone):
        builders.comment(process, outcome="merged", merged_into=other, reply="Samma.")

    page = page_of(client, public(process, "comments"))

    said = [words_in(next(each.iter(f"{HTML}p"))) for each in by_class(page, "voice__reply")]
    assert said == [
        "Merged with another",
        "Merged with another: Den andra.",
        f"Changed the text: {clause_of(process, 'hamnen').title}",
        "Is for another authority: Trafikverket",
        "Is in the planning brief 2031",
        "Became an action: Bänkar",
    ]
    assert "Borta." not in main_of(page)


def test_clause_of_a_draft_is_named_only_when_the_draft_is_published(client, process):
    draft = factories.make_edition(program=process.program, clauses=["Hemligt nytt"])
    type(process).objects.filter(pk=process.pk).update(draft=draft)
    builders.comment(
        process, outcome="changed_text", reply="Ja.", changed_clause=draft.clauses.get()
    )
    url = public(process, "comments")
    assert "Hemligt nytt" not in main_of(page_of(client, url))

    type(process).objects.filter(pk=process.pk).update(draft_published_at=timezone.now())

    page = page_of(client, url)
    assert "Hemligt nytt" in main_of(page)
    assert f"{public(process, 'draft_text')}#{draft.clauses.get().slug}" in links(page)


def test_every_public_comment_can_be_reported(client, process):
    shown = builders.comment(process)
    builders.comment(process, state=VoiceState.HIDDEN, state_reason="Hot.")

    found = [
        link for link in links(page_of(client, public(process, "comments"))) if "/anmal/" in link
    ]

    assert found == [reverse("programs:report", args=["comment", shown.pk])]


def test_empty_list_says_so(client, process):
    assert "No comments to show yet" in main_of(page_of(client, public(process, "comments")))


@pytest.mark.parametrize("query", ["?sida=0", "?sida=%00", "?sida=99999999999999999999", "?sida=x"])
def test_odd_page_numbers_show_the_nearest_page(client, process, query):
    builders.comment(process)

    assert client.get(public(process, "comments") + query).status_code == 200


def test_comment_pages_take_the_same_queries_for_any_length(client, process):
    url = public(process, "comments")
    builders.comment(process, clause=clause_of(process, "hamnen"))
    few = queries(client, url)
    for _number in range(40):
        builders.comment(process, clause=clause_of(process, "stationen"), outcome="no", reply="Nej")

    assert queries(client, url) == few


@pytest.fixture
def leader(client_for, project_leader):
    return client_for(project_leader)


# --- Reviewing and answering is done in the queue -------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "tab"), [("", "alla"), ("review", "granska"), ("answer", "svara"), ("\x00", "alla")]
)
def test_comments_of_a_process_are_read_in_the_queue(leader, process, asked, tab):
    row = builders.comment(process, state=VoiceState.HELD)
    builders.comment(builders.at("comments"))

    response = leader.get(staff(process, "comments"), {"visa": asked}, follow=True)

    address, _status = response.redirect_chain[-1]
    assert address == f"{reverse('voices_staff:queue')}?omgang={process.pk}&visa={tab}"
    shown = [shown.voice for shown in response.context["rows"]]
    assert shown == ([] if tab == "svara" else [row])


def test_comment_is_answered_on_its_page_in_the_queue(leader, process):
    row = builders.comment(process)

    response = leader.get(reverse("revisions_staff:answer", args=[process.pk, row.pk]))

    page = reverse("voices_staff:voice", args=["comment", row.pk])
    assert response.url == f"{page}?omgang={process.pk}&visa=svara"
    assert leader.get(response.url).status_code == 200
    strange = builders.comment(builders.at("comments"))
    url = reverse("revisions_staff:answer", args=[process.pk, strange.pk])
    assert leader.get(url).status_code == 404
