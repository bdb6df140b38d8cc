"""Kijk eerst zelf: what it is for, how it stands in each of one's own regions, and the switch."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.services import first_looks
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.once import once
from api.web.pages.base import go, read_form, show
from api.web.pages.school.fields import Said
from api.web.pages.scope import chosen_region, region_choices
from api.web.problems import not_found

blueprint = Blueprint("first_look_pages", __name__)
PATH, FEW = "/kijk-eerst-zelf", 6


class SwitchForm(ma.Schema):
    """On or off, why, and which version was seen."""

    on = ma.fields.Boolean(required=True, error_messages={"required": "first_look.choose"})
    reason = Said(300, least=1, error="first_look.reason_needed", required=True,
                   error_messages={"required": "first_look.reason_needed"})  # fmt: skip
    seen = ma.fields.Integer(required=True)


@blueprint.get(PATH)
@access("connector", people_only=True)
def overview() -> Response:
    """How it stands; with a region in the address, or with only one of one's own, the switch of it."""
    return _shown(request.args.get("regio", "") or chosen_region())


@blueprint.post(f"{PATH}/<region>")
@access("connector", people_only=True)
@once
def turn(region: str) -> Any:
    """Switch it for everybody in the region."""
    if region not in dict(region_choices()):
        raise not_found()
    values, wrong = read_form(SwitchForm)
    if wrong:
        return _shown(region, wrong)
    (before,) = first_looks.of_regions(rows(), [region])
    if before.version != values["seen"]:
        return go(f"{PATH}?regio={region}", done="changed_meanwhile")
    first_looks.turn(rows(), asker().actor, region, on=values["on"], reason=values["reason"], now=now())
    return go(PATH, done="saved")


def _shown(region: str, wrong: dict[str, str] | None = None) -> Response:
    names = dict(region_choices())
    found = first_looks.of_regions(rows(), names)
    chosen = next((one for one in found if one.region == region or len(found) == 1), None)
    # With the whole country to look after, the regions of which there is nothing to tell are folded away.
    told = [one for one in found if len(found) <= FEW or one.at or one.region in (region, chosen_region())]
    return show("first_look.html", 400 if wrong else 200, wrong=wrong or {}, found=found, names=names, chosen=chosen,
                near=told, rest=[one for one in found if one not in told], typed=request.form)  # fmt: skip
