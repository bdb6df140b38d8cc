"""Rows that every assignment holds and the relaxation does not: facets of each opening's set of loads and places.

Students of one load are alike to an opening, so what it can hold is a set of whole vectors z (how many of each load):
sum z <= places, sum load z <= capacity. The facet of its hull that the relaxation breaks most is the optimum of a
small linear programme over those vectors (a Fenchel cut [1]_); it is made whole and its right side recomputed by
counting, so the row is right whatever the doubles said. With many different loads a cover takes its place: students
too heavy to be in together, and all others at least as heavy as the heaviest of them [2]_.

References
----------
.. [1] E. A. Boyd, "Fenchel cutting planes for integer programs", Operations Research 42, 1994.
   doi:10.1287/opre.42.1.53
.. [2] E. Balas, "Facets of the knapsack polytope", Mathematical Programming 8, 1975. doi:10.1007/BF01580440
"""
from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from matcher.constraints import Residual, Row
from matcher.exact import exact_sum
from matcher.highs import Floats
from matcher.milp import relax
from matcher.problem import Ints

ROUNDS = 12
VECTORS = 2_000
BROKEN = 1e-4
"""A row is added when the relaxation breaks it by this much of its right side."""
DENOMINATORS = 60


def with_cuts(state: Residual, worth: Ints) -> Residual:
    """The same assignments under more rows, so that the relaxation of "highest ``worth``" (p,) is nearer to them."""
    capped = np.flatnonzero(state.capacity >= 0)
    if not len(capped):
        return state
    of = {int(j): np.flatnonzero(state.opening == j) for j in capped}
    vectors = {j: _vectors(state, j, at) for j, at in of.items()}
    basis = None
    for _ in range(ROUNDS):
        found = relax(state, worth, start=basis)
        basis = found.basis
        if found.infeasible:
            return state
        rows = []
        for j, at in of.items():
            if not _is_whole(found.x[at]):
                held = vectors[j]
                x = found.x[at]
                row = _cover(state, j, at, x) if held is None else _facet(state, at, x, *held)
                if row is not None:
                    rows.append(row)
        if not rows:
            return state
        state = replace(state, rows=(*state.rows, *rows))
    return state


def _is_whole(x: Floats) -> bool:
    return bool((np.minimum(x, 1.0 - x) < BROKEN).all())


def _vectors(state: Residual, j: int, at: Ints) -> tuple[Ints, Ints] | None:
    """The different loads at an opening, and the vectors of counts it can hold to the full; None: too many."""
    loads, count = np.unique(state.load[at], return_counts=True)
    places, capacity = int(state.places[j]), int(state.capacity[j])
    most = [
        min(int(number), places, capacity // int(load) if load else places)
        for load, number in zip(loads, count, strict=True)
    ]
    if np.prod([float(top + 1) for top in most]) > VECTORS:
        return None
    every = np.array(list(product(*(range(top + 1) for top in most))), dtype=np.int64)
    room = capacity - every @ loads
    fits = (room >= 0) & (every.sum(axis=1) <= places)
    spare = (every < np.array(most)) & (loads <= room[:, None])
    full = fits & ((every.sum(axis=1) == places) | ~spare.any(axis=1))
    return loads, every[full]


def _facet(state: Residual, at: Ints, x: Floats, loads: Ints, vectors: Ints) -> Row | None:
    """The facet that x (one entry per pair ``at``) breaks most."""
    kind = np.searchsorted(loads, state.load[at])
    point = np.bincount(kind, weights=x, minlength=len(loads))
    result = linprog(-point, A_ub=vectors.astype(float), b_ub=np.ones(len(vectors)), bounds=(0.0, 1.0), method="highs")
    if result.status != 0 or -result.fun <= 1.0 + BROKEN:
        return None
    factor = _whole(result.x)
    right = int((vectors @ factor).max())
    if float(point @ factor) <= right * (1.0 + BROKEN):
        return None
    return _row(state.pair[at], factor[kind], right)


def _whole(facet: Floats) -> Ints:
    """The facet in the smallest whole numbers that come near it."""
    for denominator in range(1, DENOMINATORS):
        if (np.abs(facet * denominator - np.rint(facet * denominator)) < 1e-6).all():
            return np.rint(facet * denominator).astype(np.int64)
    return np.rint(facet * 1_000).astype(np.int64)


def _cover(state: Residual, j: int, at: Ints, x: Floats) -> Row | None:
    """A cover that x breaks, greedily found and extended by all who are at least as heavy."""
    load = state.load[at]
    order = np.lexsort((np.arange(len(at)), -load, np.round((1.0 - x) / np.maximum(load, 1), 12)))
    order = order[load[order] > 0]
    inside = np.flatnonzero(np.cumsum(load[order]) > state.capacity[j])
    if not len(inside):
        return None
    cover: list[int] = order[: int(inside[0]) + 1].tolist()
    for k in sorted(cover, key=lambda k: (x[k], -int(load[k]))):  # none without which it is still a cover
        rest = [other for other in cover if other != k]
        if exact_sum(load[rest]) > state.capacity[j]:
            cover = rest
    heavy = np.zeros(len(at), dtype=bool)
    heavy[cover] = True
    heavy |= load >= load[cover].max()
    if float(x[heavy].sum()) <= (len(cover) - 1) * (1.0 + BROKEN):
        return None
    return _row(state.pair[at], heavy.astype(np.int64), len(cover) - 1)


def _row(pairs: Ints, coefficients: Ints, right: int) -> Row:
    inside: NDArray[np.bool_] = coefficients != 0
    used = coefficients[inside]
    return Row(pairs[inside], None if (used == 1).all() else used, None, right)
