"""Plan: one tab for each question that a plan answers, and files to take away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from hybridplan.analysis import registry
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui import session
from hybridplan.ui.downloads import download_plan
from hybridplan.ui.views import (
    parts,
    plan_blocks,
    plan_commitments,
    plan_data,
    plan_jobs,
    plan_latency,
    plan_money,
    plan_routes,
    plan_switched,
    plan_where,
    tabbed,
)

Section = Callable[[Plan, PlanTables], None]

SECTIONS: Final[dict[registry.Tab, Section]] = {
    "where": plan_where.where_it_runs,
    "cost": plan_money.what_it_costs,
    "blocks": plan_blocks.show,
    "commitments": plan_commitments.show,
    "full": plan_where.how_full,
    "latency": plan_latency.show,
    "switched": plan_switched.show,
    "jobs": plan_jobs.show,
    "flows": plan_where.what_flows,
    "data": plan_data.show,
    "limits": plan_money.what_limits,
    "routes": plan_routes.ruled_out,
    "nodes": plan_routes.whole_nodes,
    "energy": plan_money.energy_and_carbon,
}


def show() -> None:
    """Draw the page; only the section that is open is worked out, and tabs of what does not occur are left out."""
    plan = parts.plan_to_show(session.workspace())
    if plan is None or plan.tables is None:
        return
    download_plan(plan)
    tables = plan.tables
    tabbed.draw("plan", plan.scenario, {code: partial(one, plan, tables) for code, one in SECTIONS.items()})
