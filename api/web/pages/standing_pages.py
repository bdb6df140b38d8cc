"""Who has no place and what would help, and where one more place helps most."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from api.services import standing as verbs
from api.store import standing
from api.texts.catalogue import say
from api.texts.changes import VACANCY
from api.texts.dates import short_date
from api.web.access import access
from api.web.database import local_day, now, rows
from api.web.pages.base import day, show, t
from api.web.pages.language import language
from api.web.pages.scope import my_regions

blueprint = Blueprint("standing_pages", __name__)
MOST = 500


@blueprint.get("/zonder-plek")
@access("connector", people_only=True)
def without() -> Response:
    """Students without a place, with the rule that binds; and those who take no part."""
    found = verbs.unplaced(rows(), my_regions(), "", MOST, language())
    known = standing.students_of_regions(rows(), my_regions())
    left = verbs.left_out(rows(), known, local_day(now()), language())
    return show("without.html", students=found, left_out=left, told=told)


def told(change: Mapping[str, Any]) -> str:
    """What would help, with the place by its name where a run names a number; without the code before it."""
    sentence, where = str(change["sentence"]).removeprefix(f"{change['code']}: "), change["opening"]
    if where is None:
        return sentence
    number = say(VACANCY, "vacancy", language(), ref=where["vacancy_ref"],
                 start=short_date(where["starts_on"], language()))  # fmt: skip
    return sentence.replace(number, t("without.at", title=where["title"] or where["vacancy_ref"],
                                      employer=where["employer"], date=day(where["starts_on"])))  # fmt: skip


@blueprint.get("/waar-een-plek-helpt")
@access("connector", people_only=True)
def places() -> Response:
    """What one more place would bring, per branch and region."""
    return show("places.html", cells=verbs.places_wanted(rows(), my_regions(), language()))
