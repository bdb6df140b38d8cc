"""Berekeningen: ask for a run, follow it, see what it would change and why, take it over or leave it."""
from __future__ import annotations

from contextlib import suppress
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, request

from api.services import run_differences, run_judgements, run_queue
from api.services.uploads import Conflict
from api.store import decisions, plans, runs
from api.store.paging import START
from api.texts.differences import sentences
from api.web.access import access, asker, regions_of
from api.web.database import local_day, now, rows
from api.web.json.once import once
from api.web.json.runs import own_run, told
from api.web.pages.base import go, read_form, show, t
from api.web.pages.language import language
from api.web.pages.scope import region_choices
from api.web.pages.stopped import stopped
from api.web.throttle import RUNS, limited

blueprint = Blueprint("run_pages", __name__)
PATH, SHOWN, ALL = "/berekeningen", 20, "alle"
CHANGES = {"nieuw": "new", "weg": "gone", "beter": "risen", "minder": "fallen", "gelijk": "same"}


class AskForm(ma.Schema):
    """For which region; ``alle``: all own ones."""

    region = ma.fields.String(required=True, error_messages={"required": "run.choose_regions"})


class JudgeForm(ma.Schema):
    """What becomes of a run; ``seen`` is its version."""

    word = ma.fields.String(required=True, validate=ma.validate.OneOf(run_judgements.WORDS))
    seen = ma.fields.Integer(required=True)


@blueprint.get(PATH)
@access("connector", people_only=True)
def all_runs() -> Response:
    """The runs over own regions, and asking for another."""
    return _list()


@blueprint.post(PATH)
@access("connector", people_only=True)
@limited(RUNS)
@once
def ask() -> Any:
    """Ask for a run."""
    values, wrong = read_form(AskForm)
    mine = regions_of(asker())
    if not wrong and values["region"] != ALL and values["region"] not in mine:
        wrong = {"region": t("run.choose_regions")}
    if wrong:
        return _list(wrong)
    wanted = sorted(mine) if values["region"] == ALL else [values["region"]]
    made = run_queue.ask(rows(), asker().actor, wanted, on=local_day(now()), lang=language(), now=now())
    return go(f"{PATH}/{made.id}")


@blueprint.get(f"{PATH}/<run_id>")
@access("connector", people_only=True)
def one_run(run_id: str) -> Response:
    """One run: how far it is, or what it would change."""
    return _one(own_run(run_id))


@blueprint.post(f"{PATH}/<run_id>/stop")
@access("connector", people_only=True)
@once
def stop(run_id: str) -> Any:
    """Stop a run."""
    with suppress(Conflict):  # it ended meanwhile: its page says how
        run_queue.cancel(rows(), asker().actor, own_run(run_id, lock=True), now=now())
    return go(f"{PATH}/{run_id}")


@blueprint.post(f"{PATH}/<run_id>")
@access("connector", people_only=True)
@once
def judge(run_id: str) -> Any:
    """Take a run over, or leave it; only on what was seen."""
    values, wrong = read_form(JudgeForm)
    run = own_run(run_id, lock=True)
    if wrong or values["seen"] != run.version:
        return _one(run, status=412 if not wrong else 400)
    try:
        run_judgements.judge(rows(), asker().actor, run, values["word"], now=now())
    except Conflict:  # the page says what is in the way
        rows().rollback()
        return _one(own_run(run_id), status=409)
    done = "taken_over" if values["word"] == "take_over" else "run_discarded"
    return go("/voorstellen" if values["word"] == "take_over" else PATH, done=done)


def _list(wrong: dict[str, str] | None = None) -> Response:
    found = [run for run in runs.runs_within(rows(), regions_of(asker()), START, SHOWN) if run.kind == "match"]
    return show("runs.html", 400 if wrong else 200, wrong=wrong or {}, runs=told(found), regions=region_choices(),
                stopped=stopped())  # fmt: skip


def _one(run: runs.Run, status: int = 200) -> Response:
    shown: dict[str, Any] = {"run": told([run])[0], "version": run.version, "stopped": stopped()}
    if run.state == "done":
        shown |= _difference(run)
    if run.state == "failed":
        shown["words"] = _words_in_the_way(run)
    return show("run.html", status, **shown)


def _words_in_the_way(run: runs.Run) -> list[tuple[Any, ...]]:
    """The decisions among what leaves no plan that still stand, with student, opening and who decided."""
    members = (run.totals or {}).get("conflict", [])
    pairs = {(i, j) for one in members for i in one.get("student_ids", ()) for j in one.get("opening_ids", ())}
    found = [one for one in plans.words_on(rows(), {i for i, _ in pairs}) if (one.student_id, one.opening_id) in pairs]
    students, openings = _names([one.student_id for one in found], [one.opening_id for one in found])
    names = decisions.names(rows(), [one.account_id for one in found])
    return [(one, students.get(one.student_id), openings.get(one.opening_id), names.get(one.account_id, ""))
            for one in found]  # fmt: skip


def _names(student_ids: list[str], opening_ids: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What they are called; who has left the own regions since a run is not named any more."""
    students, openings = runs.names_of(rows(), student_ids, opening_ids)
    return {i: one for i, one in students.items() if one["region"] in regions_of(asker())}, openings


def _difference(run: runs.Run) -> dict[str, Any]:
    found = run_differences.difference(rows(), run)
    kind = CHANGES.get(request.args.get("toon", ""), "")
    number = run_differences.counts(found)
    if not kind:
        kind = next((one for one in CHANGES.values() if number[one]), "new")
    lines = [one for one in found if one.change == kind]
    students, openings = _names([one.student_id for one in lines], [one.opening_id for one in lines])
    names = decisions.names(rows(), [run.judged_by] if run.judged_by else [])
    judged = run.taken_at is not None or run.discarded_at is not None
    return {
        "lines": [(one, students.get(one.student_id), openings.get(one.opening_id),
                   [cause["sentence"] for cause in sentences(one.causes, language())]) for one in lines],
        "kind": kind, "number": number, "changes": CHANGES, "who": names.get(run.judged_by or "", ""),
        "kept": sum(one.kept is not None for one in found if one.change != "gone"), "judged": judged,
        "other_plan": not judged and run_judgements.overtaken(rows(), run),
        "outdated": not judged and bool(list(run_judgements.outdated(rows(), run))),
    }  # fmt: skip
