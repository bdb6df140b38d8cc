"""Sensitivity, exact: the regret of a pair, the worth of more places, and who moves.

*Regret* of a pair is what the whole plan loses when the student is pinned there (the student's own pin lifted, all
others kept); *worth* is what the plan gains from one more place. Both compare optimal plans, ties included, so the
moves are those that a new solve would show. Prices of a linear programme would not do where loads or minimums
bind: they say what the first fraction of a place is worth.

Limits that nest are answered on the exchange graph and its tree (`matcher.sensitivity_tree`, after the sensitivity
analysis of minimum cost flows [1]_); other limits, and questions that the tree leaves open, by solving again.

References
----------
.. [1] R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows, Prentice Hall, 1993, section 9.11.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from matcher.errors import Infeasible, InvalidProblem
from matcher.exact import exact_sum
from matcher.network import Flow
from matcher.problem import Ints, Problem
from matcher.sensitivity_model import Model, carried, fitted, model
from matcher.sensitivity_tree import EFFORT, Answer, Question, answers, one_answer
from matcher.solution import PriceTable, Solution
from matcher.solver import search
from matcher.variations import pinned, with_places

HOPE = 20
"""A tree that may take so many times the effort is not begun."""
LOOK = 2
"""Nor is one of which a single look takes so many times the effort."""
Move = tuple[int, int, int]
"""A student, the opening left (-1: none), the opening gone to (-1: none)."""


@dataclass(frozen=True, slots=True, eq=False)
class Sensitivities:
    """Figures per pair (p,) and opening (m,).

    ``known`` and ``feasible`` per pair: whether the question is answered, and whether there is a plan. Losses are
    whole numbers (``placed_loss`` in priorities, ``fit_loss`` and ``others_loss`` in millionths), 0 where there is no
    plan; ``moves`` lists who goes elsewhere, by student. ``worth_known``, ``worth_placed``, ``worth_fit`` and
    ``worth_moves`` per opening: what one more place gains, and who moves then (None where only prices are known).
    """

    known: NDArray[np.bool_]
    feasible: NDArray[np.bool_]
    placed_loss: Ints
    fit_loss: Ints
    others_loss: Ints
    moves: tuple[tuple[Move, ...], ...]
    worth_known: NDArray[np.bool_]
    worth_placed: Ints
    worth_fit: Ints
    worth_moves: tuple[tuple[Move, ...] | None, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Another plan beside the one at hand: what it loses (below 0 where it gains), and who moves."""

    placed_loss: int
    fit_loss: int
    moves: tuple[Move, ...]


def sensitivities(
    problem: Problem, solution: Solution, *, unplaced_value: int = 0, effort: int = EFFORT, again: int = 0
) -> Sensitivities:
    """Every pair's regret and every opening's worth of one more place.

    Parameters
    ----------
    problem : Problem
        Any limits; those that do not nest are solved again.
    solution : Solution
        Its optimal solution.
    unplaced_value : int
        As it was solved.
    effort : int
        Work for the tree; see `matcher.sensitivity_tree`.
    again : int
        How many questions may be answered by solving again.

    Raises
    ------
    InvalidProblem
        If the solution is not optimal: a loss against a plan that is not the best would mean nothing.

    Examples
    --------
    >>> from matcher import build_problem, solve
    >>> problem = build_problem([0, 0, 1], [0, 1, 0], [900_000, 800_000, 500_000], places=[1, 1])
    >>> found = sensitivities(problem, solve(problem))
    >>> found.placed_loss.tolist(), found.fit_loss.tolist(), found.moves[0]
    ([1, 0, 0], [400000, 0, 0], ((0, 1, 0), (1, 0, -1)))
    """
    _optimal(solution)
    teller = _Teller(problem, solution, unplaced_value)
    here = teller.pair[problem.rows] == np.arange(problem.p)
    if not again and not promising(problem, solution.objective, unplaced_value, effort=effort):
        return _untold(teller, here)
    questions = [Question("pin", k) for k in range(problem.p)] + [Question("place", j) for j in range(problem.m)]
    found = _ask(teller, questions, effort, again)
    pins, places = found[: problem.p], found[problem.p :]
    none = teller.change(teller.pair)
    changes = [none if at_home else teller.told(answer) for answer, at_home in zip(pins, here.tolist(), strict=True)]
    feasible = np.array([change is not None for change in changes], dtype=bool)
    fit_loss = np.array([0 if change is None else change.fit_loss for change in changes], dtype=np.int64)
    gain = np.where(feasible, problem.values - teller.own(problem.rows), 0)
    worths = [teller.told(answer) for answer in places]
    return Sensitivities(
        known=here | np.array([answer.final for answer in pins], dtype=bool),
        feasible=feasible,
        placed_loss=np.array([0 if change is None else change.placed_loss for change in changes], dtype=np.int64),
        fit_loss=fit_loss,
        others_loss=fit_loss + gain,
        moves=tuple(() if change is None else change.moves for change in changes),
        worth_known=np.array([answer.final for answer in places], dtype=bool),
        worth_placed=np.array([0 if change is None else -change.placed_loss for change in worths], dtype=np.int64),
        worth_fit=np.array([0 if change is None else -change.fit_loss for change in worths], dtype=np.int64),
        worth_moves=tuple(None if change is None else change.moves for change in worths),
    )


def _untold(teller: _Teller, here: NDArray[np.bool_]) -> Sensitivities:
    """Where no tree can be begun: who is where costs nothing, and least prices tell worths where places alone limit."""
    problem = teller.problem
    none, nothing = np.zeros(problem.p, dtype=np.int64), np.zeros(problem.m, dtype=np.int64)
    plain = problem.is_plain and not problem.closed.any() and teller.objective == "placed"
    placed, fit = _least_prices(problem, teller.solution) if plain else (nothing, nothing)
    return Sensitivities(
        here, here, none, none, none, ((),) * problem.p, np.full(problem.m, plain), placed, fit, (None,) * problem.m
    )


def _least_prices(problem: Problem, solution: Solution) -> tuple[Ints, Ints]:
    """The worth of one more place where places alone limit: the least prices, stage by stage, are just that.

    Only in the objective ``placed``: in ``fit`` no priority has a price, in ``balanced`` there are none.
    """
    found = {name: np.zeros(problem.m, dtype=np.int64) for name in ("priority", "fit")}
    for block in PriceTable.of(solution.prices).blocks:
        if block.kind == "opening" and block.stage in found:
            found[block.stage][block.index] = block.price
    return found["priority"], found["fit"]


def promising(problem: Problem, objective: str, unplaced_value: int = 0, *, effort: int = EFFORT) -> bool:
    """Whether questions about the problem can be expected to be answered with so much effort."""
    return _hopeful(model(problem, objective, unplaced_value), effort)


def _hopeful(shape: Model | None, effort: int) -> TypeGuard[Model]:
    if shape is None or shape.tree.nodes**3 > LOOK * effort:
        return False
    return shape.estimate <= HOPE * effort


def regret(
    problem: Problem, solution: Solution, i: int, j: int, *, unplaced_value: int = 0, effort: int = EFFORT
) -> Change | None:
    """What the plan loses when student i is pinned to opening j; None when there is no plan.

    On the exchange graph where that is known to end, else by solving again.
    """
    _optimal(solution)
    k = problem.pair(i, j)
    if k < 0:
        return None
    return _one(_Teller(problem, solution, unplaced_value), Question("pin", k), effort)


def worth(
    problem: Problem, solution: Solution, j: int, more: int = 1, *, unplaced_value: int = 0, effort: int = EFFORT
) -> Change:
    """What the plan gains (losses below 0) from so many places more at opening j."""
    _optimal(solution)
    teller = _Teller(problem, solution, unplaced_value)
    if more == 1:
        found = _one(teller, Question("place", j), effort)
        assert found is not None
        return found
    again = search(
        with_places(problem, j, more), objective=solution.objective, unplaced_value=unplaced_value
    )
    return teller.change(problem.pairs_of(again.assignment))


def smaller_group(
    problem: Problem, solution: Solution, j: int, *, unplaced_value: int = 0, effort: int = EFFORT
) -> Change | None:
    """What happens when opening j may open with one student less; None where the tree does not tell."""
    _optimal(solution)
    teller = _Teller(problem, solution, unplaced_value)
    before = model(problem, teller.objective, unplaced_value)
    if not _hopeful(before, effort):
        return None
    need = problem.min_to_open.copy()
    need[j] = max(int(need[j]) - 1, 0)
    flow = fitted(before, teller.pair)[0]
    answer, _ = _own_tree(teller, replace(problem, min_to_open=need), before, flow, changed=j, effort=effort)
    return teller.told(answer)


def _one(teller: _Teller, question: Question, effort: int) -> Change | None:
    return teller.told(_ask(teller, [question], effort, again=1)[0])


def change_of(problem: Problem, solution: Solution, assignment: Ints, *, unplaced_value: int = 0) -> Change:
    """What another plan loses beside the solution's, and who moves."""
    return _Teller(problem, solution, unplaced_value).change(problem.pairs_of(assignment))


class _Teller:
    """Compares plans, as pairs (n,), with the one at hand."""

    def __init__(self, problem: Problem, solution: Solution, unplaced_value: int) -> None:
        self.problem, self.solution = problem, solution
        self.objective = solution.objective
        self.unplaced = unplaced_value if self.objective == "fit" else 0
        self.unplaced_value = unplaced_value
        self.pair = problem.pairs_of(solution.assignment)
        self.seen: dict[int, tuple[Ints, Mapping[int, int]]] = {}
        self.lists = (
            problem.values.tolist(), problem.indices.tolist(), problem.priority.tolist(), self.pair.tolist(),
        )  # fmt: skip

    def own(self, students: Ints) -> Ints:
        """What each of these students has now, in millionths."""
        pair = self.pair[students]
        if not self.problem.p:
            return np.full(len(students), self.unplaced, dtype=np.int64)
        return np.where(pair >= 0, self.problem.values[pair], self.unplaced)

    def told(self, answer: Answer) -> Change | None:
        """The change of a final answer; None where there is no plan or no answer."""
        return None if answer.base is None or not answer.final else self.change(answer.base, answer.moved)

    def change(self, base: Ints, moved: Mapping[int, int] | None = None) -> Change:
        """The plan ``base`` (n,) after more moves, beside the one at hand."""
        after = dict(self._apart(base))
        if moved:
            after.update(moved)
        placed = fit = 0
        moves = []
        values, opening, priority, pairs = self.lists
        for i in sorted(after):
            a, b = pairs[i], after[i]
            if a == b:
                continue
            placed += priority[i] * ((a >= 0) - (b >= 0))
            fit += (values[a] if a >= 0 else self.unplaced) - (values[b] if b >= 0 else self.unplaced)
            moves.append((i, opening[a] if a >= 0 else -1, opening[b] if b >= 0 else -1))
        return Change(placed, fit, tuple(moves))

    def _apart(self, base: Ints) -> Mapping[int, int]:
        """Who is elsewhere in a plan, and in which pair; remembered, for one plan answers many questions."""
        known = self.seen.get(id(base))
        if known is None or known[0] is not base:
            apart = np.flatnonzero(base != self.pair)
            known = base, dict(zip(apart.tolist(), base[apart].tolist(), strict=True))
            self.seen[id(base)] = known
        return known[1]


def _optimal(solution: Solution) -> None:
    if solution.status != "optimal":
        raise InvalidProblem(f"the solution is {solution.status}; expected an optimal one")


def _ask(teller: _Teller, questions: Sequence[Question], effort: int, again: int) -> list[Answer]:
    problem = teller.problem
    shape = model(problem, teller.objective, teller.unplaced_value)
    found = [Answer(final=False) for _ in questions]
    if _hopeful(shape, effort):
        together = [q for q, question in enumerate(questions) if not _alone(problem, question)]
        flow, state = fitted(shape, teller.pair)
        done, effort = answers(shape, flow, [questions[q] for q in together], state=state, effort=effort)
        for q, answer in zip(together, done, strict=True):
            found[q] = answer
        for q in sorted(set(range(len(questions))) - set(together)):
            if effort > 0:
                ask = _more if questions[q].kind == "place" else _lifted
                found[q], effort = ask(teller, shape, questions[q], effort)
    for q, question in enumerate(questions):
        if again > 0 and not found[q].final:
            found[q] = _solved(teller, question)
            again -= 1
    return found


def _alone(problem: Problem, question: Question) -> bool:
    """Whether a question changes what the tree takes for fixed, so that it needs one of its own.

    One more place may change what the load or the minimum of the opening means; a lifted pin may leave a group that
    stood open for it.
    """
    if question.kind == "pin":
        held = int(problem.pinned[problem.rows[question.index]])
        return held not in (-1, question.index) and bool(problem.required[problem.indices[held]] > 1)
    j = question.index
    if problem.closed[j]:
        return True
    if problem.load_capacity[j] < 0:
        return False
    loads = np.sort(problem.load[problem.indices == j])[::-1]
    return exact_sum(loads[: int(problem.places[j]) + 1]) > int(problem.load_capacity[j])


def _more(teller: _Teller, before: Model, question: Question, effort: int) -> tuple[Answer, int]:
    """One more place at an opening whose load or minimum it changes."""
    problem = with_places(teller.problem, question.index, 1)
    flow = fitted(before, teller.pair)[0]
    return _own_tree(teller, problem, before, flow, changed=question.index, effort=effort)


def _lifted(teller: _Teller, before: Model, question: Question, effort: int) -> tuple[Answer, int]:
    """A student whose pin kept a group open goes elsewhere: from the best plan in which it stays open."""
    problem = teller.problem
    flow = one_answer(before, fitted(before, teller.pair)[0], question)
    if flow is None:  # only without the group, if at all
        return _solved(teller, question), effort
    k = question.index
    moved = pinned(problem, int(problem.rows[k]), int(problem.indices[k]))
    return _own_tree(teller, moved, before, flow, changed=-1, effort=effort)


def _own_tree(
    teller: _Teller, problem: Problem, before: Model, flow: Flow, *, changed: int, effort: int
) -> tuple[Answer, int]:
    shape = model(problem, teller.objective, teller.unplaced_value)
    if shape is None:
        return Answer(final=False), effort
    found, effort = answers(shape, carried(shape, before, flow, changed), [Question("plan")], effort=effort)
    return found[0], effort


def _solved(teller: _Teller, question: Question) -> Answer:
    problem = teller.problem
    if question.kind == "pin":
        k = question.index
        problem = pinned(problem, int(problem.rows[k]), int(problem.indices[k]))
    else:
        problem = with_places(problem, question.index, 1)
    try:
        solution = search(problem, objective=teller.objective, unplaced_value=teller.unplaced_value)
    except Infeasible:
        return Answer()
    return Answer(problem.pairs_of(solution.assignment))


__all__ = [
    "Change", "Move", "Sensitivities", "change_of", "promising", "regret", "sensitivities", "smaller_group", "worth",
]  # fmt: skip
