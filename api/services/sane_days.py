"""Days that people report and plan: which make sense, by one rule for the API and the pages.

What was, lies between what went before it and today; what is to come, at most so far ahead. A slip in the year is
then said where it is typed, with the days between which it may be.
"""
from __future__ import annotations

from datetime import date, datetime

from api.services.days import local_day, months_after
from api.services.states import NotNow

START_BEFORE, START_AHEAD = 1, 18
"""Months: a start may be that long before it was agreed, and that long from today on."""
AHEAD = 12
"""Months from today within which people meet, adapt, sign, and go on to a longer trial."""
LONGEST_TRIAL = 24
"""Months from the start that a trial lasts at most, as in the vacancy list."""
FOLLOWED = 60
"""Months after the start within which somebody is followed."""


def must_be_within(day: date | None, first: date, last: date) -> None:
    """Refuse a day outside both bounds, themselves within; None is no day.

    Raises
    ------
    NotNow
        ``day_outside``, with both bounds.
    """
    if day is not None and not first <= day <= last:
        raise NotNow("day_outside", first=first.isoformat(), last=last.isoformat())


def meets(day: date, now: datetime) -> None:
    """A meeting is planned from today on, within a year."""
    today = local_day(now)
    must_be_within(day, today, months_after(today, AHEAD))


def was(day: date, since: date | datetime, now: datetime) -> None:
    """What was held was so after ``since``, until today."""
    must_be_within(day, local_day(since) if isinstance(since, datetime) else since, local_day(now))


def starts(day: date, agreed_at: datetime, now: datetime) -> None:
    """A start is not long before it was agreed, and not years ahead."""
    must_be_within(day, months_after(local_day(agreed_at), -START_BEFORE), months_after(local_day(now), START_AHEAD))


def adapts(day: date | None, agreed_at: datetime, starts_on: date) -> None:
    """What is adapted for a start is so within a year of it."""
    must_be_within(day, months_after(local_day(agreed_at), -START_BEFORE), months_after(starts_on, AHEAD))


def tries(until: date | None, started_on: date) -> None:
    """A trial ends after it started, and lasts no longer than a vacancy may say."""
    must_be_within(until, started_on, months_after(started_on, LONGEST_TRIAL))


def extends(until: date, present: date) -> None:
    """A longer trial ends after the present one, within a year of that."""
    must_be_within(until, date.fromordinal(present.toordinal() + 1), months_after(present, AHEAD))


def signs(day: date, started_on: date, now: datetime) -> None:
    """A contract is given after the start, and not years ahead."""
    must_be_within(day, started_on, months_after(local_day(now), AHEAD))


def follows(day: date | None, started_on: date) -> None:
    """Somebody is followed from the start on, for five years at most."""
    must_be_within(day, started_on, months_after(started_on, FOLLOWED))


__all__ = ["adapts", "extends", "follows", "meets", "must_be_within", "signs", "starts", "tries", "was"]
