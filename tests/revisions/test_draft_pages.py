"""The draft: written by staff without losing a word, and read by everyone with changes marked."""

import datetime

import pytest
from django.utils import timezone, translation

from programs.models import Clause, VoiceState
from revisions.models import ClauseChange, Process
from tests.revisions import builders
from tests.revisions.pages import (
    HTML,
    by_class,
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

    assert response.url == staff(process, "draft") + "#hamnen"
    assert clause_of(process, "hamnen").text == "Bygg en park."
    change = ClauseChange.objects.get()
    assert (change.reason, list(change.comments.all())) == ("Många bad.", [row])
    page = main_of(page_of(leader, response.url))
    assert "Saved " in page
    assert "Why it was changed Många bad. (1 comment)" in page


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
    url = staff(process, "add_clause")
    page = page_of(leader, url)
    sent = {f"new-{name}": value_of(page, f"new-{name}") for name in ("step", "attempt")}
    sent |= {"new-level": 1, "new-after": "", "new-heading": "Kultur", "new-text": ""}

    page = parsed(leader.post(url, sent))
    assert by_class(page, "error-summary")
    assert value_of(page, "new-heading") == "Kultur"
    leader.post(url, sent | {"new-reason": "Ungas önskan"})

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

    page = parsed(leader.post(staff(process, "add_clause"), sent))

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
    assert leader.get(staff(process, "add_clause")).url == staff(process, "draft")
    assert leader.get(staff(process, "preview")).url == staff(process, "draft")
    assert leader.get(staff(process, "versions")).status_code == 200


def test_versions_tell_what_each_changed_in_words(leader, process):
    builders.edit(process, clause_of(process, "hamnen"), text="Bygg i parken.")
    builders.edit(process, clause_of(process, "hamnen"), text="Bygg lite i parken.")
    latest, between, first = process.versions.all()

    page = page_of(leader, staff(process, "versions"))
    assert [link for link in links(page) if "/versioner/" in link] == [
        staff(process, "version", version.pk) for version in (latest, between, first)
    ]
    changed = page_of(leader, staff(process, "version", between.pk))
    (item,) = by_class(changed, "compare__item")
    assert [words_in(each) for each in item.iter(f"{HTML}del")] == ["hamnen"]
    assert [words_in(each) for each in item.iter(f"{HTML}ins")] == ["parken"]
    since = page_of(leader, staff(process, "version", between.pk) + "?mot=nu")
    (item,) = by_class(since, "compare__item")
    assert [words_in(each) for each in item.iter(f"{HTML}ins")] == ["lite"]
    assert "This is where the draft began." in main_of(
        page_of(leader, staff(process, "version", first.pk))
    )


def test_version_is_brought_back_with_a_reason(leader, process):
    builders.edit(process, clause_of(process, "hamnen"), text="Bygg i parken.")
    latest, first = process.versions.all()
    url = staff(process, "version", first.pk)
    page = page_of(leader, url)
    names = ["step", "attempt", "saw", "reason"]
    sent = {f"restore-{name}": value_of(page, f"restore-{name}") for name in names}

    assert by_class(parsed(leader.post(url, sent), 409), "error-summary")
    builders.edit(process, clause_of(process, "natur"), heading="Vildare natur")
    page = parsed(leader.post(url, sent | {"restore-reason": "Mötet ville det"}), 409)
    assert "The text was changed while you were reading." in main_of(page)
    again = {f"restore-{name}": value_of(page, f"restore-{name}") for name in names}
    assert again["restore-reason"] == "Mötet ville det"

    assert leader.post(url, again).url == staff(process, "draft")
    assert clause_of(process, "hamnen").text == "Bygg i hamnen."
    assert clause_of(process, "natur").heading == "Natur"
    assert "The draft reads like this now." in main_of(page_of(leader, url))
    assert value_of(page_of(leader, url), "restore-reason") is None
    assert leader.get(staff(process, "version", latest.pk)).status_code == 200


def test_who_only_reads_finds_no_way_to_bring_back(client_for, registrar, process):
    builders.edit(process, clause_of(process, "hamnen"), text="Bygg i parken.")
    client = client_for(registrar)
    url = staff(process, "version", process.versions.last().pk)

    assert value_of(page_of(client, url), "restore-reason") is None
    assert client.post(url, {"restore-reason": "Skäl"}).status_code == 403
    assert client.get(staff(process, "version", 999999)).status_code == 404


def test_dropped_clause_is_read_where_it_stood_and_brought_back(leader, process):
    because = builders.because("Det sköts redan.")
    drop = builders.drafting.drop_clause
    builders.write(process, drop, clause_of(process, "bostader"), because=because)
    old = process.base.clauses.get(slug="bostader")
    page = page_of(leader, staff(process, "draft"))
    (gone,) = by_class(page, "draft__gone")
    assert "Fler bostäder" in words_in(gone)
    assert "Why: Det sköts redan." in words_in(gone)
    assert "2 more that stood under it" in words_in(gone)
    url = staff(process, "restore", old.pk)
    assert url in links(gone)

    page = page_of(leader, url)
    assert all(child.title in main_of(page) for child in old.children.all())
    sent = {f"restore-{name}": value_of(page, f"restore-{name}") for name in ("step", "attempt")}
    assert by_class(parsed(leader.post(url, sent)), "error-summary")
    response = leader.post(url, sent | {"restore-reason": "Vi ångrade oss"})

    assert response.url == staff(process, "draft") + "#bostader"
    assert by_class(page_of(leader, response.url), "draft__gone") == []
    assert "in the draft already" in main_of(
        parsed(leader.post(url, sent | {"restore-reason": "Igen"}))
    )
    assert leader.get(staff(process, "restore", clause_of(process, "natur").pk)).status_code == 404


def test_draft_is_read_in_order_with_what_changed_marked(leader, process):
    builders.edit(process, clause_of(process, "hamnen"), text="Bygg i parken.")
    builders.write(
        process,
        builders.drafting.move_clause,
        clause_of(process, "vatten"),
        after=clause_of(process, "bygga").pk,
    )
    page = page_of(leader, staff(process, "draft"))

    shown = [each.get("id") for each in by_class(page, "clause")]
    in_order = process.draft.clauses.order_by("position")
    assert shown == list(in_order.values_list("slug", flat=True))
    marked = {
        each.get("id"): words_in(by_class(each, "tag")[0])
        for each in by_class(page, "clause")
        if by_class(each, "tag")
    }
    assert marked == {"hamnen": "Edited", "vatten": "Moved"}
    anchors = {link for link in links(page) if link.startswith("#")}
    assert {"#hamnen", "#vatten"} <= anchors
    assert {link[1:] for link in anchors} <= {each.get("id") for each in page.iter()}


def test_merged_clause_is_told_with_what_it_became(leader, client, process):
    hamnen, stationen = clause_of(process, "hamnen"), clause_of(process, "stationen")
    builders.write(
        process,
        builders.drafting.merge_clauses,
        stationen,
        other_id=hamnen.pk,
        saw_other=builders.drafting.fingerprint(hamnen),
        heading="",
        text="Bygg på båda ställena.",
    )
    builders.publish(process)

    (gone,) = by_class(page_of(leader, staff(process, "draft")), "draft__gone")
    assert "now part of" in words_in(gone)
    assert links(gone) == []
    (gone,) = by_class(page_of(client, public(process, "draft")), "compare__item--dropped")
    assert words_in(by_class(gone, "tag")[0]) == "Merged"
    assert "Now part of" in words_in(gone)


def test_comments_are_read_beside_the_clause_that_they_concern(leader, process):
    old = process.base.clauses.get(slug="hamnen")
    for number in range(6):
        builders.comment(process, clause=old, text=f"Om hamnen {number}", state=VoiceState.HELD)
    builders.comment(process, clause=old, state=VoiceState.REFUSED, state_reason="Hot")
    builders.comment(process)

    page = page_of(leader, staff(process, "draft"))

    (row,) = [each for each in by_class(page, "clause") if each.get("id") == "hamnen"]
    assert "6 comments" in words_in(row)
    assert len(by_class(row, "voice")) == 4
    assert f"{staff(process, 'comments')}?stycke=hamnen" in links(row)
    assert "1 comment on the whole text" in main_of(page)
    beside = page_of(leader, url_of(process, "hamnen"))
    assert len(by_class(beside, "voice")) == 6


def test_clause_is_moved_one_step_without_dragging(leader, process):
    page = page_of(leader, staff(process, "draft"))
    (row,) = [each for each in by_class(page, "clause") if each.get("id") == "hamnen"]
    (up,) = [each for each in row.iter(f"{HTML}a") if words_in(each) == "Move one step up"]
    assert "Move one step down" not in words_in(row)

    page = page_of(leader, up.get("href"))
    sent = seen_on(page, "move") | {"move-reason": "Viktigast"}
    sent["move-after"] = value_of(page, "move-after")
    assert leader.post(up.get("href").partition("?")[0], sent).status_code == 302

    slugs = list(process.draft.clauses.order_by("position").values_list("slug", flat=True))
    assert slugs.index("hamnen") < slugs.index("stationen")


def test_what_young_people_said_is_written_and_compared(leader, client, process):
    sent = seen_on(page_of(leader, url_of(process, "natur"))) | {"edit-reason": "Elevrådet"}
    leader.post(url_of(process, "natur"), sent | {"edit-youth_voices": "Plantera träd."})
    builders.publish(process)

    assert clause_of(process, "natur").youth_voices == "Plantera träd."
    (edited,) = by_class(page_of(client, public(process, "draft")), "compare__item--edited")
    assert "What young people said Plantera träd." in words_in(edited)
    page = page_of(leader, url_of(process, "natur"))
    assert value_of(page, "edit-youth_voices") == "Plantera träd."
    leader.post(url_of(process, "natur"), seen_on(page) | {"edit-reason": "Stavning"})
    assert clause_of(process, "natur").youth_voices == "Plantera träd."


def test_preview_is_what_the_public_will_see_and_nobody_else_does_yet(leader, client, process):
    builders.edit(process, clause_of(process, "hamnen"), text="Bygg i parken.")
    url = staff(process, "preview")

    page = page_of(leader, url)
    assert "Nobody else sees this until the draft is published." in main_of(page)
    (edited,) = by_class(page, "compare__item--edited")
    whole = page_of(leader, f"{url}?visa=text")
    assert "Bygg i parken." in main_of(whole)
    assert by_class(whole, "compare__item") == []
    assert client.get(public(process, "draft_text")).status_code == 404
    builders.publish(process)

    (seen,) = by_class(page_of(client, public(process, "draft")), "compare__item--edited")
    assert words_in(seen) == words_in(edited)
    text = main_of(page_of(client, public(process, "draft_text")))
    assert "Bygg i parken." in text
    assert "Preview" not in text


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
    anchors = [link[1:] for link in links(page) if link.startswith("#c-")]
    assert set(anchors) <= ids
    # Each change can be jumped to from the list above them.
    assert [each.get("id") for each in (edited, dropped)] == [
        anchor for anchor in dict.fromkeys(anchors) if not anchor.startswith("c-part-")
    ]


def test_first_text_is_read_as_a_whole_with_its_reasons(client, leader, program):
    process = builders.at("public-meeting", "creation", program=program)
    clause = process.draft.clauses.first()
    shown, held = (builders.comment(process, text=text) for text in ("Mer ljus.", "Hemligt."))
    held.state = VoiceState.HELD
    held.save()
    because = builders.because("Alla nämner torget.", comments=[shown, held])
    builders.edit(process, clause, text="Ett grönt torg.", because=because)
    builders.publish(process)

    for url in (public(process, "draft"), public(process, "draft_text")):
        page = page_of(client, url)
        (row,) = [each for each in page.iter() if each.get("id") == clause.slug]
        assert "Ett grönt torg." in words_in(row)
        assert "You said – we changed: Alla nämner torget. Mer ljus." in words_in(row)
        assert "Hemligt." not in main_of(page)
        assert list(page.iter(f"{HTML}ins")) == []


def test_draft_of_a_creation_can_be_commented_clause_by_clause(client):
    process = open_for_comments(builders.at("public-meeting", "creation"))
    builders.publish(process)
    clause = process.draft.clauses.first()

    page = page_of(client, public(process, "draft_text"))

    wanted = f"{public(process, 'comment')}?stycke={clause.slug}"
    assert wanted in links(page)
    form = client.get(wanted, follow=True).content.decode()
    assert clause.title in form
    day = timezone.localdate() - datetime.timedelta(days=1)
    Process.objects.filter(pk=process.pk).update(comments_open_on=day, comments_close_on=day)
    assert wanted not in links(page_of(client, public(process, "draft_text")))


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
    version = process.versions.first()
    builders.edit(process, clause_of(process, "hamnen"))
    builders.publish(process)
    row = builders.comment(process, question="focus")
    ClauseChange.objects.last().comments.add(row)
    ours = {
        (client, public(process, "draft")): 11,
        (client, public(process, "draft_text")): 6,
        (client, public(process, "comments")): 9,
        (client, public(process, "comments") + "?fraga=focus"): 9,
        (leader, staff(process, "draft")): 15,
        (leader, staff(process, "preview")): 14,
        (leader, staff(process, "approval")): 18,
        (leader, staff(process, "versions")): 8,
        (leader, staff(process, "version", version.pk)): 9,
        (leader, staff(process, "add_clause")): 8,
        (leader, url_of(process, "hamnen")): 13,
        (leader, url_of(process, "hamnen") + "?gor=move"): 13,
    }
    others = [(client, public(process)), (leader, staff(process))]
    few = [queries(*address) for address in others]
    assert {address: queries(*address) for address in ours} == ours
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
    for number in range(20):
        old = process.base.clauses.all()[number % 8]
        builders.comment(process, clause=old, question="focus", outcome="no", reply="Nej.")

    assert {address: queries(*address) for address in ours} == ours
    assert [queries(*address) for address in others] == few
