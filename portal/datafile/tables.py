"""Reads the tables of a municipality's data file, and says where a bad value stands."""

import datetime
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from programs.dates import PartialDate

RELATIVE_YEAR = re.compile(r"\bY([+-]\d)?(?=$|-\d\d\b)")
RELATIVE_DAY = re.compile(r"T(?:([+-])(\d{1,4}))?")


class DataError(Exception):
    """A value that cannot be loaded; its text names file, table, key and reason."""


class Table:
    """One table of the file. Every key must be asked for once, so that none is misspelt."""

    def __init__(self, path: Path, name: str, values: object, today: datetime.date) -> None:
        self.path, self.name, self.today, self.key = path, name, today, ""
        if not isinstance(values, dict):
            raise self.error("", "must be a table")
        self._values = dict(values)
        # `demo = true` marks invented text for readers of the file.
        self._values.pop("demo", None)
        self.key = str(self._values.pop("key", ""))

    def error(self, key: str, reason: object) -> DataError:
        where = f"[{self.name}]" + (f" {self.key}" if self.key else "")
        return DataError(f"{self.path.name}: {where}{f', {key}' if key else ''}: {reason}")

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        value = self._values.pop(key, default)
        if value is default:
            return default
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.error(key, f"{value!r} is of the wrong kind")
        return value

    @property
    def slug(self) -> str:
        """The table's key where it becomes part of an address."""
        if not self.key:
            raise self.error("key", "is missing")
        return self.key

    def peek(self, key: str) -> int:
        """A number read without taking it, to put tables in order."""
        value = self._values.get(key, 0)
        return value if isinstance(value, int) else 0

    @property
    def state(self) -> object:
        """For editions: the state that the file gives."""
        return self._values.get("state")

    def text(self, key: str, default: str = "") -> str:
        return self.take(key, str, default).strip()

    def required(self, key: str) -> str:
        value = self.text(key)
        if not value:
            raise self.error(key, "is missing")
        return value

    def texts_of(self, *keys: str) -> dict[str, str]:
        return {key: self.text(key) for key in keys}

    def all_required(self, *keys: str) -> dict[str, str]:
        return {key: self.required(key) for key in keys}

    def number(self, key: str) -> int | None:
        return self.take(key, int)

    def positive(self, key: str, default: int) -> int:
        value = self.take(key, int, default)
        if value < 1:
            raise self.error(key, "must be 1 or more")
        return value

    def decimal(self, key: str) -> float | None:
        value = self.take(key, (int, float))
        if value is not None and not math.isfinite(value):
            raise self.error(key, f"{value!r} is of the wrong kind")
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        return self.take(key, bool, default)

    def texts(self, key: str) -> list[str]:
        values = self.take(key, list, [])
        for value in values:
            if not isinstance(value, str):
                raise self.error(key, f"{value!r} is of the wrong kind")
        return values

    def points(self, key: str, values: object = None) -> list[list[float]]:
        """Pairs of longitude and latitude."""
        points = self.values(key) if values is None else values
        for point in points if isinstance(points, list) else [points]:
            numbers = isinstance(point, list) and [n for n in point if type(n) in (int, float)]
            if not numbers or not len(numbers) == len(point) == 2:
                raise self.error(key, f"{point!r} is not [longitude, latitude]")
        return points

    def lines(self, key: str) -> list[list[list[float]]]:
        return [self.points(key, line) for line in self.values(key)]

    def values(self, key: str) -> list[Any]:
        return self.take(key, list, [])

    def partial(self, key: str) -> PartialDate | None:
        """A date as far as known; `Y` is the current year and `T` today."""
        value = self.take(key, (str, int, datetime.date))
        if value is None:
            return None
        if isinstance(value, datetime.date):
            return PartialDate(value)
        text = str(value).strip()
        try:
            if match := RELATIVE_DAY.fullmatch(text):
                days = int(match[2] or 0) * (-1 if match[1] == "-" else 1)
                return PartialDate(self.today + datetime.timedelta(days=days))
            return PartialDate.parse(RELATIVE_YEAR.sub(self._year, text))
        except ValueError as error:
            raise self.error(key, f"{value!r} is not a date") from error

    def _year(self, match: re.Match[str]) -> str:
        return str(self.today.year + int(match[1] or 0))

    def year(self, key: str) -> int | None:
        value = self.partial(key)
        return value.year if value else None

    def day(self, key: str) -> datetime.date | None:
        value = self.partial(key)
        return value.first if value else None

    def time(self, key: str) -> datetime.time | None:
        value = self.text(key)
        try:
            return datetime.time.fromisoformat(value) if value else None
        except ValueError as error:
            raise self.error(key, f"{value!r} is not a time such as 18:30") from error

    def tables(self, key: str) -> "Iterator[Table]":
        """The tables below this one."""
        for number, values in enumerate(self.take(key, list, []), start=1):
            name = f"{self.name} {self.key}".strip()
            yield Table(self.path, f"{name}.{key} {number}", values, self.today)

    def finish(self) -> None:
        """Raises DataError when a key is left that nobody asked for."""
        for key in self._values:
            raise self.error(key, "is not a known key here")

    def period(self) -> dict[str, PartialDate | None]:
        return {"started": self.partial("started"), "ended": self.partial("ended")}

    def save(self, row: models.Model) -> Any:
        """Check the row as a form would, then store it; no key may be left over."""
        self.finish()
        try:
            row.full_clean()
        except ValidationError as error:
            if hasattr(error, "message_dict"):
                field, reasons = next(iter(error.message_dict.items()))
                raise self.error("" if field == "__all__" else field, " ".join(reasons)) from error
            raise self.error("", " ".join(error.messages)) from error
        row.save()
        return row
