"""Minimal change: after something changed, how much of the best value is worth how many students moved.

The Pareto front runs from the best plan there is (with as few moved as it allows) to the plan in which as few as
possible move. Who had a place and keeps it has not moved; who gets a first place has not moved either. Pins never
move: accepted proposals are pins. Every point is a plan that is optimal for its number of moves (the
epsilon-constraint method [1]_), ties by the tie rule.

References
----------
.. [1] Y. Haimes, L. Lasdon, D. Wismer, "On a bicriterion formulation of the problems of integrated system
   identification and system optimization", IEEE Trans. Syst. Man Cybern. 1(3), 1971.
   doi:10.1109/TSMC.1971.4308298
"""
from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from matcher.constraints import Row
from matcher.errors import Infeasible
from matcher.limited import Stages
from matcher.problem import Ints, Problem
from matcher.reduction import StageWeights, objective_stages, pin_conflict


@dataclass(frozen=True, slots=True, eq=False)
class Replan:
    """One point of the front.

    ``assignment`` (n,); ``moved`` students who had a place and have another or none now; ``values`` of the stages of
    the objective in order (priority and fit, or fit alone); ``proven`` that no plan with as few moved is better.
    """

    assignment: Ints
    moved: int
    values: tuple[int, ...]
    proven: bool


def pareto_front(
    problem: Problem,
    before: Ints,
    *,
    objective: str = "placed",
    unplaced_value: int = 0,
    most: int = 20,
    time_limit: float | None = None,
) -> tuple[Replan, ...]:
    """The Pareto front of value against students moved, the best value first.

    Parameters
    ----------
    problem : Problem
        As it is now: after a rejection, a drop-out or a new place (`matcher.variations`).
    before : int64 array, shape (n,)
        The plan people know; places that are no longer there count as moved.
    objective : {"placed", "fit"}
        What value is; after ``balanced`` use ``placed``.
    unplaced_value : int
        As `matcher.solver.solve`.
    most : int
        Points at most. When there are more, those with the most moves come first and the last is the one with the
        fewest.
    time_limit : float, optional
        Seconds per point.

    Raises
    ------
    Infeasible
        If no plan holds every limit.
    NoPlanYet
        If the time limit struck before any plan was found.

    Examples
    --------
    >>> from matcher import build_problem
    >>> problem = build_problem([0, 0, 1, 1], [0, 1, 0, 1], [900_000, 800_000, 800_000, 100_000], places=[1, 1])
    >>> front = pareto_front(problem, np.array([0, 1]))
    >>> [(point.moved, point.values) for point in front]
    [(2, (2, 1600000)), (0, (2, 1000000))]
    """
    conflict = pin_conflict(problem)
    if conflict:
        raise Infeasible(conflict)
    front = _Front(problem, before, objective_stages(problem, objective, unplaced_value), time_limit)
    fewest = front.point(None, first=True)
    points = [front.point(None)]
    while points[-1].moved > fewest.moved and len(points) < most - 1:
        points.append(front.point(points[-1].moved - 1))
    if points[-1].moved > fewest.moved:
        points.append(fewest)
    return tuple(points)


class _Front:
    def __init__(
        self, problem: Problem, before: Ints, stages: tuple[StageWeights, ...], time_limit: float | None
    ) -> None:
        self.problem, self.before, self.time_limit = problem, before, time_limit
        self.value, self.tie = stages[:-1], stages[-1]
        self.kept = np.flatnonzero(problem.indices == before[problem.rows])
        self.placed = int((before >= 0).sum())

    def point(self, moved: int | None, *, first: bool = False) -> Replan:
        """The best plan with at most so many moved (None: any number); ``first`` puts the fewest moved first."""
        deadline = None if self.time_limit is None else time.monotonic() + self.time_limit
        stages = Stages(self.problem, deadline)
        if moved is not None:
            stages.hold(Row(self.kept, None, self.placed - moved, None))
        keeping = np.zeros(self.problem.p, dtype=np.int64)
        keeping[self.kept] = 1
        order = [*((stage.pair - stage.unplaced, stage.name) for stage in self.value)]
        order.insert(0 if first else len(order), (keeping, "kept"))
        proven = True
        for worth, name in (*order, (self.tie.pair, self.tie.name)):
            found = stages.best(worth, name)
            proven &= found.value == found.bound
        return self._told(stages, proven)

    def _told(self, stages: Stages, proven: bool) -> Replan:
        pairs = stages.pairs
        assert pairs is not None
        assignment = np.full(self.problem.n, -1, dtype=np.int64)
        assignment[self.problem.rows[pairs]] = self.problem.indices[pairs]
        aside = [stage.unplaced * (self.problem.n - len(pairs)) for stage in self.value]
        values = tuple(
            int(sum(stage.pair[pairs].tolist())) + rest for stage, rest in zip(self.value, aside, strict=True)
        )
        same = int(((self.before >= 0) & (assignment == self.before)).sum())
        return Replan(assignment, self.placed - same, values, proven)


__all__ = ["Replan", "pareto_front"]
