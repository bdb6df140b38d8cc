"""The API's own description, OpenAPI 3.1: made from the same marks that the views run by, and committed.

What flask-smorest knows (paths, bodies, answers) is completed with what our own marks know: who may ask, which headers
are needed, and that every error is a problem. A test holds the committed file against it.
"""
from __future__ import annotations

import copy
import re
from typing import Any

from flask import Blueprint, Flask, Response, jsonify

from api.services.states import table
from api.settings import Settings
from api.web.access import ANYBODY, SIGNED_IN, Access, access, access_of, handler_of
from api.web.json.base import ETAG
from api.web.json.glossary import as_table
from api.web.login import COOKIE_ON_HTTPS

blueprint = Blueprint("document", __name__)
PATH = "/openapi.json"
_PROBLEM = {
    "type": "object",
    "required": ["status", "title", "detail", "code"],
    "properties": {
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "reference": {"type": "string", "description": "To quote when it is our fault"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_ROWS = {
    "type": "object",
    "required": ["rows"],
    "properties": {
        "rows": {"type": "array", "items": {"type": "object"}, "description": "Fields of the list as keys"},
        "kind": {"type": "string", "enum": ["leavers", "vacancies"]},
        "organisationId": {"type": "string"},
        "lang": {"type": "string", "enum": ["nl", "en"]},
        "columns": {"type": "array", "items": {"type": "string"}, "description": "HEADER=field"},
    },
}
"""The rows of a list as JSON, beside a file."""
EXAMPLE, CONTACT = "https://schakel.example", "beheer@schakel.example"
"""Where it is, and whom to ask, as long as nobody has said where it is."""
_SAYS = {
    400: "Not right; every defect is named", 401: "Not signed in", 403: "Not allowed", 404: "Not there, or not yours",
    409: "Not possible any more", 412: "Changed since you saw it", 413: "Too large",
    415: "The body is of another kind than named here", 428: "If-Match is missing",
    429: "Asked too often", 500: "Our fault; the reference says to us what happened",
    503: "The database does not answer; nothing was kept, ask again",
}  # fmt: skip
_VERSION = {"API-Version": {"schema": {"type": "string"}, "description": "Version of the API"}}


@blueprint.get(PATH)
@access(ANYBODY)
def openapi() -> Response:
    """The description; the one address that other sites may read."""
    from flask import current_app

    response = jsonify(document(current_app))
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def document(app: Flask) -> dict[str, Any]:
    """Return the description of the API."""
    # A copy: what the marks give is completed below, and must be whole again for who asks next.
    made: dict[str, Any] = copy.deepcopy(app.extensions["flask-smorest"]["apis"][""]["ext_obj"].described())
    endpoints = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower()): rule.endpoint
        for rule in app.url_map.iter_rules() for method in rule.methods or ()
    }  # fmt: skip
    paths = {}
    for path, operations in sorted(made["paths"].items()):
        shared = operations.pop("parameters", [])
        for method, operation in operations.items():
            endpoint = endpoints[path, method]
            allowed = access_of(app, endpoint, method)
            assert allowed is not None
            view = handler_of(app, endpoint, method)
            operation["parameters"] = [*shared, *operation.get("parameters", []), *_headers(view)]
            operation["operationId"] = f"{method}{endpoint.split('.')[1]}"
            _say_who(operation, allowed, begins=hasattr(view, "before_sign_in"))
            if "multipart/form-data" in operation.get("requestBody", {}).get("content", {}):
                operation["requestBody"]["content"]["application/json"] = {"schema": _ROWS}
            operation["responses"] = _responses(operation["responses"], view, method,
                                                reads_body="requestBody" in operation,
                                                names_rows=_names_rows(path, operation))  # fmt: skip
            if hasattr(view, "limit") or hasattr(view, "slows"):
                operation["responses"]["429"] = _problem(429)
            operation["responses"] = dict(sorted(operation["responses"].items()))
        paths[path.removeprefix("/api/v1")] = dict(sorted(operations.items()))
    made["paths"] = paths
    settings: Settings = app.config["SCHAKEL_SETTINGS"]
    home = settings.public_url if settings.secure else EXAMPLE
    made["servers"] = [{"url": f"{home}/api/v1"}]
    made["info"]["license"] = {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}
    made["info"]["contact"] = {"name": "Schakel", "email": CONTACT, "url": f"{home}/hulp"}
    made["info"]["description"] = (
        "Who may ask for what stands with every operation. Errors are problems (RFC 9457). Reading changes nothing but "
        "what is noted of it: who looked at a student, which the student may read, who was refused, and how often "
        "was asked. Whoever puts or patches says by If-Match what was seen. What may follow on what "
        f"(anything else is a 409 in words):\n\n{table()}\n\nThe words:\n\n{as_table()}\n"
    )
    components = made["components"]
    components["responses"] = _problems()
    components["schemas"] = dict(sorted({**components["schemas"], "Problem": _PROBLEM}.items()))
    for unused in ("Error", "PaginationMetadata"):
        components["schemas"].pop(unused, None)
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE_ON_HTTPS,
                    "description": "With X-CSRFToken on whatever changes something: of /csrf-token before signing "
                                   "in, of /account after it"},
    }  # fmt: skip
    return made


def _problem(status: int) -> dict[str, str]:
    """Where an answer that is a problem is described."""
    return {"$ref": f"#/components/responses/Problem{status}"}


def _problems() -> dict[str, Any]:
    """Every answer that is a problem, by name."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    wait = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait"}}
    more = {412: ETAG, 429: wait, 503: wait}
    return {f"Problem{status}": {"description": says, "content": content, "headers": _VERSION | more.get(status, {})}
            for status, says in _SAYS.items()}  # fmt: skip


def _headers(view: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if getattr(view, "matched", False):
        found.append({"in": "header", "name": "If-Match", "required": True, "schema": {"type": "string"},
                      "description": "The ETag of what you saw, or several; `*` for whichever it is"})  # fmt: skip
    if hasattr(view, "before_sign_in"):
        found.append({"in": "header", "name": "X-CSRFToken", "required": True, "schema": {"type": "string"},
                      "description": "The token of /csrf-token, with the cookie that came with it"})  # fmt: skip
    if getattr(view, "once", False):
        found.append({"in": "header", "name": "Idempotency-Key",
                      "schema": {"type": "string", "minLength": 1, "maxLength": 200},
                      "description": "Sent twice with one key, a request has one effect and one answer"})  # fmt: skip
    return found


def _say_who(operation: dict[str, Any], allowed: Access, *, begins: bool) -> None:
    more = f" {operation['description']}" if operation.get("description") else ""
    if ANYBODY in allowed.roles:
        operation["description"] = f"For anybody, signed in or not.{more}"
        operation["security"] = [{"session": []}] if begins else [{}]
        return
    who = "anybody who is signed in" if SIGNED_IN in allowed.roles else ", ".join(allowed.roles)
    tokens = "people only" if allowed.people_only else f"tokens with scope {allowed.scope or 'read'}"
    operation["description"] = f"For {who}; {tokens}.{more}"
    operation["security"] = [{"session": []}] if allowed.people_only else [{"token": []}, {"session": []}]


def _names_rows(path: str, operation: dict[str, Any]) -> bool:
    """Whether a request may name a record that is not there: in its address, its query or its body."""
    return "{" in path or "requestBody" in operation or any(
        parameter.get("name", "").endswith("Id") for parameter in operation["parameters"]
    )


def _responses(
    given: dict[str, Any], view: Any, method: str, *, reads_body: bool, names_rows: bool
) -> dict[str, Any]:
    """The good answers as they are, and every problem there may be."""
    found = {code: {**answer, "headers": _VERSION | answer.get("headers", {})}
             for code, answer in given.items() if code[:1] in "23"}  # fmt: skip
    if getattr(view, "printable", False):
        found["200"]["content"]["text/html"] = {"schema": {"type": "string"}}
    problems = [400, 401, 403, 500, 503]
    if names_rows:
        problems.append(404)
    if getattr(view, "matched", False):
        problems += [412, 428]
    if method != "get" or "409" in given:
        problems.append(409)
    if reads_body:
        problems += [413, 415]
    return found | {str(status): _problem(status) for status in problems}
