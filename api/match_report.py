"""What one run found out, as data: the pipeline fills it, explanations and reports read it."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from api.policy import Policy
from api.records import Decision
from features.eligibility import Eligibility
from features.records import Opening, Student
from features.scorer import ScoredPairs
from matcher.problem import Problem
from matcher.solution import Solution


@dataclass(frozen=True, slots=True, eq=False)
class Sensitivity:
    """Exact figures per pair of the problem, student and opening; see `matcher.sensitivity`.

    Losses are arrays of shape (p,): ``placed_loss`` in priorities, ``fit_loss`` and ``others_loss`` in
    millionths; ``feasible`` is False where no plan is possible with the pair; ``moves`` lists (student,
    from opening or -1, to opening or -1). ``worth_placed`` and ``worth_fit`` have shape (m,): what one more
    place gains.
    """

    feasible: NDArray[np.bool_]
    placed_loss: NDArray[np.int64]
    fit_loss: NDArray[np.int64]
    others_loss: NDArray[np.int64]
    moves: tuple[tuple[tuple[int, int, int], ...], ...]
    worth_placed: NDArray[np.int64]
    worth_fit: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class MatchReport:
    """One run, ready to be explained.

    ``students`` (n,) and ``openings`` (m,) ascend by key; every array speaks of these indices. The pairs of
    ``scored`` and ``problem`` are the same, in the same order: those that every rule lets through and whose
    fit reaches the floor, the fixed ones, and the forbidden ones (lock -1 in the problem). ``blocked_students``
    (n, R) and ``blocked_openings`` (m, R) count refusals per rule in the order of `features.eligibility.RULES`,
    min_fit and forbidden included. ``pair_of`` (n,) is the pair in the plan, or -1. ``full`` and ``closed``
    (n,) count eligible openings lost because their places went to others or because the group stays closed.
    ``priorities`` (n,) as solved. ``low_fit`` maps a pair refused by the floor to its fit.
    """

    on: date
    lang: str
    policy: Policy
    students: tuple[Student, ...]
    openings: tuple[Opening, ...]
    left_out: int  # students whose work capacity is "no": counted, not kept
    eligibility: Eligibility
    scored: ScoredPairs
    points: NDArray[np.uint64]  # (p,) bitmask over POINTS, for the pairs of the problem
    broken: NDArray[np.uint64]  # (p,) bitmask over RULES that a fixed pair breaks
    problem: Problem
    solution: Solution
    proved: bool  # what verify could say
    pair_of: NDArray[np.int64]
    blocked_students: NDArray[np.int64]
    blocked_openings: NDArray[np.int64]
    full: NDArray[np.int64]
    closed: NDArray[np.int64]
    priorities: NDArray[np.int64]
    low_fit: dict[tuple[int, int], int]
    digest: str
    decisions: tuple[Decision, ...] = ()
    sensitivity: Sensitivity | None = None
    versions: dict[str, str] = field(default_factory=dict)


__all__ = ["Decision", "MatchReport", "Sensitivity"]
