"""Which program a page belongs to, so that a message about it reaches whoever looks after it."""

from django.db.models import Model
from django.urls import Resolver404, resolve

from programs.models import Action, Event, Idea, Locality, Program
from programs.permissions import program_of

LONGEST = 300
ROWS: dict[str, type[Model]] = {
    "action": Action,
    "place_action": Action,
    "idea": Idea,
    "event": Event,
}


def tidy(path: str) -> str:
    """A path on this portal as it came with the address, or nothing."""
    path = "".join(character for character in path if character.isprintable())[:LONGEST]
    return path if path.startswith("/") and not path.startswith("//") else ""


def program_of_page(path: str) -> Program | None:
    """None for a page that belongs to no program, or does not exist."""
    try:
        match = resolve(tidy(path.partition("?")[0].partition("#")[0]))
    except Resolver404:
        return None
    slug, key = match.kwargs.get("slug"), match.kwargs.get("pk")
    if slug and match.route.startswith("program/"):
        return Program.objects.filter(slug=slug).first()
    if match.view_name == "programs:locality":
        place = Locality.objects.filter(slug=slug).first()
        running = Program.objects.exclude(status=Program.Status.CONCLUDED)
        return running.filter(locality=place).first() if place else None
    model = ROWS.get(match.url_name) if match.app_name == "programs" else None
    row = model.objects.filter(pk=key).first() if model else None
    return program_of(row) if row else None
