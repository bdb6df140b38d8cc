"""Seeded instances that look like the market: branches x regions, students with a few wishes, uneven supply."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matcher import GroupLimit, Problem, build_problem

Ints = NDArray[np.int64]
REGIONS, BRANCHES, GROUPS = 35, 20, 40
PARTS = ("indptr", "indices", "fit", "tie", "priority", "places", "students", "openings")
SIZES = {
    "region": (300, 150, 360, 10.0),
    "nation": (10_000, 8_000, 12_000, 66.0),
    "stress": (100_000, 60_000, 120_000, 530.0),
}


@dataclass(frozen=True, slots=True)
class Instance:
    """One drawn problem, read-only: pairs row by row, fit in millionths, tie numbers, priorities, places, ids."""

    name: str
    indptr: Ints
    indices: Ints
    fit: Ints
    tie: Ints
    priority: Ints
    places: Ints
    students: NDArray[np.uint64]
    openings: NDArray[np.uint64]

    def __post_init__(self) -> None:
        for part in PARTS:
            getattr(self, part).flags.writeable = False

    @property
    def pairs(self) -> int:
        """Number of eligible pairs."""
        return len(self.indices)

    def row_priority(self) -> Ints:
        """Priority of each pair's student, shape (p,)."""
        return np.repeat(self.priority, np.diff(self.indptr))


def draw(name: str, *, seed: int = 7, sizes: tuple[int, int, int, float] | None = None) -> Instance:
    """Draw an instance of a named size.

    A student lives in a region and likes two to four branches; an opening is in reach with a chance that
    falls with the regions between, and likelier in a liked branch. Fit adds liking, nearness and a draw of
    its own. Branches differ in how much is on offer, so some are short of places and others not filled.
    """
    n, m, seats, mean = sizes or SIZES[name]
    rng = np.random.default_rng(seed)
    where, region, popular, branch = _market(rng, n, m)
    regions = 1 if n < 1000 else REGIONS
    likes = np.argsort(rng.exponential(size=(n, BRANCHES)) / popular, axis=1)[:, :4]
    rank = np.full((n, BRANCHES), 4)
    np.put_along_axis(rank, likes, np.arange(4)[None, :], axis=1)
    places = np.ones(m, dtype=np.int64)
    np.add.at(places, rng.integers(0, m, max(0, seats - m)), 1)
    degree = np.clip(rng.lognormal(np.log(mean) - 0.18, 0.6, n), 0.45 * mean, 6 * mean).astype(np.int64)
    # Openings by region, so that a row draws from few regions without looking at all openings.
    order = np.argsort(region, kind="stable")
    start = np.searchsorted(region[order], np.arange(regions + 1))
    rows: list[Ints] = []
    fits: list[Ints] = []
    chances = np.array([0.45, 1.0 if regions == 1 else 0.16, 0.07, 0.03])
    for i in range(n):
        near = [(where[i] + step) % regions for step in (range(1) if regions == 1 else (-2, -1, 0, 1, 2))]
        pool = np.concatenate([order[start[r] : start[r + 1]] for r in near])
        far = np.minimum((region[pool] - where[i]) % regions, (where[i] - region[pool]) % regions)
        liked = rank[i, branch[pool]]
        score = rng.exponential(size=len(pool)) / (chances[far] * np.array([6.0, 4.0, 2.5, 1.5, 0.25])[liked])
        count = min(degree[i], len(pool))
        picked = np.argpartition(score, count - 1)[:count]
        chosen = pool[picked]
        fit = 0.42 + 0.3 * (4 - liked[picked]) / 4 + 0.1 * (2 - far[picked]) / 2 + rng.normal(0, 0.09, count)
        sort = np.argsort(chosen)
        rows.append(chosen[sort])
        fits.append((np.clip(fit[sort], 0, 1) * 1_000_000).astype(np.int64))
    indptr = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
    indices = np.concatenate(rows).astype(np.int64)
    fit = np.concatenate(fits)
    tie = rng.integers(0, 1 << 32, len(indices), dtype=np.int64)
    priority = np.where(rng.random(n) < 0.1, 2, 1).astype(np.int64)
    students, openings = (rng.integers(0, 1 << 64, size, dtype=np.uint64) for size in (n, m))
    return Instance(name, indptr, indices, fit, tie, priority, places, students, openings)


def _market(rng: np.random.Generator, n: int, m: int) -> tuple[Ints, Ints, NDArray[np.float64], Ints]:
    """Region of each student, region of each opening, how popular each branch is, and the branch of each opening."""
    regions = 1 if n < 1000 else REGIONS
    homes = rng.dirichlet(np.full(regions, 6.0))
    where = rng.choice(regions, n, p=homes)
    region = rng.choice(regions, m, p=0.6 * homes + 0.4 * rng.dirichlet(np.full(regions, 6.0)))
    popular = rng.dirichlet(np.full(BRANCHES, 3.0))
    offered = 0.5 * popular + 0.5 * rng.dirichlet(np.full(BRANCHES, 3.0))
    return where, region, popular, rng.choice(BRANCHES, m, p=offered)


def limited(kind: str, *, seed: int = 7, sizes: tuple[int, int, int, float] | None = None) -> Problem:
    """The nation under limits.

    ``groups``: 40 openings, anywhere, ask for 6 to 12 students and have 0 to 3 places more; ``contested``: the same
    in the one region with the most openings of one branch; ``caps``: at most 0.7 of the places of every region and
    branch.
    """
    n, m, _, _ = sizes or SIZES["nation"]
    instance = draw("nation", seed=seed, sizes=sizes)
    _, region, _, branch = _market(np.random.default_rng(seed), n, m)
    cell = region * BRANCHES + branch
    rng = np.random.default_rng(100 + seed)
    places, minimum = instance.places.copy(), np.zeros(m, dtype=np.int64)
    limits = []
    if kind == "caps":
        for at in np.unique(cell).tolist():
            inside = np.flatnonzero(cell == at)
            limits.append(GroupLimit(f"cell {at}", None, inside, None, max(1, int(places[inside].sum()) * 7 // 10)))
    else:
        most = int(np.bincount(cell).argmax())
        near = np.concatenate((
            np.flatnonzero(cell == most), np.flatnonzero((region == most // BRANCHES) & (cell != most))
        ))  # fmt: skip
        chosen = near[:GROUPS] if kind == "contested" else rng.choice(m, GROUPS, replace=False)
        minimum[chosen] = rng.integers(6, 13, len(chosen))
        places[chosen] = minimum[chosen] + rng.integers(0, 4, len(chosen))
    rows = np.repeat(np.arange(n), np.diff(instance.indptr))
    return build_problem(
        rows, instance.indices, instance.fit, places, priority=instance.priority, min_to_open=minimum, limits=limits,
        student_ids=instance.students, opening_ids=instance.openings,
    )


def save(instance: Instance, path: Path) -> None:
    """Write an instance for another process."""
    np.savez(path, name=instance.name, **{part: getattr(instance, part) for part in PARTS})


def load(path: Path) -> Instance:
    """Read an instance back."""
    with np.load(path) as parts:
        return Instance(str(parts["name"]), *(parts[part] for part in PARTS))
