"""Section of the Plan page about work that may wait: when it runs, what it follows, what more accelerators gain."""

from __future__ import annotations

import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.analysis import jobs, labels
from hybridplan.analysis.sentences import jobs as sentences
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui.views import feature_figures, parts
from hybridplan.ui.views.parts import Column


def show(plan: Plan, tables: PlanTables) -> None:
    """Windows over time and as a table, followers, and gains from more accelerators."""
    scenario = plan.scenario
    parts.bullets(sentences.summary(plan))
    if not jobs.deferrable(scenario):
        return
    block = parts.block_choice(labels.blocks(scenario), "jobs")
    figure = feature_figures.timeline(plan, tables, block, parts.look())
    parts.chart(figure, "jobs", "When the windows of each workload run, by pool")
    st.caption("Frames are windows. A bar is as tall as its accelerators, against the workload's most at one time.")
    _after(plan, tables, block)
    _gains(plan, tables)
    _table(plan, tables)


def _after(plan: Plan, tables: PlanTables, block: str) -> None:
    for follower in jobs.followers(plan.scenario):
        figure = feature_figures.progress(plan, tables, follower, block, parts.look())
        parts.chart(figure, f"after:{follower}", "Work done by a workload and by the one that it follows")


def _gains(plan: Plan, tables: PlanTables) -> None:
    works, names = jobs.scaled(plan), labels.workloads(plan.scenario)
    if not works:
        return
    chosen = works[0]
    if len(works) > 1:
        chosen = st.selectbox("Gains for", works, format_func=names.__getitem__, key="gains-workload") or chosen
    figure = feature_figures.gains(plan, tables, chosen, parts.look())
    parts.chart(figure, "gains", "Effective accelerators over accelerators used")


def _table(plan: Plan, tables: PlanTables) -> None:
    st.header("Windows", anchor=False)
    scenario, zone = plan.scenario, labels.zone(plan.scenario)
    rows = jobs.windows(plan, tables)
    rows["name"] = labels.named(rows["workload"], labels.workloads(scenario))
    rows["unit"] = [scenario.workloads[str(key)].unit for key in rows["workload"]]
    rows["done_percent"] = rows["share_done"] * 100
    rows["places"] = [fmt.listed(labels.named(sites, labels.sites(scenario))) for sites in rows["sites"]]
    rows["gang_size"] = rows["gang"].where(rows["gang"] > 0)
    for column in ("start", "end", "begins", "finishes"):
        rows[f"{column}_time"] = [parts.short_clock(moment, zone) for moment in rows[column]]
    columns = {
        "name": Column("Workload"),
        "window": Column("Window"),
        "done_percent": Column("Done (%)", "%.1f"),
        "start_time": Column(f"Opens ({zone.key})"),
        "begins_time": Column("Begins", help="Start of the first hour in which it runs"),
        "finishes_time": Column("Finishes", help="End of the last hour in which it runs"),
        "end_time": Column("Closes"),
        "done": Column("Done (units each time)", "%.4g"),
        "unserved": Column("Left over (units each time)", "%.4g"),
        "unit": Column("Unit"),
        "peak": Column("Most at one time (accelerators)", "%.1f"),
        "accelerator_hours": Column("Accelerator-hours each time", "%.1f"),
        "gang_size": Column("Gang (accelerators)", "%d"),
        "places": Column("Sites"),
    }
    if rows["gang_size"].isna().all():
        del columns["gang_size"]
    parts.table(rows, columns, "windows")
