"""Codes on paper with which students sign in, handed out by their school."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import codes as verbs
from api.store import codes
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.base import Blueprint, Moment, Schema
from api.web.json.once import once_secret
from api.web.login import code_key
from api.web.own import OF_PARTY, may_see, own_student
from api.web.problems import not_found

blueprint = Blueprint("codes", __name__, description="Codes on paper with which students sign in")


class WantedSchema(Schema):
    """For whom."""

    student_ids = ma.fields.List(ma.fields.String(validate=ma.validate.Length(1, 32)), required=True,
                                 validate=ma.validate.Length(1, 100))  # fmt: skip


class HandedOutSchema(Schema):
    """A code; it is shown once."""

    student_id = ma.fields.String(required=True)
    student_ref = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    expires_at = Moment(required=True)


class CodeStateSchema(Schema):
    """A code that was handed out, without the code."""

    created_at = Moment(required=True)
    expires_at = Moment(required=True)
    used_at = Moment(allow_none=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(["open", "used", "ended", "expired"]))


@blueprint.route("/codes")
class Codes(MethodView):
    """Codes of one's own students."""

    @access(*OF_PARTY, people_only=True)
    @blueprint.arguments(WantedSchema)
    @blueprint.response(201, HandedOutSchema(many=True))
    @once_secret
    def post(self, given: dict[str, Any]) -> Any:
        """Make a code for each student, to be handed over on paper; the ones of before end.

        Without Location: a code is told here and nowhere else. That there is one stands with its student's codes.
        """
        ids = list(dict.fromkeys(given["student_ids"]))
        found = codes.students_by_id(rows(), ids)
        if len(found) < len(ids) or not all(may_see(asker(), student, OF_PARTY) for student in found.values()):
            raise not_found()
        return verbs.hand_out(rows(), asker().actor, [found[i] for i in ids], code_key(), now=now())


@blueprint.route("/students/<student_id>/codes")
class StudentCodes(MethodView):
    """The codes that were handed out to a student."""

    @access(*OF_PARTY)
    @blueprint.response(200, CodeStateSchema(many=True))
    def get(self, student_id: str) -> Any:
        """When, until when, and whether it was used; newest first."""
        student = own_student(student_id, *OF_PARTY)
        return [
            {"created_at": code.created_at, "expires_at": code.expires_at, "used_at": code.used_at,
             "state": verbs.state_of(code, now())}
            for code in codes.codes_of(rows(), [student.id])
        ]  # fmt: skip
