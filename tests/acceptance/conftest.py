"""The whole demo of one municipality, and its pages as a visitor reads them."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import cached_property
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote, urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client, override_settings
from openpyxl import load_workbook

from portal.datafile import load, read
from programs.dates import PartialDate
from programs.models import (
    Action,
    Clause,
    Document,
    Duty,
    Edition,
    Event,
    Group,
    Idea,
    Locality,
    Municipality,
    Organisation,
    Photo,
    Program,
    VoiceState,
)
from revisions.models import Comment, Process
from tests.searching import search_index

DEMO = Path(__file__).parents[2] / "portal" / "demo"
TODAY = date(2026, 11, 22)

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
INLINE = {"a", "abbr", "b", "del", "em", "i", "ins", "mark", "small", "span", "strong", "time"}
UNREAD = {"script", "style", "svg"}


class Element(NamedTuple):
    """One element of a page and the text inside it."""

    tag: str
    classes: list[str]
    text: str


class _Reader(HTMLParser):
    """Keeps a page's text in reading order and where in it each element begins and ends."""

    def __init__(self) -> None:
        super().__init__()
        self.length, self.unread = 0, 0
        self.pieces: list[str] = []
        self.open: list[tuple[str, list[str], int]] = []
        self.spans: list[tuple[str, list[str], int, int]] = []
        self.ids: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("id"):
            self.ids.add(values["id"])
        self.links += [
            values[key] for key in ("href", "src") if values.get(key) and tag not in {"use"}
        ]
        self.unread += tag in UNREAD
        self._read("" if tag in INLINE else " ")
        if tag not in VOID:
            self.open.append((tag, (values.get("class") or "").split(), self.length))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            name, classes, start = self.open.pop()
            self.unread -= name in UNREAD
            self.spans.append((name, classes, start, self.length))
            if name == tag:
                break
        self._read("" if tag in INLINE else " ")

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self._read(data)

    def _read(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)


class Page:
    """What a visitor reads at one address."""

    def __init__(self, url: str, status: int, html: str, content: bytes) -> None:
        self.url, self.status, self.html, self.content = url, status, html, content
        reader = _Reader()
        reader.feed(html)
        reader.close()
        self.ids, self.links, self._spans = reader.ids, reader.links, reader.spans
        self._all = "".join(reader.pieces)

    @cached_property
    def everything(self) -> str:
        return plain(self._all)

    @cached_property
    def text(self) -> str:
        """The page's own content, without the menu and the footer around it."""
        return next(iter(self.parts("main")), self.everything)

    def elements(self, tag: str = "", css: str = "") -> Iterator[Element]:
        for name, classes, start, end in self._spans:
            if tag in ("", name) and (not css or css in classes):
                yield Element(name, classes, plain(self._all[start:end]))

    def parts(self, tag: str = "", css: str = "") -> list[str]:
        return [element.text for element in self.elements(tag, css)]

    def part(self, *words: str, tag: str = "li") -> str:
        """The shortest `tag` that holds all the words; empty when there is none."""
        found = [text for text in self.parts(tag) if has_words(text, *words)]
        return min(found, key=len, default="")


def plain(text: str) -> str:
    """On one line, with ordinary spaces."""
    return " ".join(text.replace("\u00ad", "").split())


def has_words(text: str, *words: str) -> bool:
    """Whether all the words stand in the text, whatever their case."""
    text = text.casefold()
    return all(plain(word).casefold() in text for word in words)


def missing(text: str, *words: str) -> list[str]:
    """The words that do not stand in the text: an empty list is what a test asks for."""
    return [word for word in words if not has_words(text, word)]


# People named in the sources, as digests: the tests must not publish what the pages must not.
PEOPLE = {
    "a5556f4a84b59cb5",
    "e09d748fd4e5e7b4",
    "5f0f52d8b46d4aa7",
    "1aa98c830af214c3",
    "cea284f58d5bc7af",
    "e1fc45f7880e0505",
    "da06981366115b0c",
    "93c6b09e0fc292a9",
    "beab20f8519163c7",
    "0bc9251d9b017a8a",
}
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def people_named(text: str) -> list[str]:
    words = set(re.findall(r"[\w-]+", text.casefold()))
    return [word for word in words if sha256(word.encode()).hexdigest()[:16] in PEOPLE]


def real_addresses(text: str) -> list[str]:
    """E-mail addresses outside `.example`, where nobody lives."""
    return [found for found in EMAIL.findall(text) if not found.endswith(".example")]


def years_in(text: str) -> list[str]:
    return re.findall(r"\b(?:19|20)\d\d\b", text)


class Site:
    """The public pages of one municipality. Each is fetched once, as a visitor without a name."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.client = Client()
        self.fetched: dict[str, Page] = {}

    def fetch(self, url: str) -> Page:
        url = urldefrag(url).url
        if url not in self.fetched:
            response = self.client.get(url, follow=True)
            is_text = response.headers.get("Content-Type", "").startswith("text/html")
            content = b"".join(response) if response.streaming else response.content
            html = content.decode() if is_text else ""
            self.fetched[url] = Page(url, response.status_code, html, content)
        return self.fetched[url]

    def page(self, url: str) -> Page:
        page = self.fetch(url)
        assert page.status == 200, f"{url} answers {page.status}"
        return page

    def whole_list(self, url: str) -> list[Page]:
        """The page and the ones that its pagination leads on to."""
        pages, todo = {}, [url]
        while todo:
            address = todo.pop(0)
            if address in pages:
                continue
            pages[address] = page = self.page(address)
            targets = (urlsplit(urljoin(address, link)) for link in page.links)
            todo += [
                target.geturl()
                for target in targets
                if target.path == urlsplit(url).path and parse_qs(target.query).keys() == {"sida"}
            ]
        return list(pages.values())

    def row(self, url: str, *words: str, tag: str = "li") -> str:
        """The shortest row with the words in a list, on whichever page of it; empty without one."""
        rows = [page.part(*words, tag=tag) for page in self.whole_list(url)]
        return min(filter(None, rows), key=len, default="")

    def event(self, program: str, when: str, kind: str) -> tuple[Event, Page]:
        """A program's event on that date, and its page, which the program's list leads to."""
        event = Event.objects.filter(
            program__slug=program, date=PartialDate.parse(when), kind=kind
        ).first()
        assert event, f"{program} has no {kind} on {when}"
        listed = self.row(f"/program/{program}/moten/", event.title)
        assert listed, f"{event.title} is not among the meetings of {program}"
        return event, self.page(event.get_absolute_url())

    @cached_property
    def crawl(self) -> dict[str, set[str]]:
        """Every address within reach of the home page, with the pages that lead to it."""
        found: dict[str, set[str]] = {"/": set()}
        todo = deque([("/", 0)])
        while todo:
            url, months_away = todo.popleft()
            for link in self.fetch(url).links:
                target = urldefrag(urljoin(url, link)).url
                distance = months_away + 1 if is_month(target) else 0
                if not is_visited(target) or distance > 2:
                    continue
                if target not in found:
                    found[target] = set()
                    todo.append((target, distance))
                found[target].add(url)
        return found

    @cached_property
    def pages(self) -> list[Page]:
        """Every HTML page within reach."""
        return [page for url in self.crawl if (page := self.fetch(url)).html]

    def pages_with(self, *words: str) -> list[str]:
        """The addresses of the pages that hold all the words."""
        return [page.url for page in self.pages if has_words(page.text, *words)]


def file_check(site: Site) -> None:
    """Every table of the file has become a row."""
    content = read(site.file)
    for model in (Action, Document, Duty, Event, Group, Idea, Locality, Organisation, Program):
        assert model.objects.count() == len(content.get(model.__name__.lower(), [])), model
    assert Photo.objects.exists()
    assert Municipality.objects.get().deciding_body is not None


def page_check(site: Site) -> None:
    """Every link answers, every part of a page that is linked to is there, every picture too."""
    answers = {url: site.fetch(url).status for url in site.crawl}
    broken = {url: sorted(site.crawl[url])[:3] for url, status in answers.items() if status != 200}
    assert broken == {}

    lost, pictures = set(), set()
    for page in site.pages:
        for link in page.links:
            target, part = urldefrag(urljoin(page.url, link))
            if target.startswith(settings.MEDIA_URL):
                pictures.add(target.removeprefix(settings.MEDIA_URL))
            elif part and target in site.crawl and part not in site.fetch(target).ids:
                lost.add(f"{page.url}: {link}")
    assert lost == set()
    assert [name for name in pictures if not default_storage.exists(name)] == []
    assert pictures, "the demo has pictures"


def privacy_check(site: Site) -> None:
    """Nobody is named or can be written to, and nothing stands there before it has been let in."""
    held = Idea.objects.exclude(state=VoiceState.PUBLISHED)
    unheard = Comment.objects.exclude(state=VoiceState.PUBLISHED)
    published = Process.objects.filter(draft_published_at__isnull=False)
    drafts = Clause.objects.filter(edition__state=Edition.State.DRAFT).exclude(
        edition__in=published.values("draft")
    )
    secrets = {plain(row.text) for row in (*held, *unheard, *drafts) if row.text}
    secrets |= {idea.title for idea in held}
    assert held.exists()

    told = [f"/sok/?q={quote(idea.text[:60])}" for idea in held]
    for url in (*site.crawl, *told):
        page = site.fetch(url)
        if url.partition("?")[0].endswith(".xlsx"):
            text = "\n".join(cells_of(page.content))
        else:
            text = plain(unescape(page.content.decode()))
        assert people_named(text) == [], url
        if not url.startswith("/moten") or ".ics" not in url:
            assert real_addresses(text) == [], url
        own = unescape(page.text) if page.html else text
        assert [secret for secret in secrets if secret in own and url not in told] == [], url
    for idea in held:
        assert site.fetch(idea.get_absolute_url()).status in {404, 410}
        assert idea.get_absolute_url() not in site.crawl
        found = site.fetch(f"/sok/?q={quote(idea.text[:60])}")
        assert idea.get_absolute_url() not in found.links


def cells_of(workbook: bytes) -> list[str]:
    sheets = load_workbook(BytesIO(workbook), read_only=True).worksheets
    return [
        str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row
    ]


def is_visited(url: str) -> bool:
    """Whether the crawl goes there: a page, or a file of ours.

    The calendar has a page for each month of a century; the crawl sees three. The files repeat
    the filters of their page; one file for each program is enough. Pictures are looked up where
    they are stored: their address belongs to the web server.
    """
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or parts.path.startswith(("/static/", "/media/")):
        return False
    is_file = "." in parts.path and not parts.path.endswith("/")
    return not is_file or parse_qs(parts.query).keys() <= {"program"}


def is_month(url: str) -> bool:
    return re.fullmatch(r"/moten/\d{4}/\d{1,2}/", url) is not None


@contextmanager
def demo(name: str, media: Path, django_db_blocker: Any) -> Iterator[Site]:
    """Everything is rolled back at the end, also what the pages themselves stored (thumbnails)."""
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=media),
        search_index(),
        transaction.atomic(),
    ):
        site = Site(DEMO / f"{name}.toml")
        load(site.file, today=TODAY, password=None)
        yield site
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def open_demo(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Site]]:
    """One municipality at a time, shared by the modules about it: loading takes seconds."""
    with ExitStack() as loaded:
        sites: dict[str, Site] = {}

        def open_(name: str) -> Site:
            if name not in sites:
                loaded.close()
                sites.clear()
                media = tmp_path_factory.mktemp("media")
                sites[name] = loaded.enter_context(demo(name, media, django_db_blocker))
            return sites[name]

        yield open_


# Of the module, so that they come before the transaction that each test rolls back.
@pytest.fixture(scope="module")
def halmstad(open_demo: Callable[[str], Site]) -> Site:
    return open_demo("halmstad")


@pytest.fixture(scope="module")
def flen(open_demo: Callable[[str], Site]) -> Site:
    return open_demo("flen")


@pytest.fixture(autouse=True)
def media_root() -> None:
    """In place of the one in `tests/conftest.py`: here all tests share the pictures."""
