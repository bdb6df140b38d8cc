"""The administrator's pages of the policy: versions, a comparison on a region, adoption."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.policy import policy_template
from api.services import policies
from api.services.policies import WrongPolicy
from api.services.run_inputs import policy_of
from api.services.uploads import Conflict
from api.store import runs
from api.store.paging import START
from api.web.access import access, asker
from api.web.database import local_day, now, rows
from api.web.json.once import once
from api.web.pages.base import code_label, go, read_form, show, t
from api.web.pages.language import language
from api.web.pages.school.fields import Said
from api.web.problems import not_found
from features.geography import REGIONS, region_name

blueprint = Blueprint("admin_policy", __name__)
PATH = "/beheer/beleid"
ADMINISTRATOR = access("administrator", people_only=True)
MOVES = ("gains", "loses", "moves")


class PolicyForm(ma.Schema):
    """Settings, and on which region to compare them."""

    text = Said(policies.LONGEST, least=1, required=True)
    region = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *REGIONS]))
    do = ma.fields.String(load_default="compare", validate=ma.validate.OneOf(["compare", "adopt"]))


@blueprint.get(PATH)
@ADMINISTRATOR
def versions() -> Response:
    """Every version, the one that holds first."""
    found = runs.policies(rows(), START, None)
    return show("admin_policies.html", found=[(one, by, holds, policy_of(one.text)) for one, by, holds in found])


@blueprint.get(f"{PATH}/nieuw")
@ADMINISTRATOR
def new_policy() -> Response:
    """The settings that hold, to begin from."""
    latest = runs.latest_policy(rows())
    return _form(latest.text if latest is not None and latest.text else policy_template(language()))


@blueprint.post(f"{PATH}/nieuw")
@ADMINISTRATOR
@once
def compare_or_adopt() -> Any:
    """Compare the settings on a region, or adopt them."""
    values, wrong = read_form(PolicyForm)
    text = request.form.get("text", "")
    if wrong:
        return _form(text, wrong)
    try:
        if values["do"] == "adopt":
            policies.adopt(rows(), asker().actor, text, lang=language(), now=now())
            return go(PATH, done="policy")
        if not values["region"]:
            return _form(text, {"region": t("admin_policy.choose_region")})
        told = _compared(text, values["region"])
    except WrongPolicy as refused:
        said = [f"{one['field']}: {one['message']}" if one["field"] else one["message"] for one in refused.errors]
        return _form(text, {"text": " ".join(said)})
    except Conflict as conflict:
        known = {"same_policy": "same", "too_large": "too_large"}.get(conflict.code, "no_plan")
        return _form(text, {"text": t(f"admin_policy.{known}")})
    return _form(text, told=told)


@blueprint.get(f"{PATH}/<policy_id>")
@ADMINISTRATOR
def one_policy(policy_id: str) -> Response:
    """The settings of a version."""
    found = next((one for one, *_ in runs.policies(rows(), START, None) if one.id == policy_id), None)
    if found is None:
        raise not_found()
    return show("admin_policy.html", policy=found, text=found.text or policy_template(language()))


def _compared(text: str, region: str) -> dict[str, Any]:
    new = policies.read(text, language())
    inputs = policies.inputs_of(rows(), [region], on=local_day(now()), lang=language(), now=now())
    return policies.comparison(inputs, new) | {"region": code_label("region", region)}


def _form(text: str, wrong: dict[str, str] | None = None, told: dict[str, Any] | None = None) -> Response:
    named = [("", ""), *((code, region_name(code)) for code in sorted(REGIONS, key=region_name))]
    return show("admin_policy_new.html", 400 if wrong else 200, wrong=wrong or {}, text=text, told=told,
                regions=named, moves=MOVES)  # fmt: skip
