"""Lists as Atom feeds."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import get_language

from programs.current import current
from programs.exports.files import plain
from programs.exports.identity import stable_id
from programs.models import Action, Event, Idea


@dataclass(frozen=True, slots=True)
class Entry:
    row: Action | Idea | Event
    title: str
    text: str
    categories: list[str]


def feed(request: HttpRequest, *, title: str, page: str, entries: Iterable[Entry]) -> HttpResponse:
    """`page` is the address of the list that the feed follows, with the same filters."""
    municipality = current(request).municipality
    atom = Atom1Feed(
        title=plain(f"{title} – {municipality.portal_name}"),
        link=request.build_absolute_uri(page),
        description="",
        language=get_language(),
        author_name=municipality.name,
        feed_url=request.build_absolute_uri(),
    )
    for entry in entries:
        atom.add_item(
            title=plain(entry.title),
            link=request.build_absolute_uri(entry.row.get_absolute_url()),
            # Readers take the text for HTML, so it is escaped as such first.
            description=linebreaks(plain(entry.text), autoescape=True) if entry.text else "",
            unique_id=stable_id(municipality, entry.row).urn,
            pubdate=entry.row.created_at,
            updateddate=entry.row.updated_at,
            categories=[plain(word) for word in entry.categories],
        )
    return HttpResponse(
        atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )
