"""Where people and places stand under the plans that hold: unplaced, left out, and where one more place helps."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import standing as verbs
from api.store import standing
from api.texts.standing import ACTORS, LEFT_OUT
from api.web.access import access, asker, regions_of
from api.web.database import local_day, now, rows
from api.web.json.base import Blueprint, Page, PageSchema, Schema, page_of
from api.web.json.proposals import MoveSchema, OpeningSchema, StudentSchema
from api.web.json.runs import LANG

blueprint = Blueprint("standing", __name__, description="Who has no place and why, and where a place would help")


class BlockSchema(Schema):
    """A rule that keeps a student from openings, what to try, and who can."""

    code = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True, metadata={"description": "How many openings"})
    sentence = ma.fields.String(required=True)
    helps = ma.fields.String(required=True)
    who = ma.fields.String(required=True, validate=ma.validate.OneOf(list(ACTORS)))
    who_label = ma.fields.String(required=True)


class SmallestSchema(Schema):
    """The smallest change that would give a place, checked by solving again."""

    code = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True)
    change_places = ma.fields.Integer(required=True, attribute="more", metadata={
        "description": "How many further students would get a place by it"})  # fmt: skip
    who = ma.fields.String(required=True, validate=ma.validate.OneOf(list(ACTORS)))
    who_label = ma.fields.String(required=True)
    opening = ma.fields.Nested(OpeningSchema, allow_none=True)


class UnplacedSchema(Schema):
    """A student without a place in the plan that holds."""

    student = ma.fields.Nested(StudentSchema, required=True)
    run_id = ma.fields.String(required=True)
    blocked = ma.fields.List(ma.fields.Nested(BlockSchema), required=True,
                             metadata={"description": "What binds most first"})  # fmt: skip
    smallest_change = ma.fields.Nested(SmallestSchema, allow_none=True, attribute="change")
    facts = ma.fields.Dict(allow_none=True)


class LeftOutSchema(Schema):
    """A student who takes part in no plan, or may not be proposed."""

    student = ma.fields.Nested(StudentSchema, required=True)
    code = ma.fields.String(required=True, validate=ma.validate.OneOf(list(LEFT_OUT)))
    sentence = ma.fields.String(required=True)
    who = ma.fields.String(required=True, validate=ma.validate.OneOf(list(ACTORS)))
    who_label = ma.fields.String(required=True)


class PlaceWantedSchema(Schema):
    """What one more place gains in a branch and region."""

    branch = ma.fields.String(required=True)
    region_code = ma.fields.String(required=True)
    openings = ma.fields.Integer(required=True, metadata={"description": "How many openings there are"})
    worth_placed = ma.fields.Integer(required=True, attribute="placed", metadata={
        "description": "Priorities of who gets a place, less lost"})  # fmt: skip
    worth_fit = ma.fields.Integer(required=True, attribute="fit", metadata={
        "description": "Fit in all, in millionths"})  # fmt: skip
    opening = ma.fields.Nested(OpeningSchema, allow_none=True, metadata={"description": "Where it gains most"})
    placed_students = ma.fields.List(ma.fields.String(), required=True)
    moves = ma.fields.List(ma.fields.Nested(MoveSchema), required=True)
    sentences = ma.fields.List(ma.fields.String(), required=True)


class RegionPage(PageSchema):
    """Which part, of which region."""

    region_code = ma.fields.String(load_default="", validate=ma.validate.Length(max=10),
                                   metadata={"description": "Empty: all of one's own"})  # fmt: skip
    lang = LANG


class LeftOutQuery(RegionPage):
    """Which of them."""

    code = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *LEFT_OUT]))


class RegionQuery(Schema):
    """Which region."""

    region_code = ma.fields.String(load_default="", validate=ma.validate.Length(max=10))
    lang = LANG


@blueprint.route("/unplaced-students")
class Unplaced(MethodView):
    """Who has no place in the plans that hold."""

    @access("connector")
    @blueprint.arguments(RegionPage, location="query")
    @blueprint.response(200, page_of(UnplacedSchema, "Unplaced"))
    def get(self, query: dict[str, Any]) -> Page:
        """The rule that binds, the smallest change that would give a place, and who can act."""
        found = verbs.unplaced(rows(), own_regions(query), query["after"], query["limit"] + 1,
                               today=local_day(now()), lang=query["lang"])  # fmt: skip
        return Page.of(found, query["limit"], lambda last: (last["student"]["id"],))


@blueprint.route("/left-out-students")
class LeftOut(MethodView):
    """Who takes part in no plan, may not be proposed, or whose place in the plan was rejected."""

    @access("connector", "school", "referrer")
    @blueprint.arguments(LeftOutQuery, location="query")
    @blueprint.response(200, page_of(LeftOutSchema, "LeftOut"))
    def get(self, query: dict[str, Any]) -> Page:
        """Why, what to do and who can: nobody drops out of sight."""
        who = asker()
        known = {one.student_id: one for one in standing.students_of_regions(rows(), own_regions(query))} if (
            regions_of(who)) else {}  # fmt: skip
        parties = [i for i, role in who.organisations.items() if role in ("school", "referrer")]
        if not query["region_code"]:
            known |= {one.student_id: one for one in standing.students_of_parties(rows(), parties)}
        listed = [known[i] for i in sorted(known) if (i,) > query["after"]]
        found = verbs.left_out(rows(), listed, local_day(now()), query["lang"])
        kept = [one for one in found if query["code"] in ("", one["code"])]
        return Page.of(kept, query["limit"], lambda last: (last["student"]["id"],))


@blueprint.route("/places-wanted")
class PlacesWanted(MethodView):
    """Where to look for the next place."""

    @access("connector")
    @blueprint.arguments(RegionQuery, location="query")
    @blueprint.response(200, PlaceWantedSchema(many=True))
    def get(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        """What one more place gains per branch and region, with the students who would get one; most first."""
        return verbs.places_wanted(rows(), own_regions(query), query["lang"])


def own_regions(query: dict[str, Any]) -> frozenset[str]:
    """One's own regions, or the one asked for when it is among them."""
    mine = regions_of(asker())
    return mine & {query["region_code"]} if query["region_code"] else mine
