"""What must hold of regrets and worths whatever the problem."""
from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import Infeasible
from matcher.problem import FORBID, Problem
from matcher.sensitivity import Sensitivities, sensitivities
from matcher.solution import Solution
from matcher.solver import search
from tests.matcher.drawn_limited import draw

seeds = st.integers(100, 10_000)
kinds = st.sampled_from(("plain", "load", "group", "caps"))


def figures(problem: Problem) -> tuple[Solution, Sensitivities] | None:
    try:
        plan = search(problem)
    except Infeasible:
        return None
    return plan, sensitivities(problem, plan)


@settings(max_examples=60)
@given(seeds, kinds)
def test_a_regret_is_never_a_gain_without_a_pin_and_nothing_for_who_stays(seed: int, kind: str) -> None:
    found = figures(draw(seed, kind=kind))
    if found is None:
        return
    plan, known = found
    problem = draw(seed, kind=kind)
    free = (problem.pinned < 0)[problem.rows] & known.feasible
    assert (known.placed_loss[free] >= 0).all()
    assert (known.fit_loss[free & (known.placed_loss == 0)] >= 0).all()
    here = plan.assignment[problem.rows] == problem.indices
    assert not known.placed_loss[here].any()
    assert all(known.moves[k] == () for k in np.flatnonzero(here))


@settings(max_examples=60)
@given(seeds, kinds)
def test_moves_lead_from_the_plan_to_one_with_the_pair(seed: int, kind: str) -> None:
    problem = draw(seed, kind=kind)
    found = figures(problem)
    if found is None:
        return
    plan, known = found
    for k in np.flatnonzero(known.feasible).tolist():
        after = plan.assignment.copy()
        for i, begin, end in known.moves[k]:
            assert after[i] == begin
            after[i] = end
        assert after[problem.rows[k]] == problem.indices[k]
        lost = problem.priority[plan.assignment >= 0].sum() - problem.priority[after >= 0].sum()
        assert known.placed_loss[k] == lost


@settings(max_examples=60)
@given(seeds, kinds)
def test_one_more_place_never_hurts(seed: int, kind: str) -> None:
    found = figures(draw(seed, kind=kind))
    if found is None:
        return
    known = found[1]
    assert (known.worth_placed >= 0).all()
    assert (known.worth_fit[known.worth_placed == 0] >= 0).all()


@settings(max_examples=40)
@given(seeds, kinds)
def test_forbidding_a_pair_nobody_has_changes_no_other_feasible_regret_for_the_better(seed: int, kind: str) -> None:
    problem = draw(seed, kind=kind)
    found = figures(problem)
    if found is None:
        return
    plan, known = found
    unused = np.flatnonzero((plan.assignment[problem.rows] != problem.indices) & (problem.locks == 0))
    if not len(unused):
        return
    locks = problem.locks.copy()
    locks[unused[0]] = FORBID
    less = figures(replace(problem, locks=locks))
    assert less is not None
    assert np.array_equal(less[0].assignment, plan.assignment)
    both = known.feasible & less[1].feasible & (known.placed_loss == 0) & (less[1].placed_loss == 0)
    assert (less[1].fit_loss[both] >= known.fit_loss[both]).all()


@settings(max_examples=40)
@given(seeds, kinds)
def test_scaled_scores_scale_the_losses(seed: int, kind: str) -> None:
    problem = draw(seed, kind=kind)
    found, scaled = figures(problem), figures(replace(problem, values=problem.values * 3))
    if found is None or scaled is None:
        return
    assert scaled[1].placed_loss.tolist() == found[1].placed_loss.tolist()
    assert scaled[1].fit_loss.tolist() == (found[1].fit_loss * 3).tolist()
    assert scaled[1].worth_fit.tolist() == (found[1].worth_fit * 3).tolist()
