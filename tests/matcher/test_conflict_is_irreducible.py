"""A conflict cannot hold together, and without any one member it can: checked by enumeration."""
from __future__ import annotations

import numpy as np
import pytest

from matcher import ConflictMember, GroupLimit, Infeasible, build_problem, solve
from matcher.conflict import explain_conflict, with_only
from tests.matcher.drawn_limits import can_hold, draw_limited


def kinds(conflict: tuple[ConflictMember, ...]) -> list[str]:
    return [member.kind for member in conflict]


def check_irreducible(seeds: range) -> int:
    found = 0
    for seed in seeds:
        problem = draw_limited(seed)
        conflict = explain_conflict(problem)
        assert (conflict == ()) == can_hold(problem)
        if conflict:
            found += 1
            assert not can_hold(with_only(problem, conflict))
            for member in conflict:
                assert can_hold(with_only(problem, [other for other in conflict if other is not member]))
    return found


def test_a_conflict_is_irreducible() -> None:
    assert check_irreducible(range(250)) > 40


@pytest.mark.slow
def test_a_conflict_is_irreducible_on_thousands() -> None:
    assert check_irreducible(range(10_000, 12_500)) > 400


def test_more_pins_than_places_name_the_pins_and_the_places() -> None:
    problem = build_problem([0, 1, 2], [0, 0, 0], [1, 1, 1], [2], locks=[1, 1, 1])
    with pytest.raises(Infeasible) as caught:
        solve(problem)
    assert kinds(caught.value.conflict) == ["pin", "pin", "pin", "places"]


def test_a_minimum_out_of_reach_names_the_pin_the_minimum_and_what_keeps_others_away() -> None:
    problem = build_problem([0, 1], [0, 0], [1, 1], [2], min_to_open=[2], locks=[1, -1])
    assert kinds(explain_conflict(problem)) == ["pin", "min_to_open", "forbid"]


def test_a_minimum_beyond_places_and_present_conflicts_with_a_pin() -> None:
    problem = build_problem([0, 1, 2, 3], [0] * 4, [1] * 4, [2], min_to_open=[4], present=[1], locks=[1, 0, 0, 0])
    assert kinds(explain_conflict(problem)) == ["pin", "places", "min_to_open"]


def test_those_present_count_towards_the_minimum() -> None:
    problem = build_problem([0], [0], [1], [2], min_to_open=[3], present=[2], locks=[1])
    assert explain_conflict(problem) == ()
    assert solve(problem).assignment.tolist() == [0]


def test_load_beyond_capacity_is_named() -> None:
    problem = build_problem(
        [0, 1], [0, 0], [1, 1], [2], load=[600_000, 500_000], load_capacity=[1_000_000], locks=[1, 1]
    )
    assert kinds(explain_conflict(problem)) == ["pin", "pin", "load"]


def test_two_bounds_of_one_limit_are_two_members() -> None:
    limits = [GroupLimit("all", None, None, 1, None), GroupLimit("none", None, None, None, 0)]
    problem = build_problem([0], [0], [1], [1], limits=limits)
    assert explain_conflict(problem) == (
        ConflictMember("at_least", 0, (), ()), ConflictMember("at_most", 1, (), ()),
    )


def test_a_bound_beyond_the_number_of_students_stands_alone() -> None:
    problem = build_problem([0], [0], [1], [1], limits=[GroupLimit("two", np.array([0]), None, 2, None)])
    assert explain_conflict(problem) == (ConflictMember("at_least", 0, (0,), ()),)


def test_a_large_problem_has_a_short_conflict() -> None:
    rng = np.random.default_rng(3)
    students, openings = np.divmod(np.flatnonzero(rng.random(300 * 40) < 0.2), 40)
    limits = [GroupLimit("far", np.arange(12), np.array([5]), 9, None)]
    problem = build_problem(
        students, openings, rng.integers(1, 10**6, len(students)), np.full(40, 20), n=300, limits=limits
    )
    assert kinds(explain_conflict(problem)) == ["at_least"]
