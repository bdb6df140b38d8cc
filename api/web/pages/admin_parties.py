"""The administrator's pages of organisations: who takes part, and who vouches for a new employer."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.errors import ServiceError
from api.services import account_lists, party_codes
from api.services import organisations as verbs
from api.store import organisations, people
from api.store.organisations import Organisation
from api.store.paging import START
from api.store.tables.organisations import KINDS
from api.web.access import access, asker
from api.web.cursors import place_or_start, seal
from api.web.database import now, rows
from api.web.json.once import once
from api.web.pages.base import beginning, go, read_form, show, t
from api.web.pages.school.fields import Said
from api.web.problems import not_found
from features.geography import REGIONS, region_name

blueprint = Blueprint("admin_parties", __name__)
PATH = "/beheer/organisaties"
ADMINISTRATOR = access("administrator", people_only=True)
_PAGE = 50


class PartyForm(ma.Schema):
    """An organisation to add."""

    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(KINDS))
    code = ma.fields.String(required=True)
    name = Said(200, least=1, required=True)
    place = Said(120, load_default="")
    region = ma.fields.String(load_default=None, validate=ma.validate.OneOf(REGIONS))

    @ma.validates_schema
    def has_the_number_of_its_kind(self, data: dict[str, Any], **_: Any) -> None:
        """Each kind has its own official number."""
        kind, code = data.get("kind", ""), data.get("code", "")
        if kind in KINDS and code and party_codes.fault_of(kind, party_codes.tidy(kind, code)):
            raise ma.ValidationError("admin_parties.wrong_code", "code")


@blueprint.get(PATH)
@ADMINISTRATOR
def party_list() -> Any:
    """Every organisation by name; those that wait for approval when asked."""
    kind, waits = request.args.get("soort", ""), request.args.get("wacht") == "ja"
    kind, after = kind if kind in KINDS else "", place_or_start(request.args.get("na", ""))
    found = organisations.on_page(rows(), everything=True, ids=(), regions=(), kind=kind,
                                  approved=False if waits else None, after=after, limit=_PAGE + 1)  # fmt: skip
    if after and not found:
        return beginning()
    return show("admin_parties.html", found=found[:_PAGE], kind=kind, waits=waits, kinds=_kinds(),
                older=seal((found[_PAGE - 1].name, found[_PAGE - 1].id)) if len(found) > _PAGE else "")  # fmt: skip


@blueprint.get(f"{PATH}/nieuw")
@ADMINISTRATOR
def new_party() -> Response:
    """The form for an organisation."""
    return _form()


@blueprint.post(f"{PATH}/nieuw")
@ADMINISTRATOR
@once
def add() -> Any:
    """Add an organisation; an administrator vouches for it."""
    values, wrong = read_form(PartyForm)
    if wrong:
        return _form(wrong)
    code = party_codes.tidy(values["kind"], values["code"])
    try:
        made = verbs.add(rows(), asker().actor, values["kind"], code, name=values["name"], region=values["region"],
                         place=values["place"], approved=True, now=now())  # fmt: skip
    except ServiceError:
        return _form({"code": t("admin_parties.there")})
    return go(f"{PATH}/{made.id}", done="saved")


@blueprint.get(f"{PATH}/<party_id>")
@ADMINISTRATOR
def one_party(party_id: str) -> Response:
    """An organisation with its accounts."""
    found = _party(party_id)
    accounts = people.on_page(rows(), role="", organisation_id=found.id, after=START, limit=_PAGE)
    return show("admin_party.html", party=found, accounts=account_lists.shown(rows(), accounts, now()))


@blueprint.post(f"{PATH}/<party_id>/goedkeuring")
@ADMINISTRATOR
@once
def judge(party_id: str) -> Any:
    """Vouch for an employer, or no more."""
    found = _party(party_id, lock=True)
    try:
        if found.approved_at is None:
            verbs.approve(rows(), asker().actor, found, now=now())
        else:
            verbs.distrust(rows(), asker().actor, found, now=now())
    except ServiceError:
        raise not_found() from None
    return go(f"{PATH}/{found.id}", done="saved")


def _form(wrong: dict[str, str] | None = None) -> Response:
    named = [(code, region_name(code)) for code in sorted(REGIONS, key=region_name)]
    return show("admin_party_new.html", 400 if wrong else 200, wrong=wrong or {}, kinds=_kinds(), regions=named)


def _kinds() -> list[tuple[str, str]]:
    return [(kind, t(f"admin_parties.{kind}")) for kind in KINDS]


def _party(party_id: str, *, lock: bool = False) -> Organisation:
    found = organisations.by_id(rows(), party_id, lock=lock)
    if found is None:
        raise not_found()
    return found
