"""What all resources share: strict schemas with keys in camelCase, uploads in the document, blueprints."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import flask_smorest
import marshmallow as ma
from flask import Request, request, url_for
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import MultiDict

from api.web.problems import Problem


def camel(name: str) -> str:
    """``starts_on`` -> ``startsOn``."""
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


class Schema(ma.Schema):
    """Keys in camelCase; a key that nobody asked for is refused."""

    class Meta:
        """Strict."""

        unknown = ma.RAISE

    def on_bind_field(self, field_name: str, field_obj: ma.fields.Field[Any]) -> None:
        """Say a field by its name in camelCase."""
        field_obj.data_key = camel(field_obj.data_key or field_name)


class Parser(FlaskParser):
    """Reads files and form fields of one upload together (flask-smorest has no place for both)."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - as its parent has it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "multipart": ma.RAISE, "query": ma.RAISE, "json": ma.RAISE,
    }  # fmt: skip

    def load_multipart(self, req: Request, schema: ma.Schema) -> MultiDictProxy:
        """Files and fields of a multipart request."""
        found: MultiDict[str, Any] = MultiDict(req.form)
        found.update(req.files)
        return MultiDictProxy(found, schema)


Parser.__location_map__ = {**FlaskParser.__location_map__, "multipart": "load_multipart"}


class Blueprint(flask_smorest.Blueprint):
    """A resource."""

    ARGUMENTS_PARSER = Parser()
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING: ClassVar[dict[str, str]] = {
        **flask_smorest.Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING, "multipart": "multipart/form-data",
    }  # fmt: skip


Moment = ma.fields.AwareDateTime


class PageSchema(Schema):
    """Which part of a list is asked for."""

    after = ma.fields.String(load_default="", validate=ma.validate.Length(max=64),
                             metadata={"description": "`next` of the page before"})  # fmt: skip
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(1, 100))


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and where the next part begins (None: there is none)."""

    items: Sequence[Any]
    next: str | None

    @classmethod
    def of(cls, found: Sequence[Any], limit: int, cursor: Callable[[Any], str]) -> Page:
        """Make a page of what was found when one more than ``limit`` was asked for."""
        more = len(found) > limit
        return cls(found[:limit], cursor(found[limit - 1]) if more else None)


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


def etag(version: int | str) -> dict[str, str]:
    """The header that says which state an answer shows."""
    return {"ETag": f'"{version}"'}


def must_match(version: int | str, **more: Any) -> None:
    """Refuse a change by who has not seen the latest state; ``more`` tells what it is now."""
    seen = request.headers.get("If-Match")
    if seen is None:
        raise Problem(428, "Send If-Match with the ETag of what you saw.", "precondition_required")
    if seen != f'"{version}"':
        raise Problem(412, "It changed since you saw it. Look again; nothing was changed by this request.", "changed",
                      headers=etag(version), **more)  # fmt: skip
