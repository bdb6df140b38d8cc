"""How a problem becomes the nodes of a tree: group limits sorted, loads as slots, stages as weights."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.exact import Exact, exact_sum
from matcher.problem import Ints, Problem
from matcher.ratios import ladder
from matcher.reduction import objective_stages

UNBOUNDED = 2**40


def stage_weights(problem: Problem, objective: str, unplaced_value: int) -> tuple[tuple[str, ...], list[Exact]]:
    """The names of the objective's stages, and the worth (p,) of each pair in them above that of being unplaced."""
    stages = objective_stages(problem, objective, unplaced_value)
    names = [stage.name for stage in stages]
    weights: list[Exact] = [stage.pair - stage.unplaced for stage in stages]
    if objective == "balanced":
        steps = ladder(problem)
        top, base = len(steps.numerator) - 1, problem.n + 1
        worth = [base**top - base ** (top - level) for level in range(top + 1)]
        names.insert(1, "leximin")
        weights.insert(1, np.array([worth[level] for level in steps.level.tolist()], dtype=object))
    return tuple(names), weights


@dataclass(frozen=True, slots=True, eq=False)
class Sorted:
    """The group limits, sorted by how they are held.

    ``nested`` over whole openings as (openings, low, high), inner ones first: nodes of the tree. ``crossing`` likewise,
    but crossing a larger one: looked at plan by plan. ``forced`` students who must get one of some openings.
    """

    nested: list[tuple[Ints, int, int]]
    crossing: list[tuple[Ints, int, int]]
    forced: list[tuple[int, Ints]]


def sorted_limits(problem: Problem) -> Sorted | None:
    """The limits, sorted; None when one counts some students only."""
    sets: dict[tuple[int, ...], tuple[int, int]] = {}
    forced: list[tuple[int, Ints]] = []
    for limit in problem.limits:
        if not limit.at_least and limit.at_most is None:
            continue
        openings = np.arange(problem.m) if limit.openings is None else limit.openings
        if limit.students is not None and len(limit.students) < problem.n:
            if len(limit.students) == 1 and limit.at_least == 1 and (limit.at_most is None or limit.at_most >= 1):
                forced.append((int(limit.students[0]), openings))
                continue
            return None
        low, high = sets.get(tuple(openings.tolist()), (0, UNBOUNDED))
        most = UNBOUNDED if limit.at_most is None else limit.at_most
        sets[tuple(openings.tolist())] = (max(low, limit.at_least or 0), min(high, most))
    kept: list[frozenset[int]] = []
    nested: list[tuple[Ints, int, int]] = []
    crossing: list[tuple[Ints, int, int]] = []
    for members in sorted(sets, key=lambda members: (-len(members), members)):  # large ones would branch most
        here = frozenset(members)
        fits = all(here <= other or not here & other for other in kept)
        (nested if fits else crossing).append((np.array(members, dtype=np.int64), *sets[members]))
        if fits:
            kept.append(here)
    return Sorted(nested[::-1], crossing[::-1], forced)


def number_nodes(
    problem: Problem, usable: NDArray[np.bool_], places: Ints, sets: Sequence[tuple[Ints, int, int]], more: int
) -> tuple[
    tuple[int, ...], tuple[tuple[tuple[int, int], ...], ...], tuple[tuple[int, ...], ...], Ints, Ints, Ints
]:
    """Number the nodes, children first: loads of an opening, the opening, groups, outside."""
    parent: list[int] = []
    entry = np.zeros(problem.p, dtype=np.int64)
    total = np.zeros(problem.m, dtype=np.int64)
    heavy, chains, slots = [], [], []
    order = np.argsort(problem.indices, kind="stable")
    start = np.searchsorted(problem.indices[order], np.arange(problem.m + 1))
    for j in range(problem.m):
        pairs = order[start[j] : start[j + 1]]
        pairs = pairs[usable[pairs]]
        capacity = int(problem.load_capacity[j])
        loads = problem.load[pairs]
        chain: list[tuple[int, int]] = []
        if capacity >= 0 and exact_sum(np.sort(loads)[::-1][: places[j] + more]) > capacity:
            steps = sorted(set(loads.tolist()))
            for threshold in reversed(steps[1:]):
                node = len(parent)
                parent.append(node + 1)
                chain.append((threshold, node))
                entry[pairs[loads == threshold]] = node
            chain.append((steps[0], len(parent)))
            heavy.append(j)
            chains.append(tuple(chain))
            slots.append(_root_slots(loads, capacity, int(places[j]) + 1))
            entry[pairs[loads == steps[0]]] = len(parent)
        else:
            entry[pairs] = len(parent)
        total[j] = len(parent)
        parent.append(-1)
    first = len(parent)
    outside = first + len(sets)
    holder = np.full(problem.m, outside, dtype=np.int64)
    inner: list[Ints] = []
    for g, (members, _, _) in enumerate(sets):
        for g2 in set(holder[members].tolist()) - {outside}:
            parent[g2] = first + g
        for j in members.tolist():
            if holder[j] == outside:
                parent[total[j]] = first + g
        holder[members] = first + g
        parent.append(outside)
        inner.append(members)
    result = np.array([*parent, outside], dtype=np.int64)
    result[result < 0] = outside
    return tuple(heavy), tuple(chains), tuple(slots), total, entry, result


def _root_slots(loads: Ints, capacity: int, places: int) -> tuple[int, ...]:
    """The largest slots: the s-th is the largest load of which, or of larger ones, s students fit together."""
    slots: list[int] = []
    steps = sorted(set(loads.tolist()), reverse=True)
    for threshold in steps:
        light = np.cumsum(np.sort(loads[loads >= threshold]))
        fit = min(int((light <= capacity).sum()), places)
        slots += [threshold] * (fit - len(slots))
    return tuple(slots)



__all__ = ["UNBOUNDED", "Sorted", "number_nodes", "sorted_limits", "stage_weights"]
