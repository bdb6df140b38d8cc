"""The solution: who goes where, with the value and the bound of every stage."""
from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

UNPLACED = -1


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the lexicographic objective.

    ``value`` and ``bound`` are integers (millionths for fit; priorities as they are; tie numbers), or for
    leximin the ascending lists of every student's ratio as exact (numerator, denominator) pairs.
    """

    name: str  # priority | fit | leximin | tie
    value: int | tuple[tuple[int, int], ...]
    bound: int | tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Price:
    """One dual price. ``kind``: student | opening | limit | load | open; integers in millionths of the stage's unit."""

    kind: str
    index: int
    stage: str
    price: int


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """An assignment that holds every limit.

    ``assignment`` has shape (n,): each student's opening, or UNPLACED. ``status`` is optimal (every stage's
    value equals its bound) or feasible (a time limit struck; the last stage shows the gap).
    """

    assignment: NDArray[np.int64]
    status: str
    objective: str
    stages: tuple[Stage, ...]
    prices: tuple[Price, ...] = field(default=())
