"""Counting in calendar months, for what is kept a number of months."""

import calendar
import datetime


def months_after(date: datetime.date, months: int) -> datetime.date:
    """The same day of a later month, or that month's last: 31 January + 1 is 28 February."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(date.day, last))


def first_kept(today: datetime.date, months: int) -> datetime.date:
    """What happened on this day or later is still kept: its months are not over before today."""
    day = months_after(today, -months)
    while months_after(day, months) < today:
        day += datetime.timedelta(days=1)
    return day
