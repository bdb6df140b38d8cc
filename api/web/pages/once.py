"""One effect for a form sent twice: the hidden key of every form is the ``Idempotency-Key`` of a page."""
from __future__ import annotations

import secrets

from api.web.json.once import FORM_KEY as FIELD

__all__ = ["FIELD", "form_key"]


def form_key() -> str:
    """A key for a form that is shown now; a double click sends it twice, the next showing has another."""
    return secrets.token_urlsafe(16)
