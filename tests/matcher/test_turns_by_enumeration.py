"""Everyone in turn: against a slow reading of the same rule over every order there is."""
from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import build_problem, id_digests
from matcher.problem import FORBID, PIN, GroupLimit, Problem
from matcher.turns import random_turns, turns


def one_order(problem: Problem, order: Sequence[int]) -> dict[int, int]:
    """Student -> pair, one student and one rule at a time."""
    shut: set[int] = set()
    while True:
        taken = _walk(problem, order, shut)
        inside: dict[int, int] = {}
        for pair in taken.values():
            j = int(problem.indices[pair])
            inside[j] = inside.get(j, 0) + 1
        short = {
            j for j, n in inside.items()
            if problem.min_to_open[j] > 1 and n + int(problem.present[j]) < problem.min_to_open[j]
        }  # fmt: skip
        if short <= shut:  # only people's word holds somebody in one that is shut
            return taken
        shut |= short


def _walk(problem: Problem, order: Sequence[int], shut: set[int]) -> dict[int, int]:
    taken: dict[int, int] = {}
    pins = {int(problem.rows[k]): int(k) for k in np.flatnonzero(problem.locks == PIN)}
    taken.update(pins)
    for i in order:
        if i in pins:
            continue
        mine = [k for k in range(problem.p) if problem.rows[k] == i and problem.locks[k] != FORBID]
        for limit in problem.limits:
            if limit.at_least and limit.students is not None and limit.students.tolist() == [i]:
                mine = [k for k in mine if limit.openings is None or problem.indices[k] in limit.openings]
        mine.sort(key=lambda k: (-int(problem.values[k]), -int(problem.ties[k])))
        chosen = next((k for k in mine if _room(problem, taken, k, shut)), None)
        if chosen is not None:
            taken[i] = chosen
    return taken


def _room(problem: Problem, taken: dict[int, int], k: int, shut: set[int]) -> bool:
    j = int(problem.indices[k])
    most = int(problem.places[j])
    unreachable = problem.min_to_open[j] > 1 and most + int(problem.present[j]) < problem.min_to_open[j]
    here = [pair for pair in taken.values() if problem.indices[pair] == j]
    if j in shut or unreachable or len(here) >= most:
        return False
    capacity = int(problem.load_capacity[j])
    if capacity >= 0 and problem.load[k] > 0 and sum(int(problem.load[p]) for p in [*here, k]) > capacity:
        return False
    for limit in problem.limits:
        if limit.at_most is not None and _counts(problem, limit, k):
            used = sum(_counts(problem, limit, pair) for pair in taken.values())
            if used + 1 > limit.at_most:
                return False
    return True


def _counts(problem: Problem, limit: GroupLimit, k: int) -> bool:
    who = limit.students is None or problem.rows[k] in limit.students
    return bool(who and (limit.openings is None or problem.indices[k] in limit.openings))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    n, m = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    pairs = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, m - 1)), unique=True, max_size=n * m))
    def numbers(low: int, high: int, size: int) -> list[int]:
        return draw(st.lists(st.integers(low, high), min_size=size, max_size=size))

    locks = [draw(st.sampled_from([0, 0, 0, 0, FORBID])) for _ in pairs]
    for i in draw(st.sets(st.integers(0, n - 1), max_size=2)):
        mine = [k for k, pair in enumerate(pairs) if pair[0] == i]
        if mine:
            locks[draw(st.sampled_from(mine))] = PIN
    limits = []
    for g in range(draw(st.integers(0, 2))):
        who = draw(st.none() | st.sets(st.integers(0, n - 1), min_size=1).map(sorted))
        where = draw(st.sets(st.integers(0, m - 1), min_size=1).map(sorted))
        single = who is not None and len(who) == 1
        limits.append(
            GroupLimit(f"g{g}", None if who is None else np.array(who), np.array(where),
                       1 if single and draw(st.booleans()) else None, draw(st.integers(0, 3)) if not single else None)
        )  # fmt: skip
    return build_problem(
        [i for i, _ in pairs], [j for _, j in pairs], [100_000 * v for v in numbers(1, 4, len(pairs))],
        places=numbers(0, 3, m), n=n, min_to_open=numbers(0, 3, m), present=numbers(0, 1, m),
        load=numbers(0, 2, len(pairs)), load_capacity=numbers(-1, 3, m), locks=locks, limits=limits,
    )  # fmt: skip


@given(problems())
def test_every_order_gives_what_a_slow_reading_gives(problem: Problem) -> None:
    orders = list(itertools.permutations(range(problem.n)))
    found = turns(problem, np.array(orders))
    total, placed = [0] * problem.n, [0] * problem.n
    for order in orders:
        for i, pair in one_order(problem, order).items():
            total[i] += int(problem.values[pair])
            placed[i] += 1
    assert found.orders == len(orders)
    assert found.total.tolist() == total
    assert found.placed.tolist() == placed


def test_a_pin_has_its_place_before_anybody_chooses() -> None:
    problem = build_problem([0, 1, 1], [0, 0, 1], [300_000, 900_000, 100_000], places=[1, 1], locks=[PIN, 0, 0])
    found = turns(problem, np.array([[1, 0], [0, 1]]))
    assert found.total.tolist() == [600_000, 200_000]


def test_who_is_pinned_where_too_few_come_stays_and_the_turns_end() -> None:
    """Three are needed at 0, where one is pinned and one would come: the other goes to the second choice."""
    problem = build_problem([0, 1, 1], [0, 0, 1], [300_000, 900_000, 100_000], places=[3, 1], min_to_open=[3, 0],
                            locks=[PIN, 0, 0])  # fmt: skip
    found = turns(problem, np.array([[1, 0], [0, 1]]))
    assert found.total.tolist() == [600_000, 200_000]
    assert found.placed.tolist() == [2, 2]


def test_one_place_for_three_is_a_third_for_each_by_hand() -> None:
    problem = build_problem([0, 1, 2], [0, 0, 0], [900_000, 600_000, 300_000], places=[1])
    found = turns(problem, np.array(list(itertools.permutations(range(3)))))
    assert found.placed.tolist() == [2, 2, 2]
    assert found.mean().tolist() == [300_000, 200_000, 100_000]
    assert found.above(np.array([300_000, 199_999, 0])).tolist() == [False, True, True]


def test_drawn_orders_come_near_the_mean_of_all() -> None:
    problem = build_problem(
        [0, 0, 1, 1, 2, 2, 3], [0, 1, 0, 1, 0, 1, 1], [900_000, 200_000, 800_000, 700_000, 600_000, 100_000, 500_000],
        places=[1, 1],
    )  # fmt: skip
    every = turns(problem, np.array(list(itertools.permutations(range(4)))))
    drawn = random_turns(problem)
    for i in range(4):
        exact = every.total[i] / every.orders
        # the score of a student is between 0 and 0.9: its deviation is at most 0.45, six times over 1,000 orders
        assert drawn.total[i] / drawn.orders == pytest.approx(exact, abs=6 * 450_000 / 1_000**0.5)
        assert drawn.placed[i] / drawn.orders == pytest.approx(every.placed[i] / every.orders, abs=0.06)
    assert drawn.orders == 1_000


@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(problem: Problem, draw: object) -> None:
    turn = list(range(problem.n))
    draw.shuffle(turn)  # type: ignore[attr-defined]
    names = id_digests(f"s{i}" for i in range(problem.n))
    limits = [limit for limit in problem.limits if limit.students is None]

    def built(place: list[int]) -> Problem:
        ids = np.zeros(problem.n, dtype=np.uint64)
        ids[place] = names
        return build_problem(
            np.array(place)[problem.rows], problem.indices, problem.values, problem.places, n=problem.n,
            min_to_open=problem.min_to_open, present=problem.present, load=problem.load,
            load_capacity=problem.load_capacity, locks=problem.locks, limits=limits, student_ids=ids,
        )  # fmt: skip

    first = random_turns(built(list(range(problem.n))), orders=50)
    other = random_turns(built(turn), orders=50)
    assert other.total[turn].tolist() == first.total.tolist()


def test_nobody_and_nothing_have_no_turns() -> None:
    assert random_turns(build_problem([], [], [], places=[], n=0)).total.tolist() == []
    assert random_turns(build_problem([], [], [], places=[2], n=2)).placed.tolist() == [0, 0]


def test_many_students_are_drawn_in_parts_with_every_order_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = build_problem([0, 1, 2], [0, 0, 0], [900_000, 600_000, 300_000], places=[1])
    monkeypatch.setattr("matcher.turns._CELLS", 21)  # seven orders at a time
    found = random_turns(problem, orders=100)
    assert int(found.placed.sum()) == 100


def test_rows_turned_round_give_everybody_the_same_turns() -> None:
    names = id_digests(f"s{i}" for i in range(6))
    values = [900_000 - 50_000 * i for i in range(6)]
    first = random_turns(build_problem(range(6), [0] * 6, values, places=[2], student_ids=names), orders=100)
    turned = build_problem(range(6), [0] * 6, values[::-1], places=[2], student_ids=names[::-1])
    assert random_turns(turned, orders=100).total[::-1].tolist() == first.total.tolist()
    assert len(set(first.placed.tolist())) > 1  # a hundred draws are not even: the turns are these people's own
