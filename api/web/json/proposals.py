"""Proposals of a run, ranked and explained, and people's decisions on them."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import decisions as verbs
from api.services.uploads import Conflict
from api.store import decisions, runs
from api.store.tables.decisions import REASONS, WORDS
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.base import Blueprint, Moment, Page, PageSchema, Schema, etag, link, must_match, page_of
from api.web.json.once import once
from api.web.json.runs import own_run
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


class OpeningSchema(Schema):
    """What people call an opening."""

    id = ma.fields.String(required=True)
    employer = ma.fields.String(required=True)
    vacancy_ref = ma.fields.String(required=True)
    starts_on = ma.fields.Date(required=True)
    title = ma.fields.String(required=True)


class DecisionSchema(Schema):
    """A person's word."""

    id = ma.fields.String(required=True)
    word = ma.fields.String(required=True, validate=ma.validate.OneOf(WORDS))
    reason = ma.fields.String(allow_none=True)
    note = ma.fields.String(allow_none=True)
    by = ma.fields.String(allow_none=True, metadata={"description": "Who decided"})
    decided_at = Moment(required=True)
    ended_at = Moment(allow_none=True)


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
    parts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    regret = ma.fields.Dict(allow_none=True, metadata={"description": "What it would cost the others, and who moves"})
    reasons = ma.fields.List(ma.fields.Nested(SentenceSchema), required=True)
    to_check = ma.fields.List(ma.fields.Nested(SentenceSchema), required=True)
    again = ma.fields.Dict(allow_none=True, metadata={"description": "A rejection that lapsed, and what changed"})
    decision = ma.fields.Nested(DecisionSchema, allow_none=True, metadata={"description": "The word that stands"})


class ProposalQuery(PageSchema):
    """Which proposals."""

    run_id = ma.fields.String(required=True)
    student_id = ma.fields.String(load_default="")
    opening_id = ma.fields.String(load_default="")
    chosen = ma.fields.Boolean(load_default=None)


class WordSchema(Schema):
    """A word to write."""

    word = ma.fields.String(required=True, validate=ma.validate.OneOf(WORDS))
    reason = ma.fields.String(load_default=None, validate=ma.validate.OneOf(REASONS))
    note = ma.fields.String(load_default=None, validate=ma.validate.Length(max=500))

    @ma.validates_schema
    def rejection_has_reason(self, data: dict[str, Any], **_: Any) -> None:
        """Why not is what the next run, and the next connector, need to know."""
        if data.get("word") == "reject" and not data.get("reason"):
            raise ma.ValidationError("A rejection needs a reason.", "reason")


@blueprint.route("/proposals")
class Proposals(MethodView):
    """The proposals of a run."""

    @access("connector")
    @blueprint.arguments(ProposalQuery, location="query")
    @blueprint.response(200, page_of(ProposalSchema, "Proposal"))
    def get(self, query: dict[str, Any]) -> Page:
        """By student and rank; for one opening by fit."""
        run = own_run(query["run_id"])
        found = runs.proposals_of(
            rows(), run.id, student_id=query["student_id"], opening_id=query["opening_id"], chosen=query["chosen"],
            after=(query["after"],) if query["after"] else None, limit=query["limit"] + 1,
        )  # fmt: skip
        page = Page.of(found, query["limit"], lambda last: last.id)
        return Page(_shown(page.items), page.next)


@blueprint.route("/proposals/<proposal_id>")
class Proposal(MethodView):
    """One proposal."""

    @access("connector")
    @blueprint.response(200, ProposalSchema)
    def get(self, proposal_id: str) -> Any:
        """The pair with reasons, cost for others, and the word that stands; its ETag is what a decision must match."""
        found = _own(proposal_id)
        live = decisions.live_of(rows(), found.student_id, found.opening_id)
        return _shown([found])[0], 200, etag(verbs.state_of(live))


@blueprint.route("/proposals/<proposal_id>/decisions")
class Decisions(MethodView):
    """People's words on a pair."""

    @access("connector")
    @blueprint.response(200, DecisionSchema(many=True))
    def get(self, proposal_id: str) -> list[dict[str, Any]]:
        """Every word, oldest first."""
        found = _own(proposal_id)
        return _told(decisions.history(rows(), found.student_id, found.opening_id))

    @access("connector", people_only=True)
    @blueprint.arguments(WordSchema)
    @blueprint.response(201, DecisionSchema)
    @once
    def post(self, said: dict[str, Any], proposal_id: str) -> Any:
        """Decide. Only on what was seen: If-Match is the ETag of the proposal."""
        found = _own(proposal_id)
        _must_have_seen(found)
        try:
            made = verbs.decide(rows(), asker().actor, found, said["word"], reason=said["reason"], note=said["note"],
                                now=now())  # fmt: skip
        except Conflict as conflict:
            raise Problem(409, str(conflict), "conflict") from None
        return _told([made])[0], 201, etag(made.id) | {"Location": link("proposals.Decision", decision_id=made.id)}


@blueprint.route("/decisions/<decision_id>")
class Decision(MethodView):
    """One word."""

    @access("connector")
    @blueprint.response(200, DecisionSchema)
    def get(self, decision_id: str) -> Any:
        """Who said what, when and why."""
        return _told([_own_decision(decision_id)])[0]

    @access("connector", people_only=True)
    @blueprint.response(200, DecisionSchema)
    def delete(self, decision_id: str) -> Any:
        """Take it back; it stays in the history."""
        found = _own_decision(decision_id)
        try:
            verbs.undo(rows(), asker().actor, found, now=now())
        except Conflict as conflict:
            raise Problem(409, str(conflict), "conflict") from None
        return _told([found])[0]


def _own(proposal_id: str) -> runs.Proposal:
    found = runs.proposal_by_id(rows(), proposal_id)
    if found is None:
        raise not_found()
    own_run(found.run_id)
    return found


def _own_decision(decision_id: str) -> decisions.Decided:
    found = decisions.by_id(rows(), decision_id)
    if found is None:
        raise not_found()
    _own(found.proposal_id)
    return found


def _must_have_seen(proposal: runs.Proposal) -> None:
    """Lock the pair and refuse who has not seen the word that stands; they are told whose it is, and when."""
    decisions.lock_pair(rows(), proposal.student_id, proposal.opening_id)
    live = decisions.live_of(rows(), proposal.student_id, proposal.opening_id)
    current = DecisionSchema().dump(_told([live])[0]) if live else None
    must_match(verbs.state_of(live), decision=current)


def _told(found: Any) -> list[dict[str, Any]]:
    names = decisions.names(rows(), [decision.account_id for decision in found])
    return [
        {"id": d.id, "word": d.word, "reason": d.reason, "note": d.note, "by": names.get(d.account_id),
         "decided_at": d.decided_at, "ended_at": d.ended_at}
        for d in found
    ]  # fmt: skip


def _shown(found: Any) -> list[dict[str, Any]]:
    students, openings = runs.names_of(rows(), [p.student_id for p in found], [p.opening_id for p in found])
    live = decisions.live_among(rows(), found)
    words = dict(zip(live, _told(list(live.values())), strict=True))
    plain = ("id", "run_id", "chosen", "rank", "fit", "band", "known", "parts", "regret", "reasons", "to_check",
             "again")  # fmt: skip
    return [
        {name: getattr(p, name) for name in plain}
        | {"student": students.get(p.student_id), "opening": openings.get(p.opening_id),
           "decision": words.get((p.student_id, p.opening_id))}
        for p in found
    ]  # fmt: skip
