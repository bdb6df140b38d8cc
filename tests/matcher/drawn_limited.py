"""Small drawn problems with every kind of limit, for tests that solve them again and again."""
from __future__ import annotations

import numpy as np

from matcher.problem import FORBID, PIN, GroupLimit, Problem, build_problem

CAPACITIES = (-1, 1_000_000, 2_000_000, 3_000_000, 4_000_000, 6_000_000)


def draw(seed: int, *, kind: str = "any", n: int = 0, m: int = 0) -> Problem:
    """A problem of a few students and openings.

    ``kind``: plain (places, locks, priorities), load, group (minimum to open), caps (limits over whole openings),
    sets (limits over any students and openings), together (load, group and caps at once), or any (a mixture).
    """
    rng = np.random.default_rng([seed, *kind.encode()])
    n = n or int(rng.integers(2, 9))
    m = m or int(rng.integers(1, 6))
    chosen = np.flatnonzero(rng.random(n * m) < rng.uniform(0.4, 0.9))
    if not len(chosen):
        chosen = np.array([0])
    rows, columns = chosen // m, chosen % m
    few = rng.random() < 0.5  # many equal scores
    values = rng.integers(1, 5, len(chosen)) * 250_000 if few else rng.integers(1, 1_000_001, len(chosen))
    places = rng.integers(0, 4, m)
    locks = np.zeros(len(chosen), dtype=np.int8)
    locks[rng.random(len(chosen)) < 0.1] = FORBID
    if rng.random() < 0.4:
        locks[int(rng.integers(len(chosen)))] = PIN
    has = {name: kind == name or (kind == "any" and rng.random() < 0.5) for name in ("load", "group", "caps", "sets")}
    if kind == "together":
        has |= {"load": True, "group": True, "caps": True}
    return build_problem(
        rows,
        columns,
        values,
        places,
        n=n,
        priority=rng.integers(0, 4, n),
        min_to_open=rng.integers(0, 4, m) if has["group"] else None,
        present=rng.integers(0, 2, m) if has["group"] else None,
        load_capacity=rng.choice(CAPACITIES, m) if has["load"] else None,
        load=rng.integers(0, 4, len(chosen)) * 1_000_000 if has["load"] else None,
        locks=locks,
        limits=(*(_caps(rng, m) if has["caps"] else ()), *(_sets(rng, n, m) if has["sets"] else ())),
    )


def _caps(rng: np.random.Generator, m: int) -> list[GroupLimit]:
    """Limits over whole openings that nest."""
    order = rng.permutation(m)
    inner = np.sort(order[: int(rng.integers(1, m + 1))])
    outer = np.sort(np.union1d(inner, order[: int(rng.integers(1, m + 1))]))
    limits = [GroupLimit("inner", None, inner, None, int(rng.integers(0, 4)))]
    if rng.random() < 0.5:
        limits.append(GroupLimit("outer", None, outer, int(rng.integers(0, 2)), int(rng.integers(1, 6))))
    return limits


def _sets(rng: np.random.Generator, n: int, m: int) -> list[GroupLimit]:
    limits = []
    for name in ("a", "b")[: int(rng.integers(1, 3))]:
        students = np.flatnonzero(rng.random(n) < 0.6)
        openings = np.flatnonzero(rng.random(m) < 0.6)
        low = int(rng.integers(0, 2)) if len(students) and len(openings) else 0
        limits.append(GroupLimit(name, students, openings, low, low + int(rng.integers(0, 3))))
    return limits
