"""The page of one voice: who reads what on it, and every act with its refusals."""

import pytest
from django.urls import reverse

from programs.models import ReplyTemplate
from programs.staff.voices.acts import ACTS
from tests.factories import (
    make_action,
    make_idea_photo,
    make_picture,
    make_planning_brief,
    make_user,
)
from tests.programs.voices.builders import (
    KINDS,
    Desk,
    clause_of,
    destinations,
    every_voice,
    fresh,
    held,
    lines,
    make_voice,
    process_of,
)
from tests.programs.voices.pages import QUEUE, act_url, page_url, send
from tests.programs.voices.test_queue_page import ALLOWED, REFUSED
from tests.revisions.pages import by_class, links, main_of, page_of, parsed, queries, value_of

pytestmark = [pytest.mark.django_db, pytest.mark.searches]
both = pytest.mark.parametrize("kind", KINDS)

ANSWERING = {"svara", "atgard", "sla-ihop", "skilj", "dela"}


@pytest.fixture
def leader(client_for, project_leader):
    return client_for(project_leader)


def verbs_on(page) -> set[str]:
    """The acts that the page has forms for."""
    actions = [each.get("action", "") for each in page.iter()]
    acting = [action for action in actions if "/gor/" in action]
    return {action.split("/gor/")[1].strip("/").split("/")[0] for action in acting}


def select(page, name):
    (found,) = [each for each in page.iter() if each.get("name") == name and "select" in each.tag]
    return [option.get("value") for option in found.iter() if option.tag.endswith("option")]


# --- Who may -------------------------------------------------------------------------------------


@both
def test_visitor_is_asked_to_sign_in_on_every_address(client, kind):
    voice = held(kind)
    photo = make_idea_photo()
    for url in (page_url(voice), reverse("voices_staff:picture", args=[photo.pk])):
        assert client.get(url).url == f"/admin/login/?next={url}"
    for act in ACTS:
        assert client.post(act_url(voice, act)).url.startswith("/admin/login/")


@both
@pytest.mark.parametrize("role", REFUSED)
def test_each_address_is_refused_to_those_without_a_task(request, client_for, role, kind, program):
    client = client_for(request.getfixturevalue(role))
    voice = held(kind, program, author_email="kim@example.se")
    photo = make_idea_photo(idea=held("idea", program))

    for url in (page_url(voice), reverse("voices_staff:picture", args=[photo.pk])):
        assert client.get(url).status_code == 403
    for act in ACTS:
        assert send(client, voice, act).status_code == 403
    assert fresh(voice).stamp == voice.stamp


@both
@pytest.mark.parametrize("role", ALLOWED)
def test_each_role_reads_and_does_what_is_theirs(request, client_for, role, kind, program):
    client = client_for(request.getfixturevalue(role))
    voice = make_voice(kind, program, author_name="Kim Lund", author_email="kim@example.se")
    other = make_voice(kind, program, outcome="merged", merged_into=voice, reply="Samma.")
    waiting = held(kind, program)
    may = {
        "registrar": set(),
        "moderator": set(ACTS) - ANSWERING,
    }.get(role, set(ACTS)) - ({"atgard"} if kind != "idea" else set())

    pages = [page_of(client, page_url(row)) for row in (voice, other, waiting)]

    offered = set().union(*map(verbs_on, pages))
    assert offered <= may
    assert offered >= may - {"hantera", "bild", "visa-igen"}
    assert ("kim@example.se" in main_of(pages[0])) == (role != "moderator")
    assert ("Kim Lund" in main_of(pages[0])) == (role != "moderator")
    for act in ACTS:
        refused = send(client, waiting, act).status_code == 403
        assert refused == (act not in may), act


@both
def test_leader_of_another_program_neither_reads_nor_acts(client_for, kind, program, leader):
    voice = held(kind)

    assert leader.get(page_url(voice)).status_code == 403
    assert send(leader, voice, "publicera").status_code == 403
    assert fresh(voice).state == "held"


@both
def test_what_is_not_there_is_not_found(leader, kind, program):
    voice = held(kind, program)

    for url in (
        page_url(voice).replace(f"/{voice.pk}/", "/999999999/"),
        page_url(voice).replace(kind, "photo"),
        page_url(voice).replace(f"/{voice.pk}/", f"/{'9' * 30}/"),
        reverse("voices_staff:picture", args=[999999999]),
    ):
        assert leader.get(url).status_code == 404
    assert leader.post(act_url(voice, "radera")).status_code == 404
    assert leader.get(act_url(voice, "publicera")).status_code == 405


def test_held_picture_is_seen_by_those_who_review_and_kept_by_nobody(leader, program):
    photo = make_idea_photo(idea=held("idea", program), held=make_picture("bild.png"))

    response = leader.get(reverse("voices_staff:picture", args=[photo.pk]))

    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert b"".join(response.streaming_content).startswith(b"\x89PNG")
    photo.held.storage.delete(photo.held.name)
    assert leader.get(reverse("voices_staff:picture", args=[photo.pk])).status_code == 404


# --- What it shows -------------------------------------------------------------------------------


@both
def test_page_shows_all_there_is_to_judge_by(leader, kind, program, project_leader):
    clause = clause_of(program)
    voice = held(
        kind,
        program,
        text="Ring mig på 070.",
        clause=clause,
        held_because="kanske ett telefonnummer",
        author_name="Kim Lund",
    )
    desk = Desk(project_leader)
    desk.edit(voice, "Ring mig.", reason="Ett nummer.")
    desk.add_note(voice, text="Ringde Kim.", key="1")

    said = main_of(page_of(leader, page_url(voice)))

    for words in (
        "To review",
        voice.reference,
        str(program),
        "Ring mig.",
        "Edited. As it came in: Ring mig på 070.",
        "The portal noticed: kanske ett telefonnummer",
        clause.title,
        "Kim Lund not shown",
        "The author cannot be reached",
        "Edited",
        "Ett nummer.",
        "Private note",
        "Ringde Kim.",
    ):
        assert words in said, words


@both
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"author_email": "kim@example.se"}, "has not confirmed the address"),
        (
            {"author_email": "kim@example.se", "email_confirmed_at": "2026-02-01T10:00:00Z"},
            "The author is told by e-mail",
        ),
        ({"contact_erased_on": "2026-03-01"}, "erased 1 March 2026"),
    ],
)
def test_page_says_whether_the_author_is_told(leader, kind, program, fields, words):
    voice = held(kind, program, **fields)

    assert words in main_of(page_of(leader, page_url(voice)))


@both
def test_page_takes_the_same_queries_whatever_there_is(leader, kind, program):
    voice = make_voice(kind, program)

    def grow(number):
        for _row in range(number):
            make_action(program=program)
            ReplyTemplate.objects.create(name="Nej", outcome="no", text="Nej.")
            make_voice(kind, program, outcome="merged", merged_into=voice, reply="Samma.")
            voice.history.create(kind="note", text="Hm.", by=make_user())
            voice.history.create(kind="reported", needs_attention=True)
            make_voice(kind, program, text=voice.text)
            if kind == "idea":
                make_idea_photo(idea=voice)

    grow(1)
    few = queries(leader, page_url(voice))
    grow(20)

    assert queries(leader, page_url(voice)) == few


@both
def test_page_takes_you_on_in_the_list_you_came_from(leader, kind, program):
    first = held(kind, program, promised_on="2026-01-01")
    second = held(kind, program, promised_on="2026-01-02")
    other = held("idea" if kind == "comment" else "comment", program, promised_on="2026-01-03")
    query = f"?visa=granska&typ={kind}"

    response = send(leader, first, "publicera", query)
    assert response.url == f"{page_url(second)}{query}"
    response = leader.post(
        act_url(second, "avvisa") + query,
        {"seen": fresh(second).stamp, "rule": "test", "reason": "Ett test."},
    )
    assert response.url == f"{QUEUE}{query}"
    assert fresh(other).state == "held"
    # In the list of all that is to be done it still waits, for its answer.
    response = send(leader, other, "publicera")
    assert response.url == page_url(other)


# --- Acts ----------------------------------------------------------------------------------------


@both
def test_whole_way_of_one_voice(leader, kind, program, project_leader):
    voice = held(kind, program, text="Ring mig på 070.")
    words = {"title": "En bänk"} if kind == "idea" else {}

    send(leader, voice, "andra", text="Ring mig.", reason="Ett nummer.", **words)
    send(leader, voice, "publicera")
    send(leader, voice, "tilldela", to=project_leader.pk)
    send(leader, voice, "anteckna", text="Frågat.", key="k")
    action = make_action(program=program)
    send(leader, voice, "svara", outcome="in_action", action=action.pk, reply="Det är på gång.")
    send(leader, voice, "dolj", rule="private", reason="Ett namn.")
    send(leader, voice, "visa-igen")

    row = fresh(voice)
    assert (row.state, row.outcome, row.action, row.assigned_to) == (
        "published",
        "in_action",
        action,
        project_leader,
    )
    assert row.replied_by == "Projektledare"
    assert lines(voice) == [
        "edited",
        "published",
        "assigned",
        "note",
        "answered",
        "hidden",
        "published",
    ]
    assert set(voice.history.values_list("by", flat=True)) == {project_leader.pk}


@both
def test_merge_by_reference_separate_and_split(leader, kind, program):
    target, voice = make_voice(kind, program), held(kind, program, text="Två saker.")

    send(leader, voice, "sla-ihop", into=f" {target.reference.lower()} ", reply="Samma.")
    assert fresh(voice).merged_into == target
    assert page_url(target) in links(page_of(leader, page_url(voice)))
    assert page_url(voice) in links(page_of(leader, page_url(target)))
    send(leader, voice, "skilj")
    assert fresh(voice).merged_into is None
    parts = {f"{name}_{number}": f"Sak {number}" for number in (1, 2) for name in voice.EDITABLE}
    send(leader, voice, "dela", **parts)

    part = voice.parts.get()
    assert (fresh(voice).text, part.text) == ("Sak 1", "Sak 2")
    assert page_url(part) in links(page_of(leader, page_url(voice)))
    assert page_url(voice) in links(page_of(leader, page_url(part)))


@both
def test_similar_one_is_merged_with_at_the_press_of_its_button(leader, kind, program):
    target = make_voice(kind, program, text="Mörkt på gångvägen till stationen.")
    voice = held(kind, program, text="Gångvägen till stationen är mörk.")
    page = page_of(leader, page_url(voice))
    (button,) = [each for each in page.iter() if each.get("value") == target.reference]
    assert (button.get("name"), button.tag.rpartition("}")[2]) == ("into", "button")

    # The browser sends the empty field too; the button, which stands after it, counts.
    send(leader, voice, "sla-ihop", into=["", target.reference], reply="Samma.")

    assert fresh(voice).merged_into == target


@both
def test_voice_that_is_moved_away_takes_you_back_to_the_list(leader, kind, program, other_program):
    process = process_of(other_program)
    voice = held(kind, program)
    key = f"program-{other_program.pk}" if kind == "idea" else f"process-{process.pk}"
    assert key in destinations(voice)

    response = send(leader, voice, "flytta", "?visa=granska", to=key)

    assert response.url == f"{QUEUE}?visa=granska"
    assert fresh(voice).of_program == other_program
    assert leader.get(page_url(voice)).status_code == 403


@both
def test_report_is_kept_or_leads_to_hiding(leader, kind, program):
    voice = make_voice(kind, program)
    first, second = (
        voice.history.create(kind="reported", detail="threat", text=text, needs_attention=True)
        for text in ("Hot!", "Hat!")
    )
    said = main_of(page_of(leader, page_url(voice)))
    assert "Hot!" in said
    assert "Hat!" in said

    page = parsed(send(leader, voice, "hantera", entry=first.pk, words=""))
    assert by_class(page, "error-summary")
    send(leader, voice, "hantera", entry=first.pk, words="Inget hot.")
    assert list(voice.history.filter(needs_attention=True)) == [second]
    page = parsed(send(leader, voice, "hantera", entry=first.pk, words="Igen."), 409)
    assert "was faster" in main_of(page)
    send(leader, voice, "dolj", rule="threat", reason="Hot.")

    assert not voice.history.filter(needs_attention=True).exists()


def test_pictures_are_shown_and_kept_back_one_by_one(leader, program):
    voice = held("idea", program)
    first = make_idea_photo(idea=voice)
    make_idea_photo(idea=voice)

    send(leader, voice, "bild", picture=first.pk)
    send(leader, voice, "publicera", with_pictures="on")

    assert [bool(photo.image) for photo in voice.photos.all()] == [False, True]
    send(leader, voice, "bild", picture=first.pk, shown="on")
    assert [bool(photo.image) for photo in voice.photos.all()] == [True, True]
    assert send(leader, voice, "bild", picture=999999).status_code == 409


def test_idea_can_be_published_without_its_picture(leader, program):
    voice = held("idea", program)
    make_idea_photo(idea=voice)

    send(leader, voice, "publicera")

    assert fresh(voice).state == "published"
    assert not voice.photos.get().image


# --- What is refused -----------------------------------------------------------------------------


@both
@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("avvisa", {}),
        ("avvisa", {"rule": "ugly", "reason": "Ful."}),
        ("avvisa", {"rule": "threat", "reason": "  "}),
        ("avvisa", {"rule": "threat", "reason": "\x00"}),
        ("avvisa", {"rule": "threat", "reason": "x" * 5001}),
        ("andra", {"text": "", "reason": "Fel."}),
        ("andra", {"text": "Annat."}),
        ("flytta", {"to": "nowhere"}),
        ("flytta", {}),
        ("tilldela", {"to": "9" * 30}),
        ("tilldela", {"to": "x"}),
        ("anteckna", {"text": " "}),
        ("sla-ihop", {"into": "", "reply": "Samma."}),
        ("sla-ihop", {"into": "QQQQQQQ", "reply": "Samma."}),
        ("sla-ihop", {"into": "\x00", "reply": "Samma."}),
        ("dela", {"text_1": "En.", "title_1": "En"}),
        ("dela", {"text_1": "En.", "text_2": "", "title_1": "En", "title_2": ""}),
        ("svara", {}),
        ("svara", {"outcome": "no"}),
        ("svara", {"outcome": "merged", "reply": "Ja."}),
        ("svara", {"outcome": "in_action", "reply": "Ja."}),
        ("svara", {"outcome": "in_action", "reply": "Ja.", "action": "9" * 30}),
        ("svara", {"outcome": "in_brief", "reply": "Ja.", "brief": "x"}),
        ("svara", {"outcome": "changed_text", "reply": "Ja."}),
        ("svara", {"outcome": "other_authority", "reply": "Ja.", "authority": " "}),
        ("svara", {"outcome": "no", "reply": "Nej\x00."}),
    ],
)
def test_faulty_form_changes_nothing_and_keeps_what_was_typed(leader, kind, program, act, fields):
    voice = held(kind, program)

    response = send(leader, voice, act, **fields)

    page = parsed(response)
    assert by_class(page, "error-summary")
    assert "It was not done." in main_of(page)
    for name in ("reason", "words", "authority"):
        if fields.get(name, "").strip("\x00 ") and act in {"avvisa", "hantera"}:
            assert value_of(page, name).strip("\r\n") == fields[name]
    assert fresh(voice).stamp == voice.stamp
    assert lines(voice) == []
    assert every_voice() == [voice]


@both
def test_colleague_who_was_faster_is_told_of_and_nothing_typed_is_lost(
    leader, kind, program, moderator
):
    voice = make_voice(kind, program)
    seen = voice.stamp
    Desk(moderator).edit(voice, "Annan text.")

    sent = {"seen": seen, "outcome": "no", "reply": "Mitt svar."}
    page = parsed(leader.post(act_url(voice, "svara"), sent), 409)

    said = main_of(page)
    assert "Moderator was faster" in said
    assert "Annan text." in said
    assert value_of(page, "reply").strip() == "Mitt svar."
    assert fresh(voice).outcome == ""
    # What is on the page now is how it stands: sent again it is done.
    again = sent | {"seen": value_of(page, "seen")}
    assert leader.post(act_url(voice, "svara"), again).status_code == 302
    assert fresh(voice).reply == "Mitt svar."


@both
def test_act_that_no_longer_fits_is_refused_with_its_reason(leader, kind, program):
    voice = held(kind, program)

    page = parsed(send(leader, voice, "svara", outcome="no", reply="Nej."), 409)

    assert "Read and review it before you answer it." in main_of(page)
    assert fresh(voice).outcome == ""


@both
def test_choices_hold_nothing_of_other_programs(leader, kind, program, other_program):
    voice = make_voice(kind, program)
    own, other = make_action(program=program), make_action(program=other_program)
    brief, other_brief = (make_planning_brief(program=p) for p in (program, other_program))
    other_clause = clause_of(other_program)

    page = page_of(leader, page_url(voice))

    assert select(page, "action") == ["", str(own.pk)]
    assert select(page, "brief") == ["", str(brief.pk)]
    for name, row, outcome in [
        ("action", other, "in_action"),
        ("brief", other_brief, "in_brief"),
        ("changed_clause", other_clause, "changed_text"),
    ]:
        page = parsed(send(leader, voice, "svara", outcome=outcome, reply="Ja.", **{name: row.pk}))
        assert by_class(page, "error-summary")
    assert fresh(voice).outcome == ""


# --- Ready-made beginnings -----------------------------------------------------------------------


@both
def test_ready_made_text_is_put_after_what_is_typed_and_saves_nothing(leader, kind, program):
    voice = make_voice(kind, program)
    template = ReplyTemplate.objects.create(name="Väg", outcome="other_authority", text="Statlig.")
    ReplyTemplate.objects.create(name="Samma", outcome="merged", text="Fler har sagt det.")
    page = page_of(leader, page_url(voice))
    assert select(page, "template") == ["", str(template.pk)]

    sent = {"insert": "1", "template": template.pk, "reply": "Hej!", "authority": "Region"}
    page = parsed(send(leader, voice, "svara", **sent))

    assert value_of(page, "reply").strip() == "Hej!\n\nStatlig."
    assert value_of(page, "authority") == "Region"
    checked = [each.get("value") for each in page.iter() if each.get("checked") is not None]
    assert checked == ["other_authority"]
    assert not by_class(page, "error-summary")
    assert fresh(voice).outcome == ""


@both
@pytest.mark.parametrize("chosen", ["", "x", "9" * 30, "\x00"])
def test_no_ready_made_text_keeps_what_is_typed(leader, kind, program, chosen):
    voice = make_voice(kind, program)
    ReplyTemplate.objects.create(name="Nej", outcome="no", text="Nej.")

    sent = {"insert": "1", "template": chosen, "reply": "Hej!\x00", "seen": "old"}
    page = parsed(leader.post(act_url(voice, "svara"), sent))

    assert value_of(page, "reply").strip() == "Hej!"
    # The page that one began on: what a colleague has done since is still noticed.
    assert "old" in [each.get("value") for each in page.iter() if each.get("name") == "seen"]
