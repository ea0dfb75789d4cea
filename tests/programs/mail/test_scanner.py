"""A mail scanner opens every link of every letter, and what those lead to: nothing happens."""

import re

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from programs.following import follow
from programs.models import OutgoingMail, VoiceState
from programs.voices import letters, supporting
from tests.factories import (
    make_action,
    make_idea,
    make_locality,
    make_municipality,
    make_subscription,
)
from tests.programs.mail.test_letters import make_comment
from tests.programs.mail.test_weekly import DAY, NOW, WEEK, at, send

pytestmark = pytest.mark.django_db
LINK = re.compile(r"http://127\.0\.0\.1:8000(/[^\s>]+)")
HREF = re.compile(r'href="(/(?:min|folj|ideer/\d+/stod)/[^"#]+)')


def every_kind_of_letter(program) -> None:
    """One letter for each occasion, to authors, followers, supporters and newcomers."""
    now = timezone.now()
    action = make_action(program=program)
    idea = make_idea(program=program, title="Lekplats", author_email="eva@example.se")
    comment = make_comment(program, state="published", email_confirmed_at=None)
    for voice in (idea, comment):
        letters.received(voice)
    confirmed = make_idea(
        program=program, author_email="ali@example.se", email_confirmed_at=now, author_name="Ali"
    )
    for tell in (
        letters.published,
        letters.refused,
        letters.hidden,
        letters.answered,
        letters.unmerged,
    ):
        tell(confirmed)
    follow.confirm(follow.begin("foljare@example.se", confirmed), now)
    for tell in (letters.became_action, letters.action_completed):
        tell(confirmed, action)
    confirmed.merged_into = idea
    letters.merged(confirmed)
    letters.answered_together(confirmed, idea, 1)
    letters.split(confirmed, [idea])
    letters.looked_again(confirmed, "Nej.")
    supporting.ask(idea, "stod@example.se", follows=True, reference="A", now=now)
    follow.ask("ny@example.se", program, reference="B", now=now)
    make_subscription(
        email="van@example.se", program=program, confirmed_at=NOW - WEEK, told_until=NOW - WEEK
    )
    follow.ask("van@example.se", program, reference="C", now=now)
    follow.ask("van@example.se", make_locality(), reference="D", now=now)
    at(NOW - DAY, action)
    send()


def everything() -> dict[str, list]:
    """All rows of all our tables."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for app in ("programs", "revisions", "portal")
        for model in apps.get_app_config(app).get_models()
    }


def test_looking_at_every_link_in_every_letter_changes_nothing(program):
    make_municipality()
    every_kind_of_letter(program)
    templates = {letter.key.split(":")[0] for letter in OutgoingMail.objects.all()}
    assert templates == {"idea", "comment", "follower", "support", "follow", "weekly"}
    links = {link for letter in OutgoingMail.objects.all() for link in LINK.findall(letter.body)}
    links |= {
        link
        for letter in OutgoingMail.objects.exclude(headers={})
        for link in LINK.findall(letter.headers["List-Unsubscribe"])
    }
    assert {link.split("/")[1] for link in links} == {"min", "folj", "ideer", "program"}
    before = everything()
    scanner = Client()

    todo, seen = list(links), set()
    while todo:
        link = todo.pop()
        if link in seen:
            continue
        seen.add(link)
        for look in (scanner.get, scanner.head, scanner.options):
            response = look(link)
            assert response.status_code in {200, 302, 404, 405}, link
            todo += HREF.findall(response.content.decode(errors="replace"))

    assert everything() == before
    assert len(seen) >= len(links) > 12
    assert not scanner.cookies


def test_every_private_page_needs_a_button(program):
    """The pages that confirm have a form that posts, and no other way."""
    make_municipality()
    idea = make_idea(program=program, author_email="eva@example.se", state=VoiceState.HELD)
    letters.received(idea)
    link = LINK.findall(OutgoingMail.objects.get().body)[0]
    client = Client()

    page = client.get(link).content.decode()

    assert "http-equiv" not in page
    assert page.count('name="do" value="confirm"') == 1
    assert client.get(f"{link}?do=confirm").status_code == 200
    idea.refresh_from_db()
    assert idea.email_confirmed_at is None
