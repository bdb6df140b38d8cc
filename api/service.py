"""The service as a process: database made ready, first login, worker as a child, waitress, a clean stop."""
from __future__ import annotations

import json
import signal
import socket
import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog

from api.app import create_app
from api.errors import WrongUsage
from api.memory import set_aside
from api.services import accounts
from api.services.upkeep import make_ready, must_be_safe, open_database, read_by_others
from api.settings import Settings, read_settings
from api.waitress_listen import listen
from api.waitress_stop import run_until
from api.warm import warm
from api.web.json.document import document
from api.web.logs import set_up_logs
from api.worker_child import begin_worker, end_worker

_log = structlog.get_logger("service")


def must_be_free(settings: Settings) -> None:
    """Refuse an address that something else listens on, before anything is made or printed once.

    Raises
    ------
    WrongUsage
        If the host and port cannot be listened on.
    """
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{settings.host}, port {settings.port}"
            told = f"Cannot listen on {where}: {error.strerror}."
            raise WrongUsage(f"{told} Choose another port in SCHAKEL_PORT.") from None


def serve(settings: Settings, *, say: Callable[[str], object]) -> None:
    """Serve until a signal says stop; ``say`` gets the lines for people."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    set_up_logs(settings.log_level)
    must_be_free(settings)
    database = open_database(settings)
    must_be_safe(database, production=settings.production)
    now = datetime.now(UTC)
    make_ready(database, now=now)
    if told := read_by_others(database):
        say(told)
    with database.writing() as session:
        first = accounts.first_administrator(session, now=now)
    sockets: dict[int, Any] = {}
    app = create_app(settings, database)
    server = listen(app, settings, sockets)
    warm(app)
    set_aside()
    port = getattr(server, "effective_port", settings.port)
    if first is not None:
        say(f"First login of the administrator, shown this once: {first[0]}  {first[1]}")
    say(f"Schakel is at {settings.public_url or f'http://{settings.host}:{port}'}  (data in {settings.data_dir})")
    _log.info("started", port=port)
    worker = begin_worker(settings)
    try:
        run_until(server, sockets, stop)
    finally:
        end_worker(worker)
        database.close()
        _log.info("stopped")


def description() -> str:
    """Return the description of the API as text; needs no database and no settings of one's own."""
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"SCHAKEL_DATA_DIR": folder})
        app = create_app(settings, open_database(settings))
        return json.dumps(document(app), indent=1, ensure_ascii=False) + "\n"
