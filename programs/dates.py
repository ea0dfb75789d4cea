"""Dates that are only partly known: a day, a month, a season or a year."""

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import total_ordering

from django.db.models import TextChoices
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Precision(TextChoices):
    DAY = "d", gettext_lazy("day")
    MONTH = "m", gettext_lazy("month")
    SEASON = "s", gettext_lazy("season")
    YEAR = "y", gettext_lazy("year")


# First and last month. Winter is counted as the year's first two months, as in "vintern 2014".
SEASONS = {"winter": (1, 2), "spring": (3, 5), "summer": (6, 8), "autumn": (9, 11)}
SEASON_WORDS = {
    "vinter": "winter",
    "vintern": "winter",
    "vår": "spring",
    "våren": "spring",
    "sommar": "summer",
    "sommaren": "summer",
    "höst": "autumn",
    "hösten": "autumn",
    "winter": "winter",
    "spring": "spring",
    "summer": "summer",
    "autumn": "autumn",
}
MONTH_WORDS = {
    word: number
    for number, words in enumerate(
        [
            "januari january jan",
            "februari february feb",
            "mars march mar",
            "april apr",
            "maj may",
            "juni june jun",
            "juli july jul",
            "augusti august aug",
            "september sep sept",
            "oktober october okt oct",
            "november nov",
            "december dec",
        ],
        start=1,
    )
    for word in words.split()
}

ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
DAY_MONTH_YEAR = re.compile(r"(\d{1,2})\s+([a-zåäö]+)\.?\s+(\d{4})")
WORD_YEAR = re.compile(r"([a-zåäö]+)\.?\s+(\d{4})")
STORED = re.compile(r"(\d{4}-\d{2}-\d{2})([dmsy])")


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """The first day of a known period and how long that period is.

    Orders by its first day, then from day to year. A season is a meteorological one.
    """

    first: datetime.date
    precision: Precision = Precision.DAY

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read "2013", "hösten 2013", "juni 2013", "2013-06", "18 juni 2013" or "2013-06-18".

        Raises ValueError for anything else, and for days that do not exist.
        """
        text = " ".join(text.lower().split())
        if match := ISO.fullmatch(text):
            precision = (
                Precision.DAY if match[3] else Precision.MONTH if match[2] else Precision.YEAR
            )
            return cls(datetime.date(*(int(part or 1) for part in match.groups())), precision)
        if match := DAY_MONTH_YEAR.fullmatch(text):
            day, word, year = match.groups()
            if word in MONTH_WORDS:
                return cls(datetime.date(int(year), MONTH_WORDS[word], int(day)), Precision.DAY)
        if match := WORD_YEAR.fullmatch(text):
            word, year = match.groups()
            if word in MONTH_WORDS:
                return cls(datetime.date(int(year), MONTH_WORDS[word], 1), Precision.MONTH)
            if word in SEASON_WORDS:
                month = SEASONS[SEASON_WORDS[word]][0]
                return cls(datetime.date(int(year), month, 1), Precision.SEASON)
        raise ValueError(f"not a date: {text!r}")

    @classmethod
    def from_storage(cls, stored: str) -> "PartialDate":
        """The inverse of `storage`; raises ValueError for text of another form."""
        match = STORED.fullmatch(stored)
        if not match:
            raise ValueError(f"not a stored partial date: {stored!r}")
        return cls(datetime.date.fromisoformat(match[1]), Precision(match[2]))

    @property
    def storage(self) -> str:
        """Eleven characters whose text order is the order in time."""
        return f"{self.first.isoformat()}{self.precision.value}"

    @property
    def year(self) -> int:
        return self.first.year

    @property
    def last(self) -> datetime.date:
        """The last day that the period may mean."""
        if self.precision == Precision.DAY:
            return self.first
        month = {
            Precision.MONTH: self.first.month,
            Precision.SEASON: next(
                (last for first, last in SEASONS.values() if first <= self.first.month <= last), 12
            ),
            Precision.YEAR: 12,
        }[self.precision]
        return datetime.date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def iso(self) -> str:
        """What HTML's `<time datetime>` takes: a day, a month, or (also for a season) a year."""
        length = {Precision.DAY: 10, Precision.MONTH: 7}.get(self.precision, 4)
        return self.first.isoformat()[:length]

    def __str__(self) -> str:
        if self.precision == Precision.DAY:
            return date_format(self.first, "j F Y")
        if self.precision == Precision.MONTH:
            return f"{MONTHS[self.first.month].lower()} {self.year}"
        if self.precision == Precision.SEASON:
            season = next(
                name for name, (first, _last) in SEASONS.items() if first == self.first.month
            )
            return {
                "winter": _("winter %(year)s"),
                "spring": _("spring %(year)s"),
                "summer": _("summer %(year)s"),
                "autumn": _("autumn %(year)s"),
            }[season] % {"year": self.year}
        return str(self.year)

    def __len__(self) -> int:
        """Length of the stored form: Django's max-length validator asks for it."""
        return len(self.storage)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return self.storage < other.storage


def day(date: datetime.date) -> PartialDate:
    return PartialDate(date, Precision.DAY)
