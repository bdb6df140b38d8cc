"""Past hier een groep bij?: a place that is not there yet, described, worked out, answered; nothing is posted."""
from __future__ import annotations

from datetime import date
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.services import group_questions as verbs
from api.services import run_queue
from api.services.days import is_near
from api.services.switches import is_stopped
from api.store import queue
from api.web.access import access, asker, regions_of
from api.web.database import local_day, now, rows
from api.web.json.once import once
from api.web.pages.base import go, read_form, show, t
from api.web.pages.fields import Day
from api.web.pages.language import language
from api.web.pages.school.fields import Said
from api.web.problems import not_found
from api.web.throttle import RUNS, limited
from features.codes import code_list

blueprint = Blueprint("group_pages", __name__)
PATH = "/groep"


def _near(day: date) -> None:
    if not is_near(day, local_day(now())):
        raise ma.ValidationError("follow.choose_day")


class WishForm(ma.Schema):
    """A place that is not there yet."""

    branch = ma.fields.String(required=True, validate=ma.validate.OneOf(code_list("branch").codes))
    place = ma.fields.String(required=True, validate=ma.validate.Length(2, 80))
    starts_on = Day(required=True, validate=_near, error_messages={
        "required": "follow.choose_day", "invalid": "follow.choose_day"})  # fmt: skip
    places = ma.fields.Integer(required=True, validate=ma.validate.Range(1, 100, error="group.number"),
                               error_messages={"invalid": "group.number"})  # fmt: skip
    min_to_open = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 100, error="group.number"),
                                    error_messages={"invalid": "group.number"})  # fmt: skip
    tasks = Said(1200, load_default="")

    @ma.validates_schema
    def can_be(self, data: dict[str, Any], **_: Any) -> None:
        """What contradicts itself could never be posted."""
        if data.get("min_to_open", 0) > data.get("places", 0):
            raise ma.ValidationError("group.min_wrong", "min_to_open")


@blueprint.get(PATH)
@access("connector", people_only=True)
def describe() -> Response:
    """The place to ask about."""
    return _form()


@blueprint.post(PATH)
@access("connector", people_only=True)
@limited(RUNS)
@once
def ask() -> Any:
    """Ask; a worker works it out."""
    values, wrong = read_form(WishForm)
    if wrong:
        return _form(wrong)
    tasks = [line.strip()[:100] for line in values["tasks"].splitlines() if line.strip()][:12]
    where = values["place"].strip()
    postcode = where if where[:1].isdigit() else None
    question = {
        "branch": values["branch"], "postcode": postcode, "place": None if postcode else where,
        "starts_on": values["starts_on"].isoformat(), "places": values["places"],
        "min_to_open": values["min_to_open"], "tasks": tasks, "hours_min": None, "hours_max": None,
        "contract_type": None,
    }  # fmt: skip
    try:
        made = verbs.ask(rows(), asker().actor, question, on=local_day(now()), lang=language(), now=now())
    except verbs.UnknownPlace:
        return _form({"place": t("group.unknown_place")})
    return go(f"{PATH}/{made.id}")


@blueprint.get(f"{PATH}/<run_id>")
@access("connector", people_only=True)
def answer(run_id: str) -> Response:
    """How far it is, and the answer."""
    run = queue.run_by_id(rows(), run_id)
    mine = regions_of(asker())
    if run is None or run.kind != "group" or not (
        run.account_id == asker().account_id or (run.question or {}).get("region_code") in mine
    ):
        raise not_found()
    question = dict(run.question or {})
    told: dict[str, Any] = {}
    if run.state == "done" and run.totals is not None:
        near = question["region_code"] in mine
        told = verbs.told_in_words(run.totals, question, language(), near=near)
        if near:
            told |= verbs.told_by_name(rows(), run.totals, lang=language(), regions=mine)
    return show("group_answer.html", run=run, question=question, answer=told, steps=run_queue.STEPS,
                stopped=is_stopped(rows()))


def _form(wrong: dict[str, str] | None = None) -> Response:
    return show("group.html", 400 if wrong else 200, wrong=wrong or {}, typed=request.form,
                branches=code_list("branch").codes)  # fmt: skip
