"""The balanced objective: after the priorities, the worst-off as well off as can be, then the next, and so on.

The ratios (score by the student's own best) are ranked into levels, 0 being unplaced. Going up from level 0, the number
of students at each level is made as small as can be while the levels below keep theirs; that is the leximin optimum
[1]_. A level between two at which the plan at hand has students can only stay empty, so its pairs are dropped
without a question; a question is asked once per level at which somebody is. Problems with places alone narrow by exact
prices (`matcher.prices`), each question starting from the plan before; others by `matcher.limited.Stages`.

References
----------
.. [1] W. Ogryczak, "On the lexicographic minimax approach to location problems", Eur. J. Oper. Res. 100, 1997.
   doi:10.1016/S0377-2217(96)00154-3
"""
from __future__ import annotations

from typing import Protocol

import numpy as np

from matcher.bounds import Bound, bound
from matcher.constraints import dropping
from matcher.errors import Infeasible
from matcher.exact import exact_sum
from matcher.limited import Reached, Stages
from matcher.milp import relax, search
from matcher.plain import solve_graph
from matcher.prices import Tight, narrow, stage_prices
from matcher.problem import Ints, Problem
from matcher.ratios import Ladder, ladder
from matcher.reduction import objective_stages, pin_conflict, without_locks
from matcher.solution import Solution, Stage
from matcher.tree import holds

STEPS = 2**20
"""Ratios are rounded to this part for the plan to start from."""
POWER = 6
LEAP_NODES = 20


class Narrowing(Protocol):
    """What both kinds of problem offer: stages one by one, each among the optima of those before."""

    on_time: bool

    @property
    def plan(self) -> Ints:
        """Pairs of the assignment at hand."""

    def best(self, worth: Ints, name: str) -> Reached:
        """One stage more."""

    def fewest(self, done: int, level: int) -> bool:
        """As few pairs at ``level`` as can be, and none between ``done`` and it, where the plan at hand has none.

        False when a plan with none at ``level`` was found instead, and the question is to be asked anew.
        """

    def settled(self) -> bool:
        """Whether no other plan is left."""


def solve_balanced(problem: Problem, *, deadline: float | None = None) -> Solution:
    """The highest sum of priorities, then leximin over score relative to own best, then the highest total score.

    Parameters
    ----------
    problem : Problem
        Every score is above 0; the caller refuses others.
    deadline : float, optional
        On the clock of `time.monotonic`.

    Returns
    -------
    Solution
        Stage ``leximin`` holds the ascending list of all students' ratios as fractions; an unplaced student's is 0.

    Raises
    ------
    Infeasible
        If no assignment holds every limit.
    NoPlanYet
        If the deadline struck before any assignment was found.

    Examples
    --------
    >>> from matcher.problem import build_problem
    >>> problem = build_problem([0, 0, 1, 1], [0, 1, 0, 1], [900_000, 800_000, 900_000, 400_000], [1, 1])
    >>> solve_balanced(problem).stages[1].value
    ((8, 9), (1, 1))
    """
    priority, fit, tie = objective_stages(problem, "balanced")
    steps = ladder(problem)
    part: Narrowing = _Plain(problem, steps) if problem.is_plain else _Limited(problem, steps, deadline)
    first = part.best(priority.pair, priority.name)
    list_, bound = _leximin(problem, steps, part)
    last = [part.best(stage.pair, stage.name) for stage in (fit, tie)]
    stages = (
        Stage(priority.name, first.value, first.bound),
        Stage("leximin", list_, bound),
        *(Stage(stage.name, found.value, found.bound) for stage, found in zip((fit, tie), last, strict=True)),
    )
    # A time limit leaves the list of a plan that later stages could not touch.
    assignment = np.full(problem.n, -1, dtype=np.int64)
    assignment[problem.rows[part.plan]] = problem.indices[part.plan]
    optimal = all(stage.value == stage.bound for stage in stages if stage.name != "tie")
    return Solution(assignment, "optimal" if optimal else "feasible", "balanced", stages)


def _leximin(
    problem: Problem, steps: Ladder, part: Narrowing
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Narrow to the leximin optimum; its list, and a bound on it (the same when on time)."""
    part.best(np.ones(problem.p, dtype=np.int64), "placed")
    done = 0  # levels up to here have their final number of students
    while part.on_time and not part.settled():
        occupied = steps.level[part.plan]
        above = occupied[occupied > done]
        if not len(above):
            break
        level = int(above.min())
        if part.fewest(done, level) and part.on_time:
            done = level
    occupied = np.sort(steps.level[part.plan])
    count = problem.n - len(occupied)
    value = ((0, 1),) * count + tuple(steps.ratio(level) for level in occupied.tolist())
    if part.on_time:
        return value, value
    sure = count + int((occupied <= done).sum()) if done else 0
    return value, value[:sure] + ((1, 1),) * (problem.n - sure)


def _sketch(steps: Ladder) -> Ints:
    """A worth (p,) whose optimum is near the leximin optimum: those far behind count most."""
    shortfall = 1.0 - steps.numerator[steps.level] / steps.denominator[steps.level]
    return STEPS - np.rint(STEPS * shortfall**POWER).astype(np.int64)


class _Limited(Stages):
    """A problem with any limits. Where the relaxation leaves hope, plans that leap over levels are tried first."""

    def __init__(self, problem: Problem, steps: Ladder, deadline: float | None) -> None:
        super().__init__(problem, deadline)
        self.steps, self.sketch = steps, _sketch(steps)

    def fewest(self, done: int, level: int) -> bool:
        """As few pairs at ``level`` as can be, and none between ``done`` and it."""
        at = self.steps.level
        self.drop((at > done) & (at < level))
        few = -(at == level).astype(np.int64)
        count = exact_sum(few[self.plan])
        reach = self._reach(few)
        if reach is not None and reach.most <= count:
            self.narrow(few, count, reach)
            return True
        if self._leap(done, level):
            return False
        self.best(few, "level")
        return True

    def _reach(self, worth: Ints) -> Bound | None:
        found = relax(self.state, worth)
        return None if found.infeasible else bound(self.state, worth, found.prices)

    def _leap(self, done: int, level: int) -> bool:
        """Look for a plan with nobody at the levels up to the highest that the relaxation allows to be empty."""
        at = self.steps.level
        low, high = level - 1, int(at.max(initial=0))
        while low < high:
            middle = level if low < level else (low + high + 1) // 2
            empty = (at > done) & (at <= middle)
            reach = self._reach(-empty.astype(np.int64))
            if reach is not None and reach.most < 0:
                high = middle - 1
            else:
                low = middle
        if low < level:
            return False
        rest = dropping(self.state, ((at > done) & (at <= low))[self.state.pair])
        if rest is None:
            return False
        found = search(rest, self.sketch, nodes=LEAP_NODES, deadline=self.deadline)
        pairs = None if found.chosen is None else np.sort(np.concatenate((rest.taken, found.chosen)))
        if pairs is None or not holds(self.problem, rest, pairs):
            return False
        self.pairs, self.state = pairs, rest
        return True


class _Plain:
    """A problem with places and locks alone: the pairs, openings and students that optimal plans leave open."""

    def __init__(self, problem: Problem, steps: Ladder) -> None:
        conflict = pin_conflict(problem)
        if conflict:
            raise Infeasible(conflict)
        self.problem, self.steps = problem, steps
        self.graph, kept = without_locks(problem)
        self.kept = np.arange(problem.p) if kept is None else kept
        self.pinned = problem.pinned[problem.pinned >= 0]
        self.on_time = True
        weights = [problem.priority[problem.rows], np.ones(problem.p, dtype=np.int64), _sketch(steps)]
        self.choice = solve_graph(self.graph, [weight[self.kept] for weight in weights])[0]
        graph = self.graph
        self.tight = Tight(np.ones(len(self.kept), bool), np.ones(graph.m, bool), np.ones(graph.n, bool))

    @property
    def plan(self) -> Ints:
        """Pairs of the assignment at hand."""
        chosen = self.choice[self.choice >= 0]
        return np.sort(np.concatenate((self.kept[chosen], self.pinned)))

    def best(self, worth: Ints, name: str) -> Reached:  # noqa: ARG002 - prices of these stages are not kept
        """One stage more; ``worth`` (p,) is above being unplaced."""
        weight = worth[self.kept]
        student, opening, self.choice = stage_prices(self.graph, weight, self.choice, self.tight)
        self.tight = narrow(self.graph, weight, student, opening, self.tight)
        value = exact_sum(worth[self.plan])
        return Reached(value, value)

    def fewest(self, done: int, level: int) -> bool:
        """As few pairs at ``level`` as can be, and none between ``done`` and it."""
        at = self.steps.level
        self.best(np.where((at > done) & (at < level), -self.problem.n - 1, 0) - (at == level), "level")
        return True

    def settled(self) -> bool:
        """Whether no other plan is left."""
        return bool(self.tight.pairs.sum() == (self.choice >= 0).sum()) and not (
            self.tight.may_leave[self.graph.rows[self.choice[self.choice >= 0]]].any()
        )
