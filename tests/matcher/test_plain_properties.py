"""What must stay as it is when a plain problem changes in a way that does not matter, or matters one way only."""
from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher import Infeasible, Problem, Solution, build_problem, solve
from tests.matcher.drawn_plain import draw_plain

SEEDS = st.integers(0, 2**32 - 1)
OBJECTIVES = st.sampled_from(["placed", "fit"])


def _solved(seed: int, objective: str) -> tuple[Problem, Solution]:
    problem = draw_plain(np.random.default_rng(seed), students=8, openings=5)
    assume(problem.is_plain)
    try:
        return problem, solve(problem, objective=objective)
    except Infeasible:
        assume(False)
        raise


def _values(solution: Solution) -> tuple[object, ...]:
    return tuple(stage.value for stage in solution.stages if stage.name != "tie")


def _rebuilt(problem: Problem, students: np.ndarray, openings: np.ndarray, **changes: object) -> Problem:
    """The problem with student k standing at ``students[k]`` and opening k at ``openings[k]``."""
    given_ = {
        "places": problem.places[np.argsort(openings)],
        "priority": problem.priority[np.argsort(students)],
        "min_to_open": problem.min_to_open[np.argsort(openings)],
        "present": problem.present[np.argsort(openings)],
        "locks": problem.locks,
        "student_ids": problem.student_ids[np.argsort(students)],
        "opening_ids": problem.opening_ids[np.argsort(openings)],
    } | changes
    return build_problem(students[problem.rows], openings[problem.indices], problem.values, n=problem.n, **given_)  # type: ignore[arg-type]


@settings(max_examples=80)
@given(SEEDS, OBJECTIVES, st.randoms(use_true_random=False))
def test_the_order_of_students_and_openings_does_not_matter(seed: int, objective: str, random: object) -> None:
    problem, solution = _solved(seed, objective)
    rng = np.random.default_rng(seed + 1)
    students, openings = rng.permutation(problem.n), rng.permutation(problem.m)
    other = solve(_rebuilt(problem, students, openings), objective=objective)
    assert other.stages == solution.stages
    back = np.append(np.argsort(openings), -1)
    assert back[other.assignment[students]].tolist() == solution.assignment.tolist()


@settings(max_examples=60)
@given(SEEDS, OBJECTIVES)
def test_a_student_without_pairs_and_an_opening_without_places_change_nothing(seed: int, objective: str) -> None:
    problem, solution = _solved(seed, objective)
    other = build_problem(
        problem.rows,
        problem.indices,
        problem.values,
        np.append(problem.places, 0),
        n=problem.n + 1,
        priority=np.append(problem.priority, 5),
        min_to_open=np.append(problem.min_to_open, 0),
        present=np.append(problem.present, 0),
        locks=problem.locks,
    )
    assert solve(other, objective=objective).assignment.tolist() == [*solution.assignment.tolist(), -1]


@settings(max_examples=60)
@given(SEEDS, OBJECTIVES)
def test_scaling_all_scores_keeps_the_plan(seed: int, objective: str) -> None:
    problem, solution = _solved(seed, objective)
    assume(int(np.abs(problem.values).max(initial=0)) <= 10**14)
    scaled = solve(replace(problem, values=problem.values * 7), objective=objective)
    assert scaled.assignment.tolist() == solution.assignment.tolist()


@settings(max_examples=60)
@given(SEEDS, OBJECTIVES, st.integers(0, 100))
def test_splitting_an_opening_in_two_halves_keeps_the_values(seed: int, objective: str, pick: int) -> None:
    problem, _ = _solved(seed, objective)
    assume(problem.m > 0)
    assume(not problem.closed.any())
    j = pick % problem.m
    doubled = replace(problem, places=np.where(np.arange(problem.m) == j, 2 * problem.places, problem.places))
    at = np.flatnonzero(doubled.indices == j)
    halves = np.append(problem.places, problem.places[j])
    free = np.where(np.isin(np.arange(problem.p), at) & (problem.locks == 1), 0, problem.locks)
    doubled = replace(doubled, locks=free)
    split = build_problem(
        np.append(problem.rows, problem.rows[at]),
        np.append(problem.indices, np.full(len(at), problem.m)),
        np.append(problem.values, problem.values[at]),
        halves,
        n=problem.n,
        priority=problem.priority,
        locks=np.append(free, free[at]),
    )
    assert _values(solve(split, objective=objective)) == _values(solve(doubled, objective=objective))


@settings(max_examples=60)
@given(SEEDS, OBJECTIVES, st.integers(0, 100))
def test_one_more_place_never_lowers_the_optimum(seed: int, objective: str, pick: int) -> None:
    problem, solution = _solved(seed, objective)
    assume(problem.m > 0)
    more = problem.places.copy()
    more[pick % problem.m] += 1
    assume(not (problem.closed & (problem.required <= more)).any())
    assert _values(solve(replace(problem, places=more), objective=objective)) >= _values(solution)


@settings(max_examples=60)
@given(SEEDS, OBJECTIVES, st.integers(0, 100))
def test_pinning_a_pair_of_the_plan_or_forbidding_an_unused_one_keeps_it(
    seed: int, objective: str, pick: int
) -> None:
    problem, solution = _solved(seed, objective)
    assume(problem.p > 0)
    k = pick % problem.p
    used = solution.assignment[problem.rows[k]] == problem.indices[k]
    locks = problem.locks.copy()
    locks[k] = 1 if used else -1
    other = solve(replace(problem, locks=locks), objective=objective)
    assert other.assignment.tolist() == solution.assignment.tolist()
    assert other.stages == solution.stages
