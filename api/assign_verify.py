"""``verify``: a result of `match` or `assign` against its case, and every stated figure against the plan."""
from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from api.assign_files import CASE, TIE_RULE, assignment_bytes, case_digest, stage_number
from api.assign_stated import Result, millionths_stated, read_result
from api.match_verify import match_findings
from api.tables import plain_millionths
from matcher.certificate import Verdict, verify
from matcher.certificate_conflict import false_conflict
from matcher.errors import ConflictMember

Named = tuple[str, str]
"""The name of what does not hold, and a sentence."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """``findings`` by name and sentence, or, when there are none, what could be said."""

    findings: tuple[Named, ...]
    statement: str


def verify_folder(folder: Path) -> Outcome:
    """Re-check a result from its files alone.

    Raises
    ------
    WrongUsage
        If the folder is no result with a case.
    Refused
        If a file in it cannot be read.
    """
    result = read_result(folder)
    findings = [*result.findings, *_inputs(folder, result)]
    if result.solution is None and result.findings:
        return _outcome(findings, "")
    if result.solution is None:
        findings += _without_plan(result)
        return _outcome(findings, _no_plan_statement(result))
    verdict = verify(result.case.problem, result.solution, unplaced_value=result.unplaced_value, thorough=True)
    case = result.case
    findings += [(found.name, found.say(case.students, case.openings)) for found in verdict.findings]
    findings += [*_figures(result)]
    if result.command == "match":
        findings += match_findings(folder, result)
    elif _bytes(folder / "assignment.csv") != assignment_bytes(case, result.solution.assignment):
        findings.append(("assignment", f"assignment.csv is not the plan of {CASE}/assignment.csv"))
    return _outcome(findings, _statement(result, verdict))


def _outcome(findings: Sequence[Named], statement: str) -> Outcome:
    return Outcome(tuple(dict.fromkeys(findings)), statement)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _inputs(folder: Path, result: Result) -> Iterator[Named]:
    digest = case_digest(result.case, str(result.options.get("objective")), result.unplaced_value)
    if result.options.get("digest") != digest:
        yield "digest", f"{CASE}/ is not the input that {CASE}/options.json states; it is {digest}"
    if result.command == "assign" and result.stated.get("digest") != digest:
        yield "digest", f"result.json states another input than {CASE}/ holds; that is {digest}"
    prices = folder / CASE / "prices.csv"
    if result.solution is not None:
        found = hashlib.sha256(_bytes(prices) or b"").hexdigest()
        if result.options.get("prices_digest") != found:
            yield "prices", f"{CASE}/prices.csv is not the file that {CASE}/options.json states"
    stated, asked = result.stated.get("objective"), result.options.get("objective")
    if stated != asked:
        yield "objective", f"stated {stated!r}; the case has {asked!r}"


def _figures(result: Result) -> Iterator[Named]:
    """Totals, bound and gap of result.json, recomputed."""
    solution, problem, stated = result.solution, result.case.problem, result.stated
    assert solution is not None
    pair = problem.pairs_of(solution.assignment)
    placed = np.flatnonzero(pair >= 0)
    numeric = [stage for stage in solution.stages if stage.name != "tie" and isinstance(stage.value, int)]
    if result.command == "assign":
        counts = {"placed": len(placed), "priority_placed": sum(problem.priority[placed].tolist())}
        for name, count in counts.items():
            if stated.get(name) != count or isinstance(stated.get(name), bool):
                yield name, f"stated {stated.get(name)}; the plan has {count}"
        score = sum(problem.values[pair[placed]].tolist())
        if millionths_stated(stated.get("total_score")) != score:
            yield "total_score", f"stated {stated.get('total_score')}; the plan has {plain_millionths(score)}"
        if stated.get("conflict") != []:
            yield "conflict", "a conflict is stated beside a plan"
        if numeric and millionths_stated(stated.get("bound")) != numeric[-1].bound:
            yield "bound", f"stated {stated.get('bound')}; that of stage {numeric[-1].name} is another"
    if numeric and isinstance(numeric[-1].value, int) and isinstance(numeric[-1].bound, int):
        gap = numeric[-1].bound - numeric[-1].value
        if millionths_stated(stated.get("gap")) != gap:
            yield "gap", f"stated {stated.get('gap')}; bound - value of stage {numeric[-1].name} is another"
    ties = stated.get("ties")
    if not isinstance(ties, dict):
        yield "ties", "the tie stage is missing"
    elif result.command == "assign" and ties.get("rule") != TIE_RULE:
        yield "ties", "another rule is stated"


def _statement(result: Result, verdict: Verdict) -> str:
    if verdict.proved:
        return "proved"
    assert result.solution is not None
    own = dict(verdict.bounds).get("fit")
    bound = "none" if own is None else stage_number("fit", own)
    if result.solution.status == "optimal":
        return f"feasible, own bound {bound}, solver claims optimal"
    return f"feasible, own bound {bound}, solver claims a gap of {result.stated.get('gap')}"


def _without_plan(result: Result) -> Iterator[Named]:
    status = result.stated.get("status")
    if status not in ("infeasible", "unknown"):
        yield "status", f"status {status!r} without a plan; {CASE}/assignment.csv is missing"
    if status == "infeasible":
        members, wrong = _members(result)
        if wrong:
            yield "conflict", wrong
        else:
            for found in false_conflict(result.case.problem, members):
                yield found.name, found.say(result.case.students, result.case.openings)


def _no_plan_statement(result: Result) -> str:
    if result.stated.get("status") == "unknown":
        return "no plan to verify: the time limit struck before one was found"
    return "infeasible: the members of the conflict cannot hold together, and without any one of them they can"


def _members(result: Result) -> tuple[list[ConflictMember], str]:
    """The stated conflict as indices, or what cannot be."""
    problem = result.case.problem
    student = {text: i for i, text in enumerate(result.case.students)}
    opening = {text: j for j, text in enumerate(result.case.openings)}
    members = []
    for item in _items(result.stated.get("conflict")):
        kind, name = str(item.get("kind")), item.get("name")
        try:
            who = tuple(student[text] for text in item.get("students") or ())
            where = tuple(opening[text] for text in item.get("openings") or ())
        except (KeyError, TypeError):
            return [], f"member {kind!r} names somebody or something that is not in the case"
        limit = -1
        if kind in ("at_least", "at_most"):
            limit = next((g for g, rule in enumerate(problem.limits) if rule.name == name), -1)
            if limit < 0 or getattr(problem.limits[limit], kind) is None:
                return [], f"member {kind} names limit {name!r}, which has no such bound"
        elif kind in ("pin", "forbid", "ineligible_pin"):
            locked = {"pin": 1, "ineligible_pin": 1, "forbid": -1}[kind]
            if len(who) != 1 or len(where) != 1 or not _is_locked(result, who[0], where[0], locked):
                return [], f"member {kind} is not in the case"
        elif kind not in ("places", "load", "min_to_open") or len(where) != 1:
            return [], f"member {kind!r} is not known"
        members.append(ConflictMember(kind, limit, who, where))
    return members, ""


def _items(conflict: Any) -> list[dict[str, Any]]:
    return [item for item in conflict if isinstance(item, dict)] if isinstance(conflict, list) else []


def _is_locked(result: Result, i: int, j: int, lock: int) -> bool:
    problem = result.case.problem
    pair = problem.pair(i, j)
    if (i, j) in problem.pinned_forbidden or (lock == 1 and (i, j) in problem.ineligible_pins):
        return True
    return pair >= 0 and int(problem.locks[pair]) == lock
