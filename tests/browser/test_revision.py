"""Whole processes in a real browser, without JavaScript, by the three who carry them."""

import datetime
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import html5lib
import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from programs.models import Edition, Event, Group, Membership
from revisions.models import Comment, Process
from revisions.replay import position, replay
from revisions.steps import Kind
from tests import factories
from tests.browser.conftest import violations
from tests.revisions import builders
from tests.revisions.pages import by_class, words_in

pytestmark = pytest.mark.django_db(transaction=True)

# Playwright runs an event loop in this thread, which makes Django careful.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

Capacity = Membership.Capacity
STATIC = re.compile(r"/static/|/tema-")
YESTERDAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@dataclass
class Person:
    """Somebody with a browser of their own."""

    page: Page
    base: str

    def goes_to(self, path: str) -> str:
        self.page.goto(self.base + path)
        return self.text

    @property
    def text(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())

    def presses(self, name: str) -> str:
        self.page.get_by_role("button", name=name, exact=True).click()
        return self.text

    def signs_in(self, email: str) -> None:
        self.goes_to("/admin/login/")
        self.page.locator("[name=username]").fill(email)
        self.page.locator("[name=password]").fill(factories.PASSWORD)
        self.page.locator("[type=submit]").last.click()
        expect(self.page.locator("[name=password]")).to_have_count(0)


@pytest.fixture
def person(chromium: Browser, live_server: Any) -> Any:
    """Opens browsers as narrow as a phone, with JavaScript off."""
    opened = []

    def open_browser(user: Any = None) -> Person:
        context = chromium.new_context(
            viewport={"width": 360, "height": 740}, java_script_enabled=False
        )
        opened.append(context)
        if user:
            # Staff press much; only the resident's pages are drawn with their looks here.
            context.route(STATIC, lambda route: route.abort())
        found = Person(context.new_page(), live_server.url)
        if user:
            found.signs_in(user.email)
        return found

    yield open_browser
    for context in opened:
        context.close()


@dataclass
class Cast:
    program: Any
    leader: Any
    politician: Any
    association: Any


@pytest.fixture
def cast() -> Cast:
    """A fresh program with the three roles; the association has a seat in the steering group."""
    body = factories.make_deciding_body(name="Kommunstyrelsen")
    factories.make_municipality(deciding_body=body, works_in_phases=True)
    program = factories.make_program(name="Framtid Ån", slug="framtid-an")

    def seat(kind: str, name: str, **fields: Any) -> Any:
        user = factories.make_user(name=name)
        group = program.groups.filter(kind=kind).first()
        group = group or factories.make_group(program=program, kind=kind, name=name)
        factories.make_membership(group=group, user=user, **fields)
        return user

    leader = seat(Group.Kind.PROJECT_TEAM, "Leder", role=Membership.Role.PROJECT_LEADER)
    politician = seat(Group.Kind.STEERING, "Politiker", capacity=Capacity.POLITICIAN)
    association = seat(Group.Kind.ASSOCIATION_BOARD, "Styrelse", capacity=Capacity.ASSOCIATION)
    steering = program.groups.get(kind=Group.Kind.STEERING)
    factories.make_membership(group=steering, user=association, capacity=Capacity.ASSOCIATION)
    return Cast(program, leader, politician, association)


@dataclass
class Drive:
    """The leader at the page that drives the process."""

    leader: Person
    process: Process

    @property
    def path(self) -> str:
        return f"/admin/process/{self.process.pk}/"

    def fills(self, action: str, button: str, **fields: str) -> str:
        """Fill in the form of that transition and send it; what the page then says."""
        self.leader.goes_to(self.path)
        form = self.leader.page.locator(f'form[action$="/gor/{action}/"]')
        fold = self.leader.page.locator("details", has=form)
        if fold.count():
            fold.locator("summary").first.click()
        for name, value in fields.items():
            field = form.locator(f'[name="{action}-{name}"]')
            if field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        form.get_by_role("button", name=button, exact=True).click()
        return self.leader.text

    def enters_all_channels(self) -> None:
        self.leader.goes_to(self.path)
        for channel in ("at a meeting", "through the association", "on paper", "by telephone"):
            self.leader.page.get_by_label(channel).check()
        assert "Done, and noted" in self.leader.presses("All is entered")

    def shows(self, kind: str, title: str) -> None:
        factories.make_event(
            program=self.process.program,
            kind=kind,
            title=title,
            notes="Vi sa mycket.",
            date=timezone.localdate() - YESTERDAY,
        )
        event = Event.objects.get(title=title)
        assert "Done, and noted" in self.fills("evidence", "Connect", event=str(event.pk))

    def shows_document(self, kind: str, title: str) -> None:
        document = factories.make_document(program=self.process.program, kind=kind, title=title)
        assert "Done, and noted" in self.fills("evidence", "Connect", document=str(document.pk))

    def passes(self, to: str) -> None:
        text = self.fills("pass", "Pass to the next step")
        assert to in text, text[:600]


def started(leader: Person, program: Any, kind: str) -> Drive:
    leader.goes_to("/admin/process/")
    label = f"Start {Kind(kind).label} – {program}"
    leader.page.get_by_role("button", name=label).click()
    assert "The process has begun." in leader.text
    return Drive(leader, Process.objects.get(program=program, is_open=True))


def a_day_later(process: Process) -> None:
    """The comment period is over: the only thing here that nobody can press."""
    yesterday = timezone.localdate() - YESTERDAY
    Process.objects.filter(pk=process.pk).update(
        comments_open_on=yesterday, comments_close_on=yesterday
    )


def test_revision_from_first_meeting_to_adopted_text(cast: Cast, person: Callable):
    program, today = cast.program, timezone.localdate().isoformat()
    factories.make_edition(program=program, state=Edition.State.ADOPTED, clauses=builders.TEXT)
    kept = program.current_edition.clauses.get(slug="hamnen")
    action = factories.make_action(program=program, clause=kept, title="Brygga i hamnen")
    done = factories.make_action(program=program, clause=kept, status="completed")
    leader, politician = person(cast.leader), person(cast.politician)
    association, resident = person(cast.association), person()
    drive = started(leader, program, Kind.REVISION)
    public = f"/program/{program.slug}/process/{drive.process.pk}/"

    # 1: passing is refused while something is missing, and says what.
    text = drive.fills("pass", "Pass to the next step")
    assert "It was not done." in text
    assert "An open dialogue meeting has been held." in text
    drive.shows("dialogue_meeting", "Dialog i skolan")
    drive.passes("Step 2 of 9")
    drive.shows("youth_activity", "Unga ritar")
    drive.passes("Step 3 of 9")
    drive.shows_document("compilation", "Det här sa ni")
    drive.passes("Step 4 of 9")

    # 4: the association anchors, itself.
    board = Drive(association, drive.process)
    board.fills("anchor", "Record the anchoring", board_on=today, members_informed_on=today)
    drive.passes("Step 5 of 9")

    # 5: a resident comments on one clause; paper is entered; then the period is over.
    drive.fills("period", "Set the period", opens_on=today, closes_on=today)
    resident.goes_to(public)
    resident.page.get_by_role("link", name="Leave a comment").click()
    resident.page.get_by_label("Which piece of the text?").select_option(str(kept.pk))
    resident.presses("Send the comment")
    assert "Write what you want to say." in resident.text
    assert resident.page.get_by_label("Which piece of the text?").input_value() == str(kept.pk)
    resident.page.locator("[name=text]").fill("Vi vill bada, inte bygga.")
    assert "Thank you, it has come in" in resident.presses("Send the comment")
    assert "Vi vill bada" not in resident.goes_to(f"{public}synpunkter/")
    leader.goes_to(f"/admin/inkommet/ny/?sammanhang=process-{drive.process.pk}")
    leader.page.locator("[name=text]").fill("Mer ljus.")
    leader.page.locator("[name=channel]").select_option("paper")
    assert "Write on the slip:" in leader.presses("Save and enter the next")
    a_day_later(drive.process)
    drive.enters_all_channels()
    assert "The period is" in resident.goes_to(f"{public}synpunkter/ny/")
    drive.passes("Step 6 of 9")

    # 6: comments are reviewed and answered, the draft is written, published and stated on.
    drive.fills("begin-draft", "Begin the draft")
    write(leader, drive, "hamnen", "Bygg en badplats i hamnen.", "Många vill bada.", "vill bada")
    drive.fills("publish", "Publish the draft")
    answer_all(leader, drive)
    assert "You said – we changed" in resident.goes_to(f"{public}forslag/")
    assert "Delvis så." in resident.goes_to(f"{public}synpunkter/")
    board.fills("statement", "Record the statement", text="Vi är nöjda.")
    drive.passes("Step 7 of 9")

    # 7: approved, sent back, changed; the approval has lost its force.
    approval = f"{drive.path}godkann/"
    assert "Många vill bada." in politician.goes_to(approval)
    assert "You have approved this text" in politician.presses("Approve the draft")
    association.goes_to(approval)
    assert "You have approved this text" in association.presses("Approve the draft")
    step_six = "6. A draft is written"
    drive.fills("back", "Send back", to_step=step_six, reason="Mer om ljus.")
    drive.fills("publish", "Publish the draft")
    board.fills("statement", "Record the statement", text="Fortfarande nöjda.")
    drive.passes("Step 7 of 9")
    politician.goes_to(approval)
    politician.presses("Approve the draft")
    write(leader, drive, "stationen", "Bygg och lys vid stationen.", "Ljus.", "Mer ljus")
    assert "Given for an older text" in opened(politician, approval)
    assert "It was not done." in drive.fills("pass", "Pass to the next step")
    for member in (politician, association):
        member.goes_to(approval)
        assert "You have approved this text" in member.presses("Approve the draft")
    drive.passes("Step 8 of 9")

    # 8 and 9: referred back once, adopted the second time.
    inform(drive, today)
    drive.passes("Step 9 of 9")
    decide(drive, today, "referred back", "12", to_step=step_seven(), reason="Fråga igen.")
    for member in (politician, association):
        member.goes_to(approval)
        member.presses("Approve the draft")
    drive.passes("Step 8 of 9")
    inform(drive, today)
    drive.passes("Step 9 of 9")
    assert "Adopted" in decide(drive, today, "adopted", "99")

    # What everyone can read afterwards agrees: the process, its log, the program, both texts.
    told = reads_the_log(resident, drive.process)
    assert told.count("The work was sent back from step ") == 2
    for sentence in (
        "7, The steering group approves, to step 6, A draft is written. Mer om ljus.",
        "9, The decision is made, to step 7, The steering group approves. Fråga igen.",
        "Approvals given before no longer count.",
        "Kommunstyrelsen referred the draft back for more work",
        "§ 12, KS 2026/7",
        "Kommunstyrelsen adopted the text",
        "§ 99, KS 2026/7",
    ):
        assert sentence in told
    assert resident.page.locator(".path__step--done").count() == 9
    summary = resident.page.locator(".panel--call").first.inner_text()
    for line in (
        "2 comments came in, and each has its answer.",
        "Pieces of the text: 2 are edited. 6 are as before.",
        "1 politician and 1 representative of the residents approved it.",
        "On the way it was sent back 2 times",
    ):
        assert line in summary
    resident.page.get_by_role("link", name="See what was changed").click()
    assert "badplats" in resident.text
    program.refresh_from_db()
    new = program.current_edition
    overview = resident.goes_to(program.get_absolute_url())
    assert "Adopted by kommunstyrelsen" in overview
    assert "§ 99 · case number KS 2026/7" in overview.replace("\xa0", " ")
    assert "Revised in this term of office." in overview
    assert "The latest revision Adopted" in overview
    decisions = resident.goes_to(f"/program/{program.slug}/dokument/")
    assert "Adopted" in decisions
    assert "Referred back" in decisions
    current = resident.goes_to(f"/program/{program.slug}/text/")
    assert "Bygg en badplats i hamnen." in current
    assert "Bygg och lys vid stationen." in current
    old = resident.goes_to(f"/program/{program.slug}/text/1/")
    assert "Earlier edition." in old
    assert "Bygg i hamnen." in old
    assert "badplats" not in old
    assert "Brygga i hamnen" in resident.goes_to(f"/program/{program.slug}/atgarder/")
    for row, edition in ((action, new), (done, kept.edition)):
        is_old = "In an earlier edition of the text" in resident.goes_to(row.get_absolute_url())
        assert is_old == (edition != new)
        clause = f'a[href="{edition.get_absolute_url()}#hamnen"]'
        assert resident.page.locator(clause).count() == 1
    action.refresh_from_db()
    assert action.clause == new.clauses.get(slug="hamnen")
    assert "Start revision" in leader.goes_to("/admin/process/")


def reads_the_log(resident: Person, process: Process) -> str:
    """Every entry that the page tells, also the folded ones; it replays to where it stands."""
    resident.goes_to(f"/program/{process.program.slug}/process/{process.pk}/")
    page = html5lib.parse(resident.page.content())
    entries = [words_in(entry) for part in by_class(page, "log") for entry in part]
    log = process.log.all()
    assert len(entries) == log.count()
    # But for the days that `a_day_later` moved.
    stands = position(Process.objects.get(pk=process.pk))
    assert replace(replay(log), period=()) == replace(stands, period=())
    return " ".join(entries)


def step_seven() -> str:
    return "7. The steering group approves"


def opened(member: Person, path: str) -> str:
    """The page's words with everything that is folded."""
    member.goes_to(path)
    return " ".join(member.page.locator("main").text_content().split())


def write(leader: Person, drive: Drive, slug: str, text: str, reason: str, behind: str) -> None:
    clause = Process.objects.get(pk=drive.process.pk).draft.clauses.get(slug=slug)
    leader.goes_to(f"{drive.path}forslag/{clause.pk}/")
    leader.page.locator("[name=edit-text]").fill(text)
    leader.page.locator("[name=edit-reason]").fill(reason)
    leader.page.locator("fieldset summary").click()  # those on other parts of the text
    leader.page.get_by_label(re.compile(behind)).check()
    assert "The draft is saved." in leader.presses("Save")


def answer_all(leader: Person, drive: Drive) -> None:
    for row in Comment.objects.filter(process=drive.process).order_by("pk"):
        leader.goes_to(f"{drive.path}synpunkter/{row.pk}/")
        if row.state == "held":
            assert "Published." in leader.presses("Publish")
        answer = leader.page.locator("#svara")
        answer.locator("[name=outcome][value=partly]").check()
        answer.locator("[name=reply]").fill("Delvis så.")
        assert "Answered." in leader.presses("Save the answer")


def inform(drive: Drive, today: str) -> None:
    drive.fills(
        "information",
        "Record the information item",
        presented_on=today,
        body="Samhällsbyggnad",
        case_number="KS 2026/7",
    )


def decide(drive: Drive, today: str, outcome: str, section: str, **fields: str) -> str:
    return drive.fills(
        "decision",
        "Record the decision",
        outcome=outcome,
        body="Kommunstyrelsen",
        decided=today,
        section=section,
        case_number="KS 2026/7",
        **fields,
    )


def add_area(leader: Person, drive: Drive) -> None:
    leader.goes_to(f"{drive.path}forslag/")
    leader.page.get_by_role("link", name="Add", exact=True).first.click()
    leader.page.locator("[name=new-level]").select_option("1")
    leader.page.locator("[name=new-heading]").fill("Torget")
    leader.page.locator("[name=new-reason]").fill("Alla nämner torget.")
    assert "Added." in leader.presses("Add")


def refuses_to_pass(drive: Drive, *missing: str) -> None:
    text = drive.fills("pass", "Pass to the next step")
    assert "It was not done." in text
    for words in missing:
        assert words in text


def test_creation_from_description_to_first_text(cast: Cast, person: Callable):
    program = cast.program
    program.status = program.Status.PREPARATION
    program.save()
    leader, resident = person(cast.leader), person()
    today = timezone.localdate().isoformat()
    drive = started(leader, program, Kind.CREATION)
    public = f"/program/{program.slug}/process/{drive.process.pk}/"
    refuses_to_pass(drive, "The project description is published as a document.")
    drive.shows_document("project_description", "Varför ett program")
    drive.passes("Step 2 of 6")
    drive.shows("workshop", "Verkstad")
    drive.passes("Step 3 of 6")
    refuses_to_pass(drive, "There is a draft.")
    drive.fills("begin-draft", "Begin the draft")
    add_area(leader, drive)
    drive.passes("Step 4 of 6")
    drive.fills("statement", "Record the statement", text="Det går att göra.")
    drive.passes("Step 5 of 6")

    # 5: the draft is public, and a resident says what is missing in it.
    drive.fills("publish", "Publish the draft")
    drive.fills("period", "Set the period", opens_on=today, closes_on=today)
    assert "Torget" in resident.goes_to(f"{public}forslag/")
    resident.goes_to(f"{public}synpunkter/ny/")
    resident.page.locator("[name=text]").fill("Bänkar på torget.")
    assert "Thank you, it has come in" in resident.presses("Send the comment")
    drive.shows("public_assembly", "Stormöte om förslaget")
    a_day_later(drive.process)
    drive.enters_all_channels()
    refuses_to_pass(drive, "Every comment has an answer with an outcome.")

    # It goes back to the compilation, and comes again with what was said.
    drive.fills("back", "Send back", to_step="3", reason="Bänkarna ska med.")
    write(leader, drive, "torget", "Bänkar på torget.", "Någon bad om dem.", "Bänkar")
    drive.passes("Step 4 of 6")
    drive.fills("statement", "Record the statement", text="Bänkar går bra.")
    drive.passes("Step 5 of 6")
    drive.fills("publish", "Publish the draft")
    drive.fills("period", "Set the period", opens_on=today, closes_on=today)
    drive.shows("information_meeting", "Andra mötet om förslaget")
    a_day_later(drive.process)
    drive.enters_all_channels()
    answer_all(leader, drive)
    drive.passes("Step 6 of 6")
    assert "Adopted" in decide(drive, today, "adopted", "7")

    told = reads_the_log(resident, drive.process)
    for sentence in (
        "The work on a first text began with step 1, Project description.",
        "The reference group gave its view of the draft. Bänkar går bra.",
        "to step 3, Compilation. Bänkarna ska med.",
        "Kommunstyrelsen adopted the text",
        "The text is in force.",
    ):
        assert sentence in told
    assert resident.page.locator(".path__step--done").count() == 6
    assert "1 comment came in, and it has its answer." in resident.text
    assert "Bänkar på torget." in resident.goes_to(f"/program/{program.slug}/text/")
    overview = resident.goes_to(program.get_absolute_url()).replace("\xa0", " ")
    assert "In operation" in overview
    assert "§ 7 · case number KS 2026/7" in overview
    assert "Adopted in this term of office." in overview
    assert "Start revision" in leader.goes_to("/admin/process/")


def test_local_development_through_its_four_phases(cast: Cast, person: Callable):
    program = cast.program
    leader, resident = person(cast.leader), person()
    today = timezone.localdate().isoformat()
    drive = started(leader, program, Kind.LOCAL_DEVELOPMENT)
    public = f"/program/{program.slug}/process/{drive.process.pk}/"
    drive.passes("Step 2 of 4")
    factories.make_group(program=program)
    drive.shows("public_assembly", "Stormöte")
    drive.fills("begin-draft", "Begin the draft")
    add_area(leader, drive)
    drive.fills("publish", "Publish the draft")
    assert "Torget" in resident.goes_to(f"{public}forslag/")
    assert "The draft of the plan was published" in resident.goes_to(public)

    # The council sends the plan back once; it stays in the phase where it is written.
    assert "Step 2 of 4" in decide(drive, today, "referred back", "4", reason="Skriv om badet.")
    write_area(leader, drive, "Badet kommer först.")
    assert "Step 3 of 4" in decide(drive, today, "adopted", "5")
    refuses_to_pass(drive, "The plan has been followed up at a meeting, with notes.")
    action = factories.make_action(
        program=program, clause=program.current_edition.clauses.get(), title="Brygga"
    )
    drive.shows("follow_up", "Uppföljning")
    drive.passes("Step 4 of 4")
    drive.shows_document("evaluation", "Utvärdering")
    action.status, action.completed = "completed", today
    action.save()
    assert "Evaluated" in drive.fills("pass", "Finish the process")

    told = reads_the_log(resident, drive.process)
    for sentence in (
        "The work began with phase 1, Mobilise.",
        "Kommunstyrelsen referred the draft back for more work",
        "Skriv om badet.",
        "The plan is in force. Now phase 3 begins, Carry out.",
        "Phase 4, Conclude, is done.",
        "All phases are done.",
    ):
        assert sentence in told
    assert resident.page.locator(".path__step--done").count() == 4
    for line in (
        "Kommunstyrelsen adopted the plan",
        "The plan had 1 action; 1 is done.",
        "The work has been evaluated. Utvärdering",
    ):
        assert line in resident.text
    assert "Badet kommer först." in resident.goes_to(f"/program/{program.slug}/text/")
    overview = resident.goes_to(program.get_absolute_url()).replace("\xa0", " ")
    assert "§ 5 · case number KS 2026/7" in overview
    assert "1 of 1" in overview
    assert "Start local development" in leader.goes_to("/admin/process/")


def write_area(leader: Person, drive: Drive, text: str) -> None:
    clause = Process.objects.get(pk=drive.process.pk).draft.clauses.get()
    leader.goes_to(f"{drive.path}forslag/{clause.pk}/")
    leader.page.locator("[name=edit-text]").fill(text)
    leader.page.locator("[name=edit-reason]").fill("Det bad fullmäktige om.")
    assert "The draft is saved." in leader.presses("Save")


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_and_nothing_is_wider(
    chromium: Browser, live_server: Any, cast: Cast, width: int
):
    factories.make_edition(program=cast.program, state="adopted", clauses=builders.TEXT)
    process = builders.at("comments", program=cast.program)
    today = timezone.localdate()
    builders.act(
        process, builders.workflow.open_comments, opens_on=today, closes_on=today, today=today
    )
    row = builders.comment(process, clause=process.base.clauses.last(), text="Mer ljus. " * 30)
    context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    person = Person(context.new_page(), live_server.url)
    person.signs_in(cast.leader.email)
    public = f"/program/{cast.program.slug}/process/{process.pk}/"
    staff = f"/admin/process/{process.pk}/"
    problems: list[str] = []

    def look(*paths: str) -> None:
        for path in paths:
            person.page.goto(live_server.url + path)
            problems.extend(violations(person.page, path))
            wide = person.page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                problems.append(f"{path}: {wide} pixels wide")

    look(public, f"{public}synpunkter/", f"{public}synpunkter/ny/?stycke=hamnen")
    look(f"/program/{cast.program.slug}/text/")
    look("/admin/process/", staff, f"{staff}synpunkter/", f"{staff}synpunkter/{row.pk}/")
    look(f"{staff}synpunkter/ny/")
    builders.enter_channels(process)
    Process.objects.filter(pk=process.pk).update(comments_close_on=today - YESTERDAY,
                                                 comments_open_on=today - YESTERDAY)  # fmt: skip
    builders.act(process, builders.workflow.pass_step, today=today)
    clause = builders.begin(process).clauses.get(slug="hamnen")
    builders.edit(process, clause, because=builders.because(comments=[row]))
    builders.publish(process)
    gone = process.base.clauses.get(slug="vatten")
    builders.write(
        process, builders.drafting.drop_clause, clause.edition.clauses.get(slug="vatten")
    )
    for name in ("", "?gor=move", "?gor=split", "?gor=merge", "?gor=drop"):
        look(f"{staff}forslag/{clause.pk}/{name}")
    version = process.versions.all()[1]
    look(f"{public}forslag/", f"{public}forslag/text/", f"{staff}forslag/", staff)
    look(f"{staff}forslag/nytt/?efter={clause.pk}", f"{staff}forslag/tillbaka/{gone.pk}/")
    look(f"{staff}forslag/versioner/", f"{staff}forslag/versioner/{version.pk}/?mot=nu")
    builders.state(process)
    builders.answer_all(process)
    builders.act(process, builders.workflow.pass_step, today=today)
    look(f"{staff}godkann/", staff, public, cast.program.get_absolute_url(), "/program/")
    context.close()
    assert problems == []
