"""Werkgever reageerde: who is to be met, then who was turned down, each with what a connector can do about it."""
from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from api.services.candidates import told_no
from api.store import reviews, runs
from api.web.access import access
from api.web.cursors import place_or_start, seal
from api.web.database import rows
from api.web.pages.base import beginning, show
from api.web.pages.language import language
from api.web.pages.scope import my_regions, numbers

blueprint = Blueprint("answered", __name__)
MOST = 100


@blueprint.get("/werkgever-reageerde")
@access("connector", people_only=True)
def answered() -> Any:
    """What employers said of candidates in the regions one looks at, as long as a connector is to act on it."""
    after = place_or_start(request.args.get("na", ""))
    found = reviews.employers_answered(rows(), my_regions(), after, MOST + 1)
    if after and not found:
        return beginning()
    more = seal(found[MOST - 1].place) if len(found) > MOST else ""
    shown = found[:MOST]
    students, openings = runs.names_of(rows(), [one.release.student_id for one in shown],
                                       [one.release.opening_id for one in shown])  # fmt: skip
    lines = [(one, students[one.release.student_id], openings[one.release.opening_id],
              "" if one.introduction_id else told_no(one.release, language())) for one in shown]  # fmt: skip
    return show("answered.html", lines=lines, number=numbers()["employer_answered"], after=after, more=more)


__all__ = ["blueprint"]
