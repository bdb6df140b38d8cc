"""Fields of forms as people fill them in."""
from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

import marshmallow as ma

_TYPED = re.compile(r"(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4})")
_CLOCK = re.compile(r"(\d{1,2})[.:](\d{2})")


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


class Clock(ma.fields.Time):
    """A time as 14.30, or as 14:30."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:  # noqa: ARG002
        found = _CLOCK.fullmatch(str(value).strip())
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            raise self.make_error("invalid", input=value, obj_type="time")
        return time(int(found[1]), int(found[2]))


def typed(day: date | None) -> str:
    """A day as somebody would type it."""
    return "" if day is None else f"{day.day}-{day.month}-{day.year}"
