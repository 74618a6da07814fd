"""Keeps one HiGHS instance and its basis between solves of one compiled problem, or of others of the same structure."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Final

import highspy
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from hybridplan.errors import SolveFailed
from hybridplan.model.linear import FEASIBLE, HIGHS_OPTIONS, MIP_OPTIONS, Compiled, swallow_banner
from hybridplan.model.periods import Array
from hybridplan.model.reduce import Reduction

_PRIMAL: Final = 4
"""HiGHS's code for the primal simplex."""

_OPTIONS: Final = {"simplex_scale_strategy": 4}
"""By largest coefficients: of HiGHS's ways to scale the one after which solves from a basis take least time here."""


class HotProblem:
    """One compiled linear problem in HiGHS; later solves change it and start from the last basis.

    Belongs to one thread; drop it after any :class:`SolveFailed`.
    """

    def __init__(
        self, compiled: Compiled, time_limit_seconds: float = np.inf, options: dict[str, Any] | None = None
    ) -> None:
        swallow_banner()
        self._now = compiled
        self.stopped_early = False
        """Whether time ended the last :meth:`solve` before its answer was known to be the best."""
        self._highs = highspy.Highs()
        self._highs.setOptionValue("log_to_console", False)
        self._highs.setOptionValue("time_limit", time_limit_seconds)
        for name, value in {**HIGHS_OPTIONS, **(MIP_OPTIONS if compiled.whole else {}), **(options or {})}.items():
            self._highs.setOptionValue(name, value)
        _pass(self._highs, compiled)

    def take(self, compiled: Compiled) -> str:
        """Let the next solve be that of ``compiled``; returns how: ``changed`` in place, ``passed`` with the last basis
        (the same structure with other coefficients), or ``cold`` (another structure).
        """
        if not _same_structure(self._now, compiled):
            _pass(self._highs, compiled)
            self._now = compiled
            return "cold"
        if np.array_equal(self._now.matrix.data, compiled.matrix.data):
            self._change_right(compiled.right)
            self._change_cost(compiled.cost)
            self._change_boxes(compiled.lower, compiled.upper)
            self._now = compiled
            return "changed"
        basis = self._highs.getBasis()
        _pass(self._highs, compiled)
        self._highs.setBasis(basis)
        self._now = compiled
        return "passed"

    def take_more(self, compiled: Compiled, added: npt.NDArray[np.intp]) -> str:
        """As :meth:`take`, for a problem with further rows at these positions; the last basis goes on with them."""
        basis = self._highs.getBasis()
        rows = list(basis.row_status)
        for position in added.tolist():
            rows.insert(position, highspy.HighsBasisStatus.kBasic)
        basis.row_status = rows
        _pass(self._highs, compiled)
        self._highs.setBasis(basis)
        self._now = compiled
        return "extended"

    def start_from(self, basis: highspy.HighsBasis) -> None:
        """Let the next solve begin at a basis of an earlier problem of the same structure."""
        self._highs.setBasis(basis)

    def prefer_primal(self) -> None:
        """Use the primal simplex from now on: it begins where the last optimum stays feasible, as under other costs."""
        self._highs.setOptionValue("simplex_strategy", _PRIMAL)

    def solve(self, right: Array | None = None, cost: Array | None = None, seconds: float | None = None) -> float:
        """Optimal objective with these right sides and costs (unchanged where None); infinite where infeasible.

        ``seconds``: time limit from now on; the limit holds for each solve alone. Where it ends a search for whole
        numbers, the best that was found counts. Raises :class:`SolveFailed` for any other end.
        """
        if right is not None:
            self._change_right(right)
        if cost is not None:
            self._change_cost(cost)
        status = self._run(seconds)
        if status == highspy.HighsModelStatus.kInfeasible:
            return float("inf")
        self.stopped_early = status == highspy.HighsModelStatus.kTimeLimit and self._has_point()
        if status != highspy.HighsModelStatus.kOptimal and not (self.stopped_early and self._now.whole):
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

    def reduced_cost(self, variable: str) -> Array:
        """Reduced costs of a variable at the last optimum of a problem without whole numbers, in column-major order."""
        found = np.asarray(self._highs.getSolution().col_dual, dtype=float)
        part: Array = found[self._now.columns[variable]]
        return part

    def value(self, variable: str) -> Array:
        """Values of a variable at the last optimum, in column-major order."""
        found = np.asarray(self._highs.getSolution().col_value, dtype=float)
        part: Array = found[self._now.columns[variable]]
        return part

    def _has_point(self) -> bool:
        return int(self._highs.getInfo().primal_solution_status) == FEASIBLE

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
        self._reduction: Reduction | None = None
        self.ways: list[str] = []
        """How each problem was taken: cold, changed, passed, or extended by rows."""
        self.basis: highspy.HighsBasis | None = None
        """The last one."""
        self.start: highspy.HighsBasis | None = None
        """Where the next solve begins, in place of the last basis."""
        self.closed: dict[str, Array] = {}
        """By variable: 1 on elements, in column-major order, whose upper bound is 0 from the next solve on."""
        self.ray: Array | None = None
        """Multipliers that prove the last problem infeasible, as in ``Run.multipliers``; None where it was not."""

    def prepared(self, compiled: Compiled) -> Compiled:
        """``compiled`` with what is closed."""
        upper = compiled.upper.copy()
        for name, mask in self.closed.items():
            if name in compiled.columns:
                upper[compiled.columns[name]] *= 1.0 - mask
        return replace(compiled, upper=upper)

    def prefer_primal(self) -> None:
        """See :meth:`HotProblem.prefer_primal`; nothing before the first solve."""
        if self._hot is not None:
            self._hot.prefer_primal()

    def answer(self, compiled: Compiled, seconds: float) -> dict[str, Any]:
        """Solve, and give the answer in the form in which CVXPY reads one of HiGHS."""
        if self._reduction is None or not self._reduction.takes_in(compiled):
            self._reduction = Reduction(compiled)
        small = self._reduction.small(compiled)
        if self._hot is None:
            self._hot = HotProblem(small, options=_OPTIONS)
            self.ways.append("cold")
        elif self._reduction.reached.size:
            self.ways.append(self._hot.take_more(small, self._reduction.reached))
        else:
            self.ways.append(self._hot.take(small))
            if self.start is not None and self.start is not self.basis and self.ways[-1] != "cold":
                self._hot.start_from(self.start)
        found = self._hot.answer(seconds)
        self.basis = found["basis"]
        return self._whole(found, compiled, self._reduction)

    def _whole(self, found: dict[str, Any], compiled: Compiled, reduction: Reduction) -> dict[str, Any]:
        """The answer to ``compiled`` from that of the smaller problem."""
        x, duals = (np.asarray(part, dtype=float) for part in (found["solution"].col_value, found["solution"].row_dual))
        _, has_ray, ray = found.get("dual_ray", (None, False, None))
        self.ray = None
        if has_ray:
            self.ray = reduction.multipliers(-np.asarray(ray, dtype=float), np.zeros_like(compiled.cost))
        multipliers = reduction.multipliers(-duals, compiled.cost)
        solution = SimpleNamespace(col_value=reduction.point(x), row_dual=-multipliers)
        shown = np.zeros_like(compiled.right) if self.ray is None else -self.ray
        return {**found, "solution": solution, "dual_ray": (None, has_ray, shown)}


def _same_structure(one: Compiled, other: Compiled) -> bool:
    """The same columns, rows and places of coefficients, and neither whole numbers nor cones."""
    if one.whole or other.whole or one.cones or other.cones:
        return False
    if one.matrix.shape != other.matrix.shape or one.equalities != other.equalities or one.columns != other.columns:
        return False
    return np.array_equal(one.matrix.indptr, other.matrix.indptr) and np.array_equal(
        one.matrix.indices, other.matrix.indices
    )


def _pass(highs: highspy.Highs, compiled: Compiled) -> None:
    matrix = sp.csc_matrix(compiled.matrix)
    rows, columns = matrix.shape
    below = np.full(rows, -highspy.kHighsInf)
    below[: compiled.equalities] = compiled.right[: compiled.equalities]
    whole = np.zeros(columns, dtype=np.int32)
    whole[list(compiled.whole)] = int(highspy.HighsVarType.kInteger)
    sense, form = int(highspy.ObjSense.kMinimize), int(highspy.MatrixFormat.kColwise)
    box = compiled.cost, compiled.lower, compiled.upper, below, compiled.right
    parts = matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data
    highs.passModel(columns, rows, matrix.nnz, form, sense, 0.0, *box, *parts, whole)
