"""Uitkomsten: where leavers went, and the check moments that are due."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.services import destinations as verbs
from api.services import students as student_verbs
from api.services.cards import LOOKING
from api.services.records import student_of
from api.services.states import NotNow
from api.store import destinations, placements, students
from api.store.codes import StoredStudent
from api.store.paging import START
from api.web.access import access, asker
from api.web.database import local_day, now, rows
from api.web.json.once import once
from api.web.own import OF_PARTY, own_student
from api.web.pages.base import go, read_form, show, t
from api.web.pages.school.fields import Day
from api.web.pages.school.students import homes, name_of
from api.web.reach import reach_of

blueprint = Blueprint("school_outcomes", __name__)
PATH = "/uitkomsten"
_MOST = 2_000


def is_unknown(told: destinations.Destination | None) -> bool:
    """Whether nobody knows where a student went; that somebody is at home is known."""
    return told is None or told.destination == "unknown"


class WentForm(ma.Schema):
    """Where a student went."""

    destination = ma.fields.String(required=True, validate=ma.validate.OneOf(verbs.CODES))
    since = Day(required=True)


@blueprint.get(PATH)
@access(*OF_PARTY, people_only=True)
def overview() -> Response:
    """Who left without a known outcome, whose outcome is known, and the check moments that are due."""
    today, reach = local_day(now()), reach_of(asker(), *OF_PARTY)
    found = [row for row, _, _ in student_verbs.listed(rows(), student_verbs.Wanted(), homes=homes(), regions=(),
                                                       ids=(), after=START, limit=_MOST, today=today)]  # fmt: skip
    went = destinations.latest(rows(), [row.student.id for row in found])
    left, known = [], []
    for row in found:
        day, told = student_of(row.record).leaves_on, went.get(row.student.id)
        gone = day is None or day <= today
        if told is not None and (told.destination not in LOOKING or (gone and not is_unknown(told))):
            known.append((row, told))
        elif gone:
            left.append((row, day, told))
    due = placements.moments(rows(), reach, due_until=today, limit=100)
    of = placements.of_parts(rows(), [one.placement_id for one in due])
    names = {row.student.id: name_of(row.record, row.student.student_ref) for row in found}
    return show("school/outcomes.html", left=left[:100], known=known[:100], names=names, name_of=name_of,
                due=[(one, of[one.placement_id].student_id) for one in due], some=bool(found))  # fmt: skip


@blueprint.get(f"{PATH}/<student_id>")
@access(*OF_PARTY, people_only=True)
def one(student_id: str) -> Response:
    """Where one student went."""
    return _page(own_student(student_id, *OF_PARTY))


@blueprint.post(f"{PATH}/<student_id>")
@access(*OF_PARTY, people_only=True)
@once
def report(student_id: str) -> Any:
    """Report where a student went."""
    student = own_student(student_id, *OF_PARTY)
    values, wrong = read_form(WentForm)
    if wrong:
        return _page(student, wrong)
    try:
        verbs.report(rows(), asker().actor, student.id, values["destination"], since=values["since"], source="school",
                     now=now())  # fmt: skip
    except NotNow:
        return _page(student, {"since": t("outcomes.to_come")})
    return go(PATH, done="outcome_reported")


def _page(student: StoredStudent, wrong: dict[str, str] | None = None) -> Response:
    row = students.row_by_id(rows(), student.id)
    return show("school/outcome.html", 400 if wrong else 200, wrong=wrong or {}, student=student, codes=verbs.CODES,
                name=name_of(row.record, student.student_ref), typed=request.form,
                went=destinations.latest(rows(), [student.id]).get(student.id))  # fmt: skip
