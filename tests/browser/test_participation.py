"""An idea's whole way in a real browser without JavaScript, and every letter on the way."""

import datetime
import os
import re
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from portal import daily
from programs.dates import PartialDate
from programs.models import Action, Group, Idea, Membership
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.searches]

# Playwright runs an event loop in this thread, which makes Django careful.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

LINK = re.compile(r"https?://\S+")


@pytest.fixture
def reader(chromium: Browser) -> Any:
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=False
    )
    yield context
    context.close()


@pytest.fixture
def leader(chromium: Browser, live_server: Any, program: Any) -> Any:
    user = factories.make_user(name="Leder")
    team = factories.make_group(kind=Group.Kind.PROJECT_TEAM, program=program)
    factories.make_membership(group=team, user=user, role=Membership.Role.PROJECT_LEADER)
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/login/")
    page.locator("[name=username]").fill(user.email)
    page.locator("[name=password]").fill(factories.PASSWORD)
    page.locator("[type=submit]").last.click()
    yield page
    context.close()


def text(page: Page) -> str:
    return " ".join(page.locator("main").inner_text().split())


def letter_about(words: str) -> Any:
    """The latest letter with those words in its subject or text."""
    return next(each for each in reversed(mail.outbox) if words in each.subject + each.body)


def test_an_idea_from_the_first_word_to_the_completed_action(
    settings: Any, live_server: Any, program: Any, leader: Page, reader: BrowserContext
):
    settings.SITE_URL = live_server.url
    factories.make_municipality()
    action = factories.make_action(program=program, title="Cykelväg till skolan")
    page = reader.new_page()

    # Left without an account, and nobody can read it yet.
    page.goto(f"{live_server.url}/ideer/ny/?program={program.slug}")
    page.get_by_label("Vad vill du säga?").fill("Bygg en cykelväg hela vägen till skolan.")
    page.get_by_role("textbox", name="E-post").fill("eva@example.se")
    page.get_by_role("button", name="Skicka idén").click()
    idea = Idea.objects.get()
    assert idea.reference in text(page)
    assert page.goto(f"{live_server.url}/ideer/{idea.pk}/").status == 404
    receipt = mail.outbox[-1]
    assert (receipt.to, idea.reference in receipt.body) == (["eva@example.se"], True)

    # A mail scanner opens every link; only the button confirms.
    own = LINK.findall(receipt.body)[0].rstrip(".")
    for link in LINK.findall(receipt.body):
        page.request.get(link.rstrip("."))
        page.request.head(link.rstrip("."))
    idea.refresh_from_db()
    assert idea.email_confirmed_at is None
    page.goto(own)
    page.locator("main form button").first.click()
    idea.refresh_from_db()
    assert idea.email_confirmed_at is not None
    assert reader.cookies() == []

    # Read and published by a person.
    leader.goto(f"{live_server.url}/admin/")
    assert "väntar på att bli läst" in text(leader)
    leader.goto(f"{live_server.url}/admin/inkommet/idea/{idea.pk}/")
    leader.locator("#publicera button").click()
    assert page.goto(f"{live_server.url}/ideer/{idea.pk}/").status == 200
    assert "Bygg en cykelväg" in text(page)
    assert letter_about(idea.reference) is not receipt

    # Answered with an outcome and the action that it became.
    leader.goto(f"{live_server.url}/admin/inkommet/idea/{idea.pk}/")
    form = leader.locator("form#svara")
    form.locator("[name=outcome][value=became_action]").check()
    form.locator("[name=action]").select_option(str(action.pk))
    form.locator("[name=reply]").fill("Ja, vi bygger den. Tack för idén!")
    form.locator("button").last.click()
    idea.refresh_from_db()
    assert (idea.outcome, idea.action) == ("became_action", action)
    page.goto(f"{live_server.url}/ideer/{idea.pk}/")
    assert "Ja, vi bygger den." in text(page)
    page.locator("main").get_by_role("link", name="Cykelväg till skolan").first.click()
    assert "Bygg en cykelväg" in text(page)
    assert letter_about("Cykelväg till skolan").to == ["eva@example.se"]

    # Done: the chain shows it in both directions, and the author is told.
    before = len(mail.outbox)
    now = timezone.now()
    list(daily.run(now))
    Action.objects.filter(pk=action.pk).update(
        status=Action.Status.COMPLETED,
        completed=PartialDate(timezone.localdate()),
        result="Två kilometer cykelväg.",
    )
    list(daily.run(now + datetime.timedelta(hours=1)))
    list(daily.run(now + datetime.timedelta(hours=2)))
    told = [each for each in mail.outbox[before:] if each.to == ["eva@example.se"]]
    assert [("Två kilometer cykelväg." in each.body) for each in told] == [True]
    page.goto(f"{live_server.url}/ideer/{idea.pk}/")
    assert "Cykelväg till skolan" in text(page)
    page.goto(own)
    assert "Ja, vi bygger den." in text(page)
