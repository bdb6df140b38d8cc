"""Drawn problems with every limit, and enumeration as their judge: it shares no line with the engine."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from matcher.problem import GroupLimit, Problem, build_problem

Plan = tuple[int, ...]
OBJECTIVES = ("placed", "fit", "balanced")


def draw_limited(seed: int, *, n: int | None = None, m: int | None = None, largest: int = 10**6) -> Problem:
    """A problem of at most 5 students and 4 openings in which any limit may stand."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 6)) if n is None else n
    m = int(rng.integers(1, 5)) if m is None else m
    share = rng.choice([0.5, 0.8, 1.0])
    pairs = [(i, j) for i in range(n) for j in range(m) if rng.random() < share]
    few = rng.random() < 0.4
    values = [int(rng.integers(1, 4)) * 250_000 if few else int(rng.integers(1, largest)) for _ in pairs]
    more: dict[str, Any] = {"priority": np.ones(n, int)}
    if rng.random() < 0.5:
        more |= {"min_to_open": rng.integers(0, 4, m), "present": rng.integers(0, 2, m)}
    if rng.random() < 0.5:
        more["load_capacity"] = np.where(rng.random(m) < 0.3, -1, rng.integers(0, 8, m) * 500_000)
        more["load"] = rng.integers(0, 5, len(pairs)) * rng.choice([500_000, 333_333])
    if rng.random() < 0.4:
        drawn = rng.random(len(pairs))
        more["locks"] = np.where(drawn < 0.12, -1, np.where(drawn > 0.92, 1, 0))
    if rng.random() < 0.4:
        more["priority"] = rng.integers(0, 3, n)
    return build_problem(
        [i for i, _ in pairs], [j for _, j in pairs], values, rng.integers(0, 4, m), n=n,
        limits=_draw_limits(rng, n, m), **more,
    )


def _draw_limits(rng: np.random.Generator, n: int, m: int) -> list[GroupLimit]:
    limits = []
    for g in range(int(rng.integers(0, 4))):
        students = None if rng.random() < 0.3 else np.flatnonzero(rng.random(n) < 0.6)
        openings = None if rng.random() < 0.3 else np.flatnonzero(rng.random(m) < 0.6)
        least = None if rng.random() < 0.5 else int(rng.integers(0, 3))
        most = None if rng.random() < 0.4 else int(rng.integers(0, 4))
        if least is not None and most is not None and least > most:
            least, most = most, least
        limits.append(GroupLimit(f"limit {g}", students, openings, least, most))
    return limits


def draw_region(
    seed: int, *, n: int = 60, m: int = 30, groups: int = 0, load: bool = False, caps: int = 0, schools: int = 0
) -> Problem:
    """A problem too large to enumerate: some ten openings a student, groups, loads, branch caps, school minimums."""
    rng = np.random.default_rng(seed)
    quality = rng.normal(0, 0.08, m)
    wide = rng.choice(m, groups, replace=False)
    score: dict[tuple[int, int], int] = {}
    for i in range(n):
        chosen = set(rng.choice(m, min(m, int(rng.poisson(6)) + 1), replace=False).tolist())
        chosen |= {int(j) for j in wide if rng.random() < 0.2}
        for j in sorted(chosen):
            score[i, j] = int(1e6 * np.clip(0.6 + quality[j] + rng.normal(0, 0.12), 0.05, 0.99))
    places = rng.integers(1, 3, m)
    more: dict[str, Any] = {}
    if groups:
        minimum = np.zeros(m, int)
        places[wide], minimum[wide] = 8, rng.integers(3, 7, groups)
        more["min_to_open"] = minimum
    if load:
        days = rng.integers(0, 5, n) * 500_000
        more |= {"load": [int(days[i]) for i, _ in score], "load_capacity": rng.integers(2, 7, m) * 500_000}
    branch, school = rng.integers(0, 5, m), rng.integers(0, 6, n)
    limits = [
        GroupLimit(f"branch {b}", None, np.flatnonzero(branch == b), None, int(0.6 * places[branch == b].sum()))
        for b in range(caps)
    ]
    limits += [
        GroupLimit(f"school {s}", np.flatnonzero(school == s), np.flatnonzero(branch <= s), 1, None)
        for s in range(schools)
    ]
    return build_problem(
        [i for i, _ in score], [j for _, j in score], list(score.values()), places, n=n, limits=limits, **more
    )


def plans(problem: Problem) -> Iterator[tuple[Plan, Plan]]:
    """Every choice of at most one pair per student: openings and pairs, -1 for unplaced."""
    options = [
        [(-1, -1), *((int(problem.indices[k]), k) for k in range(problem.indptr[i], problem.indptr[i + 1]))]
        for i in range(problem.n)
    ]
    for choice in product(*options):
        yield tuple(j for j, _ in choice), tuple(k for _, k in choice)


def holds_all(problem: Problem, plan: Plan, pairs: Plan) -> bool:
    """Whether a plan holds every limit, by counting."""
    for k, lock in enumerate(problem.locks.tolist()):
        there = pairs[int(problem.rows[k])] == k
        if (lock == 1 and not there) or (lock == -1 and there):
            return False
    for j in range(problem.m):
        count = plan.count(j)
        least = int(problem.min_to_open[j])
        if count > problem.places[j] or (count and least > 1 and count + problem.present[j] < least):
            return False
        load = sum(int(problem.load[k]) for k in pairs if k >= 0 and problem.indices[k] == j)
        if 0 <= problem.load_capacity[j] < load:
            return False
    for limit in problem.limits:
        who = set(range(problem.n)) if limit.students is None else set(limit.students.tolist())
        where = set(range(problem.m)) if limit.openings is None else set(limit.openings.tolist())
        count = sum(i in who and j in where for i, j in enumerate(plan) if j >= 0)
        if count < (limit.at_least or 0) or (limit.at_most is not None and count > limit.at_most):
            return False
    return True


def worth(problem: Problem, pairs: Plan, objective: str, unplaced: int) -> tuple[Any, ...]:
    """The stages of a plan, best compared as a tuple."""
    taken = [k for k in pairs if k >= 0]
    fit = sum(int(problem.values[k]) for k in taken)
    tie = sum(int(problem.ties[k]) for k in taken)
    if objective == "fit":
        return fit + unplaced * pairs.count(-1), tie
    priority = sum(int(problem.priority[problem.rows[k]]) for k in taken)
    if objective == "placed":
        return priority, fit, tie
    return priority, ascending(problem, pairs), fit, tie


def ascending(problem: Problem, pairs: Sequence[int]) -> tuple[Fraction, ...]:
    """Every student's score by the own best that is not forbidden, ascending."""
    ratios = []
    for i, k in enumerate(pairs):
        own = [
            int(problem.values[at])
            for at in range(problem.indptr[i], problem.indptr[i + 1])
            if problem.locks[at] != -1
        ]
        ratios.append(Fraction(int(problem.values[k]), max(own)) if k >= 0 else Fraction(0))
    return tuple(sorted(ratios))


def best_by_enumeration(problem: Problem, objective: str, unplaced: int = 0) -> tuple[tuple[Any, ...], Plan] | None:
    """The best plan of all, with its worth; None when no plan holds every limit."""
    best: tuple[tuple[Any, ...], Plan] | None = None
    for plan, pairs in plans(problem):
        if holds_all(problem, plan, pairs):
            value = worth(problem, pairs, objective, unplaced)
            if best is None or value > best[0]:
                best = value, plan
    return best


def can_hold(problem: Problem) -> bool:
    """Whether any plan holds every limit."""
    return any(holds_all(problem, plan, pairs) for plan, pairs in plans(problem))
