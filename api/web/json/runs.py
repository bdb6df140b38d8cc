"""Runs: asked for, followed, stopped, and what they say."""
from __future__ import annotations

import re
from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import run_queue
from api.services.uploads import Conflict
from api.store import queue, runs
from api.web.access import access, asker, regions_of
from api.web.database import now, rows
from api.web.json.base import Blueprint, Moment, Page, PageSchema, Schema, etag, link, page_of
from api.web.json.once import once
from api.web.problems import Problem, not_found

blueprint = Blueprint("runs", __name__, description="Runs of the matcher over regions")
_REGION = re.compile(r"AM\d\d")


class RunSchema(Schema):
    """A run."""

    id = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(
        ["queued", "running", "done", "failed", "cancelled"]))  # fmt: skip
    regions = ma.fields.List(ma.fields.String(), required=True)
    on = ma.fields.Date(required=True, metadata={"description": "The day the rules are asked for"})
    lang = ma.fields.String(required=True)
    step = ma.fields.String(metadata={"description": "What it is doing while it runs"})
    attempts = ma.fields.Integer(required=True)
    created_at = Moment(required=True)
    ended_at = Moment(allow_none=True)
    fault = ma.fields.String(allow_none=True, metadata={"description": "Why it failed: infeasible, time_limit, ..."})
    digest = ma.fields.String(allow_none=True, metadata={"description": "SHA-256 of all that went in"})
    answer = ma.fields.String(allow_none=True, metadata={"description": "SHA-256 of all that came out"})
    totals = ma.fields.Dict(allow_none=True)


class AskSchema(Schema):
    """What to compute."""

    regions = ma.fields.List(ma.fields.String(validate=ma.validate.Regexp(_REGION)), load_default=list,
                             metadata={"description": "Empty: all of one's own"})  # fmt: skip
    on = ma.fields.Date(load_default=None)
    lang = ma.fields.String(validate=ma.validate.OneOf(["nl", "en"]), load_default="nl")


class ChangeSchema(Schema):
    """One student whose place differs from the run before."""

    student_id = ma.fields.String(required=True)
    before = ma.fields.String(allow_none=True)
    after = ma.fields.String(allow_none=True)


class OutcomeSchema(Schema):
    """What a run says about one student as a whole."""

    student_id = ma.fields.String(required=True)
    status = ma.fields.String(required=True, validate=ma.validate.OneOf(["placed", "unplaced"]))
    blocked = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    change = ma.fields.Dict(allow_none=True, metadata={"description": "The smallest change that would give a place"})


class OutcomeQuery(PageSchema):
    """Which outcomes."""

    status = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", "placed", "unplaced"]))


@blueprint.route("/runs")
class Runs(MethodView):
    """All runs over one's own regions."""

    @access("connector")
    @blueprint.arguments(PageSchema, location="query")
    @blueprint.response(200, page_of(RunSchema, "Run"))
    def get(self, page: dict[str, Any]) -> Page:
        """The runs, newest first."""
        found = runs.runs_within(rows(), regions_of(asker()), page["after"], page["limit"] + 1)
        return Page.of(found, page["limit"], lambda last: last.id)

    @access("connector", scope="run")
    @blueprint.arguments(AskSchema)
    @blueprint.response(202, RunSchema)
    @once
    def post(self, wanted: dict[str, Any]) -> Any:
        """Ask for a run; a worker takes it up."""
        mine = regions_of(asker())
        if not set(wanted["regions"]) <= mine:
            raise Problem(403, "Ask for a run over your own regions.", "region")
        run = run_queue.ask(rows(), asker().actor, wanted["regions"] or sorted(mine), on=wanted["on"] or now().date(),
                            lang=wanted["lang"], now=now())  # fmt: skip
        return run, 202, {"Location": link("runs.Run", run_id=run.id)}


@blueprint.route("/runs/<run_id>")
class Run(MethodView):
    """One run."""

    @access("connector")
    @blueprint.response(200, RunSchema)
    def get(self, run_id: str) -> Any:
        """How far it is, and its totals."""
        found = own_run(run_id)
        return found, 200, etag(found.version)


@blueprint.route("/runs/<run_id>/cancellation")
class Cancellation(MethodView):
    """That a run is to be stopped."""

    @access("connector", scope="run")
    @blueprint.response(200, RunSchema)
    def put(self, run_id: str) -> Any:
        """Stop the run."""
        found = own_run(run_id, lock=True)
        try:
            run_queue.cancel(rows(), asker().actor, found, now=now())
        except Conflict as conflict:
            raise Problem(409, str(conflict), "conflict") from None
        return found


@blueprint.route("/runs/<run_id>/outcomes")
class Outcomes(MethodView):
    """What a run says about every student."""

    @access("connector")
    @blueprint.arguments(OutcomeQuery, location="query")
    @blueprint.response(200, page_of(OutcomeSchema, "Outcome"))
    def get(self, page: dict[str, Any], run_id: str) -> Page:
        """Placed or not, what blocks, and the smallest change that would help."""
        found = runs.outcomes_of(rows(), own_run(run_id).id, page["status"], page["after"], page["limit"] + 1)
        return Page.of(found, page["limit"], lambda last: last.student_id)


@blueprint.route("/runs/<run_id>/difference")
class Difference(MethodView):
    """What is other than in the run before it over the same regions."""

    @access("connector")
    @blueprint.response(200, ChangeSchema(many=True))
    def get(self, run_id: str) -> list[dict[str, Any]]:
        """Every student whose place differs: openings before and after."""
        run = own_run(run_id)
        last = runs.latest_done(rows(), run.regions, but=run.id)
        after = runs.chosen_of(rows(), run.id)
        before = {} if last is None else runs.chosen_of(rows(), last.id)
        return [
            {"student_id": student, "before": before.get(student), "after": after.get(student)}
            for student in sorted(before.keys() | after.keys())
            if before.get(student) != after.get(student)
        ]


def own_run(run_id: str, *, lock: bool = False) -> runs.Run:
    """The run, if all its regions are one's own; else the same answer as for one that is not there."""
    found = queue.run_by_id(rows(), run_id, lock=lock)
    if found is None or not set(found.regions) <= regions_of(asker()):
        raise not_found()
    return found
