"""Regret and worth against the one honest oracle: pin the pair, or add the place, and solve again."""
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matcher.errors import Infeasible, InvalidProblem
from matcher.problem import GroupLimit, Problem, build_problem
from matcher.sensitivity import Sensitivities, change_of, regret, sensitivities, smaller_group, worth
from matcher.solution import Solution
from matcher.solver import search
from matcher.variations import pinned, with_places
from tests.matcher.drawn_limited import draw

OBJECTIVES = ("placed", "fit", "balanced")
KINDS = ("plain", "load", "group", "caps", "together")
UNPLACED = 300_000


def solved(problem: Problem, objective: str) -> Solution | None:
    try:
        return search(problem, objective=objective, unplaced_value=UNPLACED)
    except Infeasible:
        return None


def compare(problem: Problem, plan: Solution, found: Sensitivities) -> int:
    """Check every known figure by solving again; return how many questions were left open."""
    for k in np.flatnonzero(found.known).tolist():
        again = solved(pinned(problem, int(problem.rows[k]), int(problem.indices[k])), plan.objective)
        assert bool(found.feasible[k]) == (again is not None), f"pair {k}"
        if again is None:
            assert found.placed_loss[k] == found.fit_loss[k] == 0
            assert found.moves[k] == ()
            continue
        change = change_of(problem, plan, again.assignment, unplaced_value=UNPLACED)
        assert (found.placed_loss[k], found.fit_loss[k]) == (change.placed_loss, change.fit_loss), f"pair {k}"
        assert found.moves[k] == change.moves, f"pair {k}"
        worth = UNPLACED if plan.objective == "fit" else 0
        i = int(problem.rows[k])
        now = problem.pair(i, int(plan.assignment[i])) if plan.assignment[i] >= 0 else -1
        gain = int(problem.values[k]) - (int(problem.values[now]) if now >= 0 else worth)
        assert found.others_loss[k] == change.fit_loss + gain
    for j in np.flatnonzero(found.worth_known).tolist():
        again = solved(with_places(problem, j, 1), plan.objective)
        assert again is not None
        change = change_of(problem, plan, again.assignment, unplaced_value=UNPLACED)
        assert (found.worth_placed[j], found.worth_fit[j]) == (-change.placed_loss, -change.fit_loss), f"opening {j}"
        if found.worth_moves[j] is not None:
            assert found.worth_moves[j] == change.moves, f"opening {j}"
    return int((~found.known).sum() + (~found.worth_known).sum())


def check(kind: str, objective: str, seeds: range) -> None:
    for seed in seeds:
        problem = draw(seed, kind=kind)
        plan = solved(problem, objective)
        if plan is not None:
            assert compare(problem, plan, sensitivities(problem, plan, unplaced_value=UNPLACED)) == 0, seed


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_regret_and_worth_is_what_solving_again_gives(kind: str, objective: str) -> None:
    check(kind, objective, range(3))


@pytest.mark.slow
@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_regret_and_worth_is_what_solving_again_gives_on_many(kind: str, objective: str) -> None:
    check(kind, objective, range(3, 60))


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("seed", [4, 60, 78])
def test_a_group_that_must_open_with_more_than_its_load_leaves_room_for_ends_the_branch(
    seed: int, objective: str
) -> None:
    problem = draw(seed, kind="together", n=8, m=3)
    plan = solved(problem, objective)
    assert plan is not None
    assert compare(problem, plan, sensitivities(problem, plan, unplaced_value=UNPLACED)) == 0


def crossing(seed: int, kind: str) -> Problem:
    """A drawn problem with limits over openings that cross each other."""
    rng = np.random.default_rng(seed)
    problem = draw(seed, kind=kind, n=9, m=5)
    free = replace(problem, limits=())
    plan = solved(free, "placed")
    if plan is None:
        return problem
    limits = []
    for number in range(3):
        members = np.sort(rng.choice(problem.m, int(rng.integers(2, 4)), replace=False))
        inside = int(np.isin(plan.assignment, members).sum())
        low = inside if number == 2 and rng.random() < 0.5 else None
        limits.append(GroupLimit(f"cap {number}", None, members, low, max(inside - int(rng.integers(0, 2)), low or 0)))
    return replace(problem, limits=tuple(limits))


def check_crossing(kind: str, objective: str, seeds: range) -> None:
    left = asked = 0
    for seed in seeds:
        problem = crossing(seed, kind)
        plan = solved(problem, objective)
        if plan is not None:
            left += compare(problem, plan, sensitivities(problem, plan, unplaced_value=UNPLACED))
            asked += problem.p + problem.m
    assert left <= 0.1 * asked  # places more may stay open where a least number binds


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("kind", ["plain", "load", "group"])
def test_limits_that_cross_each_other_are_answered_too(kind: str, objective: str) -> None:
    check_crossing(kind, objective, range(2))


@pytest.mark.parametrize(("kind", "seed"), [("group", 8), ("plain", 31)])
def test_a_place_or_a_lifted_pin_may_have_a_plan_where_a_branch_has_none(kind: str, seed: int) -> None:
    # A least number over two full openings: only the place asked about lets one of them have fewer.
    check_crossing(kind, "placed", range(seed, seed + 1))


@pytest.mark.slow
@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("kind", ["plain", "load", "group"])
def test_limits_that_cross_each_other_are_answered_too_on_many(kind: str, objective: str) -> None:
    check_crossing(kind, objective, range(4, 30))


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_limits_that_do_not_nest_are_answered_by_solving_again_or_not_at_all(objective: str) -> None:
    for seed in range(3):
        problem = draw(seed, kind="sets", n=5, m=3)
        plan = solved(problem, objective)
        if plan is None:
            continue
        compare(problem, plan, sensitivities(problem, plan, unplaced_value=UNPLACED))
        assert compare(problem, plan, sensitivities(problem, plan, unplaced_value=UNPLACED, again=10_000)) == 0


def test_a_spent_effort_leaves_questions_open_and_tells_no_wrong_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.sensitivity.SOLVE", 2**40)
    left = set()
    for seed in range(8):
        problem = draw(seed, kind="together", n=9, m=4)
        plan = solved(problem, "placed")
        if plan is None:
            continue
        for effort in (5_000, 400_000, 1_500_000, 4_000_000):
            found = sensitivities(problem, plan, unplaced_value=UNPLACED, effort=effort)
            left.add((effort, compare(problem, plan, found) > 0))
            here = plan.assignment[problem.rows] == problem.indices
            assert found.known[here].all()
            assert not found.placed_loss[here].any()
            assert not found.fit_loss[here].any()
    assert {(5_000, True), (400_000, True), (1_500_000, True)} <= left


def test_two_students_and_one_place_worked_out_by_hand() -> None:
    # Anna (0) may go to the bakery (0) for 0.9 or the garage (1) for 0.8, Bob (1) to the bakery alone for 0.5.
    problem = build_problem([0, 0, 1], [0, 1, 0], [900_000, 800_000, 500_000], places=[1, 1])
    plan = search(problem)
    found = sensitivities(problem, plan)
    assert found.placed_loss.tolist() == [1, 0, 0]
    assert found.fit_loss.tolist() == [400_000, 0, 0]  # 1.3 becomes 0.9
    assert found.others_loss.tolist() == [500_000, 0, 0]  # Bob's 0.5
    assert found.moves == (((0, 1, 0), (1, 0, -1)), (), ())
    assert found.worth_placed.tolist() == [0, 0]
    assert found.worth_fit.tolist() == [100_000, 0]  # Anna could have the bakery too


def test_a_pin_of_the_student_is_lifted_and_others_are_kept() -> None:
    values = [900_000, 800_000, 500_000, 700_000]
    problem = build_problem([0, 0, 1, 1], [0, 1, 0, 1], values, [1, 1], locks=[1, 0, 0, 1])
    plan = search(problem)
    found = sensitivities(problem, plan)
    assert found.feasible.tolist() == [True, False, False, True]  # the other's pin holds the only place
    lone = build_problem([0, 0], [0, 1], [900_000, 800_000], [1, 1], locks=[0, 1])
    found = sensitivities(lone, search(lone))
    assert found.fit_loss.tolist() == [-100_000, 0]  # the pin stood in the way of something better


def test_a_forbidden_pair_has_no_plan() -> None:
    problem = build_problem([0, 0], [0, 1], [900_000, 800_000], [1, 1], locks=[-1, 0])
    found = sensitivities(problem, search(problem))
    assert found.known.all()
    assert found.feasible.tolist() == [False, True]


@pytest.mark.parametrize("kind", ["plain", "load"])
def test_a_plan_whose_ties_the_solver_left_open_has_exact_figures_all_the_same(kind: str) -> None:
    for seed in range(6):
        drawn = draw(seed, kind=kind)
        problem = replace(drawn, values=drawn.values // 400_000 * 400_000 + 100_000)
        other = replace(problem, student_ids=problem.student_ids[::-1].copy())  # the same plans, ties settled otherwise
        plan = solved(other, "placed")
        if plan is None:
            continue
        stages = tuple(replace(s, bound=s.value + 1) if s.name == "tie" else s for s in plan.stages)  # type: ignore[operator]
        found = sensitivities(problem, replace(plan, stages=stages))
        assert found.known.all()
        for k in range(problem.p):
            again = solved(pinned(problem, int(problem.rows[k]), int(problem.indices[k])), "placed")
            assert bool(found.feasible[k]) == (again is not None)
            if again is not None:
                change = change_of(problem, plan, again.assignment)
                assert (found.placed_loss[k], found.fit_loss[k]) == (change.placed_loss, change.fit_loss)


def test_no_figures_are_told_about_a_plan_that_is_not_the_best() -> None:
    problem = build_problem([0], [0], [900_000], [1])
    plan = search(problem)
    late = Solution(plan.assignment, "feasible", plan.objective, plan.stages, plan.prices)
    with pytest.raises(InvalidProblem, match="feasible"):
        sensitivities(problem, late)


def test_too_many_openings_for_matrices_still_have_their_worth_from_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(8):
        problem = draw(seed, kind="plain")
        plan = solved(problem, "placed")
        if plan is None:
            continue
        exact = sensitivities(problem, plan)
        with monkeypatch.context() as patch:
            patch.setattr("matcher.sensitivity_model.LARGEST_TREE", 0)
            patch.setattr("matcher.sensitivity.SOLVE", 2**40)
            large = sensitivities(problem, plan)
        assert large.worth_known.all()
        assert large.worth_placed.tolist() == exact.worth_placed.tolist()
        assert large.worth_fit.tolist() == exact.worth_fit.tolist()
        assert large.known.sum() == (plan.assignment >= 0).sum()


def test_one_question_alone_gets_the_answer_it_gets_among_all() -> None:
    for seed in range(20, 26):
        problem = draw(seed, kind="any")
        plan = solved(problem, "placed")
        if plan is None:
            continue
        found = sensitivities(problem, plan, again=10_000)
        for k in range(problem.p):
            change = regret(problem, plan, int(problem.rows[k]), int(problem.indices[k]))
            assert (change is not None) == bool(found.feasible[k])
            if change is not None:
                assert (change.placed_loss, change.fit_loss) == (found.placed_loss[k], found.fit_loss[k])
                assert change.moves == found.moves[k]
        for j in range(problem.m):
            gain = worth(problem, plan, j)
            assert (-gain.placed_loss, -gain.fit_loss) == (found.worth_placed[j], found.worth_fit[j])


def test_several_more_places_are_worth_what_solving_again_gives() -> None:
    problem = build_problem([0, 1, 2], [0, 0, 0], [900_000, 800_000, 700_000], places=[1])
    plan = search(problem)
    assert [(-worth(problem, plan, 0, k).placed_loss, -worth(problem, plan, 0, k).fit_loss) for k in (1, 2, 3)] == [
        (1, 800_000), (2, 1_500_000), (2, 1_500_000),
    ]  # fmt: skip


def test_a_pair_that_is_not_eligible_has_no_plan() -> None:
    problem = build_problem([0], [0], [900_000], places=[1, 1])
    assert regret(problem, search(problem), 0, 1) is None


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_group_that_may_open_with_one_less_is_what_solving_again_gives(objective: str) -> None:
    for seed in range(8):
        problem = draw(seed, kind="group")
        plan = solved(problem, objective)
        if plan is None:
            continue
        for j in np.flatnonzero(problem.min_to_open > 1).tolist():
            need = problem.min_to_open.copy()
            need[j] -= 1
            again = solved(replace(problem, min_to_open=need), objective)
            assert again is not None
            found = smaller_group(problem, plan, j, unplaced_value=UNPLACED)
            assert found == change_of(problem, plan, again.assignment, unplaced_value=UNPLACED)
