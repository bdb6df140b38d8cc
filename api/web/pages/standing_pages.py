"""Who has no place and what would help, and where one more place helps most."""
from __future__ import annotations

from flask import Blueprint, Response

from api.services import standing as verbs
from api.store import standing
from api.store.paging import START
from api.web.access import access
from api.web.database import local_day, now, rows
from api.web.pages.base import show
from api.web.pages.language import language
from api.web.pages.scope import holding, my_regions

blueprint = Blueprint("standing_pages", __name__)
MOST = 500


@blueprint.get("/zonder-plek")
@access("connector", people_only=True)
def without() -> Response:
    """Students without a place, with the rule that binds; and those who take no part."""
    found = verbs.unplaced(rows(), my_regions(), START, MOST, language())
    known = standing.students_of_regions(rows(), my_regions())
    left = verbs.left_out(rows(), known, local_day(now()), language())
    return show("without.html", students=found, left_out=left, some=bool(known), has_run=bool(holding()))


@blueprint.get("/waar-een-plek-helpt")
@access("connector", people_only=True)
def places() -> Response:
    """What one more place would bring, per branch and region."""
    return show("places.html", cells=verbs.places_wanted(rows(), my_regions(), language()))
