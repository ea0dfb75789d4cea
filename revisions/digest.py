"""A fingerprint of a text: change a letter and it is another."""

import hashlib
import json
from typing import Any

from programs.models import Clause, Edition


def text_of(edition: Edition) -> list[dict[str, Any]]:
    """The clauses as plain data, in reading order."""
    rows = Clause.objects.filter(edition=edition).select_related("parent", "origin")
    return [
        {
            "slug": clause.slug,
            "level": clause.level,
            "parent": clause.parent.slug if clause.parent else "",
            "origin": clause.origin_id,
            "heading": clause.heading,
            "text": clause.text,
            "youth_voices": clause.youth_voices,
        }
        for clause in rows
    ]


def digest_of(edition: Edition) -> str:
    """The same for the same text, whenever and wherever it is computed (SHA-256, hexadecimal).

    What a reader sees counts: words, levels and order, not row numbers or where a clause grew
    from.
    """
    seen = [
        {key: value for key, value in clause.items() if key != "origin"}
        for clause in text_of(edition)
    ]
    packed = json.dumps(seen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(packed.encode()).hexdigest()
