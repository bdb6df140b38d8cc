"""Every error as a problem (RFC 9457): status, title, what is wrong, and a number to quote when it is our fault."""
from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from flask import Flask, Response, json
from werkzeug.exceptions import HTTPException

TITLES = {
    400: "The request is not right", 401: "Sign in first", 403: "Not allowed", 404: "Not found",
    405: "Not possible here", 409: "Not any more", 412: "Changed meanwhile", 413: "Too large",
    415: "This kind of content is not read", 428: "Say which version you saw", 429: "Wait a moment",
    500: "Our fault", 503: "Not ready",
}  # fmt: skip
_log = structlog.get_logger("web")


class Problem(Exception):
    """An answer that ends a request; the transaction is rolled back."""

    def __init__(
        self, status: int, detail: str, code: str = "", *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.code, self.more, self.headers = status, detail, code, more, headers or {}


def not_found() -> Problem:
    """The one answer for what is not there and for what is not theirs."""
    return Problem(404, "There is nothing here, or nothing for you.", "not_found")


def problem(
    status: int, detail: str, code: str = "", headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """Return a problem as an answer."""
    body = {"status": status, "title": TITLES.get(status, "Refused"), "detail": detail, **more}
    if code:
        body["code"] = code
    response = Response(json.dumps(body) + "\n", status, content_type="application/problem+json")
    response.headers.update(headers or {})
    return response


def defects(messages: Mapping[str, Any], prefix: str = "") -> list[dict[str, str]]:
    """Flatten marshmallow's messages: one entry per field, all of them at once."""
    found: list[dict[str, str]] = []
    for name, said in messages.items():
        where = f"{prefix}{name}"
        if isinstance(said, Mapping):
            found += defects(said, f"{where}." if where not in ("json", "multipart", "query", "headers") else "")
        else:
            sentences = said if isinstance(said, Sequence) and not isinstance(said, str) else [said]
            found += [{"field": where, "message": str(sentence)} for sentence in sentences]
    return found


def handle_errors(app: Flask) -> None:
    """Answer every error of ``app`` with a problem."""

    @app.errorhandler(Problem)
    def _problem(error: Problem) -> Response:
        return problem(error.status, error.detail, error.code, error.headers, **error.more)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        status = error.code or 500
        if status == 422:  # the design rules for APIs of the Dutch government ask for 400
            status = 400
        said = getattr(error, "data", None) or {}
        headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
        if said.get("messages"):
            found = defects(said["messages"])
            return problem(status, "; ".join(f"{d['field']}: {d['message']}" for d in found), "invalid", headers,
                           errors=found)  # fmt: skip
        if status == 404:
            missing = not_found()
            return problem(404, missing.detail, missing.code)
        return problem(status, error.description or "", "", headers)

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> Response:
        reference = secrets.token_hex(4)
        _log.error("unforeseen", reference=reference, kind=type(error).__name__, exc_info=error)
        return problem(500, f"This is our fault, not yours. Please report it with reference {reference}.", "fault",
                       reference=reference)  # fmt: skip
