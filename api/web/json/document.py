"""The API's own description, OpenAPI 3.1: made from the same marks that the views run by, and committed.

What flask-smorest knows (paths, bodies, answers) is completed with what our own marks know: who may ask, which headers
are needed, and that every error is a problem. A test holds the committed file against it.
"""
from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Flask, Response, jsonify

from api.web.access import ANYBODY, SIGNED_IN, Access, access, access_of

blueprint = Blueprint("document", __name__)
PATH = "/openapi.json"
_PROBLEM = {
    "type": "object",
    "required": ["status", "title", "detail"],
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
_MATCHED = {"uploads.Confirmation": ("put", "delete"), "proposals.Decisions": ("post",)}
_ONCE = {"uploads.Uploads": ("post",), "runs.Runs": ("post",), "proposals.Decisions": ("post",)}
_SAYS = {
    400: "Not right; every defect is named", 401: "Not signed in", 403: "Not allowed", 404: "Not there, or not yours",
    409: "Not possible any more", 412: "Changed since you saw it", 413: "Too large", 428: "If-Match is missing",
}  # fmt: skip


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
    made: dict[str, Any] = app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    endpoints = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule): rule.endpoint for rule in app.url_map.iter_rules()}
    paths = {}
    for path, operations in sorted(made["paths"].items()):
        endpoint = endpoints[path]
        shared = operations.pop("parameters", [])
        for method, operation in operations.items():
            allowed = access_of(app, endpoint, method)
            assert allowed is not None
            operation["parameters"] = [*shared, *operation.get("parameters", []), *_headers(endpoint, method)]
            operation["operationId"] = f"{method}{endpoint.split('.')[1]}"
            _say_who(operation, allowed)
            operation["responses"] = _responses(operation["responses"], endpoint, method, path)
        paths[path.removeprefix("/api/v1")] = dict(sorted(operations.items()))
    made["paths"] = paths
    made["servers"] = [{"url": "/api/v1"}]
    made["info"]["description"] = "Who may ask for what stands with every operation. Errors are problems (RFC 9457)."
    for name in ("DEFAULT_ERROR", "UNPROCESSABLE_CONTENT", "UNPROCESSABLE_ENTITY"):
        made.get("components", {}).get("responses", {}).pop(name, None)
    components = made["components"]
    components.pop("responses", None)
    components["schemas"] = dict(sorted({**components["schemas"], "Problem": _PROBLEM}.items()))
    for unused in ("Error", "PaginationMetadata"):
        components["schemas"].pop(unused, None)
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "schakel",
                    "description": "With X-CSRFToken (see /account) on whatever changes something"},
    }  # fmt: skip
    return made


def _headers(endpoint: str, method: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if method in _MATCHED.get(endpoint, ()):
        found.append({"in": "header", "name": "If-Match", "required": True, "schema": {"type": "string"},
                      "description": "The ETag of what you saw"})  # fmt: skip
    if method in _ONCE.get(endpoint, ()):
        found.append({"in": "header", "name": "Idempotency-Key", "schema": {"type": "string", "maxLength": 200},
                      "description": "Sent twice with one key, a request has one effect and one answer"})  # fmt: skip
    return found


def _say_who(operation: dict[str, Any], allowed: Access) -> None:
    who = "anybody who is signed in" if SIGNED_IN in allowed.roles else ", ".join(allowed.roles)
    tokens = "people only" if allowed.people_only else f"tokens with scope {allowed.scope or 'read'}"
    operation["description"] = f"For {who}; {tokens}."
    operation["security"] = [{"session": []}] if allowed.people_only else [{"token": []}, {"session": []}]


def _responses(given: dict[str, Any], endpoint: str, method: str, path: str) -> dict[str, Any]:
    """The good answers as they are, and every problem there may be."""
    version = {"API-Version": {"schema": {"type": "string"}, "description": "Version of the API"}}
    found = {code: {**answer, "headers": version} for code, answer in given.items() if code[:1] in "23"}
    problems = [400, 401, 403]
    if "{" in path or endpoint == "proposals.Proposals":
        problems.append(404)
    if method in _MATCHED.get(endpoint, ()):
        problems += [412, 428]
    if method != "get":
        problems.append(409)
    if endpoint == "uploads.Uploads" and method == "post":
        problems.append(413)
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in sorted(problems):
        found[str(status)] = {"description": _SAYS[status], "content": content, "headers": version}
    return found
