"""Cells, and how a reader refuses one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NoReturn

from marshmallow import ValidationError

from api.defects import Defect, Phrase

Cell = str | int | float | bool | date | datetime | time | timedelta
"""What a cell of a file can hold; an empty cell is no cell at all."""


class DefectError(ValidationError):
    """A cell that cannot be used; ``messages`` holds its defects."""

    def __init__(self, *defects: Defect) -> None:
        super().__init__(list(defects))
        self.defects = defects


class Broken(str):
    """A cell without one value: a formula never worked out, a spreadsheet's error such as ``#N/A``, lists in lists."""

    __slots__ = ()


class Masked(Broken):
    """What is left of a cell in which a BSN may have stood: its mask. The cell has to be filled in anew."""

    __slots__ = ()


def refuse(
    code: str,
    cell: Cell,
    expected: Phrase | None = None,
    *,
    hint: Phrase | str | None = None,
    suggestion: str | None = None,
) -> NoReturn:
    """Raise `DefectError` about ``cell``; ``hint`` may be a bare key."""
    advice = Phrase(hint) if isinstance(hint, str) else hint
    raise DefectError(Defect(code, text_of(cell), expected, advice, suggestion or ""))


def text_of(cell: Cell) -> str:
    """A cell as a person would read it: 12.0 is ``12``, a date is ISO, outer spaces and odd spaces are gone."""
    if isinstance(cell, str):
        return cell.strip() if cell.isascii() else cell.replace("\u00a0", " ").strip()
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, (int, float)):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, time):
        return cell.isoformat(timespec="minutes")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _number_text(number: float) -> str:
    if isinstance(number, int):
        return str(number) if abs(number) < 10**40 else f"{float('inf') if number > 0 else float('-inf')}"
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else format(number, ".15g")
