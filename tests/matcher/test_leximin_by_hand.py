"""The balanced objective: examples solved by hand, and two machineries against each other."""
from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from matcher import GroupLimit, build_problem, search
from matcher.leximin import solve_balanced
from matcher.ratios import ladder
from tests.matcher.drawn_limits import draw_region


def test_the_worst_off_goes_before_the_total() -> None:
    # Total score prefers 0->0, 1->1 (1.8); then student 1 has 0.9 of 1.0 against 0.4 of 0.5 the other way round.
    problem = build_problem([0, 0, 1, 1], [0, 1, 0, 1], [1_000_000, 900_000, 900_000, 300_000], [1, 1])
    solution = solve_balanced(problem)
    assert solution.assignment.tolist() == [1, 0]
    assert solution.stages[1].value == ((9, 10), (1, 1))


def test_ratios_compare_as_fractions_not_as_doubles() -> None:
    # 333333333333333/10**15 and 333333333333334/10**15 - one part in 10**15 apart - rank in order.
    top = 10**15
    problem = build_problem([0, 0, 1, 1], [0, 1, 0, 1], [top, top // 3, top, top // 3 + 1], [1, 1])
    steps = ladder(problem)
    assert steps.level.tolist() == [3, 1, 3, 2]
    assert solve_balanced(problem).assignment.tolist() == [0, 1]


def test_a_forbidden_pair_does_not_count_as_own_best() -> None:
    problem = build_problem([0, 0], [0, 1], [900_000, 300_000], [1, 1], locks=[-1, 0])
    assert solve_balanced(problem).stages[1].value == ((1, 1),)


def test_an_unplaced_student_stands_in_the_list_as_zero() -> None:
    problem = build_problem([0, 1], [0, 0], [500_000, 400_000], [1], n=3)
    assert solve_balanced(problem).stages[1].value == ((0, 1), (0, 1), (1, 1))


def test_priorities_go_before_balance() -> None:
    problem = build_problem([0, 1], [0, 0], [500_000, 900_000], [1], priority=[2, 1])
    assert solve_balanced(problem).assignment.tolist() == [0, -1]


@pytest.mark.parametrize("seed", range(4))
def test_a_limit_that_cannot_bind_changes_nothing(seed: int) -> None:
    """With a limit that never binds the other machinery answers: searches instead of prices."""
    plain = draw_region(seed, n=25, m=12)
    loose = replace(plain, limits=(GroupLimit("loose", None, None, None, 25),))
    assert plain.is_plain
    assert not loose.is_plain
    one, other = solve_balanced(plain), solve_balanced(loose)
    assert one.stages == other.stages
    assert one.assignment.tolist() == other.assignment.tolist()


def test_the_ladder_ranks_every_pair_by_its_fraction() -> None:
    problem = draw_region(9, n=40, m=15)
    steps = ladder(problem)
    best = np.maximum.reduceat(problem.values, problem.indptr[:-1])
    exact = [Fraction(int(v), int(best[i])) for i, v in zip(problem.rows, problem.values, strict=True)]
    ranked = {ratio: k + 1 for k, ratio in enumerate(sorted(set(exact)))}
    assert steps.level.tolist() == [ranked[ratio] for ratio in exact]


def test_a_limit_is_held_while_balancing() -> None:
    problem = draw_region(2, n=30, m=12, caps=3)
    solution = search(problem, objective="balanced")
    for limit in problem.limits:
        assert limit.at_most is not None
        assert int(np.isin(solution.assignment, limit.openings).sum()) <= limit.at_most
