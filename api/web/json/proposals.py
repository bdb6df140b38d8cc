"""Proposals of a run, ranked and explained, and people's decisions on them."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import decisions as verbs
from api.services import pairs, standing
from api.services.proposals import shown, told
from api.services.uploads import Conflict
from api.store import decisions, queues, runs
from api.store.tables.decisions import REASONS, WORDS
from api.web.access import access, asker, regions_of
from api.web.database import local_day, now, rows
from api.web.json.base import (
    ETAG,
    LOCATION,
    Blueprint,
    Moment,
    Page,
    PageSchema,
    Schema,
    Told,
    Words,
    etag,
    link,
    matched,
    must_match,
    page_of,
)
from api.web.json.once import once
from api.web.json.runs import LANG, own_run, seen_regions
from api.web.problems import Problem, not_found

blueprint = Blueprint("proposals", __name__, description="Ranked proposals and people's decisions on them")


class SentenceSchema(Schema):
    """One true sentence about a pair."""

    code = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True)


class StudentSchema(Schema):
    """What a connector calls a student."""

    id = ma.fields.String(required=True)
    school = ma.fields.String(required=True)
    student_ref = ma.fields.String(required=True)
    first_name = ma.fields.String(required=True)
    region = ma.fields.String(allow_none=True)


class OpeningSchema(Schema):
    """What people call an opening."""

    id = ma.fields.String(required=True)
    employer = ma.fields.String(required=True)
    vacancy_ref = ma.fields.String(required=True)
    starts_on = ma.fields.Date(required=True)
    title = ma.fields.String(required=True)
    vacancy_id = ma.fields.String(required=True)
    branch = ma.fields.String(required=True)


class DecisionSchema(Schema):
    """A person's word."""

    id = ma.fields.String(required=True)
    decision = ma.fields.String(required=True, attribute="word", validate=ma.validate.OneOf(WORDS))
    reason = ma.fields.String(allow_none=True)
    note = ma.fields.String(allow_none=True)
    by = ma.fields.String(allow_none=True, metadata={"description": "Who decided"})
    decided_at = Moment(required=True)
    ended_at = Moment(allow_none=True)
    ended_by = ma.fields.String(allow_none=True, metadata={"description": "Who ended it"})


class MoveSchema(Schema):
    """Who goes from where to where; empty: no place."""

    student = ma.fields.String(required=True)
    begin = ma.fields.String(attribute="from", data_key="from", allow_none=True)
    end = ma.fields.String(attribute="to", data_key="to", allow_none=True)
    student_name = ma.fields.String()
    from_name = ma.fields.String()
    to_name = ma.fields.String()


class RegretSchema(Schema):
    """What the whole plan loses when this pair is chosen: priorities, then fit in millionths; below 0 is a gain."""

    placed_loss = ma.fields.Integer(required=True)
    fit_loss = ma.fields.Integer(required=True)
    others_loss = ma.fields.Integer(required=True, metadata={"description": "What all but this student lose"})
    moves = ma.fields.List(ma.fields.Nested(MoveSchema), required=True)
    sentences = ma.fields.List(ma.fields.String(), required=True)


class ProposalSchema(Schema):
    """A pair of a run: eligible, scored, explained. Fits are whole millionths."""

    id = ma.fields.String(required=True)
    run_id = ma.fields.String(required=True)
    student = ma.fields.Nested(StudentSchema, allow_none=True)
    opening = ma.fields.Nested(OpeningSchema, allow_none=True)
    chosen = ma.fields.Boolean(required=True, metadata={"description": "Whether the plan has it"})
    rank = ma.fields.Integer(required=True, metadata={"description": "Rank among the student's own"})
    fit = ma.fields.Integer(required=True)
    band = ma.fields.String(required=True)
    known = ma.fields.Integer(required=True)
    base = ma.fields.Integer(required=True, metadata={"description": "Fit is the base and the contributions"})
    contributions = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf([*queues.STATES, "alternative"]))
    regret = ma.fields.Nested(RegretSchema, allow_none=True, metadata={
        "description": "What it would cost the others, and who moves; null where that is left open"})  # fmt: skip
    reasons = Told(SentenceSchema, many=True, required=True)
    to_check = Told(SentenceSchema, many=True, required=True)
    again = ma.fields.Dict(allow_none=True, metadata={
        "description": "A rejection that lapsed, and what changed: under the plan that holds, to review again"})
    added_by = ma.fields.String(allow_none=True, metadata={"description": "Who proposed it outside the list"})
    why = ma.fields.String(allow_none=True, metadata={"description": "Why it was proposed all the same"})
    decision = ma.fields.Nested(DecisionSchema, allow_none=True, metadata={"description": "The word that stands"})


class ProposalQuery(PageSchema):
    """Which proposals: those of one run, or those in one state under the plans that hold.

    What counts for the one and not for the other is refused with it: left out unsaid, the list would be a wrong one.
    """

    run_id = ma.fields.String(load_default="")
    state = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *queues.STATES]),
                             metadata={"description": "Not with a run; default to_review"})  # fmt: skip
    region_code = ma.fields.String(load_default="", metadata={
        "description": "Where the student lives now; empty: all of one's own, and of a run who left them"})  # fmt: skip
    by = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", "student", "vacancy"]), metadata={
        "description": "Not with a run: by student (default) who waits longest, or by vacancy"})  # fmt: skip
    student_id = ma.fields.String(load_default="")
    opening_id = ma.fields.String(load_default="")
    vacancy_id = ma.fields.String(load_default="", metadata={"description": "All openings of a vacancy together"})
    chosen = ma.fields.Boolean(load_default=None, metadata={"description": "Only with a run: whether its plan has it"})
    lang = LANG

    @ma.validates_schema(skip_on_field_errors=False)
    def counts(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse what would not be looked at."""
        wrong = {}
        if data.get("run_id"):
            wrong = {name: ["Not with runId: it is of what waits under the plans that hold."]
                     for name in ("state", "by") if data.get(name)}  # fmt: skip
        elif data.get("chosen") is not None:
            wrong = {"chosen": ["Only with runId: it is of the plan of one run."]}
        if wrong:
            raise ma.ValidationError(wrong)


class AdditionSchema(Schema):
    """A pair to propose all the same, and why."""

    student_id = ma.fields.String(required=True, validate=ma.validate.Length(1, 32))
    opening_id = ma.fields.String(required=True, validate=ma.validate.Length(1, 32))
    why = Words(500, least=1, required=True)


class LangQuery(Schema):
    """In which language."""

    lang = LANG


class QueueSchema(Schema):
    """How many wait in one state in one region."""

    state = ma.fields.String(required=True)
    region_code = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True)
    oldest_at = Moment(required=True)


class QueueQuery(Schema):
    """Of which region."""

    region_code = ma.fields.String(load_default="", metadata={"description": "Empty: all of one's own"})


class NewDecisionSchema(Schema):
    """A decision to write."""

    decision = ma.fields.String(required=True, attribute="word", validate=ma.validate.OneOf(WORDS))
    reason = ma.fields.String(load_default=None, validate=ma.validate.OneOf(REASONS))
    note = Words(500, load_default=None)

    @ma.validates_schema
    def rejection_has_reason(self, data: dict[str, Any], **_: Any) -> None:
        """Why not is what the next run, and the next connector, need to know."""
        if data.get("word") == "reject" and not data.get("reason"):
            raise ma.ValidationError("A rejection needs a reason.", "reason")
        if data.get("word") == "reject" and data["reason"] == "other" and not (data.get("note") or "").strip():
            raise ma.ValidationError("Say in words which other reason.", "note")


@blueprint.route("/proposals")
class Proposals(MethodView):
    """The proposals of a run."""

    @access("connector")
    @blueprint.arguments(ProposalQuery, location="query")
    @blueprint.response(200, page_of(ProposalSchema, "Proposal"))
    def get(self, query: dict[str, Any]) -> Page:
        """Of a run by student and rank, for one opening or vacancy by fit; of a state who waits longest first.

        With runId neither state nor by is read, without it chosen is not: each is then a 400.
        """
        if not query["run_id"]:
            return _waiting(query)
        run = own_run(query["run_id"])
        found = runs.proposals_of(
            rows(), run.id, student_id=query["student_id"], opening_id=query["opening_id"],
            vacancy_id=query["vacancy_id"], chosen=query["chosen"], after=query["after"], limit=query["limit"] + 1,
            among_regions=frozenset(_regions(query["region_code"])) if query["region_code"] else None,
        )
        by_fit = bool(query["opening_id"] or query["vacancy_id"])
        page = Page.of(found, query["limit"], lambda last: runs.place_of(last, by_fit=by_fit))
        return Page(_shown(page.items, query["lang"]), page.next)

    @access("connector", people_only=True)
    @blueprint.arguments(AdditionSchema)
    @blueprint.response(201, ProposalSchema, headers=LOCATION)
    @once
    def post(self, wish: dict[str, Any]) -> Any:
        """Propose a pair that is not on the list all the same; what it breaks stands among the points to check."""
        mine = regions_of(asker())
        student = runs.students_in(rows(), mine, wish["student_id"])
        opening = runs.openings_in(rows(), seen_regions(), wish["opening_id"])
        if not student or not opening:
            raise not_found()
        region = runs.region_of(rows(), wish["student_id"]) or ""
        try:
            made = pairs.add(rows(), asker().actor, student[0], opening[0], region=region, why=wish["why"], now=now())
        except Conflict as conflict:
            raise Problem(409, str(conflict), "conflict") from None
        return _shown([made], "nl")[0], 201, {"Location": link("proposals.Proposal", proposal_id=made.id)}


@blueprint.route("/proposals/<proposal_id>")
class Proposal(MethodView):
    """One proposal."""

    @access("connector")
    @blueprint.arguments(LangQuery, location="query")
    @blueprint.response(200, ProposalSchema, headers=ETAG)
    def get(self, query: dict[str, Any], proposal_id: str) -> Any:
        """The pair with reasons, cost for others, and the word that stands; its ETag is what a decision must match."""
        found = own_proposal(proposal_id)
        live = decisions.live_of(rows(), found.student_id, found.opening_id)
        return _shown([found], query["lang"])[0], 200, etag(verbs.state_of(live))


@blueprint.route("/proposals/<proposal_id>/alternatives")
class Alternatives(MethodView):
    """What else there is for the student."""

    @access("connector")
    @blueprint.arguments(LangQuery, location="query")
    @blueprint.response(200, ProposalSchema(many=True))
    def get(self, query: dict[str, Any], proposal_id: str) -> Any:
        """The student's other pairs of the same run by rank, each with what it costs the others."""
        found = own_proposal(proposal_id)
        others = runs.proposals_of(rows(), found.run_id, student_id=found.student_id, limit=100)
        return _shown([other for other in others if other.id != found.id], query["lang"])


@blueprint.route("/queues")
class Queues(MethodView):
    """What waits for a connector."""

    @access("connector")
    @blueprint.arguments(QueueQuery, location="query")
    @blueprint.response(200, QueueSchema(many=True))
    def get(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        """How many wait per state and region, and since when the oldest does; where nobody waits there is no line."""
        found = standing.numbers(rows(), _regions(query["region_code"]), local_day(now()))
        return [{"state": state, "region_code": region, "number": number, "oldest_at": oldest}
                for state, region, number, oldest in found]  # fmt: skip


@blueprint.route("/proposals/<proposal_id>/decisions")
class Decisions(MethodView):
    """People's words on a pair."""

    @access("connector")
    @blueprint.response(200, DecisionSchema(many=True))
    def get(self, proposal_id: str) -> list[dict[str, Any]]:
        """Every word, oldest first."""
        found = own_proposal(proposal_id)
        return told(rows(), decisions.history(rows(), found.student_id, found.opening_id))

    @matched
    @access("connector", people_only=True)
    @matched
    @blueprint.arguments(NewDecisionSchema)
    @blueprint.response(201, DecisionSchema, headers=ETAG | LOCATION)
    @once
    def post(self, said: dict[str, Any], proposal_id: str) -> Any:
        """Decide. Only on what was seen: If-Match is the ETag of the proposal."""
        found = own_proposal(proposal_id, by_name=True)
        _must_have_seen(found)
        try:
            made = verbs.decide(rows(), asker().actor, found, said["word"], reason=said["reason"], note=said["note"],
                                now=now())  # fmt: skip
        except Conflict as conflict:
            raise _in_the_way(conflict) from None
        address = link("proposals.Decision", decision_id=made.id)
        return told(rows(), [made])[0], 201, etag(made.id) | {"Location": address}


@blueprint.route("/decisions/<decision_id>")
class Decision(MethodView):
    """One word."""

    @access("connector")
    @blueprint.response(200, DecisionSchema)
    def get(self, decision_id: str) -> Any:
        """Who said what, when and why."""
        return told(rows(), [_own_decision(decision_id)])[0]

    @access("connector", people_only=True)
    @blueprint.response(200, DecisionSchema)
    def delete(self, decision_id: str) -> Any:
        """Take it back; it stays in the history."""
        found = _own_decision(decision_id)
        try:
            verbs.undo(rows(), asker().actor, found, now=now())
        except Conflict as conflict:
            raise _in_the_way(conflict) from None
        return told(rows(), [found])[0]


def own_proposal(proposal_id: str, *, by_name: bool = False) -> runs.Proposal:
    """The proposal, when its student is of one's own regions today; else as one that is not there.

    Of a student who was erased the numbers are read where the run is one's own; ``by_name``: nothing is.
    """
    found = runs.proposal_within(rows(), proposal_id, regions_of(asker()), by_name=by_name)
    if found is None:
        raise not_found()
    return found


def _own_decision(decision_id: str) -> decisions.Decided:
    found = decisions.by_id(rows(), decision_id)
    if found is None:
        raise not_found()
    own_proposal(found.proposal_id)
    return found


def _must_have_seen(proposal: runs.Proposal) -> None:
    """Lock the pair and refuse who has not seen the word that stands; they are told whose it is, and when."""
    decisions.lock_pair(rows(), proposal.student_id, proposal.opening_id)
    live = decisions.live_of(rows(), proposal.student_id, proposal.opening_id)
    current = DecisionSchema().dump(told(rows(), [live])[0]) if live else None
    must_match(verbs.state_of(live), decision=current)


def _in_the_way(conflict: Conflict) -> Problem:
    """Why not any more, with who decided otherwise and when: no more, for it may be about another student."""
    found = conflict.decision
    if found is None:
        return Problem(409, str(conflict), conflict.code)
    shown_of = DecisionSchema(only=("by", "decided_at", "ended_by", "ended_at")).dump(told(rows(), [found])[0])
    return Problem(409, str(conflict), "conflict", decision=shown_of)


def _shown(found: Sequence[runs.Proposal], lang: str) -> list[dict[str, Any]]:
    return shown(rows(), found, lang=lang, regions=regions_of(asker()))


def _regions(code: str) -> tuple[str, ...]:
    """One's own regions, or the one asked for when it is among them."""
    mine = regions_of(asker())
    return tuple(sorted(mine if not code else mine & {code}))


def _waiting(query: dict[str, Any]) -> Page:
    wanted = queues.Wanted(query["state"] or "to_review", _regions(query["region_code"]), query["student_id"],
                           query["opening_id"], query["vacancy_id"], query["by"] or "student")  # fmt: skip
    lines = queues.waiting(rows(), wanted, query["after"], query["limit"] + 1)
    page = Page.of(lines, query["limit"], lambda last: last.place)
    return Page(_shown(queues.proposals(rows(), [one.proposal_id for one in page.items]), query["lang"]), page.next)
