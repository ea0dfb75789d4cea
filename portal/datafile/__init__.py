"""Loads a whole municipality from one TOML file; `docs/demo-data.md` describes the format."""

import datetime
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from portal.datafile import history, lists, municipality, participation, places, voices
from portal.datafile.rows import Rows
from portal.datafile.tables import DataError, Table
from programs.models import Municipality

__all__ = ["DataError", "check", "load"]

# In this order: a table refers to rows of the tables before it, or above it in its own.
LOADERS = {
    "body": places.body,
    "organisation": places.organisation,
    "user": places.user,
    "locality": places.locality,
    "program": places.program,
    "decision": places.decision,
    "edition": places.edition,
    "group": lists.group,
    "event": lists.event,
    "action": lists.action,
    "reply_template": voices.reply_template,
    "idea": lists.idea,
    "brief": lists.brief,
    "document": lists.document,
    "process": history.process,
    "join_request": participation.join_request,
    "inquiry": participation.inquiry,
}
MANY = ["term", "duty", "former_name"]
ABOUT_MUNICIPALITY = ["municipality", "accessibility", "privacy", *MANY]


def load(path: Path, *, today: datetime.date, password: str | None = None) -> Municipality:
    """Store everything in the file and return its municipality.

    Relative dates in the file count from `today`. Every user gets `password`; without one
    they cannot sign in until they are given one. Raises DataError on anything the file says
    wrong, and then stores nothing.
    """
    rows = Rows()
    with transaction.atomic():
        try:
            return store(path, rows, today, password)
        except DataError:
            forget_files(rows)
            raise


def check(path: Path, *, today: datetime.date) -> Municipality:
    """Load the file and take everything back. Raises DataError as `load` does."""
    rows = Rows()
    with transaction.atomic():
        try:
            municipality = store(path, rows, today, password=None)
        finally:
            forget_files(rows)
        transaction.set_rollback(True)
    return municipality


def forget_files(rows: Rows) -> None:
    """While their thumbnails are still known: they are rows, and rolled back with the others."""
    for file in rows.files:
        file.delete(save=False)


def store(path: Path, rows: Rows, today: datetime.date, password: str | None) -> Municipality:
    content = read(path)

    def single(name: str) -> Table:
        return Table(path, name, content[name], today)

    def tables(name: str) -> Iterator[Table]:
        for number, values in enumerate(content.get(name, []), start=1):
            yield Table(path, f"{name} {number}", values, today)

    row, preset, body = municipality.municipality(single("municipality"))
    municipality.words(tables("term"), row, preset)
    for table in tables("duty"):
        municipality.duty(table, row)
    for table in tables("former_name"):
        municipality.former_name(table, row)
    if "accessibility" in content:
        municipality.accessibility(single("accessibility"), row)
    if "privacy" in content:
        municipality.privacy(single("privacy"), row)

    editions: list[tuple[Table, str]] = []
    for name, loader in LOADERS.items():
        if name == "edition":
            stated = []
            for table, program in sorted(editions, key=lambda edition: edition[0].peek("number")):
                state = table.state
                edition = places.edition(table, rows.row(table, "program", program), rows)
                rows.remember("edition", table, edition)
                stated.append((table, edition, state))
            for table, edition, state in stated:
                edition.refresh_from_db(fields=["state"])
                if edition.state != state:
                    reason = f"the file says {state!r}, the numbers make it {edition.state!r}"
                    raise table.error("state", reason)
            continue
        for table in tables(name):
            if name == "program":
                editions += [(edition, table.key) for edition in table.tables("edition")]
            loaded = loader(table, password) if name == "user" else loader(table, rows)
            rows.remember(name, table, loaded)
    if body:
        row.deciding_body = rows.row(single("municipality"), "body", body)
        row.save()
    return row


def read(path: Path) -> dict[str, Any]:
    """The file's content, with known tables only; raises DataError."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path.name}: {error}") from error
    if "municipality" not in content:
        raise DataError(f"{path.name}: [municipality] is missing")
    for name, values in content.items():
        if name not in (*LOADERS, *ABOUT_MUNICIPALITY) or name == "edition":
            raise DataError(f"{path.name}: [{name}] is not a known table")
        if (name in LOADERS or name in MANY) and not isinstance(values, list):
            raise DataError(f"{path.name}: [{name}] must be written [[{name}]]")
    return content
