"""A problem with parameters, solved at one value of them after another by a solver that keeps its basis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.errors import SolveFailed
from hybridplan.model.hot import KeptSolver
from hybridplan.model.linear import Compiled, Outcome, Run, compile_linear, run
from hybridplan.model.periods import Array

_ENDED: Final[dict[str, Outcome]] = {
    "kInfeasible": "infeasible",
    "kUnboundedOrInfeasible": "infeasible",
    "kTimeLimit": "no_plan",
}
"""Every column has a finite box, so unbounded is ruled out. What a time limit leaves is not used."""
_MIDDLE: Final = 0.25
_STEP: Final = 0.5
"""Where a parameter whose elements lie between 0 and 1 is probed."""
_DUST: Final = 1e-12


@dataclass(frozen=True)
class _Line:
    """right side = ``first.right`` + ``slopes`` x amounts."""

    first: Compiled
    slopes: Array


class Following:
    """Coefficients that each follow at most one element of one parameter, in a straight line.

    Which one, and how steeply, is found by three compilations and held against a fourth.
    """

    def __init__(self, problem: cp.Problem, parameter: cp.Parameter) -> None:
        """Raises :class:`SolveFailed` where coefficients follow otherwise, or anything else moves."""
        kept, count = parameter.value, parameter.size
        at = np.arange(1, count + 1) / count
        probes = _MIDDLE + _STEP * np.array([np.zeros(count), np.ones(count), at, at**2])
        found = []
        for probe in probes:
            parameter.value = probe
            found.append(compile_linear(problem, enforce_dpp=True))
        parameter.value = kept
        self._parameter, self._first = parameter, found[0]
        data = [one.matrix.data for one in found]
        same = all(_differs_in_data_only(self._first, one) for one in found)
        self._slope: Array = (data[1] - data[0]) / _STEP if same else np.zeros(0)
        moving = np.abs(self._slope) > _DUST
        self._entries = np.flatnonzero(moving)
        self._slope = self._slope[moving]
        rate = (data[2] - data[0])[moving] / (_STEP * self._slope) if same else np.zeros(0)
        self._follows = np.round(rate * count).astype(np.intp) - 1
        valid = same and bool(np.all((self._follows >= 0) & (self._follows < count)))
        if not valid or not np.allclose(self._data(probes[3]), data[3], rtol=0.0, atol=_DUST):
            raise SolveFailed("coefficients do not follow one parameter each")

    def compiled(self) -> Compiled:
        """The problem with the values that the parameter has."""
        known = self._first.matrix
        parts = self._data(np.asarray(self._parameter.value, dtype=float)), known.indices, known.indptr
        return replace(self._first, matrix=sp.csc_matrix(parts, shape=known.shape))

    def _data(self, values: Array) -> Array:
        data: Array = self._first.matrix.data.copy()
        data[self._entries] += self._slope * (values[self._follows] - _MIDDLE)
        return data


def _differs_in_data_only(one: Compiled, other: Compiled) -> bool:
    same = np.array_equal(one.right, other.right) and np.array_equal(one.cost, other.cost)
    indices = np.array_equal(one.matrix.indices, other.matrix.indices)
    return same and indices and np.array_equal(one.matrix.indptr, other.matrix.indptr)


class MovingProblem:
    """Solves ``problem`` with the values that its parameters have.

    ``amounts``: all its parameters, where they move right sides only; then it is compiled once, and what they move is
    added up in place; ``coefficients``: its one parameter, where it moves coefficients only (see :class:`Following`).
    Else CVXPY fills the parameters into what it has compiled. ``duals``: whether constraints are to
    hold their duals after a solve, which takes longer.
    """

    def __init__(
        self,
        problem: cp.Problem,
        amounts: list[cp.Parameter] | None = None,
        *,
        coefficients: cp.Parameter | None = None,
        duals: bool = False,
    ) -> None:
        self.solver = KeptSolver()
        self._problem, self._amounts, self._duals = problem, amounts or [], duals
        self._variables = {variable.name(): variable for variable in problem.variables()}
        self._line = self._straight() if amounts else None
        self._following = None if coefficients is None else Following(problem, coefficients)

    def _straight(self) -> _Line:
        """Compiled at 0, and with one unit of each amount in turn."""
        kept = [amount.value for amount in self._amounts]
        for amount in self._amounts:
            amount.value = np.zeros(amount.shape)
        first, slopes = compile_linear(self._problem), []
        for amount in self._amounts:
            for position in range(amount.size):
                amount.value = np.eye(amount.size)[position]
                slopes.append(compile_linear(self._problem).right - first.right)
            amount.value = np.zeros(amount.shape)
        for amount, value in zip(self._amounts, kept, strict=True):
            amount.value = value
        return _Line(first, np.array(slopes).T)

    def compiled(self) -> Compiled:
        """The problem as it is now, with what the solver has closed."""
        if self._following is not None:
            return self.solver.prepared(self._following.compiled())
        if self._line is None:
            return self.solver.prepared(compile_linear(self._problem, enforce_dpp=True))
        moved = self._line.slopes @ np.concatenate([amount.value for amount in self._amounts])
        return self.solver.prepared(replace(self._line.first, right=self._line.first.right + moved))

    def solve(self, seconds: float) -> Run:
        """Solve; the variables then hold their values, where a point is known."""
        if self._duals and self._line is None:
            return run(self._problem, seconds, keeper=self.solver)
        compiled = self.compiled()
        found = self.solver.answer(compiled, seconds)
        status, took = found["model_status"], float(found["run_time"])
        if status != "kOptimal":
            ended = _ENDED.get(status, "failed")
            return Run(ended, "HiGHS", "", took, compiled, message=status)
        for name, span in compiled.columns.items():
            variable = self._variables[name]
            variable.save_value(found["solution"].col_value[span].reshape(variable.shape, order="F"))
        objective = float(compiled.cost @ found["solution"].col_value) + compiled.offset
        return Run("optimal", "HiGHS", "", took, compiled, -found["solution"].row_dual, objective=objective)

    def slopes(self, amounts: Array) -> Array:
        """How fast each right side grows along a direction of the amounts; only where they move nothing else."""
        assert self._line is not None
        moved: Array = self._line.slopes @ amounts
        return moved
