"""Evidence that stands only where it applies: latency, routes ruled out, whole nodes, jobs, switched pools."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pandas as pd

from hybridplan.analysis import elasticity, jobs, key_figures, labels, latency
from hybridplan.analysis import format as fmt
from hybridplan.analysis.sentences import elastic, handover, nodes, routes
from hybridplan.analysis.sentences import jobs as job_sentences
from hybridplan.analysis.sentences import latency as latency_sentences
from hybridplan.analysis.wording import say
from hybridplan.plan import Plan, PlanTables
from hybridplan.report.content_parts import Chart, Section, Table
from hybridplan.report.content_tables import MOST_ROWS, capped, count, number, share, shortened, table, text


def promised(plan: Plan) -> tuple[Section, ...]:
    """Latency promised and achieved; nothing where no workload has a promise or a queue."""
    works = plan.scenario.workloads.values()
    achieved = latency.achieved(plan)
    if achieved.empty and not any(work.latency_objective_ms for work in works):
        return ()
    title = "Is every request fast enough?" if len(achieved) else "Which pools are near enough for each workload?"
    chart = Chart("latency", title, handover.latency_seen(plan, achieved), "")
    return (
        Section(
            "latency",
            "Latency: promised and achieved",
            paragraphs=tuple(latency_sentences.trust(plan)) if len(achieved) else (say("note.floors"),),
            bullets=capped(latency_sentences.summary(plan)),
            charts=(chart,),
            tables=(*_achieved(plan, achieved), *_floors(plan)),
        ),
    )


def _achieved(plan: Plan, achieved: pd.DataFrame) -> tuple[Table, ...]:
    if achieved.empty:
        return ()
    rows = latency.by_workload(plan, achieved)
    rows["name"] = labels.named(rows["workload"], labels.workloads(plan.scenario))
    rows["timed"] = [latency_sentences.timed(plan, str(key)) for key in rows["workload"]]
    rows["on"] = [latency_sentences.STATISTIC.get(str(code), "no objective") for code in rows["statistic"]]
    columns = {
        "name": text("Workload"),
        "timed": text("What is timed"),
        "on": text("Objective is on"),
        "objective_ms": number("Promised (ms)"),
        "achieved_ms": number("Achieved at worst (ms)"),
        "room_ms": number("Room left (ms)"),
        "mean_ms": number("Mean (ms)"),
        "cap_ms": number("Cap on mean (ms)"),
        "load": share("Load at most"),
    }
    if rows["cap_ms"].isna().all():
        del columns["cap_ms"]
    return (table("latency-with-queues", "With queues", rows, columns),)


def _floors(plan: Plan) -> tuple[Table, ...]:
    rows = latency.mean_floor(latency.floors(plan))
    rows = rows.loc[rows["objective_ms"].notna()]
    if rows.empty:
        return ()
    rows = rows.assign(name=labels.named(rows["workload"], labels.workloads(plan.scenario)))
    columns = {
        "name": text("Workload"),
        "objective_ms": number("Promised (ms)"),
        "worst_used_ms": number("Worst route used (ms)"),
        "mean_used_ms": number("Mean over what is served (ms)"),
        "room_ms": number("Room left (ms)"),
    }
    return (table("latency-without-queues", "Round trip and service time, without queues", rows, columns),)


def ruled_out(plan: Plan) -> tuple[Section, ...]:
    """Pairs of workload and pool that are ruled out, and why."""
    rows = routes.ruled_out(plan)
    lines = capped(routes.summary(plan))
    if rows.empty:
        return (Section("routes", "What may run where", bullets=lines),)
    rows["workload"] = labels.named(rows["workload"], labels.workloads(plan.scenario))
    rows["pool"] = labels.named(rows["pool"], labels.pools(plan.scenario))
    columns = {
        "workload": text("Workload"),
        "pool": text("Pool"),
        "reason": text("Reason"),
        "detail": text("Why, and what would change it"),
    }
    found = table("routes-ruled-out", "Pairs ruled out", rows, columns)
    title = "What is ruled out, and why"
    return (Section("routes", title, paragraphs=shortened(rows), bullets=lines, tables=(found,)),)


def whole_nodes(plan: Plan) -> tuple[Section, ...]:
    """The plan in whole replicas and nodes."""
    rows = nodes.table(plan)
    if rows.empty:
        return ()
    rows["name"] = labels.named(rows["pool"], labels.pools(plan.scenario))
    rows["counted"] = ["decided by the plan" if source == "plan" else "rounded up" for source in rows["source"]]
    columns = {
        "name": text("Pool"),
        "counted": text("Nodes are"),
        "accelerators_per_node": count("Accelerators per node"),
        "least_nodes": count("Fewest nodes"),
        "mean_nodes": count("Mean nodes"),
        "most_nodes": count("Most nodes"),
        "short_periods": count("Periods that do not fit"),
    }
    found = table("whole-nodes", "Nodes by pool", rows, columns)
    lines = capped(nodes.whole_nodes(plan))
    return (Section("nodes", "In whole nodes", paragraphs=shortened(rows), bullets=lines, tables=(found,)),)


def work_that_waits(plan: Plan, tables: PlanTables) -> tuple[Section, ...]:
    """Deferrable work by window; nothing where all work is served in its own hour."""
    scenario = plan.scenario
    if not jobs.deferrable(scenario):
        return ()
    rows = jobs.windows(plan, tables)
    if len(rows) > MOST_ROWS:
        rows = rows.loc[rows["share_done"].round(6).sort_values(kind="stable").index].reset_index(drop=True)
    rows["name"] = labels.named(rows["workload"], labels.workloads(scenario))
    rows["unit"] = [scenario.workloads[str(key)].unit for key in rows["workload"]]
    rows["places"] = [fmt.listed(labels.named(sites, labels.sites(scenario))) for sites in rows["sites"]]
    zone = labels.zone(scenario)
    for column in ("start", "begins", "finishes", "end"):
        rows[column] = [_local(moment, zone) for moment in rows[column]]
    columns = {
        "name": text("Workload"),
        "window": text("Window"),
        "share_done": share("Done"),
        "start": text(f"Opens ({zone.key})"),
        "begins": text("Begins"),
        "finishes": text("Finishes"),
        "end": text("Closes"),
        "unserved": number("Left over (units each time)"),
        "unit": text("Unit"),
        "peak": count("Most at once (accelerators)"),
        "places": text("Sites"),
    }
    found = table("windows", "Windows of work", rows, columns)
    lines = capped(job_sentences.summary(plan))
    return (Section("jobs", "Work that may wait", paragraphs=shortened(rows), bullets=lines, tables=(found,)),)


def switched_on(plan: Plan, tables: PlanTables) -> tuple[Section, ...]:
    """Pools that are switched on and off; nothing where there are none."""
    rows = elasticity.by_pool(plan, tables) if elasticity.elastic_pools(plan.scenario) else pd.DataFrame()
    if rows.empty:
        return ()
    rows["name"] = labels.named(rows["pool"], labels.pools(plan.scenario))
    rows = key_figures.in_currency(plan, rows, ["start_usd"], "plan")
    columns = {
        "name": text("Pool"),
        "provisioned_hours": count("Provisioned (accelerator-hours)"),
        "busy_hours": count("Busy (accelerator-hours)"),
        "idle_hours": count("Idle (accelerator-hours)"),
        "booting_hours": count("Booting (accelerator-hours)"),
        "most": count("Most at once (accelerators)"),
        "starts_nodes": count("Starts (nodes)"),
        "start_usd": number(f"Starts ({key_figures.money_unit(plan, 'plan')})"),
    }
    slow = elastic.slow_scaling(plan)
    lines = capped([*([slow] if slow else []), *elastic.idle(plan)])
    found = table("switched-on", "Pools that are switched on and off", rows, columns)
    return (Section("switched", "Switched on and off", paragraphs=shortened(rows), bullets=lines, tables=(found,)),)


def _local(moment: object, zone: ZoneInfo) -> str:
    return f"{moment.tz_convert(zone):%Y-%m-%d %H:%M}" if isinstance(moment, pd.Timestamp) else fmt.NO_VALUE
