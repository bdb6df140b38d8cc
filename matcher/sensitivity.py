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

from dataclasses import dataclass, replace
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from matcher.errors import Infeasible, InvalidProblem
from matcher.network import LEAVE, Flow
from matcher.problem import Ints, Problem
from matcher.sensitivity_model import Model, carried, fitted, model
from matcher.sensitivity_told import Change, Move, Teller
from matcher.sensitivity_tree import EFFORT, Answers, answers, look_cost, one_answer
from matcher.sensitivity_view import Moves, Questions
from matcher.solution import PriceTable, Solution
from matcher.solver import search
from matcher.variations import pinned, with_places, without_student

REGION = 2_500
"""Pairs from which all questions together get more effort, with their number, up to twice as much."""
SOLVE = 300_000
"""What solving again takes per pair, in the units of `matcher.sensitivity_tree.EFFORT`."""


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


def sensitivities(
    problem: Problem, solution: Solution, *, unplaced_value: int = 0, effort: int | None = None, again: int = 0
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
    effort : int, optional
        Work for the tree; see `matcher.sensitivity_tree`. Default: what a region takes, and more with more pairs.
    again : int
        How many questions that the tree leaves open are solved again in any case; more are as long as effort is left.

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
    if effort is None:
        effort = EFFORT * min(max(problem.p, REGION), 2 * REGION) // REGION
    teller = Teller(problem, solution, unplaced_value)
    here = teller.pair[problem.rows] == np.arange(problem.p)
    hope = problem.m**3 <= effort and promising(problem, teller.objective, unplaced_value, effort=effort)
    if not (hope or again or _solving(teller) <= effort):
        return _untold(teller, here)
    questions = Questions.pins(np.arange(problem.p)).and_then(Questions.places(np.arange(problem.m)))
    told = teller.told(_ask(teller, questions, effort, again))
    pins, places = slice(0, problem.p), slice(problem.p, None)
    feasible = told.exists[pins] & told.final[pins]
    gain = np.where(feasible, problem.values - teller.own(problem.rows), 0)
    moves = told.moves()
    final = told.final[places]
    return Sensitivities(
        known=here | told.final[pins],
        feasible=feasible | here,
        placed_loss=told.placed[pins],
        fit_loss=told.fit[pins],
        others_loss=told.fit[pins] + gain,
        moves=tuple(moves[pins]),
        worth_known=final,
        worth_placed=-told.placed[places],
        worth_fit=-told.fit[places],
        worth_moves=tuple(part if known else None for part, known in zip(moves[places], final.tolist(), strict=True)),
    )


def _untold(teller: Teller, here: NDArray[np.bool_]) -> Sensitivities:
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
    """Whether questions about the problem may be answered with so much effort: it can hold one look at all pairs."""
    return _hopeful(model(problem, objective, unplaced_value), effort)


def _hopeful(shape: Model | None, effort: int, asked: int | None = None) -> TypeGuard[Model]:
    """Whether the effort can hold one look for so many questions (None: for all there are)."""
    return shape is not None and look_cost(shape, shape.tree.nodes if asked is None else asked) <= effort


def regret(
    problem: Problem, solution: Solution, i: int, j: int, *, unplaced_value: int = 0, effort: int = EFFORT,
    again: bool = True,
) -> Change | None:  # fmt: skip
    """What the plan loses when student i is pinned to opening j; None when there is no plan.

    On the exchange graph; by solving again where that does not tell, or with ``again`` False None there too.
    """
    _optimal(solution)
    k = problem.pair(i, j)
    if k < 0:
        return None
    return _one(Teller(problem, solution, unplaced_value), Questions.pins(np.array([k])), effort, again=again)


def worth(
    problem: Problem, solution: Solution, j: int, more: int = 1, *, unplaced_value: int = 0, effort: int = EFFORT,
    again: bool = True,
) -> Change | None:  # fmt: skip
    """What the plan gains (losses below 0) from so many places more at opening j; never None but with ``again`` False.

    One place is asked on the exchange graph, and by solving again where that does not tell; more are solved again.
    """
    _optimal(solution)
    teller = Teller(problem, solution, unplaced_value)
    if more == 1:
        return _one(teller, Questions.places(np.array([j])), effort, again=again)
    if not again:
        return None
    found = search(with_places(problem, j, more), objective=solution.objective, unplaced_value=unplaced_value)
    return teller.change(found.assignment)


def choices(
    problem: Problem, solution: Solution, i: int, *, unplaced_value: int = 0, effort: int = EFFORT
) -> dict[int, Change] | None:
    """What each opening student i can go to would lose the plan, and -1: nowhere; None where the tree does not tell.

    Openings to which there is no plan are missing. An own pin of the student is lifted.
    """
    _optimal(solution)
    teller = Teller(problem, solution, unplaced_value)
    mine = np.arange(int(problem.indptr[i]), int(problem.indptr[i + 1]))
    told = teller.told(_ask(teller, Questions.pins(mine).and_then(Questions.away(np.array([i]))), effort, 0))
    if not told.final.all():
        return None
    result = {}
    for q, (j, moves) in enumerate(zip([*problem.indices[mine].tolist(), -1], told.moves(), strict=True)):
        if told.exists[q]:
            result[j] = Change(int(told.placed[q]), int(told.fit[q]), moves)
    return result


def smaller_group(
    problem: Problem, solution: Solution, j: int, *, unplaced_value: int = 0, effort: int = EFFORT
) -> Change | None:
    """What happens when opening j may open with one student less; None where the tree does not tell."""
    _optimal(solution)
    teller = Teller(problem, solution, unplaced_value)
    before = teller.model(problem)
    if not _hopeful(before, effort, 1):
        return None
    need = problem.min_to_open.copy()
    need[j] = max(int(need[j]) - 1, 0)
    flow = fitted(before, teller.pair)[0]
    changed = replace(problem, min_to_open=need)
    answer = _own_tree(teller, changed, before, flow, changed=j, effort=effort)[0]
    return teller.one(answer)


def _one(teller: Teller, question: Questions, effort: int, *, again: bool) -> Change | None:
    return teller.one(_ask(teller, question, effort, again=int(again)))


def change_of(problem: Problem, solution: Solution, assignment: Ints, *, unplaced_value: int = 0) -> Change:
    """What another plan loses beside the solution's, and who moves."""
    return Teller(problem, solution, unplaced_value).change(assignment)


def _optimal(solution: Solution) -> None:
    if solution.status != "optimal":
        raise InvalidProblem(f"the solution is {solution.status}; expected an optimal one")


def _ask(teller: Teller, questions: Questions, effort: int, again: int) -> Answers:
    """Places whose load would bind are asked on a tree that looks ahead, others on that of the problem, or alone."""
    problem = teller.problem
    shape = teller.model(problem)
    found = _Gathered(len(questions))
    if _hopeful(shape, effort, len(questions)):
        flow, state = fitted(shape, teller.pair)
        alone = _alone(problem, questions)
        ahead = np.zeros(len(questions), dtype=bool)
        places = np.flatnonzero((questions.place >= 0) & ~alone)
        if len(places) and (problem.load_capacity >= 0).any():
            wide = teller.model(problem, more=1)
            ahead[places] = _newly_heavy(problem, shape, wide)[questions.place[places]]
            if wide is not None and ahead.any():
                first, own = fitted(wide, teller.pair)
                effort = found.add(np.flatnonzero(ahead), *answers(
                    wide, first, questions.take(np.flatnonzero(ahead)), state=own, effort=effort
                ))  # fmt: skip
        together = np.flatnonzero(~alone & ~ahead)
        if len(together) and effort > 0:
            told = answers(shape, flow, questions.take(together), state=state, effort=effort)
            effort = found.add(together, *told)
        for q in np.flatnonzero(alone).tolist():
            if effort > 0:
                ask = _more if questions.place[q] >= 0 else _lifted
                effort = found.add(np.array([q]), *ask(teller, shape, questions.take(np.array([q])), effort))
    price = _solving(teller)
    open_ = np.flatnonzero(~found.final)
    for q in open_[np.argsort(questions.place[open_] < 0, kind="stable")].tolist():  # places first
        if again <= 0 and effort < price:
            break
        found.add(np.array([q]), _solved(teller, questions.take(np.array([q]))), 0)
        again, effort = again - 1, effort - price
    return found.all()


def _solving(teller: Teller) -> int:
    """What solving again takes."""
    return SOLVE * teller.problem.p * (5 if teller.objective == "balanced" else 1)


class _Gathered:
    """Answers to all questions, put together from answers to some."""

    def __init__(self, size: int) -> None:
        self.final, self.exists = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
        self.parts: list[Moves] = []

    def add(self, at: Ints, answered: Answers, effort: int) -> int:
        """Answers to the questions ``at``; hands back the effort left."""
        self.final[at], self.exists[at] = answered.final, answered.exists
        fresh = answered.moves.of(answered.final)
        self.parts.append(Moves(at[fresh.question], fresh.student, fresh.pair))
        return effort

    def all(self) -> Answers:
        none = np.zeros(0, dtype=np.int64)
        question, student, pair = (
            np.concatenate([none, *(getattr(part, name) for part in self.parts)])
            for name in ("question", "student", "pair")
        )
        order = np.argsort(question, kind="stable")
        return Answers(self.final, self.exists, Moves(question[order], student[order], pair[order]))


def _newly_heavy(problem: Problem, shape: Model, wide: Model | None) -> NDArray[np.bool_]:
    """Openings (m,) whose load binds with one place more, and does not now."""
    result = np.zeros(problem.m, dtype=bool)
    if wide is not None:
        result[list(wide.heavy)] = True
        result[list(shape.heavy)] = False
    return result


def _alone(problem: Problem, questions: Questions) -> NDArray[np.bool_]:
    """Which questions change what the tree takes for fixed, so that each needs one of its own; (Q,).

    One more place may let an opening reach its minimum at last; a lifted pin may leave a group that stood open for it.
    """
    told, places = questions.pin != -1, questions.place >= 0
    result = np.zeros(len(questions), dtype=bool)
    k = questions.pin[told]
    if problem.p:
        held = problem.pinned[np.where(k >= 0, problem.rows[np.maximum(k, 0)], LEAVE - k)]
        result[told] = (held >= 0) & (held != k) & (problem.required[problem.indices[held]] > 1)
    result[places] = problem.closed[questions.place[places]]
    return result


def _more(teller: Teller, before: Model, question: Questions, effort: int) -> tuple[Answers, int]:
    """One more place at an opening whose minimum it changes."""
    j = int(question.place[0])
    flow = fitted(before, teller.pair)[0]
    return _own_tree(teller, with_places(teller.problem, j, 1), before, flow, changed=j, effort=effort)


def _lifted(teller: Teller, before: Model, question: Questions, effort: int) -> tuple[Answers, int]:
    """A student whose pin kept a group open goes elsewhere: from the best plan in which it stays open."""
    problem = teller.problem
    flow = one_answer(before, *fitted(before, teller.pair), question)
    if flow is None:  # only without the group, if at all
        return _open(), effort
    moved = _changed(problem, question)
    return _own_tree(teller, moved, before, flow, changed=-1, effort=effort)


def _own_tree(
    teller: Teller, problem: Problem, before: Model, flow: Flow, *, changed: int, effort: int
) -> tuple[Answers, int]:
    shape = teller.model(problem)
    none = np.full(1, -1, dtype=np.int64)
    if shape is None:
        return _open(), effort
    start = carried(shape, before, flow, changed)
    found, effort = answers(shape, start, Questions(none, none), effort=effort)
    return teller.rebased(found, start.pair), effort


def _open() -> Answers:
    """No answer to a single question."""
    no, none = np.zeros(1, dtype=bool), np.zeros(0, dtype=np.int64)
    return Answers(no, no, Moves(none, none, none))


def _solved(teller: Teller, question: Questions) -> Answers:
    problem = _changed(teller.problem, question)
    yes, none = np.ones(1, dtype=bool), np.zeros(0, dtype=np.int64)
    try:
        solution = search(problem, objective=teller.objective, unplaced_value=teller.unplaced_value)
    except Infeasible:
        return Answers(yes, ~yes, Moves(none, none, none))
    return Answers(yes, yes, teller.apart(problem.pairs_of(solution.assignment)))


def _changed(problem: Problem, question: Questions) -> Problem:
    """The problem as a single question changes it."""
    k = int(question.pin[0])
    if k >= 0:
        return pinned(problem, int(problem.rows[k]), int(problem.indices[k]))
    return without_student(problem, LEAVE - k) if k <= LEAVE else with_places(problem, int(question.place[0]), 1)


__all__ = [
    "Change", "Move", "Sensitivities", "change_of", "choices", "promising", "regret", "sensitivities", "smaller_group",
    "worth",
]  # fmt: skip
