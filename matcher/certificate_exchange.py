"""Is there a better assignment one step away? Exact whole numbers, every limit, no solver.

A step moves one student (elsewhere, or out), or moves one student to where another is, who leaves or goes where
the first came from. What a local search cannot improve need not be optimal, but whoever changed a plan by hand
is mostly one step away from it.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from matcher.certificate_limits import broken_limits
from matcher.certificate_values import Worth
from matcher.problem import FORBID, Ints, Problem

CHECKS = 20_000
"""Better steps of which the limits are looked at, at most."""
Step = tuple[tuple[int, int], ...]
"""Student and new pair (-1: unplaced) of each who moves."""


def better_step(problem: Problem, worths: Sequence[Worth], pair: Ints, *, balanced: bool) -> str | None:
    """The stage in which one step makes the assignment better, or None; the tie rule only if no other stage.

    Parameters
    ----------
    problem : Problem
        Whose limits the step must hold.
    worths : sequence of Worth
        The numeric stages, in order.
    pair : int64 array, shape (n,)
        The pair each student has, or -1.
    balanced : bool
        Compare the lists of ratios (leximin) after the first stage.
    """
    judge = _Judge(problem, worths, pair, balanced)
    left, found = CHECKS, None
    for step in _steps(problem, pair):
        stage = judge.better_in(step)
        if stage is None or (stage == "tie" and found):
            continue
        after = pair.copy()
        for student, now in step:
            after[student] = now
        if not broken_limits(problem, problem.assignment_of(after), after):
            found = stage
            if stage != "tie":
                break
        left -= 1
        if not left:
            break
    return found


def _steps(problem: Problem, pair: Ints) -> Iterator[Step]:
    rows, columns, has = problem.rows.tolist(), problem.indices.tolist(), pair.tolist()
    at: dict[int, list[int]] = {}
    for student, now in enumerate(has):
        if now >= 0:
            yield ((student, -1),)
            at.setdefault(columns[now], []).append(student)
    number = {(i, j): k for k, (i, j) in enumerate(zip(rows, columns, strict=True))}
    for k in np.flatnonzero(problem.usable).tolist():
        student, opening = rows[k], columns[k]
        if has[student] == k:
            continue
        yield ((student, k),)
        home = columns[has[student]] if has[student] >= 0 else -1
        for other in at.get(opening, ()):
            yield ((student, k), (other, -1))
            back = number.get((other, home), -1)
            if back >= 0:
                yield ((student, k), (other, back))


class _Judge:
    """Compares an assignment before and after a step, on those who move alone: the others weigh the same."""

    def __init__(self, problem: Problem, worths: Sequence[Worth], pair: Ints, balanced: bool) -> None:
        self.has = pair.tolist()
        self.stages = [(worth.name, worth.pair.tolist(), worth.unplaced) for worth in worths]
        self.balanced = balanced
        if balanced:
            best = np.zeros(problem.n, dtype=np.int64)
            free = problem.locks != FORBID
            np.maximum.at(best, problem.rows[free], problem.values[free])
            self.ratio = [
                Fraction(value, top) if top > 0 else Fraction(0)
                for value, top in zip(problem.values.tolist(), best[problem.rows].tolist(), strict=True)
            ]

    def better_in(self, step: Step) -> str | None:
        for k, (name, worth, unplaced) in enumerate(self.stages):
            before = sum(worth[self.has[i]] if self.has[i] >= 0 else unplaced for i, _ in step)
            after = sum(worth[now] if now >= 0 else unplaced for _, now in step)
            if after != before:
                return name if after > before else None
            if k == 0 and self.balanced:
                old = sorted(self.ratio[self.has[i]] if self.has[i] >= 0 else Fraction(0) for i, _ in step)
                new = sorted(self.ratio[now] if now >= 0 else Fraction(0) for _, now in step)
                if new != old:
                    return "leximin" if new > old else None
        return None
