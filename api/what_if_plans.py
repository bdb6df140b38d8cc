"""More than one plan: as good as can be with ever fewer who move, and other plans nearly as good."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from api.what_if import Asked, Move
from api.what_if_questions import Changed
from matcher.certificate_limits import broken_limits
from matcher.errors import SolverFailure
from matcher.problem import Ints
from matcher.replan import pareto_front
from matcher.sensitivity import change_of
from matcher.variety import alternatives


@dataclass(frozen=True, slots=True)
class Point:
    """One plan: what it loses beside the plan in the folder, and who moves.

    ``moved`` counts students who had a place and have another or none, but not who drops out; ``placed`` students
    with a place; ``proven`` that no plan with as few moved is better. Losses as in `api.what_if.Outcome`.
    """

    moved: int
    placed: int
    placed_loss: int
    fit_loss: int
    proven: bool
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Plans:
    """The answer: the question asked, and its plans, the best first."""

    asked: Changed
    placed_before: int
    points: tuple[Point, ...]


def front(read: Asked, asked: Changed) -> Plans:
    """The Pareto front of value against students moved after a change; pins never move."""
    objective = "fit" if read.solution.objective == "fit" else "placed"
    with read.no_plan(asked):
        found = pareto_front(
            asked.problem, read.solution.assignment, objective=objective, unplaced_value=read.result.unplaced_value,
            time_limit=read.time_limit,
        )  # fmt: skip
    return _plans(read, asked, [(point.assignment, point.proven) for point in found])


def others(read: Asked, count: int) -> Plans:
    """Other plans within 1 % of the best with as many placed, in each of which one in ten is elsewhere."""
    problem = read.problem
    found = alternatives(
        problem, read.solution, count=count, unplaced_value=read.result.unplaced_value, time_limit=read.time_limit
    )
    same = Changed("plans", problem, problem, read.case.openings, more=count)
    return _plans(read, same, [(plan.assignment, True) for plan in found])


def _plans(read: Asked, asked: Changed, plans: list[tuple[Ints, bool]]) -> Plans:
    before, problem = read.solution.assignment, asked.problem
    points = []
    for plan, proven in plans:
        broken = broken_limits(problem, plan, problem.pairs_of(plan))
        if broken:
            raise SolverFailure("; ".join(f"{part.name}: {part.sentence}" for part in broken))
        change = change_of(asked.base, read.solution, plan, unplaced_value=read.result.unplaced_value)
        others = np.arange(len(before)) != asked.loose  # who drops out has not moved
        moved = int(((before >= 0) & (plan != before) & others).sum())
        lost = read.without_own(asked, change)
        placed = int((plan >= 0).sum())
        points.append(Point(moved, placed, lost.placed_loss, lost.fit_loss, proven, read.named(asked, change)))
    return Plans(asked, int((before >= 0).sum()), tuple(points))


__all__ = ["Plans", "Point", "front", "others"]
