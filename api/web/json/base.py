"""What all resources share: strict schemas with keys in camelCase, blueprints, pages of lists."""
from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar, TypeVar

import flask_smorest
import marshmallow as ma
from flask import request, url_for

from api.bsn import suspects
from api.schemas.base import RowSchema
from api.schemas.dates import DateOf
from api.services import cells
from api.services.days import is_near
from api.store.paging import START, Place
from api.web.cursors import LONGEST, seal, unseal
from api.web.database import let_go, local_day, now
from api.web.json.parsing import Parser, query_was_read
from api.web.problems import Problem, camel, defects

_PLAIN = {ma.fields.String: str, ma.fields.Integer: int, ma.fields.Boolean: bool}
"""Kinds of fields whose values of this type go out as they are."""


class Schema(ma.Schema):
    """Keys in camelCase; a key that nobody asked for is refused."""

    class Meta:
        """Strict."""

        unknown = ma.RAISE

    def _serialize(self, obj: Any, *, many: bool = False) -> Any:
        """As marshmallow does, without asking the field where a value goes out as it is: half of the time of a list."""
        if many or type(obj) is not dict:
            return super()._serialize(obj, many=many)
        found = {}
        for name, attribute, key, plain, field in self._columns:
            value = obj.get(attribute, ma.missing)
            if type(value) is not plain:
                value = field.serialize(name, obj, accessor=self.get_attribute)
            if value is not ma.missing:
                found[key] = value
        return found

    @functools.cached_property
    def _columns(self) -> list[tuple[str, str, str, type | None, ma.fields.Field[Any]]]:
        """Of each field: its name, what is asked for, what it goes out as, and the type that goes out as it is."""
        return [(name, field.attribute or name, field.data_key or name, _PLAIN.get(type(field)), field)
                for name, field in self.dump_fields.items()]  # fmt: skip

    def _init_fields(self) -> None:
        """As marshmallow does; a copy with fewer fields (``exclude`` of a nested one) says anew what goes out."""
        super()._init_fields()
        self.__dict__.pop("_columns", None)

    def on_bind_field(self, field_name: str, field_obj: ma.fields.Field[Any]) -> None:
        """Say a field by its name in camelCase."""
        field_obj.data_key = camel(field_obj.data_key or field_name)


class Blueprint(flask_smorest.Blueprint):
    """A resource."""

    ARGUMENTS_PARSER = Parser()
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING: ClassVar[dict[str, str]] = {
        **flask_smorest.Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING, "multipart": "multipart/form-data",
    }  # fmt: skip

    def register_views_in_doc(self, api: Any, app: Any, spec: Any, **named: Any) -> None:
        """Describe the resource once the description is asked for: that takes as long as all the rest of an app."""
        api.undescribed.append(lambda: super(Blueprint, self).register_views_in_doc(api, app, spec, **named))

    def arguments(self, schema: Any, **options: Any) -> Any:
        """Read arguments by a schema that is made once: left to the parser, every request makes its own."""
        return super().arguments(schema() if isinstance(schema, type) else schema, **options)

    def response(self, *said: Any, **options: Any) -> Any:
        """Say what a view answers; one that only reads is out of the database before that is written out."""
        answering = super().response(*said, **options)
        return lambda view: answering(_with_read_query(let_go(view)))


def _with_read_query(view: Any) -> Any:
    @functools.wraps(view)
    def asked(*args: Any, **options: Any) -> Any:
        query_was_read()
        return view(*args, **options)

    return asked


class Moment(ma.fields.AwareDateTime):
    """A moment, always told in UTC: ``2026-06-15T09:30:00Z``."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **options: Any) -> str | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Told(ma.fields.Nested):
    """Rows that are already what goes out: described by a schema, but not copied field by field.

    Only for keys of one word and values that JSON has. A page of proposals has a thousand sentences.
    """

    def _serialize(self, nested_obj: Any, *_: Any, **__: Any) -> Any:  # type: ignore[override]
        return nested_obj


_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)


class Day(ma.fields.Date):
    """A day that people may mean: in this century, so that what is counted from it is a day too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=ma.validate.Range(_FIRST, _LAST), **options)


class NearDay(ma.fields.Date):
    """A day to compute for: within five years of today."""

    def __init__(self, **options: Any) -> None:
        said = {"description": "At most five years from today"} | options.pop("metadata", {})
        super().__init__(validate=_near, metadata=said, **options)


def _near(day: date) -> None:
    if not is_near(day, local_day(now())):
        raise ma.ValidationError("A day at most five years from today.")


class SaneMoment(Moment):
    """A moment that people may mean: in this century, wherever the clock stands."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=_this_century, **options)


def _this_century(moment: datetime) -> None:
    if not _FIRST <= moment.date() <= _LAST:
        raise ma.ValidationError("A moment in this century.")


class Words(ma.fields.String):
    """Words that a person types: of a length, and without a number that may be a citizen service number."""

    def __init__(self, most: int, *, least: int = 0, **options: Any) -> None:
        super().__init__(validate=[ma.validate.Length(least, most), no_bsn], **options)


def no_bsn(text: str) -> None:
    """Refuse a text with a number that may be a BSN: it is never ours to keep."""
    if suspects(text):
        raise ma.ValidationError("Leave out the number that may be a citizen service number (BSN).")


class CellField(ma.fields.Raw):
    """What a cell of a list holds: text, number, yes or no, or several; null empties it."""

    def __init__(self, *, day: bool = False, **options: Any) -> None:
        plain = ["string", "number", "boolean"]
        told: dict[str, Any] = {"type": [*plain, "array"], "maxLength": _LONGEST_CELL, "maxItems": _MOST_ITEMS,
                                "items": {"type": plain}}  # fmt: skip
        if day:
            told |= {"format": "date", "description": "A day as in ISO 8601; as people write one is read too"}
        super().__init__(allow_none=True, metadata=told, **options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        plain = (str, int, float)
        many = isinstance(value, list) and len(value) <= _MOST_ITEMS and all(isinstance(item, plain) for item in value)
        if not (isinstance(value, plain) or many):
            raise ma.ValidationError("A text, a number, yes or no, or a list of these.")
        if isinstance(value, str) and len(value) > _LONGEST_CELL:
            raise ma.ValidationError(f"At most {_LONGEST_CELL} characters.")
        return value


_MOST_ITEMS, _LONGEST_CELL = 60, 2_000


def cell_fields(row: RowSchema, names: Iterable[str]) -> dict[str, ma.fields.Field[Any]]:
    """A field for each cell of a list that may be sent, by how the list reads it."""
    readers = {name: getattr(row.fields[name], "reader", None) for name in names}
    return {name: CellField(day=isinstance(reader, DateOf)) for name, reader in readers.items()}


class CellsSchema(Schema):
    """A shape with cells of a list: with whatever is wrong with the shape, it is said which cells cannot be read."""

    LIST: ClassVar[str]

    def rows_in(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        """The rows of the list that were sent, by the names of their fields."""
        raise NotImplementedError

    def handle_error(self, error: ma.ValidationError, data: Any, **_: Any) -> None:  # noqa: ARG002
        """Say all of it at once.

        Raises
        ------
        Problem
            400 with every defect.
        """
        given: dict[str, Any] = error.valid_data if isinstance(error.valid_data, dict) else {}
        told = cells.faults_of(self.LIST, self.rows_in(given), lang=given.get("lang", "nl"), on=local_day(now()))
        if told and isinstance(error.messages, dict):
            of_shape = defects(error.messages)
            detail = [*(f"{one['field']}: {one['message']}" for one in of_shape), *(one["message"] for one in told)]
            raise Problem(400, "; ".join(detail), "invalid", errors=[
                *of_shape, *({**one, "field": camel(one["field"])} for one in told)])  # fmt: skip


class Cursor(ma.fields.String):
    """Where a list goes on: `next` of the page before, read as a place."""

    def __init__(self) -> None:
        super().__init__(load_default=START, metadata={"maxLength": LONGEST, "default": "", "description": OPAQUE})

    def _deserialize(self, value: Any, *said: Any, **options: Any) -> Any:
        try:
            return unseal(super()._deserialize(value, *said, **options))
        except ValueError:
            raise ma.ValidationError("This is not `next` of this list. Ask for the first page again.") from None


OPAQUE = "`next` of the page before, as it is; it says nothing to a reader, and counts for its own list alone"


class PageSchema(Schema):
    """Which part of a list is asked for."""

    after: ma.fields.String = Cursor()
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(1, 100))


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and where the next part begins (None: there is none)."""

    items: Sequence[Any]
    next: str | None

    @classmethod
    def of(cls, found: Sequence[Any], limit: int, place: Callable[[Any], Place]) -> Page:
        """Make a page of what was found when one more than ``limit`` was asked for; ``place``: where a row stands."""
        more = len(found) > limit
        return cls(found[:limit], seal(place(found[limit - 1])) if more else None)

    @classmethod
    def numbered(cls, found: Sequence[Any], limit: int, number: Callable[[Any], int]) -> Page:
        """Make a page of rows that have a number of their own, and go on after it: it is told as it is."""
        more = len(found) > limit
        return cls(found[:limit], str(number(found[limit - 1])) if more else None)


def page_of(schema: type[Schema], name: str) -> type[Schema]:
    """Return the schema of a page of ``schema``."""
    made = Schema.from_dict(
        {"items": ma.fields.List(ma.fields.Nested(schema), required=True), "next": ma.fields.String(allow_none=True)},
        name=f"{name}Page",
    )
    return made  # type: ignore[return-value]


def link(endpoint: str, **values: Any) -> str:
    """The address of a resource, without a host."""
    return url_for(endpoint, **values)


ETAG = {"ETag": {"schema": {"type": "string"}, "description": "Which state this is; for If-Match"}}
LOCATION = {"Location": {"schema": {"type": "string", "format": "uri-reference"},
                         "description": "What was made, or what it is part of"}}  # fmt: skip
"""Headers of an answer, for the description of the API."""


def etag(version: int | str) -> dict[str, str]:
    """The header that says which state an answer shows."""
    return {"ETag": f'"{version}"'}


View = TypeVar("View", bound=Callable[..., Any])


def matched(view: View) -> View:
    """Mark a view that asks for If-Match (by `must_match`), for the description of the API."""
    view.matched = True  # type: ignore[attr-defined]
    return view


def before_sign_in(view: View) -> View:
    """Mark a view that somebody without a session asks with the token of `/csrf-token`, for the description."""
    view.before_sign_in = True  # type: ignore[attr-defined]
    return view


def printable(view: View) -> View:
    """Mark a view that also answers with a page to print, for the description of the API."""
    view.printable = True  # type: ignore[attr-defined]
    return view


def must_match(version: int | str, **more: Any) -> None:
    """Refuse a change by who has not seen the latest state; ``more`` tells what it is now.

    As RFC 9110 has it: one ETag, several of which one is the latest, or ``*`` for whichever it is. A weak one
    (``W/"2"``) is never the same.
    """
    seen = request.headers.get("If-Match")
    if seen is None:
        raise Problem(428, "Send If-Match with the ETag of what you saw.", "precondition_required")
    if seen.strip() != "*" and f'"{version}"' not in [tag.strip() for tag in seen.split(",")]:
        raise Problem(412, "It changed since you saw it. Look again; nothing was changed by this request.", "changed",
                      headers=etag(version), **more)  # fmt: skip
