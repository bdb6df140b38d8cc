"""Addresses that the world agreed on: whom to tell about a leak (RFC 9116)."""
from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, current_app

from api.web.access import ANYBODY, access
from api.web.database import now
from api.web.problems import not_found

blueprint = Blueprint("well_known", __name__, url_prefix="/.well-known")
_HOLDS = timedelta(days=180)
PATH = "/.well-known/security.txt"


@blueprint.get("/security.txt")
@access(ANYBODY)
def security() -> Response:
    """Whom to tell, in which languages, until when this holds."""
    settings = current_app.config["SCHAKEL_SETTINGS"]
    if not settings.security_contact:
        raise not_found()
    until = (now() + _HOLDS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {settings.security_contact}", f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
             "Preferred-Languages: nl, en"]  # fmt: skip
    if settings.public_url:
        lines.append(f"Canonical: {settings.public_url}{PATH}")
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
