"""One student's route, for the school and the coach: work, check moments, steps; what a coach should know and asks."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.services import follow_up as verbs
from api.services import student_questions as asking
from api.services import students as student_verbs
from api.services.states import TRANSITIONS, NotNow
from api.store import destinations, placements, runs, students
from api.store.codes import StoredStudent
from api.store.reach import Reach
from api.store.tables.introductions import WHO
from api.web.access import access, asker
from api.web.database import local_day, now, rows
from api.web.json.follow_up import OUTCOMES
from api.web.json.once import once
from api.web.own import OF_PARTY, look_at, own_student, role_at
from api.web.pages.base import go, read_form, show, t
from api.web.pages.language import language
from api.web.pages.profile import cell_words
from api.web.pages.school.agreed import promises
from api.web.pages.school.fields import Day, Said
from api.web.pages.school.students import name_of
from api.web.pages.seen import Stale, seen_as
from api.web.problems import not_found
from api.web.reach import reach_of

blueprint = Blueprint("school_route", __name__)
FOLLOWING = (*OF_PARTY, "coach")
_ADDRESS = "/route/<student_id>"
_SHOWN = ("travel_means", "hours_min", "hours_max", "support_needed", "conditions_unacceptable", "work_skills",
          "certificates")  # fmt: skip
"""What a coach should know at once."""


class SeenForm(ma.Schema):
    """The version that was read."""

    seen = ma.fields.String(load_default="")


class MomentForm(SeenForm):
    """How it goes."""

    held_on = Day(required=True)
    outcome = ma.fields.String(required=True, validate=ma.validate.OneOf(OUTCOMES))
    note = Said(500, load_default=None)


class StepForm(ma.Schema):
    """A new step."""

    placement = ma.fields.String(required=True)
    what = Said(300, least=1, required=True, error_messages={"required": "route.what_missing"})
    goal = Said(200, load_default="")
    who = ma.fields.String(required=True, validate=ma.validate.OneOf(WHO))
    by = Day(load_default=None)


class MoveForm(SeenForm):
    """A step that moves on."""

    state = ma.fields.String(required=True)
    reason = Said(300, load_default=None)


class AskForm(ma.Schema):
    """A question to the school."""

    text = Said(500, least=1, required=True, error_messages={"required": "route.ask_missing"})


@blueprint.get(_ADDRESS)
@access(*FOLLOWING, people_only=True)
def route(student_id: str) -> Response:
    """The route."""
    return _page(look_at(own_student(student_id, *FOLLOWING)))


@blueprint.post(f"{_ADDRESS}/momenten/<moment_id>")
@access(*FOLLOWING, people_only=True)
@once
def report(student_id: str, moment_id: str) -> Any:
    """Say how it goes at a check moment."""
    student = own_student(student_id, *FOLLOWING)
    found = _of(student, placements.moment(rows(), reach_of(asker(), *FOLLOWING), moment_id))
    values, wrong = read_form(MomentForm)
    if wrong:
        return _page(student, {f"{moment_id}-{name}": said for name, said in wrong.items()})
    seen = seen_as(values.pop("seen"))
    try:
        verbs.report(rows(), asker().actor, found, seen=seen, now=now(), **values)
    except NotNow as error:
        return _page(student, {f"{moment_id}-held_on": error.sentence(language())})
    except Stale:
        return _page(student, {f"{moment_id}-outcome": t("route.moment_changed")}, read_anew=True)
    return go(f"/route/{student_id}", done="moment_reported")


@blueprint.post(f"{_ADDRESS}/stappen")
@access(*FOLLOWING, people_only=True)
@once
def add_step(student_id: str) -> Any:
    """Add a step to the plan."""
    student = own_student(student_id, *FOLLOWING)
    values, wrong = read_form(StepForm)
    if wrong:
        return _page(student, {f"new-{name}": said for name, said in wrong.items()})
    of = placements.placement(rows(), reach_of(asker(), *FOLLOWING), values.pop("placement"))
    if of is None or of.student_id != student.id:
        raise not_found()
    try:
        verbs.add_step(rows(), asker().actor, of, now=now(), **values)
    except NotNow as error:
        return _page(student, {"new-by": error.sentence(language())})
    return go(f"/route/{student_id}", done="step_added")


@blueprint.post(f"{_ADDRESS}/stappen/<step_id>")
@access(*FOLLOWING, people_only=True)
@once
def move(student_id: str, step_id: str) -> Any:
    """Move a step on; pausing and stopping have a reason."""
    student = own_student(student_id, *FOLLOWING)
    found = _of(student, placements.step(rows(), reach_of(asker(), *FOLLOWING), Reach(), asker().account_id, step_id))
    values, wrong = read_form(MoveForm)
    if not wrong and values["state"] in ("paused", "stopped") and not values["reason"]:
        wrong = {"reason": t("route.reason_missing")}
    if wrong:
        return _page(student, {f"{step_id}-{name}": said for name, said in wrong.items()})
    seen = seen_as(values.pop("seen"))
    try:
        verbs.change_step(rows(), asker().actor, found, goal=found.goal, what=found.what, who=found.who, by=found.by,
                          seen=seen, now=now(), **values)  # fmt: skip
    except NotNow as error:
        return _page(student, {f"{step_id}-state": error.sentence(language())})
    except Stale:
        return _page(student, {f"{step_id}-reason": t("route.step_changed")}, read_anew=True)
    return go(f"/route/{student_id}", done="step_moved")


@blueprint.post(f"{_ADDRESS}/vragen")
@access("coach", people_only=True)
@once
def ask(student_id: str) -> Any:
    """Ask the school."""
    student = own_student(student_id, "coach")
    values, wrong = read_form(AskForm)
    if wrong:
        return _page(student, {f"ask-{name}": said for name, said in wrong.items()})
    asking.ask(rows(), asker().actor, student.id, "to_school", code="", text=values["text"], now=now())
    return go(f"/route/{student_id}", done="question_sent")


def _of(student: StoredStudent, found: Any) -> Any:
    """A check moment or step, if it is this student's; else the same answer as for one that is not there."""
    if found is None or placements.of_parts(rows(), [found.placement_id])[found.placement_id].student_id != student.id:
        raise not_found()
    return found


def moves_of(state: str) -> list[str]:
    """The states that a step may come in from ``state``."""
    return list(dict.fromkeys(TRANSITIONS["step"][state].values()))


def _page(student: StoredStudent, wrong: dict[str, str] | None = None, *, read_anew: bool = False) -> Response:
    """The page; a form that is ``wrong`` stays one of what was read before, unless its reader is told to read anew."""
    row, reach = students.row_by_id(rows(), student.id), reach_of(asker(), *FOLLOWING)
    role = role_at(student, *FOLLOWING)
    held = placements.placements(rows(), reach, student_id=student.id, limit=20)
    _, openings = runs.names_of(rows(), [], [one.opening_id for one in held])
    cells = {field["name"]: field["value"] for field in student_verbs.fields_for(row.record, role)}
    asked = students.questions_of(rows(), student.id)
    return show(
        "school/route.html", 400 if wrong else 200, wrong=wrong or {}, row=row, role=role, held=held, openings=openings,
        name=name_of(row.record, student.student_ref), today_is=local_day(now()), outcomes=OUTCOMES, whos=WHO,
        moments={one.id: placements.moments(rows(), reach, placement_id=one.id) for one in held},
        steps={one.id: placements.steps(rows(), reach, Reach(), asker().account_id, placement_id=one.id)
               for one in held}, moves_of=moves_of, asked_for=placements.asked_for,
        went=destinations.latest(rows(), [student.id]).get(student.id), typed=request.form,
        told=[(field, cell_words(field, cells[field])) for field in _SHOWN if cells.get(field)],
        questions=asked, names=students.names_of(rows(), asked), agreed=promises(student.id),
        read="" if read_anew else request.form.get("seen", ""),
    )  # fmt: skip
