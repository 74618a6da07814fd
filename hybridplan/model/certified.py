"""From a solver's answer to a plan that is audited and bounded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from hybridplan.audit import AuditReport, audit
from hybridplan.audit.certificate import FLOOR_USD, certify
from hybridplan.model.bound import lower_bound
from hybridplan.model.extract import extract
from hybridplan.model.formulation import Formulation
from hybridplan.model.linear import Run
from hybridplan.model.shadow import shadow_prices
from hybridplan.plan import SHADOW_COLUMNS, Certificate, Plan, SolveStatus

GAP_TOLERANCE = 1e-6
"""A plan is optimal where its gap to the proven bound is not above this; else it is within_gap."""
CONE_FLOOR: Final = 1e-3
"""Least cost, in prices of one accelerator in one period, against which differences of a conic plan are judged."""
CURVED: Final = ("congestion", "balance")
"""Penalties that straight lines may under-estimate."""


@dataclass(frozen=True)
class Bound:
    """What no plan can undercut, in USD, and who says so."""

    usd: float
    source: Literal["weak duality", "solver"]
    relaxation_usd: float | None = None


def own_bound(model: Formulation, found: Run) -> Bound:
    assert found.compiled is not None
    multipliers = found.multipliers if found.multipliers is not None else np.zeros_like(found.compiled.right)
    return Bound(lower_bound(found.compiled, multipliers) * model.money_scale, "weak duality")


def certified(plan: Plan, model: Formulation, found: Run, bound: Bound, *, priced: bool = True) -> Plan:
    """``plan`` with the tables, money and certificate of the answer that the variables of ``model`` hold.

    ``plan`` names the scenario that the answer is for, and how the solve ended. ``priced``: with shadow prices.
    """
    assert found.compiled is not None
    scenario = plan.scenario
    tables = extract(model.decisions, model.data)
    report = audit(scenario, tables)
    certificate, status = judged(report, float(model.total_usd.value), model, bound, plan.status)
    # With two objectives in order, the duals of the second say nothing about the first.
    priced = priced and status.has_plan and not scenario.policy.owned_first
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


def judged(
    report: AuditReport, optimised_usd: float, model: Formulation, bound: Bound, status: SolveStatus
) -> tuple[Certificate, SolveStatus]:
    """The certificate of an audited answer that the optimiser took to cost ``optimised_usd``, and the status that it
    leaves of ``status``."""
    certificate = certify(
        report,
        optimised_usd,
        bound.usd,
        bound.source,
        tangent_error_usd=_tangent_error_usd(model, report),
        relaxation_bound_usd=bound.relaxation_usd,
        floor_usd=max(FLOOR_USD, CONE_FLOOR * model.money_scale) if model.kind == "conic" else FLOOR_USD,
    )
    if not certificate.passed:
        return certificate, SolveStatus.FAILED
    return certificate, SolveStatus.WITHIN_GAP if certificate.gap > GAP_TOLERANCE else status


def _tangent_error_usd(model: Formulation, report: AuditReport) -> float:
    """What straight lines leave out of curved terms, at this plan; 0 where they are solved exactly."""
    if model.data.scenario.policy.queue_form == "exact":
        return 0.0
    curved = [name for name in CURVED if name in model.costs]
    return sum(report.penalty_usd[name] - float(model.costs[name].value) for name in curved)
