"""Lists that go on: the part after a place, found by the values the list is sorted by.

A place holds those values of the last row that was shown, its id last. The row itself need not be there any more, nor
stand where it stood: what comes after the values is the same.
"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import Session

from api.errors import Faults

Row = TypeVar("Row")
Place = tuple[Any, ...]
"""The values of a row by which its list is sorted, moments and days as they are or as ISO texts."""
START: Place = ()
"""Before the first row."""


def beyond(order: Sequence[Any], place: Place, *, down: bool = False) -> ColumnElement[bool]:
    """Whether a row comes after a place in an order of columns, all of them up or all of them down.

    Raises
    ------
    Faults
        If the place is of a list in another order.
    """
    if len(place) != len(order):
        raise _elsewhere()
    there = tuple(_as(column.type.python_type, value) for column, value in zip(order, place, strict=True))
    return tuple_(*order) < there if down else tuple_(*order) > there


def _as(kind: type, value: Any) -> Any:
    if isinstance(value, str) and kind in (date, datetime):
        try:
            value = kind.fromisoformat(value)  # type: ignore[attr-defined]
        except ValueError:
            raise _elsewhere() from None
    if type(value) is not kind:
        raise _elsewhere()
    return value


def _elsewhere() -> Faults:
    return Faults([("after", "This is `next` of a list in another order. Ask for the first page again.")])


def in_order(session: Session, query: Select[Any], of: type[Row], by: Any, *, after: Place, limit: int | None,
             down: bool = False) -> list[Row]:  # fmt: skip
    """The first rows of a query by a column and id, from the one after the place (value, id) on."""
    order = (by, of.id)  # type: ignore[attr-defined]
    if after:
        query = query.where(beyond(order, after, down=down))
    query = query.order_by(*(column.desc() if down else column for column in order))
    return list(session.scalars(query.limit(limit)))


def newest(session: Session, query: Select[Any], of: type[Row], at: Any, *, after: Place,
           limit: int | None) -> list[Row]:  # fmt: skip
    """The newest rows of a query by moment ``at``, from the one after the place (moment, id) on."""
    return in_order(session, query, of, at, after=after, limit=limit, down=True)


__all__ = ["START", "Place", "beyond", "in_order", "newest"]
