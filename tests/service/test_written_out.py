"""What goes out is what marshmallow would write, and what a database is asked is what was meant."""
from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import marshmallow as ma
from hypothesis import given
from hypothesis import strategies as st

from api.store.base import among
from api.web.json.base import Moment, Schema, Told, page_of


class Inner(Schema):
    """A row in a row."""

    first_name = ma.fields.String(required=True)
    places = ma.fields.Integer(allow_none=True)


class Outer(Schema):
    """Every kind of field that our schemas have."""

    id = ma.fields.String(required=True)
    is_open = ma.fields.Boolean()
    how_many = ma.fields.Integer()
    begin = ma.fields.String(attribute="from", data_key="from")
    day = ma.fields.Date(allow_none=True)
    at = Moment(allow_none=True)
    one = ma.fields.Nested(Inner, allow_none=True)
    some = ma.fields.List(ma.fields.Nested(Inner))
    parts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer())
    told = Told(Inner, many=True)


PLAIN = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4)
ROWS = st.fixed_dictionaries({}, optional={"first_name": st.none() | st.text(max_size=4), "places": st.none()
                                           | st.integers(-9, 9) | st.just("7"), "unasked": PLAIN})  # fmt: skip
RECORDS = st.fixed_dictionaries({}, optional={
    "id": PLAIN, "is_open": st.none() | st.booleans() | st.sampled_from(["true", "no", 0, 1]),
    "how_many": st.none() | st.booleans() | st.integers(-9, 9) | st.just("12"), "from": PLAIN,
    "day": st.none() | st.dates(date(2000, 1, 1)), "at": st.none() | st.just(datetime(2026, 6, 15, 9, 30, tzinfo=UTC)),
    "one": st.none() | ROWS, "some": st.lists(ROWS, max_size=3), "parts": st.dictionaries(
        st.text(max_size=3), st.integers(-9, 9), max_size=3), "unasked": PLAIN})  # fmt: skip


@given(record=RECORDS, rows=st.lists(RECORDS, max_size=3), inner=ROWS)
def test_a_row_goes_out_as_marshmallow_itself_would_write_it(
    record: dict[str, Any], rows: list[dict[str, Any]], inner: dict[str, Any]
) -> None:
    """Against marshmallow's own writing, for values of the right type and of others."""
    assert Inner().dump(inner) == ma.Schema._serialize(Inner(), inner)
    assert Outer().dump(record) == ma.Schema._serialize(Outer(), record)
    assert Outer(many=True).dump(rows) == [ma.Schema._serialize(Outer(), row) for row in rows]
    page = {"items": rows, "next": None}
    made = page_of(Outer, "Outer")()
    assert made.dump(page) == {"items": [ma.Schema._serialize(Outer(), row) for row in rows], "next": None}


def test_what_is_ready_goes_out_as_it_is() -> None:
    told = [{"code": "hours", "kind": "plus", "sentence": "De uren passen."}]
    assert Outer().dump({"told": told}) == {"told": told}


@given(ids=st.lists(st.text("abc", min_size=1, max_size=3), max_size=40))
def test_ids_are_asked_for_in_few_lengths_and_none_is_lost_or_added(ids: list[str]) -> None:
    asked = among(ids)["ids"]
    assert set(asked) == set(ids)
    assert len(asked) in {0, 1, 2, 4, 8, 16, 32, 64}
    assert len(asked) < 2 * max(1, len(set(ids)))
