"""Keeps one HiGHS instance and its basis between solves of one compiled problem, or of others of the same structure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import highspy
import numpy as np
import scipy.sparse as sp

from hybridplan.errors import SolveFailed
from hybridplan.model.linear import HIGHS_OPTIONS, MIP_OPTIONS, Compiled, swallow_banner
from hybridplan.model.periods import Array

_PRIMAL: Final = 4
"""HiGHS's code for the primal simplex."""


class HotProblem:
    """One compiled linear problem in HiGHS; later solves change it and start from the last basis.

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

    def take(self, compiled: Compiled) -> str:
        """Let the next solve be that of ``compiled``; returns how: ``changed`` in place, ``passed`` with the last basis
        (the same structure with other coefficients), or ``cold`` (another structure).
        """
        if not _same_structure(self._now, compiled):
            self._highs.passModel(_highs_model(compiled))
            self._now = compiled
            return "cold"
        if np.array_equal(self._now.matrix.data, compiled.matrix.data):
            self._change_right(compiled.right)
            self._change_cost(compiled.cost)
            self._change_boxes(compiled.lower, compiled.upper)
            self._now = compiled
            return "changed"
        basis = self._highs.getBasis()
        self._highs.passModel(_highs_model(compiled))
        self._highs.setBasis(basis)
        self._now = compiled
        return "passed"

    def start_from(self, basis: highspy.HighsBasis) -> None:
        """Let the next solve begin at a basis of an earlier problem of the same structure."""
        self._highs.setBasis(basis)

    def prefer_primal(self) -> None:
        """Use the primal simplex from now on: it begins where the last optimum stays feasible, as under other costs."""
        self._highs.setOptionValue("simplex_strategy", _PRIMAL)

    def solve(self, right: Array | None = None, cost: Array | None = None, seconds: float | None = None) -> float:
        """Optimal objective with these right sides and costs (unchanged where None); infinite where infeasible.

        ``seconds``: time limit from now on; the limit holds for each solve alone. Raises :class:`SolveFailed` for any
        other end.
        """
        if right is not None:
            self._change_right(right)
        if cost is not None:
            self._change_cost(cost)
        status = self._run(seconds)
        if status == highspy.HighsModelStatus.kInfeasible:
            return float("inf")
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolveFailed(f"HiGHS ended with {status.name}")
        return float(self._highs.getInfo().objective_function_value) + self._now.offset

    def answer(self, seconds: float) -> dict[str, Any]:
        """Solve as it stands, and give the answer in the form in which CVXPY reads one of HiGHS."""
        before = self._highs.getRunTime()
        status = self._run(seconds)
        found = {
            "solution": self._highs.getSolution(),
            "basis": self._highs.getBasis(),
            "info": self._highs.getInfo(),
            "model_status": status.name,
            "run_time": self._highs.getRunTime() - before,
        }
        if status == highspy.HighsModelStatus.kInfeasible:
            found["dual_ray"] = self._highs.getDualRay()
        return found

    def value(self, variable: str) -> Array:
        """Values of a variable at the last optimum, in column-major order."""
        found = np.asarray(self._highs.getSolution().col_value, dtype=float)
        part: Array = found[self._now.columns[variable]]
        return part

    def _run(self, seconds: float | None) -> highspy.HighsModelStatus:
        if seconds is not None:
            # The limit counts all runs of an instance together.
            self._highs.setOptionValue("time_limit", self._highs.getRunTime() + max(seconds, 0.0))
        self._highs.run()
        status: highspy.HighsModelStatus = self._highs.getModelStatus()
        return status

    def _change_right(self, right: Array) -> None:
        (rows,) = np.nonzero(right != self._now.right)
        below = np.where(rows < self._now.equalities, right[rows], -highspy.kHighsInf)
        if rows.size:
            self._highs.changeRowsBounds(rows.size, rows.astype(np.int32), below, right[rows])
        self._now = replace(self._now, right=right)

    def _change_cost(self, cost: Array) -> None:
        (columns,) = np.nonzero(cost != self._now.cost)
        if columns.size:
            self._highs.changeColsCost(columns.size, columns.astype(np.int32), cost[columns])
        self._now = replace(self._now, cost=cost)

    def _change_boxes(self, lower: Array, upper: Array) -> None:
        (columns,) = np.nonzero((lower != self._now.lower) | (upper != self._now.upper))
        if columns.size:
            self._highs.changeColsBounds(columns.size, columns.astype(np.int32), lower[columns], upper[columns])
        self._now = replace(self._now, lower=lower, upper=upper)


class KeptSolver:
    """Solves compiled problems one after the other, each from the basis of the one before where their structure is the
    same. Belongs to one thread; drop it after an exception, a time-out or a plan that did not pass.
    """

    def __init__(self) -> None:
        self._hot: HotProblem | None = None
        self.ways: list[str] = []
        """How each problem was taken: cold, changed or passed."""
        self.basis: highspy.HighsBasis | None = None
        """The last one."""
        self.start: highspy.HighsBasis | None = None
        """Where the next solve begins, in place of the last basis."""

    def prefer_primal(self) -> None:
        """See :meth:`HotProblem.prefer_primal`; nothing before the first solve."""
        if self._hot is not None:
            self._hot.prefer_primal()

    def answer(self, compiled: Compiled, seconds: float) -> dict[str, Any]:
        """Solve, and give the answer in the form in which CVXPY reads one of HiGHS."""
        if self._hot is None:
            self._hot = HotProblem(compiled)
            self.ways.append("cold")
        else:
            self.ways.append(self._hot.take(compiled))
            if self.start is not None and self.ways[-1] != "cold":
                self._hot.start_from(self.start)
        found = self._hot.answer(seconds)
        self.basis = found["basis"]
        return found


def _same_structure(one: Compiled, other: Compiled) -> bool:
    """The same columns, rows and places of coefficients, and neither whole numbers nor cones."""
    if one.whole or other.whole or one.cones or other.cones:
        return False
    if one.matrix.shape != other.matrix.shape or one.equalities != other.equalities or one.columns != other.columns:
        return False
    return np.array_equal(one.matrix.indptr, other.matrix.indptr) and np.array_equal(
        one.matrix.indices, other.matrix.indices
    )


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
