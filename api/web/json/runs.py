"""Runs: asked for, followed, stopped, and what they say."""
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import run_differences, run_judgements, run_queue
from api.services.uploads import Conflict
from api.store import decisions, plans, queue, runs
from api.store.paging import Place
from api.texts.catalogue import LANGUAGES
from api.texts.differences import sentences
from api.web.access import access, asker, regions_of
from api.web.database import local_day, now, rows
from api.web.json.base import (
    ETAG,
    LOCATION,
    Blueprint,
    Moment,
    NearDay,
    Page,
    PageSchema,
    Schema,
    etag,
    link,
    matched,
    must_match,
    page_of,
)
from api.web.json.once import once
from api.web.problems import Problem, not_found
from api.web.throttle import RUNS, limited

blueprint = Blueprint("runs", __name__, description="Runs of the matcher over regions")
_REGION = re.compile(r"AM[0-9]{2}\Z")


LANG = ma.fields.String(load_default="nl", validate=ma.validate.OneOf(["nl", "en"]),
                        metadata={"description": "Language of the sentences"})  # fmt: skip


class ConflictSchema(Schema):
    """One of the limits that cannot hold together."""

    kind = ma.fields.String(required=True)
    name = ma.fields.String(allow_none=True)
    students = ma.fields.List(ma.fields.String())
    openings = ma.fields.List(ma.fields.String())
    sentence = ma.fields.String(required=True)


class RunSchema(Schema):
    """A run."""

    id = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(
        ["queued", "running", "done", "failed", "cancelled"]))  # fmt: skip
    regions = ma.fields.List(ma.fields.String(), required=True)
    on = ma.fields.Date(required=True, metadata={"description": "The day the rules are asked for"})
    lang = ma.fields.String(required=True)
    step = ma.fields.String(metadata={"description": "What it is doing while it runs: one of steps"})
    steps = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "Every step, in order"})
    attempts = ma.fields.Integer(required=True)
    created_at = Moment(required=True)
    ended_at = Moment(allow_none=True)
    fault = ma.fields.String(allow_none=True, metadata={"description": "Why it failed: infeasible, time_limit, ..."})
    digest = ma.fields.String(allow_none=True, metadata={"description": "SHA-256 of all that went in"})
    answer = ma.fields.String(allow_none=True, metadata={"description": "SHA-256 of all that came out"})
    versions = ma.fields.Dict(allow_none=True, keys=ma.fields.String(), values=ma.fields.String(),
                              metadata={"description": "Versions that decide the answer"})  # fmt: skip
    basis = ma.fields.Dict(allow_none=True, keys=ma.fields.String(), values=ma.fields.String(),
                           metadata={"description": "The run whose plan held in each region then"})  # fmt: skip
    totals = ma.fields.Dict(allow_none=True)
    conflict = ma.fields.List(ma.fields.Nested(ConflictSchema), metadata={
        "description": "Where no plan holds every limit: a smallest set that cannot hold together"})  # fmt: skip
    taken_at = Moment(allow_none=True)
    discarded_at = Moment(allow_none=True)
    judged_by = ma.fields.String(allow_none=True, metadata={"description": "Who took it over or discarded it"})
    holds_in = ma.fields.List(ma.fields.String(), metadata={"description": "The regions in which its plan holds"})


class AskSchema(Schema):
    """What to compute."""

    regions = ma.fields.List(ma.fields.String(validate=ma.validate.Regexp(_REGION)), load_default=list,
                             metadata={"description": "Empty: all of one's own"})  # fmt: skip
    on = NearDay(load_default=None)
    lang = ma.fields.String(validate=ma.validate.OneOf(["nl", "en"]), load_default="nl")


class CauseSchema(Schema):
    """Why a pair is other than before."""

    code = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True)
    changed = ma.fields.List(ma.fields.String(), metadata={"description": "What changed of the record"})
    decision = ma.fields.String(attribute="word")
    student_ids = ma.fields.List(ma.fields.String(), metadata={"description": "Who took the place, or left it"})
    opening_id = ma.fields.String()


class ChangeSchema(Schema):
    """One pair of the plan before or the plan of the run. Fits are whole millionths."""

    student_id = ma.fields.String(required=True)
    opening_id = ma.fields.String(required=True)
    change = ma.fields.String(required=True, validate=ma.validate.OneOf(run_differences.CHANGES))
    fit_before = ma.fields.Integer(allow_none=True)
    fit_after = ma.fields.Integer(allow_none=True)
    rank_before = ma.fields.Integer(allow_none=True)
    rank_after = ma.fields.Integer(allow_none=True)
    kept = ma.fields.String(allow_none=True, metadata={"description": "accept or pin: a person's word fixes it"})
    causes = ma.fields.List(ma.fields.Nested(CauseSchema), required=True)


class OutdatedSchema(Schema):
    """What the plan goes against: a decision made since, or a place that is gone."""

    code = ma.fields.String(required=True)
    student_id = ma.fields.String(required=True)
    opening_id = ma.fields.String(required=True)
    decision_id = ma.fields.String(allow_none=True)


class DifferenceSchema(Schema):
    """What a run would change."""

    items = ma.fields.List(ma.fields.Nested(ChangeSchema), required=True)
    next = ma.fields.String(allow_none=True)
    counts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    other_plan = ma.fields.Boolean(required=True, metadata={
        "description": "Another plan was taken over since: this run cannot be any more"})  # fmt: skip
    outdated = ma.fields.List(ma.fields.Nested(OutdatedSchema), required=True)


class DifferenceQuery(PageSchema):
    """Which changes."""

    change = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *run_differences.CHANGES]),
                              metadata={"description": "Empty: all but the same"})  # fmt: skip
    lang = LANG


class JudgementSchema(Schema):
    """What is to become of a run."""

    word = ma.fields.String(required=True, validate=ma.validate.OneOf(run_judgements.WORDS))


class GivesPlaceSchema(Schema):
    """The smallest change that would give a place, checked by solving again."""

    code = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True)
    change_places = ma.fields.Integer(required=True, attribute="more", metadata={
        "description": "How many further students would get a place by it"})  # fmt: skip
    opening = ma.fields.String(metadata={"description": "Where"})


class OutcomeSchema(Schema):
    """What a run says about one student as a whole."""

    student_id = ma.fields.String(required=True)
    status = ma.fields.String(required=True, validate=ma.validate.OneOf(["placed", "unplaced"]))
    blocked = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    smallest_change = ma.fields.Nested(GivesPlaceSchema, allow_none=True, attribute="change")
    facts = ma.fields.Dict(allow_none=True, metadata={
        "description": "Priority, robust or not, how complete (millionths) and fresh, what to ask next"})  # fmt: skip


class OutcomeQuery(PageSchema):
    """Which outcomes."""

    lang = LANG

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
        made = Page.of(found, page["limit"], lambda last: (last.created_at, last.id))
        return Page(told(made.items), made.next)

    @access("connector", scope="run")
    @blueprint.arguments(AskSchema)
    @blueprint.response(202, RunSchema, headers=LOCATION)
    @limited(RUNS)
    @once
    def post(self, wanted: dict[str, Any]) -> Any:
        """Ask for a run; a worker takes it up."""
        mine = regions_of(asker())
        if not set(wanted["regions"]) <= mine:
            raise Problem(403, "Ask for a run over your own regions.", "region")
        run = run_queue.ask(rows(), asker().actor, wanted["regions"] or sorted(mine), lang=wanted["lang"],
                            on=wanted["on"] or local_day(now()), now=now())  # fmt: skip
        return told([run])[0], 202, {"Location": link("runs.Run", run_id=run.id)}


@blueprint.route("/runs/<run_id>")
class Run(MethodView):
    """One run."""

    @access("connector")
    @blueprint.response(200, RunSchema, headers=ETAG)
    def get(self, run_id: str) -> Any:
        """How far it is, and its totals."""
        found = own_run(run_id)
        return told([found])[0], 200, etag(found.version)


@blueprint.route("/runs/<run_id>/cancellation")
class Cancellation(MethodView):
    """That a run is to be stopped."""

    @access("connector", scope="run")
    @matched
    @blueprint.response(200, RunSchema, headers=ETAG)
    def put(self, run_id: str) -> Any:
        """Stop the run. If-Match is the ETag of the run; it goes on meanwhile, and `*` stops it however far it is."""
        found = own_run(run_id, lock=True)
        must_match(found.version)
        try:
            run_queue.cancel(rows(), asker().actor, found, now=now())
        except Conflict as conflict:
            raise Problem(409, str(conflict), "conflict") from None
        return told([found])[0], 200, etag(found.version)


@blueprint.route("/runs/<run_id>/judgement")
class Judgement(MethodView):
    """What a connector makes of a run."""

    @access("connector", people_only=True)
    @matched
    @blueprint.arguments(JudgementSchema)
    @blueprint.response(200, RunSchema, headers=ETAG)
    def put(self, said: dict[str, Any], run_id: str) -> Any:
        """Take it over, so that its plan holds in its regions, or discard it. If-Match is the ETag of the run."""
        found = own_run(run_id, lock=True)
        must_match(found.version)
        try:
            run_judgements.judge(rows(), asker().actor, found, said["word"], now=now())
        except run_judgements.OutdatedPlan as overtaken:
            against = OutdatedSchema(many=True).dump(overtaken.pairs)
            raise Problem(409, str(overtaken), "outdated", outdated=against) from None
        except Conflict as conflict:
            raise Problem(409, str(conflict), "conflict") from None
        return told([found])[0], 200, etag(found.version)


@blueprint.route("/runs/<run_id>/outcomes")
class Outcomes(MethodView):
    """What a run says about every student."""

    @access("connector")
    @blueprint.arguments(OutcomeQuery, location="query")
    @blueprint.response(200, page_of(OutcomeSchema, "Outcome"))
    def get(self, page: dict[str, Any], run_id: str) -> Page:
        """Of who is in the run: placed or not, what blocks, and the smallest change that would help.

        Who holds a place outside the run has none; the difference says so.
        """
        found = runs.outcomes_of(rows(), own_run(run_id).id, page["status"], page["after"], page["limit"] + 1)
        made = Page.of(found, page["limit"], lambda last: (last.student_id,))
        plain = ("student_id", "status", "blocked", "facts")
        return Page([{name: getattr(one, name) for name in plain} | {"change": in_language(one.change, page["lang"])}
                     for one in made.items], made.next)  # fmt: skip


@blueprint.route("/runs/<run_id>/difference")
class Difference(MethodView):
    """What a run would change: its plan beside the plan that held when it began."""

    @access("connector")
    @blueprint.arguments(DifferenceQuery, location="query")
    @blueprint.response(200, DifferenceSchema)
    def get(self, query: dict[str, Any], run_id: str) -> dict[str, Any]:
        """Every pair that is new, gone, risen, fallen or the same, with the cause; nothing counts before take-over.

        A pair that holds outside the run is the same, with the cause `outside_run` and no fit or rank after.
        """
        run = own_run(run_id)
        found = run_differences.difference(rows(), run)
        keep = (query["change"],) if query["change"] else ("new", "gone", "risen", "fallen")
        lines = [change for change in found if change.change in keep and _place(change) > query["after"]]
        page = Page.of(lines, query["limit"], _place)
        judged = run.taken_at is not None or run.discarded_at is not None
        shown = [{name: getattr(change, name) for name in CHANGE} | {"causes": sentences(change.causes, query["lang"])}
                 for change in page.items]  # fmt: skip
        return {
            "items": shown, "next": page.next, "counts": run_differences.counts(found),
            "other_plan": not judged and run_judgements.overtaken(rows(), run),
            "outdated": [] if judged else list(run_judgements.outdated(rows(), run)),
        }  # fmt: skip


CHANGE = ("student_id", "opening_id", "change", "fit_before", "fit_after", "rank_before", "rank_after", "kept")


def _place(change: run_differences.Change) -> Place:
    return change.student_id, change.opening_id


def told(found: Sequence[runs.Run]) -> list[dict[str, Any]]:
    """Runs as people read them."""
    holding: dict[str, list[str]] = {}
    for region, plan in plans.holding(rows(), {region for run in found for region in run.regions}).items():
        holding.setdefault(plan.run_id, []).append(region)
    names = decisions.names(rows(), [run.judged_by for run in found if run.judged_by])
    plain = ("id", "state", "regions", "on", "lang", "step", "attempts", "created_at", "ended_at", "fault", "digest",
             "answer", "versions", "basis", "taken_at", "discarded_at")  # fmt: skip
    return [
        {name: getattr(run, name) for name in plain}
        | {"steps": run_queue.STEPS, "totals": _totals(run), "conflict": _conflict(run),
           "judged_by": names.get(run.judged_by or ""), "holds_in": sorted(holding.get(run.id, ()))}
        for run in found
    ]  # fmt: skip


def _totals(run: runs.Run) -> dict[str, Any] | None:
    """Its figures. What cannot hold together, kept beside them, names people: `_conflict` tells it."""
    return run.totals and {name: value for name, value in run.totals.items() if name != "conflict"}


def _conflict(run: runs.Run) -> list[dict[str, Any]]:
    """What cannot hold together; who has left the own regions since is not named, nor what is said of them."""
    members = (run.totals or {}).get("conflict", [])
    known = runs.regions_of_students(rows(), {i for one in members for i in one.get("student_ids", ())})
    return [one if {known.get(i) for i in one.get("student_ids", ())} <= regions_of(asker())
            else one | {"students": [], "student_ids": [], "sentence": ""} for one in members]  # fmt: skip


def own_run(run_id: str, *, lock: bool = False) -> runs.Run:
    """The run, if all its regions are one's own; else the same answer as for one that is not there."""
    found = queue.run_by_id(rows(), run_id, lock=lock)
    if found is None or found.kind != "match" or not set(found.regions) <= regions_of(asker()):
        raise not_found()
    return found


def seen_regions() -> frozenset[str]:
    """Where a connector sees openings: in the own regions, and wherever the plans reach that hold there."""
    mine = regions_of(asker())
    held = {plan.run_id for plan in plans.holding(rows(), mine).values()}
    found = [queue.run_by_id(rows(), run_id) for run_id in sorted(held)]
    return mine.union(*(run.regions for run in found if run is not None))


def in_language(told: dict[str, Any] | None, lang: str) -> dict[str, Any] | None:
    """Something said in both languages, with its sentence in one."""
    if told is None:
        return None
    return {name: value for name, value in told.items() if name not in LANGUAGES} | {"sentence": told[lang]}
