"""Whether the service lives, and whether it can work."""
from __future__ import annotations

from flask import Blueprint, Response, jsonify

from api.services.upkeep import readiness
from api.web.access import ANYBODY, access
from api.web.database import database, now

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("/live")
@access(ANYBODY)
def live() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/ready")
@access(ANYBODY)
def ready() -> tuple[Response, int]:
    """The database answers and has the tables of this version; a worker has shown itself."""
    found = readiness(database(), now())
    good = found["database"] == "ok" and found["schema"] == "ok"
    return jsonify(status="ok" if good else "not ready", **found), 200 if good else 503
