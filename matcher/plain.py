"""Problems with places, pins, forbids and priorities alone: solved exactly, with prices that prove it.

Stage by stage, lexicographically. As many stages as stay exact in doubles together are solved in one dense
assignment per component; whole-number prices then prove each stage, and what they leave (tight pairs, openings
that must stay full, students who must stay placed) is the problem of the next. Components too large or too thin
for a dense matrix go to augmenting paths.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.components import Component, components
from matcher.errors import Infeasible
from matcher.lsa import EXACT, assign_component, cells
from matcher.prices import Exact, Tight, narrow, stage_prices
from matcher.problem import Ints, Problem
from matcher.reduction import Graph, StageWeights, pin_conflict, without_locks

DENSE_CELLS = 2**21
"""Largest dense matrix of one component (16 MiB)."""


@dataclass(frozen=True, slots=True, eq=False)
class PlainResult:
    """An optimal assignment with its proof.

    ``assignment`` (n,) openings or -1; ``pair`` (n,) pairs or -1; ``values`` one whole number per stage;
    ``student_prices`` and ``opening_prices`` one array per stage, (n,) and (m,).

    For the vectors over all stages, compared lexicographically: u_i + v_j >= w_ij for every usable pair,
    v_j >= 0, u_i >= the worth of being unplaced (a pinned student has only the pinned pair, and no lower limit),
    and sum u + sum places_j v_j equals the values.
    """

    assignment: Ints
    pair: Ints
    values: tuple[int, ...]
    student_prices: tuple[Exact, ...]
    opening_prices: tuple[Exact, ...]


def solve_plain(problem: Problem, stages: Sequence[StageWeights]) -> PlainResult:
    """Assign students to places so that the stages are greatest, one after the other.

    Only places, locks and openings that cannot reach their minimum are heeded; loads and group limits are not.

    Raises
    ------
    Infeasible
        If pins cannot hold together.

    Examples
    --------
    >>> from matcher.problem import build_problem
    >>> from matcher.reduction import objective_stages
    >>> problem = build_problem([0, 0, 1], [0, 1, 0], [900_000, 800_000, 500_000], places=[1, 1])
    >>> solve_plain(problem, objective_stages(problem, "placed")).assignment.tolist()
    [1, 0]
    """
    conflict = pin_conflict(problem)
    if conflict:
        raise Infeasible(conflict)
    graph, kept = without_locks(problem)
    weights = [stage.pair[kept] - stage.unplaced for stage in stages]
    choice, student, opening = solve_graph(graph, weights)
    pair = np.where(choice >= 0, kept[choice] if len(kept) else -1, -1)
    pinned = np.flatnonzero(problem.pinned >= 0)
    pair[pinned] = problem.pinned[pinned]
    placed = pair >= 0
    values = []
    for stage, own, price in zip(stages, student, opening, strict=True):
        own += stage.unplaced
        own[pinned] = stage.pair[pair[pinned]] - price[problem.indices[pair[pinned]]]
        values.append(exact_sum(stage.pair[pair[placed]]) + stage.unplaced * int((~placed).sum()))
    assignment = np.where(placed, problem.indices[pair] if problem.p else -1, -1)
    return PlainResult(assignment, pair, tuple(values), tuple(student), tuple(opening))


def solve_graph(graph: Graph, weights: Sequence[Ints]) -> tuple[Ints, list[Exact], list[Exact]]:
    """The same on bare arrays: the pair of each student or -1, and prices per stage.

    ``weights`` are (p,) arrays, each the worth of a pair above that of being unplaced. The arrays returned are new.
    """
    choice = np.full(graph.n, -1, dtype=np.int64)
    done = np.zeros(graph.n, dtype=np.int64)  # stages already optimal, per student's component
    tight = Tight(np.ones(len(graph.rows), bool), np.ones(graph.m, bool), np.ones(graph.n, bool))
    student: list[Exact] = []
    opening: list[Exact] = []
    for k in range(len(weights)):
        for part in components(graph, tight.pairs):
            if done[part.students[0]] > k or _is_settled(part, choice, tight):
                continue
            worth, through = _combined(graph, part, weights[k:], tight)
            choice[part.students] = -1
            taken = assign_component(graph, part, worth)
            choice[graph.rows[taken]] = taken
            done[part.students] = k + through
        own, price, choice = stage_prices(graph, weights[k], choice, tight)
        tight = narrow(graph, weights[k], own, price, tight)
        student.append(own)
        opening.append(price)
    return choice, student, opening


def exact_sum(numbers: NDArray[Any]) -> int:
    """Sum of whole numbers, exact whatever their size."""
    if numbers.dtype == object:
        return int(sum(numbers.tolist()))
    return (int((numbers >> 32).sum()) << 32) + int((numbers & 0xFFFFFFFF).sum())


def _is_settled(part: Component, choice: Ints, tight: Tight) -> bool:
    """Whether every pair of the component is in the assignment already and nobody may leave."""
    chosen = choice[part.students]
    return int((chosen >= 0).sum()) == len(part.pairs) and not tight.may_leave[part.students].any()


def _combined(
    graph: Graph, part: Component, weights: Sequence[Ints], tight: Tight
) -> tuple[NDArray[np.float64], int]:
    """One weight per pair for as many stages as stay exact together, and their number.

    Places that must stay full and students who must stay placed carry a bonus beyond any total of the stages:
    an assignment that has all of them exists, so the best has them too.
    """
    starts = np.flatnonzero(np.diff(graph.rows[part.pairs], prepend=-1))
    musts = (~tight.may_leave[graph.rows[part.pairs]]).astype(np.int64) + ~tight.may_empty[graph.indices[part.pairs]]
    digits: list[Ints] = [musts] if musts.any() else []
    best, through = None, 0
    for weight in weights:
        digits.append(weight[part.pairs])
        total = _positional(digits, starts)
        if total is None:
            break
        best, through = total, through + 1
    if best is None:  # beyond doubles: rounded, then repaired in whole numbers
        scale = 2.0 * len(part.students) * float(np.abs(digits[-1]).max()) + 1.0
        return digits[-1] + scale * (musts if musts.any() else 0.0), 1
    return best.astype(np.float64), through


def _positional(digits: Sequence[Ints], starts: Ints) -> Ints | None:
    """The stages as digits of one whole number, each beyond any total of those after it; None beyond doubles."""
    largest = [int(np.abs(digit).max()) for digit in digits]
    base, size, factors = 1, 0, []
    for digit, most in zip(reversed(digits), reversed(largest), strict=True):
        factors.append(base)
        size += base * most
        if 4 * size >= EXACT:
            return None
        base += 2 * base * int(np.maximum.reduceat(np.abs(digit), starts).sum())
    result = np.zeros(len(digits[0]), dtype=np.int64)
    for digit, factor in zip(reversed(digits), factors, strict=True):
        result += digit * factor
    return result
