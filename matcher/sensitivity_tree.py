"""Many questions, one tree: what the best plan is when a pair is pinned, or an opening has one more place.

Every node of the branch-and-bound tree is a network problem (`matcher.sensitivity_model`) whose optimal plan is at
hand. Shortest exchanges on it give, for each question at once, a bound on the best plan of that node and a plan that
reaches it. Where that plan holds every limit it is the node's answer to the question; where it breaks one, the node
is split there for the questions that break it. An answer is final when no open node can better it.

The tree ends: a branch only ever narrows slots or decides about a group, and work is counted.
"""
from __future__ import annotations

import heapq
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from matcher.exact import Exact, exact_sum
from matcher.exchange import less
from matcher.network import Flow
from matcher.problem import Ints
from matcher.sensitivity_model import Model, State, root
from matcher.sensitivity_view import FEW, Moves, Questions, View, students_of

EFFORT = 800_000_000
"""Work after which questions stay open, in sums of costs: about a second without compiled code."""
LOOK, ASK, STEP = 300_000, 600, 300_000
"""What looking at a node, asking one question there and one exchange cost besides the sums of costs."""


def look_cost(model: Model, starts: int) -> int:
    """The work of one look from so many nodes: at all pairs, or from each."""
    t, price = model.tree, model.price
    few = FEW * starts < t.nodes
    return starts * search_cost(model) if few else t.nodes**3 * price


def search_cost(model: Model) -> int:
    """The work of one search from a node."""
    return STEP + 40 * len(model.tree.ways.end) * model.price


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The best plans found, as moves from the plan at hand.

    ``final`` and ``exists`` (Q,): whether nothing better is left, and whether there is a plan; ``moves`` of each, by
    question and student, of those who have another pair than in the plan at hand.
    """

    final: NDArray[np.bool_]
    exists: NDArray[np.bool_]
    moves: Moves


@dataclass(order=True, slots=True)
class _Open:
    key: tuple[tuple[int, ...], int]
    flow: Flow = field(compare=False)
    state: State = field(compare=False)
    asked: Ints = field(compare=False)


def answers(
    model: Model, flow: Flow, questions: Questions, *, state: State | None = None, effort: int = EFFORT
) -> tuple[Answers, int]:
    """The answer to each question, and the effort left.

    Parameters
    ----------
    model : Model
        The problem.
    flow : Flow
        A plan that is optimal for its bounds; the root is reached from it. Moves are told from it.
    questions : Questions
        Any number; they share the tree.
    state : State, optional
        The state of ``flow``, if it is one: it is looked at first, so that good answers are there from the start.
    effort : int
        Work to spend; questions open by then have ``final`` False. It is counted, not timed, so the same questions
        are answered everywhere.
    """
    search = _Search(model, questions, effort)
    asked = np.arange(len(questions))
    if state is not None and len(asked):
        hoping = [part for *_, part in search.look(flow, state, asked)]
        if state == model.first:
            asked = np.sort(np.concatenate((*hoping, asked[:0])))
    if len(asked):
        first, searches = root(model, flow)
        search.effort -= searches * search_cost(model)
        search.run(first, asked, model.state_of(flow.pair).opens)
    return search.told(flow.pair), search.effort


def one_answer(model: Model, flow: Flow, state: State, question: Questions) -> Flow | None:
    """The optimal plan for a question under the bounds of ``flow``, itself an optimal plan for them."""
    view = View(model, flow, state, (0,) * len(model.names), question)
    seen = view.seen()
    if not seen.exists[0]:
        return None
    moves = view.moves(seen, np.arange(1))
    pair = flow.pair.copy()
    pair[moves.student] = moves.pair
    return flow.moved(pair)


@dataclass(frozen=True, slots=True, eq=False)
class _Chunk:
    """Answers of one node: its plan, and the moves from it of the questions (by number) it answers."""

    pair: Ints
    moves: Moves


class _Search:
    def __init__(self, model: Model, questions: Questions, effort: int) -> None:
        self.model, self.questions, self.effort = model, questions, effort
        size = len(questions)
        self.exists, self.final = np.zeros(size, dtype=bool), np.ones(size, dtype=bool)
        self.value: list[Exact] = [np.zeros(size, dtype=weight.dtype) for weight in model.tree.weights]
        self.owner = np.full(size, -1, dtype=np.int64)
        self.chunks: list[_Chunk] = []
        self.heap: list[_Open] = []
        self.serial = 0
        place, pin = questions.place >= 0, questions.pin
        pinned = model.problem.pinned
        held = np.full(size, -1, dtype=np.int64)
        told = np.flatnonzero(pin != -1)
        held[told] = pinned[students_of(model.tree, pin[told])]
        lifted = (held >= 0) & (held != pin)
        self.loose = place | lifted  # may do better than a node's own plan
        lows = any(low > 0 for _, low, _ in (*model.limits, *model.crossing)) or not model.tree.may_leave.all()
        self.able = lifted | (place & lows)  # may have a plan where a node has none of its own

    def run(self, flow: Flow | None, asked: Ints, ways: tuple[int, ...]) -> None:
        """Grow the tree from its root until every answer is final or the effort is spent.

        It starts as a fan: one node in which every group stays as ``ways`` has it (what the best plan does), and one
        for each group that goes the other way. Most answers can then be read from the first node, and the value of
        the others alone says that they hold nothing better.
        """
        if flow is None:
            self.final[asked[self.able[asked]]] = False
        else:
            state = self.model.first
            for at, way in enumerate(ways):
                if state.opens[at] == -1:
                    before, behind = state.opens[:at], state.opens[at + 1 :]
                    both = [replace(state, opens=(*before, w, *behind)) for w in (1 - way, way)]
                    self._branch(flow, state, both[0], asked)
                    after = self._applied(flow, state, both[1])
                    assert after is not None  # the best plan is in it
                    flow, state = after, both[1]
            self._push(flow, state, asked)
        while self.heap and self.effort > 0:
            node = heapq.heappop(self.heap)
            asked = self._hoping(node)
            if len(asked):
                self._split(node.flow, node.state, asked)
        for node in self.heap:
            self.final[self._hoping(node)] = False

    def _applied(self, flow: Flow, before: State, after: State) -> Flow | None:
        self.effort -= search_cost(self.model)
        return self.model.apply(flow, before, after)

    def _branch(self, flow: Flow, before: State, after: State, asked: Ints) -> None:
        """Add a node for these questions, or say which of them may have a plan where it has none."""
        child = self._applied(flow, before, after)
        if child is not None:
            self._push(child, after, asked)
        else:
            self.final[asked[self.able[asked]]] = False

    def _push(self, flow: Flow, state: State, asked: Ints) -> None:
        self.serial += 1
        key = tuple(-part for part in self._value(flow.pair))
        heapq.heappush(self.heap, _Open((key, self.serial), flow, state, asked))

    def _value(self, pair: Ints) -> tuple[int, ...]:
        taken = pair[pair >= 0]
        return tuple(exact_sum(weight[taken]) for weight in self.model.tree.weights)

    def _hoping(self, node: _Open) -> Ints:
        """Pins that the node's own value could still better; a place more or a lifted pin may do better than it."""
        asked = node.asked
        value = [np.array([-part], dtype=kept.dtype) for part, kept in zip(node.key[0], self.value, strict=True)]
        better = less([kept[asked] for kept in self.value], value) | ~self.exists[asked]
        hoping: Ints = asked[better | self.loose[asked]]
        return hoping

    def _split(self, flow: Flow, state: State, asked: Ints) -> None:
        for kind, at, plan, hoping in self.look(flow, state, asked):
            if kind == "crossing" and self.model.crossing[at][1] > 0:
                # With a place more an opening could reach what no branch lets it.
                self.final[hoping[self.questions.place[hoping] >= 0]] = False
            for child in self.model.branches(state, kind, at, plan):
                self._branch(flow, state, child, hoping)

    def look(self, flow: Flow, state: State, asked: Ints) -> list[tuple[str, int, Ints, Ints]]:
        """Better the answers from one node; the limits that break the hopes for more of it.

        Each with the kind and position of the limit, a plan that breaks it, and the questions whose plans do.
        """
        view = View(self.model, flow, state, self._value(flow.pair), self.questions.take(asked))
        self._charge(view, len(asked))
        seen = view.seen()
        better = less([kept[asked] for kept in self.value], seen.value) | ~self.exists[asked]
        at = np.flatnonzero(seen.exists & better)
        if not len(at):
            return []
        moves = view.moves(seen, at)
        broken = view.broken(moves, len(at))
        fine = np.asarray(~broken.any(axis=1), dtype=bool)
        self._record(flow.pair, asked[at], fine, moves, [value[at] for value in seen.value])
        left = np.asarray(~fine, dtype=bool)
        result = []
        while left.any():  # each turn takes at least one question
            limit = int(np.argmax((broken & left[:, None]).sum(axis=0)))
            mine = left & broken[:, limit]
            left &= ~mine
            example = moves.of(np.arange(len(at)) == int(np.argmax(mine)))
            plan = flow.pair.copy()
            plan[example.student] = example.pair
            result.append((*self._limit(limit), plan, asked[at[mine]]))
        return result

    def _limit(self, column: int) -> tuple[str, int]:
        """The kind and position of a limit among those no tree holds."""
        heavy, grouped = len(self.model.heavy), len(self.model.grouped)
        if column < heavy:
            return "load", column
        return ("group", column - heavy) if column < heavy + grouped else ("crossing", column - heavy - grouped)

    def _charge(self, view: View, asked: int) -> None:
        searches, nodes = len(view.before), self.model.tree.nodes
        work = nodes**3 * self.model.price if searches == nodes else searches * search_cost(self.model)
        self.effort -= LOOK + ASK * asked * self.model.price + work

    def _record(
        self, pair: Ints, asked: Ints, fine: NDArray[np.bool_], moves: Moves, value: list[Exact]
    ) -> None:
        answered = asked[fine]
        if not len(answered):
            return
        own = moves.of(fine)
        self.chunks.append(_Chunk(pair, Moves(asked[own.question], own.student, own.pair)))
        self.owner[answered] = len(self.chunks) - 1
        self.exists[answered] = True
        for kept, new in zip(self.value, value, strict=True):
            kept[answered] = new[fine]

    def told(self, origin: Ints) -> Answers:
        """The answers as moves from the plan ``origin`` (n,)."""
        parts = []
        for number in np.unique(self.owner[self.owner >= 0]).tolist():
            chunk = self.chunks[number]
            mine = np.flatnonzero(self.owner == number)
            apart = np.flatnonzero(chunk.pair != origin)
            own = chunk.moves.of(self.owner == number)
            question = np.concatenate((np.repeat(mine, len(apart)), own.question))
            student = np.concatenate((np.tile(apart, len(mine)), own.student))
            pair = np.concatenate((np.tile(chunk.pair[apart], len(mine)), own.pair))
            parts.append(Moves(question, student, pair))
        none = np.zeros(0, dtype=np.int64)
        question, student, pair = (
            np.concatenate([none, *(getattr(part, name) for part in parts)]) for name in ("question", "student", "pair")
        )
        order = np.lexsort((student, question))  # stable: a question's own moves stand behind those of its plan
        question, student, pair = question[order], student[order], pair[order]
        last = np.ones(len(order), dtype=bool)
        last[:-1] = (question[1:] != question[:-1]) | (student[1:] != student[:-1])
        last &= pair != origin[student]
        return Answers(self.final, self.exists, Moves(question[last], student[last], pair[last]))


__all__ = ["Answers", "answers", "look_cost", "one_answer"]
