"""Structured logs without personal data: only known keys get through; of an error its kind and where, not its text."""
from __future__ import annotations

import logging
import secrets
import sys
import threading
import time
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog
from flask import Flask, Response, g, request

ALLOWED = frozenset((
    "event", "level", "timestamp", "request", "method", "route", "status", "ms", "account", "reference", "kind",
    "frames", "run", "state", "attempt", "step", "seconds", "port", "sqlite", "journal", "worker", "logger", "line",
))  # fmt: skip
"""Keys that may stand in a log; whatever else was said is left out."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def scrub(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep the allowed keys; turn an exception into its kind and the lines it came through."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["kind"] = type(error).__name__
        event["frames"] = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-12:]]
    return {key: value for key, value in event.items() if key in ALLOWED}


def set_up_logs(level: str) -> None:
    """Write JSON lines to stderr."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True), scrub,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Stderr())),
        cache_logger_on_first_use=False,
    )  # fmt: skip
    root = logging.getLogger()
    if not any(isinstance(handler, _Libraries) for handler in root.handlers):
        root.addHandler(_Libraries())
    logging.getLogger("waitress").setLevel(logging.ERROR)
    logging.captureWarnings(True)
    threading.excepthook = lambda told: unforeseen(told.exc_value)


def unforeseen(error: BaseException | None) -> str:
    """Write an error that nobody caught by its kind and where it came through; return a number to quote."""
    reference = secrets.token_hex(4)
    structlog.get_logger("service").error("unforeseen", reference=reference, exc_info=error)
    return reference


class _Stderr:
    """Whatever stderr is when a line is written."""

    def write(self, text: str) -> int:
        """Write."""
        return sys.stderr.write(text)

    def flush(self) -> None:
        """Flush."""
        sys.stderr.flush()


class _Libraries(logging.Handler):
    """What libraries say, without their words: these may hold an address, a field or a value of somebody's."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write who said something, how bad it is, and of an error its kind."""
        error = record.exc_info[1] if record.exc_info else None
        level = "warning" if record.levelno < logging.ERROR else "error"
        told = structlog.get_logger("library")
        getattr(told, level)("library", logger=record.name, line=record.lineno, exc_info=error)


def log_requests(app: Flask) -> None:
    """Log every request by its route, never by its address: an address may hold an id that somebody guessed."""
    log = structlog.get_logger("web")

    @app.before_request
    def _begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        asker = g.get("asker")
        log.info(
            "request", method=request.method if request.method in METHODS else "other",
            route=str(request.url_rule or ""), status=response.status_code,
            ms=round(1000 * (time.perf_counter() - g.get("began", time.perf_counter()))),
            account=asker.account_id if asker else None,
        )  # fmt: skip
        return response
