"""Two texts of a draft as they were kept, compared as a page shows them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from programs.models import Edition
from revisions.comparison import walk
from revisions.saved_text import compare_saved
from revisions.views.comparison import sections, with_words

# Tells the places of this comparison on a page from those of another.
MARK = "v"


def compared(
    older: Sequence[dict[str, Any]], newer: Sequence[dict[str, Any]], words: Mapping[str, Any]
) -> dict[str, Any]:
    """`sections` and `counts` of what changed, and that only: the rest stands in either text."""
    found = compare_saved(older, newer)
    nowhere = Edition()
    nowhere.url = ""
    with_words(found.changes, found.older, nowhere, nowhere, words, MARK)
    for change in walk(found.changes):
        # Kept texts have no address of their own.
        change.link = ""
    parts = [part for part in sections(found.changes, words, MARK) if part.changed]
    for part in parts:
        part.runs = [(is_kept, run) for is_kept, run in part.runs if not is_kept]
    return {
        "counts": Counter(change.state.value for change in found.changed),
        "sections": parts,
    }
