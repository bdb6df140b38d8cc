"""Verification lets the optimum pass, and names what is wrong with anything else."""
from __future__ import annotations

import ast
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from matcher import GroupLimit, Infeasible, Price, Problem, Solution, Stage, build_problem, solve, verify
from tests.matcher.drawn_plain import draw_plain
from tests.matcher.plans_by_hand import as_solution, draw_limited, plans, rank, stages_of

ROOT = Path(__file__).resolve().parents[2]


def _names(problem: Problem, solution: Solution, unplaced: int = 0) -> set[str]:
    return {found.name for found in verify(problem, solution, unplaced_value=unplaced, thorough=True).findings}


def _small() -> tuple[Problem, Solution]:
    """Four students, three openings, every kind of limit, and the optimum of the objective placed."""
    problem = build_problem(
        [0, 0, 1, 1, 2, 2, 3, 3],
        [0, 1, 0, 1, 1, 2, 1, 2],
        [900_000, 400_000, 800_000, 700_000, 600_000, 500_000, 300_000, 200_000],
        [2, 1, 2],
        load=[1_000_000] * 8,
        load_capacity=[2_000_000, -1, -1],
        locks=[0, 0, 1, 0, 0, 0, 0, 0],
        min_to_open=[0, 0, 2],
        limits=[GroupLimit("most", None, np.array([2]), None, 2), GroupLimit("least", np.array([2, 3]), None, 1, None)],
    )
    return problem, solve(problem)


def test_the_optimum_passes() -> None:
    problem, solution = _small()
    assert solution.assignment.tolist() == [0, 0, 2, 2]
    assert verify(problem, solution, thorough=True).ok


@pytest.mark.parametrize(
    ("change", "plan", "name"),
    [
        ({}, [2, 0, 2, 2], "not_eligible"),
        ({}, [0, 1, 2, 2], "pin"),
        ({}, [0, 0, 2, 1], "min_to_open"),
        ({}, [0, 0, -1, -1], "at_least"),
        ({"locks": [-1, 0, 1, 0, 0, 0, 0, 0]}, [0, 0, 2, 2], "forbid"),
        ({"places": [1, 1, 2]}, [0, 0, 2, 2], "places"),
        ({"load_capacity": [1_999_999, -1, -1]}, [0, 0, 2, 2], "load"),
        ({"limits": (GroupLimit("most", None, np.array([2]), None, 1),)}, [0, 0, 2, 2], "at_most"),
        ({"pinned_forbidden": ((0, 0),)}, [0, 0, 2, 2], "forbid"),
        ({"ineligible_pins": ((0, 2),)}, [0, 0, 2, 2], "pin"),
        ({}, [0, 0, 2], "assignment"),
        ({}, [0, 0, 2, 3], "assignment"),
    ],
)
def test_a_broken_limit_is_named(change: dict[str, object], plan: list[int], name: str) -> None:
    problem, solution = _small()
    arrays = {key: np.array(value) if isinstance(value, list) else value for key, value in change.items()}
    changed = replace(problem, **arrays)  # type: ignore[arg-type]
    assert name in _names(changed, replace(solution, assignment=np.array(plan)))


@pytest.mark.parametrize("objective", ["placed", "fit", "balanced"])
@pytest.mark.parametrize("step", [-1, 1])
def test_a_stated_number_that_is_off_by_one_is_named(objective: str, step: int) -> None:
    problem, _ = _small()
    solution = solve(problem, objective=objective)
    for k, stage in enumerate(solution.stages):
        if isinstance(stage.value, tuple) or isinstance(stage.bound, tuple):
            worse = tuple((a + step * b, 2 * b) for a, b in stage.value) if isinstance(stage.value, tuple) else ()
            off = [(Stage(stage.name, worse, worse), "value"), (Stage(stage.name, stage.value, worse), "bound")]
        else:
            off = [
                (Stage(stage.name, stage.value + step, stage.bound + step), "ties" if stage.name == "tie" else "value"),
                (Stage(stage.name, stage.value, stage.bound + step), "bound"),
            ]
            if stage.name == "tie" and step > 0:
                off.pop()  # a search may end before it proves which of several optima the tie rule wants
        for changed, name in off:
            stages = (*solution.stages[:k], changed, *solution.stages[k + 1 :])
            assert name in _names(problem, replace(solution, stages=stages)), (stage.name, name)


def test_status_objective_and_stages_that_cannot_be_are_named() -> None:
    problem, solution = _small()
    assert "status" in _names(problem, replace(solution, status="feasible"))
    assert "status" in _names(problem, replace(solution, status="perfect"))
    assert "objective" in _names(problem, replace(solution, objective="happy"))
    assert "value" in _names(problem, replace(solution, stages=solution.stages[1:]))


def test_a_gap_may_be_stated_when_a_time_limit_struck() -> None:
    problem, solution = _small()
    priority, fit, tie = solution.stages
    assert isinstance(fit.bound, int)
    open_ = replace(solution, status="feasible", stages=(priority, Stage("fit", fit.value, fit.bound + 10), tie))
    verdict = verify(problem, open_)
    assert verdict.ok


def test_every_price_of_a_plain_proof_counts() -> None:
    refused = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        problem = draw_plain(rng)
        if not problem.is_plain:
            continue
        try:
            solution = solve(problem)
        except Infeasible:
            continue
        for k, price in enumerate(solution.prices):
            for changed in ([Price(price.kind, price.index, price.stage, price.price + 1)], [], [price, price]):
                prices = (*solution.prices[:k], *changed, *solution.prices[k + 1 :])
                assert {"prices", "bound", "ties"} & _names(problem, replace(solution, prices=prices))
                refused += 1
    assert refused > 500


def test_prices_shifted_from_one_student_to_another_prove_nothing_though_the_total_stands() -> None:
    """The total is right, a pair exceeds its prices by one unit: only looking at the pair tells."""
    refused = 0
    for seed in range(120):
        problem = draw_plain(np.random.default_rng(seed))
        try:
            solution = solve(problem) if problem.is_plain else None
        except Infeasible:
            continue
        if solution is None:
            continue
        placed = np.flatnonzero((solution.assignment >= 0) & (problem.pinned < 0)).tolist()
        for one, other in pairwise(placed):
            shift = {one: -1, other: 1}
            prices = tuple(
                replace(price, price=price.price + shift.get(price.index, 0)) if price.kind == "student" else price
                for price in solution.prices
            )
            assert _names(problem, replace(solution, prices=prices)) == {"prices"}
            refused += 1
    assert refused > 20


def test_prices_that_speak_of_nobody_are_named() -> None:
    problem = build_problem([0], [0], [1], [1])
    solution = solve(problem)
    for price in (Price("student", 1, "fit", 0), Price("shop", 0, "fit", 0), Price("student", 0, "luck", 0)):
        assert _names(problem, replace(solution, prices=(*solution.prices, price))) == {"prices"}


def _others_are_refused(seed: int, objective: str) -> int:
    """Every other plan that holds all limits, stated as optimal with its own values, must be refused."""
    rng = np.random.default_rng(seed)
    limited = seed % 3 > 0
    problem = draw_limited(rng, positive=objective == "balanced") if limited else draw_plain(rng, students=4)
    if objective == "balanced" and (problem.values <= 0).any():
        return 0
    unplaced = int(rng.integers(-1000, 1000)) if objective == "fit" else 0
    try:
        solution = solve(problem, objective=objective, unplaced_value=unplaced)
    except Infeasible:
        return 0
    others = [plan for plan in plans(problem) if plan != tuple(solution.assignment.tolist())] if problem.m else []
    chosen = [others[k] for k in rng.permutation(len(others))[:6]]
    best = rank(solution.stages)
    for plan in chosen:
        stages = stages_of(problem, objective, unplaced, plan)
        assert rank(stages) < best
        first = next(stage.name for stage, mark, top in zip(stages, rank(stages), best, strict=True) if mark != top)
        names = _names(problem, as_solution(problem, objective, unplaced, plan, solution), unplaced)
        assert names & ({"ties"} if first == "tie" else {"value", "bound"}), (plan, names)
    return len(chosen)


@pytest.mark.parametrize("objective", ["placed", "fit", "balanced"])
def test_any_other_plan_that_claims_to_be_optimal_is_refused(objective: str) -> None:
    assert sum(_others_are_refused(seed, objective) for seed in range(45)) > 40


@pytest.mark.slow
@pytest.mark.parametrize("objective", ["placed", "fit", "balanced"])
@pytest.mark.parametrize("block", range(7))
def test_a_thousand_other_plans_are_refused(objective: str, block: int) -> None:
    assert sum(_others_are_refused(seed, objective) for seed in range(1000 + 60 * block, 1060 + 60 * block)) > 45


def test_the_certificate_uses_no_code_of_the_solver() -> None:
    plain = {"problem", "solution", "errors", "exact", "checks", "columns"}
    allowed = {f"matcher.{name}" for name in plain}
    counted: Counter[str] = Counter()
    for path in (ROOT / "matcher").glob("certificate*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("matcher"):
                counted[node.module] += 1
                assert node.module in allowed or node.module.startswith("matcher.certificate"), (path.name, node.module)
    assert counted["matcher.problem"] > 3
