"""The municipality's colors, made from the one color it chooses, always with enough contrast."""

import hashlib
from functools import lru_cache

from coloraide import Color

# The backgrounds that tokens.css gives `--paper`; text in the brand color must be read on them.
PAPER = {"light": "#fcfbf7", "dark": "#131a18"}
TEXT_CONTRAST = 5.0  # WCAG 2.2 AA asks for 4.5; a little more, for screens in the sun
LINE_CONTRAST = 3.0


@lru_cache(maxsize=8)
def theme_css(brand: str) -> str:
    """The theme layer for a color such as "#0b5d4a"."""
    light, dark = shades(brand, "light"), shades(brand, "dark")
    pairs = "".join(f"--{name}:light-dark({light[name]},{dark[name]});" for name in light)
    return f"@layer theme{{:root{{{pairs}}}}}"


def shades(brand: str, scheme: str) -> dict[str, str]:
    """`brand`, `on-brand`, `brand-soft` and `brand-line` as hex colors for one scheme."""
    paper = Color(PAPER[scheme])
    color = Color(brand).convert("oklch")
    if scheme == "dark":
        color["lightness"] = max(color["lightness"], 0.74)
    soft = readable_base = paper
    # Move lightness away from the paper until text in it is readable, also on its own soft tint.
    step = -0.01 if scheme == "light" else 0.01
    while True:
        soft = color.mix(paper, 0.91, space="oklab")
        readable_base = min((paper, soft), key=color.fit("srgb").contrast)
        if color.fit("srgb").contrast(readable_base) >= TEXT_CONTRAST:
            break
        color["lightness"] += step
    line = soft
    for part in range(80, -1, -5):
        line = color.mix(paper, part / 100, space="oklab")
        if line.contrast(paper) >= 1.6:
            break
    on_brand = max((Color("#ffffff"), Color("#08201a")), key=color.fit("srgb").contrast)
    return {
        "brand": hex_of(color),
        "on-brand": hex_of(on_brand),
        "brand-soft": hex_of(soft),
        "brand-line": hex_of(line),
    }


def hex_of(color: Color) -> str:
    return color.convert("srgb").fit().to_string(hex=True)


def digest(brand: str) -> str:
    """Changes with the color and with how it is used, so that browsers may keep the file."""
    return hashlib.sha256(theme_css(brand).encode()).hexdigest()[:10]
