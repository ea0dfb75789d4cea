"""Comments: leaving one, reading them with answers – and that nothing held is ever seen."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from programs.models import Channel, Outcome, VoiceState
from revisions.models import Comment, Question
from revisions.views.comments import counts_of
from tests.revisions import builders
from tests.revisions.pages import (
    by_class,
    clause_of,
    main_of,
    open_for_comments,
    page_of,
    parsed,
    public,
    queries,
    revision_at,
    staff,
    value_of,
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


def test_comment_on_a_clause_is_held_and_bound_to_the_text_it_saw(client, process, today):
    clause = clause_of(process, "hamnen")
    url = public(process, "comment")
    page = page_of(client, f"{url}?stycke=hamnen")
    assert value_of(page, "clause") == str(clause.pk)
    assert "Bygg i hamnen." in words_in(by_class(page, "voice")[0])
    assert all(str(label) in main_of(page) for label in Question.labels)

    response = client.post(
        url,
        {"text": "Hellre en park.", "clause": clause.pk, "question": "focus", "author_name": "Eva"},
    )

    (row,) = Comment.objects.all()
    assert (row.edition, row.clause, row.question) == (process.base, clause, "focus")
    assert (row.state, row.channel, row.public_name) == (VoiceState.HELD, Channel.WEB, "")
    assert row.promised_on > today
    assert response.url == f"{public(process, 'comment_received')}?ref={row.reference}"
    thanks = main_of(page_of(client, response.url))
    assert f"Its reference is {row.reference}." in thanks


def test_comment_on_the_whole_text_has_no_clause(client, process):
    client.post(public(process, "comment"), {"text": "Bra.", "clause": ""})

    assert Comment.objects.get().clause is None


def test_doubled_click_makes_one_row_and_two_people_two(client, process):
    url = public(process, "comment")
    reference = value_of(page_of(client, url), "reference")
    first = client.post(url, {"text": "Ja", "reference": reference})
    again = client.post(url, {"text": "Ja", "reference": reference})
    assert first.url == again.url
    assert Comment.objects.count() == 1

    client.post(url, {"text": "Ja", "reference": value_of(page_of(client, url), "reference")})
    client.post(url, {"text": "Nej", "reference": reference})

    assert Comment.objects.count() == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"text": TOO_LONG},
        {"text": "Ja", "author_email": "inte en adress"},
        {"text": "Ja", "show_name": "on"},
        {"text": "Ja", "clause": HUGE},
        {"text": "Ja", "clause": "\x00"},
        {"text": "Ja", "clause": "abc"},
        {"text": "Ja\x00"},
        {"text": "Ja", "question": "forged"},
        {"text": "Ja", "reference": "\x00\x00"},
        {},
    ],
)
def test_faulty_comment_is_told_and_keeps_what_was_typed(client, process, fields):
    sent = {"author_name": "", "author_email": "", "text": ""} | fields
    if "show_name" not in fields:
        sent["author_name"] = "Eva Ek"

    page = parsed(client.post(public(process, "comment"), sent))

    assert by_class(page, "error-summary")
    assert value_of(page, "text").strip() == sent["text"].replace("\x00", "\ufffd").strip()
    assert value_of(page, "author_name") == sent["author_name"]
    assert not Comment.objects.exists()


def test_clause_of_another_text_is_refused(client, process):
    strange = builders.make_program().current_edition.clauses.first()

    client.post(public(process, "comment"), {"text": "Ja", "clause": strange.pk})

    assert not Comment.objects.exists()


def test_unknown_clause_in_the_address_is_told(client, process):
    page = page_of(client, public(process, "comment") + "?stycke=%00finns-inte")

    assert "Your comment will concern the whole text." in main_of(page)


def test_period_closes_exactly_when_it_ends(client, process):
    url = public(process, "comment")
    assert client.post(url, {"text": "I tid"}).status_code == 302
    over(process)

    page = parsed(client.post(url, {"text": "För sent"}), 409)

    assert "The comment period is over." in main_of(page)
    assert value_of(page, "text").strip() == "För sent"
    assert [row.text for row in Comment.objects.all()] == ["I tid"]
    assert "Comments are not open now" in main_of(page_of(client, url))


def test_empty_form_after_the_end_is_no_error(client, process):
    over(process)

    assert client.post(public(process, "comment")).status_code == 409


def test_creation_takes_comments_only_on_a_published_draft(client):
    process = open_for_comments(builders.at("public-meeting", "creation"))
    url = public(process, "comment")
    assert client.post(url, {"text": "Ja"}).status_code == 409
    builders.publish(process)

    clause = process.draft.clauses.first()
    assert client.post(url, {"text": "Ja", "clause": clause.pk}).status_code == 302
    assert Comment.objects.get().edition == process.draft


def test_list_shows_published_with_answers_and_marks_the_hidden(client, process):
    clause = clause_of(process, "hamnen")
    builders.comment(process, text="Synlig", clause=clause, channel="paper", author_name="Eva Ek")
    builders.comment(process, text="Namngiven", author_name="Ulla", show_name=True)
    builders.comment(
        process, text="Besvarad", outcome=Outcome.PARTLY, reply="Delvis så.", replied="2026-06-01"
    )
    builders.comment(process, text="Hållen", state=VoiceState.HELD, reply="Svar", outcome="no")
    builders.comment(process, text="Vägrad", state=VoiceState.REFUSED, state_reason="Hot")
    builders.comment(process, text="Dold", state=VoiceState.HIDDEN, state_reason="Namn nämns.")

    page = page_of(client, public(process, "comments"))

    text = main_of(page)
    rows = [words_in(each) for each in page.iter() if each.get("id", "").startswith("synpunkt-")]
    assert len(rows) == 4
    assert "hidden here" in rows[0]
    assert "Partly Delvis så." in rows[1]
    assert "Ulla" in rows[2]
    assert rows[3].startswith(f"About: {clause.title} Synlig A resident")
    assert "on paper" in rows[3]
    assert not any(word in text for word in ("Hållen", "Vägrad", "Dold", "Eva Ek", "Hot"))
    assert [words_in(each) for each in by_class(page, "facts")[0]] == [
        "Came in 3",
        "Answered 1",
        "Late answers 0",
    ]
    assert "1 comment is waiting to be read before it is shown." in text


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
        "answered": rows.answered().count(),
        "late": sum(row.is_late(today) for row in rows),
        "waiting_review": rows.filter(state=VoiceState.HELD).count(),
    }


def test_empty_list_says_so(client, process):
    assert "No comments to show yet" in main_of(page_of(client, public(process, "comments")))


@pytest.mark.parametrize("query", ["?sida=0", "?sida=%00", "?sida=99999999999999999999", "?sida=x"])
def test_odd_page_numbers_show_the_nearest_page(client, process, query):
    builders.comment(process)

    assert client.get(public(process, "comments") + query).status_code == 200


def test_thanks_without_a_known_reference_thanks_anyway(client, process):
    page = page_of(client, public(process, "comment_received") + "?ref=%00NADA")

    assert "Your comment has come in." in main_of(page)


def test_comment_pages_take_the_same_queries_for_any_length(client, process):
    addresses = [public(process, "comments"), public(process, "comment")]
    builders.comment(process, clause=clause_of(process, "hamnen"))
    few = [queries(client, url) for url in addresses]
    for _number in range(40):
        builders.comment(process, clause=clause_of(process, "stationen"), outcome="no", reply="Nej")

    assert [queries(client, url) for url in addresses] == few


@pytest.fixture
def leader(client_for, project_leader):
    return client_for(project_leader)


# --- Reviewing and answering ---------------------------------------------------------------------


def answer_url(row) -> str:
    return reverse("revisions_staff:answer", args=[row.process_id, row.pk])


def test_review_then_answer_leads_to_the_next(leader, client, process):
    row = builders.comment(process, state=VoiceState.HELD)
    other = builders.comment(process)
    page = page_of(leader, answer_url(row))
    assert "First review it, then answer it." in main_of(page)

    leader.post(answer_url(row), {"state": "published", "saw": value_of(page, "saw")})
    page = page_of(leader, answer_url(row))
    clause = process.base.clauses.first()
    response = leader.post(
        answer_url(row),
        {
            "reply": "Ja, så blir det.",
            "outcome": "changed_text",
            "changed_clause": clause.pk,
            "saw": value_of(page, "saw"),
        },
    )

    row.refresh_from_db()
    assert (row.state, row.outcome, row.changed_clause) == ("published", "changed_text", clause)
    assert row.replied_by == "Project leader"
    assert response.url == answer_url(other)
    assert "Ja, så blir det." in main_of(page_of(client, public(process, "comments")))


def test_held_comment_is_not_answered_before_it_is_read(leader, process):
    row = builders.comment(process, state=VoiceState.HELD)
    saw = value_of(page_of(leader, answer_url(row)), "saw")

    page = parsed(leader.post(answer_url(row), {"reply": "Ja", "outcome": "no", "saw": saw}))

    assert "Read and review the comment before you answer it." in main_of(page)
    assert value_of(page, "reply").strip() == "Ja"


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "refused"},
        {"state": "hidden", "state_reason": " "},
        {"state": "held"},
        {"state": "\x00"},
        {"reply": "Ja", "outcome": "changed_text"},
        {"reply": "Ja", "outcome": "changed_text", "changed_clause": HUGE},
        {"reply": "Ja", "outcome": "merged"},
        {"reply": "", "outcome": "no"},
        {"reply": "Ja\x00", "outcome": "no"},
        {"reply": "Ja"},
        {},
    ],
)
def test_faulty_review_and_answer_change_nothing(leader, process, fields):
    row = builders.comment(process)
    saw = value_of(page_of(leader, answer_url(row)), "saw")

    page = parsed(leader.post(answer_url(row), fields | {"saw": saw}))

    assert by_class(page, "error-summary")
    assert Comment.objects.get(pk=row.pk).outcome == ""
    assert Comment.objects.get(pk=row.pk).state == VoiceState.PUBLISHED


def test_second_of_two_who_answer_at_once_is_told(leader, client_for, administrator, process):
    row = builders.comment(process)
    saw = value_of(page_of(leader, answer_url(row)), "saw")
    leader.post(answer_url(row), {"reply": "Första svaret", "outcome": "no", "saw": saw})

    page = parsed(
        client_for(administrator).post(
            answer_url(row), {"reply": "Andra svaret", "outcome": "partly", "saw": saw}
        ),
        409,
    )

    assert "Someone else has just reviewed or answered this." in main_of(page)
    assert "Första svaret" in main_of(page)
    assert value_of(page, "reply").strip() == "Andra svaret"
    assert Comment.objects.get(pk=row.pk).reply == "Första svaret"
    fresh = {"reply": "Andra svaret", "outcome": "partly", "saw": value_of(page, "saw")}
    assert leader.post(answer_url(row), fresh).status_code == 302


def test_merged_comment_is_not_answered_apart(leader, process):
    kept = builders.comment(process)
    row = builders.comment(process, outcome="merged", merged_into=kept, reply="Se den andra.")
    saw = value_of(page_of(leader, answer_url(row)), "saw")

    page = parsed(leader.post(answer_url(row), {"reply": "Ja", "outcome": "no", "saw": saw}), 409)

    assert by_class(page, "error-summary")
    assert Comment.objects.get(pk=row.pk).outcome == "merged"


def test_comment_of_another_process_is_not_found(leader, process):
    strange = builders.comment(builders.at("comments"))

    url = reverse("revisions_staff:answer", args=[process.pk, strange.pk])
    assert leader.get(url).status_code == 404


@pytest.mark.parametrize(("query", "count"), [("", 4), ("review", 1), ("answer", 2), ("\x00", 4)])
def test_staff_list_is_narrowed(leader, process, query, count):
    builders.comment(process, state=VoiceState.HELD)
    builders.comment(process)
    builders.comment(process, outcome="no", reply="Nej")
    builders.comment(process, state=VoiceState.REFUSED, state_reason="Hot")

    page = page_of(leader, f"{staff(process, 'comments')}?visa={query}")

    assert len([*by_class(page, "rows")[0]]) == count


def test_staff_comment_pages_take_the_same_queries_for_any_length(leader, process):
    row = builders.comment(process, clause=clause_of(process, "hamnen"))
    addresses = [staff(process, "comments"), answer_url(row)]
    few = [queries(leader, url) for url in addresses]
    for _number in range(40):
        builders.comment(process, clause=clause_of(process, "stationen"))

    assert [queries(leader, url) for url in addresses] == few
