"""What may stand in an address."""


class RowId:
    """A row's number. Longer digits than a database can hold are simply not found."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
