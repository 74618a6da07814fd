"""From scenario to certified plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final, Literal

import numpy as np
import pandas as pd

from hybridplan.audit import AuditReport, audit
from hybridplan.audit.certificate import FLOOR_USD, certify
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
CONE_FLOOR: Final = 1e-3
"""Least cost, in prices of one accelerator in one period, against which differences of a conic plan are judged."""
CURVED: Final = ("congestion", "balance")
"""Penalties that straight lines may under-estimate."""


def optimise(scenario: Scenario, *, time_limit_seconds: float | None = None, solver: SolverName = "highs") -> Plan:
    """Cheapest plan for a scenario, with its certificate; no baselines and no diagnosis.

    Never raises for what a solver does: see ``Plan.status``. Linear models and whole numbers go to HiGHS (linear ones
    fall back to Clarabel once when it fails), curved ones to Clarabel.
    """
    began = perf_counter()
    limit = SOLVE_SECONDS.read() if time_limit_seconds is None else time_limit_seconds
    data = Data(scenario)
    model = formulate(data)
    plan = Plan(scenario, SolveStatus.FAILED, _solver_run(Run("failed", "", "", 0.0), limit), data.index.table())
    plan = replace(plan, kind=model.kind)
    if model.kind == "mixed_integer":
        plan = _with_wholes(plan, model, limit)
    else:
        found = _minimise(model, limit, "clarabel" if model.kind == "conic" else solver)
        if found.outcome == "failed" and solver == "highs" and model.kind == "linear":
            found = replace(_minimise(model, limit, "clarabel"), message=f"HiGHS failed: {found.message}")
        plan = _ended(plan, found, limit)
        if found.outcome in ("optimal", "feasible"):
            plan = _certified(plan, model, found, _own_bound(model, found))
    return replace(plan, solver=replace(plan.solver, total_seconds=perf_counter() - began))


@dataclass(frozen=True)
class _Bound:
    """What no plan can undercut, in USD, and who says so."""

    usd: float
    source: Literal["weak duality", "solver"]
    relaxation_usd: float | None = None


def _own_bound(model: Formulation, found: Run) -> _Bound:
    assert found.compiled is not None
    multipliers = found.multipliers if found.multipliers is not None else np.zeros_like(found.compiled.right)
    return _Bound(lower_bound(found.compiled, multipliers) * model.money_scale, "weak duality")


def _with_wholes(plan: Plan, model: Formulation, limit: float) -> Plan:
    """Relaxation first (its bound is our own), then the search, then all else anew with the whole numbers held fixed.

    The last solve gives exact tables and conditional prices; the plan is as good as the search was.
    """
    relaxed = formulate(model.data, "relaxed")
    loose = _minimise(relaxed, limit, "highs")
    if loose.outcome != "optimal":
        return _ended(plan, loose, limit)
    found = _minimise(model, max(limit - loose.seconds, 0.0), "highs")
    seconds = loose.seconds + found.seconds
    plan = _ended(plan, replace(found, seconds=seconds), limit)
    if found.outcome not in ("optimal", "feasible") or found.bound is None:
        return plan
    chosen = {name: np.round(np.asarray(part.value)) for name, part in model.decisions.wholes.items()}
    fixed = formulate(model.data, chosen)
    last = _minimise(fixed, max(limit, 1.0), "highs")
    plan = replace(plan, solver=replace(plan.solver, seconds=seconds + last.seconds))
    if last.outcome != "optimal":
        message = f"with whole numbers fixed the solver ended with {last.outcome}"
        return replace(plan, status=SolveStatus.FAILED, solver=replace(plan.solver, message=message))
    ours = _own_bound(relaxed, loose).usd
    # The relaxation may already prove more than the search reports.
    bound = _Bound(max(found.bound * model.money_scale, ours), "solver", ours)
    return _certified(plan, fixed, found, bound)


def _ended(plan: Plan, found: Run, limit: float) -> Plan:
    return replace(plan, status=_STATUS[found.outcome], solver=_solver_run(found, limit))


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
    if first.outcome not in ("optimal", "feasible"):
        return first
    least = float(model.others_usd.value) / scale
    seconds, second = first.seconds, first
    for tolerance in HOLD_TOLERANCES:
        hold = model.others_usd / scale <= least + tolerance * max(abs(least), 1.0)
        second = run(model.problem(model.total_usd / scale, hold), max(limit - seconds, 0.0), solver)
        seconds += second.seconds
        if second.outcome in ("optimal", "feasible"):
            break
    if first.outcome == "feasible" and second.outcome == "optimal":
        second = replace(second, outcome="feasible")
    return replace(second, seconds=seconds)


def _certified(plan: Plan, model: Formulation, found: Run, bound: _Bound) -> Plan:
    assert found.compiled is not None
    scenario = plan.scenario
    optimised = float(model.total_usd.value)
    tables = extract(model.decisions, model.data)
    report = audit(scenario, tables)
    certificate = certify(
        report,
        optimised,
        bound.usd,
        bound.source,
        tangent_error_usd=_tangent_error_usd(model, report),
        relaxation_bound_usd=bound.relaxation_usd,
        floor_usd=max(FLOOR_USD, CONE_FLOOR * model.money_scale) if model.kind == "conic" else FLOOR_USD,
    )
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


def _tangent_error_usd(model: Formulation, report: AuditReport) -> float:
    """What straight lines leave out of curved terms, at this plan; 0 where they are solved exactly."""
    if model.data.scenario.policy.queue_form == "exact":
        return 0.0
    curved = [name for name in CURVED if name in model.costs]
    return sum(report.penalty_usd[name] - float(model.costs[name].value) for name in curved)


def _solver_run(found: Run, limit: float) -> SolverRun:
    stopped = found.outcome == "feasible"
    return SolverRun(
        found.solver,
        found.version,
        found.seconds,
        0.0,
        limit,
        message=found.message,
        gap_target=found.gap_target,
        stopped_early=stopped,
    )
