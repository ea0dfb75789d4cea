"""Writing the draft with JavaScript on: what is typed is kept, and comes back after a crash."""

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from programs.models import Edition, Group, Membership
from revisions.models import Process, WorkingCopy
from tests import factories
from tests.revisions import builders

pytestmark = pytest.mark.django_db(transaction=True)

# Playwright runs an event loop in this thread, which makes Django careful.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

KEPT = re.compile(r"^Kept \d\d\.\d\d\. Only you see it\.$")


@pytest.fixture(autouse=True)
def _english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def process() -> Process:
    """A revision whose draft is being written by two who lead it."""
    factories.make_municipality()
    program = factories.make_program(name="Framtid Ån")
    factories.make_edition(program=program, state=Edition.State.ADOPTED, clauses=builders.TEXT)
    team = factories.make_group(program=program, kind=Group.Kind.PROJECT_TEAM)
    for name in ("Anna", "Bo"):
        factories.make_membership(
            group=team,
            user=factories.make_user(name=name, email=f"{name.lower()}@example.se"),
            role=Membership.Role.PROJECT_LEADER,
        )
    process = builders.start(program=program)
    Process.objects.filter(pk=process.pk).update(step=builders.number_of("revision", "draft"))
    builders.begin(process)
    process.refresh_from_db()
    return process


@pytest.fixture
def sign_in(chromium: Browser, live_server: Any) -> Iterator[Callable[[str], BrowserContext]]:
    opened = []

    def open_browser(name: str) -> BrowserContext:
        context = chromium.new_context(base_url=live_server.url)
        opened.append(context)
        page = context.new_page()
        page.goto("/admin/login/")
        page.locator("[name=username]").fill(f"{name}@example.se")
        page.locator("[name=password]").fill(factories.PASSWORD)
        page.locator("[type=submit]").last.click()
        expect(page.locator("[name=password]")).to_have_count(0)
        page.close()
        return context

    yield open_browser
    for context in opened:
        context.close()


def path_of(process: Process, slug: str = "hamnen") -> str:
    return f"/admin/process/{process.pk}/forslag/{process.draft.clauses.get(slug=slug).pk}/"


def types(page: Page, path: str, text: str) -> None:
    page.goto(path)
    page.locator("[name=edit-text]").fill(text)


def test_what_is_typed_outlives_a_crash_and_ends_with_the_change(
    process: Process, sign_in: Callable[[str], BrowserContext]
):
    path, draft = path_of(process), f"/admin/process/{process.pk}/forslag/"
    anna, bo = sign_in("anna"), sign_in("bo")
    page = anna.new_page()
    types(page, path, "Bygg en badplats.")
    status = page.get_by_role("status")
    expect(status).to_have_text(KEPT)
    page.close()  # without saving, as when a machine stops

    other = bo.new_page()
    other.goto(draft)
    expect(other.locator(".draft__note")).to_have_text(re.compile("Anna has been writing here"))
    other.goto(path)
    expect(other.locator("[name=edit-text]")).to_have_value("Bygg i hamnen.")

    page = anna.new_page()
    page.goto(draft)
    page.get_by_role("link", name=re.compile("– edit$")).click()
    expect(page.locator("[name=edit-text]")).to_have_value("Bygg en badplats.")
    expect(page.get_by_role("button", name="Throw it away")).to_be_visible()
    page.locator("[name=edit-reason]").fill("Många vill bada.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()

    expect(page.locator(".draft__note")).to_have_count(0)
    assert not WorkingCopy.objects.exists()
    assert process.draft.clauses.get(slug="hamnen").text == "Bygg en badplats."


def test_leaving_the_page_keeps_what_was_just_typed(
    process: Process, sign_in: Callable[[str], BrowserContext]
):
    page = sign_in("anna").new_page()
    types(page, path_of(process), "Bygg en")
    with page.expect_response(re.compile("/utkast/$")) as kept:
        page.evaluate("dispatchEvent(new Event('pagehide'))")

    assert kept.value.ok
    assert WorkingCopy.objects.get().typed["text"] == "Bygg en"


def test_who_is_signed_out_or_offline_is_told_and_keeps_the_text(
    process: Process, sign_in: Callable[[str], BrowserContext]
):
    context = sign_in("anna")
    page = context.new_page()
    context.route(re.compile("/utkast/$"), lambda route: route.abort())
    types(page, path_of(process), "Bygg en park.")
    expect(page.get_by_role("status")).to_have_text(re.compile("cannot be kept right now"))
    context.unroute(re.compile("/utkast/$"))
    context.clear_cookies()
    page.locator("[name=edit-text]").fill("Bygg en större park.")

    expect(page.get_by_role("status")).to_have_text(re.compile("You are signed out"))
    expect(page.locator("[name=edit-text]")).to_have_value("Bygg en större park.")
    assert not WorkingCopy.objects.exists()


def test_new_clause_is_kept_too_and_nothing_in_the_console_complains(
    process: Process, sign_in: Callable[[str], BrowserContext]
):
    page = sign_in("anna").new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"/admin/process/{process.pk}/forslag/nytt/")
    page.locator("[name=new-heading]").fill("Kultur")
    expect(page.get_by_role("status")).to_have_text(KEPT)
    page.get_by_role("button", name="Go on later").click()

    expect(page.get_by_text("What you wrote is kept.")).to_be_visible()
    page.get_by_role("link", name=re.compile("A new clause")).click()
    expect(page.locator("[name=new-heading]")).to_have_value("Kultur")
    assert complaints == []
