"""Where there is room for one student more without anybody losing a place."""
from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from api.match_report import MatchReport
from matcher.exchange import Arcs
from matcher.network import Flow, Tree
from matcher.problem import NO_LOAD_LIMIT
from matcher.sensitivity_model import fitted, model

LARGEST = 200_000
"""Pairs beyond which only free places themselves are looked at."""


class Room:
    """Room in the plan of a report: at an opening itself, or there after somebody has moved on.

    ``open`` (m,) marks openings that may take somebody in, ``direct`` (m,) those with a free place.
    """

    def __init__(self, report: MatchReport) -> None:
        self.report, self.problem = report, report.problem
        problem, plan = report.problem, report.solution.assignment
        self.filled = np.bincount(plan[plan >= 0], minlength=problem.m)
        self.load = np.zeros(problem.m, dtype=np.int64)
        taken = report.pair_of[report.pair_of >= 0]
        np.add.at(self.load, problem.indices[taken], problem.load[taken])
        self.shut = problem.closed | ((problem.required > 1) & (self.filled == 0))
        self.direct = ~self.shut & (self.filled < problem.places)
        self.onward = self._onward()
        reachable = np.zeros(problem.m, dtype=bool)
        if self.onward is not None:
            reachable[list(self.onward.pairs)] = True
        self.open = self.direct | (reachable & ~self.shut)

    def has(self, i: int, j: int, load: int, fit: int) -> bool:
        """Whether student i, with such a load and fit, can take a place at opening j and the plan gains by it."""
        objective, unplaced = self.report.solution.objective, self.report.policy.unplaced_fit
        if self.shut[j] or (objective == "fit" and fit <= unplaced):
            return False
        valued = bool(self.problem.priority[i] > 0)
        if objective != "fit" and not valued and fit <= 0:
            return False
        capacity = int(self.problem.load_capacity[j])
        spare = None if capacity == NO_LOAD_LIMIT else capacity - int(self.load[j]) - load
        if self.direct[j] and (spare is None or spare >= 0) and self._limits(i, j):
            return True
        if self.onward is None or not valued:
            return False
        # Who moves on makes room, for the load too; whoever comes to this opening in turn would take it again.
        return any(
            (spare is None or spare + int(self.problem.load[self.report.pair_of[who]]) >= 0)
            and j not in self.onward.passed(pair)
            for who, pair in self.onward.pairs.get(j, ())
        )

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

    def _onward(self) -> Onward | None:
        """Who could move on, in the objective ``placed``; where there are not too many pairs."""
        problem = self.problem
        if self.report.solution.objective != "placed" or problem.priority.min(initial=1) <= 0 or problem.p > LARGEST:
            return None
        shape = model(problem, "placed", 0, ties=False)
        return None if shape is None else Onward(fitted(shape, self.report.pair_of)[0], problem.indices)


class Onward:
    """Students who can move on so that in the end a free place is taken and nobody loses one.

    ``pairs`` holds per opening the students in it who can, each with a pair to move on to; ``opening`` (p,) that of
    each pair.
    """

    def __init__(self, flow: Flow, opening: np.ndarray) -> None:
        self.flow, self.opening = flow, opening
        arcs = flow.arcs()
        self.back: Arcs = arcs.turned()
        distance, self.before = self.back.from_one(self.tree.outside)
        lost = self.tree.planes.unpack(distance)[0]
        free = np.asarray(distance[0] < arcs.far // 2, dtype=bool) & np.asarray(lost <= 0, dtype=bool)
        moves = np.flatnonzero((arcs.via >= 0) & free[arcs.end] & (arcs.begin != arcs.end))
        self.pairs: dict[int, list[tuple[int, int]]] = {}
        for pair in sorted(arcs.via[moves].tolist()):
            who = int(self.tree.row[pair])
            held = int(flow.pair[who])
            if held >= 0 and opening[held] != opening[pair]:
                self.pairs.setdefault(int(opening[held]), []).append((who, pair))
        self.known: dict[int, frozenset[int]] = {}

    @cached_property
    def tree(self) -> Tree:
        """The tree of the plan."""
        return self.flow.tree

    def passed(self, pair: int) -> frozenset[int]:
        """The openings that others come to or leave when somebody moves on to a pair."""
        if pair not in self.known:
            self.known[pair] = frozenset(self._openings(int(self.tree.entry[pair])))
        return self.known[pair]

    def _openings(self, node: int) -> Iterator[int]:
        for _ in range(self.tree.nodes):
            if node == self.tree.outside:
                return
            arc = int(self.before[node])
            via = int(self.back.via[arc])
            if via >= 0:
                held = int(self.flow.pair[self.tree.row[via]])
                yield from (int(self.opening[pair]) for pair in (via, held) if pair >= 0)
            node = int(self.back.begin[arc])
        raise ArithmeticError("exchanges that cost nothing run in a circle")
