"""Where a role begins, as long as it has no page of its own: what it can do here."""
from __future__ import annotations

from flask import Blueprint, Response

from api.web.access import access, asker
from api.web.pages.employer.start import employer_start
from api.web.pages.school.start import start_page

blueprint = Blueprint("start", __name__)


@blueprint.get("/start")
@access("school", "referrer", "employer")
def start() -> Response:
    """Where schools, referrers and employers begin."""
    return start_page() if asker().roles & {"school", "referrer"} else employer_start()
