"""The administrator's pages of how an employer takes part in projects: the option, and its entry criteria."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.services import participations as verbs
from api.services.uploads import Conflict
from api.store import organisations
from api.store.organisations import Organisation, Participation
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.once import once
from api.web.pages.base import code_label, go, read_form, show, t
from api.web.pages.school.fields import Said
from api.web.problems import not_found
from features.codes import code_list
from features.geography import REGIONS, region_name

blueprint = Blueprint("admin_projects", __name__)
PARTY, ONE = "/beheer/organisaties/<party_id>/projecten", "/beheer/projecten/<project_id>"
ADMINISTRATOR = access("administrator", people_only=True)
STATES = ("met", "not_met", "unknown")
_OPTION = ma.fields.Integer(required=True, validate=ma.validate.OneOf(verbs.OPTIONS))


class NewForm(ma.Schema):
    """A project to take part in."""

    project = Said(120, least=1, required=True)
    branch = ma.fields.String(required=True, validate=ma.validate.OneOf(code_list("branch").codes))
    region = ma.fields.String(load_default=None, validate=ma.validate.OneOf(REGIONS))
    option = _OPTION


class ChangeForm(ma.Schema):
    """The option, whether it has ended, and the version that was seen."""

    option = _OPTION
    ended = ma.fields.String(load_default="")
    seen = ma.fields.Integer(required=True)


@blueprint.get(PARTY)
@ADMINISTRATOR
def projects(party_id: str) -> Response:
    """Every project of an employer, running ones first."""
    return _listed(_employer(party_id))


@blueprint.post(PARTY)
@ADMINISTRATOR
@once
def add(party_id: str) -> Any:
    """Write that an employer takes part in a project; its criteria are filled in on the next page."""
    home = _employer(party_id, lock=True)
    values, wrong = read_form(NewForm)
    if wrong:
        return _listed(home, wrong)
    values["region_code"] = values.pop("region")
    try:
        made = verbs.add(rows(), asker().actor, home, {**values, "criteria": {}}, now=now())
    except Conflict:
        return _listed(home, {"project": t("admin_projects.there")})
    return go(f"/beheer/projecten/{made.id}", done="saved")


@blueprint.get(ONE)
@ADMINISTRATOR
def project(project_id: str) -> Response:
    """One project with the criteria of its option."""
    return _shown(_project(project_id))


@blueprint.post(ONE)
@ADMINISTRATOR
@once
def change(project_id: str) -> Any:
    """Change option, criteria or end; criteria of another option than the one that was seen stay as they were."""
    found = _project(project_id)
    values, wrong = read_form(ChangeForm)
    if not wrong and values["seen"] != found.version:
        wrong = {"option": t("admin_projects.elsewhere")}
    if wrong:
        return _shown(found, wrong)
    told = {one["code"]: request.form.get(one["code"], "unknown")
            for one in verbs.checklist(found.option, found.criteria)}  # fmt: skip
    after = {code: state for code, state in {**found.criteria, **told}.items() if state in STATES[:2]}
    given: dict[str, Any] = {"option": values["option"], "criteria": after}
    changed = {name: value for name, value in given.items() if value != getattr(found, name)}
    ended = values["ended"] == "yes"
    if changed or ended != (found.ended_at is not None):
        verbs.change(rows(), asker().actor, found, changed, ended=ended, now=now())
    return go(f"/beheer/projecten/{found.id}", done="saved")


def _listed(home: Organisation, wrong: dict[str, str] | None = None) -> Response:
    found = organisations.participations_of(rows(), [home.id])
    named = [(code, region_name(code)) for code in sorted(REGIONS, key=region_name)]
    branches = sorted(((code, code_label("branch", code)) for code in code_list("branch").codes), key=lambda b: b[1])
    return show("admin_projects.html", 400 if wrong else 200, wrong=wrong or {}, party=home, options=_options(),
                found=[(one, _counted(one)) for one in found], regions=named, branches=branches)  # fmt: skip


def _shown(found: Participation, wrong: dict[str, str] | None = None) -> Response:
    home = organisations.by_id(rows(), found.organisation_id)
    return show("admin_project.html", 400 if wrong else 200, wrong=wrong or {}, found=found, party=home,
                options=_options(), checklist=verbs.checklist(found.option, found.criteria), states=STATES)  # fmt: skip


def _counted(found: Participation) -> dict[str, int]:
    states = [one["state"] for one in verbs.checklist(found.option, found.criteria)]
    return {"met": states.count("met"), "unknown": states.count("unknown"), "all": len(states)}


def _options() -> list[tuple[int, str]]:
    return [(option, code_label("participation_option", str(option))) for option in verbs.OPTIONS]


def _employer(party_id: str, *, lock: bool = False) -> Organisation:
    found = organisations.by_id(rows(), party_id, lock=lock)
    if found is None or found.kind != "employer":
        raise not_found()
    return found


def _project(project_id: str) -> Participation:
    found = organisations.get(rows(), Participation, project_id)
    if found is None:
        raise not_found()
    return found
