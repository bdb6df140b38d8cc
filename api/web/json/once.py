"""One effect for a request sent twice: ``Idempotency-Key`` on whatever creates, a hidden field in the forms of pages.

The key is claimed in the same transaction as what it creates. A second request with it waits for the first one, and
gets the very same answer; with another body under the same key it is refused.
"""
from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, after_this_request, request
from werkzeug.datastructures import FileStorage

from api.store import answers
from api.web.access import asker
from api.web.database import now, rows
from api.web.problems import Problem

View = TypeVar("View", bound=Callable[..., Any])
_LONGEST = 200
FORM_KEY = "form_key"
"""The hidden field by which the form of a page says its key."""
_KEPT = ("Content-Type", "ETag", "Location")


class Repeat(Exception):
    """The answer that was given before."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def once(view: View) -> View:
    """Let a view act once per ``Idempotency-Key`` and account."""
    return _once(view, secret=False)


def once_secret(view: View) -> View:
    """`once` for a view whose answer holds a secret: it is given once, and a repeated request is told so."""
    return _once(view, secret=True)


def _once(view: View, *, secret: bool) -> View:
    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        sent = request.headers.get("Idempotency-Key", request.form.get(FORM_KEY))
        if sent is None:
            return view(*args, **kwargs)
        if not 1 <= len(sent) <= _LONGEST:
            raise Problem(400, f"Idempotency-Key: 1 to {_LONGEST} characters.", "invalid")
        key, digest = hashlib.sha256(sent.encode()).hexdigest(), _digest()
        if answers.claim(rows(), asker().account_id, key, digest, now()):
            after_this_request(_remember(key, secret=secret))
            return view(*args, **kwargs)
        given = answers.given(rows(), asker().account_id, key)
        if given.request != digest:
            raise Problem(409, "This Idempotency-Key was sent with another request.", "key_reused")
        if secret:
            raise Problem(409, "This was done already. Its answer held a secret, which is kept nowhere.", "key_used")
        raise Repeat(Response(given.body, given.status, headers=json.loads(given.headers)))

    guarded.once = True  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def _remember(key: str, *, secret: bool) -> Callable[[Response], Response]:
    account_id = asker().account_id

    def keep(response: Response) -> Response:
        if response.status_code < 400:  # an error is rolled back, and its claim with it
            headers = {name: response.headers[name] for name in _KEPT if name in response.headers}
            answers.fill(rows(), account_id, key, status=response.status_code,
                         body=b"" if secret else response.get_data(),
                         headers=json.dumps(headers))  # fmt: skip
        return response

    return keep


def ahead(read: Callable[..., Any]) -> Callable[[View], View]:
    """Give a view, as ``read``, what ``read`` makes of its request before anything is written; stands above `once`.

    A list may take seconds: it is read out of the database, for on SQLite nobody else could write meanwhile.
    """
    def mark(view: View) -> View:
        @functools.wraps(view)
        def guarded(*asked: Any, **address: Any) -> Any:
            return view(*asked, **address, read=read(*asked, **address))

        return guarded  # type: ignore[return-value]

    return mark


def bytes_of(file: FileStorage) -> bytes:
    """What is in a file that was sent; it can be read again."""
    content = file.stream.read()
    file.stream.seek(0)
    return content


def _digest() -> str:
    """SHA-256 of what is asked: method, address, fields and files; a boundary between parts does not count."""
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if request.files or request.form:
        for name, value in sorted(request.form.items(multi=True)):
            digest.update(json.dumps([name, value]).encode())
        for name, file in sorted(request.files.items(multi=True), key=lambda item: item[0]):
            digest.update(json.dumps([name, file.filename, hashlib.sha256(bytes_of(file)).hexdigest()]).encode())
    else:
        digest.update(request.get_data())
    return digest.hexdigest()
