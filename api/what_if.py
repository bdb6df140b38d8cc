"""What if: one thing changed in a result of `match` or `assign`, and the whole plan solved again, exactly.

Losses and gains are those of the whole plan against the plan in the folder: priorities first, then the fit (in
millionths here). Of a student who drops out, what the student had does not count as a loss.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np

from api.assign_read import Stated
from api.assign_stated import Result, read_result
from api.conflicts import conflict_as_json, conflict_message
from api.errors import NoPlan, Refused, TimeLimit, WrongUsage
from api.texts.what_if import WHAT_IF
from api.what_if_questions import Changed, Reader
from matcher.certificate import verify
from matcher.errors import Infeasible, NoPlanYet, SolverFailure
from matcher.problem import Problem
from matcher.sensitivity import Change, change_of, regret, worth
from matcher.sensitivity_changes import closure, departure, rejection, revaluation
from matcher.solution import Solution
from matcher.solver import search
from matcher.variations import pinned

Move = tuple[str, str, str]
"""A student, the opening left and the opening gone to; empty for none."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one question.

    ``placed_loss`` in priorities, ``fit_loss`` and ``others_loss`` in millionths, below 0 for a gain; ``placed`` and
    ``placed_before`` count students. ``status`` is optimal, or feasible when the time limit struck (the losses are
    then an upper bound). ``openings`` says of each opening asked about who would be in it; ``starting``, ``stopping``
    name groups with a minimum that get students at last, or no longer.
    """

    kind: str  # pair | reject | value | extra_place | without_student | without_opening | new_opening
    student: str
    opening: str
    status: str
    placed_loss: int
    fit_loss: int
    others_loss: int | None
    placed_before: int
    placed: int
    moves: tuple[Move, ...]
    openings: tuple[Inside, ...] = ()
    more: int = 0
    by: int | None = None
    starting: tuple[str, ...] = ()
    stopping: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inside:
    """Who is in an opening after the change; ``opens`` when anybody is and its minimum is met."""

    opening: str
    places: int
    opens: bool
    students: tuple[str, ...]


@dataclass(slots=True)
class Asked:
    """A result that can be asked, with words in ``lang``."""

    result: Result
    lang: str
    words: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.words = WHAT_IF[self.lang]
        if self.result.solution is None:
            raise NoPlan(self.words["no_plan"])
        if self.result.solution.status != "optimal":
            raise Refused(self.words["not_optimal"])

    @property
    def case(self) -> Stated:
        """The problem with its ids."""
        return self.result.case

    @property
    def problem(self) -> Problem:
        """The problem."""
        return self.result.case.problem

    @property
    def reader(self) -> Reader:
        """Reads questions."""
        return Reader(self.case, self.solution.assignment, self.solution.objective, self.words)

    @property
    def day(self) -> date | None:
        """The day of the run, where `match` made it."""
        stated = self.result.stated.get("on")
        return date.fromisoformat(stated) if isinstance(stated, str) else None

    @property
    def travel_digest(self) -> str:
        """The digest of the run's table of travel times; empty where it had none."""
        travel = self.result.stated.get("travel")
        return str(travel.get("digest", "")) if isinstance(travel, dict) else ""

    @property
    def solution(self) -> Solution:
        """The plan at hand, optimal."""
        assert self.result.solution is not None
        return self.result.solution

    def answer(self, asked: Changed) -> Outcome:
        """The best plan after the change, beside the plan in the folder."""
        change, status = self._quick(asked), "optimal"
        if change is None:  # solving again also says why there is no plan
            change, status = self._again(asked)
        return self._outcome(asked, self.without_own(asked, change), status)

    def _quick(self, asked: Changed) -> Change | None:
        """The answer on the exchange graph, where that tells."""
        unplaced = self.result.unplaced_value
        if asked.kind == "pair" and asked.pair is not None:
            return regret(self.problem, self.solution, *asked.pair, unplaced_value=unplaced, again=False)
        if asked.kind == "extra_place" and asked.more == 1:
            return worth(self.problem, self.solution, asked.about[0], unplaced_value=unplaced, again=False)
        problem, solution = self.problem, self.solution
        if asked.kind == "reject" and asked.pair is not None:
            return rejection(problem, solution, *asked.pair, unplaced_value=unplaced, again=False)
        if asked.kind == "without_student":
            return departure(problem, solution, asked.loose, unplaced_value=unplaced, again=False)
        if asked.kind == "without_opening":
            j = self.case.openings.index(asked.opening)
            return closure(problem, solution, j, unplaced_value=unplaced, again=False)
        if asked.kind == "value" and asked.by is not None and asked.student:
            i = self.case.students.index(asked.student)
            where = self.case.openings.index(asked.opening) if asked.opening else None
            by = asked.by
            return revaluation(problem, solution, by, student=i, opening=where, unplaced_value=unplaced, again=False)
        return None

    def without_own(self, asked: Changed, change: Change) -> Change:
        """What a student who drops out had is no loss of the plan's."""
        i = asked.loose
        if i < 0 or self.solution.assignment[i] < 0:
            return change
        own = self._own(i)
        return replace(
            change, placed_loss=change.placed_loss - int(self.problem.priority[i]),
            fit_loss=change.fit_loss - own + self._unplaced,
        )  # fmt: skip

    def _own(self, i: int) -> int:
        """What a student has now."""
        here = int(self.solution.assignment[i])
        return int(self.problem.values[self.problem.pair(i, here)]) if here >= 0 else self._unplaced

    @property
    def _unplaced(self) -> int:
        return self.result.unplaced_value if self.solution.objective == "fit" else 0

    @property
    def time_limit(self) -> float | None:
        """Seconds that the run had for each plan."""
        limit = self.result.options.get("time_limit")
        return None if limit is None else float(limit)

    def _again(self, asked: Changed) -> tuple[Change, str]:
        """Solve the changed problem, check the plan, and compare."""
        unplaced, problem = self.result.unplaced_value, asked.problem
        with self.no_plan(asked):
            found = search(
                problem, objective=self.solution.objective, unplaced_value=unplaced, time_limit=self.time_limit
            )
        verdict = verify(problem, found, unplaced_value=unplaced)
        if not verdict.ok:
            raise SolverFailure("; ".join(f"{part.name}: {part.sentence}" for part in verdict.findings))
        change = change_of(asked.base, self.solution, found.assignment, unplaced_value=unplaced)
        return change, found.status

    @contextmanager
    def no_plan(self, asked: Changed) -> Iterator[None]:
        """Say in words that there is no plan after the change, or none in time."""
        ids = self.case.students, tuple(asked.ids)
        try:
            yield
        except Infeasible as infeasible:
            message = conflict_message(infeasible.conflict, asked.problem, *ids, self.lang)
            conflict = conflict_as_json(infeasible.conflict, asked.problem, *ids, self.lang)
            raise NoConflictPlan(message, conflict) from None
        except NoPlanYet:
            raise TimeLimit(self.words["time_limit"]) from None

    def _outcome(self, asked: Changed, change: Change, status: str) -> Outcome:
        before = int((self.solution.assignment >= 0).sum())
        after = before + sum((b >= 0) - (a >= 0) for _, a, b in change.moves)
        others = None
        if asked.kind == "pair" and asked.pair is not None:
            gain = int(self.problem.values[self.problem.pair(*asked.pair)]) - self._own(asked.pair[0])
            others = change.fit_loss + gain
        return Outcome(
            asked.kind, asked.student, asked.opening, status, change.placed_loss, change.fit_loss, others, before,
            after, self.named(asked, change), self._inside(asked, change), asked.more, asked.by,
            *self._groups(asked, change),
        )  # fmt: skip

    def _groups(self, asked: Changed, change: Change) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Groups with a minimum that get students at last, and those that do no longer; not those asked about."""
        plan = self.solution.assignment.copy()
        before = np.bincount(plan[plan >= 0], minlength=asked.problem.m) > 0
        for i, _, end in change.moves:
            plan[i] = end
        after = np.bincount(plan[plan >= 0], minlength=asked.problem.m) > 0
        groups = asked.problem.min_to_open > 1
        groups[list(asked.about)] = False
        names = [np.flatnonzero(groups & now & ~then).tolist() for now, then in ((after, before), (before, after))]
        named = [tuple(asked.ids[j] for j in part if asked.ids[j] != asked.opening) for part in names]
        return named[0], named[1]

    def named(self, asked: Changed, change: Change) -> tuple[Move, ...]:
        """The moves by their ids."""
        names = asked.ids
        return tuple(
            (self.case.students[i], names[a] if a >= 0 else "", names[b] if b >= 0 else "") for i, a, b in change.moves
        )

    def _inside(self, asked: Changed, change: Change) -> tuple[Inside, ...]:
        plan, problem = self.solution.assignment.copy(), asked.problem
        for i, _, after in change.moves:
            plan[i] = after
        result = []
        for j in asked.about:
            who = np.flatnonzero(plan == j).tolist()
            enough = len(who) + int(problem.present[j]) >= max(int(problem.min_to_open[j]), 1)
            students = tuple(self.case.students[i] for i in who)
            result.append(Inside(asked.ids[j], int(problem.places[j]), bool(who) and enough, students))
        return tuple(result)

class NoConflictPlan(NoPlan):
    """No plan holds all limits after the change; ``conflict`` is the irreducible set as JSON has it."""

    def __init__(self, message: str, conflict: list[dict[str, object]]) -> None:
        super().__init__(message)
        self.conflict = conflict


def asked(folder: Path, lang: str, keep: Sequence[str] = ()) -> Asked:
    """Read a result so that it can be asked; students in ``keep`` stay where the plan has them.

    Raises
    ------
    WrongUsage
        If the folder is no result, or somebody to be kept is no student of it.
    Refused
        If it cannot be read, or its plan is not proven the best.
    NoPlan
        If it has no plan.
    """
    read = Asked(read_result(folder), lang)
    problem, plan = read.problem, read.solution.assignment
    for text in keep:
        if text not in read.case.students:
            raise WrongUsage(read.words["no_student"].format(id=text))
        i = read.case.students.index(text)
        if plan[i] < 0:
            raise WrongUsage(read.words["not_placed"].format(id=text))
        problem = pinned(problem, i, int(plan[i]))
    read.result = replace(read.result, case=replace(read.case, problem=problem))
    return read
