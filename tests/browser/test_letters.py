"""From a form to a letter, and from the letter to its button, on a phone without script."""

import re
from urllib.parse import urljoin

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import Portal

LETTERS = re.compile(r'href="(/demo/brev/\d+/)"')
PRIVATE = re.compile(r'href="http://127\.0\.0\.1:\d+(/(?:min|folj|ideer/\d+/stod)/[^"]+)"')


def open_letter(page: Page, portal: Portal, address: str, link: str) -> None:
    """Read the latest letter to the address, and follow its first link of that kind."""
    page.goto(f"{portal.url}/demo/brev/?till={address}")
    page.locator(".rows__title a").first.click()
    page.locator(f'article a[href*="{link}"]').first.click()


def test_support_and_word_about_it_by_mail(halmstad: Portal, phone: BrowserContext):
    page = phone.new_page()
    page.goto(f"{halmstad.url}/ideer/?status=waiting&ordning=stod")
    page.locator(".rows__title a").first.click()
    idea = page.url
    before = int(re.search(r"(\d+) personer stöder", page.inner_text("main"))[1])
    page.get_by_role("link", name="Stöd idén").click()
    page.get_by_label("Din e-postadress").fill("ny@demo.example")
    page.get_by_label("Mejla mig när svaret kommer").check()
    page.get_by_role("button", name="Skicka länken till mig").click()
    assert "Titta i din inkorg" in page.inner_text("main")

    open_letter(page, halmstad, "ny@demo.example", "/stod/")
    page.get_by_role("button", name="Ja, jag stöder idén").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Du stöder idén"
    page.goto(idea)
    assert f"{before + 1} personer stöder idén" in page.inner_text("main")

    open_letter(page, halmstad, "ny@demo.example", "/stod/")
    page.get_by_role("link", name="Se vad du följer").click()
    page.get_by_role("button", name="Sluta med allt").click()
    assert page.url.endswith("/folj/slut/")
    assert phone.cookies() == []


def test_follow_a_place_change_it_and_stop(halmstad: Portal, phone: BrowserContext):
    page = phone.new_page()
    page.goto(f"{halmstad.url}/orter/getinge/")
    page.get_by_role("main").get_by_role("link", name="Följ med e-post").click()
    page.get_by_label("Din e-postadress").fill("inte en adress")
    page.get_by_role("button", name="Följ").click()
    assert page.locator(".error-summary").count() == 1
    page.get_by_label("Din e-postadress").fill("granne@demo.example")
    page.get_by_role("button", name="Följ").click()

    open_letter(page, halmstad, "granne@demo.example", "/folj/")
    page.get_by_role("button", name="Ja, jag vill följa Getinge").click()
    page.get_by_label("Ort eller program").select_option(label="Framtid Vallås")
    page.get_by_role("button", name="Följ", exact=True).click()
    rows = page.locator(".rows__title").all_inner_texts()
    assert rows == ["Framtid Vallås", "Getinge"]
    page.get_by_role("button", name="Sluta följa – Getinge").click()
    assert page.locator(".rows__title").all_inner_texts() == ["Framtid Vallås"]


def test_author_confirms_asks_for_a_new_look_and_removes_the_details(
    halmstad: Portal, phone: BrowserContext
):
    page = phone.new_page()
    open_letter(page, halmstad, "lars@demo.example", "/min/")
    page.get_by_role("button", name="Ja, adressen är min").click()
    assert page.get_by_role("button", name="Ja, adressen är min").count() == 0
    assert "Väntar på sin tur" in page.inner_text("main")

    open_letter(page, halmstad, "maja@demo.example", "/min/")
    page.get_by_label("Varför tycker du att det ska visas?").fill("Ingen nämns vid namn.")
    page.get_by_role("button", name="Be om en ny bedömning").click()
    assert "Du bad om en ny bedömning" in page.inner_text("main")
    own = page.url
    page.get_by_text("Ta bort mina kontaktuppgifter").click()
    page.get_by_role("button", name="Ta bort mitt namn och min adress").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Dina uppgifter är borttagna"
    page.goto(own)
    assert page.get_by_role("heading", level=1).inner_text() == "Länken fungerar inte"


def test_private_pages_are_for_everyone(flen: Portal, chromium: Browser):
    """No violation, nothing wider than a phone, no cookie and no script needed."""
    links = {"/min/fel/", "/min/borttaget/", "/folj/slut/", "/demo/brev/", "/folj/?skickat=1"}
    box = flen.get("/demo/brev/")[2].decode()
    for letter in LETTERS.findall(box):
        links |= set(PRIVATE.findall(flen.get(letter)[2].decode()))
        links.add(letter)
    problems = []
    for width, scheme in ((320, "light"), (1280, "dark")):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
        )
        page = context.new_page()
        for link in sorted(links):
            page.goto(urljoin(flen.url, link))
            for violation in Axe().run(page).response["violations"]:
                problems += [
                    f"{link}: {violation['id']}: {node['html'][:120]}"
                    for node in violation["nodes"]
                ]
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                problems.append(f"{link}: {wide} wide")
        assert context.cookies() == []
        context.close()
    assert problems == []
    assert len(links) > 20
