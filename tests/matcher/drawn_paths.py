"""Drawn problems for the sparse engine, and two judges that share no line with it."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from matcher.paths import PathResult

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Drawn:
    """What ``solve_paths`` is given."""

    indptr: Ints
    indices: Ints
    places: Ints
    weights: list[Ints]
    unplaced: list[Ints | int]

    @property
    def n(self) -> int:
        return len(self.indptr) - 1

    def parts(self) -> tuple[Ints, Ints, Ints, list[Ints], list[Ints | int]]:
        return self.indptr, self.indices, self.places, self.weights, self.unplaced

    def worth(self, stage: int) -> Ints:
        return np.broadcast_to(np.asarray(self.unplaced[stage], dtype=np.int64), (self.n,))


KINDS = ("placed", "fit", "fit then priority", "priority only", "fit only", "ties alone decide")


SIZES = (2, 4, 100, 10**6, 10**12, 10**15)


def draw_problem(seed: int, kind: str, *, n: int, m: int, sizes: Sequence[int] = SIZES) -> Drawn:
    """Draw a problem with empty rows, openings without places, ties and values of every size."""
    rng = np.random.default_rng(seed)
    eligible = rng.random((n, m)) < rng.uniform(0.2, 1)
    indptr = np.concatenate(([0], np.cumsum(eligible.sum(axis=1)))).astype(np.int64)
    rows, indices = (part.astype(np.int64) for part in np.nonzero(eligible))
    places = rng.integers(0, rng.choice([2, 4]), m)
    size = int(rng.choice(sizes))
    low = int(rng.choice([0, -size]))
    priority = rng.integers(0, 3, n)[rows]
    fit = rng.integers(low, size, len(rows))
    tie = rng.integers(0, rng.choice([3, 2**32]), len(rows))
    worth = rng.integers(low, size, n)
    choices: dict[str, tuple[list[Ints], list[Ints | int]]] = {
        "placed": ([priority, fit, tie], [0, 0, 0]),
        "fit": ([fit, tie], [int(rng.integers(low, size)), 0]),
        "fit then priority": ([fit, priority, tie], [worth, 0, 0]),
        "priority only": ([priority], [rng.integers(0, 3, n)]),
        "fit only": ([fit], [0]),
        "ties alone decide": ([priority, 0 * fit, tie], [rng.integers(0, 3, n), 0, 0]),
    }
    return Drawn(indptr, indices, places, *choices[kind])


def best_by_enumeration(drawn: Drawn) -> tuple[int, ...]:
    """Try every plan; return the greatest values."""
    best: tuple[int, ...] = ()
    choices = [[-1, *range(drawn.indptr[i], drawn.indptr[i + 1])] for i in range(drawn.n)]
    worths = [drawn.worth(stage).tolist() for stage in range(len(drawn.weights))]
    weights = [weight.tolist() for weight in drawn.weights]
    for plan in product(*choices):
        used = np.bincount([drawn.indices[e] for e in plan if e >= 0], minlength=len(drawn.places))
        if (used > drawn.places).any():
            continue
        values = tuple(
            sum(weight[e] if e >= 0 else worth[i] for i, e in enumerate(plan))
            for weight, worth in zip(weights, worths, strict=True)
        )
        best = max(best, values) if best else values
    return best


def values_proved_by(drawn: Drawn, result: PathResult) -> tuple[int, ...]:
    """Check plan and prices by the rule in the documentation of ``solve_paths``; return the values they prove."""
    n, m = drawn.n, len(drawn.places)
    plan = result.assignment
    rows = np.repeat(np.arange(n), np.diff(drawn.indptr))
    held = plan[rows] == drawn.indices
    assert np.array_equal(np.bincount(rows[held], minlength=n), plan >= 0)
    used = np.bincount(plan[plan >= 0], minlength=m)
    assert (used <= drawn.places).all()
    usable = np.ones(len(rows), dtype=bool)
    placed, full = np.zeros(n, dtype=bool), np.zeros(m, dtype=bool)
    values = []
    for stage, weight in enumerate(drawn.weights):
        u, v = result.student_prices[stage], result.opening_prices[stage]
        assert u.dtype == v.dtype == np.int64
        worth = drawn.worth(stage)
        slack = u[rows] + v[drawn.indices] - weight
        assert (slack[usable] >= 0).all()
        assert usable[held].all()
        assert (u[~placed] >= worth[~placed]).all()
        assert (v[~full] >= 0).all()
        assert not (placed & (plan < 0)).any()
        assert not (full & (used < drawn.places)).any()
        value = sum(weight[held].tolist()) + sum(worth[plan < 0].tolist())
        assert value == sum(u.tolist()) + sum((drawn.places.astype(object) * v).tolist())
        values.append(value)
        usable &= slack == 0
        placed |= u > worth
        full |= v > 0
    return tuple(values)


def same_bits(first: PathResult, second: PathResult) -> bool:
    """Tell whether two results agree in every plan and price."""
    pairs = zip(
        (first.assignment, *first.student_prices, *first.opening_prices),
        (second.assignment, *second.student_prices, *second.opening_prices),
        strict=True,
    )
    return all(np.array_equal(a, b) for a, b in pairs)
