"""Figures of a plan: analysis tables, named and put on the clock of the scenario, handed to the charts."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from hybridplan.analysis import allocation, cost, flows, labels, latency, limits, utilisation
from hybridplan.analysis import format as fmt
from hybridplan.analysis.sentences import limits as limit_sentences
from hybridplan.charts import Figure, bars, theme
from hybridplan.charts import allocation as allocation_chart
from hybridplan.charts import cost as cost_chart
from hybridplan.charts import flows as flow_chart
from hybridplan.charts import latency as latency_chart
from hybridplan.charts import utilisation as utilisation_chart
from hybridplan.charts.series import Key
from hybridplan.domain import Scenario
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui.views.kept import kept

MEASURES: Final = {"accelerator_hours": "accelerator-hours", "transfer_gb": "GB"}


@kept
def cost_lines(plan: Plan) -> dict[str, pd.DataFrame]:
    """Audited cost lines of the plan and its baselines without penalties, kept: pages ask for them at every run.

    Never changed.
    """
    return {name: bills(plan, lines) for name, lines in cost.lines_of(plan).items()}


def bills(plan: Plan, lines: pd.DataFrame) -> pd.DataFrame:
    """Cost lines that somebody pays: without penalties, which would make a pool look dearer than it is."""
    return lines.loc[~lines["term"].isin(list(plan.penalty_usd))]


def pool_key(scenario: Scenario) -> Key:
    """Names and purchase options of the pools."""
    return Key(labels.pools(scenario), {key: pool.purchase_option for key, pool in scenario.pools.items()})


def plan_names(plan: Plan) -> dict[str, str]:
    """Names of the plan and its baselines by column."""
    return {cost.PLAN_COLUMN: labels.PLAN} | {name: labels.baseline(name) for name in plan.baselines}


@kept
def over_time(plan: Plan, tables: PlanTables, block: str, look: theme.Theme) -> Figure:
    """Busy accelerators by pool against demand."""
    scenario = plan.scenario
    rows = allocation.by_pool(tables, block).rename(columns={"pool": "series", "accelerators_busy": "value"})
    demand = allocation.demand_in_accelerators(scenario, tables, plan.routes, block)
    hours, clock = clock_of(scenario, block)
    return allocation_chart.over_time(
        on_clock(scenario, block, rows),
        on_clock(scenario, block, demand),
        pool_key(scenario),
        look,
        period_hours=hours,
        clock=clock,
    )


@kept
def of_workload(plan: Plan, tables: PlanTables, workload: str, block: str, look: theme.Theme) -> Figure:
    """One workload in its own unit by pool against its demand."""
    scenario = plan.scenario
    rows = allocation.of_workload(tables, workload, block)
    rows = rows.rename(columns={"pool": "series", "units_per_hour": "value"})
    every = allocation.demand_in_accelerators(scenario, tables, plan.routes, block)[["period_start"]]
    wanted = allocation.demand_of_workload(scenario, workload, block)
    demand = every.assign(demanded=every["period_start"].map(wanted.set_index("period_start")["units_per_hour"]))
    hours, clock = clock_of(scenario, block)
    return allocation_chart.of_workload(
        on_clock(scenario, block, rows),
        on_clock(scenario, block, demand.astype({"demanded": float})),
        pool_key(scenario),
        look,
        name=labels.workloads(scenario)[workload],
        unit=scenario.workloads[workload].unit,
        period_hours=hours,
        clock=clock,
    )


@kept
def heatmap(plan: Plan, tables: PlanTables, block: str, look: theme.Theme) -> Figure:
    """Utilisation by pool and period."""
    scenario = plan.scenario
    rows = utilisation.by_period(scenario, tables)
    rows = rows.loc[rows["block"] == block].rename(columns={"accelerators_busy": "busy", "accelerators_base": "base"})
    hours, clock = clock_of(scenario, block)
    key = pool_key(scenario)
    return utilisation_chart.heatmap(on_clock(scenario, block, rows), key, look, period_hours=hours, clock=clock)


@kept
def cost_by_term(plan: Plan, period: fmt.Period, look: theme.Theme) -> Figure:
    """Cost by term beside the baselines."""
    names = plan_names(plan)
    rows = money(plan, cost.by_term(plan), list(names), period)
    rows["name"] = [labels.term(str(code)) for code in rows["term"]]
    return cost_chart.by_term(rows, names, look, unit=money_unit(plan, period))


@kept
def cost_by_pool(plan: Plan, period: fmt.Period, look: theme.Theme) -> Figure:
    """Cost by pool beside the baselines, without penalties and what belongs to no pool."""
    names = plan_names(plan)
    rows = cost.by_pool(cost_lines(plan))
    rows = money(plan, rows.loc[rows["pool"] != ""], list(names), period)
    return cost_chart.by_pool(rows, names, pool_key(plan.scenario), look, unit=money_unit(plan, period))


@kept
def floors(plan: Plan, look: theme.Theme) -> Figure:
    """Latency floors against objectives."""
    return latency_chart.floors(
        latency.floors(plan), labels.workloads(plan.scenario), labels.pools(plan.scenario), look
    )


@kept
def sankey(plan: Plan, tables: PlanTables, measure: str, look: theme.Theme) -> Figure:
    """Workload to pool, in accelerator-hours or in GB between sites."""
    rows = flows.by_route(plan.scenario, tables).rename(columns={measure: "value"})
    question = "Which workload runs on which pool?" if measure == "accelerator_hours" else "What data moves where?"
    names = labels.workloads(plan.scenario)
    return flow_chart.sankey(rows, names, pool_key(plan.scenario), look, question=question, unit=MEASURES[measure])


@kept
def limit_values(plan: Plan, look: theme.Theme) -> Figure | None:
    """What one more accelerator in each full pool is worth; None where none is."""
    rows = limits.binding(plan)
    rows = rows.loc[rows["limit"] == limits.ONE_MORE_ACCELERATOR]
    if rows.empty:
        return None
    currency, key = plan.scenario.display_currency, pool_key(plan.scenario)
    paint = key.colours(look)
    return bars.ranked(
        [limit_sentences.subject(plan, str(pool)) for pool in rows["record"]],
        [float(usd) * currency.units_per_usd for usd in rows["usd"]],
        look,
        question="What is one more accelerator worth?",
        unit=money_unit(plan, "plan"),
        colours=[paint[str(pool)] for pool in rows["record"]],
    )


@kept
def by_quantity(plan: Plan, column: str, question: str, unit: str, look: theme.Theme) -> Figure:
    """One audited quantity by pool, greatest first."""
    rows = plan.quantities.loc[plan.quantities[column] > 0].sort_values(column, ascending=False, kind="stable")
    key = pool_key(plan.scenario)
    paint = key.colours(look)
    return bars.ranked(
        labels.named(rows["pool"], key.names),
        rows[column].tolist(),
        look,
        question=question,
        unit=unit,
        colours=[paint[str(pool)] for pool in rows["pool"]],
    )


def say_if_penalties_hide(plan: Plan) -> None:
    """A word under the chart of costs where it starts without its penalties."""
    if cost_chart.penalties_dwarf(cost.by_term(plan), list(plan_names(plan))):
        st.caption("Penalties would dwarf the costs: they are hidden until you click them in the legend.")


def money(plan: Plan, frame: pd.DataFrame, columns: list[str], period: fmt.Period) -> pd.DataFrame:
    """US dollars of the horizon as the display currency per plan, hour or year."""
    hours = plan.scenario.horizon.plan_hours
    factor = fmt.per_period(plan.scenario.display_currency.units_per_usd, hours, period)
    return frame.assign(**{column: frame[column].astype(float) * factor for column in columns})


def money_unit(plan: Plan, period: fmt.Period) -> str:
    """``USD per year``, ``USD for the week``."""
    named = {"hour": "per hour", "year": "per year", "plan": f"for {fmt.span(plan.scenario.horizon.plan_hours)}"}
    return f"{plan.scenario.display_currency.code} {named[period]}"


def on_clock(scenario: Scenario, block: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The table with ``time`` in local time beside ``period_start``."""
    starts = pd.to_datetime(rows["period_start"], utc=True)
    return rows.assign(time=labels.wall_clock(scenario, scenario.horizon.blocks[block], starts))


def clock_of(scenario: Scenario, block: str) -> tuple[float, str]:
    """Length of a block's periods in hours, and the name of its clock."""
    found = scenario.horizon.blocks[block]
    return found.period_hours, labels.clock_name(scenario, found)
