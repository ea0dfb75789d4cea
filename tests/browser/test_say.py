"""A resident says something on a phone without JavaScript: with a pin and a picture."""

from pathlib import Path
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import Portal

SIMILAR = "Rusta lekplatsen vid badet så att små barn kan leka där"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """As from a telephone: lying on its side, and telling where it was taken."""
    image = Image.effect_noise((1200, 900), 60).convert("RGB")
    exif = image.getexif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (56.0, 40.0, 0.0)
    path = tmp_path / "foto.jpg"
    image.save(path, exif=exif.tobytes())
    return path


def problems_of(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def test_idea_is_left_from_an_action_page_with_a_pin_and_a_picture(
    halmstad: Portal, phone: BrowserContext, photo: Path
):
    page = phone.new_page()
    page.goto(urljoin(halmstad.url, halmstad.pages["/program/NAME/atgarder/N/"]))
    action = page.locator("h1").inner_text()
    page.locator("main").get_by_role("link", name="Lämna en idé").click()
    assert action in page.locator("main").inner_text()

    page.get_by_label("Vad vill du säga?").fill("Ställ fram en bokskåp vid återvändsgränden.")
    page.get_by_role("textbox", name="Namn").fill("Eva Ek")
    page.locator("#plats summary").click()
    page.get_by_label("Var är det?").fill("Vid bron")
    page.locator(".pin-map input:visible").click(position={"x": 160, "y": 130})
    assert page.url.endswith("#plats")
    assert page.locator(".pin-map__pin").is_visible()
    pin = page.locator("[name=pin]").input_value()
    assert 56 < float(pin.split(",")[0]) < 57

    page.locator("#bild summary").click()
    page.get_by_label("Välj en bild").set_input_files(photo)
    page.get_by_role("button", name="Skicka idén").click()
    assert "Berätta med en mening vad bilden visar." in page.locator(".error-summary").inner_text()
    assert page.locator(".photo img").evaluate("each => each.naturalWidth") == 900
    page.get_by_label("Vad visar bilden?").fill("En tom plats vid bron")
    page.get_by_label("Jag har tagit bilden själv").check()
    # Enter sends the form, though a button on the map comes before the one that sends.
    page.get_by_label("Vad visar bilden?").press("Enter")
    if page.get_by_role("button", name="Nej, skicka min").count():
        page.get_by_role("button", name="Nej, skicka min").click()

    thanks = page.locator("main").inner_text()
    assert "Tack, det har kommit in" in thanks
    assert "Din referens är" in thanks
    assert phone.cookies() == []
    # Held: nobody finds it.
    page.goto(f"{halmstad.url}/sok/?q=bokskåp")
    assert "återvändsgränden" not in page.locator("main").inner_text()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_axe_finds_nothing_in_any_state_of_the_form(
    halmstad: Portal, chromium: Browser, width: int, scheme: str
):
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    found = {}

    def look(state: str) -> None:
        found[state] = problems_of(page)
        scroll = page.evaluate("document.documentElement.scrollWidth")
        assert scroll <= width, state

    page.goto(f"{halmstad.url}/ideer/ny/")
    page.locator("#plats summary").click()
    page.locator("#bild summary").click()
    look("empty")
    page.locator(".pin-map input:visible").click(position={"x": 12, "y": 12})
    look("click in the sea")
    page.locator(".pin-map input:visible").click(position={"x": 150, "y": 120})
    look("pin")
    page.get_by_label("E-post").fill("fel")
    page.get_by_role("button", name="Skicka idén").click()
    look("errors")
    page.get_by_label("E-post").fill("")
    page.get_by_label("Vad vill du säga?").fill(SIMILAR)
    page.get_by_role("button", name="Skicka idén").click()
    assert page.locator("h1").inner_text() == "Är det någon av de här?"
    look("similar")
    page.get_by_role("button", name="Nej, skicka min").click()
    look("thanks")
    page.goto(f"{halmstad.url}/ideer/ny/")
    page.locator("a[href*='process=']").first.click()
    assert page.locator("h1").inner_text() == "Lämna en synpunkt"
    look("comment")
    page.get_by_role("button", name="Det gäller något annat").click()
    look("something else")
    context.close()

    assert {state: problems for state, problems in found.items() if problems} == {}
