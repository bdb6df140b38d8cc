"""Who goes where: an exact, provable assignment engine. Indices and arrays only; no people.

>>> problem = build_problem([0, 0, 1], [0, 1, 0], [900_000, 800_000, 500_000], places=[1, 1])
>>> solution = solve(problem)
>>> solution.assignment.tolist(), verify(problem, solution).proved
([1, 0], True)
"""
from matcher.certificate import Finding, Verdict, verify
from matcher.errors import ConflictMember, Infeasible, InvalidProblem, MatcherError, NoPlanYet, SolverFailure
from matcher.problem import GroupLimit, Problem, build_problem, id_digests, tie_numbers
from matcher.solution import UNPLACED, Price, Solution, Stage
from matcher.solver import search, solve

__all__ = [
    "UNPLACED",
    "ConflictMember",
    "Finding",
    "GroupLimit",
    "Infeasible",
    "InvalidProblem",
    "MatcherError",
    "NoPlanYet",
    "Price",
    "Problem",
    "Solution",
    "SolverFailure",
    "Stage",
    "Verdict",
    "build_problem",
    "id_digests",
    "search",
    "solve",
    "tie_numbers",
    "verify",
]
