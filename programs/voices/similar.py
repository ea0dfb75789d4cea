"""Which voices say much the same, so that they can be answered together."""

import re
from collections import Counter
from collections.abc import Sequence
from math import log

from programs.models import Voice

# Read at most so many; beyond them only the latest are compared.
MOST_COMPARED = 400
SHOWN = 5
LEAST_ALIKE = 0.18
# Endings that Swedish words take; what is left tells words apart well enough.
ENDING = re.compile(
    r"(?:arnas|ernas|ornas|arna|erna|orna|ande|ende|aste|andet|heten|heter|"
    r"ar|er|or|en|et|na|an|s|a|e|t)$"
)
COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        alla att bara behövs bli bra bör borde den det där eller ett finns får för från har här inte
        jag kan man med men mer min mitt mycket några när och också oss på skulle ska som till under
        vad var vid vill vår vårt våra väldigt även över and are for not that the this with
        """,
    )
)


def similar_to(voice: Voice) -> Sequence[Voice]:
    """The most alike of those it could be merged with, most alike first. One query."""
    candidates = list(mergeable(voice).for_queue().order_by("-pk")[:MOST_COMPARED])
    mine = stems(f"{voice.heading} {voice.text}")
    theirs = [stems(f"{other.heading} {other.text}") for other in candidates]
    rarity = weights([mine, *theirs])
    scored = [
        (likeness(mine, words, rarity), other)
        for words, other in zip(theirs, candidates, strict=True)
    ]
    alike = [(score, other) for score, other in scored if score >= LEAST_ALIKE]
    alike.sort(key=lambda pair: (-pair[0], -pair[1].pk))
    return [other for _score, other in alike[:SHOWN]]


def mergeable(voice: Voice) -> object:
    """Public ones of its kind and place, that are not merged themselves."""
    rows = type(voice)._default_manager.public().filter(merged_into=None).exclude(pk=voice.pk)
    return voice.neighbours(rows)


def stems(text: str) -> frozenset[str]:
    words = re.findall(r"[a-zåäöéü]{3,}", text.casefold())
    return frozenset(stem(word) for word in words if word not in COMMON)


def stem(word: str) -> str:
    short = ENDING.sub("", word) if len(word) > 4 else word
    return short[:8]


def weights(texts: Sequence[frozenset[str]]) -> dict[str, float]:
    """A word that few texts have says more of a text than one that most have."""
    counts = Counter(word for words in texts for word in words)
    return {word: log(1 + len(texts) / count) for word, count in counts.items()}


def likeness(one: frozenset[str], other: frozenset[str], rarity: dict[str, float]) -> float:
    """0 for nothing in common, 1 for the same words; a short text need not fill a long one."""
    shared = sum(rarity[word] for word in one & other)
    smaller = min(sum(rarity[word] for word in words) for words in (one, other))
    larger = max(sum(rarity[word] for word in words) for words in (one, other))
    if not shared:
        return 0.0
    return 0.5 * shared / smaller + 0.5 * shared / larger
