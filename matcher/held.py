"""The problem near a plan: loads and minimums as counts that this plan holds, so that a linear programme solves it.

Where an opening's load binds, so many students of each load or more may be in as the plan leaves room for; groups
that are open stay open, closed ones closed. Whoever holds these counts holds the loads and minimums too, and counts
that nest make a network, whose linear programme has whole solutions.
"""
from __future__ import annotations

from dataclasses import replace

import numpy as np

from matcher.problem import FORBID, NO_LOAD_LIMIT, GroupLimit, Ints, Problem
from matcher.sensitivity_model import fitted, model


def held(problem: Problem, assignment: Ints) -> Problem | None:
    """The problem near a plan (n,) that holds every limit; None where its limits do not nest.

    Every plan of the new problem is one of the old.
    """
    shape = model(problem, "placed", 0)
    if shape is None:
        return None
    flow, state = fitted(shape, problem.pairs_of(assignment))
    capped = (problem.load_capacity >= 0)[problem.indices]
    gone = capped & (problem.load > problem.load_capacity[problem.indices])
    limits = list(problem.limits)
    for j, chain in zip(shape.heavy, shape.chains, strict=True):
        mine = np.flatnonzero(problem.indices == j)
        for threshold, node in chain:
            who = np.unique(problem.rows[mine[problem.load[mine] >= threshold]])
            limits.append(GroupLimit("", who, np.array([j]), None, int(flow.high[node])))
    for j, way in zip(shape.grouped, state.opens, strict=True):
        if way:
            limits.append(GroupLimit("", None, np.array([j]), int(problem.required[j]), None))
        else:
            gone |= problem.indices == j
    return replace(
        problem,
        locks=np.where(gone, FORBID, problem.locks).astype(np.int8),
        min_to_open=np.where(problem.closed, problem.min_to_open, 0),
        load_capacity=np.full(problem.m, NO_LOAD_LIMIT),
        limits=tuple(limits),
    )


__all__ = ["held"]
