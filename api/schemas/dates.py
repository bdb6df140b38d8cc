"""Reading dates as the contract says: never guessed.

Year first is ISO. With ``-`` or ``.`` day, month, year, always. With ``/`` the same when one part exceeds 12
or both are equal; otherwise two dates are possible and it is an error, whatever other rows show. A number is
a day counted as Excel counts. Two digits for a year are refused.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from api.defects import Phrase
from api.schemas.cells import Cell, refuse, text_of

_EXCEL_DAY_0 = date(1899, 12, 30)  # Excel believes in 29 February 1900, so from March 1900 on the count starts here
_TIME = r"(?:[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-./])(\d{{1,2}})\2(\d{{1,2}}){_TIME}")
_DAY_FIRST = re.compile(rf"(\d{{1,2}})\s?([-./])\s?(\d{{1,2}})\s?\2\s?(\d{{4}}){_TIME}")
_SHORT_YEAR = re.compile(r"\d{1,2}\s?[-./ ]\s?(?:\d{1,2}|[^\W\d]+\.?)\s?[-./ ]\s?'?\d{2}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAMED = re.compile(r"(\d{1,2})[\s.-]*([^\W\d]{3,9})\.?[\s-]*(\d{4})")
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "jan januari january", "feb febr februari february", "mrt maart mar march", "apr april", "mei may",
            "jun juni june", "jul juli july", "aug augustus august", "sep sept september",
            "okt oktober oct october", "nov november", "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


class DateOf:
    """A date from ``first`` to ``last``."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self.expected = Phrase("date")
        self.within = Phrase("date_within", (("first", _dutch(first)), ("last", _dutch(last))))

    def __call__(self, cell: Cell) -> date:
        """Return the date."""
        found = self._read(cell)
        if not self.first <= found <= self.last:
            refuse("out_of_range", cell, self.within)
        return found

    def _read(self, cell: Cell) -> date:
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        if isinstance(cell, (bool, time, timedelta)):
            refuse("not_a_date", cell, self.expected)
        if isinstance(cell, (int, float)):
            return self._serial(float(cell), cell)
        text = text_of(cell)
        return self._numbers(text) or self._other(text)

    def _numbers(self, text: str) -> date | None:
        """Year first or day first, in figures; None when the text has neither shape."""
        if match := _YEAR_FIRST.fullmatch(text):
            return self._day(match.group(1), match.group(3), match.group(4), text)
        if not (match := _DAY_FIRST.fullmatch(text)):
            return None
        first, mark, second, year = match.group(1, 2, 3, 4)
        if mark == "/" and max(int(first), int(second)) <= 12 and int(first) != int(second):
            refuse("ambiguous_date", text, self.expected, hint=_both(int(first), int(second), year))
        return self._day(year, second, first, text, swapped=mark == "/" and int(second) > 12)

    def _other(self, text: str) -> date:
        """A month by name, Excel's count as text, or eight digits with the year first."""
        match = _NAMED.fullmatch(text)
        if match and match.group(2).lower() in _MONTHS:
            return self._day(match.group(3), str(_MONTHS[match.group(2).lower()]), match.group(1), text)
        if _SERIAL.fullmatch(text):
            return self._serial(float(text.replace(",", ".")), text)
        if re.fullmatch(r"(?:19|20)\d{6}", text):
            return self._day(text[:4], text[4:6], text[6:], text)
        hint = "short_year" if _SHORT_YEAR.fullmatch(text) else "year_alone" if _YEAR.fullmatch(text) else None
        refuse("not_a_date", text, self.expected, hint=hint)

    def _serial(self, number: float, cell: Cell) -> date:
        if 19_000_101 <= number <= 21_001_231 and number == int(number):  # a number cell that holds yyyymmdd
            text = str(int(number))
            return self._day(text[:4], text[4:6], text[6:], cell)
        if not 10_000 <= number < 100_000:  # 1927-2173; below that it is a year, an age or a slip
            refuse("not_a_date", cell, self.expected, hint="year_alone" if 1900 <= number <= 2100 else None)
        return _EXCEL_DAY_0 + timedelta(days=int(number))

    def _day(self, year: str, month: str, day: str, cell: Cell, *, swapped: bool = False) -> date:
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            refuse("not_a_date", cell, self.expected, hint="month_first" if swapped else "no_such_day")


def _both(first: int, second: int, year: str) -> Phrase:
    return Phrase(
        "two_dates", (("one", f"{first:02d}-{second:02d}-{year}"), ("two", f"{second:02d}-{first:02d}-{year}"))
    )


def _dutch(day: date) -> str:
    return f"{day.day:02d}-{day.month:02d}-{day.year}"
