"""The problem as a linear programme for HiGHS, made from its numbers alone: a bound, and a search for better.

HiGHS works in doubles, so nothing it says is taken on trust: its dual prices become whole numbers and enter
`matcher.certificate_bounds.bound`, which is right for any prices; an assignment it finds is checked like any other.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, vstack

from matcher.certificate_bounds import LOAD_UNIT, Prices, bound
from matcher.certificate_values import Worth
from matcher.problem import PIN, Ints, Problem

Floats = NDArray[np.float64]
LARGE = 1e7
FINE = 2**10
"""Prices are rounded to this part of a unit of the stage, so that rounding costs the bound less than one unit."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Rows ``matrix @ z <= upper``; z is x for the pairs (p,), then y for the openings with a minimum.

    ``blocks`` says which rows are whose: students, openings, minimums, loads, at most, at least. Each load row is
    divided by its ``load_scale``, the largest load in it, so that small loads do not drown in tolerances.
    """

    matrix: csr_array
    upper: Floats
    low: Floats
    high: Floats
    blocks: dict[str, slice]
    load_scale: Floats


def model(problem: Problem) -> Model:
    """All limits of the problem as rows; the minimum to open with a variable per opening."""
    p, n, m = problem.p, problem.n, problem.m
    grouped = np.flatnonzero((problem.required > 1) & ~problem.closed)
    pairs = np.arange(p)
    column_of = np.full(m, -1)
    column_of[grouped] = p + np.arange(len(grouped))
    inside = np.flatnonzero(column_of[problem.indices] >= 0)
    row_of = np.cumsum(column_of >= 0) - 1
    capped = np.flatnonzero(problem.load_capacity >= 0)
    load_row = np.full(m, -1)
    load_row[capped] = np.arange(len(capped))
    loaded = np.flatnonzero((load_row[problem.indices] >= 0) & (problem.load > 0))
    width = p + len(grouped)
    students = _rows((problem.rows, pairs, np.ones(p)), (n, width))
    openings = _rows((problem.indices, pairs, np.ones(p)), (m, width)) - _rows(
        (grouped, column_of[grouped], problem.places[grouped].astype(float)), (m, width)
    )
    size = (len(grouped), width)
    minimums = _rows((row_of[grouped], column_of[grouped], problem.required[grouped].astype(float)), size)
    minimums -= _rows((row_of[problem.indices[inside]], inside, np.ones(len(inside))), size)
    load_scale = np.ones(m)
    np.maximum.at(load_scale, problem.indices[loaded], problem.load[loaded].astype(float))
    scaled = problem.load[loaded] / load_scale[problem.indices[loaded]]
    loads = _rows((load_row[problem.indices[loaded]], loaded, scaled), (len(capped), width))
    members = [np.flatnonzero(problem.in_limit(rule)) for rule in problem.limits]
    sides = {}
    for side, sign in (("at_most", 1.0), ("at_least", -1.0)):
        parts = [
            (np.full(len(who), row), who, np.full(len(who), sign))
            for row, who in enumerate(members[g] for g in bounded(problem, side))
        ]
        sides[side] = _rows(_joined(parts), (len(parts), width))
    most = [float(problem.limits[g].at_most or 0) for g in bounded(problem, "at_most")]
    least = [-float(problem.limits[g].at_least or 0) for g in bounded(problem, "at_least")]
    named: list[tuple[str, csr_array, Floats]] = [
        ("student", students, np.ones(n)),
        ("opening", openings, np.where(column_of >= 0, 0.0, problem.places.astype(float))),
        ("minimum", minimums, np.zeros(len(grouped))),
        ("load", loads, problem.load_capacity[capped] / load_scale[capped]),
        ("at_most", sides["at_most"], np.array(most)),
        ("at_least", sides["at_least"], np.array(least)),
    ]
    blocks, first = {}, 0
    for name, block, _ in named:
        blocks[name] = slice(first, first + block.shape[0])
        first += block.shape[0]
    return Model(
        matrix=vstack([block for _, block, _ in named], format="csr"),
        upper=np.concatenate([right for _, _, right in named]),
        low=np.concatenate([(problem.locks == PIN).astype(float), np.zeros(len(grouped))]),
        high=np.concatenate([problem.usable.astype(float), np.ones(len(grouped))]),
        blocks=blocks,
        load_scale=load_scale[capped],
    )


def bounded(problem: Problem, side: str) -> list[int]:
    """The group limits with an ``at_most`` or an ``at_least``."""
    return [g for g, rule in enumerate(problem.limits) if getattr(rule, side) is not None]


def stage_bound(problem: Problem, shape: Model, worths: Sequence[Worth], values: Sequence[int]) -> int | None:
    """A bound on the last of ``worths`` among assignments worth at least ``values`` in those before it.

    None when HiGHS gives no prices (an assignment exists, so that is a matter of numerics only).
    """
    *before, last = worths
    if not problem.p:
        return last.unplaced * problem.n
    goal, scale = _objective(problem, last, shape)
    extra = [_objective(problem, worth, shape) for worth in before]
    rows = [csr_array(-weight[None, :]) for weight, _ in extra]
    right = [
        -(value - worth.unplaced * problem.n) / size
        for worth, value, (_, size) in zip(before, values, extra, strict=True)
    ]
    result = linprog(
        -goal,
        A_ub=vstack([shape.matrix, *rows], format="csr"),
        b_ub=np.concatenate([shape.upper, np.array(right)]),
        bounds=np.column_stack([shape.low, shape.high]),
        method="highs",
    )
    if result.status != 0:
        return None
    dual = -result.ineqlin.marginals * scale  # >= 0, in units of the stage
    dual_of = {name: dual[block] for name, block in shape.blocks.items()}
    worth, unplaced, off = last.pair.astype(object) * FINE, last.unplaced * FINE, 0
    for k, (earlier, value, (_, size)) in enumerate(zip(before, values, extra, strict=True)):
        factor = _whole(dual[len(shape.upper) + k : len(shape.upper) + k + 1] / size)[0]
        worth = worth + earlier.pair.astype(object) * factor
        unplaced += earlier.unplaced * factor
        off += value * factor
    load = np.zeros(problem.m, dtype=object)
    load[problem.load_capacity >= 0] = _whole(dual_of["load"] * LOAD_UNIT / shape.load_scale)
    limit = np.zeros(len(problem.limits), dtype=object)
    limit[bounded(problem, "at_most")] += _whole(dual_of["at_most"])
    limit[bounded(problem, "at_least")] -= _whole(dual_of["at_least"])
    prices = Prices(_whole(dual_of["student"]) + unplaced, limit, load)
    return (bound(problem, _narrow(worth), unplaced, prices) - off) // FINE


def find_better(
    problem: Problem,
    shape: Model,
    worths: Sequence[Worth],
    values: Sequence[int],
    *,
    held: Sequence[tuple[Ints, int]],
    nodes: int,
) -> Ints | None:
    """The pairs (n,) of an assignment that HiGHS finds best in the last of ``worths``, or None.

    Earlier ``worths`` are held at ``values`` or more, and each of ``held`` (pairs, count) to at most ``count`` of
    those pairs. ``nodes`` limits the search, so that the answer does not depend on the clock.
    """
    *before, last = worths
    if not problem.p:
        return np.full(problem.n, -1, dtype=np.int64)
    goal, _ = _objective(problem, last, shape)
    width = len(shape.low)
    rows = [LinearConstraint(shape.matrix, -np.inf, shape.upper)]
    for worth, value in zip(before, values, strict=True):
        weight, size = _objective(problem, worth, shape)
        rows.append(LinearConstraint(csr_array(weight[None, :]), (value - worth.unplaced * problem.n) / size, np.inf))
    for pairs, count in held:
        row = _rows((np.zeros(len(pairs), int), pairs, np.ones(len(pairs))), (1, width))
        rows.append(LinearConstraint(row, -np.inf, count))
    result = milp(
        -goal,
        integrality=np.ones(width),
        bounds=Bounds(shape.low, shape.high),
        constraints=rows,
        options={"mip_rel_gap": 0.0, "node_limit": nodes},
    )
    if result.x is None:
        return None
    taken = np.flatnonzero(result.x[: problem.p] > 0.5)
    pair = np.full(problem.n, -1, dtype=np.int64)
    pair[problem.rows[taken]] = taken
    return pair


def _objective(problem: Problem, worth: Worth, shape: Model) -> tuple[Floats, float]:
    """Worth above being unplaced, scaled down to `LARGE` in size where it is more, and the scale."""
    above = (worth.pair - worth.unplaced).astype(float)
    scale = max(float(np.abs(above).max(initial=0.0)) / LARGE, 1.0)
    return np.concatenate([above / scale, np.zeros(len(shape.low) - problem.p)]), scale


def _whole(dual: Floats) -> NDArray[np.object_]:
    return np.array([round(max(float(value), 0.0) * FINE) for value in dual], dtype=object)


def _narrow(worth: NDArray[np.object_]) -> NDArray[np.object_] | Ints:
    small = all(-(2**58) < value < 2**58 for value in worth)
    return worth.astype(np.int64) if small else worth


def _rows(entries: tuple[NDArray[np.int64], NDArray[np.int64], Floats], shape: tuple[int, int]) -> csr_array:
    row, column, value = entries
    return coo_array((value, (row, column)), shape=shape).tocsr()


def _joined(
    parts: Sequence[tuple[NDArray[np.int64], NDArray[np.int64], Floats]],
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    if not parts:
        return np.zeros(0, int), np.zeros(0, int), np.zeros(0)
    rows, columns, values = zip(*parts, strict=True)
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(values)
