"""One cohort solved under two policies, and under the new one with each changed setting put back."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from api.compare.settings import Difference, deciding, differences, put_back
from api.pipeline import Case, prepare
from api.policy import Policy
from api.records import Decision
from features.records import Opening, Student
from features.travel_times import TravelTimes
from matcher.certificate import verify
from matcher.errors import Infeasible, NoPlanYet, SolverFailure
from matcher.solution import Solution
from matcher.solver import search

MOST_WORK = 6_000_000
"""Eligible pairs times changed settings beyond which no setting is put back: it would take minutes."""
Step = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Plan:
    """What one policy makes of the cohort; ``pair_of`` (n,) is each student's pair, or -1."""

    case: Case
    solution: Solution
    pair_of: NDArray[np.int64]

    @property
    def assignment(self) -> NDArray[np.int64]:
        """Each student's opening, or -1."""
        return self.solution.assignment


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two plans of one cohort.

    ``without`` maps a group of changed settings to the plan (n,) of the new policy with that group put back; a group
    is missing where there is no such plan. It is None where putting back would take too long.
    """

    old: Plan
    new: Plan
    changed: tuple[Difference, ...]
    without: dict[str, NDArray[np.int64]] | None

    @property
    def students(self) -> tuple[Student, ...]:
        """The students of both plans, by key."""
        return self.new.case.students

    @property
    def openings(self) -> tuple[Opening, ...]:
        """The openings of both plans, by key."""
        return self.new.case.openings

    @property
    def settled(self) -> bool:
        """Whether both plans are the best there are."""
        return self.old.solution.status == self.new.solution.status == "optimal"


class NoPlanUnder(Exception):
    """One of the policies has no plan: ``which`` is old or new, ``case`` what was asked, and the cause."""

    def __init__(self, which: str, case: Case, cause: Infeasible | NoPlanYet) -> None:
        super().__init__(which)
        self.which, self.case, self.cause = which, case, cause


def compare(
    students: Sequence[Student],
    openings: Sequence[Opening],
    old: Policy,
    new: Policy,
    decisions: Sequence[Decision] = (),
    *,
    on: date,
    times: TravelTimes | None = None,
    step: Step = lambda _: None,
) -> Comparison:
    """Solve the cohort under both policies.

    Raises
    ------
    NoPlanUnder
        If a policy has no plan that holds all limits, or none before its time limit.
    matcher.errors.SolverFailure
        If a plan does not pass verification (our fault).
    """
    def solved(which: str, policy: Policy) -> Plan:
        step(which)
        case = prepare(students, openings, policy, decisions, on=on, times=times)
        try:
            return plan_of(case)
        except (Infeasible, NoPlanYet) as cause:
            raise NoPlanUnder(which, case, cause) from cause

    before, after = solved("old", old), solved("new", new)
    changed = differences(old, new)
    groups = deciding(changed)
    step("why")
    moved = bool(np.any(before.assignment != after.assignment))
    if not moved or len(groups) == 1:
        without: dict[str, NDArray[np.int64]] | None = dict.fromkeys(groups, before.assignment)
    elif len(after.case.problem.rows) * len(groups) > MOST_WORK:
        without = None
    else:
        without = {}
        for group in groups:
            case = prepare(students, openings, put_back(new, old, group), decisions, on=on, times=times)
            try:
                without[group] = plan_of(case).assignment
            except (Infeasible, NoPlanYet):
                continue  # with this setting as it was there is no plan to tell by
    return Comparison(before, after, changed, without)


def plan_of(case: Case) -> Plan:
    """Solve and verify one case; raises as `api.pipeline.conclude`."""
    problem, policy = case.problem, case.policy
    solution = search(
        problem, objective=policy.objective, unplaced_value=policy.unplaced_fit, time_limit=policy.time_limit
    )
    verdict = verify(problem, solution, unplaced_value=policy.unplaced_fit)
    if not verdict.ok:
        raise SolverFailure("; ".join(f"{found.name}: {found.sentence}" for found in verdict.findings))
    return Plan(case, solution, problem.pairs_of(solution.assignment))
