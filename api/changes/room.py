"""Where there is room for one student more without anybody losing a place."""
from __future__ import annotations

import numpy as np

from api.match_report import MatchReport
from matcher.problem import NO_LOAD_LIMIT
from matcher.sensitivity_model import fitted, model


class Room:
    """Room in the plan of a report: at an opening itself, or there after others have moved on to free places.

    ``open`` (m,) marks openings that may take somebody in, ``direct`` (m,) those with a free place.
    """

    def __init__(self, report: MatchReport) -> None:
        self.report, self.problem = report, report.problem
        problem, plan = report.problem, report.solution.assignment
        self.filled = np.bincount(plan[plan >= 0], minlength=problem.m)
        self.load = np.zeros(problem.m, dtype=np.int64)
        taken = report.pair_of[report.pair_of >= 0]
        np.add.at(self.load, problem.indices[taken], problem.load[taken])
        shut = problem.closed | ((problem.required > 1) & (self.filled == 0))
        self.direct = ~shut & (self.filled < problem.places)
        self.reachable = self._reachable() & ~shut
        self.open = self.direct | self.reachable

    def has(self, i: int, j: int, load: int, fit: int) -> bool:
        """Whether student i, with such a load and fit, can take a place at opening j and the plan gains by it."""
        objective, unplaced = self.report.solution.objective, self.report.policy.unplaced_fit
        if objective == "fit" and fit <= unplaced:
            return False
        if objective != "fit" and self.problem.priority[i] <= 0 and fit <= 0:
            return False
        if not self._limits(i, j):
            return False
        capacity = int(self.problem.load_capacity[j])
        if self.direct[j]:
            return capacity == NO_LOAD_LIMIT or int(self.load[j]) + load <= capacity
        # Somebody moves on from here, which never adds to the load.
        return bool(self.reachable[j]) and (capacity == NO_LOAD_LIMIT or int(self.load[j]) + load <= capacity)

    def _limits(self, i: int, j: int) -> bool:
        plan = self.report.solution.assignment
        for limit in self.problem.limits:
            if limit.at_most is None:
                continue
            students = np.ones(self.problem.n, dtype=bool)
            if limit.students is not None:
                students = np.isin(np.arange(self.problem.n), limit.students)
            inside = plan >= 0 if limit.openings is None else np.isin(plan, limit.openings)
            counts_pair = students[i] and (limit.openings is None or j in limit.openings)
            if counts_pair and int((inside & students).sum()) >= limit.at_most:
                return False
        return True

    def _reachable(self) -> np.ndarray:
        """Openings from which students can move on to free places, in the objective ``placed``, at no lost priority.

        Only where the whole problem fits one matrix, and no limit counts who is where.
        """
        nowhere = np.zeros(self.problem.m, dtype=bool)
        if self.report.solution.objective != "placed" or self.problem.limits:
            return nowhere
        shape = model(self.problem, "placed", 0)
        if shape is None:
            return nowhere
        flow, _ = fitted(shape, self.report.pair_of)
        arcs = flow.arcs()
        distance, _ = arcs.turned().from_one(shape.tree.outside)
        ends = np.asarray(distance[0][shape.total] < arcs.far // 2, dtype=bool)
        lost = np.asarray(shape.tree.planes.unpack([plane[shape.total] for plane in distance])[0] <= 0, dtype=bool)
        full = self.filled >= self.problem.places
        everyone: bool = bool(self.problem.priority.min(initial=1) > 0)
        return np.asarray(ends & lost & full & everyone, dtype=bool)
