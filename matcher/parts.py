"""Parts of a problem that share no student, opening or limit: each solved apart, side by side where joblib is told so.

The best of the whole is the best of every part, stage after stage: stages are sums, and sums compare alike whatever
is added to both. Limits that cannot bind hold no parts together, and all that no other limit than places holds is one
part for the engine of plain problems. Parts with loads, minimums or group limits go through `joblib.Parallel` with
nothing set, so that the caller decides where they are solved::

    with joblib.parallel_config(backend="loky", n_jobs=2):  # or backend="dask", with a client of a cluster
        solve(problem)

Each part's answer is the only one that its tie numbers allow, so it is the same wherever it was found.
"""
from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matcher.constraints import Residual, residual
from matcher.errors import Infeasible
from matcher.exact import exact_sum
from matcher.limited import solve_limited
from matcher.plain import solve_plain
from matcher.problem import NO_LOAD_LIMIT, GroupLimit, Ints, Problem
from matcher.reduction import StageWeights, objective_stages
from matcher.solution import UNPLACED, PriceBlock, PriceTable, Solution, Stage


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A problem of its own, and what its students, openings and limits are called in the whole (ascending)."""

    problem: Problem
    students: Ints
    openings: Ints
    limits: Ints


def split(problem: Problem) -> tuple[Part, ...]:
    """The parts that loads, minimums or group limits hold, then the part of all that places alone hold.

    Parameters
    ----------
    problem : Problem
        Any limits; pins that exclude each other are the caller's to find first.

    Returns
    -------
    tuple of Part
        The last is plain (`Problem.is_plain`) and may have no pairs. Empty when the pins break a limit.
    """
    state = residual(problem)
    if state is None:
        return ()
    pairs = np.sort(np.concatenate((state.pair, state.taken)))
    label, hard = _labels(problem, state, pairs)
    of_student, of_opening = label[: problem.n], label[problem.n : problem.n + problem.m]
    kinds, first = np.unique(of_student[problem.rows[pairs]], return_index=True)
    ordered = kinds[np.argsort(first, kind="stable")]
    parts = []
    for kind in ordered[np.isin(ordered, hard)].tolist():
        limits = np.array([row.limit for g, row in enumerate(state.rows) if label[-len(state.rows) + g] == kind])
        parts.append(_part(problem, of_student == kind, of_opening == kind, pairs, limits.astype(np.int64)))
    return (*parts, _plain_part(problem, state, ~np.isin(of_student, hard), ~np.isin(of_opening, hard), pairs))


def _labels(problem: Problem, state: Residual, pairs: Ints) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The part of each student, opening and row of the residual, and the parts that more than places holds."""
    n, m = problem.n, problem.m
    ends = [(problem.rows[pairs], n + problem.indices[pairs])]
    for g, row in enumerate(state.rows):
        counted = np.concatenate((row.pairs, state.taken[problem.in_limit(problem.limits[row.limit])[state.taken]]))
        ends.append((problem.rows[counted], np.full(len(counted), n + m + g)))
    one, other = (np.concatenate(side) for side in zip(*ends, strict=True))
    size = n + m + len(state.rows)
    links = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
    label: NDArray[np.int32] = connected_components(links, directed=False)[1]
    free = np.bincount(state.opening, minlength=m) > 0
    heavy = np.flatnonzero(((state.capacity >= 0) | (state.need > 0)) & free)
    return label, np.unique(np.concatenate((label[n + heavy], label[n + m :])))


def _part(
    problem: Problem, students: NDArray[np.bool_], openings: NDArray[np.bool_], pairs: Ints, limits: Ints
) -> Part:
    """These students and openings with their pairs and these limits, all else as it was."""
    who, where = np.flatnonzero(students), np.flatnonzero(openings)
    kept = pairs[students[problem.rows[pairs]]]
    at = np.cumsum(openings) - 1
    counts = np.bincount(problem.rows[kept], minlength=problem.n)[who]
    part = Problem(
        indptr=np.concatenate(([0], np.cumsum(counts))), indices=at[problem.indices[kept]],
        values=problem.values[kept], places=problem.places[where], priority=problem.priority[who],
        min_to_open=problem.min_to_open[where], present=problem.present[where],
        load_capacity=problem.load_capacity[where], load=problem.load[kept], locks=problem.locks[kept],
        student_ids=problem.student_ids[who], opening_ids=problem.opening_ids[where],
        limits=tuple(_inside(problem.limits[g], students, openings) for g in limits.tolist()),
        before=None if problem.before is None else np.where(
            (problem.before >= 0) & openings[problem.before], at[problem.before], -1)[who],
    )  # fmt: skip
    return Part(part, who, where, limits)


def _inside(limit: GroupLimit, students: NDArray[np.bool_], openings: NDArray[np.bool_]) -> GroupLimit:
    """The limit over the members that are in the part, by their numbers there."""
    def members(of: Ints | None, mask: NDArray[np.bool_]) -> Ints | None:
        return None if of is None else (np.cumsum(mask) - 1)[of[mask[of]]]

    return replace(limit, students=members(limit.students, students), openings=members(limit.openings, openings))


def _plain_part(
    problem: Problem, state: Residual, students: NDArray[np.bool_], openings: NDArray[np.bool_], pairs: Ints
) -> Part:
    """Places as the residual left them (equal loads are places) beside those that pins take; nothing else limits."""
    part = _part(problem, students, openings, pairs, np.zeros(0, dtype=np.int64))
    pinned = np.bincount(problem.indices[state.taken], minlength=problem.m)
    none = np.zeros(len(part.openings), dtype=np.int64)
    plain = replace(
        part.problem, places=(state.places + pinned)[part.openings], min_to_open=none,
        load_capacity=none + NO_LOAD_LIMIT, load=np.zeros(part.problem.p, dtype=np.int64),
    )  # fmt: skip
    return replace(part, problem=plain)


def solve_apart(
    problem: Problem, *, objective: str, unplaced_value: int = 0, deadline: float | None = None
) -> Solution:
    """Solve any limits for the objectives ``placed`` and ``fit``, part by part; as `matcher.limited.solve_limited`."""
    stages = objective_stages(problem, objective, unplaced_value)
    *hard, rest = split(problem) or (None,)
    if rest is None or (len(hard) == 1 and not rest.problem.p):
        return solve_limited(problem, objective=objective, unplaced_value=unplaced_value, deadline=deadline)
    found: list[Solution | None] = [_plainly(rest.problem, objective, unplaced_value)]
    asked = (
        (part.problem, objective, unplaced_value, seconds)
        for part, seconds in zip(hard, _shares(len(hard), deadline), strict=True)
    )
    if len(hard) == 1:
        found.append(_limited(*next(asked)))
    elif hard:
        from joblib import Parallel, delayed  # loading it takes a tenth of a second, which small problems never need

        found += Parallel()(delayed(_limited)(*one) for one in asked)
    known = [solution for solution in found if solution is not None]
    if len(known) < len(found):  # the whole says which limits cannot hold together
        return solve_limited(problem, objective=objective, unplaced_value=unplaced_value, deadline=deadline)
    return _joined(problem, objective, stages, list(zip([rest, *hard], known, strict=True)))


def _limited(problem: Problem, objective: str, unplaced_value: int, seconds: float | None) -> Solution | None:
    """One part, wherever this runs; None when no assignment holds its limits."""
    deadline = None if seconds is None else time.monotonic() + seconds
    try:
        return solve_limited(problem, objective=objective, unplaced_value=unplaced_value, deadline=deadline)
    except Infeasible:
        return None


def _plainly(problem: Problem, objective: str, unplaced_value: int) -> Solution:
    stages = objective_stages(problem, objective, unplaced_value)
    result = solve_plain(problem, stages)
    prices = [
        PriceBlock("student", stage.name, np.arange(problem.n), price)
        for stage, price in zip(stages, result.student_prices, strict=True)
    ]
    stated = tuple(Stage(stage.name, value, value) for stage, value in zip(stages, result.values, strict=True))
    return Solution(result.assignment, "optimal", objective, stated, PriceTable(prices))


def _shares(count: int, deadline: float | None) -> Iterator[float | None]:
    """Seconds for each part in turn: what is left, in equal parts; asked for when the part begins."""
    for k in range(count):
        yield None if deadline is None else max(deadline - time.monotonic(), 0.0) / (count - k)


def _joined(
    problem: Problem, objective: str, stages: Sequence[StageWeights], found: Sequence[tuple[Part, Solution]]
) -> Solution:
    """The parts' solutions as one: stages add up, prices stand beside each other."""
    assignment = np.full(problem.n, UNPLACED, dtype=np.int64)
    prices = []
    for part, solution in found:
        placed = np.flatnonzero(solution.assignment >= 0)
        assignment[part.students[placed]] = part.openings[solution.assignment[placed]]
        assert isinstance(solution.prices, PriceTable)
        for block in solution.prices.blocks:
            index = {"student": part.students, "limit": part.limits}[block.kind][block.index]
            prices.append(PriceBlock(block.kind, block.stage, index, block.price))
    pair = problem.pairs_of(assignment)
    taken = pair[pair >= 0]
    stated = []
    for k, stage in enumerate(stages):
        value = exact_sum(stage.column[taken]) + stage.unplaced * int((pair < 0).sum())
        gap = sum(_gap(solution.stages[k]) for _, solution in found)
        stated.append(Stage(stage.name, value, value + gap))
    return Solution(assignment, "optimal", objective, tuple(stated), PriceTable(prices))


def _gap(stage: Stage) -> int:
    assert isinstance(stage.value, int)
    assert isinstance(stage.bound, int)
    return stage.bound - stage.value


__all__ = ["Part", "solve_apart", "split"]
