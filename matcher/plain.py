"""Problems with places, pins, forbids and priorities alone: solved exactly, with prices that prove it.

Stage by stage, lexicographically. As many stages as stay exact in doubles together are solved in one dense
assignment per component; whole-number prices then prove each stage, and what they leave (tight pairs, openings
that must stay full, students who must stay placed) is the problem of the next. Components too large or too thin
for a dense matrix go to augmenting paths.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Column
from matcher.components import Component, components
from matcher.errors import Infeasible
from matcher.exact import Exact, exact_sum
from matcher.lsa import EXACT, assign_component, cells
from matcher.paths import solve_paths
from matcher.prices import Tight, narrow, stage_prices
from matcher.problem import Ints, Problem
from matcher.reduction import Graph, StageWeights, pin_conflict, without_locks

DENSE_CELLS = 2**20
"""Largest dense matrix of one component (8 MiB)."""
THIN = 32
"""A component with more cells than this per pair is thin: paths are faster than a dense matrix."""


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
    weights = [_above(stage, kept) for stage in stages]
    choice, student, opening = solve_graph(graph, weights, unique=bool(stages) and stages[-1].name == "tie")
    pair = choice if kept is None else np.where(choice < 0, -1, np.append(kept, -1)[choice])
    pinned = np.flatnonzero(problem.pinned >= 0)
    pair[pinned] = problem.pinned[pinned]
    placed = pair >= 0
    values = []
    for k, (stage, price) in enumerate(zip(stages, opening, strict=True)):
        student[k] = student[k] + stage.unplaced
        student[k][pinned] = stage.column[pair[pinned]] - price[problem.indices[pair[pinned]]]
        values.append(exact_sum(stage.column[pair[placed]]) + stage.unplaced * int((~placed).sum()))
    return PlainResult(problem.assignment_of(pair), pair, tuple(values), tuple(student), tuple(opening))


def solve_graph(
    graph: Graph, weights: Sequence[Ints | Column], *, unique: bool = False
) -> tuple[Ints, list[Exact], list[Exact]]:
    """The same on bare arrays: the pair of each student or -1, and prices per stage; the arrays are new.

    ``weights`` are (p,) arrays, each the worth of a pair above that of being unplaced. ``unique`` says that the
    last of them leaves one optimum, so that the answer is the same whatever method finds it (prices are always
    the least ones); only then may the sparse engine, which compiled code may or may not speed up, find it.
    """
    if unique:
        return _by_paths(graph, weights)
    arrays = [np.asarray(weight) for weight in weights]
    everything = np.ones(len(graph.rows), dtype=bool)
    large = [part.pairs for part in components(graph, everything) if _is_large(graph, part)]
    if not large:
        return _by_dense(graph, arrays, everything)
    pairs = np.sort(np.concatenate(large))
    everything[pairs] = False
    choice, student, opening = _by_dense(graph, arrays, everything)
    other, students, openings = _by_paths(graph, arrays, pairs)
    choice = np.maximum(choice, other)
    return (
        choice,
        [a + b for a, b in zip(student, students, strict=True)],
        [a + b for a, b in zip(opening, openings, strict=True)],
    )


def _above(stage: StageWeights, kept: Ints | None) -> Ints | Column:
    """What each kept pair is worth above being unplaced; the stage's own column where that is the same."""
    weight = stage.column if kept is None else stage.column[kept]
    return np.asarray(weight) - stage.unplaced if stage.unplaced else weight


def _is_large(graph: Graph, part: Component) -> bool:
    size = cells(graph, part)
    return size > DENSE_CELLS or (size > 2**14 and size > THIN * len(part.pairs))


def _by_paths(
    graph: Graph, weights: Sequence[Ints | Column], pairs: Ints | None = None
) -> tuple[Ints, list[Exact], list[Exact]]:
    """Only these pairs (ascending; None: all), by augmenting paths."""
    indptr, indices = graph.indptr, graph.indices
    if pairs is not None:
        indptr = np.searchsorted(graph.rows[pairs], np.arange(graph.n + 1))
        indices, weights = indices[pairs], [weight[pairs] for weight in weights]
    result = solve_paths(indptr, indices, graph.places, weights, [0] * len(weights))
    choice = result.pair if pairs is None else np.where(result.pair < 0, -1, np.append(pairs, -1)[result.pair])
    return choice, list(result.student_prices), list(result.opening_prices)


def _by_dense(
    graph: Graph, weights: Sequence[Ints], use: NDArray[np.bool_]
) -> tuple[Ints, list[Exact], list[Exact]]:
    """Only the pairs in ``use`` (p,), by a dense matrix per component."""
    choice = np.full(graph.n, -1, dtype=np.int64)
    done = np.zeros(graph.n, dtype=np.int64)  # stages already optimal, per student's component
    tight = Tight(use, np.ones(graph.m, bool), np.ones(graph.n, bool))
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
