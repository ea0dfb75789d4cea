"""Collects static files: each style sheet's imports are folded into one small hashed file."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from rcssmin import cssmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r'@import url\("(?P<path>[^"]+)"\) layer\((?P<layer>[\w.-]+)\);')


class FoldedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Serves each style sheet that a page links to as one file, not one request per component."""

    folded = ("css/main.css", "css/staff.css")

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        # Read from the sources: the collected copy may be one that was folded before.
        sources = paths
        for name in self.folded:
            if name in sources and not dry_run:
                folded = cssmin(fold(name, sources))
                with self.open(name, "wb") as file:
                    file.write(folded.encode())
                # The manifest reads what `paths` names: from here on that is the folded file.
                paths = paths | {name: (self, name)}
        yield from super().post_process(paths, dry_run, **options)


def fold(name: str, paths: dict[str, Any]) -> str:
    """The style sheet with each import replaced by the file it names, in its layer."""
    storage, path = paths[name]
    with storage.open(path) as file:
        text = file.read().decode()

    def inner(match: re.Match[str]) -> str:
        inside = posixpath.normpath(posixpath.join(posixpath.dirname(name), match["path"]))
        return f"@layer {match['layer']} {{\n{fold(inside, paths)}\n}}"

    return IMPORT.sub(inner, text)
