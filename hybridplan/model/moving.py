"""A problem with parameters, solved at one value of them after another by a solver that keeps its basis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import cvxpy as cp
import numpy as np

from hybridplan.model.hot import KeptSolver
from hybridplan.model.linear import Compiled, Outcome, Run, compile_linear, run
from hybridplan.model.periods import Array

_ENDED: Final[dict[str, Outcome]] = {
    "kInfeasible": "infeasible",
    "kUnboundedOrInfeasible": "infeasible",
    "kTimeLimit": "no_plan",
}
"""Every column has a finite box, so unbounded is ruled out. What a time limit leaves is not used."""


@dataclass(frozen=True)
class _Line:
    """right side = ``first.right`` + ``slopes`` x amounts."""

    first: Compiled
    slopes: Array


class MovingProblem:
    """Solves ``problem`` with the values that its parameters have.

    ``amounts``: all its parameters, where they move right sides only; then it is compiled once, and what they move is
    added up in place. Else CVXPY fills the parameters into what it has compiled. ``duals``: whether constraints are to
    hold their duals after a solve, which takes longer.
    """

    def __init__(self, problem: cp.Problem, amounts: list[cp.Parameter] | None, *, duals: bool) -> None:
        self.solver = KeptSolver()
        self._problem, self._amounts, self._duals = problem, amounts or [], duals
        self._variables = {variable.name(): variable for variable in problem.variables()}
        self._line = self._straight() if amounts else None

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
        return Run("optimal", "HiGHS", "", took, compiled, -found["solution"].row_dual)

    def slopes(self, amounts: Array) -> Array:
        """How fast each right side grows along a direction of the amounts; only where they move nothing else."""
        assert self._line is not None
        moved: Array = self._line.slopes @ amounts
        return moved
