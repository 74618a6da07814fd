"""Pools that are switched on and off, in words: what slow scaling costs, and what waits idle."""

from __future__ import annotations

import math

from hybridplan.analysis import elasticity, labels
from hybridplan.analysis import format as fmt
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import DisplayCurrency
from hybridplan.plan import Plan

_MOST_DIGITS = 7
_LEAST = 1e-5
"""Share of the objective below which a difference between two solves is no price."""


def slow_scaling(plan: Plan) -> str:
    """What ramps and lead times cost; empty where it is not known."""
    usd = elasticity.slow_scaling_usd(plan)
    if usd is None or plan.instant_objective_usd is None or plan.objective_usd is None:
        return ""
    scenario = plan.scenario
    if usd <= _LEAST * max(abs(plan.objective_usd), 1e-9):
        return say("elastic.slow_free")
    if plan.certificate is not None and usd < plan.certificate.gap * abs(plan.objective_usd):
        return say("elastic.slow_unknown", gap=fmt.share(plan.certificate.gap))
    return say(
        "elastic.slow",
        money=fmt.money(usd, scenario.display_currency),
        span=fmt.span(scenario.horizon.plan_hours),
        share=fmt.share(usd / plan.objective_usd),
        instant=beside(plan.instant_objective_usd, usd, scenario.display_currency),
    )


def beside(amount_usd: float, price_usd: float, currency: DisplayCurrency) -> str:
    """An amount with as many digits as a smaller price needs, so that the price is seen as the difference of two.

    57,660 beside a price of 1,120, where :func:`fmt.money` would say 57,700.
    """
    more = 0
    if price_usd > 0 and math.isfinite(amount_usd) and abs(amount_usd) > price_usd:
        more = math.floor(math.log10(abs(amount_usd))) - math.floor(math.log10(price_usd))
    digits = min(fmt.SIGNIFICANT_DIGITS + more, _MOST_DIGITS)
    return f"{fmt.number(amount_usd * currency.units_per_usd, digits)} {currency.code}"


def idle(plan: Plan) -> list[str]:
    """One line per elastic pool that is on at some time: hours on, share idle, starts and what they cost."""
    if plan.tables is None:
        return []
    scenario, names = plan.scenario, labels.pools(plan.scenario)
    rows = elasticity.by_pool(plan, plan.tables)
    lines = []
    for row in rows.loc[rows["provisioned_hours"] > 0].to_dict("records"):
        usd, on = float(row["start_usd"]), float(row["provisioned_hours"])
        paid = say("elastic.idle_money", usd=fmt.money(usd, scenario.display_currency)) if usd > 0 else ""
        lines.append(
            say(
                "elastic.idle",
                pool=names[str(row["pool"])],
                hours=fmt.number(on),
                span=fmt.span(scenario.horizon.plan_hours),
                share=fmt.share(max(float(row["idle_hours"]), 0.0) / on),
                starts=starts(float(row["starts_nodes"]), int(row["accelerators_per_node"])),
                money=f" {paid}" if paid else "",
            )
        )
    return lines or [say("elastic.none")]


def starts(count: float, size: int) -> str:
    """``12.5 nodes``, ``1 accelerator``: pools whose nodes hold one accelerator start accelerators."""
    what = "node" if size > 1 else "accelerator"
    shown = fmt.count(count)
    return plural(1, what) if shown == "1" else f"{shown} {what}s"
