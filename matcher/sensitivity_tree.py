"""Many questions, one tree: what the best plan is when a pair is pinned, or an opening has one more place.

Every node of the branch-and-bound tree is a network problem (`matcher.sensitivity_model`) whose optimal plan is at
hand. Shortest exchanges on it give, for each question at once, a bound on the best plan of that node and a plan that
reaches it. Where that plan holds every limit it is the node's answer to the question; where it breaks one, the node
is split for the questions that still hope. An answer is final when no open node can better it.
"""
from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from matcher.exact import Exact, exact_sum
from matcher.exchange import Matrix
from matcher.network import LEAVE, NOBODY, Flow
from matcher.problem import Ints
from matcher.sensitivity_model import Model, State, root

EFFORT = 100_000_000
"""Work after which questions stay open: one unit is one sum of costs."""

Moved = dict[int, int]
"""The new pair (-1: none) of each student who moves."""


@dataclass(frozen=True, slots=True)
class Question:
    """``kind`` is pin (``index`` a pair), place (``index`` an opening that gets one place more), or plan (nothing)."""

    kind: str
    index: int = -1


@dataclass(slots=True, eq=False)
class Answer:
    """The best plan found, as another plan (pairs (n,), None: no plan) and who moves in it; its value per stage.

    ``final`` says that nothing better is left.
    """

    base: Ints | None = None
    moved: Moved = field(default_factory=dict)
    value: tuple[int, ...] = ()
    final: bool = True

    @property
    def pair(self) -> Ints | None:
        """The plan as pairs (n,), or None."""
        if self.base is None:
            return None
        pair = self.base.copy()
        for i, new in self.moved.items():
            pair[i] = new
        return pair


@dataclass(order=True, slots=True)
class _Open:
    key: tuple[tuple[int, ...], int]
    flow: Flow = field(compare=False)
    state: State = field(compare=False)
    asked: list[int] = field(compare=False)


def answers(
    model: Model, flow: Flow, questions: Sequence[Question], *, state: State | None = None, effort: int = EFFORT
) -> tuple[list[Answer], int]:
    """The answer to each question, and the effort left.

    Parameters
    ----------
    model : Model
        The problem.
    flow : Flow
        A plan that is optimal for its bounds; the root is reached from it.
    questions : sequence of Question
        Any number; they share the tree.
    state : State, optional
        The state of ``flow``, if it is one: it is looked at first, so that good answers are there from the start.
    effort : int
        Work to spend; questions open by then have ``final`` False. It is counted, not timed, so the same questions
        are answered everywhere.
    """
    search = _Search(model, questions, effort)
    asked = list(range(len(questions)))
    if state is not None and asked:
        hoping, _ = search.look(flow, asked)
        if state == model.first:
            asked = hoping
    if asked:
        search.run(root(model, flow), asked)
    return search.answers, search.effort


def one_answer(model: Model, flow: Flow, question: Question) -> Flow | None:
    """The optimal plan for a question under the bounds of ``flow``, itself an optimal plan for them."""
    view = _View(model, flow, (0,) * len(model.names))
    found = view.ask(question)
    return None if found is None else flow.moved(view.pair_after(found[1]))


class _Search:
    def __init__(self, model: Model, questions: Sequence[Question], effort: int) -> None:
        self.model, self.questions, self.effort = model, questions, effort
        self.answers = [Answer() for _ in questions]
        self.heap: list[_Open] = []
        self.serial = 0

    def run(self, flow: Flow | None, asked: list[int]) -> None:
        """Grow the tree from its root until every answer is final or the effort is spent."""
        if flow is not None:
            self._push(flow, self.model.first, asked)
        while self.heap and self.effort > 0:
            node = heapq.heappop(self.heap)
            asked = self._hoping(node.flow, node.asked)
            if asked:
                self._split(node.flow, node.state, asked)
        for node in self.heap:
            for q in self._hoping(node.flow, node.asked):
                self.answers[q].final = False

    def _push(self, flow: Flow, state: State, asked: list[int]) -> None:
        self.serial += 1
        value = self._value(flow.pair)
        heapq.heappush(self.heap, _Open((tuple(-part for part in value), self.serial), flow, state, asked))

    def _value(self, pair: Ints) -> tuple[int, ...]:
        taken = pair[pair >= 0]
        return tuple(exact_sum(weight[taken]) for weight in self.model.tree.weights)

    def _hoping(self, flow: Flow, asked: list[int]) -> list[int]:
        """Pins that the node's own value could still better; the others are looked at closely."""
        value = self._value(flow.pair)
        return [q for q in asked if self.questions[q].kind == "place" or value > self.answers[q].value]

    def _split(self, flow: Flow, state: State, asked: list[int]) -> None:
        hoping, broken = self.look(flow, asked)
        if not hoping:
            return
        (kind, at), plan = broken
        for child in self.model.branches(state, kind, at, plan):
            after = self.model.apply(flow, state, child)
            self.effort -= 50 * self.model.tree.nodes ** 2
            if after is not None:
                self._push(after, child, hoping)

    def look(self, flow: Flow, asked: list[int]) -> tuple[list[int], tuple[tuple[str, int], Ints]]:
        """Better the answers from one node; the questions that hope for more of it, and the limit most of them break.

        With it comes a plan that breaks it.
        """
        view = _View(self.model, flow, self._value(flow.pair))
        few = 8 * len({view.start(self.questions[q]) for q in asked}) < self.model.tree.nodes
        if not few:
            view.solve_all()
        nodes = self.model.tree.nodes
        self.effort -= 2_000 * len(asked) + (10 * nodes**2 * len(asked) if few else nodes**3)
        hoping: list[int] = []
        counts: dict[int, int] = {}
        examples: dict[int, int] = {}
        for q in asked:
            found = view.ask(self.questions[q])
            if found is None or found[0] <= self.answers[q].value:
                continue
            value, moved = found
            broken = view.broken(moved)
            if not broken:
                self.answers[q] = Answer(flow.pair, moved, value)
                continue
            hoping.append(q)
            for j in broken:
                counts[j] = counts.get(j, 0) + 1
                examples.setdefault(j, q)
        if not hoping:
            return [], (("", -1), flow.pair)
        most = max(counts, key=lambda j: (counts[j], -j))
        found = view.ask(self.questions[examples[most]])
        assert found is not None
        plan = view.pair_after(found[1])
        return hoping, (self.model.limit_at(most, plan), plan)


class _View:
    """Shortest exchanges on one plan."""

    def __init__(self, model: Model, flow: Flow, value: tuple[int, ...]) -> None:
        self.model, self.flow, self.value = model, flow, value
        self.matrix: Matrix = flow.matrix()
        self.pair: list[int] = flow.pair.tolist()
        self.rows: list[int] = model.tree.row.tolist()
        self.usable: list[bool] = model.tree.usable.tolist()
        self.filled = model.filled(flow.pair)
        self.broken_before = model.breaks(self.filled)
        self.every: tuple[list[Exact], Ints] | None = None
        self.single: dict[int, tuple[list[Exact], Ints]] = {}

    def solve_all(self) -> None:
        """Distances between all nodes at once."""
        self.every = self.matrix.all_pairs()

    def start(self, question: Question) -> int:
        """The node at which there is one too many."""
        if question.kind == "pin":
            return int(self.model.tree.entry[question.index])
        if question.kind == "plan":
            return self.model.tree.outside
        return int(self.model.tree.parent[self.model.total[question.index]])

    def ask(self, question: Question) -> tuple[tuple[int, ...], Moved] | None:
        """Value per stage of the node's best plan for a question, and who moves; None when there is none."""
        t = self.model.tree
        if question.kind == "plan":
            return self.value, {}
        if question.kind == "pin":
            k = question.index
            i = self.rows[k]
            now = self.pair[i]
            if not self.usable[k]:
                return None
            if now == k:
                return self.value, {}
            end = int(t.entry[now]) if now >= 0 else t.outside
            return self._found(int(t.entry[k]), end, {i: k})
        end = int(self.model.total[question.index])
        if self.flow.high[end] == 0 and self.model.places[question.index] > 0:
            return self.value, {}  # closed by a branch: one more place changes nothing
        better = self._found(int(t.parent[end]), end, {})
        return better if better is not None and better[0] > self.value else (self.value, {})

    def broken(self, moved: Moved) -> list[int]:
        """The openings whose load or minimum the plan breaks after these moves."""
        if not self.filled:
            return []
        lists, at = self.model.lists, self.filled
        touched: dict[int, list[int]] = {}
        for i, new in moved.items():
            for pair, sign in ((self.pair[i], -1), (new, 1)):
                j = lists.opening[pair] if pair >= 0 else -1
                if j in at:
                    here = touched.setdefault(j, list(at[j]))
                    here[0] += sign
                    here[1] += sign * lists.load[pair]
        return [*(j for j in self.broken_before if j not in touched), *self.model.breaks(touched)]

    def pair_after(self, moved: Moved) -> Ints:
        """The pairs (n,) after these moves."""
        pair = self.flow.pair.copy()
        for i, new in moved.items():
            pair[i] = new
        return pair

    def _found(self, begin: int, end: int, moved: Moved) -> tuple[tuple[int, ...], Moved] | None:
        path = self._path(begin, end)
        if path is None:
            return None
        for a, b in pairwise(path):
            via = int(self.matrix.via[a, b])
            if via >= 0:
                moved[self.rows[via]] = via
            elif via != NOBODY:
                moved[LEAVE - via] = -1
        value = list(self.value)
        for s, weight in enumerate(self.model.lists.weights):
            for i, new in moved.items():
                now = self.pair[i]
                value[s] += (weight[new] if new >= 0 else 0) - (weight[now] if now >= 0 else 0)
        return tuple(value), moved

    def _path(self, begin: int, end: int) -> list[int] | None:
        if begin == end:
            return [begin]
        if self.every is not None:
            dist, after = self.every
            if not dist[0][begin, end] < self.matrix.far // 2:
                return None
            path = [begin]
            while path[-1] != end:
                path.append(int(after[path[-1], end]))
            return path
        if begin not in self.single:
            self.single[begin] = self.matrix.from_one(begin)
        dist, before = self.single[begin]
        if not dist[0][end] < self.matrix.far // 2:
            return None
        path = [end]
        while path[-1] != begin:
            path.append(int(before[path[-1]]))
        return path[::-1]


__all__ = ["Answer", "Question", "answers", "one_answer"]
