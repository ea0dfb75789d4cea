"""What each key of a data file became in the database."""

from typing import Any

from django.db import models
from django.db.models.fields.files import FieldFile

from portal.datafile.tables import Table


class Rows:
    """Rows by kind and key, so that tables can refer to each other."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], models.Model] = {}
        # What has been stored outside the database, which no rollback takes back.
        self.files: list[FieldFile] = []

    def remember(self, name: str, table: Table, row: models.Model) -> None:
        key = table.key or str(row.pk)
        if (name, key) in self._rows:
            raise table.error("key", f"{key!r} is used twice")
        self._rows[name, key] = row

    def row(self, table: Table, name: str, key: str) -> Any:
        try:
            return self._rows[name, key]
        except KeyError as error:
            raise table.error(name, f"there is no {name} with the key {key!r}") from error

    def ref(self, table: Table, field: str, name: str = "") -> Any:
        """The row of kind `name` (or `field`) that the field names; None when it is left out."""
        key = table.text(field)
        return self.row(table, name or field, key) if key else None

    def refs(self, table: Table, field: str, name: str) -> list[Any]:
        return [self.row(table, name, key) for key in table.texts(field)]
