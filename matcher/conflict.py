"""Why no assignment holds every limit: one irreducible set of limits that cannot hold together.

The rule: list the members in the order pins, at_least, at_most, places, min_to_open, load, forbids, each kind by
limit, opening and student. Go through the list from its end and leave out every member without which the rest still
cannot hold (the deletion filter [1]_). What stays is irreducible, depends on nothing but the problem, and prefers what
comes first in the list. Runs of members that can go are found by halving: the same set with fewer questions.
Pins that exclude each other by themselves are found first (`matcher.reduction.pin_conflict`).

References
----------
.. [1] J. W. Chinneck, E. W. Dravnieks, "Locating minimal infeasible constraint sets in linear programs",
   ORSA Journal on Computing 3, 1991. doi:10.1287/ijoc.3.2.157
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcher.constraints import Flags, Residual, dropping, residual
from matcher.errors import ConflictMember, NoPlanYet, SolverFailure
from matcher.problem import FORBID, FREE, NO_LOAD_LIMIT, PIN, GroupLimit, Ints, Problem
from matcher.reduction import pin_conflict
from matcher.tree import Question, maximise


def explain_conflict(problem: Problem, *, deadline: float | None = None) -> tuple[ConflictMember, ...]:
    """One irreducible set of limits that cannot hold together; () when all of them can.

    Parameters
    ----------
    problem : Problem
        Whose limits are meant. Every pin, forbid, ``at_least``, ``at_most``, ``places``, ``load`` and
        ``min_to_open`` is a member of its own; one place per student is not a limit but the nature of a plan.
    deadline : float, optional
        On the clock of `time.monotonic`.

    Raises
    ------
    NoPlanYet
        If the deadline struck first.

    Examples
    --------
    >>> from matcher.problem import GroupLimit, build_problem
    >>> problem = build_problem([0, 1], [0, 0], [1, 1], [1], limits=[GroupLimit("both", at_least=2)])
    >>> [member.kind for member in explain_conflict(problem)]
    ['at_least', 'places']
    """
    pins = pin_conflict(problem)
    if pins:
        return pins
    members = _members(problem)
    if _can_hold(problem, members, deadline):
        return ()
    left = list(members)
    at = len(left)  # members from here on are needed
    while at > 0:
        low, high = 0, at  # at least `low` members before `at` can go, `high + 1` cannot
        step = 1
        while low < high:
            count = min(low + step, high)
            if not _can_hold(problem, [*left[: at - count], *left[at:]], deadline):
                low, step = count, step * 2
            else:
                high, step = count - 1, max(min(step // 2, (high - low) // 2), 1)
        left = [*left[: at - low], *left[at:]]
        at -= low + 1
    return tuple(left)


def _members(problem: Problem) -> list[ConflictMember]:
    """Every limit that can take part in a conflict, in the order of the rule."""
    pins = [_pair_member("pin", problem, k) for k in np.flatnonzero(problem.locks == PIN).tolist()]
    bounds = []
    for side in ("at_least", "at_most"):
        for g, limit in enumerate(problem.limits):
            if getattr(limit, side) is not None and (side == "at_most" or limit.at_least):
                bounds.append(ConflictMember(side, g, _indices(limit.students), _indices(limit.openings)))
    used = np.bincount(problem.indices, minlength=problem.m) if problem.p else np.zeros(problem.m, dtype=np.int64)
    reach = np.flatnonzero(used > 0).tolist()
    places = [ConflictMember("places", -1, (), (j,)) for j in reach if problem.places[j] < used[j]]
    minimums = [ConflictMember("min_to_open", -1, (), (j,)) for j in reach if problem.required[j] > 1]
    loads = [ConflictMember("load", -1, (), (j,)) for j in reach if problem.load_capacity[j] >= 0]
    forbids = [_pair_member("forbid", problem, k) for k in np.flatnonzero(problem.locks == FORBID).tolist()]
    return [*pins, *bounds, *places, *minimums, *loads, *forbids]


def _pair_member(kind: str, problem: Problem, k: int) -> ConflictMember:
    return ConflictMember(kind, -1, (int(problem.rows[k]),), (int(problem.indices[k]),))


def _indices(members: Ints | None) -> tuple[int, ...]:
    return () if members is None else tuple(members.tolist())


@dataclass(slots=True)
class _Kept:
    """Which limits a set of members keeps."""

    locks: np.ndarray
    places: np.ndarray
    minimum: np.ndarray
    load: np.ndarray
    at_least: dict[int, int | None]
    at_most: dict[int, int | None]


def with_only(problem: Problem, members: Sequence[ConflictMember]) -> Problem:
    """The problem with these limits and no others; forbidden pairs that are not among them may be taken."""
    kept = _Kept(
        locks=np.full(problem.p, FREE, dtype=np.int8),
        places=np.bincount(problem.indices, minlength=problem.m).astype(np.int64),
        minimum=np.zeros(problem.m, dtype=np.int64),
        load=np.full(problem.m, NO_LOAD_LIMIT, dtype=np.int64),
        at_least={},
        at_most={},
    )
    for member in members:
        if member.kind in ("pin", "forbid"):
            at = problem.pair(member.students[0], member.openings[0])
            kept.locks[at] = PIN if member.kind == "pin" else FORBID
        elif member.kind in ("at_least", "at_most"):
            getattr(kept, member.kind)[member.limit] = getattr(problem.limits[member.limit], member.kind)
        else:
            j = member.openings[0]
            if member.kind == "places":
                kept.places[j] = problem.places[j]
            elif member.kind == "min_to_open":
                kept.minimum[j] = problem.min_to_open[j]
            else:
                kept.load[j] = problem.load_capacity[j]
    limits = [
        GroupLimit(limit.name, limit.students, limit.openings, kept.at_least.get(g), kept.at_most.get(g))
        for g, limit in enumerate(problem.limits)
        if g in kept.at_least or g in kept.at_most
    ]
    return replace(
        problem, locks=kept.locks, places=kept.places, min_to_open=kept.minimum, load_capacity=kept.load,
        limits=tuple(limits), ineligible_pins=(), pinned_forbidden=(),
    )


def _of_use(state: Residual) -> Flags:
    """Free pairs that can help a limit to hold: counted by an ``at_least``, or filling an opening up to its minimum.

    Any other placement may be taken out of an assignment, and every limit still holds.
    """
    use = state.is_open[state.opening] & (state.need > 0)[state.opening]
    for row in state.rows:
        if row.lower is not None:
            use[np.searchsorted(state.pair, row.pairs)] = True
    filled = np.zeros(state.m, dtype=bool)
    filled[state.opening[use]] = True
    return use | (filled & (state.need > 0))[state.opening]


def _can_hold(problem: Problem, members: Sequence[ConflictMember], deadline: float | None) -> bool:
    """Whether some assignment holds these limits."""
    relaxed = with_only(problem, members)
    if pin_conflict(relaxed):
        return False
    state = residual(relaxed)
    if state is None:
        return False
    if all(row.lower is None for row in state.rows) and not (state.is_open & (state.need > 0)).any():
        return True  # the pins alone are an assignment
    state = dropping(state, ~_of_use(state))
    if state is None:
        return False
    found = maximise(relaxed, state, Question(np.zeros(problem.p, dtype=np.int64)), deadline=deadline)
    if found.pairs is not None:
        return True
    if found.infeasible:
        return False
    if deadline is not None:
        raise NoPlanYet("the time limit struck before the conflict was found")
    raise SolverFailure("a question of feasibility was left open")
