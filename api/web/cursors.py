"""Where a list goes on, as a text that only we can read: the place of the last row that was shown, sealed.

A place may hold the name or the number of a person, and no address shows one. A seal counts for the address of its own
list, and the same place has the same seal each time.
"""
from __future__ import annotations

import base64
import json
from datetime import date

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from flask import current_app, request

from api.settings import Settings
from api.store.paging import START, Place

LONGEST = 2_000
"""Characters of a seal; a place with the longest name that we keep has fewer."""


def seal(place: Place) -> str:
    """Return where the list at this address goes on after a place."""
    plain = [value.isoformat() if isinstance(value, date) else value for value in place]
    text = json.dumps(plain, separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(_cipher().encrypt(text, _here())).rstrip(b"=").decode()


def unseal(sealed: str) -> Place:
    """Return the place that was sealed for this address; nothing sealed is the beginning.

    Raises
    ------
    ValueError
        If it was not sealed by us, or for another list.
    """
    if not sealed:
        return START
    if len(sealed) > LONGEST:
        raise ValueError("too long")
    padded = sealed + "=" * (-len(sealed) % 4)
    try:
        text = _cipher().decrypt(base64.b64decode(padded, altchars=b"-_", validate=True), _here())
    except InvalidTag:
        raise ValueError("not sealed here") from None
    return tuple(json.loads(text))


def place_or_start(sealed: str) -> Place:
    """Return the place that was sealed; of what cannot be read, as an address kept for long, the beginning."""
    try:
        return unseal(sealed)
    except ValueError:
        return START


def _cipher() -> AESSIV:
    settings: Settings = current_app.config["SCHAKEL_SETTINGS"]
    return AESSIV(settings.derive("cursors"))


def _here() -> list[bytes]:
    return [request.path.encode()]


__all__ = ["LONGEST", "place_or_start", "seal", "unseal"]
