"""A rejection, a drop-out, a closure, another score: each against solving the changed problem again."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from matcher.errors import Infeasible
from matcher.held import held
from matcher.problem import Problem
from matcher.sensitivity import Change, change_of, choices
from matcher.sensitivity_changes import closure, departure, rejection, revaluation
from matcher.solution import Solution
from matcher.solver import search
from matcher.variations import pinned, revalued, without_opening, without_pair, without_student
from tests.matcher.drawn_limited import draw

OBJECTIVES = ("placed", "fit", "balanced")
KINDS = ("plain", "load", "group", "caps", "together")
UNPLACED = 300_000


def solved(problem: Problem, objective: str) -> Solution | None:
    try:
        return search(problem, objective=objective, unplaced_value=UNPLACED)
    except Infeasible:
        return None


def agrees(
    problem: Problem, plan: Solution, changed: Problem, told: Callable[[], Change | None], base: Problem | None = None
) -> None:
    again = solved(changed, plan.objective)
    if again is None:
        with pytest.raises(Infeasible):
            told()
        return
    assert told() == change_of(base or problem, plan, again.assignment, unplaced_value=UNPLACED)


def check(kind: str, objective: str, seeds: range) -> None:
    for seed in seeds:
        problem = draw(seed, kind=kind)
        plan = solved(problem, objective)
        if plan is None:
            continue
        rng = np.random.default_rng(seed)
        for k in rng.permutation(problem.p)[:6].tolist():
            i, j = int(problem.rows[k]), int(problem.indices[k])
            ask = {"unplaced_value": UNPLACED}
            agrees(problem, plan, without_pair(problem, i, j), partial(rejection, problem, plan, i, j, **ask))
            agrees(problem, plan, without_student(problem, i), partial(departure, problem, plan, i, **ask))
            agrees(problem, plan, without_opening(problem, j), partial(closure, problem, plan, j, **ask))
            for student, opening in ((i, j), (i, None), (None, j)):
                by = int(rng.choice([-150_000, -1, 1, 90_000]))
                after = revalued(problem, by, student=student, opening=opening)
                if objective != "balanced" or (after.values > 0).all():
                    told = partial(revaluation, problem, plan, by, student=student, opening=opening, **ask)
                    agrees(problem, plan, after, told, after)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_change_is_what_solving_again_gives(kind: str, objective: str) -> None:
    check(kind, objective, range(1 if objective == "balanced" else 2))


@pytest.mark.slow
@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_change_is_what_solving_again_gives_on_many(kind: str, objective: str) -> None:
    check(kind, objective, range(1, 30))


@pytest.mark.parametrize("kind", KINDS)
def test_choices_of_a_student_are_pins_and_a_drop_out(kind: str) -> None:
    for seed in range(4):
        problem = draw(seed, kind=kind)
        plan = solved(problem, "placed")
        if plan is None:
            continue
        i = seed % problem.n
        known = choices(problem, plan, i)
        assert known is not None
        for j in range(-1, problem.m):
            changed = without_student(problem, i) if j < 0 else pinned(problem, i, j)
            again = solved(changed, "placed")
            assert (again is None) == (j not in known)
            if again is not None:
                assert known[j] == change_of(problem, plan, again.assignment)


@pytest.mark.parametrize("kind", KINDS)
def test_the_problem_near_a_plan_has_that_plan_as_its_best_and_no_load_or_minimum(kind: str) -> None:
    for seed in range(6):
        problem = draw(seed, kind=kind)
        plan = solved(problem, "placed")
        if plan is None:
            continue
        near = held(problem, plan.assignment)
        assert near is not None
        assert (near.load_capacity < 0).all()
        again = search(near)
        assert np.array_equal(again.assignment, plan.assignment)
