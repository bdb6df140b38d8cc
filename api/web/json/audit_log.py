"""The audit log: its events, newest first, and whether anybody touched it."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.store import audit
from api.web.access import access
from api.web.database import database, rows
from api.web.json.base import Blueprint, Moment, Page, PageSchema, Schema, page_of

blueprint = Blueprint("audit_log", __name__, description="What was done: ids and codes, never a name")
ADMINISTRATOR = access("administrator", people_only=True)
_NUMBER = r"[0-9]{1,15}"


class AuditEventSchema(Schema):
    """Something that was done."""

    number = ma.fields.Integer(required=True, attribute="sequence", metadata={"description": "Without a gap"})
    at = Moment(required=True, allow_none=True, metadata={
        "description": "null: this event was changed and cannot be read; a verification says more"})  # fmt: skip
    actor_kind = ma.fields.String(required=True, validate=ma.validate.OneOf(["human", "system", "service", "unknown"]))
    actor_id = ma.fields.String(allow_none=True, required=True, metadata={"description": "The account"})
    action = ma.fields.String(required=True)
    subject_kind = ma.fields.String(required=True)
    subject_id = ma.fields.String(required=True)
    door = ma.fields.String(required=True, metadata={"description": "web, worker or command"})
    result = ma.fields.String(required=True)
    details = ma.fields.Dict(keys=ma.fields.String(), required=True, metadata={
        "description": "Ids, codes and numbers"})  # fmt: skip


class AuditQuery(PageSchema):
    """Which events."""

    after = ma.fields.String(load_default="", validate=ma.validate.Regexp(rf"^({_NUMBER})?$"),
                             metadata={"description": "`next` of the page before"})  # fmt: skip
    action = ma.fields.String(load_default="", validate=ma.validate.Length(max=40))
    subject_id = ma.fields.String(load_default="", validate=ma.validate.Length(max=64))


class FindingSchema(Schema):
    """Something wrong with the log."""

    number = ma.fields.Integer(required=True, attribute="sequence", metadata={
        "description": "The event; 0: the log as a whole"})  # fmt: skip
    sentence = ma.fields.String(required=True)


class AuditVerificationSchema(Schema):
    """The whole log, checked."""

    whole = ma.fields.Boolean(required=True)
    findings = ma.fields.List(ma.fields.Nested(FindingSchema), required=True)
    end = ma.fields.String(required=True, allow_none=True, metadata={
        "description": "Where a whole log ends, number:seal, to be written down elsewhere as an anchor"})  # fmt: skip


class AnchorQuery(Schema):
    """An end that was written down before."""

    anchor = ma.fields.String(load_default="", validate=ma.validate.Regexp(rf"^({_NUMBER}:[0-9a-f]{{64}})?$"),
                              metadata={"description": "`end` of an earlier verification"})  # fmt: skip


@blueprint.route("/audit-events")
class AuditEvents(MethodView):
    """What was done."""

    @ADMINISTRATOR
    @blueprint.arguments(AuditQuery, location="query")
    @blueprint.response(200, page_of(AuditEventSchema, "AuditEvent"))
    def get(self, query: dict[str, Any]) -> Page:
        """The events, newest first; of one action or about one record."""
        found = audit.latest(rows(), int(query["after"]) if query["after"] else None, query["limit"] + 1,
                             action=query["action"], subject_id=query["subject_id"])  # fmt: skip
        return Page.numbered(found, query["limit"], lambda last: last.sequence)


@blueprint.route("/audit-verification")
class AuditVerification(MethodView):
    """That the log is whole."""

    @ADMINISTRATOR
    @blueprint.arguments(AnchorQuery, location="query")
    @blueprint.response(200, AuditVerificationSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Check every event as of one moment; with an anchor also that it is not an older log put back."""
        with database().reading() as one_moment:
            findings = audit.verify(one_moment, query["anchor"])
            return {"whole": not findings, "findings": findings,
                    "end": None if findings else audit.end_of(one_moment)}  # fmt: skip
