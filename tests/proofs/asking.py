"""Somebody who asks a real server over a kept connection, with cookie and token, as a browser does."""
from __future__ import annotations

import http.client
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.service.browser import PASSWORD

LOST = (OSError, http.client.HTTPException)
"""What a request ends in when the server dies under it: nobody knows whether it was done."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as data."""
        return json.loads(self.body)


@dataclass
class Client:
    """A connection to 127.0.0.1; ``port`` may change when the server is started again."""

    port: int
    timeout: float = 60.0
    headers: dict[str, str] = field(default_factory=dict)
    cookie: str = ""
    _link: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, data: Any = None, *, headers: dict[str, str] | None = None,
            content: tuple[str, bytes] | None = None) -> Answer:  # fmt: skip
        """Ask; ``data`` goes as JSON, ``content`` is (type, bytes). Raises one of `LOST` when the server dies."""
        sent = {"Accept": "application/json", **self.headers, **(headers or {})}
        body: bytes | None = None
        if self.cookie:
            sent["Cookie"] = self.cookie
        if content is not None:
            sent["Content-Type"], body = content
        elif data is not None:
            sent["Content-Type"], body = "application/json", json.dumps(data).encode()
        if self._link is None or self._link.port != self.port:
            self.close()
            self._link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            self._link.request(method, path, body, sent)
            got = self._link.getresponse()
            read = got.read()
        except LOST:
            self.close()
            raise
        for name, value in got.getheaders():
            if name.lower() == "set-cookie":
                self.cookie = value.partition(";")[0]
        return Answer(got.status, {name.lower(): value for name, value in got.getheaders()}, read)

    def get(self, path: str) -> Answer:
        """Read."""
        return self.ask("GET", path)

    def sign_in(self, email: str) -> Client:
        """Sign in as the page does."""
        shown = self.get("/inloggen")
        csrf = {"X-CSRFToken": shown.json["csrf_token"]}
        done = self.ask("POST", "/inloggen", {"email": email, "password": PASSWORD}, headers=csrf)
        assert done.status == 200, done.body
        self.headers["X-CSRFToken"] = self.get("/api/v1/account").json["csrfToken"]
        return self

    def twin(self) -> Client:
        """The same person in another window: a connection of its own, the same session."""
        return Client(self.port, self.timeout, dict(self.headers), self.cookie)

    def hand_in(self, text: str, key: str = "", **fields: str) -> Answer:
        """Hand in a list."""
        return self.ask("POST", "/api/v1/uploads", content=multipart(text.encode(), **fields),
                        headers={"Idempotency-Key": key} if key else None)  # fmt: skip

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        if self._link is not None:
            self._link.close()
            self._link = None


def multipart(file: bytes, name: str = "lijst.csv", **fields: str) -> tuple[str, bytes]:
    """Return the type and body of a form with one file."""
    border = secrets.token_hex(16)
    parts = [f'--{border}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
             for field, value in fields.items()]  # fmt: skip
    head = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    parts.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + file + b"\r\n")
    return f"multipart/form-data; boundary={border}", b"".join([*parts, f"--{border}--\r\n".encode()])
