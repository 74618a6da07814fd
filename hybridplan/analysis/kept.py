"""A plan that was kept: shown again only after it has been audited again."""

from __future__ import annotations

from dataclasses import replace

from hybridplan.audit import audit, certify
from hybridplan.domain import Scenario
from hybridplan.io.plan_document import UnreadablePlan, unpack
from hybridplan.plan import COST_LINE_COLUMNS, Plan

_SAME = 1e-9
"""Relative difference within which the audited figures are those that were kept."""


def reopen(data: bytes, scenario: Scenario) -> Plan | None:
    """The kept plan of ``scenario`` where its tables still pass: every rule holds, the money is the kept money, and it
    is not below its bound. None where it is damaged, of another scenario, or does not pass: then solve again.
    """
    try:
        plan = unpack(data, scenario)
    except UnreadablePlan:
        return None
    proof = plan.certificate
    if not plan.status.has_plan or plan.tables is None or proof is None or plan.objective_usd is None:
        return None
    report = audit(scenario, plan.tables)
    again = certify(
        report,
        proof.optimised_usd,
        proof.bound_usd,
        proof.bound_source,
        tangent_error_usd=proof.tangent_error_usd,
        relaxation_bound_usd=proof.relaxation_bound_usd,
    )
    is_same = abs(report.objective_usd - plan.objective_usd) <= _SAME * max(abs(plan.objective_usd), 1.0)
    sums = {**plan.cost_usd, **plan.penalty_usd} == {**report.cost_usd, **report.penalty_usd}
    if not (again.passed and is_same and sums):
        return None
    # Plans that were kept before lines named their record.
    is_old = list(plan.cost_lines.columns) != list(COST_LINE_COLUMNS)
    return replace(plan, cost_lines=report.cost_lines) if is_old else plan
