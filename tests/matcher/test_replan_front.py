"""The front of value against students moved, and plans nearly as good, against enumeration and their own conditions."""
from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from matcher.certificate import verify
from matcher.certificate_limits import broken_limits
from matcher.errors import Infeasible, InvalidProblem
from matcher.problem import Ints, Problem, build_problem
from matcher.replan import pareto_front
from matcher.solution import Solution
from matcher.solver import search
from matcher.variations import pinned, revalued, with_opening, with_places, without_opening, without_student
from matcher.variety import alternatives
from tests.matcher.drawn_limited import draw


def plans(problem: Problem) -> list[Ints]:
    """Every assignment that holds all limits."""
    choices = [[-1, *problem.indices[problem.indptr[i] : problem.indptr[i + 1]].tolist()] for i in range(problem.n)]
    found = []
    for chosen in product(*choices):
        assignment = np.array(chosen, dtype=np.int64)
        if not broken_limits(problem, assignment, problem.pairs_of(assignment)):
            found.append(assignment)
    return found


def worth(problem: Problem, plan: Ints) -> tuple[int, int]:
    pair = problem.pairs_of(plan)
    placed = pair >= 0
    return int(problem.priority[placed].sum()), int(problem.values[pair[placed]].sum())


def front(problem: Problem, before: Ints) -> list[tuple[int, tuple[int, int]]]:
    """Moves and value of every plan that no other is better than in both, by looking at them all."""
    points = {
        (int(((before >= 0) & (plan != before)).sum()), worth(problem, plan)) for plan in plans(problem)
    }
    best: list[tuple[int, tuple[int, int]]] = []
    for moved, value in sorted(points, key=lambda p: (p[0], [-part for part in p[1]])):
        if not best or value > best[-1][1]:
            best.append((moved, value))
    return best[::-1]


@pytest.mark.parametrize("kind", ["plain", "load", "group", "caps", "sets"])
def test_the_front_is_the_one_enumeration_finds(kind: str) -> None:
    for seed in range(5):
        problem = draw(seed, kind=kind, n=5, m=3)
        try:
            before = search(problem).assignment
        except Infeasible:
            continue
        changed = without_opening(problem, int(np.argmax(np.bincount(before[before >= 0], minlength=problem.m))))
        try:
            found = pareto_front(changed, before)
        except Infeasible:
            assert not plans(changed)
            continue
        assert all(point.proven for point in found)
        assert [(point.moved, point.values) for point in found] == front(changed, before), (kind, seed)
        for point in found:
            assert not broken_limits(changed, point.assignment, changed.pairs_of(point.assignment))


def test_pinned_students_never_move() -> None:
    problem = build_problem(
        [0, 0, 1, 1, 2], [0, 1, 0, 1, 1], [500_000, 900_000, 900_000, 500_000, 990_000], [1, 1], locks=[1, 0, 0, 0, 0]
    )
    for point in pareto_front(problem, np.array([0, 1, -1])):
        assert point.assignment[0] == 0


def test_a_front_cut_short_keeps_both_its_ends() -> None:
    n = 8
    rows = [i for i in range(n) for _ in range(2)]
    values = [v for i in range(n) for v in (500_000, 600_000 + 1_000 * i)]
    columns = [j for i in range(n) for j in (2 * i, 2 * i + 1)]
    problem = build_problem(rows, columns, values, [1] * (2 * n))
    before = np.arange(n) * 2
    whole = pareto_front(problem, before)
    assert [point.moved for point in whole] == list(range(n, -1, -1))
    assert [point.moved for point in pareto_front(problem, before, most=4)] == [8, 7, 6, 0]


def solved(problem: Problem) -> Solution:
    return search(problem)


def test_alternative_plans_hold_every_condition_and_limit() -> None:
    rng = np.random.default_rng(3)
    n, m = 40, 25
    chosen = np.flatnonzero(rng.random(n * m) < 0.4)
    values, places = rng.integers(900_000, 1_000_000, len(chosen)), rng.integers(1, 4, m)
    problem = build_problem(chosen // m, chosen % m, values, places)
    best = solved(problem)
    found = alternatives(problem, best)
    assert len(found) == 5
    total = worth(problem, best.assignment)
    known = [best.assignment, *(plan.assignment for plan in found)]
    placed = int((best.assignment >= 0).sum())
    for k, plan in enumerate(found, start=1):
        assert not broken_limits(problem, plan.assignment, problem.pairs_of(plan.assignment))
        weight, score = worth(problem, plan.assignment)
        assert weight == total[0]
        assert score == plan.total >= 0.99 * total[1]
        for other in known[:k]:
            assert int(((plan.assignment != other) & (plan.assignment >= 0)).sum()) >= 0.1 * placed


def test_alternatives_keep_limits_that_no_tree_holds() -> None:
    for seed in range(6):
        problem = draw(seed, kind="any", n=6, m=4)
        try:
            best = solved(problem)
        except Infeasible:
            continue
        for plan in alternatives(problem, best, count=2, within=0.5):
            assert not broken_limits(problem, plan.assignment, problem.pairs_of(plan.assignment))
            assert worth(problem, plan.assignment)[0] == worth(problem, best.assignment)[0]


def test_no_alternative_is_made_up_where_there_is_none() -> None:
    problem = build_problem([0, 1], [0, 1], [900_000, 800_000], [1, 1])
    assert alternatives(problem, solved(problem)) == ()


def test_alternatives_need_a_plan_that_is_the_best() -> None:
    problem = build_problem([0], [0], [900_000], [1])
    plan = solved(problem)
    with pytest.raises(InvalidProblem):
        alternatives(problem, Solution(plan.assignment, "feasible", "placed", plan.stages))


def test_variations_change_one_thing() -> None:
    problem = draw(4, kind="any", n=5, m=3)
    assert with_places(problem, 1, 2).places.tolist() == [p + 2 * (j == 1) for j, p in enumerate(problem.places)]
    assert with_places(problem, 1, -99).places[1] == 0
    gone = search(without_student(problem, 0))
    assert gone.assignment[0] == -1
    shut = search(without_opening(problem, 1))
    assert not (shut.assignment == 1).any()
    more = revalued(problem, 5, student=0)
    assert (more.values - problem.values).tolist() == (5 * (problem.rows == 0)).tolist()
    one = revalued(problem, -7, student=int(problem.rows[0]), opening=int(problem.indices[0]))
    assert (one.values != problem.values).sum() == 1
    wide = with_opening(problem, np.array([1, 3]), np.array([10, 20]), opening_id=7, places=2, load=np.array([1, 2]))
    assert wide.m == problem.m + 1
    assert wide.values[[wide.pair(1, 3), wide.pair(3, 3)]].tolist() == [10, 20]
    assert all(wide.pair(int(i), int(j)) >= 0 for i, j in zip(problem.rows, problem.indices, strict=True))


def test_a_pin_replaces_the_students_own() -> None:
    problem = build_problem([0, 0], [0, 1], [900_000, 800_000], [1, 1], locks=[1, 0])
    assert pinned(problem, 0, 1).locks.tolist() == [0, 1]
    with pytest.raises(Infeasible):
        search(pinned(build_problem([0], [0], [900_000], [1, 1]), 0, 1))


@pytest.mark.parametrize("kind", ["plain", "load", "group", "caps", "sets"])
def test_of_equally_good_plans_the_one_in_which_most_stay_is_taken(kind: str) -> None:
    """By looking at all plans: as good as without a plan before, and no plan as good moves fewer."""
    moved_less = 0
    for seed in range(12):
        problem = draw(seed, kind=kind, n=5, m=3)
        problem = replace(problem, values=problem.values // 500_000 * 500_000 + 1)  # many plans are equally good
        try:
            free = search(problem)
        except Infeasible:
            continue
        rng = np.random.default_rng(seed)
        for _ in range(3):
            before = rng.integers(-1, problem.m, problem.n)
            anchored = replace(problem, before=before)
            found = search(anchored)
            assert verify(anchored, found).ok
            assert worth(problem, found.assignment) == worth(problem, free.assignment)
            best = [plan for plan in plans(problem) if worth(problem, plan) == worth(problem, free.assignment)]
            most = max(int((plan == before)[before >= 0].sum()) for plan in best)
            kept = int((found.assignment == before)[before >= 0].sum())
            assert kept == most, (kind, seed)
            moved_less += kept > int((free.assignment == before)[before >= 0].sum())
    assert moved_less > 0


def test_the_plan_before_says_nothing_where_one_plan_is_better() -> None:
    problem = build_problem([0, 0, 1, 1], [0, 1, 0, 1], [500_000, 900_000, 900_000, 500_000], [1, 1])
    assert search(replace(problem, before=np.array([0, 1]))).assignment.tolist() == [1, 0]
