"""Jobs in words: what is done in time, what follows what, and where gains shrink."""

from __future__ import annotations

from hybridplan.analysis import format as fmt
from hybridplan.analysis import jobs, labels
from hybridplan.analysis.wording import plural, say
from hybridplan.plan import Plan

_LEAST_SHARE = 1e-6


def summary(plan: Plan) -> list[str]:
    """What is left over in which windows, then what follows what, then where more accelerators gain less."""
    if plan.tables is None or not jobs.deferrable(plan.scenario):
        return [say("jobs.none")]
    works, names = plan.scenario.workloads, labels.workloads(plan.scenario)
    rows = jobs.windows(plan, plan.tables)
    short = rows.loc[rows["share_done"] < 1 - _LEAST_SHARE]
    lines = [
        say(
            "jobs.short" if row["weight"] == 1 else "jobs.short_each",
            workload=names[str(row["workload"])],
            window=str(row["window"]),
            share=fmt.share(float(row["share_done"])),
            quantity=fmt.number(float(row["unserved"])),
            unit=works[str(row["workload"])].unit,
        )
        for row in short.to_dict("records")
    ]
    lines = lines or [say("jobs.all", count=plural(len(rows), "window"))]
    for follower, first in jobs.followers(plan.scenario).items():
        need = f"{works[follower].after_units_per_unit:g}"
        words = {"workload": names[follower], "first": names[first], "unit": works[first].unit, "need": need}
        lines.append(say("jobs.after", **words))
    return [*lines, *(line for key in jobs.scaled(plan) if (line := _scaling(plan, key)))]


def _scaling(plan: Plan, workload: str) -> str:
    """Mean efficiency over the accelerator-hours used where gains shrink; empty where none are."""
    assert plan.tables is not None
    rows = jobs.efficiency(plan, plan.tables, workload)
    blocks = plan.scenario.horizon.blocks
    hours = rows["block"].map({key: block.weight * block.period_hours for key, block in blocks.items()}).astype(float)
    used, effective = float((rows["busy"] * hours).sum()), float((rows["effective"] * hours).sum())
    if used <= 0:
        return ""
    name = labels.workloads(plan.scenario)[workload]
    return say("jobs.scaling", workload=name, share=fmt.share(effective / used), hours=fmt.number(used))
