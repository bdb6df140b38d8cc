"""The sparse engine: exact lexicographic assignment by augmenting shortest paths, with prices as proof.

Capacities stay capacities (no copied columns), pairs are stored once, all numbers are integers. The plan and
the prices do not depend on which kernels run: a plan that is not unique is settled by one more, hidden
stage, and of all optimal prices the least ones are given.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Column
from matcher.faces import Face, whole_face
from matcher.kernels import available, compiled_kernels, loaded
from matcher.levels import LIMIT, Graph, Plan, close_pairs, home_of, place_most, solve_level
from matcher.small import is_small, priced, solve_small

Ints = NDArray[np.int64]
STEPS = 500  # steps of an auction from the least worth to the greatest
HUGE = 3_000_000  # pairs from which compiling anew in every process pays
MANY = 20_000  # pairs from which loading the compiled kernels pays


@dataclass(frozen=True, slots=True)
class PathResult:
    """An optimal plan with, per stage, the prices that prove it.

    ``assignment`` (n,) is each student's opening or -1, ``pair`` (n,) the number of that pair or -1.
    ``student_prices`` and ``opening_prices`` hold per stage an int64 array (n,) and (m,): see
    :func:`solve_paths` for the rule they obey.
    """

    assignment: Ints
    pair: Ints
    student_prices: tuple[Ints, ...]
    opening_prices: tuple[Ints, ...]


def solve_paths(
    indptr: Ints, indices: Ints, places: Ints, stage_weights: Sequence[Ints | Column],
    stage_unplaced: Sequence[Ints | int], *, engine: str = "auto",
) -> PathResult:
    """Assign students to openings so that the stages are greatest in lexicographic order.

    Parameters
    ----------
    indptr, indices : int64 arrays, shapes (n + 1,) and (p,)
        Pairs row by row (CSR): the openings of student i are ``indices[indptr[i]:indptr[i + 1]]``.
    places : int64 array, shape (m,)
        Places per opening, 0 or more.
    stage_weights : sequence of int64 arrays or columns, shape (p,)
        Worth of each pair, per stage; higher is better; negative worth is allowed.
    stage_unplaced : sequence of int or int64 array of shape (n,)
        What it is worth to leave a student unplaced, per stage.
    engine : {"auto", "plain", "compiled"}
        Which kernels run; "auto" compiles when numba is there. The result is the same.

    Returns
    -------
    PathResult
        Per stage, u (students) and v (openings) with ``u_i + v_j >= w_ij``, equal where i is placed in j;
        ``u_i`` is the unplaced worth of an unplaced student and at least that of any other;
        ``v_j >= 0``, and 0 where a place stands free; so the value is ``sum(u) + sum(places * v)``. In a
        later stage these hold for the pairs, students and openings without slack in all earlier ones.
        v is the least optimal price: what one more place would be worth.

    Raises
    ------
    RuntimeError
        If ``engine`` is "compiled" and numba is absent.

    References
    ----------
    .. [1] R. Jonker and A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
       assignment problems", Computing 38, 1987. doi:10.1007/BF02278710
    .. [2] D. F. Crouse, "On implementing 2D rectangular assignment algorithms", IEEE Trans. Aerosp.
       Electron. Syst. 52(4), 2016. doi:10.1109/TAES.2016.140952
    .. [3] J. Edmonds, "Matroids and the greedy algorithm", Math. Programming 1, 1971.
       doi:10.1007/BF01584082
    """
    compiled = use_compiled(engine, len(indices))
    face = whole_face(indptr, indices, places, stage_weights, stage_unplaced)
    students: list[Ints] = []
    openings: list[Ints] = []
    only: Ints | None = None
    number: Ints | None = None  # of the pairs of the face, among all
    while True:
        solved = _solve(face, only, compiled=compiled)
        plan = solved.plan
        for weight, worth, price in zip(face.weights, face.worths, solved.prices, strict=False):
            own = worth.copy()
            held = np.flatnonzero(plan.home >= 0)
            own[held] = weight[plan.at[held]] - price[plan.home[held]]
            students.append(own)
            openings.append(price)
        face, at, chosen = _narrow(face, solved, compiled=compiled)
        number = chosen if number is None else number[chosen]
        done = len(students) >= len(stage_weights)
        # Where one plan is left, later stages change prices only. Compiled, asking takes longer than solving on.
        ask = only is None and (done or not compiled)
        if only is not None or (ask and face.is_unique(plan.home, at, compiled=compiled)):
            only = at
        if done and (only is not None or len(students) > len(stage_weights)):
            break
        if done:
            face = face.with_draw()
    known = len(stage_weights)
    return PathResult(plan.home, home_of(number, at), tuple(students[:known]), tuple(openings[:known]))


def use_compiled(engine: str, pairs: int) -> bool:
    """Decide which kernels run: loading the compiled ones takes longer than a small problem.

    Raises
    ------
    RuntimeError
        If ``engine`` is "compiled" and numba is absent.
    """
    if engine == "plain" or (engine == "auto" and (not available() or (pairs < MANY and not loaded()))):
        return False
    tool = compiled_kernels()
    if engine == "compiled":
        if tool is None:
            raise RuntimeError("the compiled engine needs numba: install the extra `fast`")
        return True
    return tool is not None and (tool.kept or pairs >= HUGE)


@dataclass(frozen=True, slots=True)
class _Solved:
    """What a level gave: the pairs and unplaced worth it solved, its plan, and prices per stage."""

    graph: Graph
    worth: NDArray[Any]
    plan: Plan
    prices: tuple[Ints, ...]


def _solve(face: Face, only: Ints | None, *, compiled: bool) -> _Solved:
    """Solve the next stage, or two in one when the first is the same at every opening (priorities are).

    ``only`` gives the pair of each student in the one plan that is left, if it is known to be the only one.
    """
    gain = None if face.must_place.any() or face.must_fill.any() else face.flat_gain()
    if gain is None:
        return _solve_one(face, only, compiled=compiled)
    if len(face.weights) == 1:
        most = place_most(face.bare(), gain, face.places, compiled=compiled)
        flat = Graph(face.indptr, face.indices, np.repeat(gain, np.diff(face.indptr)), len(face.places))
        return _Solved(flat, np.zeros_like(gain), most, (most.price,))
    # One unit of the first stage outweighs anything the second can gain along a path of exchanges.
    scale = face.scale(1)
    top = 8 * scale * (2 + int(np.abs(gain).max(initial=0)))
    exact = np.int64 if top < LIMIT else object
    worth = face.worths[1] - gain.astype(exact) * scale
    graph = face.graph(1)
    if is_small(graph, face.places, top, compiled=compiled):
        plan = solve_small(graph, worth, face.places)
    else:
        most = place_most(face.bare(), gain, face.places, compiled=compiled)
        start = most.price.astype(exact) * scale
        step = face.spread(1) // STEPS
        plan = solve_level(graph, worth, face.places, start, top=top, step=step, compiled=compiled)
    first = (plan.price + scale // 2) // scale
    return _Solved(graph, worth, plan, (first.astype(np.int64), (plan.price - first * scale).astype(np.int64)))


def _solve_one(face: Face, only: Ints | None, *, compiled: bool) -> _Solved:
    """Solve the next stage with whoever must be placed and whatever must be filled at a price beyond all others."""
    scale = face.scale(0)
    top = 8 * scale
    exact = np.int64 if top < LIMIT else object
    must_fill = face.must_fill.astype(exact) * scale
    worth = face.worths[0] - face.must_place.astype(exact) * scale
    graph = face.graph(0)
    if face.must_fill.any():
        graph = replace(graph, weight=graph.weight + must_fill[face.indices])
    if only is not None and top < LIMIT:
        plan = priced(graph, worth, only)
    elif is_small(graph, face.places, top, compiled=compiled):
        plan = solve_small(graph, worth, face.places)
    else:
        step = face.spread(0) // STEPS
        plan = solve_level(graph, worth, face.places, must_fill, top=top, step=step, compiled=compiled)
    return _Solved(graph, worth, plan, ((plan.price - must_fill).astype(np.int64),))


def _narrow(face: Face, solved: _Solved, *, compiled: bool) -> tuple[Face, Ints, Ints]:
    """Keep the pairs without slack; also give, for each student, the number its pair has among them, and them."""
    plan = solved.plan
    lengths, chosen = close_pairs(solved.graph, plan.own, plan.price, 1, compiled=compiled)
    stages = len(solved.prices)
    kept = Face(
        np.concatenate(([0], np.cumsum(lengths))),
        face.indices[chosen],
        face.places,
        tuple(weight[chosen] for weight in face.weights[stages:]),
        face.worths[stages:],
        plan.own > solved.worth,
        plan.price > 0,
    )
    at = np.where(plan.at < 0, -1, np.searchsorted(chosen, plan.at))
    return kept, at, chosen
