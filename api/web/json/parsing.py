"""How a request of the API is read: JSON, a query, or a file with form fields, and nothing else unsaid."""
from __future__ import annotations

import io
import json
from typing import Any

import marshmallow as ma
from flask import Request, current_app, g, request
from flask.json.provider import DefaultJSONProvider
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import FileStorage, MultiDict

from api.bsn import mask
from api.web.problems import Problem

_FORM = "multipart/form-data"
_FIELDS = (_FORM, "application/x-www-form-urlencoded")
"""Forms whose fields are read; one that holds no file is told so with all else that is wrong."""
_TWICE = "Said more than once."
_DEEPEST = 50
"""Lists and objects within each other that a body may have; nothing that we ask for has ten."""


class StrictJson(DefaultJSONProvider):
    """What a request says in JSON, with nothing in it that JSON has not, or that we could not follow."""

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """Read a text.

        Raises
        ------
        ValueError
            If it is no JSON, has a number of thousands of digits, says a key twice, or is nested too deep.
        """
        try:
            found = json.loads(s if isinstance(s, str) else s.decode(), parse_constant=_refuse,
                               object_pairs_hook=_each_once)  # fmt: skip
        except RecursionError:
            raise ValueError("nested too deep") from None
        if _is_deep(found):
            raise ValueError("nested too deep")
        return found


class SaidTwice(ValueError):
    """A key that an object has twice: which of both was meant nobody knows."""

    def __init__(self, name: str) -> None:
        super().__init__(_TWICE)
        self.name = name


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise SaidTwice(name)
        found[name] = value
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number of JSON")


def _is_deep(value: Any) -> bool:
    inner = [value]
    for _ in range(_DEEPEST):
        inner = [part for whole in inner if isinstance(whole, (dict, list))
                 for part in (whole.values() if isinstance(whole, dict) else whole)
                 if isinstance(part, (dict, list))]  # fmt: skip
        if not inner:
            return False
    return True


class Parser(FlaskParser):
    """Reads files and form fields of one upload together (flask-smorest has no place for both)."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - as its parent has it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "multipart": ma.RAISE, "query": ma.RAISE, "json": ma.RAISE,
    }  # fmt: skip

    def load_querystring(self, req: Request, schema: ma.Schema) -> MultiDictProxy:
        """What the query says, each once but for lists."""
        g.query_read = True
        return _each_once_but_lists(req.args, schema)

    def load_multipart(self, req: Request, schema: ma.Schema) -> MultiDictProxy:
        """Files and fields of a multipart request."""
        if not req.is_json and req.mimetype not in _FIELDS and _has_body(req):
            raise _unread("application/json", _FORM)
        found: MultiDict[str, Any] = MultiDict(req.form)
        found.update(req.files)
        if req.is_json:
            found.update(_as_form(req))
        return _each_once_but_lists(found, schema)

    def _raw_load_json(self, req: Request) -> Any:
        """What a JSON body holds; a body that says it is something else is not taken for none."""
        if not req.is_json and _has_body(req):
            raise _unread("application/json")
        return _json_of(req) if req.is_json else ma.missing


def _each_once_but_lists(said: MultiDict[str, Any], schema: ma.Schema) -> MultiDictProxy:
    found = MultiDictProxy(said, schema)
    twice = [name for name in said if name not in found.multiple_keys and len(said.getlist(name)) > 1]
    if twice:
        raise ma.ValidationError({name: [_TWICE] for name in twice})
    return found


def query_was_read() -> None:
    """Refuse a query where nothing is asked of it: who sends one would think that it counts.

    Raises
    ------
    Problem
        400 with every name of it.
    """
    if request.args and not g.get("query_read", False):
        errors = [{"field": mask(name), "message": "Unknown field."} for name in request.args]
        raise Problem(400, "; ".join(f"{one['field']}: {one['message']}" for one in errors), "invalid", errors=errors)


def _json_of(req: Request) -> Any:
    """What a JSON body holds; nothing where nothing was sent."""
    found = req.get_json(silent=True)  # kept since the guard looked through it
    if found is not None or not req.get_data():
        return ma.missing if found is None else found
    try:
        return current_app.json.loads(req.get_data())
    except SaidTwice as twice:
        raise ma.ValidationError({twice.name: [_TWICE]}) from None
    except ValueError:
        raise Problem(400, "json: Invalid JSON body.", "invalid", errors=[
            {"field": "json", "message": "Invalid JSON body."}]) from None  # fmt: skip


def _has_body(req: Request) -> bool:
    """Whether anything was sent; a form was read before this, and leaves nothing to read."""
    return bool(req.content_length or req.form or req.files or req.get_data())


def _unread(*kinds: str) -> Problem:
    """The answer to a body of another kind."""
    return Problem(415, f"Send the body as {' or '.join(kinds)}, and say so in Content-Type.", "content_type",
                   headers={"Accept": ", ".join(kinds)})  # fmt: skip


def _as_form(req: Request) -> MultiDict[str, Any]:
    """A JSON body beside multipart: ``rows`` are the rows of the list, and become its file."""
    body = _json_of(req)
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
