"""What hand-solved tests share: a plan solved, and what they read from it."""

from __future__ import annotations

from typing import Any

import pytest
from builders import scenario

from hybridplan.audit import audit
from hybridplan.domain import Scenario
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus


def planned(pools: dict[str, Any], workloads: dict[str, Any], *, periods: int = 1, **fields: Any) -> Plan:
    """The optimal plan of this scenario."""
    plan = optimise(scenario(pools, workloads, periods=periods, **fields))
    assert plan.status is SolveStatus.OPTIMAL, (plan.status, plan.certificate, plan.solver)
    assert plan.certificate is not None
    assert plan.certificate.passed
    return plan


def money(plan: Plan) -> dict[str, float]:
    """Costs and penalties that are not 0."""
    return {name: usd for name, usd in {**plan.cost_usd, **plan.penalty_usd}.items() if abs(usd) > 1e-7}


def usd(*args: Any, **fields: Any) -> float:
    """Objective of the optimal plan."""
    found = planned(*args, **fields).objective_usd
    assert found is not None
    return found


def provisioned(plan: Plan, pool: str) -> list[float]:
    """Accelerators provisioned on a pool, period by period."""
    assert plan.tables is not None
    rows = plan.tables.provisioned
    return [float(x) for x in rows.loc[rows["pool"] == pool, "accelerators_provisioned"]]


def units(plan: Plan, workload: str, periods: int, pool: str | None = None) -> list[float]:
    """Units per hour of a workload, period by period of hourly periods from midnight."""
    assert plan.tables is not None
    rows = plan.tables.allocation
    mine = rows[(rows["workload"] == workload) & ((rows["pool"] == pool) | (pool is None))]
    return [float(mine.loc[mine["period_start"].dt.hour == hour, "units_per_hour"].sum()) for hour in range(periods)]


def assigned(plan: Plan, pool: str) -> float:
    """Accelerators assigned on a pool, summed over periods."""
    assert plan.tables is not None
    rows = plan.tables.allocation
    return float(rows.loc[rows["pool"] == pool, "accelerators_assigned"].sum())


def shadow(plan: Plan, limit: str, record: str = "", hour: int | None = None) -> float:
    """Sum of the shadow prices of a limit (USD of the horizon per unit), of one record and hour where given."""
    rows = plan.shadow_prices
    mine = rows[rows["limit"] == limit]
    if record:
        mine = mine[mine["record"] == record]
    if hour is not None:
        mine = mine[mine["period_start"].dt.hour == hour]
    return float(mine["usd_per_unit"].sum())


def nearly(value: float) -> Any:
    """To a millionth."""
    return pytest.approx(value, rel=1e-6, abs=1e-6)


def broken(plan: Plan, judge: Scenario) -> set[str]:
    """Rules of another scenario that this plan breaks, by the audit."""
    assert plan.tables is not None
    assert audit(plan.scenario, plan.tables).ok
    report = audit(judge, plan.tables)
    rows = report.residuals
    return {str(rule) for rule in rows.loc[rows["relative"] > 1e-6, "rule"]}
