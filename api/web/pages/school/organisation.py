"""Onze organisatie: the entry in the directory, whom to call, and on which ground of the law data are handed in."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.services import organisations as verbs
from api.store import organisations, people
from api.store.organisations import Contact, Organisation
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.once import once
from api.web.pages.base import code_label, go, read_form, show, t
from api.web.pages.school.fields import Said
from api.web.problems import not_found
from features.codes import code_list

blueprint = Blueprint("organisation_pages", __name__)
PATH = "/organisatie"
ONE = f"{PATH}/<organisation_id>"
MEMBERS = ("school", "referrer", "employer", "municipality")
_CODES = ma.fields.List(ma.fields.String(), load_default=list)


class EntryForm(ma.Schema):
    """An entry in the directory."""

    name = Said(200, least=1, required=True)
    place = Said(120, load_default="")
    about = Said(1000, load_default="")
    branches = _CODES
    contract_types = _CODES
    support = _CODES
    certificates = _CODES
    listed = ma.fields.Boolean(load_default=False)
    version = ma.fields.Integer(required=True)


class ContactForm(ma.Schema):
    """A person to call."""

    name = Said(120, least=1, required=True)
    task = Said(120, load_default="")
    email = ma.fields.String(load_default="", validate=[
        ma.validate.Length(0, 254), ma.validate.Regexp(r"(?:[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+)?\Z",
                                                       error="organisation.email_wrong")])  # fmt: skip
    phone = ma.fields.String(load_default="", validate=ma.validate.Regexp(
        r"[0-9+() /-]{0,30}\Z", error="organisation.phone_wrong"))  # fmt: skip
    listed = ma.fields.Boolean(load_default=False)


class GroundForm(ma.Schema):
    """A ground of the law."""

    ground = ma.fields.String(required=True, validate=ma.validate.OneOf(verbs.GROUNDS))
    explanation = Said(500, load_default="")


@blueprint.get(PATH)
@access(*MEMBERS, people_only=True)
def first() -> Any:
    """Go on to one's own organisation."""
    mine = own_parties()
    if len(mine) > 1:
        return show("school/organisations.html", parties=mine)
    return go(f"{PATH}/{mine[0].id}")


@blueprint.get(ONE)
@access(*MEMBERS, people_only=True)
def organisation(organisation_id: str) -> Response:
    """The entry, the contacts and the ground."""
    return _page(_own(organisation_id))


@blueprint.post(ONE)
@access(*MEMBERS, people_only=True)
@once
def change(organisation_id: str) -> Any:
    """Change the entry."""
    found = _own(organisation_id, lock=True)
    values, wrong = read_form(EntryForm)
    if not wrong and values["version"] != found.version:
        wrong = {"name": t("organisation.changed_meanwhile")}
    if wrong:
        return _page(found, wrong)
    offers = {name: [code for code in values[name] if code in code_list(kind)] for name, kind in verbs.OFFERS.items()}
    told = {name: values[name] for name in ("name", "place", "about", "listed")}
    verbs.change(rows(), asker().actor, found, {**told, "offers": {k: v for k, v in offers.items() if v}}, now=now())
    return go(f"{PATH}/{found.id}", done="saved")


@blueprint.post(f"{ONE}/contactpersonen")
@access(*MEMBERS, people_only=True)
@once
def add_contact(organisation_id: str) -> Any:
    """Add a person to call."""
    found = _own(organisation_id)
    values, wrong = read_form(ContactForm)
    if wrong:
        return _page(found, {f"contact-{name}": said for name, said in wrong.items()})
    verbs.add_contact(rows(), asker().actor, found, values, now=now())
    return go(f"{PATH}/{found.id}", done="saved")


@blueprint.post(f"{ONE}/contactpersonen/<contact_id>")
@access(*MEMBERS, people_only=True)
@once
def change_contact(organisation_id: str, contact_id: str) -> Any:
    """Show or hide a person to call, or let the person go."""
    found = _own(organisation_id)
    contact = organisations.get(rows(), Contact, contact_id)
    if contact is None or contact.organisation_id != found.id:
        raise not_found()
    if request.form.get("do") == "remove":
        verbs.remove_contact(rows(), asker().actor, contact, now=now())
    else:
        verbs.change_contact(rows(), asker().actor, contact, {"listed": not contact.listed}, now=now())
    return go(f"{PATH}/{found.id}", done="saved")


@blueprint.post(f"{ONE}/grondslag")
@access("school", "referrer", people_only=True)
@once
def record_ground(organisation_id: str) -> Any:
    """Record on which ground data are handed in."""
    found = _own(organisation_id, lock=True)
    values, wrong = read_form(GroundForm)
    if wrong:
        return _page(found, wrong)
    verbs.record_ground(rows(), asker().actor, found, values["ground"], values["explanation"], now=now())
    return go(f"{PATH}/{found.id}", done="ground_recorded")


def own_parties() -> list[Organisation]:
    """The organisations that the asker works at, by name."""
    ids = [i for i, role in asker().organisations.items() if role in MEMBERS]
    return sorted(people.organisations(rows(), ids), key=lambda party: party.name)


def _own(organisation_id: str, *, lock: bool = False) -> Organisation:
    found = organisations.by_id(rows(), organisation_id, lock=lock)
    if found is None or asker().organisations.get(found.id) not in MEMBERS:
        raise not_found()
    return found


def _page(found: Organisation, wrong: dict[str, str] | None = None) -> Response:
    grounds = organisations.grounds_of(rows(), found.id)
    return show(
        "school/organisation.html", 400 if wrong else 200, wrong=wrong or {}, one=found, grounds=grounds,
        contacts=organisations.contacts_of(rows(), [found.id]), ground_codes=verbs.GROUNDS, typed=request.form,
        offers={name: [(code, code_label(kind, code)) for code in code_list(kind).codes]
                for name, kind in verbs.OFFERS.items()},
    )  # fmt: skip
