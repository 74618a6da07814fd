"""Figures that the pages and the report share: analysis tables, named and on the scenario's clock, as charts."""

from __future__ import annotations

from typing import Final

import pandas as pd

from hybridplan.analysis import allocation, cost, key_figures, labels, latency, utilisation
from hybridplan.analysis import format as fmt
from hybridplan.analysis.clocks import clock_of, on_clock
from hybridplan.analysis.sentences import latency as latency_sentences
from hybridplan.charts import Figure, theme
from hybridplan.charts import allocation as allocation_chart
from hybridplan.charts import cost as cost_chart
from hybridplan.charts import latency as latency_chart
from hybridplan.charts import utilisation as utilisation_chart
from hybridplan.charts.series import Key
from hybridplan.domain import Scenario
from hybridplan.plan import Plan, PlanTables

MOST_ROUTES: Final = 20
"""Rows on one chart of latency; those with the least room come first."""
PENALTIES_HIDDEN: Final = "Penalties would dwarf the costs: they are hidden until you click them in the legend."


def pool_key(scenario: Scenario) -> Key:
    """Names and purchase options of the pools."""
    return Key(labels.pools(scenario), {key: pool.purchase_option for key, pool in scenario.pools.items()})


def cost_by_term(plan: Plan, period: fmt.Period, look: theme.Theme) -> Figure:
    """Cost by term beside the baselines."""
    names = key_figures.plan_names(plan)
    rows = key_figures.in_currency(plan, cost.by_term(plan), list(names), period)
    rows["name"] = [labels.term(str(code)) for code in rows["term"]]
    return cost_chart.by_term(rows, names, look, unit=key_figures.money_unit(plan, period))


def hides_penalties(plan: Plan) -> bool:
    """Whether the chart of costs starts without its penalties."""
    return cost_chart.penalties_dwarf(cost.by_term(plan), list(key_figures.plan_names(plan)))


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


def heatmap(plan: Plan, tables: PlanTables, block: str, look: theme.Theme) -> Figure:
    """Utilisation by pool and period."""
    scenario = plan.scenario
    rows = utilisation.by_period(scenario, tables)
    rows = rows.loc[rows["block"] == block].rename(columns={"accelerators_busy": "busy", "accelerators_base": "base"})
    hours, clock = clock_of(scenario, block)
    key = pool_key(scenario)
    return utilisation_chart.heatmap(on_clock(scenario, block, rows), key, look, period_hours=hours, clock=clock)


def fast_enough(plan: Plan, achieved: pd.DataFrame, look: theme.Theme) -> Figure:
    """Latency of the routes in use against their objectives, those with the least room. ``achieved``: of the plan."""
    rows = latency.by_route(plan, achieved)
    rows = rows.sort_values("room_ms", kind="stable").head(MOST_ROUTES)
    rows = rows.sort_values(["workload", "room_ms"], kind="stable").reset_index(drop=True)
    words = [latency_sentences.STATISTIC.get(str(code), "no objective") for code in rows["statistic"]]
    rows = rows.assign(name=latency_sentences.pair_names(plan, rows), statistic=words)
    return latency_chart.achieved(rows, look)


def floors(plan: Plan, look: theme.Theme) -> Figure:
    """Latency floors against objectives."""
    return latency_chart.floors(
        latency.floors(plan), labels.workloads(plan.scenario), labels.pools(plan.scenario), look
    )
