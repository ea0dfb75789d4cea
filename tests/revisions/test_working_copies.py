"""What is being typed outlives a crash, is seen by its writer alone, and stands in nobody's way."""

import datetime
import json

import pytest
from django.utils import timezone, translation

from revisions import drafting, working_copies
from revisions.models import WorkingCopy
from tests.revisions import builders
from tests.revisions.pages import (
    by_class,
    links,
    main_of,
    page_of,
    queries,
    revision_at,
    staff,
    value_of,
    words_in,
)

pytestmark = pytest.mark.django_db

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def process(program):
    process = revision_at("draft", program)
    builders.begin(process)
    process.refresh_from_db()
    return process


@pytest.fixture
def leader(client_for, project_leader):
    return client_for(project_leader)


@pytest.fixture
def colleague(client_for, administrator):
    return client_for(administrator)


def clause_of(process, slug="hamnen"):
    return process.draft.clauses.get(slug=slug)


def url_of(process, slug="hamnen", change="edit"):
    return f"{staff(process, 'clause', clause_of(process, slug).pk)}?gor={change}"


def typed(process, slug="hamnen", change="edit", **fields):
    """What the form holds, with some fields typed anew."""
    clause = clause_of(process, slug)
    sent = {"saw": drafting.fingerprint(clause), "heading": clause.heading, "text": clause.text}
    sent |= {"step": process.step, "attempt": process.attempt, "reason": ""} | fields
    return {f"{change}-{name}": value for name, value in sent.items()} | {
        "change": change,
        "slug": slug,
    }


def keep(client, process, slug="hamnen", change="edit", **fields):
    where = staff(process, "keep_clause", clause_of(process, slug).pk)
    return client.post(where, typed(process, slug, change, **fields), **JSON)


def new(process, **fields):
    sent = {"step": process.step, "attempt": process.attempt, "level": 1, "after": ""}
    sent |= {"heading": "", "text": "", "reason": ""} | fields
    return {f"new-{name}": value for name, value in sent.items()}


def notes(client, process):
    return [
        words_in(each) for each in by_class(page_of(client, staff(process, "draft")), "draft__note")
    ]


# --- Kept ----------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_stands_in_the_form_again(leader, process):
    comment = builders.comment(process)
    answer = keep(leader, process, text="Bygg en p", reason="Många", comments=comment.pk)

    assert answer.status_code == 200
    time = timezone.localtime(WorkingCopy.objects.get().saved_at).strftime("%H.%M")
    assert json.loads(answer.content) == {"words": f"Kept {time}. Only you see it."}
    page = page_of(leader, url_of(process))
    assert value_of(page, "edit-text") == "Bygg en p"
    assert value_of(page, "edit-reason") == "Många"
    (box,) = [each for each in page.iter() if each.get("name") == "edit-comments"]
    assert (box.get("value"), box.get("checked")) == (str(comment.pk), "")
    assert f"You wrote this {time} without saving it." in main_of(page)
    assert value_of(page_of(leader, url_of(process, change="split")), "split-text") == (
        "Bygg i hamnen."
    )
    assert clause_of(process).text == "Bygg i hamnen."


def test_each_later_word_replaces_the_earlier_and_the_beginning_is_remembered(leader, process):
    keep(leader, process, text="Bygg en p")
    begun = WorkingCopy.objects.get().started_at
    keep(leader, process, text="Bygg en park")

    copy = WorkingCopy.objects.get()
    assert (copy.typed["text"], copy.started_at) == ("Bygg en park", begun)


def test_nothing_new_is_not_kept(leader, process):
    assert json.loads(keep(leader, process).content) == {"words": ""}
    keep(leader, process, text="Bygg en park")
    keep(leader, process, text="Bygg i hamnen.\r\n")

    assert not WorkingCopy.objects.exists()


def test_it_is_gone_once_the_change_is_saved_and_a_late_request_does_not_bring_it_back(
    leader, process
):
    sent = typed(process, text="Bygg en\r\npark.", reason="Skäl")
    where = staff(process, "keep_clause", clause_of(process).pk)
    leader.post(where, sent, **JSON)
    assert WorkingCopy.objects.count() == 1

    assert leader.post(url_of(process), sent).status_code == 302
    assert clause_of(process).text == "Bygg en\npark."
    assert not WorkingCopy.objects.exists()
    leader.post(where, sent, **JSON)

    assert not WorkingCopy.objects.exists()


def test_new_clause_is_kept_until_it_is_added(leader, process):
    where, url = staff(process, "keep_new"), staff(process, "add_clause")
    leader.post(where, new(process, heading="Kultur", level=2), **JSON)
    page = page_of(leader, url)
    assert (value_of(page, "new-heading"), value_of(page, "new-level")) == ("Kultur", "2")
    assert f"{url}" in links(page_of(leader, staff(process, "draft")))

    sent = new(process, heading="Kultur", reason="Skäl")
    assert leader.post(url, sent).status_code == 302
    leader.post(where, sent, **JSON)

    assert not WorkingCopy.objects.exists()
    assert value_of(page_of(leader, url), "new-heading") == ""


def test_button_does_the_same_without_a_script(leader, process):
    page = page_of(leader, url_of(process))
    (button,) = [each for each in page.iter() if each.get("formaction")]
    assert words_in(button) == "Go on later"

    response = leader.post(button.get("formaction"), typed(process, text="Bygg en park"))

    assert response.url == staff(process, "draft")
    page = page_of(leader, response.url)
    assert "What you wrote is kept." in main_of(page)
    assert url_of(process) in links(page)
    assert value_of(page_of(leader, url_of(process)), "edit-text") == "Bygg en park"


def test_it_is_thrown_away_when_one_says_so(leader, process):
    keep(leader, process, text="Bygg en park")
    page = page_of(leader, url_of(process))
    (form,) = [each for each in page.iter() if "/slang/" in each.get("action", "")]

    response = leader.post(form.get("action"))

    assert response.url == url_of(process).partition("?")[0]
    assert not WorkingCopy.objects.exists()
    assert value_of(page_of(leader, response.url), "edit-text") == "Bygg i hamnen."


# --- Two at once ---------------------------------------------------------------------------------


def test_colleague_sees_that_someone_writes_and_none_of_the_words(
    leader, colleague, project_leader, process
):
    keep(leader, process, text="Hemlig början")
    since = timezone.localtime(WorkingCopy.objects.get().started_at).strftime("%H.%M")
    words = f"{project_leader} has been writing here since {since}."

    assert notes(colleague, process) == [words]
    assert notes(leader, process) == [f"You wrote here {since} without saving."]
    page = page_of(colleague, url_of(process))
    assert words in main_of(page)
    assert value_of(page, "edit-text") == "Bygg i hamnen."
    for url in (staff(process, "draft"), url_of(process)):
        assert "Hemlig" not in main_of(page_of(colleague, url))


def test_who_stopped_writing_long_ago_is_told_as_that(leader, colleague, project_leader, process):
    keep(leader, process, text="Början")
    then = timezone.now() - datetime.timedelta(days=2)
    WorkingCopy.objects.update(saved_at=then, started_at=then)

    (note,) = notes(colleague, process)

    assert note.startswith(f"{project_leader} wrote here {timezone.localtime(then).day} ")
    assert note.endswith("and has not saved it.")


def test_copies_of_two_do_not_touch_each_other(leader, colleague, process):
    keep(leader, process, text="Bygg en park.")
    keep(colleague, process, text="Bygg ett torg.")
    theirs = WorkingCopy.objects.get(typed__text="Bygg ett torg.")

    assert leader.post(staff(process, "discard", theirs.pk)).status_code == 404
    leader.post(url_of(process), typed(process, text="Bygg en park.", reason="Skäl"))

    assert WorkingCopy.objects.get() == theirs
    page = page_of(colleague, url_of(process))
    assert "Bygg en park." in words_in(by_class(page, "notice--warning")[0])
    assert value_of(page, "edit-text") == "Bygg ett torg."
    assert value_of(page, "edit-saw") == drafting.fingerprint(clause_of(process))


def test_what_was_typed_for_a_removed_clause_goes_on_as_a_new_one(leader, colleague, process):
    gone = staff(process, "keep_clause", clause_of(process).pk)
    sent = typed(process, text="Bygg en p")
    leader.post(gone, sent, **JSON)
    builders.write(process, drafting.drop_clause, clause_of(process))
    leader.post(gone, sent | {"edit-text": "Bygg en park"}, **JSON)
    copy = WorkingCopy.objects.get()
    assert copy.typed["text"] == "Bygg en park"

    again = f"{staff(process, 'add_clause')}?utkast={copy.pk}"
    assert again in links(page_of(leader, staff(process, "draft")))
    page = page_of(leader, again)
    assert "Someone else has removed the clause" in main_of(page)
    assert (value_of(page, "new-text"), value_of(page, "copy")) == ("Bygg en park", str(copy.pk))
    assert value_of(page_of(colleague, again), "new-text") == ""
    more = new(process, text="Bygg en park här", copy=copy.pk, level=2)
    more |= {"copy": copy.pk, "new-after": clause_of(process, "bygga").pk}
    leader.post(staff(process, "keep_new"), more, **JSON)
    assert WorkingCopy.objects.get().typed["text"] == "Bygg en park här"
    leader.post(staff(process, "add_clause"), more | {"new-reason": "Skäl"})

    assert not WorkingCopy.objects.exists()
    assert process.draft.clauses.filter(text="Bygg en park här").exists()


def test_copy_finds_its_clause_again_when_that_is_brought_back(leader, process):
    keep(leader, process, text="Bygg en park")
    origin = clause_of(process).origin
    builders.write(process, drafting.drop_clause, clause_of(process))
    builders.write(process, drafting.restore_clause, origin_id=origin.pk)

    assert value_of(page_of(leader, url_of(process)), "edit-text") == "Bygg en park"


# --- Who may, and what does not fit --------------------------------------------------------------


def test_only_those_who_write_keep(request, client_for, client, process):
    addresses = [
        (staff(process, "keep_clause", clause_of(process).pk), typed(process, text="Nytt")),
        (staff(process, "keep_new"), new(process, heading="Nytt")),
        (staff(process, "discard", 1), {}),
    ]
    for url, sent in addresses:
        assert client.post(url, sent).url == f"/admin/login/?next={url}"
        for role in ("outsider", "registrar", "moderator", "politician", "coordinator"):
            refused = client_for(request.getfixturevalue(role))
            assert (role, refused.post(url, sent).status_code) == (role, 403)
        writer = client_for(request.getfixturevalue("project_leader"))
        assert writer.get(url).status_code == 405
    assert not WorkingCopy.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "Bygg\x00 en park", "comments": ["9" * 30, "x", "\x00", "7"]},
        {"after": "9" * 30, "text": "Bygg en park", "level": "\x00", "saw": "\x00" * 50},
    ],
)
def test_forged_fields_are_kept_harmless(leader, process, fields):
    assert keep(leader, process, **fields).status_code == 200

    page = page_of(leader, url_of(process))

    assert value_of(page, "edit-text") == "Bygg en park"
    assert leader.get(staff(process, "draft")).status_code == 200


@pytest.mark.parametrize("change", ["", "new", "move", "drop", "\x00", "riv"])
def test_only_wordings_are_kept(leader, process, change):
    url = staff(process, "keep_clause", clause_of(process).pk)

    assert leader.post(url, {"change": change, f"{change}-text": "x"}).status_code == 404
    assert leader.post(staff(process, "keep_clause", 999999), {"change": "edit"}).status_code == 404


def test_far_too_much_is_told(leader, process):
    answer = keep(leader, process, text="x" * 70_000)

    assert answer.status_code == 413
    assert "too long to be kept" in json.loads(answer.content)["words"]
    # Longer than the form takes is kept all the same, so that it can be shortened.
    assert keep(leader, process, text="x" * 6_000).status_code == 200
    assert len(WorkingCopy.objects.get().typed["text"]) == 6_000


@pytest.mark.usefixtures("politician", "resident_representative")
def test_text_that_stands_still_shows_what_was_kept(leader, program):
    process = revision_at("approval", program)
    process.refresh_from_db()
    keep(leader, process, text="Bygg en park")
    builders.approve_all(process)
    builders.pass_on(process)
    process.refresh_from_db()

    page = page_of(leader, url_of(process))

    assert "The text stands still in this step." in main_of(page)
    assert value_of(page, "edit-text") == "Bygg en park"


def test_keeping_again_is_one_row(process, project_leader):
    row = clause_of(process)
    given = {"change": "edit", "slug": row.slug, "saw": drafting.fingerprint(row)}
    for text in ("Ett", "Två", "Tre"):
        working_copies.keep(
            process, project_leader, typed={"text": text}, now=timezone.now(), **given
        )

    assert [copy.typed["text"] for copy in WorkingCopy.objects.all()] == ["Tre"]


def test_draft_page_takes_the_same_queries_for_any_number_of_copies(leader, colleague, process):
    keep(colleague, process, text="Ett")
    few = queries(leader, staff(process, "draft"))
    for slug in ("stationen", "vatten", "natur", "vagar"):
        keep(colleague, process, slug, text="Nytt")
        keep(leader, process, slug, text="Eget")

    assert queries(leader, staff(process, "draft")) == few
