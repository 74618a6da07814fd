"""How fast requests are, in words, and how far the formula can be trusted."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis import latency as tables
from hybridplan.analysis.wording import plural, say
from hybridplan.plan import Plan

STATISTIC: Final = {
    "no_queue": "round trip + service",
    "mean": "mean",
    "p50": "p50",
    "p90": "p90",
    "p95": "p95",
    "p99": "p99",
}


def timed(plan: Plan, workload: str) -> str:
    """What is timed: ``time to first token``, ``from request to answer``, ``end to end, to the last token``."""
    return say(f"timed.{plan.scenario.workloads[workload].latency_point}")


def summary(plan: Plan) -> list[str]:
    """One line per workload with a queue, one more where its mean has a cap, and the price of it all.

    Empty where no workload has a queue.
    """
    if not tables.queued(plan.scenario):
        return []
    rows = tables.by_workload(plan, tables.achieved(plan))
    if rows.empty:
        return [say("latency.nothing")]
    lines = [line for _, row in rows.iterrows() for line in _lines(plan, row)]
    usd = plan.penalty_usd.get("congestion", 0.0)
    priced = say("latency.priced", money=fmt.money(usd, plan.scenario.display_currency))
    return [*lines, priced] if usd > 0 else lines


def _lines(plan: Plan, row: pd.Series[Any]) -> list[str]:
    key, statistic = str(row["workload"]), str(row["statistic"])
    words = {
        "workload": labels.workloads(plan.scenario)[key],
        "pool": labels.pools(plan.scenario)[str(row["pool"])],
        "timed": timed(plan, key),
    }
    for field in ("achieved", "objective", "mean", "cap"):
        words[field] = milliseconds(row[f"{field}_ms"])
    words["worst"] = milliseconds(row["worst_mean_ms"])
    code = {"": "free", "mean": "mean", "no_queue": "no_queue"}.get(statistic, "percentile")
    has_cap = row["cap_ms"] == row["cap_ms"]
    if has_cap and not statistic:
        return [say("latency.free_cap", **words)]
    lines = [say(f"latency.{code}", count=statistic.removeprefix("p"), **words)]
    return [*lines, say("latency.cap", **words)] if has_cap else lines


def trust(plan: Plan) -> list[str]:
    """What the formula takes for granted, and the routes in use for which it is an approximation."""
    used = tables.achieved(plan)[["workload", "pool"]].drop_duplicates()
    lines = [say("latency.how"), say("latency.percentiles")]
    marked = plan.routes.assign(batched=tables.is_batched(plan))
    rows = used.merge(marked.loc[marked["batched"], ["workload", "pool"]], on=["workload", "pool"])
    if len(rows):
        pairs = pair_names(plan, rows)
        lines.append(say("latency.batched", count=plural(len(rows), "route"), pairs=fmt.shortened(pairs)))
    return lines


def pair_names(plan: Plan, rows: pd.DataFrame) -> list[str]:
    """``Chat on fra-private`` for each row with a workload and a pool."""
    works, pools = labels.workloads(plan.scenario), labels.pools(plan.scenario)
    return [f"{works[w]} on {pools[p]}" for w, p in zip(rows["workload"], rows["pool"], strict=True)]


def formula(is_batched: bool) -> str:
    """How far the formula holds on one route, in a few words."""
    return say("formula.batched" if is_batched else "formula.exact")


def milliseconds(value: object) -> str:
    """``180 ms``; a dash where there is no number."""
    return f"{fmt.number(float(value))} ms" if isinstance(value, float) and value == value else fmt.NO_VALUE
