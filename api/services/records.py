"""Students and openings as plain data for the database, and back, exactly."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

from features.records import Background, Demand, Location, Opening, Student, SupportNeed

_DAYS = ("birth_date", "leaves_on", "available_from", "consent_on", "confirmed_on", "starts_on", "closes_on")

_LEAVES = frozenset((str, int, float, bool, type(None)))


def plain(record: Student | Opening) -> dict[str, Any]:
    """Return a record as data that JSON holds; equal records give equal data."""
    found: dict[str, Any] = _plain(record)
    return found


def student_of(data: Mapping[str, Any]) -> Student:
    """Return the student that `plain` was given."""
    values = _values(data)
    if values["support_needed"] is not None:
        values["support_needed"] = tuple(SupportNeed(**need) for need in data["support_needed"])
    values["background"] = Background(**data["background"])
    return Student(**values)


def opening_of(data: Mapping[str, Any]) -> Opening:
    """Return the opening that `plain` was given."""
    values = _values(data)
    for name in ("tasks", "work_skills"):
        values[name] = tuple(Demand(**demand) for demand in data[name])
    return Opening(**values)


def _plain(value: Any) -> Any:
    if value.__class__ in _LEAVES:  # most are, of lists of thousands of records
        return value
    if is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in _names(value.__class__)}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(part.name for part in fields(kind))


def _values(data: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {name: _tuples(value) if isinstance(value, list) else value
                              for name, value in data.items()}  # fmt: skip
    for name in _DAYS:
        if values.get(name) is not None:
            values[name] = date.fromisoformat(values[name])
    if data["location"] is not None:
        values["location"] = Location(**data["location"])
    return values


def _tuples(value: list[Any]) -> tuple[Any, ...]:
    return tuple(_tuples(item) if isinstance(item, list) else item for item in value)
