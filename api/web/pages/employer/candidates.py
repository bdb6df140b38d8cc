"""Kandidaten: those whom a person released to this employer, by code; meeting, or not with a reason."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response

from api.services import candidates as verbs
from api.services.card_words import words
from api.services.states import NotNow
from api.services.states import told as in_the_way
from api.store import introductions, placements
from api.texts.catalogue import capital, say
from api.texts.flow import EMPLOYER_REASONS
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.candidates import look_at, own_candidate
from api.web.json.once import once
from api.web.pages.base import go, read_form, show
from api.web.pages.language import language
from api.web.reach import own_employers, reach_of

blueprint = Blueprint("candidate_pages", __name__)
PATH = "/kandidaten"
MOST = 200


class WordForm(ma.Schema):
    """An employer's word, on the state that was shown."""

    word = ma.fields.String(required=True, validate=ma.validate.OneOf(["meet", "does_not_fit"]))
    reason = ma.fields.String(load_default=None, validate=ma.validate.OneOf(
        verbs.REASONS, error="candidates.choose_reason"))  # fmt: skip

    @ma.validates_schema
    def has_reason(self, data: dict[str, Any], **_: Any) -> None:
        """Why not is what connector and school need to know."""
        if data.get("word") == "does_not_fit" and not data.get("reason"):
            raise ma.ValidationError("candidates.choose_reason", "reason")


@blueprint.get(PATH)
@access("employer", people_only=True)
def overview() -> Response:
    """Everybody who is released now; who is not, is in no list and no count."""
    found = look_at(verbs.of_employers(rows(), own_employers(asker()), limit=MOST))
    told = [_told(one) for one in verbs.shown(rows(), found)]
    return show("employer/candidates.html", found=sorted(told, key=lambda one: one["state"] != verbs.NEW))


@blueprint.get(f"{PATH}/tabel.csv")
@access("employer", people_only=True)
def table() -> Response:
    """The same, with the same fields, as a table."""
    found = look_at(verbs.of_employers(rows(), own_employers(asker()), limit=MOST))
    made = verbs.as_csv(verbs.shown(rows(), found), language())
    return Response(made, content_type="text/csv; charset=utf-8",
                    headers={"Content-Disposition": "attachment; filename=kandidaten.csv"})  # fmt: skip


@blueprint.get(f"{PATH}/<candidate_id>")
@access("employer", people_only=True)
def candidate(candidate_id: str) -> Response:
    """One card, as long as the candidate is available."""
    return _shown(candidate_id)


@blueprint.post(f"{PATH}/<candidate_id>")
@access("employer", people_only=True)
@once
def word(candidate_id: str) -> Any:
    """Meet, or does not fit with a reason."""
    found = own_candidate(candidate_id)
    said, wrong = read_form(WordForm)
    if wrong:
        return _shown(candidate_id, wrong)
    here = f"{PATH}/{candidate_id}"
    try:
        verbs.say_word(rows(), asker().actor, found, said["word"], seen=lambda _: None, now=now(),
                       reason=said["reason"] if said["word"] == "does_not_fit" else None)  # fmt: skip
    except NotNow:
        return go(here)  # that page says how it is now
    return go(here, done="word_meet") if said["word"] == "meet" else go(PATH, done="word_fits_not")


def _shown(candidate_id: str, wrong: dict[str, str] | None = None) -> Response:
    found = own_candidate(candidate_id)
    (fresh,) = look_at([found]) or [own_candidate(candidate_id)]
    (one,) = verbs.shown(rows(), [fresh])
    meeting = introductions.live_on(rows(), fresh.id) if one.card is not None else None
    there = placements.placements(rows(), reach_of(asker(), "employer"), student_id=fresh.student_id,
                                  opening_id=fresh.opening_id)  # fmt: skip
    at_work = next((placed for placed in there if placed.ended_on is None), None)
    reasons = [(code, capital(say(EMPLOYER_REASONS, code, language()))) for code in verbs.REASONS]
    return show("employer/candidate.html", 400 if wrong else 200, one=_told(one), reasons=reasons, meeting=meeting,
                at_work=at_work, works=in_the_way("at_work", language()), wrong=wrong or {})  # fmt: skip


def _told(one: verbs.Candidate) -> dict[str, Any]:
    """A candidate as the templates show it."""
    reason = capital(say(EMPLOYER_REASONS, one.reason, language())) if one.reason else ""
    return {"id": one.id, "code": one.code, "state": one.state, "title": one.opening["title"], "reason": reason,
            "starts_on": one.opening["starts_on"], "released_at": one.released_at,
            "card": None if one.card is None else words(one.card, language())}  # fmt: skip


__all__ = ["blueprint"]
