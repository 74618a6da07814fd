"""Plan: where it runs, what it costs, how full, latency, flows, limits, routes, whole nodes, and files to take away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from hybridplan.plan import Plan, PlanTables
from hybridplan.ui import session
from hybridplan.ui.downloads import download_plan
from hybridplan.ui.views import parts, plan_money, plan_routes, plan_where

Section = Callable[[Plan, PlanTables], None]

SECTIONS: Final[dict[str, Section]] = {
    "Where it runs": plan_where.where_it_runs,
    "What it costs": plan_money.what_it_costs,
    "How full": plan_where.how_full,
    "Latency": plan_routes.latency_floors,
    "Flows": plan_where.what_flows,
    "Limits": plan_money.what_limits,
    "Routes": plan_routes.ruled_out,
    "Whole nodes": plan_routes.whole_nodes,
    "Energy and carbon": plan_money.energy_and_carbon,
}


def show() -> None:
    """Draw the page; only the section that is open is worked out."""
    plan = parts.plan_to_show(session.workspace())
    if plan is None or plan.tables is None:
        return
    download_plan(plan)
    tabs = st.tabs(list(SECTIONS), key="plan-section", on_change="rerun")
    for tab, section in zip(tabs, SECTIONS.values(), strict=True):
        if tab.open:
            with tab:
                section(plan, plan.tables)
