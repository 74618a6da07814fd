"""Sections of the Plan page about place and time: where it runs, how full the pools are, what flows."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from hybridplan.analysis import allocation, flows, labels, utilisation
from hybridplan.analysis import format as fmt
from hybridplan.analysis.sentences import caps, decision
from hybridplan.domain import Scenario
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui.views import figures, parts, plan_promises
from hybridplan.ui.views.parts import Column

_TABLE_HEIGHT = 320


def where_it_runs(plan: Plan, tables: PlanTables) -> None:
    """Allocation over time against demand, all pools or one workload, and the tables behind it."""
    scenario, look = plan.scenario, parts.look()
    parts.paragraph(decision.where(plan))
    for words in [*caps.unserved(plan), *filter(None, [caps.providers(plan)]), *caps.number_of_providers(plan)]:
        parts.paragraph(words)
    names = labels.workloads(scenario)
    block = parts.block_choice(labels.blocks(scenario), "where")
    parts.chart(figures.over_time(plan, tables, block, look), "over-time", "Busy accelerators by pool against demand")
    st.caption(
        "Demand = accelerators that the plan keeps busy + those that the work not served would need. Hatching: "
        "committed (crosses), on demand (stripes), interruptible (dots); owned pools are plain."
    )
    chosen = st.selectbox("One workload in its own unit", list(names), format_func=names.__getitem__, key="workload")
    if chosen in names:
        figure = figures.of_workload(plan, tables, chosen, block, look)
        parts.chart(figure, "of-workload", "One workload by pool against its demand")
    _totals(scenario, tables)
    _by_period(scenario, tables)


def _totals(scenario: Scenario, tables: PlanTables) -> None:
    st.header("Workload and pool, over the horizon", anchor=False)
    rows = _named(scenario, allocation.totals(scenario, tables))
    rows["unit"] = [scenario.workloads[str(key)].unit for key in rows["workload"]]
    rows["share_percent"] = rows["share_of_served"] * 100
    columns = {
        "workload_name": Column("Workload"),
        "pool_name": Column("Pool"),
        "share_percent": Column("Share of the workload (%)", "%.1f"),
        "accelerator_hours": Column("Accelerator-hours", "%.1f"),
        "units": Column("Work (units)", "%.4g"),
        "unit": Column("Unit"),
    }
    parts.table(rows, columns, "allocation-totals", height=_TABLE_HEIGHT)


def _by_period(scenario: Scenario, tables: PlanTables) -> None:
    with st.expander("Every period (the tables of the plan)", icon=":material/table_rows:"):
        rows = _local(scenario, _named(scenario, tables.allocation))
        columns = {
            "workload_name": Column("Workload"),
            "pool_name": Column("Pool"),
            "time": Column(f"Start ({labels.zone(scenario).key})"),
            "accelerators_busy": Column("Busy (accelerators)", "%.3f"),
            "accelerators_assigned": Column("Assigned (accelerators)", "%.3f"),
            "units_per_hour": Column("Work (units per hour)", "%.4g"),
        }
        parts.table(rows, columns, "allocation", height=_TABLE_HEIGHT)
        rows = _local(scenario, _named(scenario, tables.provisioned))
        columns = {
            "pool_name": Column("Pool"),
            "time": Column(f"Start ({labels.zone(scenario).key})"),
            "accelerators_provisioned": Column("Provisioned (accelerators)", "%.3f"),
            "accelerators_available": Column("Available (accelerators)", "%.3f"),
            "accelerators_busy": Column("Busy (accelerators)", "%.3f"),
        }
        parts.table(rows, columns, "provisioned", height=_TABLE_HEIGHT)


def how_full(plan: Plan, tables: PlanTables) -> None:
    """Utilisation by pool and period, and over the horizon."""
    scenario = plan.scenario
    block = parts.block_choice(labels.blocks(scenario), "full")
    parts.chart(figures.heatmap(plan, tables, block, parts.look()), "heatmap", "Utilisation of each pool over time")
    st.caption(
        "Owned and committed pools, also those that may be switched off: busy / available (they are paid for anyway). "
        "Rented pools: busy / provisioned (only that is paid for). Blank: nothing is provisioned."
    )
    if words := decision.balance(plan):
        parts.paragraph(words)
    rows = _named(scenario, utilisation.by_pool(scenario, tables, plan.routes))
    rows["percent"] = rows["utilisation"] * 100
    base = rows["base_accelerator_hours"]
    rows["needed_percent"] = rows["needed_accelerator_hours"] / base.where(base > 0) * 100
    rows["held_percent"] = rows["held_back_share"] * 100
    columns = {
        "pool_name": Column("Pool"),
        "percent": Column("Busy (%)", "%.1f"),
        "needed_percent": Column("Needed (%)", "%.1f", "Busy, and what short queues and gangs need beside it"),
        "basis": Column("Out of"),
        "busy_accelerator_hours": Column("Busy (accelerator-hours)", "%.1f"),
        "base_accelerator_hours": Column("Base (accelerator-hours)", "%.1f"),
        "peak_busy": Column("Peak (accelerators)", "%.1f"),
        "full_hours": Column("Full (hours)", "%.1f", "Hours in which all of it is needed, less what is held back"),
        "held_percent": Column("Held back (%)", "%.1f"),
    }
    parts.table(rows, columns, "utilisation")
    plan_promises.show(plan)


def what_flows(plan: Plan, tables: PlanTables) -> None:
    """Workload to pool as a Sankey, in accelerator-hours or in GB, and the links between sites."""
    scenario = plan.scenario
    measure = st.segmented_control(
        "Show",
        list(figures.MEASURES),
        default="accelerator_hours",
        required=True,
        format_func=lambda code: "Accelerator-hours" if code == "accelerator_hours" else "Data between sites (GB)",
        key="flow-measure",
        label_visibility="collapsed",
    )
    figure = figures.sankey(plan, tables, measure or "accelerator_hours", parts.look())
    parts.chart(figure, "sankey", "Flows from workloads to pools")
    st.header("Links between sites, over the horizon", anchor=False)
    rows = flows.by_link(scenario, tables)
    rows["name"] = labels.named(rows["link"], labels.links(scenario))
    rows["peak_percent"] = rows["peak_share"] * 100
    rows["cost"] = parts.money_column(rows, "usd", scenario.display_currency)
    rows["fixed"] = parts.money_column(rows, "fixed_usd", scenario.display_currency)
    rows = rows.loc[(rows["transfer_gb"] > 0) | (rows["fixed_usd"] > 0)]
    if rows.empty:
        parts.paragraph("No data crosses a link in this plan.")
        return
    columns = {
        "name": Column("Link"),
        "transfer_gb": Column("Data (GB)", "%.1f"),
        "peak_gb_per_hour": Column("Peak (GB per hour)", "%.2f"),
        "limit_gb_per_hour": Column("Bandwidth (GB per hour)", "%.1f"),
        "peak_percent": Column("Peak use (%)", "%.1f"),
        "cost": Column(f"Cost ({scenario.display_currency.code} for {fmt.span(scenario.horizon.plan_hours)})", "money"),
        "fixed": Column(f"Fixed ({scenario.display_currency.code}, the same)", "money", "Whatever crosses it"),
    }
    if not (rows["fixed_usd"] > 0).any():
        del columns["fixed"]
    parts.table(rows, columns, "links")


def _named(scenario: Scenario, rows: pd.DataFrame) -> pd.DataFrame:
    out = rows.copy()
    if "workload" in out:
        out["workload_name"] = labels.named(out["workload"], labels.workloads(scenario))
    if "pool" in out:
        out["pool_name"] = labels.named(out["pool"], labels.pools(scenario))
    return out


def _local(scenario: Scenario, rows: pd.DataFrame) -> pd.DataFrame:
    """With the start in local time and its offset, as text."""
    zone = labels.zone(scenario)
    return rows.assign(time=[parts.clock(start, zone) for start in rows["period_start"]])
