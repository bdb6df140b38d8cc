"""Candidates for employers: released ones of their own vacancies, and their word on them."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import marshmallow as ma
from flask import Response
from flask.views import MethodView

from api.services import candidates as verbs
from api.services import looks
from api.services.card_words import words
from api.store import releases
from api.store.reach import Reach
from api.web import throttle
from api.web.access import access, asker
from api.web.database import apart, now, rows
from api.web.json.base import ETAG, Blueprint, Moment, Page, Schema, etag, matched, must_match, page_of
from api.web.json.cards import CardSchema, LanguagePageSchema, LanguageSchema
from api.web.problems import not_found
from api.web.reach import own_employers

blueprint = Blueprint("candidates", __name__, description="Candidates that an employer may see")
STATES = (verbs.NEW, "meet", "does_not_fit", verbs.GONE)


class OwnOpeningSchema(Schema):
    """An employer's own opening."""

    id = ma.fields.String(required=True)
    vacancy_ref = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    starts_on = ma.fields.Date(required=True)


class CandidateSchema(Schema):
    """A candidate by a code that is of this vacancy alone; one that ended has no card, and no reason why."""

    id = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(STATES))
    opening = ma.fields.Nested(OwnOpeningSchema, required=True)
    released_at = Moment(required=True)
    reason = ma.fields.String(allow_none=True, metadata={"description": "The employer's own reason"})
    card = ma.fields.Nested(CardSchema, allow_none=True)


class CandidateQuery(LanguagePageSchema):
    """Which candidates."""

    opening_id = ma.fields.String(load_default="")


class CandidateTableQuery(LanguageSchema):
    """Which candidates, as a table."""

    opening_id = ma.fields.String(load_default="")


class EmployerWordSchema(Schema):
    """An employer's word."""

    word = ma.fields.String(required=True, validate=ma.validate.OneOf(["meet", "does_not_fit"]))
    reason = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.OneOf(verbs.REASONS))

    @ma.validates_schema
    def not_fitting_has_reason(self, data: dict[str, Any], **_: Any) -> None:
        """Why not is what connector and school need to know."""
        if data.get("word") == "does_not_fit" and not data.get("reason"):
            raise ma.ValidationError("Say why, from the list.", "reason")
        if data.get("word") == "meet" and data.get("reason"):
            raise ma.ValidationError("Meeting needs no reason.", "reason")


@blueprint.route("/candidates")
class Candidates(MethodView):
    """Candidates of one's own vacancies."""

    @throttle.slows
    @access("employer")
    @blueprint.arguments(CandidateQuery, location="query")
    @blueprint.response(200, page_of(CandidateSchema, "Candidate"))
    def get(self, query: dict[str, Any]) -> Page:
        """Those who are released now, newest first. That they are looked at is written down."""
        found = verbs.of_employers(rows(), own_employers(asker()), opening_id=query["opening_id"],
                                   after=query["after"], limit=query["limit"] + 1)  # fmt: skip
        page = Page.of(found, query["limit"], lambda last: (last.released_at, last.id))
        return Page(told(look_at(page.items), query["lang"]), page.next)


@blueprint.route("/candidates/table")
class CandidateTable(MethodView):
    """The same as a table."""

    @throttle.slows
    @access("employer")
    @blueprint.arguments(CandidateTableQuery, location="query")
    @blueprint.response(200, {"type": "string"}, content_type="text/csv")
    def get(self, query: dict[str, Any]) -> Response:
        """All who are released now, as CSV."""
        found = verbs.of_employers(rows(), own_employers(asker()), opening_id=query["opening_id"], limit=None)
        made = verbs.as_csv(verbs.shown(rows(), look_at(found)), query["lang"])
        return Response(made, content_type="text/csv; charset=utf-8")


@blueprint.route("/candidates/<candidate_id>")
class Candidate(MethodView):
    """One candidate."""

    @throttle.slows
    @access("employer")
    @blueprint.arguments(LanguageSchema, location="query")
    @blueprint.response(200, CandidateSchema, headers=ETAG)
    def get(self, query: dict[str, Any], candidate_id: str) -> Any:
        """The card, as long as the candidate is available."""
        found = own_candidate(candidate_id)
        (shown,) = look_at([found]) or [own_candidate(candidate_id)]
        return told([shown], query["lang"])[0], 200, etag(verbs.version_of(shown))


@blueprint.route("/candidates/<candidate_id>/word")
class CandidateWord(MethodView):
    """The employer's word on a candidate."""

    @matched
    @access("employer", people_only=True)
    @blueprint.arguments(EmployerWordSchema)
    @blueprint.response(200, CandidateSchema, headers=ETAG)
    def put(self, said: dict[str, Any], candidate_id: str) -> Any:
        """Meet (the connector arranges it), or does not fit, with a reason from the list."""
        found = own_candidate(candidate_id)
        found = verbs.say_word(rows(), asker().actor, found, said["word"], reason=said["reason"], seen=must_match,
                               now=now())  # fmt: skip
        return told([found], "nl")[0], 200, etag(verbs.version_of(found))


def look_at(found: Sequence[releases.Release]) -> list[releases.Release]:
    """Write down that these are looked at, and return those that still stand after that: only they are shown.

    Everything that shows an employer a card asks this, pages too. So many candidates a day are looked at for the first
    time, and no more: who goes through all of them is not looking for somebody.
    """
    live = {one.id: one.student_id for one in found if one.ended_at is None}
    first = looks.not_yet(rows(), asker().actor, live.values(), now())
    if first:
        with apart() as writing:
            allowed = throttle.spend(writing, throttle.CANDIDATES, len(first))
            if allowed:
                looks.look(writing, asker().actor, live.values(), now())
        if not allowed:
            raise throttle.too_many(throttle.CANDIDATES)
    rows().expire_all()  # what was read before may have ended meanwhile
    return verbs.of_employers(rows(), own_employers(asker()), ids=live, limit=len(live))


def own_candidate(candidate_id: str) -> releases.Release:
    """The release, if it is of one's own vacancy; else the same answer as for one that is not there."""
    found = releases.release(rows(), Reach(employers=own_employers(asker())), candidate_id)
    if found is None:
        raise not_found()
    return found


def told(found: Iterable[releases.Release], lang: str) -> list[dict[str, Any]]:
    """Candidates as their employer sees them."""
    return [
        {"id": one.id, "code": one.code, "state": one.state, "released_at": one.released_at, "reason": one.reason,
         "opening": {name: one.opening[name] for name in ("id", "vacancy_ref", "title", "starts_on")},
         "card": None if one.card is None else words(one.card, lang)}
        for one in verbs.shown(rows(), list(found))
    ]  # fmt: skip
