"""Drawn problems that fall apart: blocks that share nothing, shuffled into one another, some held by one limit."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matcher.problem import GroupLimit, Ints, Problem, build_problem
from tests.matcher.drawn_limited import draw


def beside(blocks: Sequence[Problem], seed: int, held: Sequence[int] = ()) -> Problem:
    """The blocks as one problem, students and openings in a drawn order; ``held`` blocks share a limit that can bind.

    Ids are new, so the ties of a block are other ones than when it stands alone.
    """
    rng = np.random.default_rng(seed)
    n, m = sum(block.n for block in blocks), sum(block.m for block in blocks)
    who, where = rng.permutation(n), rng.permutation(m)
    rows, columns, limits, shared = [], [], [], []
    i = j = 0
    for b, block in enumerate(blocks):
        mine, ours = who[i : i + block.n], where[j : j + block.m]
        rows.append(mine[block.rows])
        columns.append(ours[block.indices])
        limits += [_renamed(limit, mine, ours, b) for limit in block.limits]
        if b in held:
            shared.append(mine)
        i, j = i + block.n, j + block.m
    if shared:
        together = np.sort(np.concatenate(shared))
        limits.append(GroupLimit("shared", together, None, None, max(len(together) // 3, 1)))

    def spread(name: str, over: Ints) -> Ints:
        values = np.concatenate([getattr(block, name) for block in blocks])
        out = np.empty(len(values), dtype=np.int64)
        out[over] = values
        return out

    def along(name: str) -> Ints:
        return np.concatenate([getattr(block, name) for block in blocks])

    return build_problem(
        np.concatenate(rows), np.concatenate(columns), along("values"), spread("places", where), n=n,
        priority=spread("priority", who), min_to_open=spread("min_to_open", where), present=spread("present", where),
        load_capacity=spread("load_capacity", where), load=along("load"), locks=along("locks"), limits=limits,
    )  # fmt: skip


def _renamed(limit: GroupLimit, who: Ints, where: Ints, b: int) -> GroupLimit:
    students = np.sort(who if limit.students is None else who[limit.students])
    openings = np.sort(where if limit.openings is None else where[limit.openings])
    return GroupLimit(f"{limit.name} {b}", students, openings, limit.at_least, limit.at_most)


def several(seed: int) -> Problem:
    """A few blocks of every kind, one student alone among them."""
    kinds = ("plain", "load", "group", "caps", "sets", "any", "together")
    rng = np.random.default_rng([seed, 7])
    blocks = [draw(100 * seed + b, kind=kinds[int(rng.integers(len(kinds)))]) for b in range(int(rng.integers(2, 6)))]
    alone = build_problem([], [], [], places=[2], n=1)
    held = tuple(range(2)) if rng.random() < 0.3 else ()
    return beside([*blocks, alone], seed, held)


def loaded(seed: int) -> Problem:
    """A part that takes some tenths of a second: loads that nearly all bind."""
    rng = np.random.default_rng(seed)
    n, m = 24, 6
    rows, columns = np.divmod(np.arange(n * m), m)
    return build_problem(
        rows, columns, rng.integers(300_000, 1_000_000, n * m), places=[4] * m, n=n,
        load_capacity=[9_000_000] * m, load=rng.integers(10, 41, n * m) * 100_000,
    )  # fmt: skip
