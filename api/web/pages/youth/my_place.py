"""Mijn plek: what was agreed before the start, agreeing to it, and when somebody asks how it goes."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response

from api.services import agreements as verbs
from api.services.states import NotNow
from api.store import introductions, placements, runs
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.once import once
from api.web.pages.base import go, read_form
from api.web.pages.seen import Stale, seen_as
from api.web.pages.youth.base import ROLES, banner_of, names, shown, who_answers
from api.web.pages.youth.contact import contact_of
from api.web.problems import not_found
from api.web.reach import reach_of, speaks_for

blueprint = Blueprint("my_place", __name__)
PATH = "/mijn-plek"


class AgreeForm(ma.Schema):
    """What was read is what is agreed to."""

    seen = ma.fields.String(required=True)


@blueprint.get(PATH)
@access(*ROLES, people_only=True)
def place() -> Response:
    """Agreements and placements, newest first."""
    reach = reach_of(asker(), *ROLES)
    found, at_work = introductions.agreements(rows(), reach), placements.placements(rows(), reach)
    _, openings = runs.names_of(rows(), [], [*(one.opening_id for one in found), *(one.opening_id for one in at_work)])
    adapted = introductions.adaptations_of(rows(), [one.id for one in found])
    began = introductions.started(rows(), [one.introduction_id for one in found])
    stands = began | introductions.shown(rows(), [one.introduction_id for one in found])
    called = names()
    whose = {i: contact_of(i) for i in [*(one.student_id for one in found), *(one.student_id for one in at_work)]}
    return shown(
        "place.html", several=len(called) > 1, contact=next(iter(whose.values()), None),
        agreements=[{"one": one, "opening": openings[one.opening_id], "adapted": adapted[one.id],
                     "started": one.introduction_id in began, "over": one.introduction_id not in stands,
                     "yes_by": who_answers(one.student_id, yes=True), "name": called[one.student_id],
                     "contact": whose[one.student_id]}
                    for one in found],
        placements=[{"one": one, "opening": openings[one.opening_id],
                     "moments": placements.moments(rows(), reach, placement_id=one.id),
                     "name": called[one.student_id], "contact": whose[one.student_id]} for one in at_work],
    )  # fmt: skip


@blueprint.post(f"{PATH}/<agreement_id>")
@access(*ROLES, people_only=True)
@once
def agree(agreement_id: str) -> Any:
    """Agree to what was read."""
    found = introductions.agreement(rows(), reach_of(asker(), *ROLES), agreement_id)
    if found is None:
        raise not_found()
    said, _ = read_form(AgreeForm)
    try:
        verbs.agree(rows(), asker().actor, found, roles=speaks_for(asker(), found.student_id),
                    seen=seen_as(said.get("seen", "")), now=now())  # fmt: skip
    except (NotNow, Stale) as refused:
        return go(PATH, done=banner_of(refused))
    return go(PATH, done="agreed")
