"""Section of the Plan page about pools that are switched on and off, and what slow scaling costs."""

from __future__ import annotations

import streamlit as st

from hybridplan.analysis import elasticity, labels
from hybridplan.analysis import format as fmt
from hybridplan.analysis.sentences import elastic
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui.views import feature_figures, parts
from hybridplan.ui.views.parts import Column


def show(plan: Plan, tables: PlanTables) -> None:
    """What is on over time, what starts cost, and the price of slow scaling."""
    _slow_scaling(plan)
    parts.bullets(elastic.idle(plan))
    names = labels.pools(plan.scenario)
    pools = elasticity.shown_pools(plan.scenario)
    if not pools:
        return
    block = parts.block_choice(labels.blocks(plan.scenario), "switched")
    pool = st.selectbox("Pool", pools, format_func=names.__getitem__, key="switched-pool")
    if pool in pools:
        figure = feature_figures.switched(plan, tables, pool, block, parts.look())
        parts.chart(figure, "switched", "What is provisioned in one pool over time, and what it does")
        st.caption("Stacked up to what is provisioned. A block follows its own end, as a week follows a week.")
    _table(plan, tables)


def _slow_scaling(plan: Plan) -> None:
    words, usd = elastic.slow_scaling(plan), elasticity.slow_scaling_usd(plan)
    if not words or usd is None or plan.instant_objective_usd is None or plan.objective_usd is None:
        return
    currency, span = plan.scenario.display_currency, fmt.span(plan.scenario.horizon.plan_hours)
    shown = (
        ("Price of slow scaling", max(usd, 0.0), span),
        ("With ramps and lead times", plan.objective_usd, f"{span}, penalties included"),
        ("With instant scaling", plan.instant_objective_usd, f"{span}, penalties included"),
    )
    parts.tiles((name, elastic.beside(amount, usd, currency), f"for {note}") for name, amount, note in shown)
    parts.paragraph(words)


def _table(plan: Plan, tables: PlanTables) -> None:
    scenario, currency = plan.scenario, plan.scenario.display_currency
    rows = elasticity.by_pool(plan, tables)
    if rows.empty:
        return
    rows["name"] = labels.named(rows["pool"], labels.pools(scenario))
    rows["start_cost"] = parts.money_column(rows, "start_usd", currency)
    columns = {
        "name": Column("Pool"),
        "provisioned_hours": Column("Provisioned (accelerator-hours)", "%.1f"),
        "busy_hours": Column("Busy (accelerator-hours)", "%.1f"),
        "idle_hours": Column("Idle (accelerator-hours)", "%.1f", "Provisioned - busy: booting, kept free, or unused"),
        "booting_hours": Column("Booting (accelerator-hours)", "%.1f"),
        "most": Column("Most at one time (accelerators)", "%.1f"),
        "most_nodes": Column("Most at one time (whole nodes)", "%d"),
        "starts_nodes": Column("Starts (nodes)", "%.2f"),
        "start_cost": Column(f"Starts ({currency.code} for {fmt.span(scenario.horizon.plan_hours)})", "money"),
    }
    if rows["most_nodes"].isna().all():
        del columns["most_nodes"]
    parts.table(rows, columns, "switched-on")
