"""Cells, sheets and defects as data that JSON holds, and back."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from api.defects import Defect, Phrase
from api.files.sheets import Sheet
from api.schemas.cells import Broken, Cell, Masked


def packed(cell: Cell | None) -> Any:
    """A cell as JSON holds it."""
    if isinstance(cell, Masked):
        return {"masked": str(cell)}
    if isinstance(cell, Broken):
        return {"broken": str(cell)}
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, (date, time)):
        return {"date" if isinstance(cell, date) else "time": cell.isoformat()}
    return {"seconds": cell.total_seconds()} if isinstance(cell, timedelta) else cell


def unpacked(data: Any) -> Cell | None:
    """The cell that `packed` was given."""
    if not isinstance(data, dict):
        return data  # type: ignore[no-any-return]
    (kind, value), = data.items()
    if kind == "seconds":
        return timedelta(seconds=value)
    read: dict[str, Any] = {"broken": Broken, "masked": Masked, "moment": datetime.fromisoformat,
                            "date": date.fromisoformat, "time": time.fromisoformat}  # fmt: skip
    return read[kind](value)  # type: ignore[no-any-return]


def sheet_data(sheet: Sheet) -> dict[str, Any]:
    """A sheet as JSON holds it."""
    return {"rows": [[number, [packed(cell) for cell in row]] for number, row in sheet.rows], "name": sheet.name,
            "hidden": sheet.hidden, "header_at": sheet.header_at,
            "faults": [[number, defect_data(defect)] for number, defect in sheet.faults],
            "absent": [[number, sorted(left)] for number, left in sheet.absent.items()]}  # fmt: skip


def sheet_of(told: Mapping[str, Any]) -> Sheet:
    """The sheet that `sheet_data` was given."""
    rows = [(number, [unpacked(cell) for cell in row]) for number, row in told["rows"]]
    return Sheet(rows, told["name"], told["hidden"], told["header_at"],
                 [(number, defect_of(said)) for number, said in told["faults"]],
                 {number: set(left) for number, left in told["absent"]})  # fmt: skip


def defect_data(defect: Defect) -> list[Any]:
    """A defect as JSON holds it."""
    phrases = [None if one is None else [one.key, one.facts] for one in (defect.expected, defect.hint)]
    return [defect.code, defect.found, *phrases, defect.suggestion, defect.severity]


def defect_of(said: list[Any]) -> Defect:
    """The defect that `defect_data` was given."""
    code, found, expected, hint, suggestion, severity = said
    return Defect(code, found, _phrase(expected), _phrase(hint), suggestion, severity)


def _phrase(said: list[Any] | None) -> Phrase | None:
    return None if said is None else Phrase(said[0], tuple((name, fact) for name, fact in said[1]))


__all__ = ["defect_data", "defect_of", "packed", "sheet_data", "sheet_of", "unpacked"]
