"""Every error as a problem (RFC 9457): status, title, what is wrong, and a number to quote when it is our fault."""
from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from flask import Flask, Response, g, json
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from api.bsn import mask
from api.errors import Faults, ServiceError
from api.services.cells import Unreadable
from api.services.policies import WrongPolicy
from api.services.uploads import Conflict
from api.web.database import database, now

TITLES = {
    400: "The request is not right", 401: "Sign in first", 403: "Not allowed", 404: "Not found",
    405: "Not possible here", 409: "Not any more", 412: "Changed meanwhile", 413: "Too large",
    415: "This kind of content is not read", 428: "Say which version you saw", 429: "Wait a moment",
    500: "Our fault", 503: "Not ready",
}  # fmt: skip
CODES = {405: "method", 413: "too_large", 415: "content_type", 431: "headers_too_large"}
"""Codes of what the framework or the server refuses by itself; what is not here is `refused`."""
_log = structlog.get_logger("web")
_CANNOT_NOW = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN",
               "08", "40001", "40P01", "53", "55P03", "57P")  # fmt: skip
_CANNOT_KEEP = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "53100")
"""Of these the ones after which nothing can be kept before somebody makes room or mends the disk."""
_AGAIN = 5
"""Seconds before asking again, when the database does not answer."""


class Problem(Exception):
    """An answer that ends a request; the transaction is rolled back."""

    def __init__(
        self, status: int, detail: str, code: str = "", *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.code, self.more, self.headers = status, detail, code, more, headers or {}


def camel(name: str) -> str:
    """``starts_on`` -> ``startsOn``."""
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


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
        where = f"{prefix}{mask(str(name))}"  # a field's name is what somebody sent
        if isinstance(said, Mapping):
            found += defects(said, f"{where}." if where not in ("json", "multipart", "query", "headers") else "")
        else:
            sentences = said if isinstance(said, Sequence) and not isinstance(said, str) else [said]
            found += [{"field": where, "message": str(sentence)} for sentence in sentences]
    return found


def handle_errors(app: Flask, *, page: Callable[[Problem], Response | None]) -> None:
    """Answer every error of ``app`` with a problem, or with what ``page`` makes of it where a page was asked for."""

    def answer(error: Problem) -> Response:
        try:
            return made(error)
        except DBAPIError as failed:  # a page asks the database whose page it is
            return _silent(failed)
        except Exception as failed:
            return _unforeseen(failed)

    def made(error: Problem) -> Response:
        g.problem_code = error.code  # for who looks at the answer afterwards, page or not
        shown = page(error)
        if shown is None:
            return problem(error.status, error.detail, error.code, error.headers, **error.more)
        shown.headers.update(error.headers)
        return shown

    def answer_alone(error: Problem) -> Response:
        """The answer, made without asking the database anything: not even whose page it is."""
        g.asker, g._login_user = None, vars(app)["login_manager"].anonymous_user()
        try:
            return made(error)
        except Exception:  # an answer without a page is better than none
            return problem(error.status, error.detail, error.code, error.headers, **error.more)

    @app.errorhandler(Problem)
    def _problem(error: Problem) -> Response:
        return answer(error)

    @app.errorhandler(ServiceError)
    def _refused(error: ServiceError) -> Response:
        more: dict[str, Any] = {}
        if isinstance(error, Unreadable):
            more["errors"] = [{**told, "field": camel(told["field"])} for told in error.errors]
        elif isinstance(error, Faults):
            more["errors"] = [{"field": where, "message": sentence} for where, sentence in error.errors]
        elif isinstance(error, WrongPolicy):
            more["errors"] = error.errors  # the names of the settings, as the file has them
        return answer(Problem(409 if isinstance(error, Conflict) else 400, str(error), error.code, **more))

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        status = error.code or 500
        if status == 422:  # the design rules for APIs of the Dutch government ask for 400
            status = 400
        said = getattr(error, "data", None) or {}
        headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
        if said.get("messages"):
            found = defects(said["messages"])
            told = "; ".join(f"{d['field']}: {d['message']}" for d in found)
            return answer(Problem(status, told, "invalid", headers=headers, errors=found))
        if status == 404:
            return answer(not_found())
        return answer(Problem(status, error.description or "", CODES.get(status, "refused"), headers=headers))

    @app.errorhandler(DBAPIError)
    def _silent(error: DBAPIError) -> Response:
        name = _why_silent(error)
        if not name:
            return _unforeseen(error)
        _log.error("database", kind=name)
        if name.startswith(_CANNOT_KEEP):
            database().failed_to_keep(now())
        told = "The database does not answer. Nothing was kept; ask again in a moment."
        return answer_alone(Problem(503, told, "busy", headers={"Retry-After": str(_AGAIN)}))

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> Response:
        reference = secrets.token_hex(4)
        _log.error("unforeseen", reference=reference, kind=type(error).__name__, exc_info=error)
        told = Problem(500, f"This is our fault, not yours. Please report it with reference {reference}.", "fault",
                       reference=reference)  # fmt: skip
        try:
            return made(told)
        except Exception:  # whose page it is may be just what cannot be asked
            return answer_alone(told)


def _why_silent(error: DBAPIError) -> str:
    """By which name a database says that it cannot now, so that asking again may help; "": what was asked is wrong.

    Locked for too long, a full disk, too many connections, a server that stops or is gone. Where nobody listens nobody
    gives it a name: then it is PostgreSQL's driver that speaks.
    """
    name = str(getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None) or "")
    if name:
        return name if name.startswith(_CANNOT_NOW) else ""
    unreached = isinstance(error, OperationalError) and type(error.orig).__module__.startswith("psycopg")
    return "gone" if unreached or error.connection_invalidated else ""
