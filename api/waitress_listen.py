"""Listening with waitress, whose own refusals are problems like all others.

The app refuses a body that is too large once it is in. What is larger than that by far is refused by what its header
says, before it is read: nobody fills the disk with it.
"""
from __future__ import annotations

from importlib import metadata
from typing import Any

import waitress
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from api.settings import Settings
from api.web.headers import headers_of
from api.web.problems import CODES, problem

TIMES_LARGER = 4
"""So many times the largest list is still read, to be refused in words by the app."""
_SAYS = {413: "This is larger than anything that is read here.", 431: "The headers of this request are too large."}


def listen(app: Flask, settings: Settings, sockets: dict[int, Any]) -> Any:
    """Return the server of ``app``, with its listeners in ``sockets``."""
    server = waitress.create_server(
        app, map=sockets, host=settings.host, port=settings.port, threads=settings.threads, ident=None,
        max_request_body_size=TIMES_LARGER * settings.upload_bytes, channel_timeout=30,
        clear_untrusted_proxy_headers=settings.proxy_hops == 0,
    )  # fmt: skip
    headers = headers_of(https=settings.secure, version=metadata.version("schakel"))
    refusal = type("Refusal", (_Refusal,), {"headers": [*headers.items()]})
    channel = type("Channel", (HTTPChannel,), {"error_task_class": refusal})
    for listener in sockets.values():
        if hasattr(listener, "channel_class"):
            listener.channel_class = channel
    return server


class _Refusal(ErrorTask):  # type: ignore[misc]
    """What waitress does not pass on to the app: too large, or no request at all."""

    headers: list[tuple[str, str]]

    def execute(self) -> None:
        """Say so as a problem, and close the connection: what else comes on it is not read."""
        error = self.request.error
        said = _SAYS.get(error.code, "This is no request that can be read.")
        body = problem(error.code, said, CODES.get(error.code, "refused")).get_data()
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [("Content-Type", "application/problem+json"), *self.headers]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)
