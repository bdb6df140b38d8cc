"""What if: one thing changed in a result of `match` or `assign`, and the whole plan solved again, exactly.

Losses and gains are those of the whole plan against the plan in the folder: priorities first, then the fit (in
millionths here). Of a student who drops out, what the student had does not count as a loss.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np

from api.assign_numbers import MILLION
from api.assign_read import Stated
from api.assign_stated import Result, read_result
from api.conflicts import conflict_as_json, conflict_message
from api.errors import NoPlan, Refused, TimeLimit, WrongUsage
from api.texts.what_if import WHAT_IF
from api.what_if_opening import NewOpening, with_new_openings
from matcher.certificate import verify
from matcher.errors import Infeasible, NoPlanYet, SolverFailure
from matcher.problem import Problem
from matcher.sensitivity import Change, change_of, promising, regret, worth
from matcher.solution import Solution
from matcher.solver import search
from matcher.variations import pinned, with_places, without_opening, without_student

Move = tuple[str, str, str]
"""A student, the opening left and the opening gone to; empty for none."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one question.

    ``placed_loss`` in priorities, ``fit_loss`` and ``others_loss`` in millionths, below 0 for a gain; ``placed`` and
    ``placed_before`` count students. ``status`` is optimal, or feasible when the time limit struck (the losses are
    then an upper bound). ``openings`` says of each opening asked about who would be in it.
    """

    kind: str  # pair | extra_place | without_student | without_opening | new_opening
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

    def pair(self, text: str) -> Outcome:
        """A student at an opening: ``STUDENT,OPENING``."""
        i, j = self._pair(text)
        problem, unplaced = self.problem, self.result.unplaced_value
        student, opening = self.case.students[i], self.case.openings[j]
        k, change, status = problem.pair(i, j), None, "optimal"
        if k >= 0 and promising(problem, self.solution.objective, unplaced):
            change = regret(problem, self.solution, i, j, unplaced_value=unplaced)
        if change is None:  # solving again also says why there is no plan
            change, status = self._again(pinned(problem, i, j))
        here = self.solution.assignment[i]
        now = int(problem.values[problem.pair(i, int(here))]) if here >= 0 else self._unplaced
        gain = int(problem.values[k]) - now
        return self._outcome("pair", change, status, student=student, opening=opening, others=change.fit_loss + gain)

    def extra_place(self, text: str) -> Outcome:
        """So many more places: ``OPENING`` or ``OPENING=K``."""
        j, more = self._opening_and_number(text)
        problem, unplaced = self.problem, self.result.unplaced_value
        status = "optimal"
        if more == 1 and promising(problem, self.solution.objective, unplaced):
            change = worth(problem, self.solution, j, unplaced_value=unplaced)
        else:
            change, status = self._again(with_places(problem, j, more))
        made = with_places(problem, j, more)
        inside = self._inside(made, self.case.openings, change, (j,))
        opening = self.case.openings[j]
        return self._outcome("extra_place", change, status, opening=opening, inside=inside, more=more)

    def without(self, text: str) -> Outcome:
        """A student or an opening drops out; ``student:ID`` or ``opening:ID`` where the id is both."""
        kind, at = self._either(text)
        problem = self.problem
        if kind == "opening":
            change, status = self._again(without_opening(problem, at))
            return self._outcome("without_opening", change, status, opening=self.case.openings[at])
        change, status = self._again(without_student(problem, at))
        here = int(self.solution.assignment[at])
        own = int(problem.values[problem.pair(at, here)]) if here >= 0 else self._unplaced
        if here >= 0:
            change = replace(
                change, placed_loss=change.placed_loss - int(problem.priority[at]),
                fit_loss=change.fit_loss - own + self._unplaced,
            )  # fmt: skip
        left = self.case.openings[here] if here >= 0 else ""
        return self._outcome("without_student", change, status, student=self.case.students[at], opening=left)

    def new_opening(self, openings: Sequence[NewOpening]) -> Outcome:
        """Openings that are posted: would they open, with whom, and who would move?"""
        problem, ids = with_new_openings(self.case, openings)
        change, status = self._again(problem)
        fresh = tuple(range(self.problem.m, problem.m))
        inside = self._inside(problem, ids, change, fresh)
        named = ", ".join(ids[j] for j in fresh)
        return self._outcome("new_opening", change, status, opening=named, inside=inside, ids=ids)

    @property
    def _unplaced(self) -> int:
        return self.result.unplaced_value if self.solution.objective == "fit" else 0

    def _again(self, problem: Problem) -> tuple[Change, str]:
        """Solve the changed problem, check the plan, and compare."""
        unplaced, limit = self.result.unplaced_value, self.result.options.get("time_limit")
        ids = self.case.students, self.case.openings
        try:
            found = search(
                problem, objective=self.solution.objective, unplaced_value=unplaced,
                time_limit=None if limit is None else float(limit),
            )  # fmt: skip
        except Infeasible as infeasible:
            message = conflict_message(infeasible.conflict, problem, *ids, self.lang)
            raise NoConflictPlan(message, conflict_as_json(infeasible.conflict, problem, *ids, self.lang)) from None
        except NoPlanYet:
            raise TimeLimit(self.words["time_limit"]) from None
        verdict = verify(problem, found, unplaced_value=unplaced)
        if not verdict.ok:
            raise SolverFailure("; ".join(f"{part.name}: {part.sentence}" for part in verdict.findings))
        before = self.solution
        if problem.m > self.problem.m:  # the plan at hand leaves a new opening empty
            return change_of(problem, before, found.assignment, unplaced_value=unplaced), found.status
        return change_of(self.problem, before, found.assignment, unplaced_value=unplaced), found.status

    def _outcome(
        self, kind: str, change: Change, status: str, *, student: str = "", opening: str = "",
        others: int | None = None, inside: tuple[Inside, ...] = (), more: int = 0, ids: Sequence[str] = (),
    ) -> Outcome:  # fmt: skip
        names = ids or self.case.openings
        moves = tuple(
            (self.case.students[i], names[a] if a >= 0 else "", names[b] if b >= 0 else "") for i, a, b in change.moves
        )
        before = int((self.solution.assignment >= 0).sum())
        after = before + sum((b >= 0) - (a >= 0) for _, a, b in change.moves)
        return Outcome(
            kind, student, opening, status, change.placed_loss, change.fit_loss, others, before, after, moves, inside,
            more,
        )  # fmt: skip

    def _inside(
        self, problem: Problem, ids: Sequence[str], change: Change, openings: Sequence[int]
    ) -> tuple[Inside, ...]:
        plan = self.solution.assignment.copy()
        for i, _, after in change.moves:
            plan[i] = after
        result = []
        for j in openings:
            who = np.flatnonzero(plan == j).tolist()
            enough = len(who) + int(problem.present[j]) >= max(int(problem.min_to_open[j]), 1)
            students = tuple(self.case.students[i] for i in who)
            result.append(Inside(ids[j], int(problem.places[j]), bool(who) and enough, students))
        return tuple(result)

    def _pair(self, text: str) -> tuple[int, int]:
        """The ids may hold commas themselves: the one split into a known student and a known opening is meant."""
        students, openings = set(self.case.students), set(self.case.openings)
        parts = text.split(",")
        splits = [(",".join(parts[:k]).strip(), ",".join(parts[k:]).strip()) for k in range(1, len(parts))]
        known = [(a, b) for a, b in splits if a in students and b in openings]
        if len(known) == 1:
            return self.case.students.index(known[0][0]), self.case.openings.index(known[0][1])
        if not splits:
            raise WrongUsage(self.words["no_pair"].format(found=text))
        a, b = splits[0]
        if a not in students:
            raise WrongUsage(self.words["no_student"].format(id=a))
        raise WrongUsage(self.words["no_opening"].format(id=b))

    def _opening_and_number(self, text: str) -> tuple[int, int]:
        if text in self.case.openings:
            return self.case.openings.index(text), 1
        name, sign, number = text.rpartition("=")
        if not sign or name not in self.case.openings:
            raise WrongUsage(self.words["no_opening"].format(id=name if sign else text))
        if not number.strip().isdecimal() or not 1 <= int(number) <= MILLION:
            raise WrongUsage(self.words["bad_number"].format(found=number))
        return self.case.openings.index(name), int(number)

    def _either(self, text: str) -> tuple[str, int]:
        kinds = {"student": self.case.students, "opening": self.case.openings}
        found = [kind for kind, ids in kinds.items() if text in ids]
        prefix, _, rest = text.partition(":")
        if not found and prefix in kinds and rest in kinds[prefix]:
            return prefix, kinds[prefix].index(rest)
        if len(found) == 1:
            return found[0], kinds[found[0]].index(text)
        raise WrongUsage(self.words["both" if found else "neither"].format(id=text))


class NoConflictPlan(NoPlan):
    """No plan holds all limits after the change; ``conflict`` is the irreducible set as JSON has it."""

    def __init__(self, message: str, conflict: list[dict[str, object]]) -> None:
        super().__init__(message)
        self.conflict = conflict


def asked(folder: Path, lang: str) -> Asked:
    """Read a result so that it can be asked.

    Raises
    ------
    WrongUsage
        If the folder is no result.
    Refused
        If it cannot be read, or its plan is not proven the best.
    NoPlan
        If it has no plan.
    """
    return Asked(read_result(folder), lang)
