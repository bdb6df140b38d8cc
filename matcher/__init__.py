"""Who goes where: an exact, provable assignment engine. Indices and arrays only; no people.

>>> problem = build_problem([0, 0, 1], [0, 1, 0], [900_000, 800_000, 500_000], places=[1, 1])
>>> solution = solve(problem)
>>> solution.assignment.tolist(), verify(problem, solution).proved
([1, 0], True)
"""
from matcher.certificate import Finding, Verdict, verify
from matcher.errors import ConflictMember, Infeasible, InvalidProblem, MatcherError, NoPlanYet, SolverFailure
from matcher.problem import GroupLimit, Problem, build_problem, id_digests, tie_numbers
from matcher.replan import Replan, pareto_front
from matcher.sensitivity import Change, Sensitivities, choices, regret, sensitivities, worth
from matcher.sensitivity_changes import closure, departure, rejection, revaluation
from matcher.solution import UNPLACED, Price, Solution, Stage
from matcher.solver import search, solve
from matcher.variety import Alternative, alternatives

__all__ = [
    "UNPLACED",
    "Alternative",
    "Change",
    "ConflictMember",
    "Finding",
    "GroupLimit",
    "Infeasible",
    "InvalidProblem",
    "MatcherError",
    "NoPlanYet",
    "Price",
    "Problem",
    "Replan",
    "Sensitivities",
    "Solution",
    "SolverFailure",
    "Stage",
    "Verdict",
    "alternatives",
    "build_problem",
    "choices",
    "closure",
    "departure",
    "id_digests",
    "pareto_front",
    "regret",
    "rejection",
    "revaluation",
    "search",
    "sensitivities",
    "solve",
    "tie_numbers",
    "verify",
    "worth",
]
