"""Consent: the question, its answer, what was given, and the options a student may choose from."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import consents as verbs
from api.services import options
from api.services.card_words import words
from api.store import consents, decisions, releases, runs
from api.store.tables.decisions import ANSWERS
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.base import (
    ETAG,
    LOCATION,
    Blueprint,
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
from api.web.json.cards import CardSchema, LanguageSchema
from api.web.json.once import once
from api.web.json.proposals import OpeningSchema, StudentSchema
from api.web.problems import not_found
from api.web.reach import candidate_key, reach_of, speaks_for

blueprint = Blueprint("consents", __name__, description="A student's consent to be shown to an employer")
ASKING = ("connector", "school", "referrer")
SPEAKING = ("student", "parent")
READING = (*ASKING, "coach", *SPEAKING)


class ConsentRequestSchema(Schema):
    """A question for consent."""

    id = ma.fields.String(required=True)
    decision_id = ma.fields.String(required=True)
    student = ma.fields.Nested(StudentSchema, allow_none=True)
    opening = ma.fields.Nested(OpeningSchema, allow_none=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(consents.STATES))
    answer = ma.fields.String(allow_none=True, validate=ma.validate.OneOf(ANSWERS))
    asked_by = ma.fields.String(allow_none=True, metadata={"description": "Who asked, by name"})
    asked_at = Moment(required=True)
    answered_by = ma.fields.String(allow_none=True)
    answered_at = Moment(allow_none=True)
    ended_at = Moment(allow_none=True)


class RequestQuery(PageSchema):
    """Which questions."""

    state = ma.fields.String(load_default="", validate=ma.validate.OneOf(["", *consents.STATES]))
    student_id = ma.fields.String(load_default="")


class ConsentAskSchema(Schema):
    """On which decision: accept, pin, or defer for an option to choose from."""

    decision_id = ma.fields.String(required=True)


class ConsentAnswerSchema(Schema):
    """The answer."""

    answer = ma.fields.String(required=True, validate=ma.validate.OneOf(ANSWERS))
    only_this = ma.fields.Boolean(load_default=False, metadata={
        "description": "Of several options this one: the other open questions fall away"})  # fmt: skip


class ConsentSchema(Schema):
    """A consent, per student and vacancy; apart from any legal ground."""

    id = ma.fields.String(required=True)
    student_id = ma.fields.String(required=True)
    vacancy_id = ma.fields.String(required=True)
    request_id = ma.fields.String(allow_none=True)
    live = ma.fields.Boolean(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(consents.GIVEN), metadata={
        "description": "live; withdrawn by who gave it; or ended with the decision or placement it was for"})
    given_by = ma.fields.String(allow_none=True)
    given_at = Moment(required=True)
    withdrawn_at = Moment(allow_none=True, metadata={"description": "When it was withdrawn, or ended"})


class ConsentQuery(PageSchema):
    """Which consents."""

    student_id = ma.fields.String(load_default="")
    live = ma.fields.Boolean(load_default=False, metadata={"description": "Only those that stand"})


class WorkSchema(Schema):
    """The place as the employer describes it; times are minutes after midnight."""

    employer = ma.fields.String(required=True)
    vacancy_ref = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    branch = ma.fields.String(required=True)
    place = ma.fields.String(required=True)
    starts_on = ma.fields.Date(required=True)
    duration_months = ma.fields.Float(allow_none=True)
    contract_type = ma.fields.String(allow_none=True)
    route = ma.fields.String(allow_none=True)
    hours_min = ma.fields.Float(allow_none=True)
    hours_max = ma.fields.Float(allow_none=True)
    starts_at = ma.fields.Integer(allow_none=True)
    ends_at = ma.fields.Integer(allow_none=True)
    tasks = ma.fields.List(ma.fields.String(), required=True)
    conditions = ma.fields.List(ma.fields.String(), required=True)
    support_offered = ma.fields.List(ma.fields.String(), required=True)
    certificates_obtainable = ma.fields.List(ma.fields.String(), required=True)
    job_guarantee = ma.fields.Boolean(allow_none=True)


class OptionSchema(Schema):
    """One place for one student, how far it is, and what the employer sees or would see."""

    request_id = ma.fields.String(required=True)
    student_id = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(options.STATES))
    work = ma.fields.Nested(WorkSchema, required=True)
    asked_by = ma.fields.String(required=True, metadata={"description": "The person who chose this, by name"})
    asked_at = Moment(required=True)
    answer = ma.fields.String(allow_none=True)
    consent_id = ma.fields.String(allow_none=True)
    shows = ma.fields.Nested(CardSchema, allow_none=True)


@blueprint.route("/consent-requests")
class ConsentRequests(MethodView):
    """Questions for consent."""

    @access(*READING)
    @blueprint.arguments(RequestQuery, location="query")
    @blueprint.response(200, page_of(ConsentRequestSchema, "ConsentRequest"))
    def get(self, query: dict[str, Any]) -> Page:
        """One's own, newest first."""
        found = consents.requests(rows(), reach_of(asker(), *READING), state=query["state"],
                                  student_id=query["student_id"], after=query["after"],
                                  limit=query["limit"] + 1)  # fmt: skip
        page = Page.of(found, query["limit"], lambda last: (last.asked_at, last.id))
        return Page(told_requests(page.items), page.next)

    @access(*ASKING, people_only=True)
    @blueprint.arguments(ConsentAskSchema)
    @blueprint.response(201, ConsentRequestSchema, headers=ETAG | LOCATION)
    @once
    def post(self, wanted: dict[str, Any]) -> Any:
        """Ask a student for consent."""
        decision = releases.decision(rows(), reach_of(asker(), *ASKING), wanted["decision_id"])
        if decision is None:
            raise not_found()
        made = verbs.ask(rows(), asker().actor, decision, now=now())
        where = {"Location": link("consents.ConsentRequest", request_id=made.id)}
        return told_requests([made])[0], 201, etag(consents.state_of(made)) | where


@blueprint.route("/consent-requests/<request_id>")
class ConsentRequest(MethodView):
    """One question."""

    @access(*READING)
    @blueprint.response(200, ConsentRequestSchema, headers=ETAG)
    def get(self, request_id: str) -> Any:
        """The question; its ETag is what an answer must match."""
        found = _own_request(request_id, *READING)
        return told_requests([found])[0], 200, etag(consents.state_of(found))

    @matched
    @access(*ASKING, people_only=True)
    @blueprint.response(200, ConsentRequestSchema, headers=ETAG)
    def delete(self, request_id: str) -> Any:
        """Take the question back before it is answered."""
        found = _own_request(request_id, *ASKING)
        must_match(consents.state_of(found))
        verbs.take_back(rows(), asker().actor, found, now=now())
        return told_requests([found])[0], 200, etag(consents.state_of(found))


@blueprint.route("/consent-requests/<request_id>/answer")
class ConsentAnswer(MethodView):
    """The answer to a question."""

    @matched
    @access(*SPEAKING, people_only=True)
    @blueprint.arguments(ConsentAnswerSchema)
    @blueprint.response(200, ConsentRequestSchema, headers=ETAG)
    def put(self, said: dict[str, Any], request_id: str) -> Any:
        """Answer yes, no, or first a talk. Yes makes a consent."""
        found = _own_request(request_id, *SPEAKING)
        must_match(consents.state_of(found))
        verbs.answer(rows(), asker().actor, found, said["answer"], roles=speaks_for(asker(), found.student_id),
                     now=now(), only_this=said["only_this"])  # fmt: skip
        return told_requests([found])[0], 200, etag(consents.state_of(found))


@blueprint.route("/consents")
class Consents(MethodView):
    """What was given."""

    @access(*READING)
    @blueprint.arguments(ConsentQuery, location="query")
    @blueprint.response(200, page_of(ConsentSchema, "Consent"))
    def get(self, query: dict[str, Any]) -> Page:
        """One's own, newest first."""
        found = consents.consents(rows(), reach_of(asker(), *READING), student_id=query["student_id"],
                                  only_live=query["live"], after=query["after"], limit=query["limit"] + 1)  # fmt: skip
        page = Page.of(found, query["limit"], lambda last: (last.given_at, last.id))
        return Page(_told_consents(page.items), page.next)


@blueprint.route("/consents/<consent_id>")
class Consent(MethodView):
    """One consent."""

    @access(*READING)
    @blueprint.response(200, ConsentSchema)
    def get(self, consent_id: str) -> Any:
        """Who gave it, when, and whether it stands."""
        return _told_consents([_own_consent(consent_id, *READING)])[0]

    @access(*SPEAKING, people_only=True)
    @blueprint.response(200, ConsentSchema)
    def delete(self, consent_id: str) -> Any:
        """Withdraw it: at once, in one call, without a reason."""
        found = _own_consent(consent_id, *SPEAKING)
        verbs.withdraw(rows(), asker().actor, found, roles=speaks_for(asker(), found.student_id), now=now())
        return _told_consents([found])[0]


@blueprint.route("/options")
class Options(MethodView):
    """What a student may choose from."""

    @access(*SPEAKING, "coach")
    @blueprint.arguments(LanguageSchema, location="query")
    @blueprint.response(200, OptionSchema(many=True))
    def get(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        """Every place that a person found good, and how far it is."""
        students = reach_of(asker(), *SPEAKING, "coach").students
        found = options.of_students(rows(), sorted(students), key=candidate_key(), now=now())
        return [
            {"request_id": one.request.id, "student_id": one.request.student_id, "state": one.state, "work": one.work,
             "asked_by": one.asked_by, "asked_at": one.request.asked_at, "answer": one.request.answer,
             "consent_id": one.consent.id if one.consent else None,
             "shows": None if one.shows is None else words(one.shows, query["lang"])}
            for one in found
        ]  # fmt: skip


def told_requests(found: Any) -> list[dict[str, Any]]:
    """Questions as they are shown to whoever may see them."""
    students, openings = runs.names_of(rows(), [r.student_id for r in found], [r.opening_id for r in found])
    names = decisions.names(rows(), [i for r in found for i in (r.account_id, r.answered_by) if i])
    return [
        {"id": r.id, "decision_id": r.decision_id, "student": students.get(r.student_id),
         "opening": openings.get(r.opening_id), "state": consents.state_of(r), "answer": r.answer,
         "asked_by": names.get(r.account_id), "asked_at": r.asked_at, "answered_by": names.get(r.answered_by or ""),
         "answered_at": r.answered_at, "ended_at": r.ended_at}
        for r in found
    ]  # fmt: skip


def _told_consents(found: Any) -> list[dict[str, Any]]:
    names = decisions.names(rows(), [c.account_id for c in found if c.account_id])
    plain = ("id", "student_id", "vacancy_id", "request_id", "live", "given_at", "withdrawn_at")
    ended = consents.ended_with_word(rows(), found)
    return [{name: getattr(c, name) for name in plain} | {
        "given_by": names.get(c.account_id or ""),
        "state": "live" if c.live else "ended" if c.id in ended else "withdrawn"} for c in found]  # fmt: skip


def _own_request(request_id: str, *roles: str) -> consents.ConsentRequest:
    found = consents.request(rows(), reach_of(asker(), *roles), request_id)
    if found is None:
        raise not_found()
    return found


def _own_consent(consent_id: str, *roles: str) -> consents.Consent:
    found = consents.consent(rows(), reach_of(asker(), *roles), consent_id)
    if found is None:
        raise not_found()
    return found
