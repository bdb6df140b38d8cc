"""Larger plain problems against SciPy's dense assignment and HiGHS, and every way of solving against the others."""
from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import coo_array

from matcher import Problem, build_problem, solve, verify
from matcher import plain as plain_module
from matcher.plain import solve_graph, solve_plain
from matcher.reduction import objective_stages, without_locks


def _drawn(rng: np.random.Generator, n: int, m: int, degree: int, largest: int) -> Problem:
    i = np.repeat(np.arange(n), degree)
    j = np.concatenate([rng.choice(m, degree, replace=False) for _ in range(n)])
    return build_problem(
        i, j, rng.integers(0, largest, len(i)), rng.integers(0, 4, m), priority=rng.choice([1, 1, 2], n),
        locks=rng.choice([0, -1], len(i), p=[0.95, 0.05]),
    )  # fmt: skip


def _milp_optimum(problem: Problem) -> tuple[int, int]:
    """Priority, then fit held at that priority, by HiGHS with a gap of 0."""
    p = problem.p
    students = coo_array((np.ones(p), (problem.rows, np.arange(p))), shape=(problem.n, p)).tocsr()
    openings = coo_array((np.ones(p), (problem.indices, np.arange(p))), shape=(problem.m, p)).tocsr()
    rows = [LinearConstraint(students, -np.inf, 1), LinearConstraint(openings, -np.inf, problem.places)]
    bounds = Bounds(0, (problem.locks >= 0).astype(float))
    priority = problem.priority[problem.rows].astype(float)
    options = {"mip_rel_gap": 0.0}
    first = milp(-priority, integrality=np.ones(p), bounds=bounds, constraints=rows, options=options)
    most = round(-first.fun)
    rows.append(LinearConstraint(priority[None, :], most, np.inf))
    second = milp(
        -problem.values.astype(float), integrality=np.ones(p), bounds=bounds, constraints=rows, options=options
    )
    return most, int(problem.values[second.x > 0.5].sum())


@pytest.mark.parametrize("seed", range(6))
def test_priority_and_fit_equal_those_of_an_independent_milp(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = _drawn(rng, 40 + 10 * seed, 25, 4, 1000)
    solution = solve(problem)
    assert tuple(stage.value for stage in solution.stages[:2]) == _milp_optimum(problem)


@pytest.mark.parametrize("size", [30, 100, 200])
def test_a_square_dense_assignment_equals_scipys(size: int) -> None:
    rng = np.random.default_rng(size)
    cost = rng.integers(1, 101, (size, size))
    i, j = np.nonzero(cost)
    problem = build_problem(i, j, (101 - cost).ravel() * 1_000_000, np.ones(size, dtype=np.int64))
    rows, columns = linear_sum_assignment(cost)
    assert solve(problem).stages[1].value == (101 * size - int(cost[rows, columns].sum())) * 1_000_000


@pytest.mark.parametrize("largest", [3, 10**6])
def test_dense_matrices_and_paths_give_the_same_plan_and_prices(largest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = _drawn(np.random.default_rng(7), 200, 120, 6, largest)
    graph, kept = without_locks(problem)
    assert kept is not None
    weights = [stage.pair[kept] for stage in objective_stages(problem, "placed")]
    results = [solve_graph(graph, weights, unique=True)]
    for cells, thin in ((2**30, 2**30), (0, 0)):
        monkeypatch.setattr(plain_module, "DENSE_CELLS", cells)
        monkeypatch.setattr(plain_module, "THIN", thin)
        results.append(solve_graph(graph, weights))
    choice, student, opening = results[0]
    for other, students, openings in results[1:]:
        assert choice.tolist() == other.tolist()
        for one, two in zip((*student, *opening), (*students, *openings), strict=True):
            assert one.tolist() == two.tolist()


def test_a_component_beyond_doubles_is_solved_exactly() -> None:
    # Priorities and scores together need about 100 bits: neither one combined weight nor a double holds them.
    rng = np.random.default_rng(11)
    n, m = 40, 30
    i, j = np.nonzero(rng.random((n, m)) < 0.3)
    values = rng.integers(-(10**15), 10**15, len(i))
    problem = build_problem(i, j, values, rng.integers(1, 3, m), priority=rng.integers(10**14, 10**15, n))
    solution = solve(problem)
    assert verify(problem, solution).proved
    assert solution.stages[0].value > 2**53
    # Divided by a million, one unit decides less; the optimum in whole units may not be beaten by more than rounding.
    coarse = build_problem(i, j, values // 10**6, problem.places, priority=problem.priority)
    assert abs(solve(coarse).stages[1].value * 10**6 - solution.stages[1].value) <= n * 10**6


def test_the_price_of_an_opening_is_what_one_more_place_there_is_worth() -> None:
    problem = _drawn(np.random.default_rng(3), 60, 20, 4, 1000)
    stages = objective_stages(problem, "placed")[:2]
    result = solve_plain(problem, stages)
    for opening in range(problem.m):
        places = problem.places.copy()
        places[opening] += 1
        more = solve_plain(
            build_problem(
                problem.rows, problem.indices, problem.values, places, priority=problem.priority, locks=problem.locks
            ),
            stages,
        )
        gain = tuple(after - before for after, before in zip(more.values, result.values, strict=True))
        assert gain == tuple(int(prices[opening]) for prices in result.opening_prices)
