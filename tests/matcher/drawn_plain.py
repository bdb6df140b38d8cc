"""Small problems drawn at random, and their answer by looking at every assignment."""
from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from matcher import Problem, build_problem


def draw_plain(rng: np.random.Generator, *, students: int = 6, openings: int = 4) -> Problem:
    """Places, pins, forbids and priorities; scores from coarse (many ties) to as large as a score may be."""
    n, m = int(rng.integers(0, students + 1)), int(rng.integers(0, openings + 1))
    i, j = np.nonzero(rng.random((n, m)) < rng.random())
    largest = int(rng.choice([2, 5, 1000, 10**6, 10**15]))
    lowest = -largest if rng.random() < 0.5 else 0
    return build_problem(
        i,
        j,
        rng.integers(lowest, largest + 1, len(i)),
        rng.integers(0, 3, m),
        n=n,
        priority=rng.choice([0, 1, 1, 2, 10 ** int(rng.integers(0, 15))], n),
        locks=rng.choice([0, 0, 0, 0, 0, -1, 1], len(i)),
        min_to_open=rng.choice([0, 1, 9], m, p=[0.8, 0.1, 0.1]),
    )


def draw_unplaced_value(rng: np.random.Generator, problem: Problem) -> int:
    """A worth of being unplaced of about the size of the scores."""
    largest = int(np.abs(problem.values).max(initial=1))
    return int(rng.integers(-largest, largest + 1))


@dataclass(frozen=True)
class Answer:
    """The best values per stage, and every assignment that reaches them."""

    values: tuple[int, ...]
    assignments: tuple[tuple[int, ...], ...]


def enumerate_plain(problem: Problem, objective: str, unplaced_value: int) -> Answer | None:
    """Priority, then score, then tie numbers, straight from their definition; None when nothing holds."""
    scores = {(int(i), int(j)): int(v) for i, j, v in zip(problem.rows, problem.indices, problem.values, strict=True)}
    ties = {(int(i), int(j)): int(t) for i, j, t in zip(problem.rows, problem.indices, problem.ties, strict=True)}
    locks = {(int(i), int(j)): int(k) for i, j, k in zip(problem.rows, problem.indices, problem.locks, strict=True)}
    places = [
        0 if minimum > 1 and place + there < minimum else place
        for place, minimum, there in zip(
            problem.places.tolist(), problem.min_to_open.tolist(), problem.present.tolist(), strict=True
        )
    ]
    options = [
        [j for j in (-1, *range(problem.m)) if j < 0 or locks.get((i, j), -1) >= 0] for i in range(problem.n)
    ]
    pins = {pair for pair, lock in locks.items() if lock == 1}
    best: Answer | None = None
    for plan in itertools.product(*options):
        if any(plan.count(j) > places[j] for j in range(problem.m)) or any(plan[i] != j for i, j in pins):
            continue
        pairs = [(i, j) for i, j in enumerate(plan) if j >= 0]
        fit = sum(scores[pair] for pair in pairs)
        tie = sum(ties[pair] for pair in pairs)
        if objective == "fit":
            values = (fit + unplaced_value * (problem.n - len(pairs)), tie)
        else:
            values = (sum(int(problem.priority[i]) for i, _ in pairs), fit, tie)
        if best is None or values > best.values:
            best = Answer(values, (plan,))
        elif values == best.values:
            best = Answer(values, (*best.assignments, plan))
    return best
