"""Figures of a plan: analysis tables, named and put on the clock of the scenario, handed to the charts."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from hybridplan.analysis import allocation, cost, flows, key_figures, labels, limits
from hybridplan.analysis import format as fmt
from hybridplan.analysis.clocks import clock_of, on_clock
from hybridplan.analysis.sentences import limits as limit_sentences
from hybridplan.charts import Figure, bars, theme
from hybridplan.charts import allocation as allocation_chart
from hybridplan.charts import cost as cost_chart
from hybridplan.charts import flows as flow_chart
from hybridplan.plan import Plan, PlanTables
from hybridplan.report import figures as shared
from hybridplan.report.figures import pool_key
from hybridplan.ui.views.kept import kept

MEASURES: Final = {"accelerator_hours": "accelerator-hours", "transfer_gb": "GB"}


@kept
def cost_lines(plan: Plan) -> dict[str, pd.DataFrame]:
    """Audited cost lines of the plan and its baselines without penalties, kept: pages ask for them at every run.

    Never changed.
    """
    return {name: key_figures.bills(plan, lines) for name, lines in cost.lines_of(plan).items()}


@kept
def over_time(plan: Plan, tables: PlanTables, block: str, look: theme.Theme) -> Figure:
    """Busy accelerators by pool against demand."""
    return shared.over_time(plan, tables, block, look)


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
    return shared.heatmap(plan, tables, block, look)


@kept
def cost_by_term(plan: Plan, period: fmt.Period, look: theme.Theme) -> Figure:
    """Cost by term beside the baselines."""
    return shared.cost_by_term(plan, period, look)


@kept
def cost_by_pool(plan: Plan, period: fmt.Period, look: theme.Theme) -> Figure:
    """Cost by pool beside the baselines, without penalties and what belongs to no pool."""
    names = key_figures.plan_names(plan)
    rows = cost.by_pool(cost_lines(plan))
    rows = key_figures.in_currency(plan, rows.loc[rows["pool"] != ""], list(names), period)
    return cost_chart.by_pool(rows, names, pool_key(plan.scenario), look, unit=key_figures.money_unit(plan, period))


@kept
def floors(plan: Plan, look: theme.Theme) -> Figure:
    """Latency floors against objectives."""
    return shared.floors(plan, look)


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
        unit=key_figures.money_unit(plan, "plan"),
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
    if shared.hides_penalties(plan):
        st.caption(shared.PENALTIES_HIDDEN)
