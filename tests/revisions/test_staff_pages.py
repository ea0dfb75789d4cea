"""The staff pages that drive a process: who may, what is refused, and that nothing is lost."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from programs.models import Decision, Document, Event, Group, Membership
from revisions.digest import digest_of
from revisions.models import Approval, Evidence, Process
from tests import factories
from tests.revisions import builders
from tests.revisions.pages import (
    by_class,
    do,
    links,
    main_of,
    page_of,
    parsed,
    queries,
    revision_at,
    staff,
    value_of,
    words_in,
)

pytestmark = pytest.mark.django_db

HUGE = "9" * 30
INDEX = "/admin/process/"
READERS = [
    "superuser",
    "administrator",
    "registrar",
    "project_leader",
    "politician",
    "resident_representative",
    "association_representative",
]
DRIVERS = READERS[:2] + READERS[3:4]
STRANGERS = ["outsider", "moderator", "coordinator", "other_leader"]
READ = ["process", "approval", "versions", "version"]
DRIVE = ["draft", "add_clause", "clause", "preview", "restore"]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def other_leader(other_program):
    team = factories.make_group(kind=Group.Kind.PROJECT_TEAM, program=other_program)
    user = factories.make_user(name="Annan projektledare")
    factories.make_membership(group=team, user=user, role=Membership.Role.PROJECT_LEADER)
    return user


@pytest.fixture(autouse=True)
def seats(politician, resident_representative):
    """The steering group that approves."""


@pytest.fixture
def leader(client_for, project_leader):
    return client_for(project_leader)


@pytest.fixture
def process(program):
    return revision_at("approval", program)


def staff_addresses(process) -> dict[str, str]:
    more = {
        "clause": process.draft.clauses.first().pk,
        "restore": process.base.clauses.first().pk,
        "version": process.versions.first().pk,
    }
    return {
        name: staff(process, name, *([more[name]] if name in more else []))
        for name in (*READ, *DRIVE)
    }


def actions(page) -> list[str]:
    """Where the forms of staff lead."""
    found = [each.get("action", "") for each in page.iter()]
    return [url for url in found if url.startswith("/admin/") and "logout" not in url]


# --- Who may -------------------------------------------------------------------------------------


def test_each_address_asks_a_visitor_to_sign_in(client, process):
    for url in [INDEX, *staff_addresses(process).values()]:
        assert client.get(url).url == f"/admin/login/?next={url}"


def test_each_address_is_refused_to_whom_has_no_task_there(request, client_for, process):
    for role in STRANGERS:
        client = client_for(request.getfixturevalue(role))
        for name, url in staff_addresses(process).items():
            answer = (role, name, client.get(url).status_code)
            assert answer == (role, name, 403)


def test_each_role_reads_and_only_drivers_write(request, client_for, process):
    addresses = staff_addresses(process)
    for role in READERS:
        client = client_for(request.getfixturevalue(role))
        assert client.get(INDEX).status_code == 200
        for name, url in addresses.items():
            allowed = name in READ or role in DRIVERS
            answer = (role, name, client.get(url).status_code)
            assert answer == (role, name, 200 if allowed else 403)


def test_registrar_and_board_find_no_button_that_is_not_theirs(
    client_for, registrar, association_representative, process
):
    for user in (registrar, association_representative):
        page = page_of(client_for(user), staff(process))
        assert actions(page) == []
        assert "Send back" not in main_of(page)


ASSOCIATION_MAY = {"anchor", "statement", "paper", "evidence", "withdraw"}
MEMBER_MAY = {"approve", "ask"}
TRANSITIONS = [
    "pass",
    "paper",
    "evidence",
    "withdraw",
    "anchor",
    "period",
    "channel",
    "reopen",
    "begin-draft",
    "publish",
    "deadline",
    "statement",
    "approve",
    "ask",
    "minutes",
    "information",
    "decision",
    "back",
    "abort",
]


def test_each_transition_is_refused_to_the_wrong_role(request, client_for, process):
    before = process.log.count()
    allowed = {
        "association_representative": ASSOCIATION_MAY,
        "politician": MEMBER_MAY,
        "resident_representative": MEMBER_MAY,
        "project_leader": set(TRANSITIONS) - MEMBER_MAY,
        "administrator": set(TRANSITIONS) - MEMBER_MAY,
    }
    for role in [*READERS[1:], *STRANGERS]:
        client = client_for(request.getfixturevalue(role))
        for name in TRANSITIONS:
            # Nothing is filled in: who may is told that, and nothing happens.
            status = client.post(staff(process, "transition", name), {}).status_code
            expected = 409 if name in allowed.get(role, ()) else 403
            assert (role, name, status) == (role, name, expected)
    assert process.log.count() == before


def test_transition_is_only_sent_and_only_known_ones(leader, process):
    assert leader.get(staff(process, "transition", "pass")).status_code == 405
    assert leader.post(staff(process, "transition", "hoppa-over")).status_code == 404
    assert leader.post("/admin/process/999999999999999999/gor/pass/").status_code == 404


def test_form_from_another_site_is_refused(client_for, project_leader, process):
    strict = client_for(project_leader)
    strict.handler.enforce_csrf_checks = True

    response = strict.post(staff(process, "transition", "abort"), {"abort-reason": "Ha"})

    assert response.status_code == 403
    assert Process.objects.get(pk=process.pk).is_open


# --- Starting ------------------------------------------------------------------------------------


def test_leader_starts_a_revision_from_the_list(leader, program):
    factories.make_edition(program=program, state="adopted", clauses=builders.TEXT)
    page = page_of(leader, INDEX)
    assert "Start revision" in main_of(page)

    response = leader.post(reverse("revisions_staff:start", args=[program.slug, "revision"]))

    process = Process.objects.get()
    assert response.url == staff(process)
    assert process.log.get().role == "Project leader"
    page = page_of(leader, INDEX)
    assert "Step 1 of 9: Open dialogue meeting" in main_of(page)
    assert "2 things missing" in main_of(page)
    assert "Start revision" not in main_of(page)


@pytest.mark.parametrize("kind", ["revision", "creation"])
def test_start_is_refused_in_words(leader, program, kind):
    if kind == "creation":
        factories.make_edition(program=program, state="adopted", clauses=builders.TEXT)

    response = leader.post(reverse("revisions_staff:start", args=[program.slug, kind]), follow=True)

    assert "adopted text" in words_in(by_class(parsed(response), "notice")[0])
    assert not Process.objects.exists()


def test_start_is_refused_to_others_and_for_unknown_kinds(leader, program, other_program):
    start = "revisions_staff:start"
    assert leader.post(reverse(start, args=[other_program.slug, "creation"])).status_code == 403
    assert leader.post(reverse(start, args=[program.slug, "kupp"])).status_code == 404
    assert leader.post(reverse(start, args=["finns-inte", "creation"])).status_code == 404


# --- Moving on -----------------------------------------------------------------------------------


def test_missing_requirement_is_told_with_where_it_is_mended(leader, program):
    process = revision_at("dialogue-meeting", program)
    factories.make_event(program=program)

    page = parsed(do(leader, process, "pass"), 409)

    assert "It was not done." in main_of(page)
    assert "An open dialogue meeting has been held." in main_of(page)
    assert f"{staff(process)}#evidence" in links(page)
    assert Process.objects.get(pk=process.pk).step == 1


def test_evidence_lets_the_step_be_passed(leader, program):
    process = revision_at("dialogue-meeting", program)
    event = factories.make_event(program=program, kind="dialogue_meeting", notes="Vi sa mycket.")

    assert do(leader, process, "evidence", event=event.pk).url == staff(process)
    assert "The step can be passed" in main_of(page_of(leader, staff(process)))
    do(leader, process, "pass")

    assert Process.objects.get(pk=process.pk).step == 2


@pytest.mark.parametrize("kind", ["event", "document"])
def test_evidence_of_another_program_is_refused(leader, program, other_program, kind):
    process = revision_at("dialogue-meeting", program)
    strange = {
        "event": lambda: factories.make_event(program=other_program),
        "document": lambda: factories.make_document(program=other_program),
    }[kind]()

    page = parsed(do(leader, process, "evidence", **{kind: strange.pk}), 409)

    assert "Select a valid choice." in main_of(page)
    assert not Evidence.objects.exists()


def test_evidence_may_be_the_places_own(leader, program):
    process = revision_at("dialogue-meeting", program)
    event = factories.make_event(program=None, locality=program.locality)

    assert do(leader, process, "evidence", event=event.pk).status_code == 302


FAULTS = {
    "dialogue-meeting": [
        ("evidence", {}),
        ("evidence", {"event": HUGE}),
        ("evidence", {"event": "\x00"}),
        ("pass", {"step": ""}),
        ("pass", {"step": HUGE}),
        ("pass", {"attempt": "\x00"}),
        ("abort", {"reason": ""}),
        ("abort", {"reason": "x" * 5001}),
        ("back", {"to_step": "1", "reason": "Nej"}),
        ("decision", {"outcome": "adopted"}),
        ("withdraw", {"evidence": HUGE, "reason": "Fel."}),
        ("withdraw", {"evidence": "\x00", "reason": "Fel."}),
        ("paper", {"title": "Fel steg", "url": "https://example.se/a.pdf"}),
    ],
    "compilation": [
        ("paper", {"title": "", "url": "https://example.se/a.pdf"}),
        ("paper", {"title": "Utan fil"}),
        ("paper", {"title": "x" * 201, "url": "https://example.se/a.pdf"}),
        ("paper", {"title": "A", "url": "javascript:alert(1)"}),
        ("paper", {"title": "\x00", "url": "\x00"}),
    ],
    "anchoring": [
        ("anchor", {"board_on": "x", "members_informed_on": "2026-05-01"}),
        ("anchor", {"board_on": "2999-01-01", "members_informed_on": "2999-01-01"}),
        ("anchor", {"board_on": "0000-00-00", "members_informed_on": "\x00"}),
    ],
    "comments": [
        ("period", {"opens_on": "2999-02-01", "closes_on": "2999-01-01"}),
        ("period", {"opens_on": "2020-02-01", "closes_on": "2020-02-02"}),
        ("period", {}),
        ("channel", {"channel": "web"}),
        ("channel", {"channel": "\x00"}),
        ("channel", {}),
        ("reopen", {"channel": "paper", "reason": "Mer kom."}),
        ("reopen", {"channel": "\x00", "reason": ""}),
    ],
    "draft": [
        ("publish", {}),
        ("deadline", {"due_on": "2020-01-01"}),
        ("statement", {"text": ""}),
        ("statement", {"text": "Utan utkast"}),
    ],
    "approval": [
        ("minutes", {"event": HUGE, "digest": "x"}),
        ("back", {"to_step": "9", "reason": "Nej"}),
        ("back", {"to_step": HUGE, "reason": "Nej"}),
        ("back", {"to_step": "3", "reason": " "}),
    ],
    "information": [
        ("information", {"presented_on": "2999-01-01", "body": "X", "case_number": "1"}),
        ("information", {"presented_on": "2026-05-01", "body": "x" * 121, "case_number": "1"}),
        ("information", {}),
    ],
    "decision": [
        ("decision", {}),
        ("decision", {"outcome": "delegated"}),
        ("decision", {"outcome": "referred_back"}),
        ("decision", {"outcome": "adopted", "body": HUGE, "decided": "2999-01-01"}),
        ("pass", {}),
    ],
}


@pytest.mark.parametrize("slug", FAULTS)
def test_faulty_forms_are_told_and_change_nothing(leader, program, slug):
    process = revision_at(slug, program)
    body = factories.make_deciding_body()
    before = (process.log.count(), process.step)
    for name, fault in FAULTS[slug]:
        fields = {"body": body.pk, "section": "x" * 13} if name == "decision" else {}
        fields |= fault

        page = parsed(do(leader, process, name, **fields), 409)

        assert by_class(page, "error-summary") or by_class(page, "notice--warning"), (name, fields)
        for field in ("reason", "text", "body"):
            typed = fields.get(field, "")
            if isinstance(typed, str) and typed.strip() and typed != HUGE:
                assert (value_of(page, f"{name}-{field}") or typed) == typed
        process.refresh_from_db()
        assert (process.log.count(), process.step) == before


def test_what_was_typed_stays_when_a_form_is_faulty(leader, program):
    process = revision_at("anchoring", program)

    page = parsed(do(leader, process, "anchor", board_on="", note="Mötet var kort."), 409)

    assert value_of(page, "anchor-note") == "Mötet var kort."


def test_second_of_two_who_pass_at_once_is_told(leader, client_for, administrator, program):
    process = revision_at("dialogue-meeting", program)
    builders.meet(process, "dialogue_notes_published")
    page = page_of(leader, staff(process))
    sent = {name: value_of(page, name) for name in ("pass-step", "pass-attempt")}
    assert leader.post(staff(process, "transition", "pass"), sent).status_code == 302

    late = client_for(administrator).post(staff(process, "transition", "pass"), sent)

    page = parsed(late, 409)
    assert "Someone else was faster" in main_of(page)
    assert value_of(page, "pass-step") == "2"
    assert Process.objects.get(pk=process.pk).step == 2


def test_text_typed_for_a_step_that_has_passed_is_kept(leader, program):
    process = revision_at("anchoring", program)
    builders.pass_on(process)

    response = do(
        leader, process, "anchor", step=4, board_on="2026-05-01",
        members_informed_on="2026-05-01", note="Min anteckning",
    )  # fmt: skip

    page = parsed(response, 409)
    assert "Someone else was faster" in main_of(page)
    assert value_of(page, "anchor-note") == "Min anteckning"


def test_send_back_needs_a_reason_and_is_logged(leader, process):
    assert do(leader, process, "back", to_step=6, reason="Mer om ljus.").status_code == 302

    process.refresh_from_db()
    assert (process.step, process.attempt) == (6, 2)
    assert process.log.last().reason == "Mer om ljus."


def test_anchoring_by_the_board_itself_is_told_apart(
    client_for, association_representative, program
):
    process = revision_at("anchoring", program)

    board = client_for(association_representative)
    do(board, process, "anchor", board_on="2026-05-01", members_informed_on="2026-05-02")

    assert process.anchorings.get().by_representative is True
    assert process.log.last().role == "Association representative"


# --- Approval ------------------------------------------------------------------------------------


def test_member_approves_exactly_what_they_read(client_for, politician, process):
    client = client_for(politician)
    builders.edit(process, because=builders.because("Många bad om ljus."))
    page = page_of(client, staff(process, "approval"))
    assert "Många bad om ljus." in main_of(page)
    assert "2 more are needed for a majority." in main_of(page)
    assert "At least one resident representative must approve." in main_of(page)

    response = do(client, process, "approve", digest=value_of(page, "approve-digest"))

    assert response.url == staff(process, "approval")
    page = page_of(client, response.url)
    assert "You have approved this text" in main_of(page)
    assert "1 of 2 have approved" in main_of(page)
    assert value_of(page, "approve-digest") is None


def test_text_changed_while_reading_is_told_and_can_be_approved_again(
    client_for, politician, process
):
    client = client_for(politician)
    digest = value_of(page_of(client, staff(process, "approval")), "approve-digest")
    builders.edit(process)

    page = parsed(do(client, process, "approve", digest=digest), 409)

    assert "The text was changed while you were reading." in main_of(page)
    assert not Approval.objects.exists()
    fresh = value_of(page, "approve-digest")
    assert fresh == digest_of(builders.process_draft(process))
    assert do(client, process, "approve", digest=fresh).status_code == 302


def test_earlier_approval_is_shown_as_given_for_an_older_text(client_for, politician, process):
    seat = Membership.objects.get(user=politician)
    builders.approve(process, seat)
    builders.edit(process, process.draft.clauses.get(slug="hamnen"), text="Bygg i hamnen och lys.")

    page = page_of(client_for(politician), staff(process, "approval"))

    assert "Given for an older text" in main_of(page)
    assert "0 of 2 have approved" in main_of(page)
    new = next(each for each in page.iter() if each.get("aria-labelledby") == "since")
    (edited,) = by_class(new, "compare__item")
    assert "Bygg i hamnen och lys." in words_in(edited)


def test_member_changes_their_mind_on_the_page_where_they_stand(client_for, politician, process):
    client, url = client_for(politician), staff(process, "approval")
    do(client, process, "approve", digest=digest_of(process.draft))
    page = page_of(client, url)
    assert "After that:" in main_of(page)
    assert actions(page) == [staff(process, "transition", "ask")]

    do(client, process, "ask", digest=value_of(page, "ask-digest"), reason="Mer om ljus.")
    page = page_of(client, url)
    assert "You have asked for a change" in main_of(page)
    assert "0 of 2 have approved" in main_of(page)
    assert actions(page) == [staff(process, "transition", "approve")]
    again = do(client, process, "ask", digest=digest_of(process.draft), reason="En gång till.")
    assert "Copy it from here: En gång till." in main_of(parsed(again, 409))

    do(client, process, "approve", digest=value_of(page, "approve-digest"))
    assert "You have approved this text" in main_of(page_of(client, url))


def test_only_what_is_new_since_the_earlier_stand_is_shown_first(client_for, politician, process):
    hamnen = process.draft.clauses.get(slug="hamnen")
    builders.edit(process, hamnen, text="Bygg en badplats.")
    builders.approve(process, Membership.objects.get(user=politician))
    builders.edit(process, process.draft.clauses.get(slug="stationen"), text="Bygg och lys.")

    page = page_of(client_for(politician), staff(process, "approval"))

    new = next(each for each in page.iter() if each.get("aria-labelledby") == "since")
    (edited,) = by_class(new, "compare__item")
    assert "stationen" in words_in(edited)
    assert "badplats" not in words_in(new)
    ids = [each.get("id") for each in page.iter() if each.get("id")]
    assert len(ids) == len(set(ids))


def test_same_text_after_a_send_back_is_asked_about_again(client_for, politician, process):
    builders.approve(process, Membership.objects.get(user=politician))
    builders.send_back(process, 6)
    builders.pass_on(process)

    page = page_of(client_for(politician), staff(process, "approval"))

    assert "You took a stand on exactly this text" in main_of(page)
    assert value_of(page, "approve-digest") == digest_of(process.draft)
    assert [each for each in page.iter() if each.get("aria-labelledby") == "since"] == []


def test_request_for_change_needs_words_and_is_shown(client_for, politician, process):
    client = client_for(politician)
    digest = digest_of(process.draft)
    page = parsed(do(client, process, "ask", digest=digest), 409)
    assert "Say what should change." in main_of(page)

    do(client, process, "ask", digest=digest, reason="Skriv om torget.")

    page = page_of(client, staff(process, "approval"))
    assert "Asks for a change" in main_of(page)
    assert "Skriv om torget." in main_of(page)


def test_doubled_approval_counts_once_and_is_told(client_for, politician, process):
    client = client_for(politician)
    digest = digest_of(process.draft)
    do(client, process, "approve", digest=digest)

    page = parsed(do(client, process, "approve", digest=digest), 409)

    assert "You have already taken a stand on this text." in main_of(page)
    assert Approval.objects.count() == 1


@pytest.mark.parametrize("digest", ["", "0" * 64, "\x00", "x" * 5000])
def test_wrong_digest_approves_nothing(client_for, politician, process, digest):
    assert do(client_for(politician), process, "approve", digest=digest).status_code == 409
    assert not Approval.objects.exists()


def test_forged_approval_of_another_member_counts_for_oneself(
    client_for, politician, resident_representative, process
):
    seat = Membership.objects.get(user=resident_representative)

    do(
        client_for(politician), process, "approve",
        digest=digest_of(process.draft), membership=seat.pk, is_approved="",
    )  # fmt: skip

    assert Approval.objects.get().membership.user == politician


def test_approval_after_the_step_is_told(client_for, politician, process):
    client = client_for(politician)
    digest = digest_of(process.draft)
    builders.pass_on(process)

    page = parsed(do(client, process, "ask", step=7, digest=digest, reason="Vänta med det."), 409)

    assert "Someone else was faster" in main_of(page)
    assert "Vänta med det." in main_of(page)


def test_minutes_of_another_programs_meeting_are_refused(leader, other_program, process, today):
    strange = builders.make_meeting(process, program=other_program)
    digest = digest_of(process.draft)

    assert do(leader, process, "minutes", event=strange.pk, digest=digest).status_code == 409
    assert not Approval.objects.exists()


# --- The end -------------------------------------------------------------------------------------


def decided(**fields) -> dict:
    body = factories.make_deciding_body()
    return {
        "outcome": Decision.Outcome.ADOPTED,
        "body": body.pk,
        "decided": "2026-05-04",
        "section": "112",
        "case_number": "KS 2026/7",
    } | fields


def test_decision_adopts_once(leader, program):
    process = revision_at("decision", program)
    sent = decided()
    assert do(leader, process, "decision", **sent).status_code == 302

    page = parsed(do(leader, process, "decision", **sent), 409)

    assert "Someone else was faster" in main_of(page)
    assert Decision.objects.filter(program=program).count() == 1
    assert Process.objects.get(pk=process.pk).outcome == "adopted"


def test_finished_process_has_nothing_to_press(leader, program):
    process = revision_at("decision", program)
    do(leader, process, "decision", **decided(outcome="rejected"))

    page = page_of(leader, staff(process))

    assert actions(page) == []
    assert "The process is over" in main_of(page)
    assert process.get_absolute_url() in links(page)
    assert page_of(leader, staff(process, "approval")) is not None


def test_referral_back_names_step_and_reason(leader, program):
    process = revision_at("decision", program)

    page = parsed(do(leader, process, "decision", **decided(outcome="referred_back")), 409)
    assert main_of(page).count("Needed when it is referred back.") >= 2
    sent = decided(outcome="referred_back", to_step=6, reason="Mer om skolvägar.")
    do(leader, process, "decision", **sent)

    process.refresh_from_db()
    assert (process.step, process.attempt) == (6, 2)


def test_plan_of_local_development_is_referred_back_where_it_stands(client_for, administrator):
    process = builders.at("initiate", "local_development")
    builders.begin(process)
    client = client_for(administrator)
    sent = decided(outcome="referred_back", reason="Mer om skolvägar.", to_step=None)

    assert do(client, process, "decision", **sent).status_code == 302

    process.refresh_from_db()
    assert (process.step, process.is_open) == (2, True)


@pytest.mark.parametrize("kind", ["creation", "revision", "local_development"])
def test_every_step_of_every_kind_has_its_page(client_for, administrator, kind):
    client = client_for(administrator)
    for process in builders.walk(kind):
        page = page_of(client, staff(process))
        assert f"Step {process.step} of {len(process.steps)}:" in main_of(page)
        ids = [each.get("id") for each in page.iter() if each.get("id")]
        assert len(ids) == len(set(ids))
        for form in (each for each in page.iter() if each.get("method") == "post"):
            names = [each.get("name") for each in form.iter()]
            assert names.count("csrfmiddlewaretoken") == 1, form.get("action")
        mends = [link for row in by_class(page, "needs") for link in links(row)]
        assert mends
        for url in mends:
            page_address, _hash, part = url.partition("#")
            if page_address == staff(process):
                assert part in ids, url
            else:
                assert client.get(url).status_code == 200, url


# --- Size ----------------------------------------------------------------------------------------


def test_process_and_approval_take_the_same_queries_for_any_length(leader, program, process):
    addresses = [staff(process), staff(process, "approval"), staff(process, "versions")]
    builders.edit(process)
    builders.comment(process)
    few = [queries(leader, url) for url in addresses]
    for number in range(15):
        row = builders.comment(process)
        because = builders.because(comments=[row])
        builders.write(
            process, builders.drafting.add_clause, after=None, level=0,
            heading=f"Punkt {number}", text="", because=because,
        )  # fmt: skip
        factories.make_event(program=program, kind=Event.Kind.STEERING_GROUP_MEETING)
        factories.make_document(program=program, kind=Document.Kind.OTHER)
        builders.add_seat(program, "resident")

    assert [queries(leader, url) for url in addresses] == few


def test_list_asks_a_few_questions_of_each_process_of_one_page(client_for, administrator):
    client = client_for(administrator)
    builders.start()
    one = queries(client, INDEX)
    builders.start()
    each = queries(client, INDEX) - one
    for _number in range(19):
        factories.make_process(program=factories.make_program(), started=datetime.date(2026, 1, 1))

    assert each <= 3
    assert queries(client, INDEX) <= one + 19 * each + 2
    page = page_of(client, INDEX)
    assert len([*by_class(page, "rows")[0]]) == 20
