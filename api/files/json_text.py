"""Rows of a JSON file: a list of objects with the field names as keys."""

from __future__ import annotations

import json
from typing import Any

from api.defects import Defect, Phrase
from api.files.sheets import Sheet, check_size, unreadable
from api.schemas.cells import Broken, Cell

_SHAPE = Phrase("json")


def read_json(text: str) -> Sheet:
    """Return one row per object, numbered from 1 as they stand; the header is the union of their keys.

    A list within an object is a list of values, an object within it a list of ``code=value``.

    Raises
    ------
    UnusableError
        If the text is no JSON, or no list of objects, or beyond the limits.
    """
    try:
        body = json.loads(text, object_pairs_hook=_Pairs, parse_constant=str)
    except json.JSONDecodeError as error:
        raise unreadable("JSON", "bad_json", ("line", error.lineno), expected=_SHAPE) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, or lists within lists without end
        raise unreadable("JSON", "json_shape", expected=_SHAPE) from None
    if not isinstance(body, list):
        raise unreadable("JSON", "json_shape", expected=_SHAPE)
    columns: dict[tuple[str, int], int] = {}
    said: dict[int, set[int]] = {}
    sheet = Sheet([], header_at=0)
    for number, record in enumerate(body, start=1):
        check_size(number, len(columns))
        if not isinstance(record, _Pairs):
            sheet.faults.append((number, Defect("unreadable", str(record)[:2000], _SHAPE, Phrase("not_an_object"))))
            continue
        cells = _cells(record, columns)
        if any(cell is not None for cell in cells.values()):
            sheet.rows.append((number, [cells.get(place) for place in range(len(columns))]))
            said[number] = set(cells)
    check_size(0, len(columns))
    if columns:
        sheet.rows.insert(0, (0, [key for key, _ in columns]))
    sheet.absent = {number: left for number, places in said.items() if (left := set(columns.values()) - places)}
    return sheet


class _Pairs:
    """An object's keys and values in order, a key that comes twice included."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        self.pairs = pairs

    def __repr__(self) -> str:
        return "{…}"


def _cells(record: _Pairs, columns: dict[tuple[str, int], int]) -> dict[int, Cell | None]:
    """The cells of the keys that an object has, by column; a key that is new is a new column."""
    cells: dict[int, Cell | None] = {}
    times: dict[str, int] = {}
    for key, value in record.pairs:
        again = times[key] = times.get(key, -1) + 1
        place = columns.setdefault((key, again), len(columns))
        check_size(0, len(columns))
        cells[place] = _cell(value)
    return cells


def _cell(value: Any) -> Cell | None:
    if isinstance(value, str):
        return value.strip() or None
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, _Pairs):
        items = [f"{key}={inner}" for key, inner in value.pairs if _simple(inner)]
        whole = len(items) == len(value.pairs)
    else:
        items = [str(inner).strip() for inner in value if _simple(inner)]
        whole = len(items) == len(value)
    return "|".join(items) or None if whole else Broken(str(value))


def _simple(value: Any) -> bool:
    """Whether a value within a list is a text or a number; what is nested deeper is no value of ours."""
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)
