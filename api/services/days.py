"""Days where the service is used: what deadlines, birthdays and mandates go by."""
from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")


def local_day(moment: datetime) -> date:
    """The day of a moment where the service is used."""
    return moment.astimezone(ZONE).date()
