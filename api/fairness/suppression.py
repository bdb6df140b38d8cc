"""Which cells of tables stay hidden: the small ones, and enough others that nobody can work them out.

Whoever knows the totals knows, per table, one sum of all its cells; whoever knows to which type a school belongs knows
that its schools add up to it. A hidden cell is exposed when these sums, with the shown cells taken off, leave it
only one value: when its own unit vector is a combination of their rows. Then the smallest shown cell of a sum that it
stands in is hidden too, until nothing is exposed.
"""
from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

import numpy as np

SMALL = 5
"""A cell of fewer people is not shown."""
_TRIED = 20  # shown cells, smallest first, of which one that helps is looked for
Key = TypeVar("Key", bound=Hashable)
Relation = Mapping[Key, int]
"""Cells with the factor with which they add up to something that everybody may know."""


def hidden_cells(
    sizes: Mapping[Key, int], relations: Sequence[Relation[Key]], *, also: frozenset[Key] = frozenset()
) -> frozenset[Key]:
    """Return the cells to hide.

    Parameters
    ----------
    sizes : mapping from cell to people in it
        Nobody at all is no secret: cells of 0 are shown and never hidden for others.
    relations : sequence of mappings from cell to factor
        Each a sum of cells that somebody may know from elsewhere.
    also : set of cells
        Hidden for another reason; they hide nothing themselves but need not be shown.

    Examples
    --------
    >>> sorted(hidden_cells({"a": 3, "b": 9, "c": 20}, [{"a": 1, "b": 1, "c": 1}]))
    ['a', 'b']
    """
    order = {cell: place for place, cell in enumerate(sorted(sizes, key=lambda cell: (sizes[cell], str(cell))))}
    small = [cell for cell in order if 0 < sizes[cell] < SMALL]
    hidden = set(small) | {cell for cell in also if sizes.get(cell, 0)}
    known = [{cell: factor for cell, factor in row.items() if sizes.get(cell, 0)} for row in relations]
    while True:
        touched = _touched(sizes, small, hidden, known)
        shown = {cell for row in touched for cell in row} - hidden
        if not shown:
            return frozenset(hidden)
        candidates = sorted(shown, key=order.__getitem__)[:_TRIED]
        helping = (c for c in candidates if len(_touched(sizes, small, hidden | {c}, known)) < len(touched))
        hidden.add(next(helping, candidates[0]))


def _touched(
    sizes: Mapping[Key, int], small: Sequence[Key], hidden: set[Key], known: Sequence[Relation[Key]]
) -> list[Relation[Key]]:
    """The sums that give a small cell away, or of which so few people are hidden that each cell must be small."""
    loose = exposed(small, hidden, known)
    return [row for row in known if loose & set(row) or _is_thin(sizes, row, hidden)]


def _is_thin(sizes: Mapping[Key, int], row: Relation[Key], hidden: set[Key]) -> bool:
    """Whether a sum of cells alone (no differences) has a hidden part of fewer than `SMALL` people."""
    people = sum(sizes[cell] for cell in row if cell in hidden)
    return 0 < people < SMALL and all(factor > 0 for factor in row.values())


def exposed(small: Sequence[Key], hidden: set[Key], relations: Sequence[Relation[Key]]) -> set[Key]:
    """Return the small cells that follow from the sums and the cells that are shown."""
    place = {cell: k for k, cell in enumerate(sorted(hidden, key=str))}
    rows = [row for row in relations if any(cell in place for cell in row)]
    if not small or not rows:
        return set()
    matrix = np.zeros((len(rows), len(place)))
    for k, row in enumerate(rows):
        for cell, factor in row.items():
            if cell in place:
                matrix[k, place[cell]] = factor
    _, scale, space = np.linalg.svd(matrix, full_matrices=False)
    space = space[scale > 1e-9 * max(matrix.shape) * scale[0]]
    inside = (space**2).sum(axis=0)  # length of each unit vector's part in the row space; 1 when it lies in it
    return {cell for cell in small if inside[place[cell]] > 1 - 1e-9}
