"""Who stands beside a student: mandates of parents and representatives, coaches; codes for who has no password yet."""
from __future__ import annotations

from datetime import date
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response

from api.errors import ServiceError
from api.services import invitations
from api.services import mandates as verbs
from api.services.accounts import revoke
from api.services.codes import name_of
from api.store import codes, mandates
from api.store.codes import StoredStudent
from api.store.people import Account
from api.web.access import access, asker
from api.web.database import local_day, now, rows
from api.web.json.once import once, once_secret
from api.web.login import code_key
from api.web.own import OF_PARTY, own_student
from api.web.pages.base import go, home, read_form, show, t
from api.web.pages.school.fields import Said
from api.web.problems import not_found

blueprint = Blueprint("school_people", __name__)
_ADDRESS = "/leerlingen/<student_id>/naast"
_OF_ADDRESS = ("account_closed", "address_unusable", "email")
_EMAIL = ma.validate.Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z", error="student.email_wrong")


class PersonForm(ma.Schema):
    """Who it is."""

    name = Said(120, least=1, required=True)
    email = ma.fields.String(required=True, validate=[ma.validate.Length(3, 254), _EMAIL])


class MandateForm(PersonForm):
    """Who it is, and why this person may."""

    ground = ma.fields.String(required=True, validate=ma.validate.OneOf(verbs.GROUNDS))


@blueprint.get(_ADDRESS)
@access(*OF_PARTY, people_only=True)
def beside(student_id: str) -> Response:
    """Mandates and coaches."""
    return _page(own_student(student_id, *OF_PARTY))


@blueprint.post(f"{_ADDRESS}/machtigingen")
@access(*OF_PARTY, people_only=True)
@once_secret
def record(student_id: str) -> Any:
    """Record a mandate."""
    student = own_student(student_id, *OF_PARTY)
    values, wrong = read_form(MandateForm)
    if wrong:
        return _page(student, {f"m-{name}": said for name, said in wrong.items()})
    try:
        _, account, new = verbs.record(rows(), asker().actor, student, by_student=False, begins_on=None, ends_on=None,
                                       today=local_day(now()), now=now(), **values)  # fmt: skip
    except ServiceError as error:
        where = "m-email" if error.code in _OF_ADDRESS else "m-ground"
        return _page(student, {where: _refused(error)})
    return _invited(student, account, done="mandate_recorded") if new else _back(student, "mandate_known")


@blueprint.post(f"{_ADDRESS}/machtigingen/<mandate_id>")
@access(*OF_PARTY, people_only=True)
@once
def end(student_id: str, mandate_id: str) -> Any:
    """Take a mandate back."""
    student = own_student(student_id, *OF_PARTY)
    found = mandates.mandate_by_id(rows(), mandate_id)
    if found is None or found.student_id != student.id:
        raise not_found()
    if found.ended_at is None:
        verbs.end(rows(), asker().actor, found, now=now())
    return _back(student, "mandate_ended")


@blueprint.post(f"{_ADDRESS}/begeleiders")
@access(*OF_PARTY, people_only=True)
@once_secret
def assign(student_id: str) -> Any:
    """Let somebody coach the student."""
    student = own_student(student_id, *OF_PARTY)
    values, wrong = read_form(PersonForm)
    if wrong:
        return _page(student, {f"c-{name}": said for name, said in wrong.items()})
    try:
        account, new = verbs.assign_coach(rows(), asker().actor, student, now=now(), **values)
    except ServiceError as error:
        return _page(student, {"c-email": _refused(error)})
    return _invited(student, account, done="coach_added") if new else _back(student, "coach_known")


@blueprint.post(f"{_ADDRESS}/begeleiders/<right_id>")
@access(*OF_PARTY, people_only=True)
@once
def dismiss(student_id: str, right_id: str) -> Any:
    """Let somebody coach the student no longer."""
    student = own_student(student_id, *OF_PARTY)
    found = next(((g, a) for g, a in mandates.coaches_of(rows(), student.id) if g.id == right_id), None)
    if found is None:
        raise not_found()
    revoke(rows(), asker().actor, found[1], right_id, now=now())
    return _back(student, "coach_ended")


def _back(student: StoredStudent, done: str) -> Any:
    return go(f"/leerlingen/{student.id}/naast", done=done)


def _refused(error: ServiceError) -> str:
    known = ("mandate_dates", "mandate_of_age", "mandate_too_young", "mandate_there", *_OF_ADDRESS)
    return t(f"student.refused_{error.code if error.code in known else 'other'}")


def _invited(student: StoredStudent, account: Account, *, done: str) -> Response:
    code, until = invitations.invite(rows(), asker().actor, account, code_key(), now=now())
    return show("school/invited.html", student=student, account=account, code=code, until=until,
                told=t(f"done.{done}"), address=f"{home()}/account-openen")  # fmt: skip


def _page(student: StoredStudent, wrong: dict[str, str] | None = None) -> Response:
    today = local_day(now())
    born = date.fromisoformat(str(codes.record_of(rows(), student)["birth_date"]))
    found, coaches = mandates.mandates_of(rows(), student.id), mandates.coaches_of(rows(), student.id)
    names = verbs.called(rows(), student, [account for _, account in (*found, *coaches)])
    held = [(mandate, names[account.id], verbs.state_of(mandate, born, today)) for mandate, account in found]
    return show("school/student_people.html", 400 if wrong else 200, wrong=wrong or {}, student=student, held=held,
                name=name_of(rows(), student), coaches=[(held, names[who.id], who.email) for held, who in coaches],
                grounds=verbs.GROUNDS)  # fmt: skip
