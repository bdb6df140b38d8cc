"""Acceptances on their way to the employer: how far each is, what the employer will see, showing it, taking it back."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import releases as verbs
from api.services.card_words import words
from api.store import decisions, releases, runs
from api.store.tables.decisions import ENDS
from api.web.access import access, asker
from api.web.database import local_day, now, rows
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
from api.web.problems import Problem, not_found
from api.web.reach import candidate_key, reach_of

blueprint = Blueprint("releases", __name__, description="Showing candidates to employers")
FOLLOWING = ("connector", "school", "referrer", "coach")
SEEING = (*FOLLOWING, "student", "parent")
CONSENT = ("not_asked", "open", "yes", "no", "talk", "withdrawn")


class TurnedDownSchema(Schema):
    """When its employer last turned the same student down for the same place, and why; it is in the way of nothing."""

    declined_at = Moment(allow_none=True)
    declined_reason = ma.fields.String(allow_none=True)


class AcceptanceSchema(TurnedDownSchema):
    """An acceptance, and how far it is towards the employer."""

    decision_id = ma.fields.String(required=True)
    proposal_id = ma.fields.String(required=True)
    decision = ma.fields.String(required=True, attribute="word")
    student = ma.fields.Nested(StudentSchema, allow_none=True)
    opening = ma.fields.Nested(OpeningSchema, allow_none=True)
    by = ma.fields.String(allow_none=True)
    decided_at = Moment(required=True)
    consent = ma.fields.String(required=True, validate=ma.validate.OneOf(CONSENT))
    request_id = ma.fields.String(allow_none=True)
    consent_id = ma.fields.String(allow_none=True)
    release_id = ma.fields.String(allow_none=True)
    blocks = ma.fields.List(ma.fields.String(), required=True, metadata={
        "description": "Codes of what is in the way of showing it; empty: it is ready"})  # fmt: skip


class AcceptanceQuery(PageSchema):
    """Which acceptances."""

    opening_id = ma.fields.String(load_default="")
    student_id = ma.fields.String(load_default="")


class ReleasePreviewSchema(TurnedDownSchema):
    """Exactly what the employer will see; ``digest`` is what a release must name."""

    decision_id = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    card = ma.fields.Nested(CardSchema, required=True)
    coarsened = ma.fields.List(ma.fields.String(), required=True, metadata={
        "description": "What is said less finely because too few in the region have the same"})  # fmt: skip
    digest = ma.fields.String(required=True)
    blocks = ma.fields.List(ma.fields.String(), required=True)


class WantedReleaseSchema(Schema):
    """One candidate to show, as previewed."""

    decision_id = ma.fields.String(required=True)
    digest = ma.fields.String(required=True)


class ReleaseBatchSchema(Schema):
    """Candidates to show, all or none."""

    candidates = ma.fields.List(ma.fields.Nested(WantedReleaseSchema), required=True,
                                validate=ma.validate.Length(1, verbs.MOST))  # fmt: skip


class LookSchema(Schema):
    """That somebody of the employer looked, and when first that day."""

    by = ma.fields.String(required=True)
    at = Moment(required=True)


class ReleaseSchema(Schema):
    """A candidate shown to an employer."""

    id = ma.fields.String(required=True)
    decision_id = ma.fields.String(required=True)
    student = ma.fields.Nested(StudentSchema, allow_none=True)
    opening = ma.fields.Nested(OpeningSchema, allow_none=True)
    code = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(["live", "ended"]))
    by = ma.fields.String(allow_none=True)
    released_at = Moment(required=True)
    ended_at = Moment(allow_none=True)
    end_reason = ma.fields.String(allow_none=True, validate=ma.validate.OneOf(ENDS))
    employer_word = ma.fields.String(allow_none=True, validate=ma.validate.OneOf(["meet", "does_not_fit"]))
    employer_reason = ma.fields.String(allow_none=True)
    employer_at = Moment(allow_none=True)


class SeenReleaseSchema(ReleaseSchema):
    """A release with what the employer saw, and when."""

    card = ma.fields.Nested(CardSchema, required=True)
    seen = ma.fields.List(ma.fields.Nested(LookSchema), required=True)


class ReleasesSchema(Schema):
    """What was released in one go."""

    items = ma.fields.List(ma.fields.Nested(ReleaseSchema), required=True)


class ReleaseQuery(PageSchema):
    """Which releases."""

    live = ma.fields.Boolean(load_default=None, allow_none=True)
    student_id = ma.fields.String(load_default="")
    opening_id = ma.fields.String(load_default="")


@blueprint.route("/acceptances")
class Acceptances(MethodView):
    """Acceptances that hold a place."""

    @access(*FOLLOWING)
    @blueprint.arguments(AcceptanceQuery, location="query")
    @blueprint.response(200, page_of(AcceptanceSchema, "Acceptance"))
    def get(self, query: dict[str, Any]) -> Page:
        """One's own, newest first, each with its consent and what is in the way of showing it."""
        found = releases.holding(rows(), reach_of(asker(), *FOLLOWING), opening_id=query["opening_id"],
                                 student_id=query["student_id"], after=query["after"],
                                 limit=query["limit"] + 1)  # fmt: skip
        page = Page.of(found, query["limit"], lambda last: (last.decided_at, last.id))
        return Page(_told_acceptances(page.items), page.next)


@blueprint.route("/acceptances/<decision_id>/preview")
class ReleasePreview(MethodView):
    """What the employer will see."""

    @access("connector")
    @blueprint.arguments(LanguageSchema, location="query")
    @blueprint.response(200, ReleasePreviewSchema)
    def get(self, query: dict[str, Any], decision_id: str) -> dict[str, Any]:
        """Exactly that, with its code."""
        found = releases.decision(rows(), reach_of(asker(), "connector"), decision_id)
        if found is None:
            raise not_found()
        made = verbs.preview(rows(), found, key=candidate_key(), today=local_day(now()))
        return {"decision_id": found.id, "code": made.pseudonym, "card": words(made.card, query["lang"]),
                "coarsened": made.card["coarsened"], "digest": made.digest, "blocks": made.blocks,
                **_turned_down(releases.declined(rows(), [found]).get(found.id))}  # fmt: skip


@blueprint.route("/releases")
class Releases(MethodView):
    """Candidates shown to employers."""

    @access(*SEEING)
    @blueprint.arguments(ReleaseQuery, location="query")
    @blueprint.response(200, page_of(ReleaseSchema, "Release"))
    def get(self, query: dict[str, Any]) -> Page:
        """One's own, newest first."""
        found = releases.releases(
            rows(), reach_of(asker(), *SEEING), live=query["live"], student_id=query["student_id"],
            opening_id=query["opening_id"], after=query["after"], limit=query["limit"] + 1,
        )  # fmt: skip
        page = Page.of(found, query["limit"], lambda last: (last.released_at, last.id))
        return Page(told_releases(page.items), page.next)

    @access("connector", people_only=True)
    @blueprint.arguments(ReleaseBatchSchema)
    @blueprint.response(201, ReleasesSchema, headers=LOCATION)
    @once
    def post(self, batch: dict[str, Any]) -> Any:
        """Show candidates to their employers, all or none; each as it was previewed.

        Location is the release; of several the list of what is shown now, which begins with them.
        """
        wanted = {one["decision_id"]: one["digest"] for one in batch["candidates"]}
        found = releases.decisions_of(rows(), reach_of(asker(), "connector"), wanted)
        if len(found) < len(wanted):
            raise not_found()
        try:
            made = verbs.release(rows(), asker().actor, [(one, wanted[one.id]) for one in found], key=candidate_key(),
                                 now=now())  # fmt: skip
        except verbs.BatchRefused as refused:
            told = [{"decisionId": one.decision_id, "code": one.why} for one in refused.refusals]
            raise Problem(409, str(refused), refused.code, refused=told) from None
        several = len(made) > 1
        there = link("releases.Releases", live="true") if several else link("releases.Release", release_id=made[0].id)
        return {"items": told_releases(made)}, 201, {"Location": there}


@blueprint.route("/releases/<release_id>")
class Release(MethodView):
    """One candidate shown to an employer."""

    @access(*SEEING)
    @blueprint.arguments(LanguageSchema, location="query")
    @blueprint.response(200, SeenReleaseSchema, headers=ETAG)
    def get(self, query: dict[str, Any], release_id: str) -> Any:
        """What the employer sees, who of them looked, and when."""
        found = _own(release_id, *SEEING)
        return told_seen(found, query["lang"]), 200, etag(verbs.state_of(found))

    @matched
    @access("connector", people_only=True)
    @blueprint.arguments(LanguageSchema, location="query")
    @blueprint.response(200, SeenReleaseSchema, headers=ETAG)
    def delete(self, query: dict[str, Any], release_id: str) -> Any:
        """Take it back; the answer tells what was seen already, and when."""
        found = _own(release_id, "connector")
        must_match(verbs.state_of(found))
        found = verbs.take_back(rows(), asker().actor, found, now=now())
        return told_seen(found, query["lang"]), 200, etag(verbs.state_of(found))


def told_releases(found: Any) -> list[dict[str, Any]]:
    """Releases as connectors, schools and students see them."""
    students, openings = runs.names_of(rows(), [r.student_id for r in found], [r.opening_id for r in found])
    names = decisions.names(rows(), [r.account_id for r in found])
    plain = ("id", "decision_id", "released_at", "ended_at", "end_reason", "employer_word", "employer_reason",
             "employer_at")  # fmt: skip
    return [
        {name: getattr(r, name) for name in plain}
        | {"student": students.get(r.student_id), "opening": openings.get(r.opening_id), "code": r.pseudonym,
           "state": verbs.state_of(r), "by": names.get(r.account_id)}
        for r in found
    ]  # fmt: skip


def told_seen(found: releases.Release, lang: str) -> dict[str, Any]:
    """A release with what was seen of it."""
    seen = [{"by": name, "at": at} for name, at in verbs.seen_by_employer(rows(), found)]
    return told_releases([found])[0] | {"card": words(found.card, lang), "seen": seen}


def _told_acceptances(found: Any) -> list[dict[str, Any]]:
    students, openings = runs.names_of(rows(), [d.student_id for d in found], [d.opening_id for d in found])
    names = decisions.names(rows(), [d.account_id for d in found])
    declined = releases.declined(rows(), found)
    return [
        {"decision_id": one.decision.id, "proposal_id": one.decision.proposal_id, "word": one.decision.word,
         "student": students.get(one.decision.student_id), "opening": openings.get(one.decision.opening_id),
         "by": names.get(one.decision.account_id), "decided_at": one.decision.decided_at,
         "consent": one.consent_state, "request_id": one.request.id if one.request else None,
         "consent_id": one.consent.id if one.consent else None,
         "release_id": one.release.id if one.release else None, "blocks": one.blocks,
         **_turned_down(declined.get(one.decision.id))}
        for one in verbs.standing(rows(), found, today=local_day(now()))
    ]  # fmt: skip


def _turned_down(found: releases.Release | None) -> dict[str, Any]:
    return {"declined_at": None if found is None else found.ended_at,
            "declined_reason": None if found is None else found.employer_reason}  # fmt: skip


def _own(release_id: str, *roles: str) -> releases.Release:
    found = releases.release(rows(), reach_of(asker(), *roles), release_id)
    if found is None:
        raise not_found()
    return found
