"""Every public address of the portal, so that what holds for all pages is tested on all."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from programs.models import Edition, Program
from programs.sign_ups.links import own_token
from programs.voices import supporting
from programs.voices.links import author_token
from revisions.models import Process
from tests.factories import (
    make_action,
    make_edition,
    make_event,
    make_idea,
    make_sign_up,
    make_subscription,
)


def routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in patterns:
        if isinstance(entry, URLPattern):
            if entry.name:
                yield prefix + entry.name, entry
        elif not str(entry.pattern).startswith("admin/"):
            inner = f"{entry.namespace}:" if entry.namespace else ""
            yield from routes(entry.url_patterns, prefix + inner)


def plain_addresses() -> list[str]:
    """Those that need no row."""
    found = routes(get_resolver().url_patterns)
    return [reverse(name) for name, route in found if not route.pattern.converters]


def make_process(program: Program) -> Process:
    """A revision whose draft everyone can read."""
    draft = make_edition(program=program, state=Edition.State.DRAFT, clauses=["Centrum"])
    return Process.objects.create(
        program=program, kind="revision", step=6, draft=draft, draft_published_at=timezone.now()
    )


def every_address(program: Program, process: Process | None = None) -> dict[str, str]:
    """One address of each route by its name, about `program`, which gets a row of each kind."""
    first = make_edition(program=program, state=Edition.State.SUPERSEDED, clauses=["Centrum"])
    action, event = make_action(program=program), make_event(program=program, takes_sign_ups=True)
    idea = make_idea(program=program, author_email="eva@example.se")
    pk_of = {"action": action.pk, "place_action": action.pk}
    pk_of |= dict.fromkeys(
        ("idea", "support", "support_confirm", "report", "report_received"), idea.pk
    )
    follower = make_subscription(program=program)
    token_of = {
        "own_voice": author_token(idea),
        "support_confirm": supporting.token_for(idea, "eva@example.se"),
        "followed": follower.token,
        "unfollow": follower.token,
    }
    values = {"number": first.number + 1, "other": first.number, "form": "csv", "digest": "0"}
    values |= {"year": 2026, "month": 3, "code": program.slug, "kind": "idea"}
    on_the_list = own_token(make_sign_up(event=event))
    process = process or make_process(program)
    values |= {"mark": "0"}
    about_process = {"process", "comments", "comment", "draft", "draft_text"}
    pk_of |= dict.fromkeys(about_process, process.pk)
    found = {}
    for name, route in routes(get_resolver().url_patterns):
        short = name.rpartition(":")[2]
        slug = program.locality.slug if short == "locality" else program.slug
        own = {
            "slug": slug,
            "pk": pk_of.get(short, event.pk),
            "token": token_of.get(short, on_the_list),
        }
        chosen = {key: (values | own)[key] for key in route.pattern.converters}
        found[name] = reverse(name, kwargs=chosen)
    return found
