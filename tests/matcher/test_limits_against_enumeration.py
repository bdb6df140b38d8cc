"""Every limit and objective against enumeration of all assignments."""
from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from matcher import Infeasible, Solution, search, verify
from matcher.problem import Problem
from tests.matcher.drawn_limits import OBJECTIVES, best_by_enumeration, draw_limited, draw_region

FEW, MANY = range(250), range(1_000, 2_700)


def stated(solution: Solution) -> tuple[Any, ...]:
    """The stages' values in the form enumeration gives them."""
    return tuple(
        tuple(Fraction(a, b) for a, b in stage.value) if isinstance(stage.value, tuple) else stage.value
        for stage in solution.stages
    )


def compare(problem: Problem, objective: str, unplaced: int) -> None:
    best = best_by_enumeration(problem, objective, unplaced)
    if best is None:
        with pytest.raises(Infeasible):
            search(problem, objective=objective, unplaced_value=unplaced)
        return
    solution = search(problem, objective=objective, unplaced_value=unplaced)
    assert stated(solution) == best[0]
    assert tuple(solution.assignment.tolist()) == best[1]
    assert solution.status == "optimal"
    assert verify(problem, solution, unplaced_value=unplaced).ok


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_answer_is_the_best_of_all_assignments(objective: str) -> None:
    for seed in FEW:
        compare(draw_limited(seed), objective, (seed % 7) * 100_000 if objective == "fit" else 0)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_scores_up_to_a_thousand_million_stay_exact(objective: str) -> None:
    for seed in range(5_000, 5_060):
        compare(draw_limited(seed, largest=10**15), objective, 0)


@pytest.mark.slow
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_answer_is_the_best_of_all_assignments_on_thousands(objective: str) -> None:
    for seed in MANY:
        compare(draw_limited(seed), objective, (seed % 7) * 100_000 if objective == "fit" else 0)


def test_relaxations_that_begin_with_few_pairs_change_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.milp.WIDE", 0)
    monkeypatch.setattr("matcher.milp.FIRST", 1)
    monkeypatch.setattr("matcher.milp.MORE", 1)
    for seed in range(80):
        compare(draw_limited(seed), "placed", 0)
    for seed in (2, 5):
        problem = draw_region(seed, caps=5, schools=3)
        few = search(problem)
        with monkeypatch.context() as whole:
            whole.setattr("matcher.milp.WIDE", 10**9)
            assert search(problem).assignment.tolist() == few.assignment.tolist()
        assert all(stage.value == stage.bound for stage in few.stages)
