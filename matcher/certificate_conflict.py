"""Is a conflict one? Whether its members alone cannot hold together, and any fewer can; without the solver's code."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from matcher.certificate_limits import Finding
from matcher.certificate_relaxation import model
from matcher.errors import ConflictMember
from matcher.problem import FORBID, FREE, NO_LOAD_LIMIT, PIN, Ints, Problem


def false_conflict(problem: Problem, members: Sequence[ConflictMember]) -> tuple[Finding, ...]:
    """What is wrong with a conflict: nothing when its members cannot hold together and without any one they can."""
    if not members:
        return (Finding("conflict", "no members: nothing says why no plan holds all limits"),)
    if _can_hold(problem, members):
        return (Finding("conflict", "its members can hold together"),)
    loose = [k for k in range(len(members)) if not _can_hold(problem, [*members[:k], *members[k + 1 :]])]
    return tuple(
        Finding("conflict", f"member {k + 1} ({members[k].kind}) is not needed: the others cannot hold together")
        for k in loose[:1]
    )


def _can_hold(problem: Problem, members: Sequence[ConflictMember]) -> bool:
    """Whether some assignment holds these members, every other limit left out (one place each always holds)."""
    kinds = [member.kind for member in members]
    pins = {(m.students[0], m.openings[0]) for m in members if m.kind in ("pin", "ineligible_pin")}
    forbids = {(m.students[0], m.openings[0]) for m in members if m.kind == "forbid"}
    if "ineligible_pin" in kinds or pins & forbids:
        return False
    chosen = {kind: [m.openings[0] for m in members if m.kind == kind] for kind in ("places", "load", "min_to_open")}
    locks = np.full(problem.p, FREE, dtype=np.int8)
    for pairs, lock in ((pins, PIN), (forbids, FORBID)):
        for i, j in sorted(pairs):
            if (at := problem.pair(i, j)) >= 0:
                locks[at] = lock
    rows = problem.rows[locks == PIN]
    if len(np.unique(rows)) < len(rows):
        return False
    limits = [
        replace(
            problem.limits[m.limit],
            at_least=problem.limits[m.limit].at_least if m.kind == "at_least" else None,
            at_most=problem.limits[m.limit].at_most if m.kind == "at_most" else None,
        )
        for m in members
        if m.limit >= 0
    ]
    own = replace(
        problem,
        places=_only(problem.places, chosen["places"], problem.n + int(problem.min_to_open.max(initial=0))),
        load_capacity=_only(problem.load_capacity, chosen["load"], NO_LOAD_LIMIT),
        min_to_open=_only(problem.min_to_open, chosen["min_to_open"], 0),
        locks=locks,
        limits=tuple(limits),
        ineligible_pins=(),
        pinned_forbidden=(),
    )
    return _feasible(own)


def _only(numbers: Ints, kept: Sequence[int], other: int) -> Ints:
    result = np.full_like(numbers, other)
    result[list(kept)] = numbers[list(kept)]
    return result


def _feasible(problem: Problem) -> bool:
    if not problem.p:
        return not any(limit.at_least for limit in problem.limits)
    shape = model(problem)
    if (shape.low > shape.high).any():
        return False  # a pin at an opening that cannot reach its minimum
    result = milp(
        np.zeros(len(shape.low)),
        integrality=np.ones(len(shape.low)),
        bounds=Bounds(shape.low, shape.high),
        constraints=[LinearConstraint(shape.matrix, -np.inf, shape.upper)],
    )
    return bool(result.status == 0)
