"""Does a group fit here? What would happen if this vacancy were posted: who is eligible, would it open, who would move.

The question goes through the queue of runs, for it takes two plans: the one without the vacancy, staying close to the
plan that holds, and the one with it, staying close to the first. Nothing of it is stored but the question and the
answer. Connectors read it with names; an employer reads words alone, no number and nobody.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np

from api.pipeline import Case, prepare
from api.services.run_inputs import Inputs, policy_that_holds
from api.services.run_results import moves_by_id
from api.store import audit, runs
from api.store.audit import Actor
from api.store.people import Session
from api.texts.catalogue import count, say
from api.texts.groups import GROUPS
from api.texts.regret import move_sentences, named_moves
from features.eligibility import RULES
from features.geography import locate, neighbours
from features.records import Demand, Opening
from matcher.certificate import verify
from matcher.errors import SolverFailure
from matcher.sensitivity import change_of
from matcher.solution import Solution
from matcher.solver import search

KEY = "?"
"""The number of the vacancy that is not there; no vacancy's own begins with it."""
STEP = 5
AMPLE = 2
"""So many times the places is more than enough."""


class UnknownPlace(Exception):
    """The place is not known, or there are several of that name."""


def ask(
    session: Session, actor: Actor, question: dict[str, Any], *, on: date, lang: str, now: datetime
) -> runs.Run:
    """Queue a question about the region of its place and those next to it.

    Raises
    ------
    UnknownPlace
        If nobody could say where it is.
    """
    found = locate(question.get("postcode"), question.get("place"))
    if found.location is None:
        raise UnknownPlace
    here = found.location.region_code
    near = {here, *neighbours(here)} & {here, *runs.regions_in_use(session)}
    run = runs.add_run(session, regions=sorted(near), on=on, policy_id=policy_that_holds(session, now),
                       account_id=actor.id or "", lang=lang, now=now, kind="group",
                       question={**question, "region_code": here})  # fmt: skip
    audit.append(session, actor, "group.asked", ("run", run.id), now=now, regions=run.regions)
    return run


def opening_of_question(question: dict[str, Any]) -> Opening:
    """The vacancy as it would be posted."""
    least = int(question.get("min_to_open") or 0)
    return Opening(
        KEY, "", question["branch"], date.fromisoformat(question["starts_on"]), int(question["places"]),
        tasks=tuple(Demand(text) for text in question.get("tasks") or ()), min_to_open=least,
        location=locate(question.get("postcode"), question.get("place")).location,
        route="group" if least > 1 else None, hours_min=question.get("hours_min"), hours_max=question.get("hours_max"),
        contract_type=question.get("contract_type"),
    )  # fmt: skip


def answer(inputs: Inputs, question: dict[str, Any]) -> dict[str, Any]:
    """Return the answer by ids of the database; a pure function of its arguments.

    Raises
    ------
    matcher.errors.Infeasible, matcher.errors.NoPlanYet
        As a run.
    """
    students, openings = [s for _, _, s in inputs.students], [o for _, _, o in inputs.openings]
    new = opening_of_question(question)
    without = prepare(students, openings, inputs.policy, inputs.decisions, on=inputs.on, before=inputs.before)
    plan = _solved(without)
    held = {without.students[i].key: without.openings[j].key for i, j in enumerate(plan.assignment.tolist()) if j >= 0}
    case = prepare(students, [*openings, new], inputs.policy, inputs.decisions, on=inputs.on, before=held)
    found = _solved(case)
    at = next(j for j, opening in enumerate(case.openings) if opening.vacancy_ref == KEY)
    before = _widened(case, without, plan.assignment.tolist())
    old = replace(plan, assignment=before)
    change = change_of(case.problem, old, found.assignment, unplaced_value=inputs.policy.unplaced_fit)
    student_ids = {student.key: i for i, _, student in inputs.students}
    opening_ids = {opening.key: i for i, _, opening in inputs.openings}
    ids = [student_ids[s.key] for s in case.students], [opening_ids.get(o.key, KEY) for o in case.openings]
    inside = np.flatnonzero(found.assignment == at).tolist()
    eligible = int((case.problem.indices == at).sum())
    closing = [ids[1][j] for j in range(len(case.openings)) if j != at and int(case.problem.required[j]) > 1
               and (before == j).any() and not (found.assignment == j).any()]  # fmt: skip
    return {
        "eligible": eligible, "opens": len(inside) >= max(new.min_to_open, 1), "inside": [ids[0][i] for i in inside],
        "placed": sum((b >= 0) - (a >= 0) for _, a, b in change.moves), "closing": closing,
        "moves": moves_by_id(change.moves, *ids),
        "blocked": {code: int(n) for code, n in zip(RULES, case.blocked_openings[at], strict=True) if n},
    }  # fmt: skip


def _solved(case: Case) -> Solution:
    policy = case.policy
    found = search(case.problem, objective=policy.objective, unplaced_value=policy.unplaced_fit,
                   time_limit=policy.time_limit)  # fmt: skip
    verdict = verify(case.problem, found, unplaced_value=policy.unplaced_fit)
    if not verdict.ok:
        raise SolverFailure("; ".join(f"{part.name}: {part.sentence}" for part in verdict.findings))
    return found


def _widened(case: Case, without: Case, assignment: Sequence[int]) -> Any:
    """The plan without the vacancy, by the indices of the openings with it."""
    at = {opening.key: j for j, opening in enumerate(case.openings)}
    return np.array([at[without.openings[j].key] if j >= 0 else -1 for j in assignment], dtype=np.int64)


def told_in_words(found: dict[str, Any], question: dict[str, Any], lang: str, *, near: bool) -> dict[str, Any]:
    """Return ``words``, and ``opens``: whether it would open; None where that is not told.

    Who is not ``near``, as connectors of the region are, reads words that change at every fifth student alone, and
    nothing of fewer: asking again with other numbers, hours or places would find out about one of them. So of the
    plan they read nothing either: it depends on how many there are exactly, and on who has another place.
    """
    least, places = max(int(question.get("min_to_open") or 0), 1), int(question["places"])
    known = found["eligible"] if near else found["eligible"] // STEP * STEP
    if not near and not known:
        return {"words": [say(GROUPS, "hidden_fit", lang)], "opens": None}
    much = "none" if not known else "ample" if known >= AMPLE * places else "enough" if known >= least else \
        "few" if near or known + STEP <= least else "about"  # fmt: skip
    words = [say(GROUPS, f"{much}_fit", lang)]
    if much == "about":  # whether it opens would tell how many they are
        return {"words": words, "opens": None}
    kind = "group" if least > 1 else "place"
    opens = found["opens"] if near else False if much == "few" else None
    said = "depends" if opens is None else "opens" if opens else "closed"
    return {"words": [*words, say(GROUPS, f"{kind}_{said}", lang)], "opens": opens}


def told_by_name(
    session: Session, found: dict[str, Any], *, lang: str, regions: frozenset[str]
) -> dict[str, Any]:
    """What a connector reads: how many, who, and who would move, by name where they are of own regions."""
    moves = found["moves"]
    students, openings = runs.names_of(
        session, [*found["inside"], *(move["student"] for move in moves)],
        [*found["closing"], *(move[end] for move in moves for end in ("from", "to") if move[end])],
    )  # fmt: skip
    here = {KEY: {"title": say(GROUPS, "here", lang), "employer": "", "vacancy_ref": KEY}}
    told = named_moves(moves, students, {**openings, **here}, lang=lang, regions=regions)
    inside = [move["student_name"] for move in named_moves(
        [{"student": i, "from": None, "to": None} for i in found["inside"]], students, {}, lang=lang, regions=regions)]
    names = [say(GROUPS, "closes", lang, opening=openings[i]["title"]) for i in found["closing"] if i in openings]
    return {
        **{name: found[name] for name in ("eligible", "opens", "placed", "blocked")}, "inside": inside, "moves": told,
        "sentences": [count(GROUPS, "eligible", found["eligible"], lang), *names, *move_sentences(told, lang)],
    }  # fmt: skip


__all__ = ["UnknownPlace", "answer", "ask", "told_by_name", "told_in_words"]
