"""Fields of forms as people fill them in."""
from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import marshmallow as ma

_TYPED = re.compile(r"(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4})")


class Day(ma.fields.Date):
    """A day as 27-3-2026, or as 2026-03-27."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        found = _TYPED.fullmatch(str(value).strip())
        if found is not None:
            try:
                return date(int(found[3]), int(found[2]), int(found[1]))
            except ValueError:
                raise self.make_error("invalid", input=value, obj_type="date") from None
        return super()._deserialize(value, attr, data, **more)


def typed(day: date | None) -> str:
    """A day as somebody would type it."""
    return "" if day is None else f"{day.day}-{day.month}-{day.year}"
