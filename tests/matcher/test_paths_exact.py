"""The sparse engine against enumeration, an independent solver and its own proof."""
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from matcher.kernels import available
from matcher.paths import solve_paths
from tests.matcher.drawn_paths import KINDS, best_by_enumeration, draw_problem, same_bits, values_proved_by

ENGINES = ["plain", pytest.param("compiled", marks=pytest.mark.skipif(not available(), reason="numba is absent"))]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("engine", ENGINES)
def test_small_plans_equal_enumeration_and_are_proved_by_their_prices(kind: str, engine: str) -> None:
    for seed in range(60):
        drawn = draw_problem(seed, kind, n=seed % 6, m=seed % 5)
        result = solve_paths(*drawn.parts(), engine=engine)
        assert values_proved_by(drawn, result) == best_by_enumeration(drawn)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_thousand_small_plans_equal_enumeration(kind: str) -> None:
    for seed in range(1000, 2000):
        drawn = draw_problem(seed, kind, n=1 + seed % 6, m=1 + seed % 4)
        assert values_proved_by(drawn, solve_paths(*drawn.parts())) == best_by_enumeration(drawn)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("engine", ENGINES)
def test_medium_plans_are_proved_by_their_prices(kind: str, engine: str) -> None:
    for seed in range(8):
        drawn = draw_problem(seed, kind, n=40 + 10 * (seed % 3), m=25)
        values_proved_by(drawn, solve_paths(*drawn.parts(), engine=engine))


def test_the_first_stage_equals_dense_assignment() -> None:
    for seed in range(20):
        drawn = draw_problem(seed, "fit only", n=60, m=30, sizes=(100, 10**6))
        n, seats = drawn.n, np.repeat(np.arange(30), drawn.places)
        dense = np.full((n, 30), -1e12)
        rows = np.repeat(np.arange(n), np.diff(drawn.indptr))
        dense[rows, drawn.indices] = drawn.weights[0]
        table = np.concatenate((dense[:, seats], np.zeros((n, n))), axis=1)
        chosen = linear_sum_assignment(table, maximize=True)
        assert values_proved_by(drawn, solve_paths(*drawn.parts())) == (int(table[chosen].sum()),)


@pytest.mark.skipif(not available(), reason="numba is absent")
@pytest.mark.parametrize("kind", KINDS)
def test_plain_and_compiled_give_the_same_bits(kind: str) -> None:
    for seed in range(40):
        drawn = draw_problem(seed, kind, n=5 + seed, m=3 + seed // 2)
        assert same_bits(solve_paths(*drawn.parts(), engine="plain"), solve_paths(*drawn.parts(), engine="compiled"))


@pytest.mark.parametrize("kind", ["placed", "fit"])
def test_the_price_of_an_opening_is_what_one_more_place_is_worth(kind: str) -> None:
    for seed in range(12):
        drawn = draw_problem(seed, kind, n=9, m=5)
        result = solve_paths(*drawn.parts())
        before = values_proved_by(drawn, result)
        for j in range(5):
            more = drawn.places.copy()
            more[j] += 1
            again = solve_paths(drawn.indptr, drawn.indices, more, drawn.weights, drawn.unplaced)
            values = values_proved_by(replace(drawn, places=more), again)
            gained = tuple(now - then for now, then in zip(values, before, strict=True))
            assert gained == tuple(int(v[j]) for v in result.opening_prices)


def test_the_plan_does_not_depend_on_the_order_of_rows() -> None:
    drawn = draw_problem(3, "placed", n=30, m=12)
    rows = np.repeat(np.arange(30), np.diff(drawn.indptr))
    turned = np.argsort(29 - rows, kind="stable")
    indptr = np.concatenate(([0], np.cumsum(np.diff(drawn.indptr)[::-1])))
    weights = [drawn.weights[0], drawn.weights[1], np.arange(len(rows)) ** 3 % 4294967291]
    first = solve_paths(drawn.indptr, drawn.indices, drawn.places, weights, [0, 0, 0])
    second = solve_paths(indptr, drawn.indices[turned], drawn.places, [part[turned] for part in weights], [0, 0, 0])
    assert np.array_equal(first.assignment, second.assignment[::-1])


@pytest.mark.parametrize("engine", ENGINES)
def test_values_wider_than_64_bits_in_between_stay_exact(engine: str) -> None:
    drawn = draw_problem(5, "placed", n=30, m=20, sizes=(10**17,))
    values_proved_by(drawn, solve_paths(*drawn.parts(), engine=engine))


@pytest.mark.parametrize("engine", ENGINES)
def test_no_students_no_openings_and_no_pairs_are_plans_too(engine: str) -> None:
    none = np.zeros(0, dtype=np.int64)
    assert len(solve_paths(np.zeros(1, dtype=np.int64), none, none, [none], [0], engine=engine).assignment) == 0
    result = solve_paths(np.zeros(3, dtype=np.int64), none, np.array([2]), [none, none], [5, 0], engine=engine)
    assert result.assignment.tolist() == [-1, -1]
    assert result.student_prices[0].tolist() == [5, 5]
    assert result.opening_prices[0].tolist() == [0]
