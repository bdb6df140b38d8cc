"""Reading one cell: texts, references, numbers, yes or no, and times of day.

A reader is called with a cell and returns the value, or raises `DefectError`. ``expected`` says in words what
it reads, for messages and for the template alike.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol

from api.defects import Phrase
from api.schemas.cells import Broken, Cell, Masked, refuse, text_of
from features.codes import code_list

_ODD_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_REFERENCE = re.compile(r"(?:[^\W_]|[ ._/\-]){1,40}")
_BRIN = re.compile(r"([0-9]{2}[A-Z]{2})([0-9]{2})?")
_POSTCODE = re.compile(r"(?:NL)?([1-9][0-9]{3})([A-Z]{2})?")
_NO_POSTCODE = ("SA", "SD", "SS")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.hu](\d{2})(?::\d{2}(?:\.0+)?)?|u)?(?:u|uur|h|hrs)?", re.IGNORECASE)
_UNITS = (
    r"km|kilometers?|min|minuten|minutes|uur|uren|u|hours?|h|pw|perweek|/week|jaar|years?|maand(?:en)?|months?|mnd"
    r"|dagdelen|dagdeel|half-?days?|personen|people|plekken|plaatsen|places"
)
_UNIT = re.compile(rf"(?:{_UNITS})+\.?", re.IGNORECASE)
_RANGE = re.compile(r"\d+\s*(?:-|–|tot|t/m|to)\s*\d+")
_YES = frozenset(["j", "y", "1", "x", "true", "waar", "v"])
_NO = frozenset(["n", "0", "false", "onwaar"])


class Value(Protocol):
    """A reader of one kind of cell."""

    expected: Phrase

    def __call__(self, cell: Cell) -> object:
        """Return the value; raise `DefectError` if the cell does not hold one."""


class Text:
    """Free text of at most ``most`` characters, on one line unless ``lines``."""

    def __init__(self, most: int, *, lines: bool = False) -> None:
        self.most, self.lines = most, lines
        self.expected = Phrase("text", (("most", most),))

    def __call__(self, cell: Cell) -> str:
        """Return the text with single spaces."""
        text = text_of(cell)
        if len(text) > self.most:
            refuse("too_long", text, self.expected, hint=Phrase("length", (("length", len(text)),)))
        return text if self.lines else _ODD_SPACE.sub(" ", text)


class Reference:
    """The school's or employer's own id; text, so 007 is not 7."""

    expected = Phrase("reference")

    def __call__(self, cell: Cell) -> str:
        """Return the id; a date or a fraction in a number cell is what a spreadsheet made of an id."""
        text = text_of(cell)
        if isinstance(cell, (date, time, timedelta)):
            refuse("bad_id", cell, self.expected, hint="made_date")
        if isinstance(cell, bool) or (isinstance(cell, (int, float)) and not _whole(cell)):
            refuse("bad_id", cell, self.expected, hint="made_number")
        if not _REFERENCE.fullmatch(text):
            refuse(
                "bad_id", cell, self.expected, hint="made_number" if re.fullmatch(r"\d[.,]\d+E\+\d+", text) else None
            )
        return text


class School:
    """A BRIN number with its branch; without one, branch 00."""

    expected = Phrase("school")

    def __call__(self, cell: Cell) -> str:
        """Return for instance ``25AB00``."""
        match = _BRIN.fullmatch(_tight(text_of(cell)).upper())
        if not match:
            refuse("bad_school", cell, self.expected)
        return match.group(1) + (match.group(2) or "00")


class Referrer:
    """A referrer's KvK number or name."""

    expected = Phrase("referrer")

    def __call__(self, cell: Cell) -> str:
        """Return eight digits, or the name on one line."""
        text = _ODD_SPACE.sub(" ", text_of(cell))
        if isinstance(cell, (int, float)) or _tight(text).isdigit():
            return _kvk(text, cell, self.expected)
        if len(text) > 100:
            refuse("too_long", text, self.expected)
        return text


class SchoolOrReferrer:
    """What stands under ``school`` in our outputs: a BRIN number, or a referrer's KvK number or name."""

    expected = Phrase("school_or_referrer")

    def __call__(self, cell: Cell) -> str:
        """Return the key under which the student is known."""
        match = _BRIN.fullmatch(_tight(text_of(cell)).upper())
        return match.group(1) + (match.group(2) or "00") if match else Referrer()(cell)


class Kvk:
    """A KvK number."""

    expected = Phrase("kvk")

    def __call__(self, cell: Cell) -> str:
        """Return eight digits."""
        return _kvk(re.sub(r"(?i)^kvk(?:-?\s?(?:nummer|nr))?\W*", "", text_of(cell)), cell, self.expected)


class Postcode:
    """A Dutch postcode, of which only the four digits are kept."""

    expected = Phrase("postcode")

    def __call__(self, cell: Cell) -> str:
        """Return the four digits."""
        match = _POSTCODE.fullmatch(_tight(text_of(cell), "-–").upper())
        if not match or match.group(2) in _NO_POSTCODE:
            refuse("bad_postcode", cell, self.expected, hint="postcode_letters" if match else None)
        return match.group(1)


class Number:
    """A number from ``least`` to ``most``; ``whole`` for counts. The unit may stand behind it."""

    def __init__(self, least: float, most: float, unit: str, *, whole: bool = False) -> None:
        self.least, self.most, self.whole = least, most, whole
        key = "whole_number" if whole else "number"
        self.expected = Phrase(key, (("least", f"{least:g}"), ("most", f"{most:g}"), ("unit", Phrase(unit))))

    def __call__(self, cell: Cell) -> float | int:
        """Return the number: int when whole numbers are asked, else float."""
        number = self._number(cell)
        if not self.least <= number <= self.most:
            refuse("out_of_range", cell, self.expected)
        if not self.whole:
            return number
        if number != int(number):
            refuse("not_a_number", cell, self.expected)
        return int(number)

    def _number(self, cell: Cell) -> float:
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            return float(cell) if abs(cell) < 1e300 else math.inf
        text = _tight(text_of(cell), "")
        bare = _UNIT.sub("", text) if text[-1:].isalpha() or text[-1:] == "." else text
        if isinstance(cell, (date, time, timedelta)) or not _NUMBER.fullmatch(bare):
            hint = "made_date" if isinstance(cell, date) else "one_number" if _RANGE.search(text) else None
            refuse("not_a_number", cell, self.expected, hint=hint)
        return float(bare.replace(",", ".")) if len(bare) < 300 else math.inf


class YesNo:
    """Yes or no; with ``unknown`` also unknown, which reads as ``unknown``."""

    def __init__(self, *, unknown: bool = False) -> None:
        self.codes = code_list("yes_no_unknown" if unknown else "yes_no")
        self.expected = Phrase("codes", (("codes", self.codes.codes),))

    def __call__(self, cell: Cell) -> str:
        """Return yes, no or unknown."""
        if isinstance(cell, bool):
            return "yes" if cell else "no"
        text = text_of(cell).casefold()
        code = "yes" if text in _YES else "no" if text in _NO else self.codes.read(text)
        if code is None:
            refuse("unknown_code", cell, self.expected, suggestion=self.codes.suggest(text))
        return code


class Clock:
    """A time of day: 7.30, 07:30, 7:30 uur, a time cell, or Excel's fraction of a day."""

    expected = Phrase("clock")

    def __call__(self, cell: Cell) -> int:
        """Return minutes after midnight, 0-1440."""
        minutes = self._minutes(cell)
        if not 0 <= minutes <= 1440:
            refuse("out_of_range", cell, self.expected)
        return minutes

    def _minutes(self, cell: Cell) -> int:
        if isinstance(cell, timedelta):
            return round(cell.total_seconds() / 60)
        if isinstance(cell, datetime):
            cell = cell.time()
        if isinstance(cell, time):
            return cell.hour * 60 + cell.minute
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            return self._from_number(cell)
        match = _CLOCK.fullmatch(_tight(text_of(cell), ""))
        if not match:
            refuse("not_a_number", cell, self.expected)
        hours, minutes = int(match.group(1)), int(match.group(2) or 0)
        return hours * 60 + minutes if minutes < 60 else -1

    def _from_number(self, number: float) -> int:
        if 0 < number < 1:
            return round(number * 1440)
        if not _whole(number):  # 7.3 may have been typed as 7.30 or as seven and a third
            refuse("not_a_number", number, self.expected)
        return round(number * 60) if abs(number) < 100 else -1


@lru_cache(maxsize=1)
def broken() -> Phrase:
    """What a cell should hold that a spreadsheet left without a value."""
    return Phrase("a_value")


def refuse_broken(cell: Cell) -> None:
    """Refuse a formula that was never worked out, a spreadsheet's own error, and a list within a list."""
    if isinstance(cell, Masked):
        refuse("bsn", cell, Phrase("no_bsn"))
    if isinstance(cell, Broken):
        refuse("unreadable", cell, broken(), hint={"=": "formula", "#": "sheet_error"}.get(cell[:1], "nested"))


def _kvk(text: str, cell: Cell, expected: Phrase) -> str:
    digits = text if isinstance(cell, float) else _tight(text)
    if not re.fullmatch(r"[0-9]{8}", digits):
        refuse("bad_kvk", cell, expected, hint="lost_zero" if re.fullmatch(r"[0-9]{7}", digits) else None)
    return digits


def _tight(text: str, drop: str = ".-–") -> str:
    """The text without spaces and the marks people put between groups."""
    return "".join(char for char in text if not char.isspace() and char not in drop)


def _whole(number: float) -> bool:
    return isinstance(number, int) or (number.is_integer() and abs(number) < 1e15)
