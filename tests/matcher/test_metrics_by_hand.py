"""The figures of an assignment against slow, plain counting and against cases worked out by hand."""
from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from matcher import GroupLimit, Infeasible, build_problem, solve
from matcher.metrics import LimitUse, limits_used, metrics, metrics_by
from tests.matcher.plans_by_hand import draw_limited


def test_a_cohort_worked_out_by_hand() -> None:
    # a: x 0.9, y 0.6; b: x 0.8; c: y 0.5; d: y 0.2. One place each. a -> y, b -> x; c and d unplaced.
    problem = build_problem(
        [0, 0, 1, 2, 3], [0, 1, 0, 1, 1], [900_000, 600_000, 800_000, 500_000, 200_000], [1, 1], n=5
    )
    found = metrics(problem, np.array([1, 0, -1, -1, -1]))
    assert (found.students, found.placed, found.placed_share) == (5, 2, 400_000)
    assert (found.total_fit, found.mean_fit, found.worst_fit, found.tenth_percentile) == (
        1_400_000, 700_000, 600_000, 600_000,
    )  # fmt: skip
    assert (found.own_best_ratio, found.worst_ratio) == (833_333, 666_667)
    assert found.ranks == (1, 1)
    assert found.blocking_pairs == 1  # a would rather be at x, and has a higher score there than b
    assert found.envious == 3  # a wants b's place; c and d want a's


def test_nobody_at_all() -> None:
    problem = build_problem([], [], [], [1], n=0)
    assert metrics(problem, np.zeros(0, dtype=np.int64)).placed_share is None
    two = build_problem([0], [0], [1], [1], n=2)
    found = metrics_by(two, np.array([-1, -1]), ["b", "a"])
    assert list(found) == ["a", "b"]
    assert (found["a"].mean_fit, found["a"].ranks, found["b"].placed_share) == (None, (), 0)


@pytest.mark.parametrize("seed", range(40))
def test_drawn_cohorts_count_as_plain_loops_do(seed: int) -> None:
    problem = draw_limited(np.random.default_rng(seed), students=7, openings=4)
    try:
        plan = solve(problem).assignment.tolist()
    except Infeasible:
        return
    score = {
        (int(i), int(j)): int(v)
        for i, j, v, lock in zip(problem.rows, problem.indices, problem.values, problem.locks, strict=True)
        if lock >= 0
    }
    inside = {j: [i for i in range(problem.n) if plan[i] == j] for j in range(problem.m)}
    open_ = [problem.places[j] > 0 and not problem.closed[j] for j in range(problem.m)]

    def rather(i: int, j: int) -> bool:
        return plan[i] < 0 or score[i, j] > score[i, plan[i]]

    blocking = sum(
        rather(i, j) and open_[j] and (
            len(inside[j]) < problem.places[j] or any(score[i, j] > score[other, j] for other in inside[j])
        )
        for i, j in score
    )  # fmt: skip
    placed = [i for i in range(problem.n) if plan[i] >= 0]
    ranks = [1 + sum(score[i, k] > score[i, plan[i]] for h, k in score if h == i) for i in placed]
    found = metrics(problem, np.array(plan))
    assert found.blocking_pairs == blocking
    assert found.envious == sum(any(rather(i, j) and inside[j] for h, j in score if h == i) for i in range(problem.n))
    assert list(found.ranks) == [ranks.count(k) for k in range(1, max(ranks, default=0) + 1)]
    ratios = []
    for i in range(problem.n):
        best = max((value for (h, _), value in score.items() if h == i), default=0)
        if plan[i] >= 0 and best > 0:
            ratios.append(Fraction(score[i, plan[i]], best))
    assert found.own_best_ratio == (round(sum(ratios) / len(ratios) * 1_000_000) if ratios else None)


def test_how_full_every_limit_is() -> None:
    problem = build_problem(
        [0, 1], [0, 0], [5, 6], [3, 2], load=[1_500_000, 250_000], load_capacity=[2_000_000, -1],
        min_to_open=[4, 0], present=[2, 0], limits=[GroupLimit("g", np.array([1]), None, None, 2)],
    )  # fmt: skip
    assert limits_used(problem, np.array([0, 0])) == (
        LimitUse("places", 0, 2, None, 3),
        LimitUse("places", 1, 0, None, 2),
        LimitUse("load", 0, 1_750_000, None, 2_000_000),
        LimitUse("group", 0, 1, None, 2),
        LimitUse("minimum", 0, 4, 4, None),
    )
