"""Does an assignment hold every limit? Looked at from the problem's numbers alone, without the solver's code."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.columns import rows_of
from matcher.exact import exact_sum
from matcher.problem import FORBID, PIN, Ints, Problem


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold.

    ``name`` is the limit or statement that fails: not_eligible, pin, forbid, places, load, min_to_open, at_least,
    at_most, assignment, value, ties, bound, status, objective, prices. ``text`` says it, with {student} and
    {opening} for the index it speaks of.
    """

    name: str
    text: str
    student: int = -1
    opening: int = -1

    @property
    def sentence(self) -> str:
        """The text with indices."""
        return self.text.replace("{student}", str(self.student)).replace("{opening}", str(self.opening))

    def say(self, students: Sequence[str], openings: Sequence[str]) -> str:
        """The text with ids, (n,) and (m,)."""
        text = self.text
        if self.student >= 0:
            text = text.replace("{student}", students[self.student])
        return text.replace("{opening}", openings[self.opening]) if self.opening >= 0 else text


_NOT_THERE = "student {student} is pinned to opening {opening} but not there"


def broken_limits(problem: Problem, assignment: Ints, pair: Ints) -> tuple[Finding, ...]:
    """Every limit that the assignment breaks.

    Parameters
    ----------
    problem : Problem
        Whose limits are meant.
    assignment : int64 array, shape (n,)
        Opening of each student, below 0 for unplaced.
    pair : int64 array, shape (n,)
        Index of that pair, -1 for unplaced, -2 where the pair is not eligible.
    """
    return (
        *_pairs(problem, assignment, pair),
        *_pins(problem, assignment, pair),
        *_openings(problem, assignment, pair),
        *_groups(problem, assignment),
    )


def _pairs(problem: Problem, assignment: Ints, pair: Ints) -> Iterator[Finding]:
    for i in np.flatnonzero(pair == -2).tolist():
        yield Finding("not_eligible", "student {student} is at opening {opening}: not eligible", i, int(assignment[i]))
    for i in np.flatnonzero(pair >= 0).tolist() if (problem.locks == FORBID).any() else ():
        if problem.locks[pair[i]] == FORBID:
            yield Finding("forbid", "student {student} is at opening {opening}: forbidden", i, int(assignment[i]))
    for i, j in problem.pinned_forbidden:
        yield Finding("forbid", "student {student} is pinned to opening {opening} and forbidden there", i, j)


def _pins(problem: Problem, assignment: Ints, pair: Ints) -> Iterator[Finding]:
    for k in np.flatnonzero(problem.locks == PIN).tolist():
        i = int(rows_of(problem.indptr, np.array([k]))[0])
        if pair[i] != k:
            yield Finding("pin", _NOT_THERE, i, int(problem.indices[k]))
    for i, j in (*problem.ineligible_pins, *problem.pinned_forbidden):
        if assignment[i] != j or pair[i] < 0:
            yield Finding("pin", _NOT_THERE, i, j)


def _openings(problem: Problem, assignment: Ints, pair: Ints) -> Iterator[Finding]:
    filled = np.bincount(assignment[assignment >= 0], minlength=problem.m)
    for j in np.flatnonzero(filled > problem.places).tolist():
        yield Finding("places", f"opening {{opening}} has {filled[j]} students, places {problem.places[j]}", opening=j)
    total = filled + problem.present
    for j in np.flatnonzero((filled > 0) & (problem.min_to_open > 1) & (total < problem.min_to_open)).tolist():
        found = f"opening {{opening}} takes in {filled[j]} beside {problem.present[j]} present"
        yield Finding("min_to_open", f"{found}; it opens with {problem.min_to_open[j]}", opening=j)
    capped = np.flatnonzero(problem.load_capacity >= 0)
    if len(capped):
        real = pair[pair >= 0]
        order = real[np.argsort(problem.indices[real], kind="stable")]
        column = problem.indices[order]
        for j in capped.tolist():
            begin, end = np.searchsorted(column, [j, j + 1])
            load = exact_sum(problem.load[order[begin:end]])
            if load > problem.load_capacity[j]:
                most = problem.load_capacity[j]
                yield Finding("load", f"opening {{opening}} carries {load} millionths of load of {most}", opening=j)


def _groups(problem: Problem, assignment: Ints) -> Iterator[Finding]:
    for limit in problem.limits:
        counted = assignment >= 0
        if limit.students is not None:
            counted &= np.isin(np.arange(problem.n), limit.students)
        if limit.openings is not None:
            counted &= np.isin(assignment, limit.openings)
        count = int(counted.sum())
        if limit.at_least is not None and count < limit.at_least:
            yield Finding("at_least", f"limit {limit.name!r} counts {count}, at least {limit.at_least}")
        if limit.at_most is not None and count > limit.at_most:
            yield Finding("at_most", f"limit {limit.name!r} counts {count}, at most {limit.at_most}")
