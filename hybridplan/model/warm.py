"""Plans of one scenario after another, each from the basis of the last where their structure is the same."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from hybridplan.domain import Scenario
from hybridplan.model.certified import certified, own_bound
from hybridplan.model.data import Data
from hybridplan.model.formulation import formulate
from hybridplan.model.hot import KeptSolver
from hybridplan.model.linear import run
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolverRun, SolveStatus
from hybridplan.settings import SOLVE_SECONDS


class WarmPlanner:
    """Gives the same plans as :func:`hybridplan.model.solve.optimise`, sooner where scenarios differ in numbers only.

    Models with whole numbers or cones, and ``owned_first``, are solved anew each time. Belongs to one thread. What a
    solve leaves behind that ended neither optimal nor infeasible is dropped, and the scenario solved anew.
    """

    def __init__(self) -> None:
        self._solver = KeptSolver()

    @property
    def ways(self) -> tuple[str, ...]:
        """How each linear scenario was taken since the last failure: cold, changed or passed."""
        return tuple(self._solver.ways)

    def plan(self, scenario: Scenario, *, time_limit_seconds: float | None = None, priced: bool = True) -> Plan:
        """Cheapest plan with its certificate; ``priced``: with shadow prices. Never raises for what a solver does."""
        began = perf_counter()
        limit = SOLVE_SECONDS.read() if time_limit_seconds is None else time_limit_seconds
        model = formulate(Data(scenario))
        if model.kind != "linear" or scenario.policy.owned_first:
            return optimise(scenario, time_limit_seconds=limit)
        found = run(model.problem(model.total_usd / model.money_scale), limit, keeper=self._solver)
        status = {"optimal": SolveStatus.OPTIMAL, "infeasible": SolveStatus.INFEASIBLE}.get(found.outcome)
        plan = None
        if status is not None:
            solver = SolverRun(found.solver, found.version, found.seconds, 0.0, limit)
            plan = Plan(scenario, status, solver, model.data.index.table(), kind=model.kind)
            if status is SolveStatus.OPTIMAL:
                plan = certified(plan, model, found, own_bound(model, found), priced=priced)
        if plan is None or plan.status not in (SolveStatus.OPTIMAL, SolveStatus.INFEASIBLE):
            self._solver = KeptSolver()
            plan = optimise(scenario, time_limit_seconds=max(limit - (perf_counter() - began), 0.0))
        return replace(plan, solver=replace(plan.solver, total_seconds=perf_counter() - began))
