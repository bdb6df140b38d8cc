"""What is typed in the forms of pages: words without a BSN, days as people write them."""
from __future__ import annotations

from datetime import date
from typing import Any

import marshmallow as ma

from api.bsn import suspects
from api.schemas.cells import DefectError
from api.schemas.leavers import LeaverSchema


class Day(ma.fields.Field[date]):
    """A day as it is typed in a list."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:  # noqa: ARG002
        try:
            found = LeaverSchema.reader("leaves_on")(str(value))
        except DefectError:
            raise ma.ValidationError("route.day_wrong") from None
        assert isinstance(found, date)
        return found


class Said(ma.fields.String):
    """Words of a person, at most so many characters, without a BSN; ``error`` is said of another length."""

    def __init__(self, most: int, *, least: int = 0, error: str | None = None, **options: Any) -> None:
        super().__init__(validate=ma.validate.Length(least, most, error=error), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs)).strip()
        if suspects(text):
            raise ma.ValidationError("route.bsn")
        return text


__all__ = ["Day", "Said"]
