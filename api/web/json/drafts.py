"""Drafts of vacancies: filled in task by task, kept by themselves, checked before they are posted."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import vacancies as verbs
from api.services import vacancy_drafts, vacancy_help
from api.store import people, vacancies
from api.texts.vacancies import EXAMPLES, example
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
    Words,
    etag,
    link,
    matched,
    must_match,
    page_of,
)
from api.web.json.once import once
from api.web.json.students import LANG, LangQuery, RowWarningSchema, ToAskSchema
from api.web.json.vacancies import WHO, own_draft, own_vacancy, rules, whose
from api.web.json.vacancy_schemas import FIELDS, OPENING, EffectSchema, FoundWordsSchema
from api.web.reach import own_employers

blueprint = Blueprint("drafts", __name__, description="Drafts of vacancies, kept for 30 days after the last change")
_OPENINGS = ma.fields.List(ma.fields.Nested(OPENING), load_default=None,
                           validate=ma.validate.Length(max=verbs.MOST_OPENINGS))  # fmt: skip
_STEP = ma.fields.String(load_default="", validate=ma.validate.Length(max=30))


class VacancyDraftSchema(Schema):
    """A draft."""

    id = ma.fields.String(required=True)
    organisation_id = ma.fields.String(allow_none=True)
    vacancy_id = ma.fields.String(allow_none=True, attribute="subject_id", metadata={
        "description": "The vacancy it was begun from"})  # fmt: skip
    step = ma.fields.String(required=True)
    shared = ma.fields.Nested(FIELDS, required=True, attribute="content.fields")
    openings = ma.fields.List(ma.fields.Nested(OPENING), required=True, attribute="content.openings")
    created_at = Moment(required=True)
    changed_at = Moment(required=True)
    version = ma.fields.Integer(required=True)


class NewDraftSchema(Schema):
    """A draft to begin: empty, from an example, from an earlier vacancy, or from a job text."""

    organisation_id = ma.fields.String()
    example = ma.fields.String(validate=ma.validate.OneOf(list(EXAMPLES)))
    vacancy_id = ma.fields.String(validate=ma.validate.Length(max=32))
    text = Words(5_000)
    shared = ma.fields.Nested(FIELDS, load_default=dict)
    openings = _OPENINGS
    step = _STEP
    lang = LANG


class SavedDraftSchema(Schema):
    """What was filled in since; a field that is not said stays, null empties it."""

    shared = ma.fields.Nested(FIELDS, load_default=dict)
    openings = _OPENINGS
    step = _STEP


class CheckedDraftSchema(Schema):
    """A draft, checked."""

    ready = ma.fields.Boolean(required=True, metadata={"description": "Whether it can be posted"})
    errors = ma.fields.List(ma.fields.Nested(RowWarningSchema), required=True)
    wording = ma.fields.List(ma.fields.Nested(FoundWordsSchema), required=True)
    effects = ma.fields.List(ma.fields.Nested(EffectSchema), required=True)
    complete = ma.fields.Integer(required=True)
    missing = ma.fields.List(ma.fields.String(), required=True)
    to_ask = ma.fields.List(ma.fields.Nested(ToAskSchema), required=True)


@blueprint.route("/drafts")
class Drafts(MethodView):
    """All drafts of vacancies that are one's own."""

    @access(*WHO)
    @blueprint.arguments(PageSchema, location="query")
    @blueprint.response(200, page_of(VacancyDraftSchema, "VacancyDraft"))
    def get(self, page: dict[str, Any]) -> Page:
        """The drafts, last changed first."""
        found = vacancies.drafts_of(rows(), asker().account_id, own_employers(asker()), now(), vacancy_drafts.LASTS,
                                    of_others="connector" in asker().roles, after=page["after"],
                                    limit=page["limit"] + 1)  # fmt: skip
        return Page.of(found, page["limit"], lambda last: (last.changed_at, last.id))

    @access(*WHO, scope="upload")
    @blueprint.arguments(NewDraftSchema)
    @blueprint.response(201, VacancyDraftSchema, headers=ETAG | LOCATION)
    @once
    def post(self, given: dict[str, Any]) -> Any:
        """Begin a draft; what a text may mean is filled in only where that is sure, to be confirmed."""
        home = whose(given) if own_employers(asker()) else None
        made = vacancy_drafts.begin(rows(), asker().actor, home, {**_begun(given), **given["shared"]},
                                    given["openings"] or [], step=given["step"], subject_id=given.get("vacancy_id"),
                                    now=now())  # fmt: skip
        return made, 201, {"Location": link("drafts.OneDraft", draft_id=made.id), **etag(made.version)}


@blueprint.route("/drafts/<draft_id>")
class OneDraft(MethodView):
    """One draft."""

    @access(*WHO)
    @blueprint.response(200, VacancyDraftSchema, headers=ETAG)
    def get(self, draft_id: str) -> Any:
        """What was filled in so far."""
        found = own_draft(draft_id)
        return found, 200, etag(found.version)

    @access(*WHO, scope="upload")
    @matched
    @blueprint.arguments(SavedDraftSchema)
    @blueprint.response(200, VacancyDraftSchema, headers=ETAG)
    def patch(self, given: dict[str, Any], draft_id: str) -> Any:
        """Keep what was filled in since."""
        found = own_draft(draft_id, lock=True)
        must_match(found.version)
        openings = found.content["openings"] if given["openings"] is None else given["openings"]
        vacancy_drafts.save(rows(), found, given["shared"], openings, step=given["step"] or found.step, now=now())
        return found, 200, etag(found.version)

    @access(*WHO, scope="upload")
    @blueprint.response(204)
    def delete(self, draft_id: str) -> None:
        """Let it go."""
        vacancy_drafts.remove(rows(), asker().actor, own_draft(draft_id, lock=True), now=now())


@blueprint.route("/drafts/<draft_id>/review")
class DraftReview(MethodView):
    """A draft, checked before it is posted."""

    @access(*WHO)
    @blueprint.arguments(LangQuery, location="query")
    @blueprint.response(200, CheckedDraftSchema)
    def get(self, query: dict[str, Any], draft_id: str) -> Any:
        """What is wrong, which words a connector would look at, what demands do, and what is missing."""
        found = own_draft(draft_id)
        home = people.organisations(rows(), [found.organisation_id])[0] if found.organisation_id else None
        return vacancy_drafts.review(rows(), home, found, rules(), on=local_day(now()), lang=query["lang"])


def _begun(given: dict[str, Any]) -> dict[str, Any]:
    """What a draft begins with."""
    if "example" in given:
        return example(given["example"], given["lang"])
    if "vacancy_id" in given:
        return verbs.fields_of(own_vacancy(given["vacancy_id"]))
    if given.get("text"):
        found = vacancy_help.suggestions(given["text"], given["lang"])
        sure = {name: [one["code"] for one in several if one["sure"]] for name, several in found.items()}
        branch = {"branch": sure.pop("branch")[0]} if sure["branch"] else {}
        sure.pop("branch", None)
        return {"description": given["text"][:2000], **branch, **{n: codes for n, codes in sure.items() if codes}}
    return {}
