"""The solution: who goes where, with the value and the bound of every stage."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import overload

import numpy as np
from numpy.typing import NDArray

from matcher.exact import Exact, whole_numbers

UNPLACED = -1


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the lexicographic objective.

    ``value`` and ``bound`` are integers (millionths for fit; priorities as they are; tie numbers), or for
    leximin the ascending lists of every student's ratio as exact (numerator, denominator) pairs.
    """

    name: str  # priority | fit | leximin | tie
    value: int | tuple[tuple[int, int], ...]
    bound: int | tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Price:
    """One dual price. ``kind``: student | opening | limit | load | open; integers in millionths of the stage's unit."""

    kind: str
    index: int
    stage: str
    price: int


@dataclass(frozen=True, slots=True, eq=False)
class PriceBlock:
    """The prices of one kind in one stage: ``price`` (k,) of those whose ``index`` (k,) stands beside it."""

    kind: str
    stage: str
    index: NDArray[np.int64]
    price: Exact


class PriceTable(Sequence[Price]):
    """Prices as arrays, block by block, because there are tens of thousands; reads as a sequence of `Price`.

    >>> table = PriceTable([PriceBlock("opening", "fit", np.array([0, 2]), np.array([5, 7]))])
    >>> len(table), table[1].price
    (2, 7)
    """

    __slots__ = ("blocks",)

    def __init__(self, blocks: Iterable[PriceBlock] = ()) -> None:
        self.blocks = tuple(block for block in blocks if len(block.index))

    @classmethod
    def of(cls, prices: Iterable[Price]) -> PriceTable:
        """The same prices as arrays; a table is given back as it is."""
        if isinstance(prices, PriceTable):
            return prices
        sorts: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
        for price in prices:
            index, amount = sorts.setdefault((price.kind, price.stage), ([], []))
            index.append(price.index)
            amount.append(price.price)
        return cls(
            PriceBlock(kind, stage, whole_numbers(index), whole_numbers(amount))
            for (kind, stage), (index, amount) in sorts.items()
        )

    def __len__(self) -> int:
        return sum(len(block.index) for block in self.blocks)

    def __iter__(self) -> Iterator[Price]:
        for block in self.blocks:
            for index, price in zip(block.index.tolist(), block.price.tolist(), strict=True):
                yield Price(block.kind, index, block.stage, price)

    @overload
    def __getitem__(self, at: int) -> Price: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Price, ...]: ...
    def __getitem__(self, at: int | slice) -> Price | tuple[Price, ...]:
        if isinstance(at, slice):
            return tuple(self)[at]
        return next(islice(self, range(len(self))[at], None))


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """An assignment that holds every limit.

    ``assignment`` has shape (n,): each student's opening, or UNPLACED. ``status`` is optimal (the value of every
    stage of the objective equals its bound) or feasible (a time limit struck; the last stage shows the gap). The stage
    ``tie`` only chooses among optima: with loads its bound may stay above its value, and says so. ``prices`` of the
    solver are a `PriceTable`; any sequence will do.
    """

    assignment: NDArray[np.int64]
    status: str
    objective: str
    stages: tuple[Stage, ...]
    prices: Sequence[Price] = field(default=())
