"""Who has no place and what would help, and where one more place helps most."""
from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from api.services import standing as verbs
from api.store import standing
from api.web.access import access
from api.web.cursors import place_or_start, seal
from api.web.database import local_day, now, rows
from api.web.pages.base import beginning, show
from api.web.pages.language import language
from api.web.pages.scope import holding, my_regions

blueprint = Blueprint("standing_pages", __name__)
MOST = 500


@blueprint.get("/zonder-plek")
@access("connector", people_only=True)
def without() -> Any:
    """Students without a place, with the rule that binds; and, on the first page, those who take no part."""
    after = place_or_start(request.args.get("na", ""))
    today = local_day(now())
    found = verbs.unplaced(rows(), my_regions(), after, MOST + 1, today=today, lang=language())
    if after and not found:
        return beginning()
    known = [] if after else standing.students_of_regions(rows(), my_regions())
    left = verbs.left_out(rows(), known, today, language())
    more = seal((found[MOST - 1]["student"]["id"],)) if len(found) > MOST else ""
    number = verbs.unplaced_number(rows(), my_regions(), today) if more or after else len(found)
    return show("without.html", students=found[:MOST], number=number, after=after, more=more, left_out=left,
                some=bool(known), has_run=bool(holding()))  # fmt: skip


@blueprint.get("/waar-een-plek-helpt")
@access("connector", people_only=True)
def places() -> Response:
    """What one more place would bring, per branch and region."""
    return show("places.html", cells=verbs.places_wanted(rows(), my_regions(), language()))
