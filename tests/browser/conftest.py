"""The portal as a visitor meets it: the demo, served as `make demo` serves it, and a browser."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FORM = re.compile(r"/(?:om/saknas|om/tillganglighet/anmal|var-med)/\?")
FORMS = ("/om/saknas/", "/ideer/ny/", "/anmal/")
LINK = re.compile(r'<a [^>]*?href="([^"]+)"')


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


def missing(what: str) -> None:
    """Skip on a newcomer's machine; fail where nothing may be skipped."""
    if os.environ.get("TEST_NOTHING_SKIPPED"):
        pytest.fail(what)
    pytest.skip(what)


@dataclass
class Portal:
    """A running demo. `pages` are the addresses its links lead to, by what kind of page it is."""

    name: str
    url: str
    directory: Path
    pages: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read()


def kind_of(path: str) -> str:
    """The page's pattern: names and numbers replaced, the query string kept as a mark."""
    path, _, query = path.partition("?")
    path = re.sub(r"/\d+/\d+/$", "/N/N/", path)
    path = re.sub(r"/\d+(?=/|$|\.)", "/N", path)
    path = re.sub(r"^/(orter|program)/[^/]+", r"/\1/NAME", path)
    return path + ("?…" if query else "")


def serve(name: str, directory: Path) -> Iterator[Portal]:
    environment = os.environ | {
        "PORTAL_MODE": "demo",
        "PORTAL_VAR_DIR": str(directory),
        "DATABASE_URL": f"sqlite:///{directory / 'portal.sqlite3'}",
        "PYTHONUNBUFFERED": "1",
    }
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "manage.py", "demo", name, "--port", str(port)]
    log = (directory / "log").open("wb")
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    portal = Portal(name, f"http://127.0.0.1:{port}", directory)
    try:
        for _attempt in range(600):
            try:
                if portal.get("/om/kontakt/")[0] == 200:
                    break
            except OSError:
                if process.poll() is not None:
                    break
                time.sleep(0.1)
        else:
            pytest.fail("the demo did not start")
        if process.poll() is not None:
            pytest.fail((directory / "log").read_text())
        crawl(portal)
        yield portal
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def crawl(portal: Portal, most: int = 1500) -> None:
    """Follow every link on the portal; remember one page of each kind, and all broken links."""
    queue, seen, forms = ["/"], {"/"}, set()
    while queue and len(seen) < most:
        path = queue.pop(0)
        status, headers, body = portal.get(path)
        if status != 200:
            portal.broken.append(f"{status} {path}")
            continue
        if not headers["Content-Type"].startswith("text/html"):
            continue
        portal.pages.setdefault(kind_of(path), path)
        for link in LINK.findall(body.decode()):
            target = link.replace("&amp;", "&").partition("#")[0]
            if target.startswith("?"):
                target = path.partition("?")[0] + target
            if target.startswith(FORMS):
                # Every page, clause and voice leads to the same forms: one of each kind is enough.
                if kind_of(target) in forms:
                    continue
                forms.add(kind_of(target))
            if target.startswith("/") and target not in seen and not target.startswith("/admin/"):
                # Calendars reach far; one step forward and back from today is enough.
                if kind_of(target) == "/moten/N/N/" and "/moten/N/N/" in portal.pages:
                    continue
                # Every page leads to these forms, each with its own address in the query string.
                if (form := FORM.match(target)) and form[0] in seen:
                    continue
                seen.add(form[0] if form else target)
                seen.add(target)
                queue.append(target)


@pytest.fixture(scope="session")
def halmstad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    yield from serve("halmstad", tmp_path_factory.mktemp("halmstad"))


@pytest.fixture(scope="session")
def flen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    yield from serve("flen", tmp_path_factory.mktemp("flen"))


@pytest.fixture(scope="session", params=["halmstad", "flen"])
def portal(request: pytest.FixtureRequest) -> Portal:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not (Path(CHROMIUM).exists() or shutil.which(CHROMIUM)):
        missing(f"No browser at {CHROMIUM}: apt install chromium, or set CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """360 pixels wide, JavaScript off: everything has to work like this."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=False
    )
    yield context
    context.close()


def violations(page: Page, path: str) -> list[str]:
    """What axe finds on the page that is open; `path` says which it is."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(run => run.violations)")
    return [
        f"{path}: {each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]
    ]
