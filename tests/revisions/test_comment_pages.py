"""Comments: leaving one, reading them with answers – and that nothing held is ever seen."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from programs.models import Channel, Outcome, VoiceState
from revisions import workflow
from revisions.forms import stamp
from revisions.models import Comment, Question
from revisions.views.comments import counts_of
from tests import factories
from tests.revisions import builders
from tests.revisions.pages import (
    by_class,
    clause_of,
    links,
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


# --- Entered by staff ----------------------------------------------------------------------------


@pytest.fixture
def leader(client_for, project_leader):
    return client_for(project_leader)


def test_staff_enter_what_came_in_elsewhere(leader, process, today):
    clause = clause_of(process, "hamnen")
    url = staff(process, "enter_comment")
    page = page_of(leader, url)
    assert value_of(page, "received") == today.isoformat()
    sent = {"text": "På lapp", "channel": "paper", "received": today, "clause": clause.pk}

    response = leader.post(url, sent | {"reference": value_of(page, "reference")})
    leader.post(url, sent | {"reference": value_of(page, "reference")})

    (row,) = Comment.objects.all()
    assert (row.state, row.channel, row.clause) == (VoiceState.PUBLISHED, "paper", clause)
    assert row.reference in main_of(page_of(leader, response.url))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"received": "2999-01-01"}, "The date is still to come."),
        ({"channel": "web"}, "Select a valid choice."),
        ({"received": "igår"}, "Enter a valid date."),
        ({"clause": HUGE}, "Select a valid choice."),
        ({"text": ""}, "Write your comment."),
    ],
)
def test_faulty_entry_is_told_and_kept(leader, process, today, fields, words):
    sent = {"text": "Ring mig", "channel": "phone", "received": today.isoformat()} | fields

    page = parsed(leader.post(staff(process, "enter_comment"), sent))

    assert words in main_of(page)
    assert value_of(page, "text").strip() == sent["text"]
    assert not Comment.objects.exists()


def test_entry_of_what_came_after_the_period_is_refused(leader, process, today):
    over(process)
    sent = {"text": "För sent", "channel": "paper", "received": today}

    page = parsed(leader.post(staff(process, "enter_comment"), sent))

    assert "The comment period was over on that day." in main_of(page)
    sent["received"] = today - datetime.timedelta(days=1)
    assert leader.post(staff(process, "enter_comment"), sent).status_code == 302


def test_nothing_is_entered_before_the_period_or_after_the_end(leader, program, today):
    process = revision_at("comments", program)
    sent = {"text": "Tidigt", "channel": "paper", "received": today}
    page = parsed(leader.post(staff(process, "enter_comment"), sent), 409)
    assert "The comment period has not begun." in main_of(page)
    assert value_of(page, "text").strip() == "Tidigt"
    open_for_comments(process)
    builders.act(process, workflow.abort, reason="Slut.")

    page = parsed(leader.post(staff(process, "enter_comment"), sent), 409)

    assert "The process is finished." in main_of(page)
    assert not Comment.objects.exists()


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


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 4), ("visa=review", 1), ("visa=answer", 2), ("visa=%00", 4), ("utfall=no", 1),
     ("visa=answer&stycke=hamnen", 1), ("stycke=finns-inte", 4)],
)  # fmt: skip
def test_staff_list_is_narrowed(leader, process, query, count):
    builders.comment(process, state=VoiceState.HELD, clause=clause_of(process, "hamnen"))
    builders.comment(process)
    builders.comment(process, outcome="no", reply="Nej")
    builders.comment(process, state=VoiceState.REFUSED, state_reason="Hot")

    page = page_of(leader, f"{staff(process, 'comments')}?{query}")

    assert len([*by_class(page, "rows")[0]]) == count
    assert "To review (1)" in main_of(page)
    assert "To answer (2)" in main_of(page)


# --- Who sees what -------------------------------------------------------------------------------

NAMES = ("Eva Ek", "eva@example.se")
# Whoever reviews or keeps the records reads what is held; whoever answers sees who wrote it.
SEES_HELD = {"administrator", "project_leader", "registrar", "moderator"}
ANSWERS = {"administrator", "project_leader"}
REVIEWS = ANSWERS | {"moderator"}


@pytest.mark.parametrize(
    "role", [*sorted(SEES_HELD), "politician", "resident_representative",
             "association_representative"],
)  # fmt: skip
def test_each_role_sees_what_is_its_task(request, client_for, process, role):
    author = {"author_name": NAMES[0], "author_email": NAMES[1]}
    held = builders.comment(process, text="Hållen text", state=VoiceState.HELD, **author)
    refused = builders.comment(
        process, text="Vägrad text", state=VoiceState.REFUSED, state_reason="Hot", **author
    )
    shown = builders.comment(process, text="Synlig text", **author)
    client = client_for(request.getfixturevalue(role))

    text = main_of(page_of(client, staff(process, "comments")))

    sees = role in SEES_HELD
    assert [words in text for words in ("Synlig", "Hållen", "Vägrad")] == [True, sees, sees]
    assert not any(name in text for name in NAMES)
    narrowed = page_of(client, staff(process, "comments") + "?visa=review&q=text")
    assert ("Hållen" in main_of(narrowed)) == sees
    for row in (held, refused, shown):
        response = client.get(answer_url(row))
        assert response.status_code == (200 if sees else 403)
        html = response.content.decode()
        assert [name in html for name in NAMES] == [role in ANSWERS] * 2
        if sees:
            page = parsed(response)
            assert (value_of(page, "state_reason") is not None) == (role in REVIEWS)
        if row is shown and sees:
            assert (value_of(page, "reply") is not None) == (role in ANSWERS)


@pytest.mark.parametrize("role", ["registrar", "moderator", "politician"])
def test_only_those_whose_task_it_is_review_and_answer(request, client_for, process, role):
    row = builders.comment(process, state=VoiceState.HELD)
    client = client_for(request.getfixturevalue(role))
    saw = stamp(row)

    reviewed = client.post(answer_url(row), {"state": "published", "saw": saw}).status_code
    row.refresh_from_db()
    assert (reviewed, row.state) == ((302, "published") if role == "moderator" else (403, "held"))
    answered = client.post(answer_url(row), {"reply": "Ja", "outcome": "no", "saw": stamp(row)})

    assert answered.status_code == 403
    row.refresh_from_db()
    assert row.outcome == ""


def test_moderator_is_led_from_one_held_comment_to_the_next(client_for, moderator, process):
    first, second = (builders.comment(process, state=VoiceState.HELD) for _each in range(2))
    builders.comment(process)
    client = client_for(moderator)

    response = client.post(answer_url(first), {"state": "published", "saw": stamp(first)})

    assert response.url == answer_url(second)
    page = page_of(client, response.url)
    assert staff(process) not in links(page)


def test_staff_comment_pages_take_the_same_queries_for_any_length(leader, process):
    row = builders.comment(process, clause=clause_of(process, "hamnen"))
    addresses = [staff(process, "comments"), staff(process, "enter_comment"), answer_url(row)]
    few = [queries(leader, url) for url in addresses]
    for _number in range(40):
        builders.comment(process, clause=clause_of(process, "stationen"))

    assert [queries(leader, url) for url in addresses] == few
