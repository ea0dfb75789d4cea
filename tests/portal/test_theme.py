import re
from pathlib import Path

import pytest
from coloraide import Color
from django.conf import settings
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from portal.theme import PAPER, digest, shades, theme_css
from tests.factories import make_municipality

SCHEMES = ["light", "dark"]
COLORS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
HEX = re.compile(r"#[0-9a-f]{3}(?:[0-9a-f]{3})?")


def contrast(one: str, other: str) -> float:
    return Color(one).contrast(Color(other))


@pytest.mark.parametrize("scheme", SCHEMES)
@given(brand=COLORS)
@example(brand="#000000")
@example(brand="#ffffff")
@example(brand="#ffff00")
@example(brand="#0000ff")
@example(brand="#ff00ff")
@example(brand="#808080")
def test_any_brand_color_gives_readable_text(scheme, brand):
    shade = shades(brand, scheme)

    assert contrast(shade["brand"], PAPER[scheme]) >= 4.5
    assert contrast(shade["brand"], shade["brand-soft"]) >= 4.5
    assert contrast(shade["on-brand"], shade["brand"]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@given(brand=COLORS)
def test_any_brand_color_gives_shades_that_css_reads(scheme, brand):
    shade = shades(brand, scheme)

    assert list(shade) == ["brand", "on-brand", "brand-soft", "brand-line"]
    assert [value for value in shade.values() if not HEX.fullmatch(value)] == []


@given(brand=COLORS)
def test_theme_fills_the_theme_layer_only(brand):
    css = theme_css(brand)

    assert re.fullmatch(r"@layer theme\{:root\{(--[a-z-]+:light-dark\([#0-9a-f,]+\);){4}\}\}", css)
    assert css == theme_css(brand.upper())


def test_paper_is_what_the_tokens_say():
    tokens = Path(settings.BASE_DIR, "static/css/tokens.css").read_text()

    paper = re.search(r"--color-paper: light-dark\((\S+), (\S+)\);", tokens)

    assert {"light": paper[1], "dark": paper[2]} == PAPER


@given(st.lists(COLORS, min_size=2, max_size=2))
def test_digest_follows_what_the_style_sheet_says(colors):
    one, other = colors

    assert (digest(one) == digest(other)) == (theme_css(one) == theme_css(other))


def test_digest_changes_with_the_color():
    assert digest("#0b5d4a") != digest("#8a1c4a")


@pytest.mark.django_db
def test_theme_is_kept_by_browsers_for_good(client):
    make_municipality(brand_color="#8a1c4a")

    response = client.get(client.get("/").context["theme_url"])

    assert response.content.decode() == theme_css("#8a1c4a")
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert response.headers["Cache-Control"] == "max-age=31536000, immutable, public"
    assert response.cookies == {}
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.django_db
def test_theme_has_another_address_after_a_change_of_color(client):
    municipality = make_municipality(brand_color="#8a1c4a")
    before = client.get("/").context["theme_url"]

    municipality.brand_color = "#0b5d4a"
    municipality.save()

    assert before == reverse("theme", args=[digest("#8a1c4a")])
    assert client.get("/").context["theme_url"] == reverse("theme", args=[digest("#0b5d4a")])


@pytest.mark.django_db
def test_theme_of_a_portal_without_data_is_the_default_one(client):
    assert client.get(reverse("theme", args=["0"])).content.decode() == theme_css("#0b5d4a")
