"""Opvolging: meetings to plan, what is agreed, who is at work, and when to ask how it goes."""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.services import agreements as agreeing
from api.services import follow_up, placements
from api.services import introductions as meeting
from api.services.states import NotNow
from api.store import introductions
from api.store import placements as stored
from api.store.people import Session
from api.store.tables.introductions import END_REASONS, STEP_STATES, VERDICTS, WHO
from api.texts.catalogue import say
from api.texts.standing import LEFT_OUT
from api.web.access import access, asker
from api.web.database import ZONE, local_day, now, rows
from api.web.json.introductions import told_agreements, told_introductions
from api.web.json.once import once
from api.web.json.placements import told_placements
from api.web.pages.base import go, read_form, show, t
from api.web.pages.fields import Clock, Day, typed
from api.web.pages.language import language
from api.web.pages.school.fields import Said
from api.web.problems import Problem, not_found
from api.web.reach import reach_of
from features.codes import code_list

blueprint = Blueprint("follow_pages", __name__)
PATH, MOST, ADAPTATIONS = "/opvolging", 300, 3
OUTCOMES = ("goes_well", "needs_attention", "stopped", "not_reached")
DAY: dict[str, Any] = {"required": "follow.choose_day", "invalid": "follow.choose_day"}
HOURS: dict[str, Any] = {"validate": ma.validate.Range(1, 48, error="follow.hours_wrong"), "load_default": None,
          "error_messages": {"invalid": "follow.hours_wrong"}}  # fmt: skip


class Seen(ma.Schema):
    """Which version was seen."""

    seen = ma.fields.Integer(required=True)


class PlanForm(Seen):
    """When and where they meet."""

    day = Day(required=True, error_messages=DAY)
    time = Clock(required=True, error_messages={"required": "follow.choose_time", "invalid": "follow.choose_time"})
    where = Said(200, load_default="")


class OutcomeForm(Seen):
    """How a meeting went."""

    outcome = ma.fields.String(required=True, validate=ma.validate.OneOf(("go_on", "stop")),
                               error_messages={"required": "follow.choose_outcome"})  # fmt: skip
    held_on = Day(required=True, error_messages=DAY)


class TermsForm(ma.Schema):
    """What is agreed before the start."""

    starts_on = Day(required=True, error_messages=DAY)
    hours = ma.fields.Integer(**HOURS)
    mentor = Said(120, load_default="")
    what = ma.fields.List(Said(300), load_default=list)
    who = ma.fields.List(ma.fields.String(validate=ma.validate.OneOf(WHO)), load_default=list)


class StartForm(ma.Schema):
    """A start."""

    started_on = Day(required=True, error_messages=DAY)
    hours = ma.fields.Integer(**HOURS)


class ReportForm(Seen):
    """How it goes."""

    held_on = Day(required=True, error_messages=DAY)
    outcome = ma.fields.String(required=True, validate=ma.validate.OneOf(OUTCOMES),
                               error_messages={"required": "follow.choose_outcome"})  # fmt: skip
    note = Said(500, load_default=None)


class StepForm(ma.Schema):
    """A step of the plan."""

    goal = Said(200, load_default="")
    what = Said(300, least=1, required=True, error_messages={"required": "follow.what_needed"})
    who = ma.fields.String(required=True, validate=ma.validate.OneOf(WHO))
    by = Day(load_default=None, error_messages=DAY)


class MoveForm(Seen):
    """How far a step is."""

    state = ma.fields.String(required=True, validate=ma.validate.OneOf(STEP_STATES))
    reason = Said(300, load_default=None)


@blueprint.get(PATH)
@access("connector", people_only=True)
def overview() -> Response:
    """What asks for attention, then everybody."""
    meetings = introductions.introductions(rows(), reach(), limit=MOST)
    at_work = stored.placements(rows(), reach(), limit=MOST)
    due = stored.moments(rows(), reach(), due_until=local_day(now()), limit=MOST)
    of = {one.id: one for one in stored.placements(rows(), reach(), limit=MOST)}
    told = {one["id"]: one for one in told_placements(list(of.values()))}
    return show(
        "follow.html", meetings=told_introductions(meetings), at_work=told_placements(at_work),
        due=[(moment, told[moment.placement_id]) for moment in due if moment.placement_id in told],
    )  # fmt: skip


@blueprint.get(f"{PATH}/kennismaking/<introduction_id>")
@access("connector", people_only=True)
def introduction(introduction_id: str) -> Response:
    """One meeting: its plan, how it went, what is agreed."""
    return _meeting(introduction_id)


@blueprint.post(f"{PATH}/kennismaking/<introduction_id>/plan")
@access("connector", people_only=True)
@once
def plan(introduction_id: str) -> Any:
    """Say when and where they meet."""
    values, wrong = read_form(PlanForm)
    if wrong:
        return _meeting(introduction_id, wrong)
    at = datetime.combine(values["day"], values["time"] or time(), ZONE)
    return _done(lambda: meeting.plan(rows(), asker().actor, _own_meeting(introduction_id), at=at,
                                      where=values["where"], seen=must_be(values["seen"]), now=now()),
                 f"{PATH}/kennismaking/{introduction_id}")  # fmt: skip


@blueprint.post(f"{PATH}/kennismaking/<introduction_id>/uitkomst")
@access("connector", people_only=True)
@once
def outcome(introduction_id: str) -> Any:
    """Say how it went."""
    values, wrong = read_form(OutcomeForm)
    if wrong:
        return _meeting(introduction_id, wrong)
    return _done(lambda: meeting.hold(rows(), asker().actor, _own_meeting(introduction_id), outcome=values["outcome"],
                                      held_on=values["held_on"], by_employer=False, seen=must_be(values["seen"]),
                                      now=now()),
                 f"{PATH}/kennismaking/{introduction_id}")  # fmt: skip


@blueprint.post(f"{PATH}/kennismaking/<introduction_id>/afzeggen")
@access("connector", people_only=True)
@once
def call_off(introduction_id: str) -> Any:
    """Call it off."""
    values, wrong = read_form(Seen)
    if wrong:
        return _meeting(introduction_id, wrong)
    return _done(lambda: meeting.cancel(rows(), asker().actor, _own_meeting(introduction_id),
                                        seen=must_be(values["seen"]), now=now()),
                 f"{PATH}/kennismaking/{introduction_id}")  # fmt: skip


@blueprint.post(f"{PATH}/kennismaking/<introduction_id>/afspraak")
@access("connector", people_only=True)
@once
def agree(introduction_id: str) -> Any:
    """Write down what is agreed before the start."""
    values, wrong = read_form(TermsForm)
    if wrong:
        return _meeting(introduction_id, wrong)
    said = zip(values["what"], values["who"], strict=False)
    adaptations = [{"what": what, "who": who, "support": None, "by": None} for what, who in said if what.strip()]
    return _done(lambda: agreeing.write(rows(), asker().actor, _own_meeting(introduction_id), hours=values["hours"],
                                        starts_on=values["starts_on"], mentor=values["mentor"],
                                        adaptations=adaptations, now=now()),
                 f"{PATH}/kennismaking/{introduction_id}")  # fmt: skip


@blueprint.post(f"{PATH}/afspraak/<agreement_id>/start")
@access("connector", people_only=True)
@once
def start(agreement_id: str) -> Any:
    """Report the start of a placement."""
    agreed = introductions.agreement(rows(), reach(), agreement_id)
    if agreed is None:
        raise not_found()
    values, wrong = read_form(StartForm)
    if wrong:
        return _meeting(agreed.introduction_id, wrong)
    return _done(lambda: placements.start(rows(), asker().actor, agreed, started_on=values["started_on"],
                                          trial_until=None, hours=values["hours"], now=now()), PATH)  # fmt: skip


@blueprint.get(f"{PATH}/plaatsing/<placement_id>")
@access("connector", people_only=True)
def placement(placement_id: str) -> Response:
    """One placement: its moments and its plan."""
    return show_placement(placement_id)


@blueprint.post(f"{PATH}/moment/<moment_id>")
@access("connector", people_only=True)
@once
def report(moment_id: str) -> Any:
    """Say how it goes."""
    found = stored.moment(rows(), reach(), moment_id)
    if found is None:
        raise not_found()
    values, wrong = read_form(ReportForm)
    if wrong:
        return show_placement(found.placement_id, wrong, at=moment_id)
    return _done(lambda: follow_up.report(rows(), asker().actor, found, held_on=values["held_on"],
                                          outcome=values["outcome"], note=values["note"],
                                          seen=must_be(values["seen"]), now=now()),
                 f"{PATH}/plaatsing/{found.placement_id}")  # fmt: skip


@blueprint.post(f"{PATH}/plaatsing/<placement_id>/stappen")
@access("connector", people_only=True)
@once
def add_step(placement_id: str) -> Any:
    """Add a step to the plan."""
    found = stored.placement(rows(), reach(), placement_id)
    if found is None:
        raise not_found()
    values, wrong = read_form(StepForm)
    if wrong:
        return show_placement(placement_id, wrong)
    return _done(lambda: follow_up.add_step(rows(), asker().actor, found, **values, now=now()),
                 f"{PATH}/plaatsing/{placement_id}")  # fmt: skip


@blueprint.post(f"{PATH}/stap/<step_id>")
@access("connector", people_only=True)
@once
def move_step(step_id: str) -> Any:
    """Say how far a step is."""
    found = stored.step(rows(), reach(), reach(), asker().account_id, step_id)
    if found is None:
        raise not_found()
    values, wrong = read_form(MoveForm)
    if not wrong and values["state"] in ("paused", "stopped") and not values["reason"]:
        wrong = {"reason": t("follow.reason")}
    if wrong:
        return show_placement(found.placement_id, wrong, at=step_id)
    terms: dict[str, Any] = {"goal": found.goal, "what": found.what, "who": found.who, "by": found.by}
    return _done(lambda: follow_up.change_step(rows(), asker().actor, found, **terms, state=values["state"],
                                               reason=values["reason"], seen=must_be(values["seen"]), now=now()),
                 f"{PATH}/plaatsing/{found.placement_id}")  # fmt: skip


def _meeting(introduction_id: str, wrong: dict[str, str] | None = None) -> Response:
    found = _own_meeting(introduction_id)
    agreements = [one for one in introductions.agreements(rows(), reach(), student_id=found.student_id, limit=MOST)
                  if one.introduction_id == found.id]  # fmt: skip
    return show("meeting.html", 400 if wrong else 200, wrong=wrong or {}, meeting=told_introductions([found])[0],
                version=found.version, agreements=told_agreements(agreements), typed=request.form, people=WHO,
                ended=not introductions.shown(rows(), [found.id]), day_typed=typed,
                slots=range(ADAPTATIONS))  # fmt: skip


def show_placement(placement_id: str, wrong: dict[str, str] | None = None, at: str = "") -> Response:
    """The page of a placement; what is ``wrong`` stands in the form that ``at`` names."""
    found = stored.placement(rows(), reach(), placement_id)
    if found is None:
        raise not_found()
    agreed = introductions.agreement_on(rows(), found.introduction_id) if found.introduction_id else None
    adapted = [] if agreed is None else introductions.adaptations_of(rows(), [agreed.id])[agreed.id]
    moments = stored.moments(rows(), reach(), placement_id=placement_id, limit=MOST)
    return show(
        "placement.html", 400 if wrong else 200, wrong=wrong or {}, at=at, placement=told_placements([found])[0],
        adapted=adapted, moments=moments, asked={one.id for one in moments if stored.asked_for(found, one)},
        outcomes=OUTCOMES,
        steps=stored.steps(rows(), reach(), reach(), asker().account_id, placement_id=placement_id, limit=MOST),
        typed=request.form, day_typed=typed, people=WHO, states=STEP_STATES, version=found.version, verdicts=VERDICTS,
        reasons=END_REASONS, contracts=code_list("contract_type").codes, back=_back(found),
    )  # fmt: skip


def _back(found: stored.Placement) -> str:
    """Whether who was to look for a place again does so: what was reported of them stands, and is to be checked."""
    if not found.back_to_pool:
        return ""
    why = placements.not_back(rows(), found)
    return say(LEFT_OUT, why, language()) if why else t("follow.ended_back")


def _done(act: Callable[[], Any], address: str) -> Any:
    """Do it and go on; what is in the way is said in words."""
    try:
        act()
    except NotNow as refused:
        return show("refused.html", 409, title_of=t("follow.refused"), said=[refused.sentence(language())],
                    back=address)  # fmt: skip
    return go(address, done="saved")


def must_be(seen: int) -> Callable[[int], None]:
    """Refuse who has not seen the latest version."""
    def check(version: int) -> None:
        if version != seen:
            raise Problem(412, "It changed since you saw it.", "changed")

    return check


def reach() -> Any:
    """What a connector may follow."""
    return reach_of(asker(), "connector")


def _own_meeting(introduction_id: str) -> introductions.Introduction:
    found = introductions.introduction(_session(), reach(), introduction_id)
    if found is None:
        raise not_found()
    return found


def _session() -> Session:
    return rows()
