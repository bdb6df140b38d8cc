"""Organisations, their contact persons and grounds of the law; approval of new employers; the directory."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.errors import Refused
from api.services import organisations as verbs
from api.services import party_codes
from api.store import organisations
from api.store.organisations import Contact, Organisation
from api.store.tables.organisations import KINDS
from api.web.access import access, asker, regions_of
from api.web.database import now, rows
from api.web.json.base import (
    ETAG,
    LOCATION,
    Blueprint,
    Moment,
    Page,
    PageSchema,
    Schema,
    Words,
    etag,
    link,
    matched,
    must_match,
    page_of,
)
from api.web.json.once import once
from api.web.problems import Problem, not_found
from features.codes import code_list
from features.geography import REGIONS

blueprint = Blueprint("organisations", __name__, description="Organisations, whom to call there, and the directory")
MEMBERS = ("school", "referrer", "employer", "municipality")
ALL = (*MEMBERS, "connector", "administrator")
_REGION = ma.validate.OneOf(REGIONS)
_CODES = ma.fields.List(ma.fields.String(validate=ma.validate.Length(max=40)), validate=ma.validate.Length(max=60))
_EMAIL = ma.validate.Regexp(r"(?:[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+)?\Z")
_PHONE = ma.validate.Regexp(r"[0-9+() /-]{0,30}\Z")


class OrganisationSchema(Schema):
    """An organisation."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(KINDS))
    code = ma.fields.String(required=True, metadata={"description": "BRIN, KvK number, CBS code, or a name"})
    name = ma.fields.String(required=True)
    region = ma.fields.String(allow_none=True, attribute="region_code")
    place = ma.fields.String(required=True)
    about = ma.fields.String(required=True)
    offers = ma.fields.Dict(keys=ma.fields.String(), values=_CODES, required=True)
    listed = ma.fields.Boolean(required=True)
    approved_at = Moment(allow_none=True)
    version = ma.fields.Integer(required=True)


class NewOrganisationSchema(Schema):
    """An organisation to add."""

    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(KINDS))
    code = ma.fields.String(required=True, validate=ma.validate.Length(1, 120))
    name = Words(200, least=1, required=True)
    region = ma.fields.String(load_default=None, validate=_REGION)
    place = Words(120, load_default="")

    @ma.validates_schema(skip_on_field_errors=False)
    def has_the_number_of_its_kind(self, data: dict[str, Any], **_: Any) -> None:
        """Each kind of party goes by its own official number."""
        kind, code = data.get("kind"), data.get("code")
        said = party_codes.fault_of(kind, party_codes.tidy(kind, code)) if kind in KINDS and code else ""
        if said:
            raise ma.ValidationError(said, "code")

    @ma.post_load
    def as_stored(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The number as lists write it."""
        return {**data, "code": party_codes.tidy(data["kind"], data["code"])}


class ChangedOrganisationSchema(Schema):
    """What to change."""

    name = Words(200, least=1)
    place = Words(120)
    region = ma.fields.String(validate=_REGION)
    about = Words(1000)
    offers = ma.fields.Dict(keys=ma.fields.String(validate=ma.validate.OneOf(list(verbs.OFFERS))), values=_CODES)
    listed = ma.fields.Boolean()


class OrganisationQuery(PageSchema):
    """Which organisations."""

    kind = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *KINDS]))
    approved = ma.fields.Boolean(load_default=None)


class ContactSchema(Schema):
    """A person to call."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    task = ma.fields.String(required=True)
    email = ma.fields.String(required=True)
    phone = ma.fields.String(required=True)
    listed = ma.fields.Boolean(required=True)
    version = ma.fields.Integer(required=True)


class NewContactSchema(Schema):
    """A person to call; ``listed`` shows the person in the directory."""

    name = Words(120, least=1, required=True)
    task = Words(120, load_default="")
    email = ma.fields.String(load_default="", validate=[ma.validate.Length(max=254), _EMAIL])
    phone = ma.fields.String(load_default="", validate=_PHONE)
    listed = ma.fields.Boolean(load_default=False)


class ChangedContactSchema(Schema):
    """What to change of a person to call."""

    name = Words(120, least=1)
    task = Words(120)
    email = ma.fields.String(validate=[ma.validate.Length(max=254), _EMAIL])
    phone = ma.fields.String(validate=_PHONE)
    listed = ma.fields.Boolean()


class GroundSchema(Schema):
    """A ground of the law on which a party hands in data; the one without an end stands."""

    id = ma.fields.String(required=True)
    ground = ma.fields.String(required=True, validate=ma.validate.OneOf(verbs.GROUNDS))
    explanation = ma.fields.String(required=True)
    recorded_at = Moment(required=True)
    ended_at = Moment(allow_none=True)


class NewGroundSchema(Schema):
    """A ground to record."""

    ground = ma.fields.String(required=True, validate=ma.validate.OneOf(verbs.GROUNDS))
    explanation = Words(500, load_default="")


class ApprovalSchema(Schema):
    """An employer that somebody vouches for, from this moment on."""

    organisation = ma.fields.Nested(OrganisationSchema, required=True)
    opened = ma.fields.Integer(required=True, metadata={"description": "Vacancies that are matched from now on"})


class DirectoryContactSchema(Schema):
    """A person to call, in the directory."""

    name = ma.fields.String(required=True)
    task = ma.fields.String(required=True)
    email = ma.fields.String(required=True)
    phone = ma.fields.String(required=True)


class DirectoryEntrySchema(Schema):
    """An organisation as others see it: never a student, never how many."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    place = ma.fields.String(required=True)
    region = ma.fields.String(allow_none=True, attribute="region_code")
    about = ma.fields.String(required=True)
    offers = ma.fields.Dict(keys=ma.fields.String(), values=_CODES, required=True)
    contacts = ma.fields.List(ma.fields.Nested(DirectoryContactSchema), required=True)


class DirectoryQuery(PageSchema):
    """Which organisations."""

    kind = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *KINDS]))
    region = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *REGIONS]))
    branch = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *code_list("branch").codes]))


@blueprint.route("/organisations")
class Organisations(MethodView):
    """All organisations that one works for, or looks after."""

    @access(*ALL)
    @blueprint.arguments(OrganisationQuery, location="query")
    @blueprint.response(200, page_of(OrganisationSchema, "Organisation"))
    def get(self, query: dict[str, Any]) -> Page:
        """By name: all for the administrator, those of one's regions for a connector, one's own for others."""
        who = asker()
        found = organisations.on_page(
            rows(), everything="administrator" in who.roles, ids=who.organisations, regions=regions_of(who),
            kind=query["kind"], approved=query["approved"], after=query["after"], limit=query["limit"] + 1,
        )  # fmt: skip
        return Page.of(found, query["limit"], lambda last: (last.name, last.id))

    @access("connector", "administrator", people_only=True)
    @blueprint.arguments(NewOrganisationSchema)
    @blueprint.response(201, OrganisationSchema, headers=ETAG | LOCATION)
    @once
    def post(self, given: dict[str, Any]) -> Any:
        """Add one. A connector vouches for an employer of an own region; the administrator's waits for approval."""
        who = asker()
        connector = "administrator" not in who.roles
        if connector and (given["kind"] != "employer" or given["region"] not in regions_of(who)):
            raise Refused("A connector adds employers of the own regions.", code="region")
        made = verbs.add(rows(), who.actor, given.pop("kind"), given.pop("code"), **given, approved=connector,
                         now=now())  # fmt: skip
        where = {"Location": link("organisations.OneOrganisation", organisation_id=made.id)}
        return made, 201, where | etag(made.version)


@blueprint.route("/organisations/<organisation_id>")
class OneOrganisation(MethodView):
    """One organisation."""

    @access(*ALL)
    @blueprint.response(200, OrganisationSchema, headers=ETAG)
    def get(self, organisation_id: str) -> Any:
        """Who it is and what it offers."""
        found = own_organisation(organisation_id)
        return found, 200, etag(found.version)

    @access(*ALL, people_only=True)
    @matched
    @blueprint.arguments(ChangedOrganisationSchema)
    @blueprint.response(200, OrganisationSchema, headers=ETAG)
    def patch(self, given: dict[str, Any], organisation_id: str) -> Any:
        """Change what others read; the region is the administrator's to change."""
        found = own_organisation(organisation_id, lock=True, write=True)
        must_match(found.version)
        if "region" in given:
            if "administrator" not in asker().roles:
                raise Problem(403, "The administrator changes a region.", "role")
            given["region_code"] = given.pop("region")
        if unknown := verbs.unknown_offers(given.get("offers", {})):
            raise Problem(400, "; ".join(unknown), "invalid", errors=[
                {"field": "offers", "message": f"{one} is no code of its list."} for one in unknown])  # fmt: skip
        verbs.change(rows(), asker().actor, found, given, now=now())
        return found, 200, etag(found.version)


@blueprint.route("/organisations/<organisation_id>/approval")
class Approval(MethodView):
    """That somebody vouches for an employer."""

    @access("connector", "administrator", people_only=True)
    @matched
    @blueprint.response(200, ApprovalSchema, headers=ETAG)
    def put(self, organisation_id: str) -> Any:
        """Vouch for it, after a look at the KvK register: its vacancies are matched from now on."""
        found = own_organisation(organisation_id, lock=True, vouch=True)
        must_match(found.version)
        opened = verbs.approve(rows(), asker().actor, found, now=now())
        return {"organisation": found, "opened": opened}, 200, etag(found.version)

    @access("connector", "administrator", people_only=True)
    @matched
    @blueprint.response(200, OrganisationSchema, headers=ETAG)
    def delete(self, organisation_id: str) -> Any:
        """Take it back: nothing of it is matched from now on."""
        found = own_organisation(organisation_id, lock=True, vouch=True)
        must_match(found.version)
        verbs.distrust(rows(), asker().actor, found, now=now())
        return found, 200, etag(found.version)


@blueprint.route("/organisations/<organisation_id>/legal-grounds")
class Grounds(MethodView):
    """On which ground of the law a party hands in data about persons."""

    @access(*ALL)
    @blueprint.response(200, GroundSchema(many=True))
    def get(self, organisation_id: str) -> Any:
        """Every ground, newest first; the first stands when it has no end."""
        return organisations.grounds_of(rows(), own_organisation(organisation_id).id)

    @access(*MEMBERS, "administrator", people_only=True)
    @blueprint.arguments(NewGroundSchema)
    @blueprint.response(201, GroundSchema, headers=LOCATION)
    @once
    def post(self, given: dict[str, Any], organisation_id: str) -> Any:
        """Record one; the one before it ends. Without one, no list of persons is stored."""
        found = own_organisation(organisation_id, lock=True)
        if not ("administrator" in asker().roles or found.id in asker().organisations):
            raise not_found()  # a connector does not answer for it
        made = verbs.record_ground(rows(), asker().actor, found, given["ground"], given["explanation"], now=now())
        return made, 201, {"Location": link("organisations.Grounds", organisation_id=found.id)}


@blueprint.route("/organisations/<organisation_id>/contacts")
class Contacts(MethodView):
    """Whom to call at an organisation."""

    @access(*ALL)
    @blueprint.response(200, ContactSchema(many=True))
    def get(self, organisation_id: str) -> Any:
        """By name."""
        return organisations.contacts_of(rows(), [own_organisation(organisation_id).id])

    @access(*ALL, people_only=True)
    @blueprint.arguments(NewContactSchema)
    @blueprint.response(201, ContactSchema, headers=ETAG | LOCATION)
    @once
    def post(self, given: dict[str, Any], organisation_id: str) -> Any:
        """Add a person to call."""
        made = verbs.add_contact(rows(), asker().actor, own_organisation(organisation_id, write=True), given,
                                now=now())  # fmt: skip
        where = {"Location": link("organisations.OneContact", contact_id=made.id)}
        return made, 201, where | etag(made.version)


@blueprint.route("/contacts/<contact_id>")
class OneContact(MethodView):
    """A person to call."""

    @access(*ALL)
    @blueprint.response(200, ContactSchema, headers=ETAG)
    def get(self, contact_id: str) -> Any:
        """Whom one calls, for what, and how."""
        found = _contact(contact_id, write=False)
        return found, 200, etag(found.version)

    @access(*ALL, people_only=True)
    @matched
    @blueprint.arguments(ChangedContactSchema)
    @blueprint.response(200, ContactSchema, headers=ETAG)
    def patch(self, given: dict[str, Any], contact_id: str) -> Any:
        """Change it."""
        found = _contact(contact_id)
        must_match(found.version)
        verbs.change_contact(rows(), asker().actor, found, given, now=now())
        return found, 200, etag(found.version)

    @access(*ALL, people_only=True)
    @matched
    @blueprint.response(204)
    def delete(self, contact_id: str) -> None:
        """Let it go."""
        found = _contact(contact_id)
        must_match(found.version)
        verbs.remove_contact(rows(), asker().actor, found, now=now())


@blueprint.route("/directory")
class Directory(MethodView):
    """The organisations that want to be found."""

    @access(*MEMBERS, "connector", "coach", "administrator")
    @blueprint.arguments(DirectoryQuery, location="query")
    @blueprint.response(200, page_of(DirectoryEntrySchema, "DirectoryEntry"))
    def get(self, query: dict[str, Any]) -> Page:
        """By name: where they are, what they offer, whom to call."""
        found = organisations.listed(rows(), kind=query["kind"], region=query["region"], branch=query["branch"],
                                     after=query["after"], limit=query["limit"] + 1)  # fmt: skip
        page = Page.of(found, query["limit"], lambda last: (last.name, last.id))
        contacts = organisations.contacts_of(rows(), [one.id for one in page.items], only_listed=True)
        plain = ("id", "kind", "name", "place", "region_code", "about", "offers")
        return Page([
            {name: getattr(one, name) for name in plain}
            | {"contacts": [contact for contact in contacts if contact.organisation_id == one.id]}
            for one in page.items
        ], page.next)  # fmt: skip


def own_organisation(
    organisation_id: str, *, lock: bool = False, write: bool = False, vouch: bool = False
) -> Organisation:
    """The organisation, if one works for it or looks after it; else the same answer as for one that is not there.

    To ``write``, a connector looks after employers alone; to ``vouch``, nobody does so for the own one.
    """
    found = organisations.by_id(rows(), organisation_id, lock=lock)
    who = asker()
    if found is None:
        raise not_found()
    mine = found.id in who.organisations
    if "administrator" in who.roles or (mine and not vouch):
        return found
    looks_after = "connector" in who.roles and (found.kind == "employer" or not write) and not mine
    if looks_after and organisations.is_in(rows(), found, regions_of(who)):
        return found
    raise not_found()


def _contact(contact_id: str, *, write: bool = True) -> Contact:
    found = organisations.get(rows(), Contact, contact_id, lock=write)
    if found is None:
        raise not_found()
    own_organisation(found.organisation_id, write=write)
    return found
