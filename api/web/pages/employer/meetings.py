"""From meeting to contract, as an employer sees it: introductions, what is agreed, the placement and its end."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.bsn import suspects
from api.services import agreements as agreeing
from api.services import introductions as verbs
from api.services import placements as placing
from api.services.states import NotNow
from api.store import introductions, placements
from api.store.tables.introductions import END_REASONS, VERDICTS, WHO
from api.web.access import access, asker
from api.web.database import local_day, now, rows
from api.web.json.introductions import told_agreements, told_introductions
from api.web.json.once import once
from api.web.json.placements import told_placements
from api.web.pages.base import go, read_form, show, t
from api.web.pages.employer.words import options
from api.web.pages.fields import Day, typed
from api.web.pages.language import language
from api.web.pages.seen import Stale, seen_as
from api.web.problems import not_found
from api.web.reach import reach_of
from features.codes import code_list

blueprint = Blueprint("meetings", __name__)
PATH, AT_WORK = "/kennismakingen", "/plaatsingen"
LINES, MOST_LINES = 5, 20
_HOURS = ma.validate.Range(1, 48, error="agreement.bad_hours")


def _day(**options: Any) -> Day:
    return Day(error_messages={"invalid": "agreement.bad_day", "required": "agreement.bad_day"}, **options)


def _hours() -> ma.fields.Integer:
    return ma.fields.Integer(load_default=None, validate=_HOURS, error_messages={"invalid": "agreement.bad_hours"})


class OutcomeForm(ma.Schema):
    """How the talk went."""

    seen = ma.fields.String(load_default="")
    outcome = ma.fields.String(required=True, validate=ma.validate.OneOf(["go_on", "stop"]),
                               error_messages={"required": "meeting.choose"})  # fmt: skip
    held_on = _day(required=True)


class AgreementForm(ma.Schema):
    """What is agreed, but for its lines."""

    seen = ma.fields.String(load_default="")
    starts_on = _day(required=True)
    hours = _hours()
    mentor = ma.fields.String(load_default="", validate=ma.validate.Length(max=120))


class LineForm(ma.Schema):
    """One adaptation."""

    what = ma.fields.String(required=True, validate=ma.validate.Length(1, 300))
    who = ma.fields.String(required=True, validate=ma.validate.OneOf(WHO))
    by = _day(load_default=None)


class StartForm(ma.Schema):
    """The first day."""

    started_on = _day(required=True)
    trial_until = _day(load_default=None)


class VerdictForm(ma.Schema):
    """How the trial went."""

    seen = ma.fields.String(load_default="")
    verdict = ma.fields.String(required=True, validate=ma.validate.OneOf(VERDICTS),
                               error_messages={"required": "placement.choose_verdict"})  # fmt: skip
    trial_until = _day(load_default=None)

    @ma.validates_schema
    def extended_until(self, data: dict[str, Any], **_: Any) -> None:
        """A longer trial ends on some day."""
        if data.get("verdict") == "extended" and not data.get("trial_until"):
            raise ma.ValidationError("agreement.bad_day", "trial_until")


class ContractForm(ma.Schema):
    """The contract."""

    seen = ma.fields.String(load_default="")
    contract_on = _day(required=True)
    contract_type = ma.fields.String(required=True, validate=ma.validate.OneOf(code_list("contract_type").codes))
    hours = _hours()


class EndForm(ma.Schema):
    """The end."""

    seen = ma.fields.String(load_default="")
    ended_on = _day(required=True)
    reason = ma.fields.String(required=True, validate=ma.validate.OneOf(END_REASONS),
                              error_messages={"required": "placement.choose_reason"})  # fmt: skip


@blueprint.get(PATH)
@access("employer", people_only=True)
def overview() -> Response:
    """Introductions and placements, newest first."""
    reach = reach_of(asker(), "employer")
    met = introductions.introductions(rows(), reach)
    begun = introductions.started(rows(), [one.id for one in met])
    at_work = told_placements(placements.placements(rows(), reach))
    return show("employer/meetings.html", meetings=told_introductions([one for one in met if one.id not in begun]),
                placements=at_work)  # fmt: skip


@blueprint.get(f"{PATH}/<introduction_id>")
@access("employer", people_only=True)
def meeting(introduction_id: str) -> Response:
    """One introduction, and how it went."""
    return _meeting(_own(introduction_id))


@blueprint.post(f"{PATH}/<introduction_id>")
@access("employer", people_only=True)
@once
def report(introduction_id: str) -> Any:
    """Report how it went."""
    found = _own(introduction_id)
    said, wrong = read_form(OutcomeForm)
    here = f"{PATH}/{introduction_id}"
    if wrong:
        return _meeting(found, wrong)
    try:
        verbs.hold(rows(), asker().actor, found, outcome=said["outcome"], held_on=said["held_on"], by_employer=True,
                   seen=seen_as(said["seen"]), now=now())  # fmt: skip
    except NotNow as why:
        return _meeting(found, {"held_on": why.sentence(language())})
    except Stale:
        return go(here, done="changed_meanwhile")
    return go(f"{here}/afspraken" if said["outcome"] == "go_on" else here, done="reported")


@blueprint.get(f"{PATH}/<introduction_id>/afspraken")
@access("employer", people_only=True)
def agreement(introduction_id: str) -> Response:
    """What is agreed before the start."""
    return _agreement(_own(introduction_id))


@blueprint.post(f"{PATH}/<introduction_id>/afspraken")
@access("employer", people_only=True)
@once
def write(introduction_id: str) -> Any:
    """Write it down, or say it otherwise."""
    found = _own(introduction_id)
    said, wrong = read_form(AgreementForm)
    lines, wrong_lines = _lines()
    wrong |= wrong_lines
    if any(suspects(text) for text in (said.get("mentor", ""), *(line["what"] for line in lines))):
        wrong["what_1"] = t("ask.bsn")
    if wrong:
        return _agreement(found, wrong)
    here = f"{PATH}/{introduction_id}/afspraken"
    before = introductions.agreement_on(rows(), found.id)
    values = {"starts_on": said["starts_on"], "hours": said["hours"], "mentor": said["mentor"],
              "adaptations": lines if before is None else _as_before(before, lines)}  # fmt: skip
    try:
        if before is None:
            agreeing.write(rows(), asker().actor, found, now=now(), **values)
        else:
            agreeing.change(rows(), asker().actor, before, seen=seen_as(said["seen"]), now=now(), **values)
    except NotNow as why:
        return _agreement(found, {"starts_on": why.sentence(language())})
    except Stale:
        return go(here, done="changed_meanwhile")
    return go(here, done="agreement_kept")


@blueprint.post(f"{PATH}/<introduction_id>/akkoord")
@access("employer", people_only=True)
@once
def agree(introduction_id: str) -> Any:
    """Agree to what was read."""
    found = introductions.agreement_on(rows(), _own(introduction_id).id)
    if found is None:
        raise not_found()
    here = f"{PATH}/{introduction_id}/afspraken"
    try:
        agreeing.agree(rows(), asker().actor, found, roles=("employer",), seen=seen_as(request.form.get("seen", "")),
                       now=now())  # fmt: skip
    except (NotNow, Stale):
        return go(here, done="changed_meanwhile")
    return go(here, done="agreement_agreed")


@blueprint.post(f"{PATH}/<introduction_id>/afspraken/<int:position>")
@access("employer", people_only=True)
@once
def finish(introduction_id: str, position: int) -> Any:
    """Say that what one was to adapt is done, or that it is not yet."""
    found = introductions.agreement_on(rows(), _own(introduction_id).id)
    mine = () if found is None else introductions.adaptations_of(rows(), [found.id])[found.id]
    if found is None or not any(one.position == position and one.who == "employer" for one in mine):
        raise not_found()
    done = "not_yet" not in request.form
    here = next((f"{AT_WORK}/{one.id}" for one in placements.placements(rows(), reach_of(asker(), "employer"))
                 if one.introduction_id == found.introduction_id), f"{PATH}/{introduction_id}/afspraken")  # fmt: skip
    try:
        agreeing.finish(rows(), asker().actor, found, position, done_on=local_day(now()) if done else None,
                        seen=seen_as(request.form.get("seen", "")), now=now())  # fmt: skip
    except (NotNow, Stale):
        return go(here, done="changed_meanwhile")
    return go(here, done="adapted" if done else "adapted_not")


@blueprint.post(f"{PATH}/<introduction_id>/start")
@access("employer", people_only=True)
@once
def start(introduction_id: str) -> Any:
    """Report the start."""
    found = _own(introduction_id)
    agreed = introductions.agreement_on(rows(), found.id)
    if agreed is None:
        raise not_found()
    said, wrong = read_form(StartForm)
    if wrong:
        return _agreement(found, wrong)
    try:
        made = placing.start(rows(), asker().actor, agreed, hours=None, now=now(), **said)
    except NotNow as why:
        return _agreement(found, {"started_on": why.sentence(language())})
    return go(f"{AT_WORK}/{made.id}", done="placement_started")


@blueprint.get(f"{AT_WORK}/<placement_id>")
@access("employer", people_only=True)
def placement(placement_id: str) -> Response:
    """One placement."""
    return _placement(_own_placement(placement_id))


@blueprint.post(f"{AT_WORK}/<placement_id>/oordeel")
@access("employer", people_only=True)
@once
def judge(placement_id: str) -> Any:
    """Say how the trial went."""
    return _say(placement_id, VerdictForm, "trial_until", lambda found, said, seen: placing.judge(
        rows(), asker().actor, found, said["verdict"], on=local_day(now()), trial_until=said["trial_until"], seen=seen,
        now=now()))  # fmt: skip


@blueprint.post(f"{AT_WORK}/<placement_id>/contract")
@access("employer", people_only=True)
@once
def sign(placement_id: str) -> Any:
    """Report the contract."""
    return _say(placement_id, ContractForm, "contract_on", lambda found, said, seen: placing.sign(
        rows(), asker().actor, found, contract_on=said["contract_on"], contract_type=said["contract_type"],
        hours=said["hours"], seen=seen, now=now()))  # fmt: skip


@blueprint.post(f"{AT_WORK}/<placement_id>/einde")
@access("employer", people_only=True)
@once
def end(placement_id: str) -> Any:
    """Report the end, with its reason."""
    return _say(placement_id, EndForm, "ended_on", lambda found, said, seen: placing.end(
        rows(), asker().actor, found, on=said["ended_on"], reason=said["reason"], back=None, seen=seen, now=now()))


def _say(placement_id: str, schema: type[ma.Schema], at: str, act: Any) -> Any:
    found = _own_placement(placement_id)
    said, wrong = read_form(schema)
    if wrong:
        return _placement(found, wrong)
    try:
        act(found, said, seen_as(said["seen"]))
    except NotNow as why:
        return _placement(found, {at: why.sentence(language())})
    except Stale:
        return go(f"{AT_WORK}/{placement_id}", done="changed_meanwhile")
    return go(f"{AT_WORK}/{placement_id}", done="reported")


def _meeting(found: introductions.Introduction, wrong: dict[str, str] | None = None) -> Response:
    (told,) = told_introductions([found])
    written = introductions.agreement_on(rows(), found.id)
    return show("employer/meeting.html", 400 if wrong else 200, wrong=wrong or {}, one=told, version=found.version,
                agreed=written is not None, gone=_gone(found),
                f={"held_on": "", "outcome": "", **request.form.to_dict()})  # fmt: skip


def _agreement(found: introductions.Introduction, wrong: dict[str, str] | None = None) -> Response:
    agreeing.must_go_on(found)
    written = introductions.agreement_on(rows(), found.id)
    told = told_agreements([written])[0] if written is not None else None
    (meeting_told,) = told_introductions([found])
    lines = [{"what": a.what, "who": a.who, "by": typed(a.by)} for a in (told["adaptations"] if told else ())]
    form: dict[str, Any] = {
        "starts_on": typed(written.starts_on) if written else "", "hours": (written.hours or "") if written else "",
        "mentor": written.mentor if written else "", "started_on": typed(written.starts_on) if written else "",
        "trial_until": "",
    }  # fmt: skip
    shown_lines = min(max(LINES, len(lines) + 1), MOST_LINES)
    for i in range(1, shown_lines + 1):
        one = lines[i - 1] if i <= len(lines) else {"what": "", "who": "employer", "by": ""}
        form |= {f"{name}_{i}": value for name, value in one.items()}
    return show("employer/agreement.html", 400 if wrong else 200, wrong=wrong or {}, meeting=meeting_told, one=told,
                version=written.version if written else "", gone=_gone(found), lines=shown_lines,
                f={**form, **request.form.to_dict()},
                who=[(code, t(f"agreement.who_{code}")) for code in WHO])  # fmt: skip


def _gone(found: introductions.Introduction) -> bool:
    """Whether the student is shown no more, nor at work there: nothing is agreed with the employer any longer."""
    return not introductions.shown(rows(), [found.id])


def _as_before(before: introductions.Agreement, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines, with what the form does not ask where a line says the same as before: what is done stays done."""
    known = {(one.who, one.what): {"support": one.support, "done_on": one.done_on}
             for one in introductions.adaptations_of(rows(), [before.id])[before.id]}  # fmt: skip
    return [line | known.get((line["who"], line["what"]), {}) for line in lines]


def _lines() -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The adaptations that were typed; a line without words is none."""
    found, wrong = [], {}
    for i in range(1, MOST_LINES + 1):
        line = {name: request.form.get(f"{name}_{i}", "").strip() for name in ("what", "who", "by")}
        if not line["what"]:
            continue
        try:
            found.append(dict(LineForm().load({name: value for name, value in line.items() if value})))
        except ma.ValidationError as error:
            key = next(iter(error.messages_dict))
            wrong[f"{key}_{i}"] = t("agreement.bad_day" if key == "by" else "agreement.choose_what")
    return found, wrong


def _placement(found: placements.Placement, wrong: dict[str, str] | None = None) -> Response:
    (told,) = told_placements([found])
    moments = placements.moments(rows(), reach_of(asker(), "employer"), placement_id=found.id)
    agreed = introductions.agreement_on(rows(), found.introduction_id) if found.introduction_id else None
    adapted = [] if agreed is None else told_agreements([agreed])[0]["adaptations"]
    form = {"verdict": "", "trial_until": "", "contract_on": "", "contract_type": "", "hours": found.hours or "",
            "ended_on": "", "reason": "", **request.form.to_dict()}  # fmt: skip
    return show("employer/placement.html", 400 if wrong else 200, wrong=wrong or {}, one=told, version=found.version,
                agreed=agreed, adapted=adapted, moments=moments, f=form,
                verdicts=[(code, t(f"placement.{code}")) for code in VERDICTS],
                reasons=[(code, t(f"placement.reason_{code}")) for code in END_REASONS],
                contracts=options("contract_type"))  # fmt: skip


def _own(introduction_id: str) -> introductions.Introduction:
    found = introductions.introduction(rows(), reach_of(asker(), "employer"), introduction_id)
    if found is None:
        raise not_found()
    return found


def _own_placement(placement_id: str) -> placements.Placement:
    found = placements.placement(rows(), reach_of(asker(), "employer"), placement_id)
    if found is None:
        raise not_found()
    return found
