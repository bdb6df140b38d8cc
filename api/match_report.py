"""What one run found out, as data: the pipeline fills it, explanations and reports read it."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from api.policy import Policy
from api.records import Decision
from features.eligibility import Eligibility
from features.records import Opening, Student
from features.scoring import ScoredPairs
from matcher.problem import Problem
from matcher.sensitivity import Sensitivities
from matcher.solution import Solution
from matcher.turns import Chance


@dataclass(frozen=True, slots=True)
class SmallestChange:
    """One change that places student ``i`` at opening ``j``; verified. See `api.changes`.

    ``code`` is a rule of `features.eligibility.RULES`, ``full`` or ``closed``; the next five as in
    `features.eligibility.Refusal`. ``more`` is how many further students get a place by it.
    """

    code: str
    i: int
    j: int
    by: float | None
    unit: str
    found: str
    limit: str
    detail: str
    more: int


@dataclass(frozen=True, slots=True)
class Changes:
    """The smallest change per unplaced student and per empty opening (indices); those without one are missing."""

    students: Mapping[int, SmallestChange]
    openings: Mapping[int, SmallestChange]


@dataclass(frozen=True, slots=True)
class Question:
    """One missing answer. Figures are millionths and None where they were not worked out.

    ``change`` is the sum over the other side of greatest less least fit; ``decides`` for how many of the other side
    the answer decides whether the pair is possible at all; ``best_low`` and ``best_high`` the best fit to be had under
    the answer that leaves least and the one that gives most.
    """

    name: str
    change: int | None = None
    decides: int | None = None
    best_low: int | None = None
    best_high: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """How much is known of one record: the share filled in (millionths), freshness, and what to ask, most first."""

    complete: int
    freshness: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """Of every student and opening of a report, by index. ``measured`` is False where answers were not computed."""

    students: tuple[Known, ...]
    openings: tuple[Known, ...]
    measured: bool


@dataclass(frozen=True, eq=False)
class Robustness:
    """Who keeps the opening in which scenario: ``keeps`` is (scenarios, n), in the order of ``names``.

    ``low`` is (scenarios, n): the proposal's fit in the scenario lies below the floor, and nobody fixed it.
    """

    names: tuple[str, ...]
    keeps: NDArray[np.bool_]
    low: NDArray[np.bool_]

    @property
    def robust(self) -> NDArray[np.bool_]:
        """Whether each student keeps the opening, at a fit that is proposed, in every scenario; shape (n,)."""
        return np.asarray((self.keeps & ~self.low).all(axis=0))


@dataclass(frozen=True, eq=False)
class MatchReport:
    """One run, ready to be explained.

    ``students`` (n,) and ``openings`` (m,) ascend by key; every array speaks of these indices. The pairs of
    ``scored`` and ``problem`` are the same, in the same order: those that every rule lets through and whose
    fit reaches the floor, the fixed ones, and the forbidden ones (lock -1 in the problem). ``blocked_students``
    (n, R) and ``blocked_openings`` (m, R) count refusals per rule in the order of `features.eligibility.RULES`,
    min_fit and forbidden included. ``pair_of`` (n,) is the pair in the plan, or -1. ``full`` and ``closed``
    (n,) count eligible openings lost because their places went to others or because the group stays closed.
    ``priorities`` (n,) as solved. ``low_fit`` maps a pair refused by the floor to its fit. ``sensitivity`` is None
    without an optimal plan, and open (``known``) where an exact figure would take too long.
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
    sensitivity: Sensitivities | None = None
    chance: Chance | None = None  # what random turns would give; see `matcher.turns`
    robustness: Robustness | None = None  # None where it is left open; see `api.robust`
    changes: Changes = field(default_factory=lambda: Changes({}, {}))
    questions: Questions | None = None
    versions: dict[str, str] = field(default_factory=dict)


__all__ = [
    "Changes", "Decision", "Known", "MatchReport", "Question", "Questions", "Robustness", "SmallestChange",
]  # fmt: skip
