"""Days where the service is used: what deadlines, birthdays and mandates go by."""
from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
NEAR = timedelta(days=5 * 366)
"""Five years: lists and plans of before are no more, and those of later are not there yet."""


def local_day(moment: datetime) -> date:
    """The day of a moment where the service is used."""
    return moment.astimezone(ZONE).date()


def is_near(day: date, today: date) -> bool:
    """Whether anything can be computed for a day: it is within five years of today."""
    return abs(day - today) <= NEAR
