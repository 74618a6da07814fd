"""One scenario under one cap after another: compiled once, the cap a parameter, each solve from the last basis."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from time import perf_counter
from typing import Final

import cvxpy as cp
import numpy as np
from highspy import HighsBasis

from hybridplan.domain import Scenario
from hybridplan.errors import SolveFailed
from hybridplan.model.certified import certified, own_bound
from hybridplan.model.data import Data
from hybridplan.model.formulation import Formulation, formulate
from hybridplan.model.hot import KeptSolver
from hybridplan.model.linear import run
from hybridplan.plan import Plan, SolverRun, SolveStatus


def _carbon_per_tonne(model: Formulation) -> cp.Expression:
    return cp.Constant(1.0 / model.rows["carbon_cap"].unit_scale)


def _hours_per_share(model: Formulation) -> cp.Expression:
    rows, data = model.rows["provider_share"], model.data
    hours = cp.sum(model.decisions.busy @ (data.periods.weight_hours / rows.unit_scale[0]))
    return hours * np.ones(len(rows.records))


_PER_UNIT: Final[dict[str, Callable[[Formulation], cp.Expression]]] = {
    "carbon_cap": _carbon_per_tonne,
    "provider_share": _hours_per_share,
}
"""By limit: what one more unit of its cap adds to the right side of its rows, as compiled."""


class CapSweep:
    """Plans of a scenario under other values of one cap that it has.

    Only linear models, without ``owned_first``. Belongs to one thread; drop it after a plan that is neither optimal nor
    infeasible: what such a run leaves behind is not trusted with the next one.
    """

    def __init__(self, scenario: Scenario, limit: str, cap: float) -> None:
        """``cap``: the value in ``scenario``. Raises :class:`SolveFailed` where the scenario cannot be swept."""
        model = formulate(Data(scenario))
        if model.kind != "linear" or scenario.policy.owned_first or limit not in model.rows:
            raise SolveFailed("only the caps of linear models are swept")
        self._cap, self._limit, self._more = cap, limit, cp.Parameter(value=0.0)
        self._per_unit = _PER_UNIT[limit](model)
        capped = model.rows[limit].elastic(self._more * self._per_unit)
        self._model = replace(model, constraints={**model.constraints, limit: capped})
        self._problem = self._model.problem(self._model.total_usd / model.money_scale)
        self._routes, self._solver = model.data.index.table(), KeptSolver()
        self._bases: dict[float, HighsBasis | None] = {}
        """By cap: a solve begins at the basis of the nearest one, which has least to mend."""

    def plan(self, scenario: Scenario, cap: float, time_limit_seconds: float) -> Plan:
        """The cheapest plan of ``scenario``, which differs from the first one in the value of the cap only.

        Without shadow prices: see :meth:`usd_per_unit`.
        """
        began = perf_counter()
        self._more.value = cap - self._cap
        if self._bases:
            self._solver.start = self._bases[min(self._bases, key=lambda known: abs(known - cap))]
        found = run(self._problem, time_limit_seconds, keeper=self._solver)
        status = {"optimal": SolveStatus.OPTIMAL, "infeasible": SolveStatus.INFEASIBLE}.get(found.outcome)
        solver = SolverRun(found.solver, found.version, found.seconds, 0.0, time_limit_seconds, message=found.message)
        plan = Plan(scenario, status or SolveStatus.FAILED, solver, self._routes)
        if status is not None:
            self._bases[cap] = self._solver.basis
        if status is SolveStatus.OPTIMAL:
            model = replace(self._model, data=_named(self._model.data, scenario))
            plan = certified(plan, model, found, own_bound(model, found), priced=False)
        return replace(plan, solver=replace(plan.solver, total_seconds=perf_counter() - began))

    def usd_per_unit(self) -> float:
        """What one more unit of the cap would have saved at the last plan: its shadow price."""
        dual = np.asarray(self._model.constraints[self._limit].dual_value, dtype=float)
        return float(dual @ np.asarray(self._per_unit.value)) * self._model.money_scale


def _named(data: Data, scenario: Scenario) -> Data:
    """The same arrays as those of ``scenario``: no array depends on a cap."""
    found = copy(data)
    found.scenario = scenario
    return found
