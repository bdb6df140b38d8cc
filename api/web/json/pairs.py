"""Pairs outside the list: why they are no proposal, and what would make one fit."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import pairs as verbs
from api.services.improvements import improvements, told
from api.services.records import opening_of, student_of
from api.store import runs
from api.web.access import access, asker, regions_of
from api.web.database import local_day, now, rows
from api.web.json.base import Blueprint, Page, PageSchema, Schema, page_of
from api.web.json.proposals import OpeningSchema, StudentSchema
from api.web.json.runs import LANG, seen_regions
from api.web.problems import not_found
from features.codes import code_list
from features.eligibility import RULES

blueprint = Blueprint("pairs", __name__, description="Students and openings outside the list")
STANDINGS = ("planned", "elsewhere", "full", "closed", "refused")


class RefusalSchema(Schema):
    """A rule that is in the way, and by how much."""

    code = ma.fields.String(required=True)
    by = ma.fields.Float(allow_none=True)
    unit = ma.fields.String(allow_none=True)
    found = ma.fields.String(required=True)
    limit = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True)


class PairSchema(Schema):
    """One student and one opening: how they stand to each other."""

    student = ma.fields.Nested(StudentSchema, required=True)
    opening = ma.fields.Nested(OpeningSchema, required=True)
    standing = ma.fields.String(required=True, validate=ma.validate.OneOf(STANDINGS))
    sentence = ma.fields.String(required=True)
    fit = ma.fields.Integer(allow_none=True, metadata={"description": "Millionths; null where a rule refuses"})
    band = ma.fields.String(allow_none=True)
    rank = ma.fields.Integer(allow_none=True)
    proposal_id = ma.fields.String(allow_none=True)
    refusals = ma.fields.List(ma.fields.Nested(RefusalSchema), required=True)


PAIRS = page_of(PairSchema, "Pair")


class PairQuery(PageSchema):
    """Which pairs: those of one student, of one opening, or one pair."""

    student_id = ma.fields.String(load_default="", validate=ma.validate.Length(max=32))
    opening_id = ma.fields.String(load_default="", validate=ma.validate.Length(max=32))
    text = ma.fields.String(load_default="", validate=ma.validate.Length(max=80),
                            metadata={"description": "In a title, place, employer or number of a vacancy"})  # fmt: skip
    branch = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *code_list("branch").codes]))
    standing = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *STANDINGS]))
    rule = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *RULES]))
    lang = LANG

    @ma.validates_schema
    def about_somebody(self, data: dict[str, Any], **_: Any) -> None:
        """All pairs of everybody would be a list for nobody."""
        if not (data.get("student_id") or data.get("opening_id")):
            raise ma.ValidationError("Say whose pairs: studentId or openingId.", "student_id")


class PairSearchSchema(PairQuery):
    """Which pairs, by a word."""

    text = ma.fields.String(load_default="", validate=ma.validate.Length(max=80), metadata={
        "description": "In the first name or number of a student, or a title, place, employer or number of a vacancy"})


@blueprint.route("/pairs")
class Pairs(MethodView):
    """Students and openings of one's own regions, proposed or not."""

    @access("connector")
    @blueprint.arguments(PairQuery, location="query")
    @blueprint.response(200, PAIRS)
    def get(self, query: dict[str, Any]) -> Page:
        """The nearest to a proposal first: what fits by fit, then by the number of rules in the way.

        Who looks for a person by name or number asks `POST /pair-searches`: no address holds one.
        """
        return _listed(query, _OF_OPENING)


@blueprint.route("/pair-searches")
class PairSearches(MethodView):
    """The same pairs, by a word that may be the name or the number of a student."""

    @access("connector")
    @blueprint.arguments(PairSearchSchema)
    @blueprint.response(200, PAIRS)
    def post(self, wanted: dict[str, Any]) -> Page:
        """As `GET /pairs`; what is looked for stands in the body, and nothing is stored."""
        return _listed(wanted, (*_OF_STUDENT, *_OF_OPENING))


class ImprovementSchema(Schema):
    """One change, and how well the pair would fit then: what a recomputation gives."""

    key = ma.fields.String(required=True)
    who = ma.fields.String(required=True)
    who_label = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True)
    fit = ma.fields.Integer(required=True)
    band = ma.fields.String(required=True)
    gain = ma.fields.Integer(required=True, metadata={"description": "Over the fit now, in millionths"})


class ImprovementsSchema(Schema):
    """What would make a pair fit better."""

    fit = ma.fields.Integer(allow_none=True, metadata={"description": "Now; null where a rule refuses"})
    band = ma.fields.String(allow_none=True)
    items = ma.fields.List(ma.fields.Nested(ImprovementSchema), required=True)


class ImprovementQuery(Schema):
    """Which pair, and which change."""

    student_id = ma.fields.String(required=True, validate=ma.validate.Length(1, 32))
    opening_id = ma.fields.String(required=True, validate=ma.validate.Length(1, 32))
    key = ma.fields.String(load_default="", validate=ma.validate.Length(max=60))
    lang = LANG


@blueprint.route("/improvements")
class Improvements(MethodView):
    """Would fit better if."""

    @access("connector")
    @blueprint.arguments(ImprovementQuery, location="query")
    @blueprint.response(200, ImprovementsSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Single changes that make the pair fit better, most first; one of them alone by its key. Nothing is stored."""
        mine = regions_of(asker())
        students = runs.students_in(rows(), mine, query["student_id"])
        openings = runs.openings_in(rows(), seen_regions(), query["opening_id"])
        if not students or not openings:
            raise not_found()
        rules = verbs.rules_of(rows(), runs.region_of(rows(), query["student_id"]), local_day(now()))
        fit, found = improvements(student_of(students[0][2]), opening_of(openings[0][2]), rules, query["key"])
        return {"fit": fit, "band": None if fit is None else rules.policy.band(fit),
                "items": [told(one, query["lang"]) for one in found]}  # fmt: skip


def weighed(student_id: str, opening_id: str) -> list[verbs.Weighed]:
    """The pairs of a student, of an opening, or the one pair, as far as they are of one's own regions."""
    mine = regions_of(asker())
    students = runs.students_in(rows(), mine, student_id)
    openings = runs.openings_in(rows(), seen_regions(), opening_id)
    if not students or not openings:
        raise not_found()
    regions = runs.regions_of_students(rows(), [student[0] for student in students])
    found: list[verbs.Weighed] = []
    of_plan: dict[str, tuple[verbs.Rules, list[verbs.Stored]]] = {}
    for region in sorted(set(regions.values())):  # one plan may hold in several: its pairs are weighed in one go
        rules = verbs.rules_of(rows(), region, local_day(now()))
        some = of_plan.setdefault(rules.run.id if rules.run else "", (rules, []))[1]
        some += [student for student in students if regions[student[0]] == region]
    for rules, some in of_plan.values():
        found += verbs.weigh(rows(), some, openings, rules)
    return sorted(found, key=lambda pair: pair.order)


_OF_STUDENT, _OF_OPENING = ("first_name", "student_ref"), ("title", "place", "employer", "vacancy_ref")
"""Where a word is looked for."""


def _listed(query: dict[str, Any], names: Sequence[str]) -> Page:
    found = weighed(query["student_id"], query["opening_id"])
    students, openings = runs.names_of(rows(), [p.student_id for p in found], [p.opening_id for p in found])
    lines = [p for p in found if p.order > query["after"]
             and _wanted(p, {**students[p.student_id], **openings[p.opening_id]}, query, names)]  # fmt: skip
    page = Page.of(lines, query["limit"], lambda p: p.order)
    return Page([
        verbs.told(p, query["lang"]) | {"student": students[p.student_id], "opening": openings[p.opening_id]}
        for p in page.items
    ], page.next)  # fmt: skip


def _wanted(pair: verbs.Weighed, told: dict[str, Any], query: dict[str, Any], names: Sequence[str]) -> bool:
    """Whether a pair is asked for; a word is looked for in ``names`` of ``told``, what its student and opening say."""
    words = [told[name] for name in names]
    return (
        (not query["branch"] or told["branch"] == query["branch"])
        and (not query["standing"] or pair.standing == query["standing"])
        and (not query["rule"] or query["rule"] in {r.rule for r in pair.refusals})
        and (not query["text"] or any(query["text"].casefold() in (word or "").casefold() for word in words))
    )

