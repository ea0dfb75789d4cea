"""The draft: written by staff without losing a word, and read by everyone with changes marked."""

import pytest
from django.utils import translation

from programs.models import Clause, VoiceState
from revisions.models import ClauseChange, Process
from tests.revisions import builders
from tests.revisions.pages import (
    by_class,
    links,
    main_of,
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

HUGE = "9" * 30


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def seats(politician, resident_representative):
    """The steering group that approves."""


@pytest.fixture
def process(program):
    process = revision_at("draft", program)
    builders.begin(process)
    process.refresh_from_db()
    return process


@pytest.fixture
def leader(client_for, project_leader):
    return client_for(project_leader)


def clause_of(process, slug: str) -> Clause:
    return process.draft.clauses.get(slug=slug)


def url_of(process, slug: str) -> str:
    return staff(process, "clause", clause_of(process, slug).pk)


def seen_on(page, change: str = "edit") -> dict[str, str]:
    """What the form on the page holds, under the names that it is sent with."""
    names = ["step", "attempt", "saw", "heading", "text"]
    sent = {f"{change}-{name}": value_of(page, f"{change}-{name}") for name in names}
    return {name: value for name, value in sent.items() if value is not None} | {"change": change}


# --- Writing -------------------------------------------------------------------------------------


def test_edit_saves_reason_and_comments_behind_it(leader, process):
    row = builders.comment(process, text="Mer ljus.")
    sent = seen_on(page_of(leader, url_of(process, "hamnen")))

    response = leader.post(
        url_of(process, "hamnen"),
        sent | {"edit-text": "Bygg en park.", "edit-reason": "Många bad.", "edit-comments": row.pk},
    )

    assert response.url == staff(process, "draft")
    assert clause_of(process, "hamnen").text == "Bygg en park."
    change = ClauseChange.objects.get()
    assert (change.reason, list(change.comments.all())) == ("Många bad.", [row])
    page = main_of(page_of(leader, response.url))
    assert "Saved " in page
    assert "Why: Många bad." in page


def test_two_who_edit_the_same_clause_see_both_wordings(leader, client_for, administrator, process):
    url = url_of(process, "hamnen")
    sent = seen_on(page_of(leader, url))
    leader.post(url, sent | {"edit-text": "Bygg en park.", "edit-reason": "Skäl"})

    other = client_for(administrator)
    late = sent | {"edit-text": "Bygg ett torg.", "edit-reason": "Annat skäl"}
    page = parsed(other.post(url, late), 409)

    assert "Bygg en park." in words_in(by_class(page, "notice--warning")[0])
    assert value_of(page, "edit-text") == "Bygg ett torg."
    assert value_of(page, "edit-reason") == "Annat skäl"
    assert clause_of(process, "hamnen").text == "Bygg en park."
    again = late | {"edit-saw": value_of(page, "edit-saw")}
    assert other.post(url, again).status_code == 302
    assert clause_of(process, "hamnen").text == "Bygg ett torg."


def test_what_was_typed_for_a_removed_clause_is_kept(leader, process):
    url = url_of(process, "hamnen")
    sent = seen_on(page_of(leader, url))
    builders.write(process, builders.drafting.drop_clause, clause_of(process, "hamnen"))

    page = parsed(leader.post(url, sent | {"edit-text": "Mitt nya", "edit-reason": "Skäl"}), 409)

    assert "Someone else has removed the clause" in main_of(page)
    assert value_of(page, "new-text") == "Mitt nya"
    assert leader.get(url).status_code == 404


def test_merge_with_a_clause_changed_meanwhile_is_refused(leader, process):
    url = url_of(process, "hamnen")
    page = page_of(leader, f"{url}?gor=merge")
    station = clause_of(process, "stationen")
    options = [each.get("value") for each in page.iter() if each.get("value")]
    (chosen,) = [value for value in options if value.startswith(f"{station.pk}-")]
    builders.edit(process, station)
    sent = seen_on(page, "merge") | {"merge-other": chosen, "merge-reason": "Samma sak"}

    page = parsed(leader.post(url, sent))

    assert "That clause has been changed or removed." in main_of(page)
    assert process.draft.clauses.filter(pk=station.pk).exists()


def test_move_split_merge_and_drop(leader, process):
    def send(slug: str, change: str, **fields) -> None:
        url = url_of(process, slug)
        sent = seen_on(page_of(leader, f"{url}?gor={change}"), change)
        fields = {f"{change}-{name}": value for name, value in fields.items()}
        response = leader.post(url, sent | {f"{change}-reason": "Skäl"} | fields)
        assert response.status_code == 302, main_of(parsed(response, response.status_code))

    send("hamnen", "move", after=clause_of(process, "vatten").pk)
    assert clause_of(process, "hamnen").parent.slug == "vatten"
    send("stationen", "split", text="Ett", second_text="Två")
    second = process.draft.clauses.get(text="Två")
    merged = builders.drafting.fingerprint(second)
    send("stationen", "merge", other=f"{second.pk}-{merged}", text="Båda")
    assert not process.draft.clauses.filter(pk=second.pk).exists()
    send("natur", "drop")
    assert not process.draft.clauses.filter(slug__in=["natur", "vatten", "hamnen"]).exists()


def test_new_clause_is_added_where_it_was_placed(leader, process):
    page = page_of(leader, staff(process, "draft"))
    sent = {f"new-{name}": value_of(page, f"new-{name}") for name in ("step", "attempt")}
    sent |= {"new-level": 1, "new-after": "", "new-heading": "Kultur", "new-text": ""}

    page = parsed(leader.post(staff(process, "draft"), sent))
    assert by_class(page, "error-summary")
    assert value_of(page, "new-heading") == "Kultur"
    leader.post(staff(process, "draft"), sent | {"new-reason": "Ungas önskan"})

    assert process.draft.clauses.get(heading="Kultur").level == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"new-level": "9"},
        {"new-level": "\x00"},
        {"new-level": "3", "new-after": ""},
        {"new-after": HUGE},
        {"new-step": "x"},
        {"new-step": HUGE},
        {"new-comments": HUGE},
        {"new-comments": "\x00"},
        {"new-comments": ["1", "x"]},
        {"new-heading": "x" * 161},
        {"new-reason": "x" * 301},
        {"new-heading": "Torg\x00"},
        {"new-heading": " ", "new-text": " "},
    ],
)
def test_faulty_new_clause_changes_nothing(leader, process, fields):
    sent = {"new-step": 6, "new-attempt": 1, "new-level": 1, "new-after": ""}
    sent |= {"new-heading": "Torg", "new-reason": "Skäl"} | fields
    before = process.draft.clauses.count()

    page = parsed(leader.post(staff(process, "draft"), sent))

    assert by_class(page, "error-summary")
    assert process.draft.clauses.count() == before


@pytest.mark.parametrize("change", ["", "edit", "move", "split", "merge", "drop", "riv"])
def test_forged_change_of_a_clause_changes_nothing(leader, process, change):
    builders.edit(process, clause_of(process, "natur"))
    before = list(process.draft.clauses.values_list("pk", "text", "position"))
    sent = {"change": change, f"{change}-step": 6, f"{change}-attempt": 1} | {
        f"{change}-{name}": HUGE for name in ("after", "other", "comments", "saw", "reason")
    }

    response = leader.post(url_of(process, "hamnen"), sent)

    assert response.status_code in (200, 404, 409)
    assert list(process.draft.clauses.values_list("pk", "text", "position")) == before


def test_clause_outside_the_draft_is_not_found(leader, process):
    old = process.base.clauses.first()

    assert leader.get(staff(process, "clause", old.pk)).status_code == 404
    assert leader.post(staff(process, "clause", 999999999)).status_code == 404
    assert leader.get(f"{staff(process, 'draft')}{HUGE}/").status_code == 404
    assert leader.get(url_of(process, "hamnen") + "?gor=%00").status_code == 404


def test_comment_of_another_process_is_never_behind_a_change(leader, process):
    strange = builders.comment(builders.at("comments"))
    sent = seen_on(page_of(leader, url_of(process, "hamnen")))

    response = leader.post(
        url_of(process, "hamnen"),
        sent | {"edit-text": "Nytt", "edit-reason": "Skäl", "edit-comments": strange.pk},
    )

    assert by_class(parsed(response), "error-summary")
    assert not ClauseChange.objects.exists()


def test_text_that_stands_still_is_shown_and_not_written(leader, program):
    process = revision_at("information", program)
    page = page_of(leader, url_of(process, "hamnen"))

    assert "The text stands still in this step." in main_of(page)
    assert value_of(page, "edit-text") is None
    sent = {"change": "edit", "edit-step": 8, "edit-attempt": 1, "edit-text": "Sent"}
    sent |= {"edit-saw": builders.drafting.fingerprint(clause_of(process, "hamnen"))}
    page = parsed(leader.post(url_of(process, "hamnen"), sent | {"edit-reason": "Skäl"}))
    assert "The text cannot be changed in this step." in main_of(page)
    assert value_of(page, "edit-text") == "Sent"


def test_draft_page_without_a_draft_leads_back(leader, program):
    process = revision_at("comments", program)

    assert leader.get(staff(process, "draft")).url == staff(process)
    assert leader.post(staff(process, "draft")).url == staff(process)
    assert leader.get(staff(process, "versions")).status_code == 200


def test_versions_keep_what_was_written_before(leader, process):
    builders.edit(process, clause_of(process, "hamnen"), text="Första")
    builders.edit(process, clause_of(process, "hamnen"), text="Andra")

    text = main_of(page_of(leader, staff(process, "versions")))

    assert text.index("Andra") < text.index("Första") < text.index("Bygg i hamnen.")


# --- Reading -------------------------------------------------------------------------------------


def test_draft_is_public_from_its_publication(client, process):
    assert client.get(public(process, "draft")).status_code == 404
    builders.publish(process)

    assert client.get(public(process, "draft")).status_code == 200


def test_change_shows_you_said_we_changed_with_public_comments_only(client, process):
    shown = builders.comment(process, text="Mer ljus vid ån.")
    held = builders.comment(process, text="Hemligt.", state=VoiceState.HELD)
    because = builders.because("Många bad om ljus.", comments=[shown, held])
    builders.edit(process, clause_of(process, "hamnen"), text="Bygg och lys.", because=because)
    builders.write(process, builders.drafting.drop_clause, clause_of(process, "vatten"))
    builders.publish(process)

    page = page_of(client, public(process, "draft"))

    (edited,) = by_class(page, "compare__item--edited")
    assert "You said – we changed: Många bad om ljus. Mer ljus vid ån." in words_in(edited)
    (dropped,) = by_class(page, "compare__item--dropped")
    assert "Why:" in words_in(dropped)
    assert "Hemligt." not in main_of(page)
    ids = {each.get("id") for each in page.iter()}
    assert {link[1:] for link in links(page) if link.startswith("#")} <= ids


def test_sent_back_draft_is_hidden_while_it_is_rewritten(client, program):
    process = revision_at("approval", program)
    assert client.get(public(process, "draft")).status_code == 200
    builders.send_back(process, 6)

    assert client.get(public(process, "draft")).status_code == 404


# --- Size ----------------------------------------------------------------------------------------


def test_pages_take_the_same_queries_for_sixty_clauses_and_two_hundred_comments(
    client, leader, process
):
    builders.edit(process, clause_of(process, "hamnen"))
    builders.publish(process)
    addresses = [
        (client, public(process, "draft")),
        (client, public(process)),
        (client, public(process, "comments")),
        (leader, staff(process)),
        (leader, staff(process, "draft")),
        (leader, staff(process, "approval")),
        (leader, url_of(process, "hamnen")),
    ]
    row = builders.comment(process)
    ClauseChange.objects.get().comments.add(row)
    few = [queries(*address) for address in addresses]
    last = process.draft.clauses.count()
    for number in range(60):
        clause = Clause.objects.create(
            edition=process.draft, level=1, position=last + number + 1,
            number=str(number + 9), heading=f"Område {number}", slug=f"omrade-{number}",
        )  # fmt: skip
        change = ClauseChange.objects.create(
            process=process, clause=clause, reason="Skäl", made_by=builders.leader()
        )
        change.comments.set([builders.comment(process, clause=clause) for _each in range(3)])
    Process.objects.get(pk=process.pk).comments.filter(pk=row.pk).update(text="Ny text")

    assert [queries(*address) for address in addresses] == few
