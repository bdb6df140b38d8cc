"""Room for one student more, against solving the problem with the pair that a change would make possible."""
from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from api.changes.room import Room
from api.match_report import MatchReport
from matcher.errors import Infeasible
from matcher.problem import GroupLimit, Problem, build_problem
from matcher.solver import search


def drawn(seed: int, kind: str) -> Problem:
    """A sparse problem, so that places stay free; with loads, groups with a minimum, or caps over openings."""
    rng = np.random.default_rng(seed)
    n, m = 10, 7
    chosen = np.flatnonzero(rng.random(n * m) < 0.2)
    half = 500_000
    limits = []
    if kind == "caps":
        members = np.sort(rng.choice(m, 3, replace=False))
        limits = [GroupLimit("cap", None, members, None, int(rng.integers(1, 4)))]
    return build_problem(
        chosen // m, chosen % m, rng.integers(1, 10**6, len(chosen)), rng.integers(1, 3, m), n=n,
        min_to_open=np.where(rng.random(m) < 0.3, 2, 0) if kind == "group" else None,
        load_capacity=np.where(rng.random(m) < 0.7, rng.integers(2, 7, m) * half, -1) if kind == "load" else None,
        load=rng.integers(1, 5, n)[chosen // m] * half, limits=limits,
    )  # fmt: skip


def room_of(problem: Problem) -> tuple[Room, Any] | None:
    try:
        plan = search(problem)
    except Infeasible:
        return None
    report = SimpleNamespace(
        problem=problem, solution=plan, pair_of=problem.pairs_of(plan.assignment),
        policy=SimpleNamespace(unplaced_fit=0),
    )  # fmt: skip
    return Room(cast(MatchReport, report)), plan


def with_pair(problem: Problem, i: int, j: int, load: int, fit: int) -> Problem:
    return build_problem(
        np.append(problem.rows, i), np.append(problem.indices, j), np.append(problem.values, fit), problem.places,
        priority=problem.priority, min_to_open=problem.min_to_open, present=problem.present,
        load_capacity=problem.load_capacity, load=np.append(problem.load, load), limits=problem.limits, n=problem.n,
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "exact"), [("plain", True), ("load", False), ("group", False), ("caps", False)])
def test_room_is_there_only_where_solving_with_the_pair_places_one_more(kind: str, exact: bool) -> None:
    told = onward = asked = 0
    for seed in range(12):
        problem = drawn(seed, kind)
        made = room_of(problem)
        if made is None:
            continue
        room, plan = made
        rng = np.random.default_rng(seed)
        for i in np.flatnonzero(plan.assignment < 0).tolist():
            for j in range(problem.m):
                if problem.pair(i, j) >= 0:
                    continue
                load = int(rng.choice(problem.load)) if problem.p else 0
                fit = int(rng.integers(1, 10**6))
                again = search(with_pair(problem, i, j, load, fit)).assignment
                gains = int((again >= 0).sum()) > int((plan.assignment >= 0).sum()) and again[i] == j
                has = room.has(i, j, load, fit)
                assert gains or not has, (seed, i, j)
                assert has or not (gains and exact), (seed, i, j)
                told, asked = told + has, asked + gains
                onward += has and not room.direct[j]
    assert 2 * told > asked > 0
    assert onward > 0


def test_the_load_of_who_moves_on_makes_room_and_no_more_than_that() -> None:
    # Ann (0) guides 2 half-days at the only place of the shop (0), which has 3; she can move on to the yard (1).
    half = 1_000_000
    problem = build_problem(
        [0, 0, 1], [0, 1, 2], [900_000, 500_000, 100_000], [1, 1, 0], load_capacity=[3 * half, -1, -1],
        load=[2 * half, 2 * half, 0],
    )  # fmt: skip
    made = room_of(problem)
    assert made is not None
    room = made[0]
    assert room.has(1, 0, 3 * half, 100_000)  # beside her it would be too much, after her it is not
    assert not room.has(1, 0, 4 * half, 100_000)
