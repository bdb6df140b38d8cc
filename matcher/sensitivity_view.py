"""One plan, many questions: shortest exchanges give, for all questions at once, the best plan and who moves."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.exact import Exact
from matcher.exchange import less
from matcher.network import LEAVE, NOBODY, Flow, Tree, nodes_of
from matcher.problem import Ints
from matcher.sensitivity_model import Model, State

FEW = 8
"""With so many times fewer starts than nodes, one search per start is faster than all pairs."""


@dataclass(frozen=True, slots=True, eq=False)
class Questions:
    """``pin`` (Q,) a pair to be taken, or ``LEAVE`` less a student who is to be nowhere, or -1.

    ``place`` (Q,) an opening that gets one place more, or -1. Where both are -1 the best plan itself is asked for.
    """

    pin: Ints
    place: Ints

    @classmethod
    def pins(cls, pairs: Ints) -> Questions:
        """One per pair."""
        return cls(np.asarray(pairs, dtype=np.int64), np.full(len(pairs), -1, dtype=np.int64))

    @classmethod
    def away(cls, students: Ints) -> Questions:
        """One per student: nowhere."""
        return cls.pins(LEAVE - students)

    @classmethod
    def places(cls, openings: Ints) -> Questions:
        """One per opening."""
        return cls(np.full(len(openings), -1, dtype=np.int64), np.asarray(openings, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.pin)

    def take(self, at: Ints) -> Questions:
        """Some of them."""
        return Questions(self.pin[at], self.place[at])

    def and_then(self, more: Questions) -> Questions:
        """These, and more."""
        return Questions(np.concatenate((self.pin, more.pin)), np.concatenate((self.place, more.place)))


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The node's best plan for each question: whether there is one, its value per stage (Q,), and the path to it.

    ``begin`` and ``end`` are nodes; they are equal where nobody but the pinned student moves.
    """

    exists: NDArray[np.bool_]
    value: list[Exact]
    begin: Ints
    end: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Who moves where: ``question`` (position among those asked about), ``student``, ``pair`` gone to (-1: none)."""

    question: Ints
    student: Ints
    pair: Ints

    def of(self, chosen: NDArray[np.bool_]) -> Moves:
        """Those of some questions, (Q,) of which are chosen."""
        keep = chosen[self.question]
        return Moves(self.question[keep], self.student[keep], self.pair[keep])


def students_of(t: Tree, pins: Ints) -> Ints:
    """Whom each pin, as in `Questions`, is about."""
    who = LEAVE - pins
    who[pins >= 0] = t.row[pins[pins >= 0]]
    return who


class View:
    """Shortest exchanges on an optimal plan."""

    def __init__(self, model: Model, flow: Flow, state: State, value: tuple[int, ...], asked: Questions) -> None:
        self.model, self.flow, self.state, self.value, self.asked = model, flow, state, value, asked
        self.arcs = flow.arcs()
        t = model.tree
        places = np.flatnonzero(asked.place >= 0)
        told = np.flatnonzero((asked.pin >= 0) | (asked.pin <= LEAVE))
        to = asked.pin[told]
        pinned, who = to >= 0, students_of(t, to)
        self.begin = np.full(len(asked), t.outside, dtype=np.int64)
        self.end = self.begin.copy()
        self.now, self.goal, self.who = (np.full(len(asked), -1, dtype=np.int64) for _ in range(3))
        self.now[told], self.goal[told], self.who[told] = flow.pair[who], np.maximum(to, -1), who
        self.begin[told], self.end[told] = nodes_of(t, self.goal[told]), nodes_of(t, self.now[told])
        self.usable = np.ones(len(asked), dtype=bool)
        self.usable[told[pinned]] = t.usable[to[pinned]]
        self.usable[told[~pinned]] = t.may_leave[who[~pinned]]
        nodes = model.total[asked.place[places]]
        grows = model.grows(state)[asked.place[places]]
        self.begin[places] = np.where(grows, t.parent[nodes], nodes)
        self.end[places] = nodes
        starts = np.unique(self.begin[self.begin != self.end])
        if FEW * len(starts) < t.nodes:
            self.row = np.searchsorted(starts, self.begin)
            found = [self.arcs.from_one(int(start)) for start in starts]
            self.before = np.array([before for _, before in found], dtype=np.int64).reshape(len(found), t.nodes)
            planes = range(len(self.arcs.cost))
            self.dist = [np.array([dist[k] for dist, _ in found]).reshape(len(found), t.nodes) for k in planes]
        else:
            self.row = self.begin
            self.dist, self.before = self.arcs.all_pairs()

    def seen(self) -> Seen:
        """Values and paths; a place more that brings nothing is left empty."""
        t, asked = self.model.tree, self.asked
        path = np.flatnonzero(self.begin != self.end)
        loss = [np.zeros(len(asked), dtype=plane.dtype) for plane in self.arcs.cost]
        far = np.zeros(len(asked), dtype=bool)
        for plane, dist in zip(loss, self.dist, strict=True):
            plane[path] = dist[self.row[path], self.end[path]]
        far[path] = np.asarray(loss[0][path] >= self.arcs.far // 2, dtype=bool)
        changed = np.flatnonzero(self.now != self.goal)
        had, gets = self.now[changed], self.goal[changed]
        for plane, weight in zip(loss, t.planes.weights, strict=True):
            if len(changed):
                plane[changed] += np.where(had >= 0, weight[had], 0) - np.where(gets >= 0, weight[gets], 0)
            plane[far] = 0
        none = [np.zeros(1, dtype=plane.dtype) for plane in loss]
        idle = (asked.place >= 0) & (far | ~less(loss, none))
        for plane in loss:
            plane[idle] = 0
        value = [now - part for now, part in zip(self.value, t.planes.unpack(loss), strict=True)]
        exists = self.usable & ~(far & ~idle)
        return Seen(exists, value, np.where(idle, self.end, self.begin), self.end)

    def moves(self, seen: Seen, at: Ints) -> Moves:
        """Who moves in the plans of some questions; positions are those in ``at``."""
        t = self.model.tree
        pins = np.flatnonzero(self.now[at] != self.goal[at])
        who, students, pairs = [pins], [self.who[at[pins]]], [self.goal[at[pins]]]
        open_ = np.flatnonzero(seen.begin[at] != seen.end[at])
        row, node, goal = self.row[at[open_]], seen.end[at[open_]], seen.begin[at[open_]]
        for _ in range(t.nodes):
            if not len(open_):
                break
            arc = self.before[row, node]
            via, node = self.arcs.via[arc], self.arcs.begin[arc]
            moving = via != NOBODY
            goes, leaves = moving & (via >= 0), moving & (via < 0)
            who += [open_[goes], open_[leaves]]
            students += [t.row[via[goes]], LEAVE - via[leaves]]
            pairs += [via[goes], np.full(int(leaves.sum()), -1, dtype=np.int64)]
            on = node != goal
            open_, row, node, goal = open_[on], row[on], node[on], goal[on]
        if len(open_):
            raise ArithmeticError("exchanges that cost nothing run in a circle")
        return Moves(np.concatenate(who), np.concatenate(students), np.concatenate(pairs))

    def broken(self, moves: Moves, size: int) -> NDArray[np.bool_]:
        """Which limits that no tree holds each of ``size`` plans breaks: (size, heavy + grouped + crossing)."""
        model, problem = self.model, self.model.problem
        held = np.array([*model.heavy, *model.grouped], dtype=np.int64)
        if not len(held) + len(model.crossing):
            return np.zeros((size, 0), dtype=bool)
        inside = self.flow.pair[self.flow.pair >= 0]
        counts = np.bincount(problem.indices[inside], minlength=problem.m)
        loads = np.zeros(problem.m, dtype=np.int64)
        np.add.at(loads, problem.indices[inside], problem.load[inside])
        count = np.tile(counts[held], (size, 1))
        load = np.tile(loads[held], (size, 1))
        among = np.tile(counts @ model.member, (size, 1))
        for pair, sign in ((self.flow.pair[moves.student], -1), (moves.pair, 1)):
            real = np.flatnonzero(pair >= 0)
            opening, question = problem.indices[pair[real]], moves.question[real]
            np.add.at(among, question, sign * model.member[opening].astype(np.int64))
            for position in model.positions:
                here = np.flatnonzero(position[opening] >= 0)
                cell = (question[here], position[opening[here]])
                np.add.at(count, cell, sign)
                np.add.at(load, cell, sign * problem.load[pair[real[here]]])
        heavy = np.arange(len(held)) < len(model.heavy)
        over = heavy & (load > problem.load_capacity[held])
        short = ~heavy & (count > 0) & (count < problem.required[held])
        low, high = (np.array([part[k] for part in model.crossing], dtype=np.int64) for k in (1, 2))
        return np.concatenate((over | short, (among < low) | (among > high)), axis=1)


__all__ = ["FEW", "Moves", "Questions", "Seen", "View", "students_of"]
