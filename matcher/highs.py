"""Linear and mixed-integer programmes by HiGHS [1]_: "least cost, rows @ z <= upper, 0 <= z <= 1".

Through highspy rather than SciPy: there a linear programme can begin at the basis of one that had most of its
columns and rows, and an infeasible one tells by a ray why. Columns and rows are known by names, whole numbers that
stay theirs from programme to programme.

References
----------
.. [1] Q. Huangfu, J. A. J. Hall, "Parallelizing the dual revised simplex method", Mathematical Programming
   Computation 10, 2018. doi:10.1007/s12532-017-0130-5
"""
from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.problem import Ints
from matcher.quiet import quiet

Floats = NDArray[np.float64]
DUAL, GAP = 1e-9, 1e-6
"""How far a reduced cost may be on the wrong side, and a search from its bound, in the units of the cost."""
SMALL = 20_000
"""Columns below which a programme is not presolved."""
_STATUS = highspy.HighsBasisStatus
BASIC = _STATUS.kBasic
_OWN = threading.local()


@dataclass(frozen=True, slots=True, eq=False)
class Programme:
    """``matrix`` (r, c) with ``lower`` and ``upper`` (r,), and the names of columns (c,) and rows (r,)."""

    matrix: csr_array
    lower: Floats
    upper: Floats
    columns: Ints
    rows: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """Where a linear programme ended: names, ascending, and the status of each."""

    columns: Ints
    column_status: NDArray[np.object_]
    rows: Ints
    row_status: NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """The end of a linear programme.

    ``x`` (c,) and ``price`` (r,), 0 or more, of an optimum; or ``x`` None and the prices of a ray that shows that
    the rows cannot hold together (``price`` None: no ray was found).
    """

    x: Floats | None
    price: Floats | None
    basis: Basis | None


def solve_linear(
    cost: Floats, programme: Programme, *, start: Basis | None = None, high: Floats | None = None,
    seconds: float | None = None,
) -> Linear:
    """The optimum, or a ray, or nothing within so many seconds; ``lower`` is not heeded.

    ``high`` (c,) is the most of each column where that is not 1.
    """
    highs = _fresh()
    highs.setOptionValue("solver", "simplex")
    if seconds is not None:
        highs.setOptionValue("time_limit", highs.getRunTime() + seconds)  # of all its linear programmes
    model = _model(cost, programme, np.full(len(programme.upper), -highspy.kHighsInf))
    if high is not None:
        model.col_upper_ = high
    highs.passModel(model)
    if start is not None or len(cost) < SMALL:
        highs.setOptionValue("presolve", "off")  # it heeds no basis, leaves no ray, costs small ones more than it saves
    if start is not None:
        highs.setBasis(_carried(programme, start))
    with quiet():
        highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        solution = highs.getSolution()
        x, dual = np.array(solution.col_value), np.array(solution.row_dual)
        return Linear(x, np.maximum(-dual, 0.0), _basis(programme, highs.getBasis()))
    if status != highspy.HighsModelStatus.kInfeasible:
        return Linear(None, None, None)
    _, found, ray = highs.getDualRay()
    if not found:
        return Linear(None, None, None)
    size = np.abs(ray).max(initial=0.0) or 1.0
    return Linear(None, np.maximum(-np.asarray(ray) / size, 0.0), None)


@dataclass(frozen=True, slots=True, eq=False)
class Integer:
    """The end of a mixed-integer programme: ``x`` (c,) or None; ``finished`` when HiGHS says nothing is better."""

    x: Floats | None
    finished: bool
    infeasible: bool


def solve_integer(
    cost: Floats, programme: Programme, *, nodes: int | None = None, seconds: float | None = None
) -> Integer:
    """The best z of zeros and ones within so many nodes and seconds, the relative gap set to 0."""
    highs = _fresh()
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", GAP)
    highs.setOptionValue("dual_feasibility_tolerance", DUAL)
    if nodes is not None:
        highs.setOptionValue("mip_max_nodes", nodes)
    if seconds is not None:
        highs.setOptionValue("time_limit", seconds)
    model = _model(cost, programme, programme.lower)
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
    highs.passModel(model)
    with quiet():
        highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Integer(None, True, True)
    finished = status == highspy.HighsModelStatus.kOptimal
    if highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Integer(None, False, False)
    return Integer(np.array(highs.getSolution().col_value), finished, False)


def _fresh() -> Any:
    """The HiGHS of the thread, empty and silent; making one prints a line, whatever is set."""
    highs = getattr(_OWN, "highs", None)
    if highs is None:
        with quiet():
            highs = _OWN.highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.clear()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)  # more would make the way taken, and so ties, depend on the machine
    return highs


def _model(cost: Floats, programme: Programme, lower: Floats) -> Any:
    count = len(cost)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, len(programme.upper)
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, np.zeros(count), np.ones(count)
    model.row_lower_, model.row_upper_ = lower, programme.upper
    matrix = programme.matrix
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
    model.a_matrix_.value_ = matrix.data
    return model


def _basis(programme: Programme, basis: Any) -> Basis:
    columns, rows = np.argsort(programme.columns), np.argsort(programme.rows)
    return Basis(
        programme.columns[columns], _objects(basis.col_status)[columns],
        programme.rows[rows], _objects(basis.row_status)[rows],
    )  # fmt: skip


def _objects(statuses: Any) -> NDArray[np.object_]:
    every = list(statuses)
    out = np.empty(len(every), dtype=object)
    out[:] = every
    return out


def _carried(programme: Programme, start: Basis) -> Any:
    """The basis by name; what it does not know begins outside it (columns) or inside (rows)."""
    basis = highspy.HighsBasis()
    basis.col_status = _looked_up(programme.columns, start.columns, start.column_status, _STATUS.kLower)
    basis.row_status = _looked_up(programme.rows, start.rows, start.row_status, _STATUS.kBasic)
    basis.valid = basis.alien = True  # alien: HiGHS makes it square
    return basis


def _looked_up(names: Ints, known: Ints, status: NDArray[np.object_], other: Any) -> list[Any]:
    out = np.full(len(names), other, dtype=object)
    if len(known):
        at = np.minimum(np.searchsorted(known, names), len(known) - 1)
        same = known[at] == names
        out[same] = status[at[same]]
    return out.tolist()


__all__ = ["Basis", "Integer", "Linear", "Programme", "solve_integer", "solve_linear"]
