"""Where prices prove nothing: bounds of our own from a relaxation, and a search for an assignment that is better."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from matcher.certificate_bounds import Prices, bound
from matcher.certificate_exchange import better_step
from matcher.certificate_limits import Finding, broken_limits
from matcher.certificate_prices import StagePrices
from matcher.certificate_relaxation import Model, find_better, model, stage_bound
from matcher.certificate_values import Worth, ratios, same_ratios, total
from matcher.problem import FORBID, Ints, Problem
from matcher.solution import Solution

LARGEST_RELAXATION = 50_000
LARGEST_EXCHANGE = 200_000
LARGEST_SEARCH = 20_000
LARGEST_LEXIMIN = 3_000
NODES = 2_000


def own_bounds(
    problem: Problem, numeric: Sequence[Worth], values: Sequence[int], priced: Sequence[StagePrices]
) -> dict[str, int | None]:
    """A bound on each numeric stage but the tie, given the values of those before it; None where it is out of reach."""
    result: dict[str, int | None] = {worth.name: None for worth in numeric}
    shape = model(problem) if problem.p <= LARGEST_RELAXATION else None
    for k, worth in enumerate(numeric):
        if worth.name == "tie":
            continue
        price = priced[k]
        # Leaving out what earlier stages reached can only raise the bound of a later one.
        stated = Prices(price.student, price.limit, price.load)
        bounds: list[int | None] = [bound(problem, worth.pair, worth.unplaced, stated)]
        if shape is not None:
            bounds.append(stage_bound(problem, shape, numeric[: k + 1], values[:k]))
        found = [most for most in bounds if most is not None]
        result[worth.name] = min(found) if found else None
    return result


def better_plan(
    problem: Problem, solution: Solution, numeric: Sequence[Worth], values: Sequence[int], pair: Ints
) -> Iterator[Finding]:
    """What an independent solver can show to be better than the assignment, stage by stage."""
    lists = solution.objective == "balanced"
    stage = better_step(problem, numeric, pair, balanced=lists) if problem.p <= LARGEST_EXCHANGE else None
    step = Finding("ties" if stage == "tie" else "value", f"one step makes the plan better in stage {stage}")
    if stage in (None, "tie") and problem.p <= (LARGEST_LEXIMIN if lists else LARGEST_SEARCH):
        # A step that is better by the tie rule alone does not yet say that nothing else is.
        before = numeric if stage is None else numeric[:-1]
        yield from _solved_better(problem, before, values[: len(before)], pair, lists=lists)
    if stage is not None:
        yield step


def _solved_better(
    problem: Problem, numeric: Sequence[Worth], values: Sequence[int], pair: Ints, *, lists: bool
) -> Iterator[Finding]:
    shape = model(problem)
    held: list[tuple[Ints, int]] = []
    before: list[Worth] = []
    reached: list[int] = []
    for worth, value in zip(numeric, values, strict=True):
        if lists and worth.name == "fit":
            # The lowest level of the list is 0, the unplaced: as few as can be, then level after level.
            before.append(Worth("placed", np.ones(problem.p, dtype=np.int64), 0))
            reached.append(int((pair >= 0).sum()))
            other = find_better(problem, shape, before, reached[:-1], held=held, nodes=NODES)
            better = other is not None and _beats(problem, before, reached, other)
            if not better:
                shape, held, better = _leximin(problem, shape, before, reached, pair)
            if better:
                yield Finding("value", "another assignment has a better list in stage leximin")
                return
        before.append(worth)
        reached.append(value)
        other = find_better(problem, shape, before, reached[:-1], held=held, nodes=NODES)
        if other is None or (held and not same_ratios(ratios(problem, other), ratios(problem, pair))):
            continue
        if _beats(problem, before, reached, other):
            name = "ties" if worth.name == "tie" else "value"
            found = f"another assignment has {total(worth, other)} in stage {worth.name}"
            yield Finding(name, f"{found}; this has {value}")
            return


def _beats(problem: Problem, numeric: Sequence[Worth], values: Sequence[int], other: Ints) -> bool:
    if broken_limits(problem, problem.assignment_of(other), other):
        return False  # rounding: not an assignment at all
    found = [total(worth, other) for worth in numeric]
    return found[:-1] == list(values[:-1]) and found[-1] > values[-1]


def _leximin(
    problem: Problem, shape: Model, numeric: Sequence[Worth], values: Sequence[int], pair: Ints
) -> tuple[Model, list[tuple[Ints, int]], bool]:
    """Level by level, from the worst-off: can fewer students be at it, with no more at any level below?

    Returns the model and the counts that hold the list as it is, and whether something better was found.
    """
    best = np.zeros(problem.n, dtype=np.int64)
    np.maximum.at(best, problem.rows[problem.locks != FORBID], problem.values[problem.locks != FORBID])
    # Equal ratios get equal levels; cross products of whole numbers decide, in Python ints.
    fractions = _levels(problem.values, np.maximum(best, 1)[problem.rows])
    level_of = np.where(pair >= 0, fractions[pair] if problem.p else 0, 0)
    held: list[tuple[Ints, int]] = []
    high = shape.high.copy()
    for level in np.unique(level_of[pair >= 0]).tolist():
        below = np.flatnonzero((fractions < level) & ~np.isin(fractions, level_of[pair >= 0]))
        high[below] = 0.0
        shape = replace(shape, high=high)
        at = np.flatnonzero(fractions == level)
        mark = np.zeros(problem.p, dtype=np.int64)
        mark[at] = -1
        count = int((level_of[pair >= 0] == level).sum())
        other = find_better(problem, shape, [*numeric, Worth("level", mark, 0)], values, held=held, nodes=NODES)
        if other is not None:
            held_all = not broken_limits(problem, problem.assignment_of(other), other)
            if held_all and _lists_better(problem, numeric, values, other, pair):
                return shape, held, True
        held.append((at, count))
    return shape, held, False


def _lists_better(problem: Problem, numeric: Sequence[Worth], values: Sequence[int], other: Ints, pair: Ints) -> bool:
    if [total(worth, other) for worth in numeric] != list(values):
        return False
    for (a, b), (c, d) in zip(ratios(problem, other), ratios(problem, pair), strict=True):
        if a * d != c * b:
            return a * d > c * b
    return False


def _levels(numerator: Ints, denominator: Ints) -> Ints:
    exact = [Fraction(int(a), int(b)) for a, b in zip(numerator, denominator, strict=True)]
    order = {ratio: k + 1 for k, ratio in enumerate(sorted(set(exact)))}
    return np.array([order[ratio] for ratio in exact], dtype=np.int64)
