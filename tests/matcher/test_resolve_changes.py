"""A kept plan after changes equals solving the changed problem anew, plan for plan."""
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matcher.errors import InvalidProblem
from matcher.kernels import available
from matcher.paths import solve_paths
from matcher.resolve import KeptPlan
from tests.matcher.drawn_paths import Drawn, draw_problem

ENGINES = ["plain", pytest.param("compiled", marks=pytest.mark.skipif(not available(), reason="numba is absent"))]

CHANGES = ["forbid", "forbid own", "pin", "drop student", "drop opening", "add place", "remove place"]


def unique(seed: int, kind: str, *, n: int, m: int, size: int) -> Drawn:
    """Draw a problem whose last stage leaves one optimum."""
    drawn = draw_problem(seed, kind, n=n, m=m, sizes=(size,))
    tie = np.random.default_rng(seed + 10**6).integers(0, 2**32, len(drawn.indices))
    return replace(drawn, weights=[*drawn.weights[:-1], tie])


def without(drawn: Drawn, gone: np.ndarray) -> Drawn:
    """Leave out some pairs."""
    rows = np.repeat(np.arange(drawn.n), np.diff(drawn.indptr))[~gone]
    indptr = np.searchsorted(rows, np.arange(drawn.n + 1))
    return replace(
        drawn, indptr=indptr, indices=drawn.indices[~gone], weights=[weight[~gone] for weight in drawn.weights]
    )


class Anew:
    """The same changes by changing the problem and solving it from nothing."""

    def __init__(self, drawn: Drawn) -> None:
        self.drawn = drawn
        self.pinned: dict[int, int] = {}
        self.gone: set[int] = set()

    def solve(self) -> list[int]:
        rows = np.repeat(np.arange(self.drawn.n), np.diff(self.drawn.indptr))
        out = np.isin(rows, [*self.pinned, *self.gone])
        places = self.drawn.places.copy()
        np.subtract.at(places, list(self.pinned.values()), 1)
        rest = without(replace(self.drawn, places=places), out)
        plan = solve_paths(*rest.parts(), engine="plain").assignment.tolist()
        for student, opening in self.pinned.items():
            plan[student] = opening
        return plan

    def change_places(self, opening: int, by: int) -> None:
        places = self.drawn.places.copy()
        places[opening] += by
        self.drawn = replace(self.drawn, places=places)


def walk(seed: int, kind: str, engine: str, *, size: int, steps: int) -> int:
    """Make random changes one after the other, and compare after each; return how many were made."""
    rng = np.random.default_rng(seed)
    drawn = unique(seed, kind, n=int(rng.integers(2, 14)), m=int(rng.integers(1, 7)), size=size)
    kept, anew = KeptPlan(*drawn.parts(), engine=engine), Anew(drawn)
    assert kept.assignment.tolist() == anew.solve()
    made = 0
    for _ in range(steps):
        i, j = int(rng.integers(drawn.n)), int(rng.integers(len(drawn.places)))
        plan = kept.assignment
        before = plan.copy()
        trial = kept.copy()
        change = rng.choice(CHANGES)
        try:
            if change in ("forbid", "forbid own"):
                j = int(plan[i]) if change == "forbid own" and plan[i] >= 0 else j
                trial.forbid(i, j)
                rows = np.repeat(np.arange(anew.drawn.n), np.diff(anew.drawn.indptr))
                anew.drawn = without(anew.drawn, (rows == i) & (anew.drawn.indices == j))
            elif change == "pin":
                trial.pin(i, j)
                anew.pinned[i] = j
            elif change == "drop student":
                trial.drop_student(i)
                anew.pinned.pop(i, None)
                anew.gone.add(i)
            elif change == "drop opening":
                trial.drop_opening(j)
                anew.change_places(j, -int(anew.drawn.places[j]))
            elif change == "add place":
                trial.add_place(j)
                anew.change_places(j, 1)
            else:
                trial.remove_place(j)
                anew.change_places(j, -1)
        except InvalidProblem:
            continue
        assert np.array_equal(kept.assignment, before), "a copy changed the original"
        kept = trial
        made += 1
        assert kept.assignment.tolist() == anew.solve(), (seed, change, i, j)
    return made


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", ["placed", "fit", "fit then priority", "ties alone decide"])
def test_a_kept_plan_equals_solving_anew_after_every_change(kind: str, engine: str) -> None:
    assert sum(walk(seed, kind, engine, size=(4, 10**6)[seed % 2], steps=12) for seed in range(25)) > 150


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["placed", "fit", "fit then priority", "ties alone decide"])
def test_a_kept_plan_equals_solving_anew_after_very_many_changes(kind: str) -> None:
    for seed in range(1000, 1400):
        walk(seed, kind, "auto", size=(4, 10**6)[seed % 2], steps=20)


def test_values_wider_than_64_bits_are_kept_exact_too() -> None:
    for seed in range(6):
        walk(seed, "placed", "auto", size=10**17, steps=8)


def test_a_change_that_contradicts_a_pin_is_refused_by_name() -> None:
    one = np.array([1, 1, 1])
    plan = KeptPlan(np.array([0, 2, 3]), np.array([0, 1, 0]), np.array([1, 1]), [one, np.array([9, 8, 5])], [0, 0])
    plan.pin(1, 0)
    with pytest.raises(InvalidProblem, match="student 1 is pinned to opening 0"):
        plan.forbid(1, 0)
    with pytest.raises(InvalidProblem, match="opening 0 has no place"):
        plan.pin(0, 0)
    with pytest.raises(InvalidProblem, match="opening 0 has no place"):
        plan.remove_place(0)
    with pytest.raises(InvalidProblem, match="cannot be closed"):
        plan.drop_opening(0)
    with pytest.raises(InvalidProblem, match="student 1 is pinned or gone already"):
        plan.pin(1, 1)
    assert plan.assignment.tolist() == [1, 0]
