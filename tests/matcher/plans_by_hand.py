"""Problems with every limit drawn at random, and every plan that holds them, straight from the definitions."""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from matcher import GroupLimit, Problem, Solution, Stage, build_problem

Plan = tuple[int, ...]


def draw_limited(rng: np.random.Generator, *, students: int = 5, openings: int = 3, positive: bool = False) -> Problem:
    """Places, locks, priorities, loads, group limits of both sides and minimums to open."""
    n, m = int(rng.integers(1, students + 1)), int(rng.integers(1, openings + 1))
    i, j = np.nonzero(rng.random((n, m)) < 0.3 + 0.7 * rng.random())
    largest = int(rng.choice([2, 5, 1_000_000]))
    limits = []
    for g in range(int(rng.integers(0, 3))):
        least, most = sorted(int(x) for x in rng.integers(0, 4, 2))
        limits.append(
            GroupLimit(
                f"g{g}",
                None if rng.random() < 0.3 else np.flatnonzero(rng.random(n) < 0.6),
                None if rng.random() < 0.3 else np.flatnonzero(rng.random(m) < 0.6),
                least if rng.random() < 0.3 else None,
                most if rng.random() < 0.7 else None,
            )
        )
    return build_problem(
        i,
        j,
        rng.integers(1 if positive else -largest, largest + 1, len(i)),
        rng.integers(0, 4, m),
        n=n,
        priority=rng.choice([0, 1, 1, 2], n),
        min_to_open=rng.choice([0, 0, 2, 3], m),
        present=rng.integers(0, 2, m),
        load_capacity=rng.choice([-1, -1, 2_000_000, 3_000_000], m),
        load=rng.integers(0, 3, len(i)) * 1_000_000,
        locks=rng.choice([0] * 10 + [-1, 1], len(i)),
        limits=limits,
    )


def holds(problem: Problem, plan: Plan) -> bool:
    """Whether a plan (an opening or -1 per student) holds every limit."""
    pairs = {(int(i), int(j)): k for k, (i, j) in enumerate(zip(problem.rows, problem.indices, strict=True))}
    taken = [(i, j) for i, j in enumerate(plan) if j >= 0]
    if any(pair not in pairs or problem.locks[pairs[pair]] < 0 for pair in taken):
        return False
    if any(problem.locks[k] > 0 and plan[i] != j for (i, j), k in pairs.items()):
        return False
    for j in range(problem.m):
        inside = [i for i, where in taken if where == j]
        load = sum(int(problem.load[pairs[i, j]]) for i in inside)
        if len(inside) > problem.places[j] or (problem.load_capacity[j] >= 0 and load > problem.load_capacity[j]):
            return False
        if inside and problem.min_to_open[j] > 1 and len(inside) + problem.present[j] < problem.min_to_open[j]:
            return False
    for limit in problem.limits:
        students = range(problem.n) if limit.students is None else limit.students.tolist()
        openings = range(problem.m) if limit.openings is None else limit.openings.tolist()
        count = sum(1 for i, j in taken if i in students and j in openings)
        if count < (limit.at_least or 0) or (limit.at_most is not None and count > limit.at_most):
            return False
    return True


def plans(problem: Problem) -> Iterator[Plan]:
    """Every plan that holds every limit."""
    rows = [problem.indices[problem.indptr[i] : problem.indptr[i + 1]].tolist() for i in range(problem.n)]
    for plan in itertools.product(*([-1, *row] for row in rows)):
        if holds(problem, plan):
            yield plan


def stages_of(problem: Problem, objective: str, unplaced_value: int, plan: Plan) -> tuple[Stage, ...]:
    """The stages of a plan, each with its value as its bound."""
    taken = [problem.pair(i, j) for i, j in enumerate(plan) if j >= 0]
    fit = sum(int(problem.values[k]) for k in taken)
    if objective == "fit":
        fit += unplaced_value * (problem.n - len(taken))
    named: dict[str, int | tuple[tuple[int, int], ...]] = {"fit": fit, "tie": sum(int(problem.ties[k]) for k in taken)}
    if objective != "fit":
        named = {"priority": sum(int(problem.priority[i]) for i, j in enumerate(plan) if j >= 0)} | named
    if objective == "balanced":
        ratios = tuple((ratio.numerator, ratio.denominator) for ratio in _ratios(problem, plan))
        named = {"priority": named["priority"], "leximin": ratios, "fit": named["fit"], "tie": named["tie"]}
    return tuple(Stage(name, value, value) for name, value in named.items())


def _ratios(problem: Problem, plan: Plan) -> list[Fraction]:
    found = []
    for i, j in enumerate(plan):
        open_ = [k for k in range(problem.indptr[i], problem.indptr[i + 1]) if problem.locks[k] >= 0]
        best = max((int(problem.values[k]) for k in open_), default=0)
        found.append(Fraction(int(problem.values[problem.pair(i, j)]), best) if j >= 0 else Fraction(0))
    return sorted(found)


def rank(stages: tuple[Stage, ...]) -> tuple[object, ...]:
    """What makes one plan better than another, compared left to right."""
    return tuple(
        [Fraction(a, b) for a, b in stage.value] if isinstance(stage.value, tuple) else stage.value for stage in stages
    )


def as_solution(problem: Problem, objective: str, unplaced_value: int, plan: Plan, like: Solution) -> Solution:
    """A plan that claims to be optimal, with everything stated as it is for that plan, and prices from elsewhere."""
    return Solution(
        np.array(plan, dtype=np.int64).reshape(-1),
        "optimal",
        objective,
        stages_of(problem, objective, unplaced_value, plan),
        like.prices,
    )
