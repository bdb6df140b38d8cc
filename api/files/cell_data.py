"""Cells as data that JSON holds, and back."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

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


__all__ = ["packed", "unpacked"]
