"""QR codes as drawings inside the page."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(address: str, title: str) -> SafeString:
    """Black on white in every color scheme, with the quiet margin that readers need.

    A quarter of it may be dirty or folded.
    """
    code = segno.make(address, micro=False, error="q")
    drawn = code.svg_inline(
        border=4,
        omitsize=True,
        svgclass="sheet__qr",
        lineclass=None,
        dark="#000",
        light="#fff",
        title=title,
    )
    # Named for those who hear the page; crisp edges leave no hairlines between the rows.
    named = drawn.replace("<svg ", '<svg role="img" shape-rendering="crispEdges" ', 1)
    return mark_safe(named)  # noqa: S308 (made of numbers; segno escapes the title)
