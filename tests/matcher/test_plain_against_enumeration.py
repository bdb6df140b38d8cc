"""The plain solver against every assignment of drawn small problems."""
from __future__ import annotations

import numpy as np
import pytest

from matcher import Infeasible, solve, verify
from tests.matcher.drawn_plain import draw_plain, draw_unplaced_value, enumerate_plain


def _check(seed: int) -> str:
    rng = np.random.default_rng(seed)
    problem = draw_plain(rng)
    unplaced = draw_unplaced_value(rng, problem)
    outcome = ""
    for objective in ("placed", "fit"):
        answer = enumerate_plain(problem, objective, unplaced)
        if not problem.is_plain:  # a pin at an opening that stays closed: the solver for limits names the conflict
            assert answer is None
            return "closed"
        try:
            solution = solve(problem, objective=objective, unplaced_value=unplaced)
        except Infeasible as found:
            assert answer is None
            assert found.conflict
            outcome = "infeasible"
            continue
        assert answer is not None
        assert tuple(stage.value for stage in solution.stages) == answer.values
        assert tuple(stage.bound for stage in solution.stages) == answer.values
        assert answer.assignments == (tuple(solution.assignment.tolist()),)
        assert verify(problem, solution, unplaced_value=unplaced).proved
        outcome = "optimal"
    return outcome


def test_drawn_problems_get_the_unique_best_assignment_with_its_proof() -> None:
    outcomes = [_check(seed) for seed in range(300)]
    assert outcomes.count("optimal") > 100
    assert outcomes.count("infeasible") > 20


@pytest.mark.slow
@pytest.mark.parametrize("block", range(25))
def test_thousands_of_drawn_problems_get_the_unique_best_assignment_with_its_proof(block: int) -> None:
    for seed in range(1000 + 100 * block, 1100 + 100 * block):
        _check(seed)
