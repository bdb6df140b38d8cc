"""Who sends slowly holds nobody up: what is sent is in before the database is asked anything."""
from __future__ import annotations

import io
import json
import socket
import threading
from typing import Any

import pytest
from werkzeug.serving import make_server

from api.services.accounts import Right
from tests.service.browser import Service
from tests.service.test_uploads import HEAD

LIST = HEAD + "LL-1,25AB00,pro,2009-02-01,2026-07-01,8011,ja\n"


class Slow(io.BytesIO):
    """A body of which the second half comes only when somebody else has changed something."""

    def __init__(self, body: bytes, change: Any) -> None:
        super().__init__(body)
        self.change, self.half, self.changed = change, len(body) // 2, None

    def read(self, size: int | None = -1) -> bytes:
        """Give half; the rest after the change of somebody else."""
        if self.tell() < self.half:
            return super().read(min(self.half - self.tell(), size if size and size > 0 else self.half))
        if self.changed is None:
            self.changed = self.change()
        return super().read(size)

    def readinto(self, buffer: Any) -> int:
        """The same, into a buffer."""
        got = self.read(len(buffer))
        buffer[: len(got)] = got
        return len(got)


def multipart(name: str, text: str) -> tuple[bytes, str]:
    """A form with a file, as it is sent."""
    mark = "mark-of-a-part"
    body = (f"--{mark}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n"
            f"Content-Type: text/csv\r\n\r\n{text}\r\n--{mark}--\r\n")  # fmt: skip
    return body.encode(), f"multipart/form-data; boundary={mark}"


@pytest.mark.parametrize("kind", ["json", "form", "files", "read"])
def test_somebody_else_changes_something_while_a_body_is_on_its_way(service: Service, kind: str) -> None:
    service.add("a@example.org", Right("administrator"))
    service.add("b@example.org", Right("school", "25AB00", "School"))
    person = service.person("b@example.org" if kind == "files" else "a@example.org")

    def change() -> int:
        told: list[int] = []
        thread = threading.Thread(target=lambda: told.append(service.person().sign_in("b@example.org").status_code))
        thread.start()
        thread.join()
        return told[0]

    new = {"kind": "employer", "code": "12345678", "name": "Bedrijf", "region": "AM01"}
    path, method, (body, mime), good = {
        "json": ("/api/v1/organisations", "POST", (json.dumps(new).encode(), "application/json"), 201),
        "form": ("/api/v1/organisations", "POST", (b"x=" + b"y" * 5_000, "application/x-www-form-urlencoded"), 400),
        "files": ("/api/v1/uploads", "POST", multipart("list.csv", LIST), 201),
        "read": ("/api/v1/organisations", "GET", (b"x=" + b"y" * 5_000, "application/x-www-form-urlencoded"), 200),
    }[kind]  # fmt: skip
    slow = Slow(body, change)
    answer = person.ask(method, path, input_stream=slow, content_type=mime, headers={"Content-Length": str(len(body))})
    assert slow.changed == 200
    assert answer.status_code in (good, 415), answer.text
    if kind == "files":
        assert answer.json["rows"] == 1


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_half_a_body_on_a_socket_holds_no_change_up(service: Service) -> None:
    """Over the wire: half of a form of somebody signed in is sent, and somebody else signs in meanwhile."""
    service.add("a@example.org", Right("administrator"))
    person = service.person("a@example.org")
    cookie = person.client.get_cookie("sid")
    assert cookie is not None
    reading = threading.Event()
    service.app.before_request_funcs[None].insert(0, reading.set)
    server = make_server("127.0.0.1", 0, service.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    body = json.dumps({"kind": "employer", "code": "12345678", "name": "Bedrijf", "region": "AM01"}).encode()
    try:
        with socket.create_connection(("127.0.0.1", server.port)) as line:
            line.sendall(
                f"POST /api/v1/organisations HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
                f"Cookie: sid={cookie.value}\r\nX-CSRFToken: {person.headers['X-CSRFToken']}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body[:20]
            )
            assert reading.wait(60)
            assert service.person().sign_in("a@example.org").status_code == 200
            line.sendall(body[20:])
            assert b" 201 " in line.recv(65536)[:20]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_what_is_too_large_is_refused_and_not_kept(service: Service) -> None:
    service.add("a@example.org", Right("administrator"))
    person = service.person("a@example.org")
    large = b"x" * (service.settings.upload_bytes + 300_000)
    for mime in ("application/json", "application/octet-stream", "application/x-www-form-urlencoded"):
        assert person.post("/api/v1/organisations", data=large, content_type=mime).status_code == 413
