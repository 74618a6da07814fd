"""Sections of the Plan page about what is possible: routes ruled out, whole nodes."""

from __future__ import annotations

import streamlit as st

from hybridplan.analysis import labels
from hybridplan.analysis.sentences import nodes, routes
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui.views import parts
from hybridplan.ui.views.parts import Column


def ruled_out(plan: Plan, tables: PlanTables) -> None:
    """Which pairs of workload and pool are ruled out, and why; and those that are allowed."""
    parts.bullets(routes.summary(plan))
    works, pools = labels.workloads(plan.scenario), labels.pools(plan.scenario)
    rows = routes.ruled_out(plan)
    rows["workload"], rows["pool"] = labels.named(rows["workload"], works), labels.named(rows["pool"], pools)
    columns = {
        "workload": Column("Workload"),
        "pool": Column("Pool"),
        "detail": Column("Why, and what would change it"),
        "reason": Column("Reason"),
    }
    parts.table(rows, columns, "routes-ruled-out")
    st.header("Allowed routes", anchor=False)
    rows = plan.routes.loc[plan.routes["eligible"].astype(bool)].copy()
    rows["estimate"] = ["estimate" if marked else "measured" for marked in rows["is_estimate"]]
    rows["unit"] = [f"{plan.scenario.workloads[str(key)].unit} per accelerator-hour" for key in rows["workload"]]
    rows["workload"], rows["pool"] = labels.named(rows["workload"], works), labels.named(rows["pool"], pools)
    columns = {
        "workload": Column("Workload"),
        "pool": Column("Pool"),
        "units_per_accelerator_hour": Column("Productivity", "%.4g"),
        "unit": Column("Unit"),
        "latency_floor_ms": Column("Latency floor (ms)", "%.1f"),
        "estimate": Column("Throughput is"),
    }
    parts.table(rows, columns, "routes-allowed")


def whole_nodes(plan: Plan, tables: PlanTables) -> None:
    """The plan in whole replicas and nodes: what can be ordered."""
    parts.bullets(nodes.whole_nodes(plan))
    rows = nodes.table(plan)
    if rows.empty:
        return
    rows["name"] = labels.named(rows["pool"], labels.pools(plan.scenario))
    rows["counted"] = ["decided by the plan" if source == "plan" else "rounded up" for source in rows["source"]]
    columns = {
        "name": Column("Pool"),
        "counted": Column("Nodes are"),
        "accelerators_per_node": Column("Accelerators per node", "%d"),
        "least_nodes": Column("Fewest nodes", "%d"),
        "mean_nodes": Column("Mean nodes", "%.2f"),
        "most_nodes": Column("Most nodes", "%d"),
        "short_periods": Column("Periods that do not fit", "%d"),
    }
    parts.table(rows, columns, "whole-nodes")
