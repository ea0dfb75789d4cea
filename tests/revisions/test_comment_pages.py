"""Comments: leaving one, reading them with answers – and that nothing held is ever seen."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from programs.models import Channel, Outcome, VoiceState
from revisions import workflow
from revisions.models import Comment, Question
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
        "waiting": rows.unanswered().count(),
        "answered": rows.answered().count(),
        "late": sum(row.is_late(today) for row in rows),
        "waiting_review": rows.filter(state=VoiceState.HELD).count(),
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
    assert f"{public(process, 'draft')}#{draft.clauses.get().slug}" in links(page)


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
