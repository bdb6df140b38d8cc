"""From records to a verified plan: the one place where features and matcher meet.

`run_match` is a pure function of its arguments: the same records, policy, decisions and day give the same
report, whatever the order of the records. It knows no files, no clock and no web.
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.changes import smallest_changes
from api.decisions import Locks, resolve
from api.match_report import Decision, MatchReport
from api.policy import Cap, Policy
from api.questions import questions
from api.robust import robustness
from features.eligibility import POINTS, RULES, Eligibility, evaluate
from features.records import Opening, Student
from features.scoring import ScoredPairs, score_pairs
from features.travel_times import TravelTimes
from matcher.certificate import verify
from matcher.errors import SolverFailure
from matcher.problem import FORBID, PIN, GroupLimit, Problem, build_problem, id_digests
from matcher.sensitivity import sensitivities
from matcher.solver import search
from matcher.turns import random_turns

MILLION = 1_000_000
_LOOKING = ("", "none", "unknown")
Step = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Case:
    """Everything that is known before the solver is asked: kept apart so that a conflict can be shown with it."""

    on: date
    policy: Policy
    students: tuple[Student, ...]
    openings: tuple[Opening, ...]
    left_out: int
    eligibility: Eligibility
    scored: ScoredPairs
    points: NDArray[np.uint64]
    broken: NDArray[np.uint64]
    problem: Problem
    blocked_students: NDArray[np.int64]
    blocked_openings: NDArray[np.int64]
    priorities: NDArray[np.int64]
    low_fit: dict[tuple[int, int], int]
    decisions: tuple[Decision, ...]
    locks: Locks
    digest: str


def prepare(
    students: Sequence[Student],
    openings: Sequence[Opening],
    policy: Policy,
    decisions: Sequence[Decision] = (),
    *,
    on: date,
    times: TravelTimes | None = None,
    before: Mapping[str, str] | None = None,
    step: Step = lambda _: None,
) -> Case:
    """Check every rule, score every eligible pair and state the problem.

    Students whose work capacity is "no" are counted and left out. Records are sorted by key first, the text that
    stands in ``case/``: so `assign` on a case meets the very same problem. ``times`` is a table of travel times that
    goes before the estimate. ``before`` is the plan that people know, opening by student, both by key: of equally good
    plans the one in which most keep their opening is taken.
    """
    kept = tuple(sorted((s for s in students if s.work_capacity != "no"), key=lambda s: s.key))
    listed = tuple(sorted(openings, key=lambda o: o.key))
    decided = tuple(sorted(decisions, key=_decision_order))
    locks = resolve(decided, kept, listed)
    step("eligibility")
    eligibility = evaluate(kept, listed, policy.rules, on=on, fixed=locks.fixed, times=times)
    step("fit")
    scored = score_pairs(kept, listed, eligibility, policy.weights)
    rows = np.repeat(np.arange(len(kept)), np.diff(scored.indptr))
    cols = np.asarray(scored.indices, dtype=np.int64)
    fixed = _mask(rows, cols, locks.fixed, len(listed))
    floor = (scored.fit >= policy.min_fit) | fixed
    blocked_students = eligibility.blocked_students.copy()
    blocked_openings = eligibility.blocked_openings.copy()
    low = RULES.index("min_fit")
    too_low = (scored.fit < policy.min_fit).astype(np.uint64) << np.uint64(low)
    broken = eligibility.broken | np.where(fixed, too_low, np.uint64(0))
    np.add.at(blocked_students[:, low], rows[~floor], 1)
    np.add.at(blocked_openings[:, low], cols[~floor], 1)
    rejected = RULES.index("forbidden")
    for i, j in locks.forbidden:
        blocked_students[i, rejected] += 1
        blocked_openings[j, rejected] += 1
    low_fit = {(int(i), int(j)): int(f) for i, j, f in zip(rows[~floor], cols[~floor], scored.fit[~floor], strict=True)}
    keep = np.flatnonzero(floor)
    scored = scored.take(keep)
    priorities = np.array([_priority(student, policy, on) for student in kept], dtype=np.int64)
    known = _known(before or {}, kept, listed)
    problem = _problem(kept, listed, scored, locks, priorities=priorities, policy=policy)
    if known:
        problem = replace(problem, before=np.array([known.get(i, -1) for i in range(len(kept))], dtype=np.int64))
    return Case(
        on, policy, kept, listed, len(students) - len(kept), eligibility, scored, eligibility.points[keep],
        broken[keep], problem, blocked_students, blocked_openings, priorities, low_fit, decided, locks,
        input_digest(kept, listed, policy, decided, on=on, times=times,
                     before=[(kept[i].key, listed[j].key) for i, j in known.items()]),
    )  # fmt: skip


def conclude(case: Case, *, lang: str, versions: dict[str, str], step: Step = lambda _: None) -> MatchReport:
    """Solve, verify and gather the report.

    Raises
    ------
    matcher.errors.Infeasible
        If no plan holds every limit; ``.conflict`` speaks of the indices of ``case``.
    matcher.errors.NoPlanYet
        If the time limit struck before there was a plan.
    matcher.errors.SolverFailure
        If the plan does not pass verification (our fault).
    """
    step("solve")
    problem, policy = case.problem, case.policy
    solution = search(
        problem, objective=policy.objective, unplaced_value=policy.unplaced_fit, time_limit=policy.time_limit
    )
    step("verify")
    verdict = verify(problem, solution, unplaced_value=policy.unplaced_fit)
    if not verdict.ok:
        raise SolverFailure("; ".join(f"{found.name}: {found.sentence}" for found in verdict.findings))
    pair_of = _pairs_of(problem, solution.assignment)
    full, closed = _lost(problem, solution.assignment)
    step("explain")
    known = None
    if solution.status == "optimal":
        known = sensitivities(problem, solution, unplaced_value=policy.unplaced_fit)
    firm = robustness(
        problem, solution, case.scored, min_fit=policy.min_fit, unplaced_value=policy.unplaced_fit,
        fixed=case.locks.fixed,
    )  # fmt: skip
    report = MatchReport(
        on=case.on, lang=lang, policy=policy, students=case.students, openings=case.openings, left_out=case.left_out,
        eligibility=case.eligibility, scored=case.scored, points=case.points, broken=case.broken, problem=problem,
        solution=solution, proved=verdict.proved, pair_of=pair_of, blocked_students=case.blocked_students,
        blocked_openings=case.blocked_openings, full=full, closed=closed, priorities=case.priorities,
        low_fit=case.low_fit, digest=case.digest, decisions=case.decisions, sensitivity=known,
        chance=random_turns(problem), robustness=firm, versions=versions,
    )  # fmt: skip
    return replace(report, changes=smallest_changes(report), questions=questions(report))


def run_match(
    students: Sequence[Student],
    openings: Sequence[Opening],
    policy: Policy,
    decisions: Sequence[Decision] = (),
    *,
    on: date,
    lang: str = "nl",
    versions: dict[str, str] | None = None,
    times: TravelTimes | None = None,
) -> MatchReport:
    """Records in, explained and verified plan out; see `prepare` and `conclude`."""
    case = prepare(students, openings, policy, decisions, on=on, times=times)
    return conclude(case, lang=lang, versions=versions or {})


def input_digest(
    students: Sequence[Student],
    openings: Sequence[Opening],
    policy: Policy,
    decisions: Sequence[Decision],
    *,
    on: date,
    times: TravelTimes | None = None,
    before: Sequence[tuple[str, str]] = (),
) -> str:
    """SHA-256 over the sorted canonical records, policy, decisions, day, table of travel times and plan before."""
    body = {
        "students": [_canonical(student) for student in students],
        "openings": [_canonical(opening) for opening in openings],
        "policy": policy.canonical(),
        "decisions": [_canonical(decision) for decision in decisions],
        "on": on.isoformat(),
    }
    if times is not None:
        body["travel_times"] = times.digest
    if before:
        body["before"] = sorted(before)
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    if is_dataclass(value):
        return {part.name: _canonical(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, (list, tuple)):
        return [_canonical(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _known(before: Mapping[str, str], students: Sequence[Student], openings: Sequence[Opening]) -> dict[int, int]:
    """The plan before by index, as far as student and opening are still there."""
    at = {opening.key: j for j, opening in enumerate(openings)}
    return {i: at[before[s.key]] for i, s in enumerate(students) if before.get(s.key) in at}


def _decision_order(decision: Decision) -> tuple[str, str, str, date, date, str, str]:
    return (
        decision.school, decision.student_ref, decision.vacancy_ref, decision.starts_on or date.min,
        decision.on or date.min, decision.decision, decision.reason,
    )  # fmt: skip


def _priority(student: Student, policy: Policy, on: date) -> int:
    gone = student.leaves_on is not None and (on - student.leaves_on).days > policy.priority_days
    return policy.priority_weight if gone and student.destination in _LOOKING else 1


def _mask(
    rows: NDArray[np.int64], cols: NDArray[np.int64], pairs: frozenset[tuple[int, int]], m: int
) -> NDArray[np.bool_]:
    codes = np.array([i * m + j for i, j in pairs], dtype=np.int64)
    return np.isin(rows * m + cols, codes)


def _problem(
    students: Sequence[Student],
    openings: Sequence[Opening],
    scored: ScoredPairs,
    locks: Locks,
    *,
    priorities: NDArray[np.int64],
    policy: Policy,
) -> Problem:
    rows = np.repeat(np.arange(len(students)), np.diff(scored.indptr))
    cols = np.asarray(scored.indices, dtype=np.int64)
    kept = set(zip(rows.tolist(), cols.tolist(), strict=True))
    state = np.zeros(len(rows), dtype=np.int8)
    state[_mask(rows, cols, locks.pins, len(openings))] = PIN
    state[_mask(rows, cols, locks.forbidden, len(openings))] = FORBID
    needs = np.array([_micro(student.support_half_days, 0) for student in students], dtype=np.int64)
    return build_problem(
        rows,
        cols,
        scored.fit,
        places=np.array([opening.places for opening in openings], dtype=np.int64),
        priority=priorities,
        min_to_open=np.array([opening.min_to_open for opening in openings], dtype=np.int64),
        present=np.array([opening.present for opening in openings], dtype=np.int64),
        load_capacity=np.array([_micro(opening.supervision_half_days, -1) for opening in openings], dtype=np.int64),
        load=needs[rows],
        locks=state,
        limits=(*cap_limits(policy.caps, openings), *_choices(locks, students, openings)),
        ineligible_pins=tuple(sorted(locks.pins - kept)),
        student_ids=id_digests(student.key for student in students),
        opening_ids=id_digests(opening.key for opening in openings),
    )


def _micro(number: float | None, unknown: int) -> int:
    return unknown if number is None else round(number * MILLION)


def cap_limits(caps: Sequence[Cap], openings: Sequence[Opening]) -> list[GroupLimit]:
    """Caps of the policy as limits over the openings they are about, sorted by name."""
    limits = []
    for cap in sorted(caps, key=lambda c: c.name):
        inside = [
            j
            for j, opening in enumerate(openings)
            if cap.branch in ("", opening.branch)
            and cap.employer_kvk in ("", opening.employer_kvk)
            and (not cap.region or (opening.location is not None and opening.location.region_code == cap.region))
        ]
        limits.append(GroupLimit(cap.name, None, np.array(inside, dtype=np.int64), cap.at_least, cap.at_most))
    return limits


def _choices(locks: Locks, students: Sequence[Student], openings: Sequence[Opening]) -> list[GroupLimit]:
    """A decision for every intake of a vacancy: the student goes to one of them, whichever suits the whole best."""
    return [
        GroupLimit(f"{students[i].key} -> {openings[columns[0]].vacancy_ref}", np.array([i]), np.array(columns), 1)
        for i, columns in locks.either
    ]


def _pairs_of(problem: Problem, assignment: NDArray[np.int64]) -> NDArray[np.int64]:
    pair_of = np.full(problem.n, -1, dtype=np.int64)
    placed = np.flatnonzero(assignment[problem.rows] == problem.indices) if len(problem.rows) else np.empty(0, int)
    pair_of[problem.rows[placed]] = placed
    return pair_of


def _lost(problem: Problem, assignment: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count per student the eligible openings that went to others (full) or stay closed, the plan given."""
    filled = np.bincount(assignment[assignment >= 0], minlength=problem.m)
    shut = (filled == 0) & (problem.min_to_open > problem.present) & (problem.min_to_open > 1)
    open_pairs = problem.locks != FORBID
    full, closed = (np.zeros(problem.n, dtype=np.int64) for _ in range(2))
    np.add.at(closed, problem.rows[open_pairs & shut[problem.indices]], 1)
    lost = open_pairs & ~shut[problem.indices] & (assignment[problem.rows] != problem.indices)
    np.add.at(full, problem.rows[lost], 1)
    return full, closed


__all__ = ["MILLION", "POINTS", "Case", "cap_limits", "conclude", "input_digest", "prepare", "run_match"]
