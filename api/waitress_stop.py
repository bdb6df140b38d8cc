"""Serving with waitress until told to stop: what was begun is finished first, within a stated time."""
from __future__ import annotations

import threading
import time
from typing import Any

from waitress import wasyncore
from waitress.channel import HTTPChannel

LONGEST = 30.0
"""Seconds that requests get to end."""
_TURN = 0.25


def run_until(server: Any, sockets: dict[int, Any], stop: threading.Event) -> None:
    """Serve until ``stop`` is set; then take nothing new, and end when every request has had its answer.

    ``sockets`` is the map that the server was made with. The stop is looked at between two turns of its loop, so
    that a signal never cuts an answer in two.
    """
    while not stop.is_set():
        wasyncore.loop(timeout=_TURN, map=sockets, count=1)
    for listener in [found for found in sockets.values() if getattr(found, "accepting", False)]:
        listener.accepting = False
        listener.socket.close()
        sockets.pop(listener.socket_fd if hasattr(listener, "socket_fd") else listener._fileno, None)
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline and any(map(_is_busy, list(sockets.values()))):
        wasyncore.loop(timeout=_TURN, map=sockets, count=1)
    server.task_dispatcher.shutdown()
    wasyncore.close_all(sockets, ignore_all=True)


def _is_busy(found: Any) -> bool:
    """Whether a connection has a request that is being received or answered, or an answer that is not sent yet."""
    return isinstance(found, HTTPChannel) and bool(found.request or found.requests or found.total_outbufs_len)
