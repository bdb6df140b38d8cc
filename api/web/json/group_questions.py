"""Does a group fit here? Asked, followed and answered; nothing is posted."""
from __future__ import annotations

from datetime import date
from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import group_questions as verbs
from api.services import run_queue
from api.store import queue, runs
from api.web.access import access, asker, regions_of
from api.web.database import local_day, now, rows
from api.web.json.base import LOCATION, Blueprint, NearDay, Schema, Words, link
from api.web.json.once import once
from api.web.json.proposals import MoveSchema
from api.web.json.runs import LANG
from api.web.problems import Problem, not_found
from api.web.throttle import RUNS, limited
from features.codes import code_list

blueprint = Blueprint("group_questions", __name__, description="Does a group fit here?")


class GroupWishSchema(Schema):
    """A vacancy that is not there yet."""

    branch = ma.fields.String(required=True, validate=ma.validate.OneOf(code_list("branch").codes))
    postcode = ma.fields.String(load_default=None, validate=ma.validate.Length(4, 7), allow_none=True)
    place = ma.fields.String(load_default=None, validate=ma.validate.Length(1, 80), allow_none=True)
    starts_on = NearDay(required=True)
    places = ma.fields.Integer(required=True, validate=ma.validate.Range(1, 100))
    min_to_open = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 100))
    tasks = ma.fields.List(Words(100, least=1), load_default=list,
                           validate=ma.validate.Length(max=12))  # fmt: skip
    hours_min = ma.fields.Float(load_default=None, allow_none=True, validate=ma.validate.Range(1, 60))
    hours_max = ma.fields.Float(load_default=None, allow_none=True, validate=ma.validate.Range(1, 60))
    contract_type = ma.fields.String(load_default=None, allow_none=True,
                                     validate=ma.validate.OneOf(code_list("contract_type").codes))  # fmt: skip

    @ma.validates_schema
    def can_be(self, data: dict[str, Any], **_: Any) -> None:
        """What contradicts itself could never be posted."""
        if not (data.get("postcode") or data.get("place")):
            raise ma.ValidationError("Say where: postcode or place.", "place")
        low, high = data.get("hours_min"), data.get("hours_max")
        if low is not None and high is not None and low > high:
            raise ma.ValidationError("hoursMin is above hoursMax.", "hours_min")
        if data.get("min_to_open", 0) > data.get("places", 0):
            raise ma.ValidationError("minToOpen is above places.", "min_to_open")


class GroupAnswerSchema(Schema):
    """The answer: words for everybody, numbers and names for connectors alone."""

    words = ma.fields.List(ma.fields.String(), required=True)
    opens = ma.fields.Boolean(required=True, allow_none=True, metadata={
        "description": "Null for who is no connector of the region, or false where far too few students fit",
    })  # fmt: skip
    eligible = ma.fields.Integer(metadata={"description": "Connectors only"})
    placed = ma.fields.Integer(metadata={"description": "Connectors only: how many more would have a place"})
    blocked = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(),
                             metadata={"description": "Connectors only: students refused per rule"})  # fmt: skip
    inside = ma.fields.List(ma.fields.String(), metadata={"description": "Connectors only: with whom"})
    moves = ma.fields.List(ma.fields.Nested(MoveSchema), metadata={"description": "Connectors only"})
    sentences = ma.fields.List(ma.fields.String(), metadata={"description": "Connectors only"})


class GroupQuestionSchema(Schema):
    """A question and how far it is."""

    id = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(
        ["queued", "running", "done", "failed", "cancelled"]))  # fmt: skip
    step = ma.fields.String()
    steps = ma.fields.List(ma.fields.String(), required=True)
    fault = ma.fields.String(allow_none=True)
    question = ma.fields.Nested(GroupWishSchema, required=True)
    answer = ma.fields.Nested(GroupAnswerSchema, allow_none=True)


class AnswerQuery(Schema):
    """In which language."""

    lang = LANG


@blueprint.route("/group-questions")
class GroupQuestions(MethodView):
    """Questions about vacancies that are not there yet."""

    @access("employer", "connector", scope="run")
    @limited(RUNS)
    @blueprint.arguments(GroupWishSchema)
    @blueprint.response(202, GroupQuestionSchema, headers=LOCATION)
    @once
    def post(self, wish: dict[str, Any]) -> Any:
        """Ask; a worker works it out. Nothing is posted."""
        question = {**wish, "starts_on": wish["starts_on"].isoformat()}
        try:
            made = verbs.ask(rows(), asker().actor, question, on=local_day(now()), lang="nl", now=now())
        except verbs.UnknownPlace:
            hint = {"field": "place", "message": "Give a postcode, or the place with its province."}
            told = "This place is not known, or there is more than one."
            raise Problem(400, told, "invalid", errors=[hint]) from None
        return _told(made, "nl"), 202, {"Location": link("group_questions.GroupQuestion", run_id=made.id)}


@blueprint.route("/group-questions/<run_id>")
class GroupQuestion(MethodView):
    """One question."""

    @access("employer", "connector")
    @blueprint.arguments(AnswerQuery, location="query")
    @blueprint.response(200, GroupQuestionSchema)
    def get(self, query: dict[str, Any], run_id: str) -> dict[str, Any]:
        """How far it is, and the answer."""
        found = queue.run_by_id(rows(), run_id)
        if found is None or found.kind != "group" or not _may_see(found):
            raise not_found()
        return _told(found, query["lang"])


def _may_see(run: runs.Run) -> bool:
    """Who asked, and connectors of the region of the place."""
    return run.account_id == asker().account_id or (run.question or {}).get("region_code") in regions_of(asker())


def _told(run: runs.Run, lang: str) -> dict[str, Any]:
    question = dict(run.question or {})
    mine = regions_of(asker())
    answer = None
    if run.state == "done" and run.totals is not None:
        near = question["region_code"] in mine
        answer = verbs.told_in_words(run.totals, question, lang, near=near)
        if near:
            answer |= verbs.told_by_name(rows(), run.totals, lang=lang, regions=mine)
    question["starts_on"] = date.fromisoformat(question["starts_on"])
    question.pop("region_code")
    return {"id": run.id, "state": run.state, "step": run.step, "steps": run_queue.STEPS, "fault": run.fault,
            "question": question, "answer": answer}  # fmt: skip
