"""`solve`: the least machinery that answers the question, and a verified answer."""
from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from matcher.certificate import verify
from matcher.errors import Infeasible, InvalidProblem, SolverFailure
from matcher.plain import PlainResult, solve_plain
from matcher.problem import Problem
from matcher.reduction import StageWeights, objective_stages, pin_conflict
from matcher.solution import PriceBlock, PriceTable, Solution, Stage

OBJECTIVES = ("placed", "fit", "balanced")


def solve(
    problem: Problem, *, objective: str = "placed", unplaced_value: int = 0, time_limit: float | None = None
) -> Solution:
    """Assign students to places so that the objective is greatest, and verify the answer.

    Parameters
    ----------
    problem : Problem
        n students and m openings, already checked; never modified.
    objective : {"placed", "fit", "balanced"}
        ``placed``: the highest sum of the placed students' priorities, then the highest total score.
        ``fit``: the highest total score, an unplaced student worth ``unplaced_value``. ``balanced``: the
        highest sum of priorities, then the worst-off as well off as can be (leximin over score relative to
        the student's own best), then the highest total score. Ties: the highest sum of tie numbers.
    unplaced_value : int
        In millionths; heeded by ``fit`` alone.
    time_limit : float, optional
        Seconds; only loads, group limits, minimums to open and ``balanced`` can take that long.

    Returns
    -------
    Solution
        Every limit holds; ``value <= bound`` in every stage, and they are equal in every stage but the tie rule's
        when ``status`` is optimal. Without a time limit it always is.

    Raises
    ------
    Infeasible
        If no assignment holds every limit; ``.conflict`` is an irreducible set of limits that cannot hold together.
    InvalidProblem
        If the objective is unknown, or ``balanced`` meets a score of 0 or less.
    NoPlanYet
        If the time limit struck before any assignment was found.
    SolverFailure
        If the answer does not pass `matcher.certificate.verify` (our fault).

    Examples
    --------
    >>> from matcher import build_problem
    >>> solve(build_problem([0, 0, 1], [0, 1, 0], [900_000, 800_000, 500_000], places=[1, 1])).assignment.tolist()
    [1, 0]
    """
    solution = search(problem, objective=objective, unplaced_value=unplaced_value, time_limit=time_limit)
    verdict = verify(problem, solution, unplaced_value=unplaced_value)
    if not verdict.ok:
        raise SolverFailure("; ".join(f"{found.name}: {found.sentence}" for found in verdict.findings))
    return solution


def search(
    problem: Problem, *, objective: str = "placed", unplaced_value: int = 0, time_limit: float | None = None
) -> Solution:
    """As `solve`, but not verified: for callers who run `verify` themselves and want its verdict."""
    deadline = None if time_limit is None else time.monotonic() + time_limit
    if objective not in OBJECTIVES:
        raise InvalidProblem(f"objective is {objective!r}; expected one of {', '.join(OBJECTIVES)}")
    conflict = pin_conflict(problem)
    if conflict:
        raise Infeasible(conflict)
    if objective == "balanced":
        low = problem.values <= 0
        if low.any():
            k = int(low.argmax())
            raise InvalidProblem(f"values[{k}] is {problem.values[k]}; expected above 0 for the objective balanced")
        from matcher.leximin import solve_balanced

        return _with_status(solve_balanced(problem, deadline=deadline))
    if not problem.is_plain:
        from matcher.parts import solve_apart

        return _with_status(
            solve_apart(problem, objective=objective, unplaced_value=unplaced_value, deadline=deadline)
        )
    stages = objective_stages(problem, objective, unplaced_value)
    return solution_of(objective, stages, solve_plain(problem, stages))


def _with_status(solution: Solution) -> Solution:
    """Optimal when every stage but the tie rule is: that one only chooses among optima."""
    proven = all(stage.value == stage.bound for stage in solution.stages if stage.name != "tie")
    return replace(solution, status="optimal" if proven else "feasible")


def solution_of(objective: str, stages: tuple[StageWeights, ...], result: PlainResult) -> Solution:
    """A plain result, proven optimal by its prices, as a `Solution`."""
    prices = []
    for stage, student, opening in zip(stages, result.student_prices, result.opening_prices, strict=True):
        prices.append(PriceBlock("student", stage.name, np.arange(len(student)), student))
        prices.append(PriceBlock("opening", stage.name, np.arange(len(opening)), opening))
    return Solution(
        assignment=result.assignment,
        status="optimal",
        objective=objective,
        stages=tuple(Stage(stage.name, value, value) for stage, value in zip(stages, result.values, strict=True)),
        prices=PriceTable(prices),
    )
