"""From scenario to certified plan."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import numpy as np
import pandas as pd

from hybridplan.audit import audit
from hybridplan.audit.certificate import certify
from hybridplan.domain import Scenario
from hybridplan.model.bound import lower_bound
from hybridplan.model.data import Data
from hybridplan.model.extract import extract
from hybridplan.model.formulation import Formulation, formulate
from hybridplan.model.linear import Run, SolverName, run
from hybridplan.model.shadow import shadow_prices
from hybridplan.plan import SHADOW_COLUMNS, Plan, SolverRun, SolveStatus
from hybridplan.settings import SOLVE_SECONDS

GAP_TOLERANCE = 1e-6
"""A plan is optimal where its gap to the proven bound is not above this; else it is within_gap."""
HOLD_TOLERANCES = (0.0, 1e-9)
"""``owned_first`` holds the first objective to the first of these relative tolerances that leaves a plan."""


def optimise(scenario: Scenario, *, time_limit_seconds: float | None = None, solver: SolverName = "highs") -> Plan:
    """Cheapest plan for a scenario, with its certificate; no baselines and no diagnosis.

    Never raises for what a solver does: see ``Plan.status``. HiGHS falls back to Clarabel once when it fails.
    """
    began = perf_counter()
    limit = SOLVE_SECONDS.read() if time_limit_seconds is None else time_limit_seconds
    data = Data(scenario)
    model = formulate(data)
    found = _minimise(model, limit, solver)
    if found.outcome == "failed" and solver == "highs":
        found = replace(_minimise(model, limit, "clarabel"), message=f"HiGHS failed: {found.message}")
    plan = Plan(scenario, _STATUS[found.outcome], _solver_run(found, limit), data.index.table())
    if found.outcome in ("optimal", "feasible"):
        plan = _certified(plan, model, found)
    return replace(plan, solver=replace(plan.solver, total_seconds=perf_counter() - began))


_STATUS = {
    "optimal": SolveStatus.OPTIMAL,
    "feasible": SolveStatus.WITHIN_GAP,
    "infeasible": SolveStatus.INFEASIBLE,
    "no_plan": SolveStatus.NO_PLAN_IN_TIME,
    "failed": SolveStatus.FAILED,
}


def _minimise(model: Formulation, limit: float, solver: SolverName) -> Run:
    scale = model.money_scale
    if not model.data.scenario.policy.owned_first:
        return run(model.problem(model.total_usd / scale), limit, solver)
    first = run(model.problem(model.others_usd / scale), limit, solver)
    if first.outcome != "optimal":
        return first
    least = float(model.others_usd.value) / scale
    seconds, second = first.seconds, first
    for tolerance in HOLD_TOLERANCES:
        hold = model.others_usd / scale <= least + tolerance * max(abs(least), 1.0)
        second = run(model.problem(model.total_usd / scale, hold), max(limit - seconds, 0.0), solver)
        seconds += second.seconds
        if second.outcome == "optimal":
            break
    return replace(second, seconds=seconds)


def _certified(plan: Plan, model: Formulation, found: Run) -> Plan:
    assert found.compiled is not None
    scenario = plan.scenario
    optimised = float(model.total_usd.value)
    tables = extract(model.decisions, model.data)
    report = audit(scenario, tables)
    multipliers = found.multipliers if found.multipliers is not None else np.zeros_like(found.compiled.right)
    bound = lower_bound(found.compiled, multipliers) * model.money_scale
    certificate = certify(report, optimised, bound, "weak duality")
    status = plan.status
    if not certificate.passed:
        status = SolveStatus.FAILED
    elif certificate.gap > GAP_TOLERANCE:
        status = SolveStatus.WITHIN_GAP
    # With two objectives in order, the duals of the second say nothing about the first.
    priced = status.has_plan and not scenario.policy.owned_first
    return replace(
        plan,
        status=status,
        tables=tables,
        certificate=certificate,
        objective_usd=report.objective_usd,
        constant_usd=report.constant_usd,
        cost_usd=report.cost_usd,
        penalty_usd=report.penalty_usd,
        cost_lines=report.cost_lines,
        quantities=report.quantities,
        unserved=report.unserved,
        shadow_prices=shadow_prices(model) if priced else pd.DataFrame(columns=list(SHADOW_COLUMNS)),
        solver=replace(plan.solver, rows=found.compiled.matrix.shape[0], columns=found.compiled.matrix.shape[1]),
    )


def _solver_run(found: Run, limit: float) -> SolverRun:
    return SolverRun(found.solver, found.version, found.seconds, 0.0, limit, message=found.message)
