"""Keeps one HiGHS instance and its basis between solves of one compiled problem."""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np
import scipy.sparse as sp

from hybridplan.errors import SolveFailed
from hybridplan.model.linear import HIGHS_OPTIONS, MIP_OPTIONS, Compiled, swallow_banner
from hybridplan.model.periods import Array


class HotProblem:
    """One compiled linear problem in HiGHS; later solves change sides and costs and start from the last basis.

    Belongs to one thread; drop it after any :class:`SolveFailed`.
    """

    def __init__(self, compiled: Compiled, time_limit_seconds: float = np.inf) -> None:
        swallow_banner()
        self._now = compiled
        self._highs = highspy.Highs()
        self._highs.setOptionValue("log_to_console", False)
        self._highs.setOptionValue("time_limit", time_limit_seconds)
        for name, value in {**HIGHS_OPTIONS, **(MIP_OPTIONS if compiled.whole else {})}.items():
            self._highs.setOptionValue(name, value)
        self._highs.passModel(_highs_model(compiled))

    def solve(self, right: Array | None = None, cost: Array | None = None, seconds: float | None = None) -> float:
        """Optimal objective with these right sides and costs (unchanged where None); infinite where infeasible.

        ``seconds``: time limit from now on; the limit holds for each solve alone. Raises :class:`SolveFailed` for any
        other end.
        """
        if seconds is not None:
            self._highs.setOptionValue("time_limit", max(seconds, 0.0))
        if right is not None:
            self._change_right(right)
        if cost is not None:
            self._change_cost(cost)
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return float("inf")
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolveFailed(f"HiGHS ended with {status.name}")
        return float(self._highs.getInfo().objective_function_value) + self._now.offset

    def value(self, variable: str) -> Array:
        """Values of a variable at the last optimum, in column-major order."""
        found = np.asarray(self._highs.getSolution().col_value, dtype=float)
        part: Array = found[self._now.columns[variable]]
        return part

    def _change_right(self, right: Array) -> None:
        (rows,) = np.nonzero(right != self._now.right)
        for row in rows:
            low = right[row] if row < self._now.equalities else -highspy.kHighsInf
            self._highs.changeRowBounds(int(row), float(low), float(right[row]))
        self._now = replace(self._now, right=right)

    def _change_cost(self, cost: Array) -> None:
        (columns,) = np.nonzero(cost != self._now.cost)
        for column in columns:
            self._highs.changeColCost(int(column), float(cost[column]))
        self._now = replace(self._now, cost=cost)


def _highs_model(compiled: Compiled) -> highspy.HighsModel:
    matrix = sp.csc_matrix(compiled.matrix)
    model = highspy.HighsModel()
    lp = model.lp_
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = compiled.cost, compiled.lower, compiled.upper
    below = np.full(matrix.shape[0], -highspy.kHighsInf)
    below[: compiled.equalities] = compiled.right[: compiled.equalities]
    lp.row_lower_, lp.row_upper_ = below, compiled.right
    if compiled.whole:
        kinds = [highspy.HighsVarType.kContinuous] * matrix.shape[1]
        for column in compiled.whole:
            kinds[column] = highspy.HighsVarType.kInteger
        lp.integrality_ = kinds
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    return model
