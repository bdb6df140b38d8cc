"""What can go wrong in this room."""
from __future__ import annotations

from dataclasses import dataclass


class MatcherError(Exception):
    """Root of this room's errors."""


class InvalidProblem(MatcherError):
    """The arrays do not describe a problem; the message names array, index, value and what was expected."""


class SolverFailure(MatcherError):
    """A solver broke its promise (our fault, never the caller's): its answer did not pass verification."""


class NoPlanYet(MatcherError):
    """The time limit struck before any assignment that holds every limit was found."""


@dataclass(frozen=True, slots=True)
class ConflictMember:
    """One member of an irreducible conflict.

    ``kind`` is pin, forbid, at_least, at_most, places, load, min_to_open or ineligible_pin; ``limit`` the
    index in ``Problem.limits`` of a bound (else -1); ``students`` and ``openings`` indices it speaks of.
    """

    kind: str
    limit: int
    students: tuple[int, ...]
    openings: tuple[int, ...]


class Infeasible(MatcherError):
    """No assignment holds every limit; ``conflict`` is an irreducible set of limits that cannot hold together."""

    def __init__(self, conflict: tuple[ConflictMember, ...]) -> None:
        super().__init__("no assignment holds every limit")
        self.conflict = conflict
