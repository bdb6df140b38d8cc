"""Programmes through highspy against SciPy's own HiGHS, against Farkas' lemma and against counting."""
from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from matcher import highs as highs_module
from matcher.highs import Floats, Programme, solve_integer, solve_linear


def drawn(seed: int) -> tuple[Floats, Programme]:
    """A few columns and rows of small whole numbers, about half of them infeasible."""
    rng = np.random.default_rng(seed)
    columns, rows = int(rng.integers(1, 8)), int(rng.integers(1, 6))
    matrix = csr_array(rng.integers(-3, 4, (rows, columns)).astype(float))
    upper = rng.integers(-4, 5, rows).astype(float)
    names = 10 * rng.permutation(columns), 7 + 10 * rng.permutation(rows)
    return rng.integers(-5, 6, columns).astype(float), Programme(matrix, np.full(rows, -np.inf), upper, *names)


@pytest.mark.parametrize("seed", range(80))
def test_an_optimum_is_scipys_and_a_ray_shows_that_nothing_holds_the_rows(seed: int) -> None:
    cost, programme = drawn(seed)
    dense = programme.matrix.toarray()
    other = linprog(cost, A_ub=dense, b_ub=programme.upper, bounds=(0, 1))
    found = solve_linear(cost, programme)
    assert (found.x is not None) == (other.status == 0)
    assert found.price is not None
    if found.x is None:  # price @ rows is at least price @ (least of the rows) > price @ upper for every z in [0, 1]
        assert np.minimum(found.price @ dense, 0.0).sum() > found.price @ programme.upper + 1e-9
        return
    assert cost @ found.x == pytest.approx(other.fun, abs=1e-7)
    least = np.minimum(cost + found.price @ dense, 0.0).sum() - found.price @ programme.upper  # weak duality, tight
    assert least == pytest.approx(other.fun, abs=1e-7)


@pytest.mark.parametrize("seed", range(40))
def test_beginning_at_the_basis_of_a_neighbour_ends_at_the_same_optimum(seed: int) -> None:
    cost, programme = drawn(seed)
    start = solve_linear(cost, programme).basis
    rng = np.random.default_rng(seed)
    kept = np.sort(rng.permutation(len(cost))[: max(len(cost) - 1, 1)])
    fewer = Programme(
        csr_array(programme.matrix.toarray()[:, kept]), programme.lower, programme.upper + 1.0,
        programme.columns[kept], programme.rows,
    )  # fmt: skip
    cold, warm = solve_linear(cost[kept], fewer), solve_linear(cost[kept], fewer, start=start)
    assert (cold.x is None) == (warm.x is None)
    if cold.x is not None and warm.x is not None:
        assert cost[kept] @ warm.x == pytest.approx(cost[kept] @ cold.x, abs=1e-7)


@pytest.mark.parametrize("seed", range(40))
def test_the_best_of_zeros_and_ones_is_what_counting_finds(seed: int) -> None:
    cost, programme = drawn(seed)
    dense = programme.matrix.toarray()
    every = [np.array(z, dtype=float) for z in product((0, 1), repeat=len(cost))]
    allowed = [float(cost @ z) for z in every if (dense @ z <= programme.upper + 1e-9).all()]
    found = solve_integer(cost, programme)
    assert found.finished
    assert found.infeasible == (not allowed)
    if found.x is not None:
        assert cost @ found.x == pytest.approx(min(allowed), abs=1e-6)


def test_a_search_that_may_not_begin_has_found_nothing_and_is_not_finished() -> None:
    rng = np.random.default_rng(5)
    weights = rng.integers(10, 60, (5, 40)).astype(float)
    programme = Programme(
        csr_array(weights), np.full(5, -np.inf), weights.sum(axis=1) // 3, np.arange(40), np.arange(5)
    )
    late = solve_integer(-rng.integers(10, 60, 40).astype(float), programme, seconds=1e-9)
    assert not late.finished
    assert not late.infeasible


def test_a_time_limit_counts_from_its_own_programme_on() -> None:
    rng = np.random.default_rng(0)
    wide = csr_array(rng.random((120, 600)))
    programme = Programme(wide, np.full(120, -np.inf), np.full(120, 20.0), np.arange(600), np.arange(120))
    while highs_module._fresh().getRunTime() < 1.5:
        solve_linear(-rng.random(600), programme)
    small = Programme(csr_array(np.ones((1, 2))), np.zeros(1), np.ones(1), np.arange(2), np.arange(1))
    assert solve_linear(np.array([-1.0, -2.0]), small, seconds=1.0).x is not None
    assert solve_integer(np.array([-1.0, -2.0]), small, seconds=1.0).finished
