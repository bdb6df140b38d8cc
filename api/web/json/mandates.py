"""Who stands beside a student: parents and representatives with a mandate, coaches."""
from __future__ import annotations

from datetime import date
from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import accounts
from api.services import mandates as verbs
from api.store import codes, mandates, people
from api.store.people import Account
from api.web.access import access, asker
from api.web.database import local_day, now, rows
from api.web.json.accounts import InvitationSchema, invited
from api.web.json.base import LOCATION, Blueprint, Day, Schema, Words, link
from api.web.json.once import once_secret
from api.web.own import OF_PARTY, own_student, role_at
from api.web.problems import not_found

blueprint = Blueprint("mandates", __name__, description="Parents with a mandate, and coaches, of a student")
WHO = (*OF_PARTY, "student")
COACHED_BY = (*OF_PARTY, "connector")


class MandateSchema(Schema):
    """A mandate."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True, metadata={
        "description": "Of somebody who has rights elsewhere too the address"})  # fmt: skip
    email = ma.fields.String(allow_none=True)
    ground = ma.fields.String(required=True, validate=ma.validate.OneOf(verbs.GROUNDS))
    begins_on = ma.fields.Date(required=True)
    ends_on = ma.fields.Date(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(["later", "live", "lapsed", "ended"]))


class NewMandateSchema(Schema):
    """A mandate to record."""

    email = ma.fields.String(required=True, validate=ma.validate.Length(3, 254))
    name = Words(120, least=1, required=True)
    ground = ma.fields.String(required=True, validate=ma.validate.OneOf(verbs.GROUNDS))
    begins_on = Day(load_default=None)
    ends_on = Day(load_default=None, metadata={
        "description": "A minor's ends on the 18th birthday at the latest"})  # fmt: skip


class RecordedSchema(Schema):
    """A mandate that was recorded; with an invitation for who has no password yet."""

    mandate = ma.fields.Nested(MandateSchema, required=True)
    invitation = ma.fields.Nested(InvitationSchema, allow_none=True)


class NewCoachSchema(Schema):
    """Who is to coach a student."""

    email = ma.fields.String(required=True, validate=ma.validate.Length(3, 254))
    name = Words(120, least=1, required=True)


class CoachSchema(Schema):
    """Somebody who coaches a student."""

    id = ma.fields.String(required=True, metadata={"description": "Of the right, to take it away by"})
    name = ma.fields.String(required=True)
    email = ma.fields.String(allow_none=True)


class AssignedSchema(Schema):
    """Who coaches a student now; with an invitation for who has no password yet."""

    coaches = ma.fields.List(ma.fields.Nested(CoachSchema), required=True)
    invitation = ma.fields.Nested(InvitationSchema, allow_none=True)


@blueprint.route("/students/<student_id>/mandates")
class Mandates(MethodView):
    """The mandates of a student."""

    @access(*WHO)
    @blueprint.response(200, MandateSchema(many=True))
    def get(self, student_id: str) -> Any:
        """Every mandate, newest first."""
        return _shown(own_student(student_id, *WHO).id)

    @access(*WHO, people_only=True)
    @blueprint.arguments(NewMandateSchema)
    @blueprint.response(201, RecordedSchema, headers=LOCATION)
    @once_secret
    def post(self, given: dict[str, Any], student_id: str) -> Any:
        """Record a mandate: the school, or a student of 16 and older for somebody of the student's own choice."""
        student = own_student(student_id, *WHO)
        made, account, new = verbs.record(
            rows(), asker().actor, student, by_student=role_at(student, *WHO) == "student",
            today=local_day(now()), now=now(), **given,
        )  # fmt: skip
        told = next(mandate for mandate in _shown(student.id) if mandate["id"] == made.id)
        where = {"Location": link("mandates.Mandates", student_id=student.id)}
        return {"mandate": told, "invitation": _invited(account, new=new)}, 201, where


@blueprint.route("/mandates/<mandate_id>")
class Mandate(MethodView):
    """One mandate."""

    @access(*WHO, people_only=True)
    @blueprint.response(204)
    def delete(self, mandate_id: str) -> None:
        """Take it back: the school, or the student who gave it or is of age."""
        found = mandates.mandate_by_id(rows(), mandate_id)
        student = own_student(found.student_id if found else "", *WHO)
        assert found is not None
        if role_at(student, *WHO) == "student" and found.ground != "student_gave":
            raise not_found()
        verbs.end(rows(), asker().actor, found, now=now())


@blueprint.route("/students/<student_id>/coaches")
class Coaches(MethodView):
    """Who coaches a student."""

    @access(*COACHED_BY, "student", "parent")
    @blueprint.response(200, CoachSchema(many=True))
    def get(self, student_id: str) -> Any:
        """The coaches by name."""
        return _coaches(own_student(student_id, *COACHED_BY, "student", "parent"))

    @access(*COACHED_BY, people_only=True)
    @blueprint.arguments(NewCoachSchema)
    @blueprint.response(201, AssignedSchema, headers=LOCATION)
    @once_secret
    def post(self, given: dict[str, Any], student_id: str) -> Any:
        """Let somebody coach a student."""
        student = own_student(student_id, *COACHED_BY)
        account, new = verbs.assign_coach(rows(), asker().actor, student, now=now(), **given)
        where = {"Location": link("mandates.Coaches", student_id=student.id)}
        return {"coaches": _coaches(student), "invitation": _invited(account, new=new)}, 201, where


@blueprint.route("/students/<student_id>/coaches/<right_id>")
class Coach(MethodView):
    """That somebody coaches a student."""

    @access(*COACHED_BY, people_only=True)
    @blueprint.response(204)
    def delete(self, student_id: str, right_id: str) -> None:
        """Take it away; it counts from the next request on."""
        student = own_student(student_id, *COACHED_BY)
        found = next((pair for pair in mandates.coaches_of(rows(), student.id) if pair[0].id == right_id), None)
        account = people.account_by_id(rows(), found[1].id) if found else None
        if account is None:
            raise not_found()
        accounts.revoke(rows(), asker().actor, account, right_id, now=now())


def _invited(account: Account, *, new: bool) -> dict[str, Any] | None:
    return invited(account) if new else None


def _coaches(student: codes.StoredStudent) -> list[dict[str, Any]]:
    found = mandates.coaches_of(rows(), student.id)
    names = {account.id: account.name for _, account in found}
    if role_at(student, *COACHED_BY):  # the student and a parent know who goes along with them
        names = verbs.called(rows(), student, [account for _, account in found])
    return [{"id": held.id, "name": names[account.id], "email": account.email} for held, account in found]


def _shown(student_id: str) -> list[dict[str, Any]]:
    student = codes.student_by_id(rows(), student_id)
    assert student is not None
    born = date.fromisoformat(str(codes.record_of(rows(), student)["birth_date"]))
    found = mandates.mandates_of(rows(), student_id)
    names = verbs.called(rows(), student, [account for _, account in found])
    return [
        {"id": mandate.id, "name": names[account.id], "email": account.email, "ground": mandate.ground,
         "begins_on": mandate.begins_on, "ends_on": mandate.ends_on,
         "state": verbs.state_of(mandate, born, local_day(now()))}
        for mandate, account in found
    ]  # fmt: skip
