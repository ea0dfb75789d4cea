"""Paper in both directions: the sheet that is printed, and the slips that are entered."""

import io
import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page

from portal.management.commands.load_municipality import DEMO_PASSWORD
from tests.browser.conftest import Portal

SLIPS = [
    "Bänkar längs ån, så att äldre orkar gå hela vägen.",
    "Sista bussen går för tidigt på helgen.",
    "Gör i ordning den gamla bron!",
]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def sheets_of(portal: Portal) -> list[str]:
    return [portal.pages[kind] for kind in ("/program/NAME/blankett/", "/moten/N/blankett/")]


def test_sheet_fills_one_page_and_its_square_leads_to_its_short_address(portal: Portal, page: Page):
    for path in sheets_of(portal):
        page.goto(urljoin(portal.url, path))
        printed = page.locator(".sheet__address").inner_text()
        picture = page.locator(".sheet__qr").screenshot()

        (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
        assert code.text == f"http://{printed}/"
        paper = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type /Page\b", paper)) == 1


def test_slips_are_entered_by_keyboard_alone(halmstad: Portal, page: Page):
    page.goto(urljoin(halmstad.url, "/admin/login/?next=/admin/inkommet/ny/"))
    page.fill("#id_username", "projektledare@demo.halmstad.se")
    page.fill("#id_password", DEMO_PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")

    for number, text in enumerate(SLIPS, start=1):
        page.keyboard.type(text)
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        assert page.locator("#entered").inner_text().startswith(f"{number} ")
    page.keyboard.type(SLIPS[0])
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")

    assert page.get_by_role("alert").count() == 1
    assert page.locator("textarea").input_value() == SLIPS[0]
    assert page.locator("#entered").inner_text().startswith("3 ")
