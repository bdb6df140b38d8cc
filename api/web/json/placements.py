"""Placements: trial, verdict, contract, end."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import placements as verbs
from api.store import introductions, placements, runs
from api.store.tables.introductions import END_REASONS, VERDICTS
from api.web.access import access, asker
from api.web.database import local_day, now, rows
from api.web.json.base import (
    ETAG,
    LOCATION,
    Blueprint,
    Day,
    Moment,
    Page,
    PageSchema,
    Schema,
    etag,
    link,
    matched,
    must_match,
    page_of,
)
from api.web.json.introductions import ALL, BOTH, FOLLOWING
from api.web.json.once import once
from api.web.json.proposals import OpeningSchema, StudentSchema
from api.web.problems import not_found
from api.web.reach import reach_of
from features.codes import code_list

blueprint = Blueprint("placements", __name__, description="Students at work")
STATES = ("trial", "contract", "ended")


class PlacementSchema(Schema):
    """A student at work. An employer reads a first name when that was permitted and until it ends, else the code."""

    id = ma.fields.String(required=True)
    introduction_id = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    student = ma.fields.Nested(StudentSchema, allow_none=True, metadata={"description": "Not for the employer"})
    first_name = ma.fields.String(allow_none=True)
    opening = ma.fields.Nested(OpeningSchema, allow_none=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(STATES))
    started_on = ma.fields.Date(required=True)
    trial_until = ma.fields.Date(allow_none=True)
    verdict = ma.fields.String(allow_none=True, validate=ma.validate.OneOf(VERDICTS))
    verdict_on = ma.fields.Date(allow_none=True)
    contract_on = ma.fields.Date(allow_none=True)
    contract_type = ma.fields.String(allow_none=True)
    hours = ma.fields.Integer(allow_none=True)
    ended_on = ma.fields.Date(allow_none=True, metadata={"description": "Before startedOn: it never began"})
    end_reason = ma.fields.String(allow_none=True, validate=ma.validate.OneOf(END_REASONS))
    back_to_pool = ma.fields.Boolean(required=True)
    created_at = Moment(required=True)


class PlacementQuery(PageSchema):
    """Which placements."""

    state = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *STATES]))
    opening_id = ma.fields.String(load_default="")


class PlacementStartSchema(Schema):
    """A start, on an agreement of both sides."""

    agreement_id = ma.fields.String(required=True)
    started_on = Day(required=True)
    trial_until = Day(load_default=None, allow_none=True, metadata={
        "description": "Empty: as long as the vacancy says"})  # fmt: skip
    hours = ma.fields.Integer(load_default=None, allow_none=True, validate=ma.validate.Range(1, 48))


class TrialVerdictSchema(Schema):
    """How the trial went."""

    verdict = ma.fields.String(required=True, validate=ma.validate.OneOf(VERDICTS))
    on = Day(load_default=None, allow_none=True, metadata={"description": "Empty: today"})
    trial_until = Day(load_default=None, allow_none=True, metadata={"description": "For extended"})

    @ma.validates_schema
    def extended_until(self, data: dict[str, Any], **_: Any) -> None:
        """An extension has an end."""
        if data.get("verdict") == "extended" and not data.get("trial_until"):
            raise ma.ValidationError("Say until when.", "trialUntil")


class PlacementContractSchema(Schema):
    """A contract after a trial that was passed."""

    contract_on = Day(required=True)
    contract_type = ma.fields.String(required=True, validate=ma.validate.OneOf(code_list("contract_type").codes))
    hours = ma.fields.Integer(load_default=None, allow_none=True, validate=ma.validate.Range(1, 48))


class PlacementEndSchema(Schema):
    """An end."""

    ended_on = Day(required=True, metadata={
        "description": "From the start to today; before the start, from the day it was reported"})  # fmt: skip
    reason = ma.fields.String(required=True, validate=ma.validate.OneOf(END_REASONS))
    back_to_pool = ma.fields.Boolean(load_default=None, allow_none=True, metadata={
        "description": "Whether the student looks again; empty: after whatever broke off"})  # fmt: skip


@blueprint.route("/placements")
class Placements(MethodView):
    """Students at work."""

    @access(*ALL)
    @blueprint.arguments(PlacementQuery, location="query")
    @blueprint.response(200, page_of(PlacementSchema, "Placement"))
    def get(self, query: dict[str, Any]) -> Page:
        """One's own, newest first."""
        found = placements.placements(rows(), reach_of(asker(), *ALL), state=query["state"],
                                      opening_id=query["opening_id"], after=query["after"],
                                      limit=query["limit"] + 1)  # fmt: skip
        page = Page.of(found, query["limit"], lambda last: (last.created_at, last.id))
        return Page(told_placements(page.items), page.next)

    @access(*BOTH, people_only=True)
    @blueprint.arguments(PlacementStartSchema)
    @blueprint.response(201, PlacementSchema, headers=ETAG | LOCATION)
    @once
    def post(self, said: dict[str, Any]) -> Any:
        """Report the start; its check moments are made."""
        agreed = introductions.agreement(rows(), reach_of(asker(), *BOTH), said.pop("agreement_id"))
        if agreed is None:
            raise not_found()
        made = verbs.start(rows(), asker().actor, agreed, **said, now=now())
        where = {"Location": link("placements.Placement", placement_id=made.id)}
        return told_placements([made])[0], 201, etag(made.version) | where


@blueprint.route("/placements/<placement_id>")
class Placement(MethodView):
    """One placement."""

    @access(*ALL)
    @blueprint.response(200, PlacementSchema, headers=ETAG)
    def get(self, placement_id: str) -> Any:
        """How far it is; its ETag is what a change must match."""
        return _shown(own_placement(placement_id, *ALL))


@blueprint.route("/placements/<placement_id>/verdict")
class TrialVerdict(MethodView):
    """How the trial went."""

    @matched
    @access(*BOTH, people_only=True)
    @blueprint.arguments(TrialVerdictSchema)
    @blueprint.response(200, PlacementSchema, headers=ETAG)
    def put(self, said: dict[str, Any], placement_id: str) -> Any:
        """Passed, extended, or not passed, which ends it."""
        found = own_placement(placement_id, *BOTH)
        return _shown(verbs.judge(rows(), asker().actor, found, said["verdict"], on=said["on"] or local_day(now()),
                                  trial_until=said["trial_until"], seen=must_match, now=now()))  # fmt: skip


@blueprint.route("/placements/<placement_id>/contract")
class PlacementContract(MethodView):
    """The contract."""

    @matched
    @access(*BOTH, people_only=True)
    @blueprint.arguments(PlacementContractSchema)
    @blueprint.response(200, PlacementSchema, headers=ETAG)
    def put(self, said: dict[str, Any], placement_id: str) -> Any:
        """Give one after the trial."""
        found = own_placement(placement_id, *BOTH)
        return _shown(verbs.sign(rows(), asker().actor, found, **said, seen=must_match, now=now()))


@blueprint.route("/placements/<placement_id>/end")
class PlacementEnd(MethodView):
    """The end."""

    @matched
    @access(*BOTH, people_only=True)
    @blueprint.arguments(PlacementEndSchema)
    @blueprint.response(200, PlacementSchema, headers=ETAG)
    def put(self, said: dict[str, Any], placement_id: str) -> Any:
        """End it with a reason: the place is free, and who looks again is proposed by the next run."""
        found = own_placement(placement_id, *BOTH)
        return _shown(verbs.end(rows(), asker().actor, found, on=said["ended_on"], reason=said["reason"],
                                back=said["back_to_pool"], seen=must_match, now=now()))  # fmt: skip


def told_placements(found: Sequence[placements.Placement]) -> list[dict[str, Any]]:
    """Placements as who asks may see them."""
    followed = introductions.within(rows(), placements.Placement, reach_of(asker(), *FOLLOWING), [p.id for p in found])
    students, openings = runs.names_of(rows(), [p.student_id for p in found], [p.opening_id for p in found])
    met = [p.introduction_id for p in found]
    codes = introductions.codes_of(rows(), met)
    permitted = introductions.named(rows(), met) & introductions.shown(rows(), met)
    plain = ("id", "introduction_id", "state", "started_on", "trial_until", "verdict", "verdict_on", "contract_on",
             "contract_type", "hours", "ended_on", "end_reason", "back_to_pool", "created_at")  # fmt: skip
    return [
        {name: getattr(p, name) for name in plain}
        | {"code": codes[p.introduction_id], "opening": openings.get(p.opening_id),
           "student": students.get(p.student_id) if p.id in followed else None,
           "first_name": introductions.first_name(rows(), p.student_id)
           if p.id in followed or p.introduction_id in permitted else None}
        for p in found
    ]  # fmt: skip


def own_placement(placement_id: str, *roles: str) -> placements.Placement:
    """The placement, if it is within reach by one of ``roles``; else as one that is not there."""
    found = placements.placement(rows(), reach_of(asker(), *roles), placement_id)
    if found is None:
        raise not_found()
    return found


def _shown(found: placements.Placement) -> Any:
    return told_placements([found])[0], 200, etag(found.version)
