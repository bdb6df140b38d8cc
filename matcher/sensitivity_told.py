"""Plans beside the plan at hand: what they lose, and who moves."""
from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matcher.problem import Ints, Problem
from matcher.sensitivity_model import Model, model
from matcher.sensitivity_tree import Answers
from matcher.sensitivity_view import Moves
from matcher.solution import Solution

Move = tuple[int, int, int]
"""A student, the opening left (-1: none), the opening gone to (-1: none)."""


@dataclass(frozen=True, slots=True)
class Change:
    """Another plan beside the one at hand: what it loses (below 0 where it gains), and who moves."""

    placed_loss: int
    fit_loss: int
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """Answers in figures: losses (Q,), 0 where there is no plan; who moves, by question from ``start`` (Q + 1,) on."""

    final: NDArray[np.bool_]
    exists: NDArray[np.bool_]
    placed: Ints
    fit: Ints
    start: Ints
    student: Ints
    begin: Ints
    end: Ints

    def moves(self) -> list[tuple[Move, ...]]:
        """Who moves, per question."""
        flat = list(zip(self.student.tolist(), self.begin.tolist(), self.end.tolist(), strict=True))
        start = self.start.tolist()
        return [tuple(flat[a:b]) for a, b in pairwise(start)]


class Teller:
    """Compares plans with the one at hand, ``pair`` (n,)."""

    def __init__(self, problem: Problem, solution: Solution, unplaced_value: int) -> None:
        self.problem, self.solution = problem, solution
        self.objective = solution.objective
        self.unplaced = unplaced_value if self.objective == "fit" else 0
        self.unplaced_value = unplaced_value
        self.pair = problem.pairs_of(solution.assignment)
        # Where the solver left the tie rule open, so do answers: figures are exact, of equal plans any is told.
        self.ties = all(stage.value == stage.bound for stage in solution.stages if stage.name == "tie")

    def model(self, problem: Problem, *, more: int = 0) -> Model | None:
        """A problem as a tree, as `matcher.sensitivity_model.model`."""
        return model(problem, self.objective, self.unplaced_value, more=more, ties=self.ties)

    def own(self, students: Ints) -> Ints:
        """What each of these students has now, in millionths."""
        return self._worth(self.pair[students])

    def told(self, answers: Answers) -> Told:
        """The figures of all final answers."""
        problem, moves = self.problem, answers.moves
        before = self.pair[moves.student]
        size = len(answers.final)
        placed, fit = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        lost = (before >= 0).astype(np.int64) - (moves.pair >= 0)
        np.add.at(placed, moves.question, problem.priority[moves.student] * lost)
        np.add.at(fit, moves.question, self._worth(before) - self._worth(moves.pair))
        start = np.searchsorted(moves.question, np.arange(size + 1))
        begin, end = self._opening(before), self._opening(moves.pair)
        return Told(answers.final, answers.exists, placed, fit, start, moves.student, begin, end)

    def one(self, answers: Answers) -> Change | None:
        """The change of a single answer; None where there is no plan or no answer."""
        if not (answers.final[0] and answers.exists[0]):
            return None
        told = self.told(answers)
        return Change(int(told.placed[0]), int(told.fit[0]), told.moves()[0])

    def change(self, assignment: Ints) -> Change:
        """Another plan, as openings (n,), beside the one at hand."""
        yes = np.ones(1, dtype=bool)
        found = self.one(Answers(yes, yes, self.apart(self.problem.pairs_of(assignment))))
        assert found is not None
        return found

    def apart(self, pair: Ints) -> Moves:
        """Who has another pair in a plan (n,), as the moves of question 0."""
        student = np.flatnonzero(pair != self.pair)
        return Moves(np.zeros(len(student), dtype=np.int64), student, pair[student])

    def rebased(self, answers: Answers, origin: Ints) -> Answers:
        """A single answer told from the plan ``origin``, told from the one at hand."""
        pair = origin.copy()
        pair[answers.moves.student] = answers.moves.pair
        none = np.zeros(0, dtype=np.int64)
        moves = self.apart(pair) if answers.exists[0] else Moves(none, none, none)
        return Answers(answers.final, answers.exists, moves)

    def _worth(self, pair: Ints) -> Ints:
        if not self.problem.p:
            return np.full(len(pair), self.unplaced, dtype=np.int64)
        return np.where(pair >= 0, self.problem.values[pair], self.unplaced)

    def _opening(self, pair: Ints) -> Ints:
        if not self.problem.p:
            return np.full(len(pair), -1, dtype=np.int64)
        return np.where(pair >= 0, self.problem.indices[pair], -1)


__all__ = ["Change", "Move", "Teller", "Told"]
