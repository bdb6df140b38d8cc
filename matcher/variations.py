"""The same problem with one thing changed: a pin, more places, somebody or something gone, a new opening, other values.

Each returns a new, checked `Problem`; indices stay what they were, a new opening comes last.
"""
from __future__ import annotations

from dataclasses import replace

import numpy as np

from matcher.problem import FORBID, FREE, NO_LOAD_LIMIT, PIN, GroupLimit, Ints, Problem, build_problem


def pinned(problem: Problem, i: int, j: int) -> Problem:
    """Student i pinned to opening j, an own pin lifted.

    A pair that is not eligible, or forbidden, becomes a conflict, as any such pin is.
    """
    lifted = _unpinned(problem, i)
    k = problem.pair(i, j)
    if k < 0:
        return replace(lifted, ineligible_pins=(*lifted.ineligible_pins, (i, j)))
    if lifted.locks[k] == FORBID:
        return replace(lifted, pinned_forbidden=(*lifted.pinned_forbidden, (i, j)))
    locks = lifted.locks.copy()
    locks[k] = PIN
    return replace(lifted, locks=locks)


def _unpinned(problem: Problem, i: int) -> Problem:
    locks = problem.locks.copy()
    mine = slice(int(problem.indptr[i]), int(problem.indptr[i + 1]))
    locks[mine] = np.where(locks[mine] == PIN, FREE, locks[mine])
    return replace(
        problem,
        locks=locks,
        ineligible_pins=tuple(pair for pair in problem.ineligible_pins if pair[0] != i),
        pinned_forbidden=tuple(pair for pair in problem.pinned_forbidden if pair[0] != i),
    )


def without_pair(problem: Problem, i: int, j: int) -> Problem:
    """The pair of student i and opening j rejected, a pin on it lifted."""
    locks = problem.locks.copy()
    k = problem.pair(i, j)
    if k >= 0:
        locks[k] = FORBID
    return replace(
        problem,
        locks=locks,
        ineligible_pins=tuple(pair for pair in problem.ineligible_pins if pair != (i, j)),
        pinned_forbidden=tuple(pair for pair in problem.pinned_forbidden if pair != (i, j)),
    )


def with_places(problem: Problem, j: int, more: int) -> Problem:
    """So many places more at opening j (fewer, if negative; never below 0)."""
    places = problem.places.copy()
    places[j] = max(int(places[j]) + more, 0)
    return replace(problem, places=places)


def without_student(problem: Problem, i: int) -> Problem:
    """Student i drops out: placed nowhere, an own pin lifted. Limits that count the student count nobody instead."""
    gone = _unpinned(problem, i)
    locks = gone.locks.copy()
    locks[int(problem.indptr[i]) : int(problem.indptr[i + 1])] = FORBID
    return replace(gone, locks=locks)


def without_opening(problem: Problem, j: int) -> Problem:
    """Opening j drops out: no places, pins to it lifted."""
    locks = np.where(problem.indices == j, FORBID, problem.locks).astype(np.int8)
    places = problem.places.copy()
    places[j] = 0
    return replace(
        problem,
        locks=locks,
        places=places,
        ineligible_pins=tuple(pair for pair in problem.ineligible_pins if pair[1] != j),
        pinned_forbidden=tuple(pair for pair in problem.pinned_forbidden if pair[1] != j),
    )


def revalued(problem: Problem, by: int, *, student: int | None = None, opening: int | None = None) -> Problem:
    """Every pair of a student, of an opening, or the one pair of both, worth so many millionths more (or less)."""
    chosen = np.ones(problem.p, dtype=bool)
    if student is not None:
        chosen &= problem.rows == student
    if opening is not None:
        chosen &= problem.indices == opening
    return replace(problem, values=problem.values + by * chosen)


def with_opening(
    problem: Problem,
    students: Ints,
    values: Ints,
    *,
    opening_id: int,
    places: int = 1,
    min_to_open: int = 0,
    present: int = 0,
    load_capacity: int = NO_LOAD_LIMIT,
    load: Ints | None = None,
    limits: tuple[int, ...] = (),
) -> Problem:
    """A new opening, index m, to which these students are eligible.

    Parameters
    ----------
    problem : Problem
        What there is already.
    students, values, load : int64 arrays, shape (q,)
        Eligible students with their scores and loads in millionths.
    opening_id : int
        Digest of its id (`matcher.problem.id_digests`), for the tie rule.
    places, min_to_open, present, load_capacity : int
        As in `Problem`.
    limits : tuple of int
        Positions of the limits over listed openings that count the new one too.
    """
    def more(old: Ints, new: int) -> Ints:
        return np.append(old, new)

    own = np.zeros(len(students), dtype=np.int64) if load is None else load
    return build_problem(
        np.concatenate((problem.rows, students)),
        np.concatenate((problem.indices, np.full(len(students), problem.m))),
        np.concatenate((problem.values, values)),
        more(problem.places, places),
        n=problem.n,
        priority=problem.priority,
        min_to_open=more(problem.min_to_open, min_to_open),
        present=more(problem.present, present),
        load_capacity=more(problem.load_capacity, load_capacity),
        load=np.concatenate((problem.load, own)),
        locks=np.concatenate((problem.locks, np.zeros(len(students), dtype=np.int8))),
        limits=[_widened(limit, problem.m) if g in limits else limit for g, limit in enumerate(problem.limits)],
        ineligible_pins=problem.ineligible_pins,
        pinned_forbidden=problem.pinned_forbidden,
        student_ids=problem.student_ids,
        opening_ids=np.append(problem.opening_ids, np.uint64(opening_id)),
        before=problem.before,
    )


def _widened(limit: GroupLimit, j: int) -> GroupLimit:
    return limit if limit.openings is None else replace(limit, openings=np.append(limit.openings, j))


__all__ = [
    "pinned", "revalued", "with_opening", "with_places", "without_opening", "without_pair", "without_student",
]  # fmt: skip
