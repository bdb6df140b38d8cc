"""The service as a process: database made ready, first login, worker as a child, waitress, a clean stop."""
from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType

import structlog
import waitress

from api.app import create_app
from api.services import accounts
from api.services.upkeep import make_ready, open_database
from api.settings import Settings, read_settings
from api.web.json.document import document
from api.web.logs import set_up_logs

_PATIENCE = 10  # seconds that a stopping worker gets
_log = structlog.get_logger("service")


def serve(settings: Settings, *, say: Callable[[str], object]) -> None:
    """Serve until a signal says stop; ``say`` gets the lines for people."""
    signal.signal(signal.SIGTERM, _stop)
    set_up_logs(settings.log_level)
    database = open_database(settings)
    now = datetime.now(UTC)
    make_ready(database, now=now)
    with database.writing() as session:
        first = accounts.first_administrator(session, now=now)
    server = waitress.create_server(
        create_app(settings, database), host=settings.host, port=settings.port, threads=settings.threads, ident=None,
        max_request_body_size=settings.upload_bytes + 1_000_000, channel_timeout=30,
        clear_untrusted_proxy_headers=settings.proxy_hops == 0,
    )  # fmt: skip
    port = getattr(server, "effective_port", settings.port)
    if first is not None:
        say(f"First login of the administrator, shown this once: {first[0]}  {first[1]}")
    say(f"Schakel is at {settings.public_url or f'http://{settings.host}:{port}'}  (data in {settings.data_dir})")
    _log.info("started", port=port)
    worker = None
    if settings.worker == "child":
        worker = subprocess.Popen([sys.executable, "-m", "api", "worker", "--of-service"])
    try:
        server.run()  # ends on SystemExit and KeyboardInterrupt, after the requests that are being answered
    finally:
        server.close()
        if worker is not None:
            worker.terminate()
            try:
                worker.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                worker.kill()
        database.close()
        _log.info("stopped")


def description() -> str:
    """Return the description of the API as text; needs no database and no settings of one's own."""
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"SCHAKEL_DATA_DIR": folder})
        app = create_app(settings, open_database(settings))
        return json.dumps(document(app), indent=1, ensure_ascii=False) + "\n"


def _stop(_: int, __: FrameType | None) -> None:
    raise SystemExit(0)
