"""Collects, checks and compiles the translations without any tool outside the lock file.

python tools/messages.py update    find new texts, keep what is translated
python tools/messages.py check     fail when a text has no Swedish, and compile
python tools/messages.py compile   only compile
"""

import datetime
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("PORTAL_MODE", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from babel.messages import Catalog  # noqa: E402 (settings come first)
from babel.messages.extract import extract  # noqa: E402
from babel.messages.mofile import write_mo  # noqa: E402
from babel.messages.pofile import read_po, write_po  # noqa: E402
from django.utils.translation import templatize  # noqa: E402

SOURCES = ("portal", "programs", "revisions", "templates")
SWEDISH = ROOT / "locale" / "sv" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def main() -> int:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "update":
        return update()
    if command == "check":
        return check() or compile_swedish()
    if command == "compile":
        return compile_swedish()
    sys.stderr.write(__doc__ or "")
    return 2


def update() -> int:
    catalog = swedish()
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.creation_date = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)  # no daily noise
    catalog.header_comment = "# Swedish, the language of the portal's readers."
    catalog.fuzzy = False
    SWEDISH.parent.mkdir(parents=True, exist_ok=True)
    with SWEDISH.open("wb") as file:
        write_po(file, catalog, width=100, sort_by_file=True, include_lineno=False)
    missing = untranslated(catalog)
    sys.stdout.write(f"{len(catalog)} texts, {len(missing)} without Swedish.\n")
    return compile_swedish()


def check() -> int:
    """Say which texts of the code have no Swedish, and which Swedish has no text any more."""
    catalog, wanted = swedish(), template()
    problems = [f"not translated: {text!r}" for text in untranslated(catalog)]
    have = {(message.id, message.context) for message in catalog if message.id}
    want = {(message.id, message.context) for message in wanted if message.id}
    problems += [f"not collected: {text!r}" for text, _context in sorted(want - have, key=str)]
    problems += [f"no longer used: {text!r}" for text, _context in sorted(have - want, key=str)]
    problems += [f"fuzzy: {message.id!r}" for message in catalog if message.id and message.fuzzy]
    problems += [
        f"{message.id!r}: {error}" for message, errors in catalog.check() for error in errors
    ]
    for problem in problems:
        sys.stderr.write(problem + "\n")
    if problems:
        sys.stderr.write("Run `make messages` and translate in locale/sv.\n")
    return 1 if problems else 0


def compile_swedish() -> int:
    with SWEDISH.with_suffix(".mo").open("wb") as file:
        write_mo(file, swedish())
    return 0


def swedish() -> Catalog:
    if not SWEDISH.exists():
        return Catalog(locale="sv", charset="utf-8")
    with SWEDISH.open("rb") as file:
        return read_po(file, locale="sv", charset="utf-8")


def untranslated(catalog: Catalog) -> list[object]:
    def is_empty(string: object) -> bool:
        return not string or (not isinstance(string, str) and not all(string))

    return [message.id for message in catalog if message.id and is_empty(message.string)]


def template() -> Catalog:
    """Every text that the code and the templates ask for."""
    catalog = Catalog(charset="utf-8")
    for path in files():
        for line, text, _comments, context in texts(path):
            catalog.add(
                text,
                locations=[(str(path.relative_to(ROOT)), line)],
                context=context,
                flags=["python-format"] if "%(" in str(text) else (),
            )
    return catalog


def files() -> Iterator[Path]:
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def texts(path: Path) -> Iterator[tuple]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Django turns a template into something that looks like Python; in parentheses its
        # indentation means nothing.
        source = "(" + templatize(source, origin=str(path)) + ")"
    yield from extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)


if __name__ == "__main__":
    sys.exit(main())
