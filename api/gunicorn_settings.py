"""How gunicorn serves: from the one table of settings, with the worker of runs beside it and a clean stop.

Nothing is loaded before the processes part: each opens connections of its own, and a model that was fitted before a
fork could hang in it.
"""
from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from typing import Any

import structlog
from gunicorn import glogging
from gunicorn.http import wsgi

from api.memory import set_aside
from api.settings import LOOPBACK, read_settings
from api.web.logs import set_up_logs
from api.worker_child import begin_worker, end_worker

_settings = read_settings(begins=False)
set_up_logs(_settings.log_level)
_lines = structlog.get_logger("server")
# One folder in which the processes count together (`api.web.metrics`).
_counts = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="schakel-metrics-")
_HOST = f"[{_settings.host}]" if ":" in _settings.host else _settings.host

bind = f"{_HOST}:{_settings.port}"
workers = _settings.processes
threads = _settings.threads
worker_class = "gthread"
preload_app = False
timeout = 120
graceful_timeout = 30
# A connection for each request, as proxies make them by themselves: whichever process is free takes the next one. A
# kept connection ties whoever holds it to one process, busy or not, and may close just when a request comes.
keepalive = 0
limit_request_line = 4094
limit_request_fields = 60
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
# Our own hands count the proxies (SCHAKEL_PROXY_HOPS); gunicorn believes nobody beyond this machine.
forwarded_allow_ips = ",".join(address for address in LOOPBACK if address != "localhost")

_children: list[subprocess.Popen[bytes] | None] = []


class _Quiet(wsgi.Response):  # type: ignore[misc]
    """An answer that does not name the server."""

    def default_headers(self) -> list[str]:
        """The lines of the server itself, without its name."""
        return [line for line in super().default_headers() if not line.startswith("Server:")]


wsgi.Response = _Quiet


_SAID = (
    ("WORKER TIMEOUT", "process timeout"), ("Worker (pid:%s) was sent", "process killed"),
    ("Worker (pid:%s) exited", "process ended"), ("Invalid request", "invalid request"),
    ("Error handling request", "request failed"), ("Connection in use", "address in use"),
    ("Invalid address", "invalid address"), ("Can't connect", "cannot listen"),
)  # fmt: skip
"""How what gunicorn says begins, where that says more than where it was said, and how we call it."""


class _Log(glogging.Logger):  # type: ignore[misc]
    """What gunicorn says of itself, a line of JSON each: never its words, which may hold an address or a request."""

    def critical(self, msg: Any, *_: Any, **__: Any) -> None:
        """Say that something was very bad."""
        self._tell(logging.CRITICAL, msg)

    def error(self, msg: Any, *_: Any, **__: Any) -> None:
        """Say that something was bad."""
        self._tell(logging.ERROR, msg)

    def warning(self, msg: Any, *_: Any, **__: Any) -> None:
        """Say that something was not good."""
        self._tell(logging.WARNING, msg)

    def info(self, msg: Any, *_: Any, **__: Any) -> None:
        """Say that something was done."""
        self._tell(logging.INFO, msg)

    def debug(self, msg: Any, *_: Any, **__: Any) -> None:
        """Say something for who looks for a mistake."""
        self._tell(logging.DEBUG, msg)

    def exception(self, msg: Any, *_: Any, **__: Any) -> None:
        """Say that something went wrong, and where it came through."""
        self._tell(logging.ERROR, msg, exc_info=sys.exc_info()[1])

    def log(self, lvl: Any, msg: Any, *_: Any, **__: Any) -> None:
        """Say something at a level of its own."""
        self._tell(self.LOG_LEVELS.get(lvl.lower(), logging.INFO) if isinstance(lvl, str) else int(lvl), msg)

    def _tell(self, level: int, msg: Any, **more: Any) -> None:
        if not self.error_log.isEnabledFor(level):
            return
        error, said = sys.exc_info()[1], sys._getframe(2)
        kind = next((ours for words, ours in _SAID if str(msg).startswith(words)), "")
        if error is not None and kind in ("", "invalid request"):  # its kind says more
            kind = type(error).__name__
        _lines.log(max(level, logging.DEBUG), "server", kind=kind, logger=said.f_globals.get("__name__", ""),
                   line=said.f_lineno, **more)  # fmt: skip


logger_class = _Log


def when_ready(_: Any) -> None:
    """Start the worker of runs, once, beside the web processes."""
    _children.append(begin_worker(_settings))


def post_worker_init(worker: Any) -> None:
    """The app of this process is made: it loads what the first card needs, and what it consists of stays."""
    from api.warm import warm  # here, after the processes parted

    warm(worker.wsgi)
    set_aside()


def child_exit(_: Any, worker: Any) -> None:
    """Let the counts of a process that ended stand, without what it measured of itself."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_: Any) -> None:
    """Stop the worker of runs, and take the folder away."""
    for worker in _children:
        end_worker(worker)
    shutil.rmtree(_counts, ignore_errors=True)
