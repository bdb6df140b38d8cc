"""Days where the service is used: what deadlines, birthdays and mandates go by."""
from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
NEAR = timedelta(days=5 * 366)
"""Five years: lists and plans of before are no more, and those of later are not there yet."""


def local_day(moment: datetime) -> date:
    """The day of a moment where the service is used."""
    return moment.astimezone(ZONE).date()


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or earlier (below 0); the month's last day when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_near(day: date, today: date) -> bool:
    """Whether anything can be computed for a day: it is within five years of today."""
    return abs(day - today) <= NEAR
