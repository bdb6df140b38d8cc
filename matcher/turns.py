"""What simple chance would give: everyone in turn, in random orders, takes the best place left.

Random serial dictatorship [1]_, on the pairs of a problem. In every order each student takes the own best pair
(equal scores: the pair with the highest tie number) that the places, the load and every upper bound of a limit still
leave room for. A person's word stands: who is pinned has that place before anybody chooses, who must be in one of
some openings chooses among those, forbidden pairs are never taken. An opening that fewer choose than it needs to open
stays closed to all but the pinned, and the order is run again without it, until all that are chosen open. Lower bounds
of limits are not heeded: chance has no plan.

References
----------
.. [1] A. Abdulkadiroglu, T. Sonmez, "Random serial dictatorship and the core from random endowments in house
   allocation problems", Econometrica 66(3), 1998. doi:10.2307/2998580
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.problem import PIN, Ints, Problem

ORDERS = 1_000
"""Orders drawn by default."""
SEED = 20_170_901
"""Seed of the draws by default; with the ids of the students it decides the orders, and nothing else does."""
_AT_ONCE = 8  # choices looked at in one go: few students get no further
_CELLS = 1 << 24  # students times orders at a time, so that a nation fits in memory


@dataclass(frozen=True, slots=True, eq=False)
class Chance:
    """What each student gets over ``orders`` orders.

    ``total`` (n,) is the sum of the scores, 0 where unplaced; ``placed`` (n,) in how many orders there was a place.
    """

    orders: int
    total: Ints
    placed: Ints

    def mean(self) -> Ints:
        """The mean score of each student over the orders, halves to even, shape (n,)."""
        whole, rest = np.divmod(self.total, self.orders)
        up = (2 * rest > self.orders) | ((2 * rest == self.orders) & (whole % 2 != 0))
        return np.asarray(whole + up)

    def above(self, score: Ints) -> NDArray[np.bool_]:
        """Whose mean is above ``score`` (n,), exactly."""
        return np.asarray(self.total > score * self.orders)


def random_turns(problem: Problem, *, orders: int = ORDERS, seed: int = SEED) -> Chance:
    """Let everyone choose in turn, in ``orders`` random orders.

    Parameters
    ----------
    problem : Problem
        n students and m openings.
    orders : int
        How many orders to draw.
    seed : int
        Of the draws. Students are drawn in the order of their ids' digests, so the order of the rows does not matter.

    Examples
    --------
    >>> from matcher import build_problem
    >>> found = random_turns(build_problem([0, 1], [0, 0], [900_000, 600_000], places=[1]), orders=100)
    >>> int(found.placed.sum()), (found.total // found.placed).tolist()
    (100, [900000, 600000])
    """
    draw = np.random.default_rng(seed)
    by_id = np.argsort(problem.student_ids, kind="stable").astype(np.int32)
    total, placed = (np.zeros(problem.n, dtype=np.int64) for _ in range(2))
    step = max(_CELLS // max(problem.n, 1), 1)
    for begin in range(0, orders, step):
        part = turns(problem, draw.permuted(np.tile(by_id, (min(step, orders - begin), 1)), axis=1))
        total += part.total
        placed += part.placed
    return Chance(orders, total, placed)


def turns(problem: Problem, orders: Ints) -> Chance:
    """Let everyone choose in turn, in the given orders.

    Parameters
    ----------
    problem : Problem
        n students and m openings.
    orders : int64 array, shape (r, n)
        Each row all students, first come first.
    """
    chosen = _Round(problem, orders).run()
    closed = _too_few(problem, chosen)
    again = np.flatnonzero(closed.any(axis=1))
    while len(again):
        part = _Round(problem, orders[again], closed[again]).run()
        chosen[again] = part
        short = _too_few(problem, part) & ~closed[again]  # who is pinned stays in one that is closed to others
        closed[again] |= short
        again = again[short.any(axis=1)]
    total, placed = (np.zeros(problem.n, dtype=np.int64) for _ in range(2))
    worth = np.append(problem.values, 0)  # at -1, no pair
    for row in chosen:
        total += worth[row]
        placed += row >= 0
    return Chance(len(orders), total, placed)


def _too_few(problem: Problem, chosen: Ints) -> NDArray[np.bool_]:
    """Which openings somebody chose that stay below what they need to open, per order; shape (r, m)."""
    needy = np.flatnonzero(problem.required > 1)
    short = np.zeros((len(chosen), problem.m), dtype=bool)
    if not len(needy) or not problem.p:
        return short
    where = np.where(chosen >= 0, problem.indices[chosen], -1)
    for j in needy.tolist():
        inside = (where == j).sum(axis=1)
        short[:, j] = (inside > 0) & (inside < problem.required[j])
    return short


class _Round:
    """All orders side by side: the k-th student of every order chooses at the same moment."""

    def __init__(self, problem: Problem, orders: Ints, closed: NDArray[np.bool_] | None = None) -> None:
        self.problem, self.orders = problem, orders
        r, m = len(orders), problem.m
        self.row = np.arange(r)
        # One opening more than there are: "no further choice", which never has a place.
        places = np.append(np.where(problem.closed, 0, problem.places), 0)
        self.left = np.broadcast_to(np.minimum(places, problem.n).astype(np.int32), (r, m + 1)).copy()
        if closed is not None:
            self.left[:, :m][closed] = 0
        heavy = np.bincount(problem.indices[problem.load > 0], minlength=m) > 0
        capped = heavy & (problem.load_capacity >= 0)
        self.room: Ints | None = None
        if capped.any():
            room = np.append(np.where(capped, problem.load_capacity, 2**62), 2**62)
            self.room = np.broadcast_to(room, (r, m + 1)).copy()
        upper = [limit for limit in problem.limits if limit.at_most is not None]
        self.inside = [np.append(problem.in_limit(limit), False) for limit in upper]
        self.free = [np.full(r, limit.at_most, dtype=np.int64) for limit in upper]
        self.choices, self.width = _choices(problem)
        self.indices = np.append(problem.indices, m)
        self.load = np.append(problem.load, 0)

    def run(self) -> Ints:
        """Return the pair of each student in each order, -1 for none; shape (r, n)."""
        n = self.problem.n
        chosen = np.full((len(self.row), n), -1, dtype=np.int32 if self.problem.p < 2**31 else np.int64)
        pinned = np.flatnonzero(self.problem.pinned >= 0)
        for i in pinned.tolist():  # a person's word comes before every turn, and needs no room that is left
            pair = np.full(len(self.row), self.problem.pinned[i])
            chosen[:, i] = pair
            self._take(self.row, pair)
        chooses = self.width > 0
        chooses[pinned] = False
        for k in range(n):
            who = self.orders[:, k]
            rows = self.row[chooses[who]]
            if len(rows):
                chosen[rows, who[rows]] = self._turn(rows, who[rows])
        return chosen

    def _turn(self, rows: Ints, who: Ints) -> Ints:
        """The pairs that the students ``who`` take in the orders ``rows``, -1 where nothing is left."""
        result = np.full(len(rows), -1, dtype=np.int64)
        waiting = np.arange(len(rows))
        for begin in range(0, self.choices.shape[1], _AT_ONCE):
            here, student = rows[waiting], who[waiting]
            pairs = self.choices[student, begin : begin + _AT_ONCE]
            fits = self._fits(here, pairs)
            found = fits.any(axis=1)
            first = pairs[np.flatnonzero(found), fits[found].argmax(axis=1)]
            result[waiting[found]] = first
            self._take(here[found], first)
            waiting = waiting[~found & (self.width[student] > begin + _AT_ONCE)]
            if not len(waiting):
                break
        return result

    def _fits(self, rows: Ints, pairs: Ints) -> NDArray[np.bool_]:
        opening = self.indices[pairs]
        fits: NDArray[np.bool_] = self.left[rows[:, None], opening] > 0
        if self.room is not None:
            fits &= self.room[rows[:, None], opening] >= self.load[pairs]
        for inside, free in zip(self.inside, self.free, strict=True):
            full = free[rows] <= 0
            if full.any():
                fits &= ~(full[:, None] & inside[pairs])
        return fits

    def _take(self, rows: Ints, pairs: Ints) -> None:
        """Give out the pairs, one per order."""
        opening = self.indices[pairs]
        self.left[rows, opening] -= 1
        if self.room is not None:
            self.room[rows, opening] -= self.load[pairs]
        for inside, free in zip(self.inside, self.free, strict=True):
            free[rows] -= inside[pairs]


def _choices(problem: Problem) -> tuple[Ints, Ints]:
    """Each student's pairs, best first, filled up with p for none, shape (n, widest); and how many there are (n,)."""
    free = problem.usable & (problem.places > 0)[problem.indices] & (problem.locks != PIN)
    for limit in problem.limits:
        if limit.at_least and limit.students is not None and len(limit.students) == 1:
            free &= problem.in_limit(limit) | (problem.rows != limit.students[0])
    usable = np.flatnonzero(free)
    order = usable[np.lexsort((-problem.ties[usable], -problem.values[usable], problem.rows[usable]))]
    rows = problem.rows[order]
    width = np.bincount(rows, minlength=problem.n)
    choices = np.full((problem.n, int(width.max(initial=0))), problem.p, dtype=np.int64)
    begin = np.concatenate(([0], np.cumsum(width)))[:-1]
    choices[rows, np.arange(len(order)) - begin[rows]] = order
    return choices, width
