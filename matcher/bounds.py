"""A bound on what any assignment of a `Residual` is worth, in whole numbers, from prices of any origin.

"One place each" is relaxed with student prices u >= 0, rows with prices y (positive on an upper, negative on a lower
bound), loads with prices l >= 0. What is left falls apart by opening and is solved exactly there: closed, or open with
its best students between its minimum and its places. For any such prices

    sum_i u_i + sum_g y_g bound_g + sum_j l_j capacity_j + sum_j phi_j(w_ij - u_i - y_ij - l_j load_ij)

is at least the optimum (Lagrangian relaxation [1]_). The prices come from a linear programme in doubles; rounded, they
cost the bound a little, never its truth: what a search prunes with it is pruned by proof.

References
----------
.. [1] A. M. Geoffrion, "Lagrangean relaxation for integer programming", Mathematical Programming Study 2, 1974.
   doi:10.1007/BFb0120690
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.constraints import Residual
from matcher.exact import Exact, exact_sum, roomy
from matcher.problem import Ints

FINEST = 2**20


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Whole-number prices in parts of a unit: ``scale`` of them are one unit of the stage.

    ``student`` (n,), ``row`` per row of the residual, ``load`` (m,) per unit of the residual's loads.
    """

    scale: int
    student: Exact
    row: Exact
    load: Exact


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """``total`` in parts of a unit, ``loss`` (q,) how far it drops when a free pair is taken, ``most`` in units."""

    total: int
    loss: Exact
    scale: int

    @property
    def most(self) -> int:
        """No assignment is worth more than this."""
        return self.total // self.scale

    def below(self, value: int) -> NDArray[np.bool_]:
        """Free pairs that no assignment worth ``value`` or more takes; shape (q,)."""
        return np.asarray(self.loss > self.total - value * self.scale, dtype=bool)


def scale_for(state: Residual, worth: Ints) -> int:
    """The parts of a unit that prices are rounded to, a power of two.

    A row with large coefficients multiplies the rounding of its price, so it asks for as many times finer parts.
    """
    size = max(int(np.abs(worth[state.pair]).max(initial=0)), 1)
    fine = FINEST
    while fine > 1 and size * fine > 2**52:
        fine //= 2
    largest = max((int(np.abs(r.coefficients).max()) for r in state.rows if r.coefficients is not None), default=1)
    return fine << min(largest.bit_length() - 1, 24)


def bound(state: Residual, worth: Ints, prices: Prices) -> Bound:
    """The bound above for ``worth`` (p,) of the problem's pairs, above being unplaced; ``taken`` pairs count in it."""
    student = np.maximum(prices.student, 0)
    signed = [_signed(price, r.lower, r.upper) for price, r in zip(prices.row, state.rows, strict=True)]
    row = np.array(signed, dtype=object)
    load = np.where(state.capacity >= 0, np.maximum(prices.load, 0), 0)
    reduced = _reduced(state, worth, Prices(prices.scale, student, row, load))
    total = exact_sum(worth[state.taken]) * prices.scale + exact_sum(student)
    total += sum(
        int(price) * int((r.upper if price > 0 else r.lower) or 0) for price, r in zip(row, state.rows, strict=True)
    )
    priced = np.flatnonzero(np.asarray(load != 0, dtype=bool))
    paid = np.zeros(state.m, dtype=object)
    paid[priced] = [int(load[j]) * int(state.capacity[j]) for j in priced]
    best, loss = _openings(state, reduced, paid)
    return Bound(total + best, loss, prices.scale)


def _signed(price: int, lower: int | None, upper: int | None) -> int:
    if (price > 0 and upper is None) or (price < 0 and lower is None):
        return 0
    return int(price)


def _reduced(state: Residual, worth: Ints, prices: Prices) -> Exact:
    """Worth of each free pair after all prices but those of openings, in int64 where that is safe."""
    own = worth[state.pair]
    size = int(np.abs(own).max(initial=0)) * prices.scale + int(np.abs(prices.student).max(initial=0))
    for price, row in zip(prices.row, state.rows, strict=True):
        size += abs(price) * (1 if row.coefficients is None else int(np.abs(row.coefficients).max(initial=0)))
    size += int(np.abs(prices.load).max(initial=0)) * int(state.load.max(initial=0))
    kind: type = np.int64 if size < 2**60 else object
    reduced: Exact = own.astype(kind) * prices.scale - prices.student.astype(kind)[state.student]
    for price, row in zip(prices.row, state.rows, strict=True):
        if price:
            part: Exact | int = 1 if row.coefficients is None else row.coefficients.astype(kind)
            reduced[np.searchsorted(state.pair, row.pairs)] -= part * price
    if np.asarray(prices.load != 0, dtype=bool).any():
        reduced -= state.load.astype(kind) * prices.load.astype(kind)[state.opening]
    return roomy(reduced, len(reduced) + 1)


def _openings(state: Residual, reduced: Exact, paid: NDArray[np.object_]) -> tuple[int, Exact]:
    """Sum over openings of the best they can do at these reduced worths, and what taking each pair costs that."""
    m, q = state.m, len(reduced)
    if not q:
        return sum(paid[np.flatnonzero((state.need <= 0) | state.is_open)].tolist()), reduced
    order = np.lexsort((-_ranks(reduced), state.opening))
    worth, column = reduced[order], state.opening[order]
    start = np.searchsorted(column, np.arange(m))
    rank = np.arange(q) - start[column]
    inside = (rank < state.places[column]) & ((rank < state.need[column]) | np.asarray(worth > 0, dtype=bool))
    value = np.zeros(m, dtype=reduced.dtype)
    np.add.at(value, column[inside], worth[inside])
    count = np.bincount(column[inside], minlength=m)
    value = value.astype(object) + paid
    grouped = (state.need > 0) & ~state.is_open
    best = np.where(grouped, np.maximum(value, 0), value)
    last = worth[np.minimum(start + np.maximum(count, 1) - 1, q - 1)]
    last = np.where(count > 0, last, 0)
    margin = np.where(count < state.places, np.minimum(last, 0), last)
    opened = np.maximum(best - value, 0)
    if reduced.dtype != object:
        opened = np.minimum(opened, 2**61).astype(np.int64)
    loss = np.empty_like(reduced)
    loss[order] = opened[column] + np.where(inside, 0, margin[column] - worth)
    return sum(best.tolist()), loss


def _ranks(numbers: Exact) -> Ints:
    if numbers.dtype != object:
        return numbers
    rank = {number: k for k, number in enumerate(sorted(set(numbers.tolist())))}
    return np.array([rank[number] for number in numbers.tolist()], dtype=np.int64)
