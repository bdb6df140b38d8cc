"""Re-solve after one change: a rejection, a pin, a drop-out, a place more or less, from a plan that is kept.

An optimal plan with prices stays optimal but for the one thing that changed. Each student who lost a place costs one
shortest path, and so does each place that fell free: far less than solving again, and just as exact, ties included.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matcher.errors import InvalidProblem
from matcher.faces import Face, whole_face
from matcher.kernels import PLAIN, compiled_kernels
from matcher.levels import frozen, home_of, linked
from matcher.paths import PathResult, solve_paths, use_compiled

Ints = NDArray[np.int64]
ROOM = 1 << 59  # numbers beyond this leave no room in 64 bits for the worth of what is ruled out
NEVER = 1 << 60


class KeptPlan:
    """An optimal plan that is kept optimal while its problem changes, one change at a time.

    Parameters
    ----------
    indptr, indices, places, stage_weights, stage_unplaced, engine
        As :func:`matcher.paths.solve_paths`.
    result : PathResult, optional
        Its answer; solved here if absent.

    Notes
    -----
    What is pinned or has dropped out takes no part any more. ``copy`` is cheap: try a change on a copy. Where two
    plans are equal in all stages, one of them is kept; ``solve_paths`` may give the other.

    Examples
    --------
    >>> import numpy as np
    >>> one = np.array([1, 1, 1])
    >>> plan = KeptPlan(np.array([0, 2, 3]), np.array([0, 1, 0]), np.array([1, 1]), [one, np.array([9, 8, 5])], [0, 0])
    >>> plan.assignment.tolist()
    [1, 0]
    >>> plan.forbid(1, 0).assignment.tolist()
    [0, -1]
    """

    def __init__(
        self, indptr: Ints, indices: Ints, places: Ints, stage_weights: Sequence[Ints],
        stage_unplaced: Sequence[Ints | int], *, engine: str = "auto", result: PathResult | None = None,
    ) -> None:
        if result is None:
            result = solve_paths(indptr, indices, places, stage_weights, stage_unplaced, engine=engine)
        face = whole_face(indptr, indices, places, stage_weights, stage_unplaced)
        n, m = len(face.must_place), len(face.places)
        planes = _pack(face, result.opening_prices)
        compiled = planes.top < ROOM and use_compiled(engine, len(face.indices))
        self._tool: Any = compiled_kernels() if compiled else PLAIN
        self._never = NEVER if compiled else 8 * planes.top
        rows = np.repeat(np.arange(n), np.diff(face.indptr))
        held = np.flatnonzero(result.assignment[rows] == face.indices)
        at = np.full(n, -1, dtype=np.int64)
        at[rows[held]] = held
        home = home_of(face.indices, at)
        room = face.places - np.bincount(home[home >= 0], minlength=m)
        order = np.argsort(face.indices, kind="stable")
        colptr = np.searchsorted(face.indices[order], np.arange(m + 1))
        nowhere = np.full(m, -1, dtype=np.int64)

        def fresh(*parts: NDArray[Any]) -> tuple[Any, ...]:
            return tuple(np.array(part, dtype=np.int64) if compiled else part.tolist() for part in parts)

        def shared(*parts: NDArray[Any]) -> tuple[Any, ...]:
            return tuple(frozen(part) if compiled else part.tolist() for part in parts)

        self._pairs = shared(face.indptr, face.indices)
        self._columns = shared(colptr, rows[order], order)
        self._weight, self._worth = fresh(*planes.weights), fresh(*planes.worths)
        self._state = fresh(*planes.prices, room, at, home, *linked(home, m))
        far = np.full(m, self._tool.FAR) if compiled else [self._tool.FAR] * m
        self._work = (far, *fresh(nowhere, nowhere, nowhere, nowhere))
        self._pinned = np.full(n, -1, dtype=np.int64)
        self._gone: frozenset[int] = frozenset()

    @property
    def assignment(self) -> Ints:
        """Each student's opening, or -1, shape (n,)."""
        return np.where(self._pinned >= 0, self._pinned, np.asarray(self._state[4], dtype=np.int64))

    def copy(self) -> Self:
        """Copy what changes, and share the rest."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        parts = (self._weight, self._worth, self._state)
        other._weight, other._worth, other._state = (tuple(one.copy() for one in part) for part in parts)
        other._pinned = self._pinned.copy()
        return other

    def forbid(self, student: int, opening: int) -> Self:
        """Rule out a pair; if it was in the plan, the student gets what is best for all now."""
        first, last = self._pairs[0][student], self._pairs[0][student + 1]
        pair = next((e for e in range(first, last) if self._pairs[1][e] == opening), -1)
        if self._pinned[student] == opening:
            raise InvalidProblem(f"student {student} is pinned to opening {opening}; the pair cannot be forbidden too")
        if pair >= 0:
            self._weight[0][pair] = -self._never
            if self._state[3][student] == pair:
                self._take_out(student)
                self._seat(student)
                self._fill(opening)
        return self

    def pin(self, student: int, opening: int) -> Self:
        """Fix a pair, eligible or not; who has to make room gets what is best for all now."""
        if self._pinned[student] >= 0 or student in self._gone:
            raise InvalidProblem(f"student {student} is pinned or gone already")
        home = int(self._state[4][student])
        if home != opening:
            self._check_place(opening)
        self._take_out(student)
        self._worth[0][student] = self._never
        self._pinned[student] = opening
        self._take_place(opening)
        self._fill(home)
        return self

    def drop_student(self, student: int) -> Self:
        """Take a student out; a place that falls free is filled if anybody gains by it."""
        if student in self._gone:
            raise InvalidProblem(f"student {student} is gone already")
        home = int(self.assignment[student])
        if self._pinned[student] >= 0:
            self._pinned[student] = -1
            self._state[2][home] += 1
        self._take_out(student)
        self._worth[0][student] = self._never
        self._gone |= {student}
        self._fill(home)
        return self

    def drop_opening(self, opening: int) -> Self:
        """Close an opening; those in it get what is best for all now. Nobody may be pinned to it."""
        pinned = np.flatnonzero(self._pinned == opening)
        if len(pinned):
            raise InvalidProblem(f"student {pinned[0]} is pinned to opening {opening}; it cannot be closed")
        out = np.flatnonzero(np.asarray(self._state[4]) == opening).tolist()
        for student in out:
            self._take_out(student)
        self._state[2][opening] = 0
        for student in out:
            self._seat(student)
        return self

    def add_place(self, opening: int) -> Self:
        """Open one more place."""
        self._state[2][opening] += 1
        self._fill(opening)
        return self

    def remove_place(self, opening: int) -> Self:
        """Close one place; there must be one that is not taken by a pin."""
        self._check_place(opening)
        self._take_place(opening)
        return self

    def _check_place(self, opening: int) -> None:
        if self._state[2][opening] == 0 and self._state[5][opening] < 0:
            raise InvalidProblem(f"opening {opening} has no place that is not taken by a pin")

    def _take_place(self, opening: int) -> None:
        """Use up one place of an opening: a free one, or whichever costs all least."""
        if self._state[2][opening] > 0:
            self._state[2][opening] -= 1
            return
        out = int(self._state[5][opening])
        self._take_out(out)
        self._state[2][opening] = 0
        self._seat(out)

    def _take_out(self, student: int) -> None:
        """Take a student off the lists, and free the place, if there was one."""
        price, _small, room, at, home, head, after, before = self._state
        if home[student] >= 0:
            room[home[student]] += 1
            self._tool.leave(student, (price, room, at, home, head, after, before))

    def _seat(self, student: int) -> None:
        self._tool.seat(student, (*self._pairs, *self._weight), self._worth, self._state, self._work)

    def _fill(self, opening: int) -> None:
        """Fill a place that fell free, if it is free still."""
        if opening >= 0 and self._state[2][opening] > 0:
            graph = (*self._pairs, *self._weight)
            self._tool.fill(opening, graph, self._columns, self._worth, self._state, self._work)


@dataclass(frozen=True, slots=True)
class _Planes:
    """All stages in two numbers: the last one low, those before it high; nothing goes beyond ``top``."""

    weights: tuple[NDArray[Any], NDArray[Any]]
    worths: tuple[NDArray[Any], NDArray[Any]]
    prices: tuple[NDArray[Any], NDArray[Any]]
    top: int


def _pack(face: Face, prices: Sequence[Ints]) -> _Planes:
    """Put weights, unplaced worths and opening prices of all stages in two planes."""
    gain = face.flat_gain()
    stages = len(face.weights)
    weights = [np.asarray(weight) for weight in face.weights]
    weight, worth, price = weights[0], face.worths[0], prices[0]
    top, taken = 8 * face.scale(0), 1
    if gain is not None:
        # What is the same at every opening needs no part in the weights: it makes being unplaced worth less.
        weight, worth = np.zeros_like(weight), -gain
        top = 8 * (2 + int(np.abs(gain).max(initial=0)))
    while taken < stages and (taken + 1 < stages or (taken == 1 and gain is not None)):
        scale = face.scale(taken)
        top *= scale
        exact: Any = np.int64 if top < ROOM else object
        weight, worth, price = (
            part.astype(exact) * scale + low
            for part, low in ((weight, weights[taken]), (worth, face.worths[taken]), (price, prices[taken]))
        )
        taken += 1
    if taken < stages:
        top = max(top, 8 * face.scale(taken))
        return _Planes((weight, weights[taken]), (worth, face.worths[taken]), (price, prices[taken]), top)
    none = [np.zeros(len(part), dtype=np.int64) for part in (weight, worth, price)]
    return _Planes((weight, none[0]), (worth, none[1]), (price, none[2]), top)
