"""A first plan for many groups at once: the relaxation says which of them open, and which pairs are worth looking at.

Only a proposal: whether it is the best, or best in the first stage, is for bounds to say. A programme over all pairs
that looks for whole numbers would take minutes; two relaxations and a search among the few pairs they use take seconds.
"""
from __future__ import annotations

import numpy as np

from matcher.bounds import Bound, bound
from matcher.constraints import Residual, Row, closing, dropping, opening, with_row
from matcher.exact import exact_sum
from matcher.milp import relax, search
from matcher.problem import Ints, Problem
from matcher.tree import HALF, holds

PAIRS = 40_000
"""Pairs among which the plan is made, those that cost the bound least."""
NODES = 200
"""Nodes of HiGHS's search among the pairs that the relaxation uses."""


def rounded(
    problem: Problem, state: Residual, first: Ints, then: Ints, most: int, *, deadline: float | None = None
) -> Ints | None:
    """Pairs of a plan worth ``most`` in ``first`` and much in ``then``; None where none comes of it.

    Parameters
    ----------
    problem : Problem
        Where pairs come from; the plan holds all its limits.
    state : Residual
        What may be taken.
    first, then : int64 arrays, shape (p,)
        Worth of each pair above being unplaced, in the stage whose best is hoped to be ``most`` and in the next.
    most : int
        A bound on the first stage.
    deadline : float, optional
        On the clock of `time.monotonic`.
    """
    everywhere = np.sort(np.concatenate((state.pair, state.taken)))
    everywhere = everywhere[first[everywhere] != 0]
    held = with_row(state, Row(everywhere, first[everywhere], most, None))
    if held is None:
        return None
    found = relax(held, then, deadline=deadline)
    if found.infeasible:
        return None
    sides = sorted(zip(np.abs(found.y - 0.5).tolist(), held.grouped.tolist(), (found.y >= 0.5).tolist(), strict=True))
    fixed = _near(held, bound(held, then, found.prices))
    if fixed is None:
        return None
    for _, j, opens in reversed(sides):  # the surest first; what it leaves no choice about is settled by then
        if j in set(fixed.grouped.tolist()):
            after = (opening if opens else closing)(fixed, j)
            after = after if after is not None else (closing if opens else opening)(fixed, j)
            if after is None:
                return None
            fixed = after
    whole = relax(fixed, then, deadline=deadline)
    few = None if whole.infeasible else dropping(fixed, whole.x <= HALF)
    chosen = None if few is None else search(few, then, nodes=NODES, deadline=deadline).chosen
    if few is None or chosen is None:
        return None
    pairs: Ints = np.sort(np.concatenate((few.taken, chosen)))
    return pairs if exact_sum(first[pairs]) == most and holds(problem, state, pairs) else None


def _near(state: Residual, reach: Bound) -> Residual | None:
    """Only the pairs that cost the bound least."""
    if len(state.pair) <= PAIRS:
        return state
    loss = np.asarray(reach.loss, dtype=float)
    return dropping(state, loss > np.partition(loss, PAIRS)[PAIRS])


__all__ = ["rounded"]
