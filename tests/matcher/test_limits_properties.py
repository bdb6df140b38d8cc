"""What must not change, or only one way, when a limited problem changes: no oracle needed."""
from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from matcher import GroupLimit, Infeasible, NoPlanYet, Problem, Solution, build_problem, search, verify
from matcher.leximin import solve_balanced
from matcher.limited import solve_limited
from matcher.milp import Search
from matcher.milp import search as milp_search
from tests.matcher.drawn_limits import draw_limited, draw_region

SEEDS = range(40)


def solved(problem: Problem, objective: str = "placed") -> Solution | None:
    try:
        return search(problem, objective=objective)
    except Infeasible:
        return None


def rebuilt(problem: Problem, **changes: object) -> Problem:
    """The problem with some arrays changed (openings may be added at the end)."""
    given = {
        "places": problem.places, "priority": problem.priority, "min_to_open": problem.min_to_open,
        "present": problem.present, "load_capacity": problem.load_capacity, "load": problem.load,
        "locks": problem.locks, "limits": problem.limits, "student_ids": problem.student_ids,
        "opening_ids": problem.opening_ids, "values": problem.values,
    } | changes
    values = given.pop("values")
    places = given.pop("places")
    return build_problem(problem.rows, problem.indices, values, places, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("objective", ["placed", "balanced"])
def test_the_order_of_rows_and_columns_changes_nothing(objective: str) -> None:
    for seed in SEEDS:
        problem = draw_limited(seed)
        rng = np.random.default_rng(seed)
        rows, columns = rng.permutation(problem.n), rng.permutation(problem.m)  # new index of each old one
        turned = build_problem(
            rows[problem.rows], columns[problem.indices], problem.values, problem.places[np.argsort(columns)],
            n=problem.n, priority=problem.priority[np.argsort(rows)], load=problem.load, locks=problem.locks,
            min_to_open=problem.min_to_open[np.argsort(columns)], present=problem.present[np.argsort(columns)],
            load_capacity=problem.load_capacity[np.argsort(columns)],
            student_ids=problem.student_ids[np.argsort(rows)], opening_ids=problem.opening_ids[np.argsort(columns)],
            limits=[
                GroupLimit(
                    limit.name, None if limit.students is None else np.sort(rows[limit.students]),
                    None if limit.openings is None else np.sort(columns[limit.openings]), limit.at_least, limit.at_most,
                )
                for limit in problem.limits
            ],
        )
        one, other = solved(problem, objective), solved(turned, objective)
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert one.stages == other.stages
            back = np.where(one.assignment >= 0, columns[one.assignment], -1)
            assert back.tolist() == other.assignment[rows].tolist()


def test_scaling_the_scores_scales_the_value_and_keeps_the_plan() -> None:
    for seed in SEEDS:
        problem = draw_limited(seed)
        one, other = solved(problem), solved(rebuilt(problem, values=problem.values * 7))
        if one is not None and other is not None:
            assert one.assignment.tolist() == other.assignment.tolist()
            assert other.stages[1].value == 7 * one.stages[1].value


def test_one_more_place_or_a_looser_bound_never_lowers_the_optimum() -> None:
    for seed in SEEDS:
        problem = draw_limited(seed)
        one = solved(problem)
        if one is None:
            continue
        looser = [
            replace(limit, at_least=None, at_most=None if limit.at_most is None else limit.at_most + 1)
            for limit in problem.limits
        ]
        for change in ({"places": problem.places + 1}, {"limits": looser}, {"min_to_open": problem.min_to_open * 0}):
            other = solved(rebuilt(problem, **change))
            assert other is not None
            assert tuple(stage.value for stage in other.stages[:2]) >= tuple(stage.value for stage in one.stages[:2])


def test_pinning_what_the_plan_does_and_forbidding_what_it_does_not_keeps_it() -> None:
    for seed in SEEDS:
        problem = draw_limited(seed)
        one = solved(problem)
        if one is None:
            continue
        used = problem.indices == one.assignment[problem.rows]
        locks = np.where(used, 1, -1)
        other = solved(rebuilt(problem, locks=np.where(problem.locks == 0, locks, problem.locks)))
        assert other is not None
        assert other.assignment.tolist() == one.assignment.tolist()


def test_an_opening_takes_nobody_in_or_reaches_its_minimum() -> None:
    problem = draw_region(5, n=50, m=20, groups=6)
    filled = np.bincount(search(problem).assignment.clip(-1) + 1, minlength=problem.m + 1)[1:]
    grouped = problem.min_to_open > 1
    assert ((filled == 0) | (filled >= problem.min_to_open))[grouped].all()


def test_a_minimum_reached_by_those_present_is_no_condition() -> None:
    problem = build_problem([0], [0], [1], [3], min_to_open=[4], present=[4])
    assert search(problem).assignment.tolist() == [0]
    assert search(rebuilt(problem, present=[2])).assignment.tolist() == [-1]


@pytest.mark.parametrize("objective", ["placed", "balanced"])
def test_a_deadline_leaves_a_plan_with_a_bound_or_says_there_is_none(
    objective: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock is ours: it strikes at the k-th look, wherever in the search that is."""
    problem = draw_region(3, n=24, m=12, groups=3, load=True, caps=3)
    whole = search(problem, objective=objective)
    solve = solve_limited if objective == "placed" else solve_balanced
    seen = set()
    monkeypatch.setattr("matcher.milp.time", Clock(10**9))
    for module in ("tree", "foresight"):
        monkeypatch.setattr(f"matcher.{module}.search", _unsure)
    for looks in (0, 1, 2, 3, 5, 8, 14, 40):
        monkeypatch.setattr("matcher.tree.time", Clock(looks))
        try:
            early = solve(problem, deadline=1.0)
        except NoPlanYet:
            seen.add("none yet")
            continue
        seen.add(early.status)
        values, bounds = [stage.value for stage in early.stages], [stage.bound for stage in early.stages]
        best = [stage.value for stage in whole.stages]
        assert as_numbers(values) <= as_numbers(best) <= as_numbers(bounds)
        assert verify(problem, early).ok
        assert early.status == ("optimal" if values[:-1] == bounds[:-1] else "feasible")
    assert {"none yet", "feasible"} <= seen


def _unsure(*asked: Any, **more: Any) -> Search:
    """HiGHS's plan without its word that it is the best, however busy the machine: then only our tree proves."""
    more.pop("deadline")
    return replace(milp_search(*asked, **more), finished=False, infeasible=False)


def as_numbers(values: list[object]) -> list[object]:
    """Lists of fractions in a form that compares."""
    return [[Fraction(*ratio) for ratio in value] if isinstance(value, tuple) else value for value in values]


class Clock:
    """Stands before the deadline for so many looks, then past it."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def monotonic(self) -> float:
        self.looks -= 1
        return 0.0 if self.looks >= 0 else 2.0
