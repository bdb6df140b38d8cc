"""`verify`: is this the solution it says it is? Recomputed from the problem's numbers, without the solver's code."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.certificate_limits import Finding, broken_limits
from matcher.certificate_prices import StagePrices, by_stage, proven_totals, unsupported
from matcher.certificate_search import better_plan, own_bounds
from matcher.certificate_values import STAGES, Worth, ratios, same_ratios, total, worths
from matcher.problem import Ints, Problem
from matcher.solution import PriceTable, Solution, Stage


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found.

    ``ok``: every limit holds and every statement is true as far as it can be told. ``proved``: the values are
    optimal beyond doubt. ``bounds``: per numeric stage that is shown to people, a bound of our own (None where the
    problem is too large for one). ``findings``: what does not hold.
    """

    ok: bool
    proved: bool
    findings: tuple[Finding, ...]
    bounds: tuple[tuple[str, int | None], ...]


def verify(problem: Problem, solution: Solution, *, unplaced_value: int = 0, thorough: bool = False) -> Verdict:
    """Check every limit, the value of every stage, the bounds, the status, the tie rule and the prices.

    Parameters
    ----------
    problem : Problem
        What was to be solved.
    solution : Solution
        Anybody's; nothing in it is trusted.
    unplaced_value : int
        Worth of an unplaced student in the objective ``fit``, in millionths.
    thorough : bool
        Where prices cannot prove the optimum (loads, minimums to open, leximin), also look for a better
        assignment with an independent solver, within a fixed number of nodes.

    Returns
    -------
    Verdict
        ``proved`` where the bound of our own equals the value in every stage. Where only a search tree can prove
        the optimum, ``ok`` may hold without ``proved``.
    """
    if solution.objective not in STAGES:
        return _refused(Finding("objective", f"objective {solution.objective!r}; expected one of {', '.join(STAGES)}"))
    assignment = np.asarray(solution.assignment)
    if assignment.shape != (problem.n,) or assignment.dtype.kind != "i":
        return _refused(Finding("assignment", f"expected {problem.n} whole numbers, one per student"))
    if ((assignment < -1) | (assignment >= problem.m)).any():
        return _refused(Finding("assignment", f"an opening outside -1 to {problem.m - 1}"))
    pair = problem.pairs_of(assignment)
    broken = broken_limits(problem, assignment, pair)
    if broken:
        return _refused(*broken)
    numeric = worths(problem, solution.objective, unplaced_value)
    values = tuple(total(worth, pair) for worth in numeric)
    findings = [*_stated(problem, solution, pair, dict(zip((w.name for w in numeric), values, strict=True)))]
    proof, bounds = _bounds(problem, solution, numeric, values)
    findings += proof
    proved = not proof and all(bounds[w.name] == v for w, v in zip(numeric, values, strict=True) if w.name != "tie")
    proved = proved and solution.objective != "balanced"
    settled = proved and bounds["tie"] == values[-1]
    if thorough and not settled and solution.status == "optimal" and not findings:
        findings += better_plan(problem, solution, *_claimed(solution, numeric, values), pair)
    shown = tuple((name, bounds[name]) for name in (w.name for w in numeric) if name != "tie")
    return Verdict(not findings, proved and not findings, tuple(findings), shown)


def _refused(*findings: Finding) -> Verdict:
    return Verdict(False, False, findings, ())


def _stated(problem: Problem, solution: Solution, pair: Ints, values: dict[str, int]) -> Iterator[Finding]:
    """Stages, values, bounds and status against each other and against what was recomputed."""
    names = tuple(stage.name for stage in solution.stages)
    if names != STAGES[solution.objective]:
        yield Finding("value", f"stages {names}; expected {STAGES[solution.objective]}")
        return
    for stage in solution.stages:
        if stage.name == "leximin":
            if not same_ratios(stage.value, ratios(problem, pair)):
                yield Finding("value", "the list of stage leximin is not that of the assignment")
        elif stage.value != values[stage.name]:
            name = "ties" if stage.name == "tie" else "value"
            yield Finding(name, f"stage {stage.name} says {stage.value}; the assignment has {values[stage.name]}")
    if solution.status not in ("optimal", "feasible"):
        yield Finding("status", f"status {solution.status!r}; expected optimal or feasible")
        return
    gaps = [_gap(stage) for stage in solution.stages]
    if any(gap < 0 for gap in gaps):
        yield Finding("bound", "a bound lies below the value it bounds")
    # The tie rule makes one of several optima the answer; where only a search finds it, it may end before its proof.
    if solution.status == "optimal" and any(gaps[:-1]):
        yield Finding("bound", "status optimal, but a bound differs from its value")
    if solution.status == "feasible" and not any(gaps[:-1]):
        yield Finding("status", "status feasible, but every value equals its bound")
    if gaps[-1] and solution.objective != "balanced" and problem.is_plain:
        yield Finding("bound", "the bound of the tie stage differs from its value")


def _gap(stage: Stage) -> int:
    """Sign of bound minus value; lists compare as fractions, element by element."""
    if isinstance(stage.value, tuple) or isinstance(stage.bound, tuple):
        if not isinstance(stage.value, tuple) or not isinstance(stage.bound, tuple):
            return -1
        for (a, b), (c, d) in zip(stage.value, stage.bound, strict=False):
            if a * d != c * b:
                return 1 if c * b > a * d else -1
        return 0 if len(stage.value) == len(stage.bound) else -1
    return stage.bound - stage.value


def _claimed(
    solution: Solution, numeric: Sequence[Worth], values: Sequence[int]
) -> tuple[Sequence[Worth], Sequence[int]]:
    """The numeric stages that are said to be best: all, or all but the tie rule."""
    known = len(numeric) if _gap(solution.stages[-1]) == 0 else len(numeric) - 1
    return numeric[:known], values[:known]


def _bounds(
    problem: Problem, solution: Solution, numeric: Sequence[Worth], values: Sequence[int]
) -> tuple[list[Finding], dict[str, int | None]]:
    """Bounds of our own on every numeric stage, from the prices where they prove one, else from a relaxation."""
    must_prove = solution.objective != "balanced" and problem.is_plain
    tables, wrong = by_stage(problem, solution.prices, STAGES[solution.objective])
    if wrong:
        return [Finding("prices", wrong)], {worth.name: None for worth in numeric}
    priced: list[StagePrices] = [tables[worth.name] for worth in numeric]
    proven, why = proven_totals(problem, numeric, priced)
    if must_prove and why is None:
        why = _incomplete(problem, solution, numeric, priced)
    if must_prove and why is not None:
        return [why], {worth.name: None for worth in numeric}
    if solution.objective != "balanced" and proven and (must_prove or proven == tuple(values)):
        found = [
            Finding(
                "ties" if worth.name == "tie" else "bound",
                f"the prices prove {most} in stage {worth.name}; the assignment has {value}",
            )
            for worth, value, most in zip(numeric, values, proven, strict=True)
            if most != value
        ]
        return found[:1], dict(zip((worth.name for worth in numeric), proven, strict=True))
    own = own_bounds(problem, numeric, values, priced)
    return [*_too_low(solution, own)], own


def _incomplete(
    problem: Problem, solution: Solution, numeric: Sequence[Worth], priced: Sequence[StagePrices]
) -> Finding | None:
    """Prices that the totals cannot miss, but that belong to a whole proof."""
    expected = (problem.n + problem.m) * len(numeric)
    table = PriceTable.of(solution.prices)
    given = sum(len(block.index) for block in table.blocks if block.kind in ("student", "opening"))
    if given != expected or len(table) != expected:
        found = f"{len(table)} prices; expected {expected}, one per stage, student and opening"
        return Finding("prices", found)
    return unsupported(problem, numeric, priced)


def _too_low(solution: Solution, own: dict[str, int | None]) -> Iterator[Finding]:
    """A value beyond our own bound cannot be (it was recomputed): then our bound is at fault, and we say so."""
    for stage in solution.stages:
        most = own.get(stage.name)
        if most is not None and isinstance(stage.value, int) and stage.value > most:
            yield Finding("bound", f"stage {stage.name} has {stage.value}, beyond the bound {most}")


__all__ = ["Finding", "Verdict", "verify"]
