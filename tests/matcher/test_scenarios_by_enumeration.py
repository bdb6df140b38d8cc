"""Who keeps the opening under other scores: against every plan there is, and against solving a region again."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from matcher import Infeasible, scenarios, search
from matcher.problem import Problem
from matcher.scenarios import keepers
from tests.matcher.drawn_limits import draw_limited, draw_region, holds_all, plans

FEW, MANY = range(50), range(500, 1_500)


def drawn_scores(problem: Problem, seed: int) -> list[np.ndarray]:
    """The same scores, scores a little otherwise, and quite others."""
    rng = np.random.default_rng([seed, 7])
    near = np.clip(problem.values + rng.integers(-120_000, 120_001, problem.p), 1, 10**6)
    return [problem.values, near, rng.permutation(problem.values.copy())]


def compare(seeds: Iterable[int], objective: str) -> int:
    """How many answers moved somebody."""
    moved = 0
    for seed in seeds:
        problem = draw_limited(seed)
        unplaced = (seed % 7) * 100_000 if objective == "fit" else 0
        try:
            plan = search(problem, objective=objective, unplaced_value=unplaced)
        except Infeasible:
            continue
        possible = [(one, pairs) for one, pairs in plans(problem) if holds_all(problem, one, pairs)]
        scores = drawn_scores(problem, seed)
        found = keepers(problem, plan, scores, unplaced_value=unplaced)
        assert found is not None
        here = plan.assignment.tolist()
        assert found[0].tolist() == [j >= 0 for j in here]  # under the same scores everybody keeps the opening
        for score, keeps in zip(scores, found.tolist(), strict=True):
            ranked = []
            for one, pairs in possible:
                taken = [k for k in pairs if k >= 0]
                fit = sum(int(score[k]) for k in taken)
                kept = [a == b >= 0 for a, b in zip(one, here, strict=True)]
                priority = sum(int(problem.priority[problem.rows[k]]) for k in taken)
                stages = (priority, fit) if objective == "placed" else (fit + unplaced * one.count(-1),)
                ranked.append(((*stages, sum(kept)), kept))
            best = max(value for value, _ in ranked)
            assert keeps in [kept for value, kept in ranked if value == best], (seed, score)
            moved += keeps != found[0].tolist()
    return moved


@pytest.mark.parametrize("objective", ["placed", "fit"])
def test_who_keeps_the_opening_does_so_in_the_best_of_all_plans(objective: str) -> None:
    assert compare(FEW, objective) > 10


@pytest.mark.slow
@pytest.mark.parametrize("objective", ["placed", "fit"])
def test_who_keeps_the_opening_does_so_in_the_best_of_all_plans_on_hundreds(objective: str) -> None:
    assert compare(MANY, objective) > 200


@pytest.mark.parametrize("given", [{}, {"load": True}, {"groups": 3}, {"groups": 2, "load": True, "caps": 3}])
def test_on_a_larger_problem_it_is_what_solving_again_gives(given: dict[str, int]) -> None:
    problem = draw_region(11, n=40, m=20, **given)
    plan = search(problem)
    scores = drawn_scores(problem, 11)[:2]
    found = keepers(problem, plan, scores)
    assert found is not None
    for score, keeps in zip(scores, found, strict=True):
        again = search(replace(problem, values=score))
        assert keeps.tolist() == ((again.assignment == plan.assignment) & (plan.assignment >= 0)).tolist()
    assert not found[1].all()


def test_balanced_is_answered_while_it_is_small_and_left_open_beyond(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = draw_region(3, n=6, m=4)
    plan = search(problem, objective="balanced")
    found = keepers(problem, plan, [problem.values])
    assert found is not None
    assert found[0].tolist() == (plan.assignment >= 0).tolist()
    monkeypatch.setattr(scenarios, "BALANCED_PAIRS", problem.p - 1)
    assert keepers(problem, plan, [problem.values]) is None


@pytest.mark.parametrize(("name", "given"), [("PLAIN_PAIRS", {}), ("LIMITED_PAIRS", {"load": True})])
def test_what_is_too_large_is_left_open(name: str, given: dict[str, bool], monkeypatch: pytest.MonkeyPatch) -> None:
    problem = draw_region(3, n=8, m=5, **given)
    monkeypatch.setattr(scenarios, name, problem.p - 1)
    assert keepers(problem, search(problem), [problem.values]) is None


def test_a_plan_that_is_not_the_best_is_left_open() -> None:
    problem = draw_region(3, n=8, m=5)
    assert keepers(problem, replace(search(problem), status="feasible"), [problem.values]) is None
