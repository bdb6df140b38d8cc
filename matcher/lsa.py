"""One component by SciPy's `linear_sum_assignment`.

One column per place (no more per opening than students who could take it); a cell without a pair is worth 0,
which stands for the private "unplaced" column of its student and saves n columns: a student assigned to such a
cell is unplaced. A pair worth less than staying unplaced is therefore left out.
"""
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matcher.components import Component
from matcher.problem import Ints
from matcher.reduction import Graph

EXACT = 2**53
"""Doubles hold every whole number up to here; all of the algorithm's sums stay below four times the largest weight."""


def cells(graph: Graph, part: Component) -> int:
    """Size of the dense matrix of a component."""
    return len(part.students) * int(_columns(graph, part).sum())


def assign_component(graph: Graph, part: Component, weight: NDArray[np.float64]) -> Ints:
    """The pairs of an assignment of the greatest total weight, ascending.

    Parameters
    ----------
    graph : Graph
        The whole problem.
    part : Component
        The component to solve.
    weight : float64 array, shape (len(part.pairs),)
        Worth of each pair above staying unplaced. Whole numbers below ``EXACT / 4`` give an exact optimum.

    References
    ----------
    .. [1] D. F. Crouse, "On implementing 2D rectangular assignment algorithms",
       IEEE Trans. Aerosp. Electron. Syst. 52(4), 2016. doi:10.1109/TAES.2016.140952
    """
    copies = _columns(graph, part)
    first = np.concatenate(([0], np.cumsum(copies)))
    row = np.searchsorted(part.students, graph.rows[part.pairs])
    column = np.searchsorted(part.openings, graph.indices[part.pairs])
    worth = np.flatnonzero(weight > 0)
    each = copies[column[worth]]
    pair = np.repeat(worth, each)
    seat = np.arange(len(pair)) - np.repeat(np.cumsum(each) - each, each) + first[column[pair]]
    matrix = np.zeros((len(part.students), int(first[-1])))
    matrix[row[pair], seat] = weight[pair]
    chosen_row, chosen_seat = linear_sum_assignment(matrix, maximize=True)
    opening = np.searchsorted(first, chosen_seat, side="right") - 1
    key = row * len(part.openings) + column  # ascending: pairs lie row by row, columns ascending
    wanted = chosen_row * len(part.openings) + opening
    at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    pairs: Ints = part.pairs[at[(key[at] == wanted) & (weight[at] > 0)]]
    return pairs


def _columns(graph: Graph, part: Component) -> Ints:
    column = np.searchsorted(part.openings, graph.indices[part.pairs])
    wanted = np.bincount(column, minlength=len(part.openings))
    copies: Ints = np.minimum(graph.places[part.openings], wanted)
    return copies
