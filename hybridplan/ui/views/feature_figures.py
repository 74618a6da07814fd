"""Figures on queues, elastic pools and jobs: analysis tables on the clock of the scenario, handed to the charts."""

from __future__ import annotations

import pandas as pd

from hybridplan.analysis import elasticity, frames, jobs, labels, latency
from hybridplan.analysis.clocks import clock_of, on_clock
from hybridplan.analysis.sentences import latency as latency_sentences
from hybridplan.charts import Figure, theme
from hybridplan.charts import elasticity as elasticity_chart
from hybridplan.charts import jobs as job_chart
from hybridplan.charts import latency as latency_chart
from hybridplan.domain import Scenario
from hybridplan.plan import Plan, PlanTables
from hybridplan.report import figures as shared
from hybridplan.report.figures import MOST_ROUTES, pool_key
from hybridplan.ui.views.kept import kept

__all__ = ["MOST_ROUTES", "achieved", "fast_enough", "gains", "latency_over_time", "progress", "switched", "timeline"]


@kept
def achieved(plan: Plan) -> pd.DataFrame:
    """Latency by route and period, kept: several parts of a page ask for it. Never changed."""
    return latency.achieved(plan)


@kept
def fast_enough(plan: Plan, look: theme.Theme) -> Figure:
    """Latency of the routes in use against their objectives, those with the least room."""
    return shared.fast_enough(plan, achieved(plan), look)


@kept
def latency_over_time(plan: Plan, workload: str, block: str, look: theme.Theme) -> Figure:
    """One workload's slowest route in each period."""
    scenario, work = plan.scenario, plan.scenario.workloads[workload]
    rows = latency.worst_by_period(achieved(plan), workload, block)
    rows = _every(scenario, block).merge(rows, on="period_start", how="left")
    hours, clock = clock_of(scenario, block)
    return latency_chart.over_time(
        on_clock(scenario, block, rows.assign(objective_ms=work.latency_objective_ms or float("nan"))),
        look,
        name=labels.workloads(scenario)[workload],
        statistic=latency_sentences.STATISTIC[work.latency_statistic],
        period_hours=hours,
        clock=clock,
    )


@kept
def switched(plan: Plan, tables: PlanTables, pool: str, block: str, look: theme.Theme) -> Figure:
    """One pool: what is provisioned and what it does."""
    scenario = plan.scenario
    rows = elasticity.over_time(scenario, tables)
    rows = rows.loc[(rows["pool"] == pool) & (rows["block"] == block)]
    hours, clock = clock_of(scenario, block)
    return elasticity_chart.over_time(on_clock(scenario, block, rows), look, period_hours=hours, clock=clock)


@kept
def timeline(plan: Plan, tables: PlanTables, block: str, look: theme.Theme) -> Figure:
    """Windows of deferrable work and what runs in them."""
    scenario = plan.scenario
    rows, spans = jobs.work(plan, tables), jobs.windows(plan, tables)
    rows = rows.rename(columns={"period_start": "start", "period_end": "end"})
    _, clock = clock_of(scenario, block)
    return job_chart.timeline(
        _local(scenario, block, rows, "start", "end"),
        _local(scenario, block, spans, "start", "end"),
        labels.workloads(scenario),
        pool_key(scenario),
        look,
        clock=clock,
    )


@kept
def progress(plan: Plan, tables: PlanTables, follower: str, block: str, look: theme.Theme) -> Figure:
    """A workload and the one that it follows."""
    scenario, names = plan.scenario, labels.workloads(plan.scenario)
    first = jobs.followers(scenario)[follower]
    rows = jobs.progress(plan, tables, follower, block).assign(block=block)
    _, clock = clock_of(scenario, block)
    return job_chart.progress(
        _local(scenario, block, rows, "time"),
        look,
        first=names[first],
        follower=names[follower],
        unit=scenario.workloads[first].unit,
        clock=clock,
    )


@kept
def gains(plan: Plan, tables: PlanTables, workload: str, look: theme.Theme) -> Figure:
    """What more accelerators gain a workload, and where the plan stands on that curve."""
    scenario = plan.scenario
    used = jobs.efficiency(plan, tables, workload)
    curves = jobs.curves(plan, workload)
    curves = {key: curves[key] for key in sorted(curves, key=lambda key: key not in set(used["pool"]))}
    name = labels.workloads(scenario)[workload]
    return job_chart.gains(curves, used, pool_key(scenario), look, name=name)


def _every(scenario: Scenario, block: str) -> pd.DataFrame:
    """The starts of every period of a block."""
    times = frames.periods(scenario)
    return times.loc[times["block"] == block, ["period_start"]].reset_index(drop=True)


def _local(scenario: Scenario, block: str, rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Rows of one block with these columns in local time."""
    mine, found = rows.loc[rows["block"] == block], scenario.horizon.blocks[block]
    moved = {column: labels.wall_clock(scenario, found, pd.to_datetime(mine[column], utc=True)) for column in columns}
    return mine.assign(**moved)
