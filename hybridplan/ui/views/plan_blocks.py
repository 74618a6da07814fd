"""Section of the Plan page about blocks side by side: cost by term, use of the pools, demand, what is not served."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from hybridplan.analysis import by_block, key_figures, labels
from hybridplan.analysis import format as fmt
from hybridplan.analysis.sentences import blocks as sentences
from hybridplan.charts import Figure, theme
from hybridplan.charts import by_block as charts
from hybridplan.charts.series import Key
from hybridplan.plan import Plan, PlanTables
from hybridplan.report.figures import pool_key
from hybridplan.ui.views import parts
from hybridplan.ui.views.kept import kept
from hybridplan.ui.views.parts import Column


def show(plan: Plan, tables: PlanTables) -> None:
    """Draw the section."""
    parts.bullets(_said(plan, tables))
    period, look = parts.period_choice("blocks"), parts.look()
    parts.chart(_costs(plan, tables, period, look), "blocks-cost", "Cost of each block by term")
    if any(usd > 0 for usd in plan.penalty_usd.values()):
        st.caption("Penalties are left out here: they are no bills.")
    st.caption(_explained(period))
    _cost_table(plan, tables, period)
    parts.chart(_use(plan, tables, look), "blocks-use", "How full each pool is in each block")
    parts.chart(_demanded(plan, tables, look), "blocks-demand", "Accelerators needed in each block by workload")
    st.caption("Each workload on the fastest SKU that the pools have; work in windows spread evenly over them.")
    _summary_table(plan, tables)
    _unserved_table(plan, tables)


@kept
def _said(plan: Plan, tables: PlanTables) -> list[str]:
    return sentences.summary(plan, tables)


@kept
def _cost_rows(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    return by_block.costs(plan, tables)


@kept
def _summary(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    return by_block.summary(plan, tables)


@kept
def _costs(plan: Plan, tables: PlanTables, period: fmt.Period, look: theme.Theme) -> Figure:
    rows, names = _money(plan, tables, period), labels.blocks(plan.scenario)
    return charts.costs(rows, names, look, unit=_unit(plan, period))


@kept
def _use(plan: Plan, tables: PlanTables, look: theme.Theme) -> Figure:
    rows = by_block.use(plan.scenario, tables)
    return charts.use(rows, labels.blocks(plan.scenario), pool_key(plan.scenario), look)


@kept
def _demanded(plan: Plan, tables: PlanTables, look: theme.Theme) -> Figure:
    rows = by_block.demanded(plan.scenario).rename(columns={"workload": "series", "mean": "value"})
    return charts.demanded(rows, labels.blocks(plan.scenario), Key(labels.workloads(plan.scenario)), look)


def _money(plan: Plan, tables: PlanTables, period: fmt.Period) -> pd.DataFrame:
    """Cost by term in the display currency: of all occurrences of each block, or at its own rate per hour or year."""
    rows = _cost_rows(plan, tables).copy()
    rate = plan.scenario.display_currency.units_per_usd
    for key, hours in by_block.blocks(plan.scenario)[["block", "hours"]].itertuples(index=False, name=None):
        rows[key] = rows[key].astype(float) * fmt.per_period(rate, float(hours), period)
    return rows.assign(name=[labels.term(str(code)) for code in rows["term"]])


def _unit(plan: Plan, period: fmt.Period) -> str:
    code = plan.scenario.display_currency.code
    return f"{code} for all that the block stands for" if period == "plan" else key_figures.money_unit(plan, period)


def _explained(period: fmt.Period) -> str:
    if period == "plan":
        return "Each block with its weight: the blocks add up to the plan. Choose per hour to hold one against another."
    return "At the rate of each block: what it costs / the hours that it stands for."


def _cost_table(plan: Plan, tables: PlanTables, period: fmt.Period) -> None:
    rows, names = _money(plan, tables, period), labels.blocks(plan.scenario)
    total = {"name": "All costs", **rows[list(names)].sum().to_dict()}
    rows = pd.concat([rows, pd.DataFrame([total])], ignore_index=True)
    columns = {"name": Column("Term")}
    code = plan.scenario.display_currency.code
    unit = code if period == "plan" else key_figures.money_unit(plan, period)
    columns |= {key: Column(f"{name} ({unit})", "money") for key, name in names.items()}
    parts.table(rows, columns, "cost-by-block")


def _summary_table(plan: Plan, tables: PlanTables) -> None:
    currency = plan.scenario.display_currency
    rows = _summary(plan, tables).copy()
    rows["name"] = labels.named(rows["block"], labels.blocks(plan.scenario))
    rows["cost"] = parts.money_column(rows, "cost_usd", currency)
    rows["rate"] = parts.money_column(rows, "usd_per_hour", currency)
    rows["unserved_percent"] = rows["unserved_share"] * 100
    columns = {
        "name": Column("Block"),
        "cost": Column(f"Cost ({currency.code})", "money"),
        "rate": Column(f"Cost ({currency.code} per hour)", "money"),
        "unserved_percent": Column("Unserved (%)", "%.1f", "The largest share of any workload"),
        "busy_accelerator_hours": Column("Busy (accelerator-hours)", "money"),
        "energy_kwh": Column("Energy (kWh)", "money"),
        "carbon_tonnes": Column("Carbon (t CO₂e)", "%.2f"),
        "weight": Column("Occurs (times)", "%.4g"),
        "hours": Column("Stands for (hours)", "localized"),
        "demand_factor": Column("Demand factor", "%.4g"),
        "price_factor": Column("Price factor", "%.4g"),
    }
    parts.table(rows, columns, "blocks")


def _unserved_table(plan: Plan, tables: PlanTables) -> None:
    rows = by_block.unserved(plan.scenario, tables)
    rows = rows.loc[rows["share"] > 1e-6]
    if rows.empty:
        return
    scenario = plan.scenario
    rows = rows.assign(
        name=labels.named(rows["workload"], labels.workloads(scenario)),
        block_name=labels.named(rows["block"], labels.blocks(scenario)),
        unit=[scenario.workloads[str(key)].unit for key in rows["workload"]],
        percent=rows["share"] * 100,
    )
    columns = {
        "name": Column("Workload"),
        "block_name": Column("Block"),
        "unserved": Column("Not served (units)", "%.4g"),
        "unit": Column("Unit"),
        "percent": Column("Share of its demand (%)", "%.2f"),
    }
    parts.table(rows, columns, "unserved-by-block")
