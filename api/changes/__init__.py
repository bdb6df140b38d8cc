"""The smallest single change that places an unplaced student, or fills an empty opening; each one verified.

One change is one rule lifted for one pair (or for one student or opening, where the rule is theirs alone), a
connector's rejection taken back, the floor of the fit lowered for one pair, one more place, or a group that may start
with one student less. The smallest is the one with the fewest *points* (`api.changes.points`), then the rule that
stands first in `features.eligibility.RULES`, then the smaller amount, then the earlier vacancy.

A change of a pair is verified by a plan: everybody else keeps a place, the student takes the new pair. That is better
than the best plan without the change, so every best plan with it must place the student: solving again cannot give
another answer. For that nobody else may gain or lose a possibility by the change, which is looked up where it
changes the opening; and where an opening is to be filled by what changes a student, no other opening that
becomes possible may suit the student as well (`api.changes.alone`). One more place and a smaller group are
verified by the solver.
"""
from __future__ import annotations

import numpy as np

from api.changes.candidates import Candidate, Candidates
from api.changes.room import Room
from api.match_report import Changes, MatchReport, SmallestChange
from features.eligibility import RULES
from matcher.sensitivity import smaller_group
from matcher.sensitivity_tree import EFFORT

TRIED = 3
"""Candidates per student or opening whose fit is worked out at a time, and how often that is done."""
LARGEST_GROUPS = 5


def smallest_changes(report: MatchReport) -> Changes:
    """Find the smallest change for every unplaced student and every empty opening.

    Students with a destination, or for whom day activities are the aim, are not looked at: they are not unplaced by
    mishap. An opening is empty when nobody is placed there though it has places.

    Returns
    -------
    Changes
        By index of student and of opening; who is missing has no single change that could be verified.
    """
    if report.solution.status != "optimal":
        return Changes({}, {})
    room = Room(report)
    found = Candidates(report, room)
    groups = _smaller_groups(report)
    by_student = {i: list(found.of_student(i)) for i in found.unplaced}
    for i in found.unplaced:
        by_student[i] += _more_places(report, i)
        by_student[i] += [candidate for candidate in groups if candidate.i == i]
    by_opening = {j: list(found.of_opening(j)) for j in found.empty}
    for candidate in groups:
        by_opening.setdefault(candidate.j, []).append(candidate)
    return Changes(_first(found, by_student, fills=False), _first(found, by_opening, fills=True))


def _first(found: Candidates, lists: dict[int, list[Candidate]], *, fills: bool) -> dict[int, SmallestChange]:
    """The first candidate of each list that is verified, the smallest first; ``fills``: the opening must be filled."""
    result: dict[int, SmallestChange] = {}
    waiting = {key: sorted(candidates, key=lambda c: c.order) for key, candidates in sorted(lists.items())}
    for turn in range(TRIED):
        tried = {key: row[turn * TRIED : (turn + 1) * TRIED] for key, row in waiting.items() if key not in result}
        fits = found.verified([candidate for row in tried.values() for candidate in row], fills=fills)
        for key, row in tried.items():
            for candidate in row:
                if fits[candidate.key]:
                    result[key] = candidate.change
                    break
    return result


def _more_places(report: MatchReport, i: int) -> list[Candidate]:
    """One more place at an opening that then goes, in the new best plan, to this student."""
    known = report.sensitivity
    if known is None:
        return []
    result = []
    for j in report.problem.indices[report.problem.indptr[i] : report.problem.indptr[i + 1]].tolist():
        moves = known.worth_moves[j] if known.worth_known[j] else None
        if moves and any(who == i and after >= 0 for who, _, after in moves):
            placed = sum((after >= 0) - (before >= 0) for _, before, after in moves)
            result.append(Candidate.settled("full", i, j, placed - 1))
    return result


def _smaller_groups(report: MatchReport) -> list[Candidate]:
    """For groups that stay closed: who gets a place when one student less is enough, by solving again."""
    problem, plan = report.problem, report.solution.assignment
    inside = np.bincount(plan[plan >= 0], minlength=problem.m)
    open_pairs = np.bincount(problem.indices[problem.usable | problem.closed[problem.indices]], minlength=problem.m)
    shut = np.flatnonzero((inside == 0) & (problem.required > 1) & (open_pairs > 0))[:LARGEST_GROUPS]
    result: list[Candidate] = []
    for j in shut.tolist():
        change = smaller_group(
            problem, report.solution, j, unplaced_value=report.policy.unplaced_fit, effort=EFFORT // LARGEST_GROUPS
        )
        if change is None or not any(after == j for _, _, after in change.moves):
            continue
        gain = sum((after >= 0) - (before >= 0) for _, before, after in change.moves)
        for i, before, after in change.moves:
            if before < 0 <= after:
                result.append(Candidate.settled("closed", i, j, gain - 1))
    return result


__all__ = ["RULES", "SmallestChange", "smallest_changes"]
