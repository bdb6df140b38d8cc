"""How a request of the API is read: JSON, a query, or a file with form fields, and nothing else unsaid."""
from __future__ import annotations

import io
import json
from typing import Any

import marshmallow as ma
from flask import Request
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import FileStorage, MultiDict

from api.web.problems import Problem

_FORM = "multipart/form-data"
_FIELDS = (_FORM, "application/x-www-form-urlencoded")
"""Forms whose fields are read; one that holds no file is told so with all else that is wrong."""


class Parser(FlaskParser):
    """Reads files and form fields of one upload together (flask-smorest has no place for both)."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - as its parent has it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "multipart": ma.RAISE, "query": ma.RAISE, "json": ma.RAISE,
    }  # fmt: skip

    def load_multipart(self, req: Request, schema: ma.Schema) -> MultiDictProxy:
        """Files and fields of a multipart request."""
        if not req.is_json and req.mimetype not in _FIELDS and _has_body(req):
            raise _unread("application/json", _FORM)
        found: MultiDict[str, Any] = MultiDict(req.form)
        found.update(req.files)
        if req.is_json:
            found.update(_as_form(req))
        return MultiDictProxy(found, schema)

    def _raw_load_json(self, req: Request) -> Any:
        """What a JSON body holds; a body that says it is something else is not taken for none."""
        if not req.is_json and _has_body(req):
            raise _unread("application/json")
        return super()._raw_load_json(req)


def _has_body(req: Request) -> bool:
    """Whether anything was sent; a form was read before this, and leaves nothing to read."""
    return bool(req.content_length or req.form or req.files or req.get_data())


def _unread(*kinds: str) -> Problem:
    """The answer to a body of another kind."""
    return Problem(415, f"Send the body as {' or '.join(kinds)}, and say so in Content-Type.", "content_type",
                   headers={"Accept": ", ".join(kinds)})  # fmt: skip


def _as_form(req: Request) -> MultiDict[str, Any]:
    """A JSON body beside multipart: ``rows`` are the rows of the list, and become its file."""
    body = req.get_json(silent=True)
    if not isinstance(body, dict):
        raise Problem(400, "Send a JSON object with rows.", "invalid", errors=[
            {"field": "rows", "message": "A list of rows: objects with the fields of the list as keys."}])  # fmt: skip
    found: MultiDict[str, Any] = MultiDict()
    for name, value in body.items():
        if name == "rows":
            text = json.dumps(value, ensure_ascii=False).encode()
            found["file"] = FileStorage(io.BytesIO(text), filename="rows.json", content_type="application/json")
        elif isinstance(value, list):
            found.setlist(name, value)
        else:
            found[name] = value
    return found


Parser.__location_map__ = {**FlaskParser.__location_map__, "multipart": "load_multipart"}
