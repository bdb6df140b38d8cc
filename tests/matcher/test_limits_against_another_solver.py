"""Medium problems against SciPy's MILP with its relative gap set to 0, written down here from the definition."""
from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from matcher import Problem, build_problem, search, verify
from tests.matcher.drawn_limits import draw_region


def another_optimum(problem: Problem, worth: NDArray[np.int64], held: list[tuple[NDArray[np.int64], int]]) -> int:
    """The highest total worth; ``held``: (worth, least total) of earlier stages. One y per opening, dense rows."""
    p, m = problem.p, problem.m
    rows, low, high = [], [], []

    def add(row: NDArray[np.float64], least: float, most: float) -> None:
        rows.append(row)
        low.append(least)
        high.append(most)

    for i in range(problem.n):
        add(np.concatenate((problem.rows == i, np.zeros(m))), 0, 1)
    for j in range(m):
        at = (problem.indices == j).astype(float)
        y = np.zeros(m)
        y[j] = problem.places[j]
        add(np.concatenate((at, -y)), -np.inf, 0)
        least = problem.min_to_open[j] - problem.present[j]
        y[j] = max(least, 0) if problem.min_to_open[j] > 1 else 0
        add(np.concatenate((at, -y)), 0, np.inf)
        if problem.load_capacity[j] >= 0:
            add(np.concatenate((at * problem.load / 1e6, np.zeros(m))), 0, problem.load_capacity[j] / 1e6)
    for limit in problem.limits:
        who = np.ones(problem.n, bool) if limit.students is None else np.isin(np.arange(problem.n), limit.students)
        where = np.ones(m, bool) if limit.openings is None else np.isin(np.arange(m), limit.openings)
        counted = who[problem.rows] & where[problem.indices]
        most = np.inf if limit.at_most is None else limit.at_most
        add(np.concatenate((counted, np.zeros(m))), limit.at_least or 0, most)
    for earlier, total in held:
        add(np.concatenate((earlier, np.zeros(m))), total - 0.5, np.inf)
    result = milp(
        np.concatenate((-worth.astype(float), np.zeros(m))), integrality=np.ones(p + m), bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.array(rows, dtype=float), low, high), options={"mip_rel_gap": 0.0},
    )
    assert result.status == 0, result.message
    return int(worth[result.x[:p] > 0.5].sum())


KINDS = {
    "caps": {"caps": 5},
    "caps and school minimums": {"caps": 3, "schools": 5},
    "loads": {"load": True},
    "groups": {"groups": 6},
    "groups and caps": {"groups": 4, "caps": 3},
    "everything": {"groups": 3, "load": True, "caps": 3, "schools": 4},
}


@pytest.mark.parametrize("kind", KINDS)
def test_priority_and_fit_equal_those_of_another_solver(kind: str) -> None:
    for seed in range(3):
        problem = draw_region(seed, n=40, m=20, **KINDS[kind])
        solution = search(problem)
        first, second = solution.stages[0].value, solution.stages[1].value
        priority = problem.priority[problem.rows]
        assert first == another_optimum(problem, priority, [])
        assert isinstance(first, int)
        assert second == another_optimum(problem, problem.values, [(priority, first)])
        assert verify(problem, solution).ok


def assignment_problem(seed: int, agents: int, jobs: int) -> Problem:
    """A generalised assignment problem: jobs of different size to agents of limited capacity, all to be done."""
    rng = np.random.default_rng(seed)
    size, gain = rng.integers(5, 26, (jobs, agents)), rng.integers(15, 26, (jobs, agents))
    room = (0.85 * size.sum(axis=0) / agents).astype(int)
    students, openings = np.divmod(np.arange(jobs * agents), agents)
    return build_problem(
        students, openings, gain.ravel() * 10**6, [jobs] * agents, load=size.ravel() * 10**6, load_capacity=room * 10**6
    )


@pytest.mark.parametrize(("agents", "jobs"), [(3, 12), (5, 15), (5, 20)])
def test_generalised_assignment_reaches_the_optimum_without_a_gap(agents: int, jobs: int) -> None:
    problem = assignment_problem(agents * jobs, agents, jobs)
    solution = search(problem)
    placed = solution.stages[0].value
    assert placed == another_optimum(problem, problem.priority[problem.rows], [])
    assert isinstance(placed, int)
    most = another_optimum(problem, problem.values // 10**6, [(problem.priority[problem.rows], placed)])
    assert solution.stages[1].value == solution.stages[1].bound == most * 10**6
