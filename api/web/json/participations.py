"""How employers take part in projects, with entry criteria; and cooperations, narrow or broad."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import participations as verbs
from api.store import organisations
from api.store.organisations import Cooperation, Participation
from api.web.access import access, asker, regions_of
from api.web.database import now, rows
from api.web.json.base import (
    ETAG,
    LOCATION,
    Blueprint,
    Day,
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
from api.web.json.organisations import own_organisation
from api.web.json.vacancies import own_vacancy
from api.web.problems import Problem, not_found
from features.codes import code_list
from features.geography import REGIONS

blueprint = Blueprint("participations", __name__, description="Taking part in projects, and working together")
WHO = ("employer", "connector", "administrator")
KEEPERS = ("connector", "administrator")
READERS = (*KEEPERS, "municipality", "school", "referrer", "employer")
_CRITERIA = ma.fields.Dict(
    keys=ma.fields.String(validate=ma.validate.OneOf(code_list("participation_criterion").codes)),
    values=ma.fields.String(validate=ma.validate.OneOf(["met", "not_met", "unknown"])),
)
_BRANCH = ma.validate.OneOf(code_list("branch").codes)
_SCHOOL_TYPE = ma.validate.OneOf(code_list("school_type").codes)
_REGION = ma.validate.OneOf(REGIONS)


class CriterionSchema(Schema):
    """An entry criterion of the option."""

    code = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(["met", "not_met", "unknown"]))


class ParticipationSchema(Schema):
    """How an employer takes part in a project."""

    id = ma.fields.String(required=True)
    organisation_id = ma.fields.String(required=True)
    project = ma.fields.String(required=True)
    branch = ma.fields.String(required=True)
    region = ma.fields.String(allow_none=True, attribute="region_code")
    option = ma.fields.Integer(required=True)
    checklist = ma.fields.List(ma.fields.Nested(CriterionSchema), required=True)
    ended_at = Moment(allow_none=True)
    version = ma.fields.Integer(required=True)


class NewParticipationSchema(Schema):
    """A participation to write."""

    project = Words(120, least=1, required=True)
    branch = ma.fields.String(required=True, validate=_BRANCH)
    region = ma.fields.String(load_default=None, validate=_REGION)
    option = ma.fields.Integer(required=True, validate=ma.validate.OneOf(verbs.OPTIONS))
    criteria = _CRITERIA


class ChangedParticipationSchema(Schema):
    """What to change; criteria that are not said stay."""

    option = ma.fields.Integer(validate=ma.validate.OneOf(verbs.OPTIONS))
    criteria = _CRITERIA
    ended = ma.fields.Boolean(load_default=None)


class UnderSchema(Schema):
    """Under which participation a vacancy is; none when empty."""

    participation_id = ma.fields.String(required=True, allow_none=True)


class MemberSchema(Schema):
    """A party in a cooperation."""

    organisation_id = ma.fields.String(required=True)
    kind = ma.fields.String(dump_only=True)
    name = ma.fields.String(dump_only=True)
    tasks = Words(500, load_default="")


class CooperationSchema(Schema):
    """Parties that work together."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    region = ma.fields.String(allow_none=True, attribute="region_code")
    school_types = ma.fields.List(ma.fields.String(), required=True)
    branches = ma.fields.List(ma.fields.String(), required=True)
    breadth = ma.fields.String(required=True, validate=ma.validate.OneOf(["narrow", "broad"]))
    covenant = ma.fields.Boolean(required=True, metadata={"description": "Signed by at least two kinds of party"})
    signed_on = ma.fields.Date(allow_none=True)
    ended_on = ma.fields.Date(allow_none=True)
    members = ma.fields.List(ma.fields.Nested(MemberSchema), required=True)
    version = ma.fields.Integer(required=True)


class ChangedCooperationSchema(Schema):
    """What to write of a cooperation."""

    name = Words(120, least=1)
    region = ma.fields.String(validate=_REGION)
    school_types = ma.fields.List(ma.fields.String(validate=_SCHOOL_TYPE), validate=ma.validate.Length(1, 10))
    branches = ma.fields.List(ma.fields.String(validate=_BRANCH), validate=ma.validate.Length(1, 40))
    signed_on = Day(allow_none=True)
    ended_on = Day(allow_none=True)
    members = ma.fields.List(ma.fields.Nested(MemberSchema), validate=ma.validate.Length(max=60))


class NewCooperationSchema(ChangedCooperationSchema):
    """A cooperation to add."""

    name = Words(120, least=1, required=True)
    region = ma.fields.String(required=True, validate=_REGION)
    school_types = ma.fields.List(ma.fields.String(validate=_SCHOOL_TYPE), required=True,
                                  validate=ma.validate.Length(1, 10))  # fmt: skip
    branches = ma.fields.List(ma.fields.String(validate=_BRANCH), required=True, validate=ma.validate.Length(1, 40))


@blueprint.route("/organisations/<organisation_id>/participations")
class Participations(MethodView):
    """How an employer takes part."""

    @access(*WHO)
    @blueprint.response(200, ParticipationSchema(many=True))
    def get(self, organisation_id: str) -> Any:
        """Every participation with its checklist, running ones first."""
        found = organisations.participations_of(rows(), [own_organisation(organisation_id).id])
        return [_shown(one) for one in found]

    @access(*WHO, people_only=True)
    @blueprint.arguments(NewParticipationSchema)
    @blueprint.response(201, ParticipationSchema, headers=ETAG | LOCATION)
    @once
    def post(self, given: dict[str, Any], organisation_id: str) -> Any:
        """Take part in a project."""
        home = own_organisation(organisation_id, lock=True)
        if home.kind != "employer":
            raise not_found()
        values = {**given, "region_code": given.pop("region"), "criteria": _known(given.pop("criteria", {}))}
        values.pop("region", None)
        made = verbs.add(rows(), asker().actor, home, values, now=now())
        where = {"Location": link("participations.OneParticipation", participation_id=made.id)}
        return _shown(made), 201, where | etag(made.version)


@blueprint.route("/participations/<participation_id>")
class OneParticipation(MethodView):
    """One participation."""

    @access(*WHO)
    @blueprint.response(200, ParticipationSchema, headers=ETAG)
    def get(self, participation_id: str) -> Any:
        """Its option, checklist and end."""
        found = _participation(participation_id, lock=False)
        return _shown(found), 200, etag(found.version)

    @access(*WHO, people_only=True)
    @matched
    @blueprint.arguments(ChangedParticipationSchema)
    @blueprint.response(200, ParticipationSchema, headers=ETAG)
    def patch(self, given: dict[str, Any], participation_id: str) -> Any:
        """Change option, criteria or end; the vacancies under it follow."""
        found = _participation(participation_id)
        must_match(found.version)
        ended = given.pop("ended")
        if "criteria" in given:
            given["criteria"] = _known({**found.criteria, **given["criteria"]})
        verbs.change(rows(), asker().actor, found, given, ended=ended, now=now())
        return _shown(found), 200, etag(found.version)


@blueprint.route("/vacancies/<vacancy_id>/participation")
class VacancyParticipation(MethodView):
    """Under which participation a vacancy is."""

    @access("employer", "connector", people_only=True)
    @matched
    @blueprint.arguments(UnderSchema)
    @blueprint.response(204, headers=ETAG)
    def put(self, given: dict[str, Any], vacancy_id: str) -> Any:
        """Put it under one, or under none; option and criteria are the participation's."""
        row = own_vacancy(vacancy_id, lock=True)
        must_match(row.vacancy.version)
        wanted = given["participation_id"]
        found = _participation(wanted) if wanted else None
        if found is not None and found.organisation_id != row.home.id:
            raise not_found()
        verbs.link(rows(), asker().actor, found, row, now())
        return None, 204, etag(row.vacancy.version)


@blueprint.route("/cooperations")
class Cooperations(MethodView):
    """Who works together."""

    @access(*READERS)
    @blueprint.arguments(PageSchema, location="query")
    @blueprint.response(200, page_of(CooperationSchema, "Cooperation"))
    def get(self, page: dict[str, Any]) -> Page:
        """By name; a connector's are those of the own regions."""
        found = Page.of(organisations.cooperations(rows(), _only(), after=page["after"], limit=page["limit"] + 1),
                        page["limit"], lambda last: (last.name, last.id))  # fmt: skip
        return Page(_told(found.items), found.next)

    @access(*KEEPERS, people_only=True)
    @blueprint.arguments(NewCooperationSchema)
    @blueprint.response(201, CooperationSchema, headers=ETAG | LOCATION)
    @once
    def post(self, given: dict[str, Any]) -> Any:
        """Add one; whether it is narrow or broad follows from its school types and branches."""
        made = _saved(None, given)
        where = {"Location": link("participations.OneCooperation", cooperation_id=made.id)}
        return _told([made])[0], 201, where | etag(made.version)


@blueprint.route("/cooperations/<cooperation_id>")
class OneCooperation(MethodView):
    """One cooperation."""

    @access(*READERS)
    @blueprint.response(200, CooperationSchema, headers=ETAG)
    def get(self, cooperation_id: str) -> Any:
        """Who works together, and on what."""
        found, only = organisations.get(rows(), Cooperation, cooperation_id, lock=False), _only()
        if found is None or (only is not None and found.region_code not in only):
            raise not_found()
        return _told([found])[0], 200, etag(found.version)

    @access(*KEEPERS, people_only=True)
    @matched
    @blueprint.arguments(ChangedCooperationSchema)
    @blueprint.response(200, CooperationSchema, headers=ETAG)
    def patch(self, given: dict[str, Any], cooperation_id: str) -> Any:
        """Change it, or end it."""
        found = organisations.get(rows(), Cooperation, cooperation_id)
        if found is None or not _keeps(found.region_code):
            raise not_found()
        must_match(found.version)
        return _told([_saved(found, given)])[0], 200, etag(found.version)


def _saved(found: Cooperation | None, given: dict[str, Any]) -> Cooperation:
    begun, ended = (given.get(name, getattr(found, name, None)) for name in ("signed_on", "ended_on"))
    if begun and ended and ended < begun:
        raise Problem(400, "endedOn: A cooperation ends after it was signed.", "invalid", errors=[
            {"field": "endedOn", "message": "A cooperation ends after it was signed."}])  # fmt: skip
    members = given.pop("members", None)
    if "region" in given:
        given["region_code"] = given.pop("region")
        if not _keeps(given["region_code"]):
            raise Problem(403, "This region is not yours.", "region")
    wanted = None if members is None else {one["organisation_id"]: one["tasks"] for one in members}
    for organisation_id in wanted or ():
        if organisations.by_id(rows(), organisation_id) is None:
            raise Problem(400, "There is no such organisation.", "invalid", errors=[
                {"field": "members", "message": "There is no such organisation."}])  # fmt: skip
    return verbs.save_cooperation(rows(), asker().actor, found, given, None if wanted is None else [*wanted.items()],
                                  now=now())  # fmt: skip


def _only() -> frozenset[str] | None:
    """The regions whose cooperations one reads; None: all, for whoever is more than a connector."""
    return regions_of(asker()) if asker().roles & set(READERS) == {"connector"} else None


def _keeps(region: str | None) -> bool:
    return "administrator" in asker().roles or region in regions_of(asker())


def _known(criteria: dict[str, str]) -> dict[str, str]:
    return {code: state for code, state in criteria.items() if state != "unknown"}


def _participation(participation_id: str, *, lock: bool = True) -> Participation:
    found = organisations.get(rows(), Participation, participation_id, lock=lock)
    if found is None:
        raise not_found()
    own_organisation(found.organisation_id)
    return found


def _shown(found: Participation) -> dict[str, Any]:
    plain = ("id", "organisation_id", "project", "branch", "region_code", "option", "ended_at", "version")
    return {name: getattr(found, name) for name in plain} | {
        "checklist": verbs.checklist(found.option, found.criteria)}  # fmt: skip


def _told(found: Sequence[Cooperation]) -> list[dict[str, Any]]:
    members = organisations.members_of(rows(), [one.id for one in found])
    plain = ("id", "name", "region_code", "school_types", "branches", "signed_on", "ended_on", "version")
    told = []
    for one in found:
        own = [(member, home) for member, home in members if member.cooperation_id == one.id]
        told.append({name: getattr(one, name) for name in plain} | {
            "breadth": verbs.classify(one.school_types, one.branches),
            "covenant": verbs.is_covenant([home.kind for _, home in own], one.signed_on),
            "members": [{"organisation_id": home.id, "kind": home.kind, "name": home.name, "tasks": member.tasks}
                        for member, home in own],
        })  # fmt: skip
    return told
