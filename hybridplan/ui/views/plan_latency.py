"""Section of the Plan page about latency: with its queue where one is modelled, and the floor of every route."""

from __future__ import annotations

import streamlit as st

from hybridplan.analysis import labels, latency
from hybridplan.analysis.sentences import latency as sentences
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui.messages import safe
from hybridplan.ui.views import feature_figures, figures, parts
from hybridplan.ui.views.parts import Column

_MS = "%.4g"


def show(plan: Plan, tables: PlanTables) -> None:
    """Achieved latency where queues are modelled; then the floors of all routes."""
    if latency.queued(plan.scenario):
        _with_queues(plan)
        st.header("Without queues", anchor=False)
    _floors(plan)


def _with_queues(plan: Plan) -> None:
    parts.bullets(sentences.summary(plan))
    table = feature_figures.achieved(plan)
    if table.empty:
        return
    routes = len(latency.by_route(plan, table))
    figure = feature_figures.fast_enough(plan, parts.look())
    parts.chart(figure, "fast-enough", "Latency of each route in use against its objective")
    if routes > feature_figures.MOST_ROUTES:
        st.caption(f"The {feature_figures.MOST_ROUTES} routes with the least room; the table holds all {routes}.")
    _trust(plan)
    _over_time(plan)
    _by_workload(plan)
    _by_route(plan)


def _trust(plan: Plan) -> None:
    """How far the figures hold, one line each, so that none hides another."""
    st.caption("\n".join(f"- {safe(line)}" for line in sentences.trust(plan)))


def _over_time(plan: Plan) -> None:
    names = labels.workloads(plan.scenario)
    used = set(feature_figures.achieved(plan)["workload"])
    works = [key for key in latency.queued(plan.scenario) if key in used]
    block = parts.block_choice(labels.blocks(plan.scenario), "latency")
    chosen = st.selectbox("Workload over time", works, format_func=names.__getitem__, key="latency-workload")
    if chosen in works:
        figure = feature_figures.latency_over_time(plan, chosen, block, parts.look())
        parts.chart(figure, "latency-over-time", "Latency of one workload over time")


def _by_workload(plan: Plan) -> None:
    st.header("By workload", anchor=False)
    rows = latency.by_workload(plan, feature_figures.achieved(plan))
    rows["name"] = labels.named(rows["workload"], labels.workloads(plan.scenario))
    rows["timed"] = [sentences.timed(plan, str(key)) for key in rows["workload"]]
    rows["limits"] = [sentences.STATISTIC.get(str(code), "no objective") for code in rows["statistic"]]
    rows["load_percent"], rows["most_percent"] = rows["load"] * 100, rows["max_load_share"] * 100
    columns = {
        "name": Column("Workload"),
        "timed": Column("What is timed"),
        "limits": Column("Objective is on"),
        "objective_ms": Column("Objective (ms)", _MS),
        "achieved_ms": Column("At worst (ms)", _MS, "On its slowest route in the worst period"),
        "room_ms": Column("Room left (ms)", _MS),
        "mean_ms": Column("Mean (ms)", _MS, "Over all units and periods"),
        "worst_mean_ms": Column("Mean at worst (ms)", _MS, "Over all routes, in the worst period"),
        "cap_ms": Column("Cap on mean (ms)", _MS, "On the mean over all routes in every period"),
        "load_percent": Column("Load at most (%)", "%.1f", "Busy / assigned accelerators, on its fullest route"),
        "most_percent": Column("Load allowed (%)", "%.1f"),
        "kappa": Column("Factor κ", "%.3f", "Percentile / mean, at the largest load"),
    }
    parts.table(rows, columns, "latency-by-workload")


def _by_route(plan: Plan) -> None:
    st.header("By route", anchor=False)
    scenario = plan.scenario
    rows = latency.by_route(plan, feature_figures.achieved(plan))
    rows["name"] = labels.named(rows["workload"], labels.workloads(scenario))
    rows["pool_name"] = labels.named(rows["pool"], labels.pools(scenario))
    rows["formula"] = [sentences.formula(bool(batched)) for batched in rows["is_batched"]]
    for column, share in (("share", "share_of_served"), ("load_percent", "load"), ("limit_percent", "load_limit")):
        rows[column] = rows[share] * 100
    columns = {
        "name": Column("Workload"),
        "pool_name": Column("Pool"),
        "share": Column("Share of the workload (%)", "%.1f"),
        "load_percent": Column("Load at most (%)", "%.1f", "Busy / assigned accelerators"),
        "limit_percent": Column("Load allowed (%)", "%.1f"),
        "mean_ms": Column("Mean (ms)", _MS, "Over all units and periods"),
        "p50_ms": Column("p50 at worst (ms)", _MS, "Half of the requests, in the worst period"),
        "p95_ms": Column("p95 at worst (ms)", _MS, "95 of 100 requests, in the worst period"),
        "achieved_ms": Column("Limited, at worst (ms)", _MS, "What the objective limits, in the worst period"),
        "objective_ms": Column("Objective (ms)", _MS),
        "room_ms": Column("Room left (ms)", _MS),
        "formula": Column("Formula"),
    }
    parts.table(rows, columns, "latency-by-route")


def _floors(plan: Plan) -> None:
    parts.chart(figures.floors(plan, parts.look()), "latency", "Latency floor of each pool for each workload")
    st.caption(
        "Latency floor = round trip + service time (times the factor of a percentile, where the objective is on one), "
        "with nobody else there. A pool may be near enough and still be ruled out for another reason."
    )
    rows = latency.mean_floor(latency.floors(plan))
    rows["name"] = labels.named(rows["workload"], labels.workloads(plan.scenario))
    columns = {
        "name": Column("Workload"),
        "objective_ms": Column("Objective (ms)", _MS),
        "worst_used_ms": Column("Worst route used (ms)", _MS),
        "mean_used_ms": Column("Mean over what is served (ms)", _MS),
        "room_ms": Column("Room left (ms)", _MS),
    }
    parts.table(rows, columns, "latency")
