"""Reads the pages of processes as a person does, and sends their forms."""

import re
from typing import Any

import html5lib
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programs.models import Edition
from revisions import workflow
from revisions.models import Process
from tests import factories
from tests.revisions import builders

HTML = "{http://www.w3.org/1999/xhtml}"


def page_of(client: Client, url: str, status: int = 200) -> Any:
    """The parsed page; see `parsed`."""
    return parsed(client.get(url), status)


def parsed(response: Any, status: int = 200) -> Any:
    """Strict, so that broken HTML fails every test; a NUL that was sent may be shown again."""
    assert response.status_code == status
    html = response.content.decode().replace("\x00", "\ufffd")
    return html5lib.HTMLParser(strict=True).parse(html)


def words_in(element: Any) -> str:
    words = " ".join(" ".join(element.itertext()).split())
    return re.sub(r" ([,.:])", r"\1", words)


def main_of(page: Any) -> str:
    (main,) = page.iter(f"{HTML}main")
    return words_in(main)


def by_class(page: Any, name: str) -> list[Any]:
    return [each for each in page.iter() if name in (each.get("class") or "").split()]


def links(page: Any) -> list[str]:
    return [each.get("href") for each in page.iter(f"{HTML}a")]


def value_of(page: Any, name: str) -> str | None:
    """What the field with that name holds on the page."""
    for each in page.iter():
        if each.get("name") != name:
            continue
        if each.tag == f"{HTML}textarea":
            return (each.text or "").removeprefix("\n")
        if each.tag == f"{HTML}select":
            options = each.iter(f"{HTML}option")
            chosen = (row for row in options if row.get("selected") is not None)
            return next((row.get("value") for row in chosen), "")
        return each.get("value", "")
    return None


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def public(process: Process, name: str = "process") -> str:
    return reverse(f"revisions:{name}", args=[process.program.slug, process.pk])


def staff(process: Process, name: str = "process", *more: Any) -> str:
    return reverse(f"revisions_staff:{name}", args=[process.pk, *more])


def do(client: Client, process: Process, transition: str, **fields: Any) -> Any:
    """Send a transition's form as the page would, from where the process is now."""
    row = Process.objects.get(pk=process.pk)
    sent = {"step": row.step, "attempt": row.attempt} | fields
    return client.post(
        staff(process, "transition", transition),
        {f"{transition}-{name}": value for name, value in sent.items() if value is not None},
    )


def revision_at(slug: str, program: Any) -> Process:
    """A revision of the cast's program, brought to that step."""
    factories.make_edition(program=program, state=Edition.State.ADOPTED, clauses=builders.TEXT)
    return builders.at(slug, program=program)


def open_for_comments(process: Process, **fields: Any) -> Process:
    """Open from today, by the clock that the pages go by."""
    today = timezone.localdate()
    given = {"opens_on": today, "closes_on": today, "today": today} | fields
    builders.act(process, workflow.open_comments, **given)
    process.refresh_from_db()
    return process


def clause_of(process: Process, slug: str) -> Any:
    return process.base.clauses.get(slug=slug)
