"""Policies: every version, the one that holds, a comparison before a new one is adopted."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.policy import policy_template
from api.services import policies as verbs
from api.services.run_inputs import policy_of
from api.store import runs
from api.store.paging import START
from api.web.access import access, asker
from api.web.database import local_day, now, rows
from api.web.json.base import LOCATION, Blueprint, Moment, NearDay, Page, PageSchema, Schema, Words, link, page_of
from api.web.json.once import once
from api.web.json.students import LANG, LangQuery
from api.web.problems import not_found
from features.geography import REGIONS

blueprint = Blueprint("policies", __name__, description="Weights, rules and limits: versions, comparison, adoption")
ADMINISTRATOR = access("administrator", people_only=True)


class PolicySchema(Schema):
    """A version of the policy."""

    id = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    version = ma.fields.String(required=True, metadata={"description": "What the policy calls its own version"})
    digest = ma.fields.String(required=True)
    current = ma.fields.Boolean(required=True)
    by = ma.fields.String(allow_none=True)
    created_at = Moment(required=True)


class FullPolicySchema(PolicySchema):
    """A version of the policy with its settings."""

    text = ma.fields.String(required=True, metadata={"description": "As it was adopted, TOML or JSON"})
    settings = ma.fields.Dict(keys=ma.fields.String(), required=True, metadata={
        "description": "The same as data, to be changed and sent; what is not in it is at its default"})  # fmt: skip
    canonical = ma.fields.Dict(keys=ma.fields.String(), required=True, metadata={
        "description": "What a run depends on, in the form that digest is of; shares in whole millionths"})  # fmt: skip


class GivenPolicySchema(Schema):
    """A policy, as the text of a TOML or JSON file, or as settings."""

    text = Words(verbs.LONGEST, least=1)
    settings = ma.fields.Dict(keys=ma.fields.String())
    lang = LANG

    @ma.validates_schema
    def one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        """A text or settings, and not both."""
        if ("text" in data) == ("settings" in data):
            raise ma.ValidationError("Send text or settings.", "text")


class AskedComparisonSchema(GivenPolicySchema):
    """A policy to compare with the one that holds, and on which regions."""

    regions = ma.fields.List(ma.fields.String(validate=ma.validate.OneOf(REGIONS)), required=True,
                             validate=ma.validate.Length(1, len(REGIONS)))  # fmt: skip
    on = NearDay(load_default=None)


class ComparisonSchema(Schema):
    """What a policy would change, in counts: never a name, small groups hidden."""

    status = ma.fields.String(required=True)
    on = ma.fields.String(required=True, metadata={"format": "date"})
    old = ma.fields.Dict(required=True)
    new = ma.fields.Dict(required=True)
    settings = ma.fields.List(ma.fields.Dict(), required=True)
    totals = ma.fields.Dict(required=True)
    refused_pairs = ma.fields.Dict(required=True)
    groups = ma.fields.Dict(required=True)
    moves = ma.fields.Dict(required=True)
    versions = ma.fields.Dict(required=True)


class TemplateSchema(Schema):
    """A policy with every setting at its default, explained."""

    text = ma.fields.String(required=True)


@blueprint.route("/policies")
class Policies(MethodView):
    """All versions of the policy."""

    @ADMINISTRATOR
    @blueprint.arguments(PageSchema, location="query")
    @blueprint.response(200, page_of(PolicySchema, "Policy"))
    def get(self, page: dict[str, Any]) -> Page:
        """The versions, newest first; the first is the one that holds."""
        found = runs.policies(rows(), page["after"], page["limit"] + 1)
        shown = Page.of(found, page["limit"], lambda last: (last[0].number,))
        return Page([_shown(*one) for one in shown.items], shown.next)

    @ADMINISTRATOR
    @blueprint.arguments(GivenPolicySchema)
    @blueprint.response(201, FullPolicySchema, headers=LOCATION)
    @once
    def post(self, given: dict[str, Any]) -> Any:
        """Adopt a policy; everything that is wrong with it is said at once."""
        made = verbs.adopt(rows(), asker().actor, _text(given), lang=given["lang"], now=now())
        return _full(made.id), 201, {"Location": link("policies.OnePolicy", policy_id=made.id)}


@blueprint.route("/policies/<policy_id>")
class OnePolicy(MethodView):
    """One version of the policy."""

    @ADMINISTRATOR
    @blueprint.response(200, FullPolicySchema)
    def get(self, policy_id: str) -> Any:
        """Its settings."""
        return _full(policy_id)


@blueprint.route("/policy-template")
class PolicyTemplate(MethodView):
    """A policy to begin from."""

    @ADMINISTRATOR
    @blueprint.arguments(LangQuery, location="query")
    @blueprint.response(200, TemplateSchema)
    def get(self, query: dict[str, Any]) -> Any:
        """Every setting at its default, with what it does."""
        return {"text": policy_template(query["lang"])}


@blueprint.route("/policy-comparisons")
class PolicyComparisons(MethodView):
    """What a policy would change before it is adopted."""

    @ADMINISTRATOR
    @blueprint.arguments(AskedComparisonSchema)
    @blueprint.response(200, ComparisonSchema)
    def post(self, given: dict[str, Any]) -> Any:
        """Solve the stored records of regions under both policies. Nothing is stored."""
        policy = verbs.read(_text(given), given["lang"])
        found = verbs.inputs_of(rows(), sorted(set(given["regions"])), on=given["on"] or local_day(now()),
                                lang=given["lang"], now=now())  # fmt: skip
        rows().rollback()  # nobody waits for the database while it is solved
        return verbs.comparison(found, policy)


def _text(given: dict[str, Any]) -> str:
    return given["text"] if "text" in given else verbs.as_text(given["settings"])


def _full(policy_id: str) -> dict[str, Any]:
    found = next((one for one in runs.policies(rows(), START, None) if one[0].id == policy_id), None)
    if found is None:
        raise not_found()
    text = found[0].text
    return _shown(*found) | {"text": text, "settings": verbs.as_settings(text),
                             "canonical": policy_of(text).canonical()}  # fmt: skip


def _shown(policy: runs.StoredPolicy, by: str | None, current: bool) -> dict[str, Any]:
    read = policy_of(policy.text)
    return {"id": policy.id, "number": policy.number, "digest": policy.digest, "name": read.name,
            "version": read.version, "current": current, "by": by, "created_at": policy.created_at}  # fmt: skip
