"""What a report says beyond the pages: how sure it is in a minute, what was planned, and charts in words."""

from __future__ import annotations

import math
from typing import Final

import pandas as pd

from hybridplan.analysis import allocation, cost, labels, latency, utilisation
from hybridplan.analysis import format as fmt
from hybridplan.analysis.clocks import clock_of, on_clock
from hybridplan.analysis.sentences import latency as latency_sentences
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import Block, Scenario
from hybridplan.plan import Plan, PlanTables

_NOTHING: Final = 1e-6
"""A gap below this is rounding."""


def how_sure(plan: Plan) -> list[str]:
    """What was checked, and how much cheaper a plan could be at most."""
    proof, lines = plan.certificate, []
    if proof is None:
        return []
    if proof.passed:
        lines.append(say("report.checked", rules=f"{proof.rules_checked:,}"))
    if proof.bound_source == "none" or not math.isfinite(proof.gap):
        lines.append(say("report.no_bound"))
    else:
        code = "report.cheapest" if proof.gap <= _NOTHING else "report.nearly"
        word = "" if proof.bound_source != "solver" else " " + say("report.word")
        lines.append(say(code, share=fmt.share(proof.gap), word=word))
    if plan.solver.stopped_early:
        lines.append(say("report.stopped", seconds=f"{plan.solver.time_limit_seconds:g} s"))
    return lines


def currency(scenario: Scenario) -> str:
    """The display currency with its rate, date and source; empty where it is the US dollar."""
    money = scenario.display_currency
    if money.code == "USD":
        return ""
    day = f" of {fmt.day(money.as_of)}" if money.as_of else ""
    source = f" ({money.source})" if money.source else ""
    return say("report.currency", code=money.code, rate=f"{money.units_per_usd:g}", day=day, source=source)


def horizon(scenario: Scenario) -> list[str]:
    """Every block with its dates in local time, and what the whole covers."""
    names = labels.blocks(scenario)
    lines = [_block(scenario, names[key], block) for key, block in scenario.horizon.ordered()]
    return [*lines, say("report.horizon", hours=fmt.hours(scenario.horizon.plan_hours))]


def _block(scenario: Scenario, label: str, block: Block) -> str:
    factors = [
        say(f"report.{name}", factor=f"{factor:g}")
        for name, factor in (("demand_factor", block.demand_factor), ("price_factor", block.price_factor))
        if factor != 1
    ]
    return say(
        "report.block",
        label=label,
        first=labels.moment(scenario, block.start),
        last=labels.moment(scenario, block.end),
        clock=labels.zone(scenario).key,
        periods=plural(block.periods, "period"),
        hours=fmt.hours(block.period_hours),
        weight=", " + say("report.weight", weight=f"{block.weight:g}") if block.weight != 1 else "",
        growth=", " + fmt.listed(factors) if factors else "",
    )


def cost_seen(plan: Plan) -> str:
    """The chart of costs in words."""
    money, rows = plan.scenario.display_currency, cost.against_baselines(plan)
    bars = [
        say(
            "alt.bar",
            name=labels.PLAN if name == cost.PLAN_COLUMN else labels.baseline(str(name)),
            money=fmt.money(float(usd), money),
        )
        for name, usd in zip(rows["name"], rows["cost_usd"], strict=True)
    ]
    return say("alt.cost", bars=fmt.listed(bars))


def allocation_seen(plan: Plan, tables: PlanTables, block: str) -> str:
    """The chart of busy accelerators over time in words."""
    scenario = plan.scenario
    used = allocation.demand_in_accelerators(scenario, tables, plan.routes, block).set_index("period_start")["used"]
    by_pool = allocation.by_pool(tables, block).groupby("pool")["accelerators_busy"].sum()
    if by_pool.empty or not by_pool.max() > 0:
        return say("alt.nothing")
    when = on_clock(scenario, block, pd.DataFrame({"period_start": [used.idxmax()]}))["time"].iloc[0]
    return say(
        "alt.allocation",
        most=fmt.count(float(used.max())),
        least=fmt.count(float(used.min())),
        when=f"{when:%a %d %b %Y, %H:%M} {clock_of(scenario, block)[1]}",
        pool=labels.pools(scenario)[str(by_pool.idxmax())],
    )


def utilisation_seen(plan: Plan, tables: PlanTables, block: str) -> str:
    """The chart of utilisation in words."""
    rows = utilisation.by_period(plan.scenario, tables)
    rows = rows.loc[rows["block"] == block]
    sums = rows.groupby("pool", sort=False)[["accelerators_busy", "accelerators_base"]].sum()
    sums = sums.loc[sums["accelerators_base"] > 0]
    if sums.empty:
        return say("alt.nothing")
    shares = sums["accelerators_busy"] / sums["accelerators_base"]
    names = labels.pools(plan.scenario)
    return say(
        "alt.utilisation" if len(shares) > 1 else "alt.one_pool",
        fullest=names[str(shares.idxmax())],
        most=fmt.share(float(shares.max())),
        emptiest=names[str(shares.idxmin())],
        least=fmt.share(float(shares.min())),
    )


def latency_seen(plan: Plan, achieved: pd.DataFrame) -> str:
    """The chart of latency in words; ``achieved``: of the plan, empty where no queue is modelled."""
    if achieved.empty:
        return say("alt.floors")
    rows = latency.by_route(plan, achieved)
    count, rows = plural(len(rows), "route"), rows.loc[rows["room_ms"].notna()]
    if rows.empty:
        return say("alt.latency_free", count=count)
    least = rows.sort_values("room_ms", kind="stable").head(1)
    room = latency_sentences.milliseconds(float(least["room_ms"].iloc[0]))
    return say("alt.latency", count=count, least=latency_sentences.pair_names(plan, least)[0], room=room)
