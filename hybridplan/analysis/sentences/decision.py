"""The decision in sentences: what is not served first, then what runs where, then what it costs."""

from __future__ import annotations

from hybridplan.analysis import allocation, labels
from hybridplan.analysis import format as fmt
from hybridplan.analysis.limits import binding
from hybridplan.analysis.sentences.limits import sentence
from hybridplan.analysis.wording import say
from hybridplan.plan import Plan, Unserved
from hybridplan.units import per_year

STEERING = ("congestion", "balance")
"""Penalties that are no unserved work."""
_LEAST_SHARE = 1e-6
"""Below this, unserved work is rounding."""


def shortfalls(plan: Plan) -> dict[str, Unserved]:
    """Workloads that are not fully served, greatest share first."""
    found = {key: row for key, row in plan.unserved.items() if row.share > _LEAST_SHARE}
    return dict(sorted(found.items(), key=lambda item: -item[1].share))


def headline(plan: Plan) -> str:
    """One sentence: is all served, and what does it cost. Needs a plan."""
    hours, currency = plan.scenario.horizon.plan_hours, plan.scenario.display_currency
    cost = sum(plan.cost_usd.values())
    money = {
        "cost": fmt.money(cost, currency),
        "span": fmt.span(hours),
        "rate": "" if fmt.is_year(hours) else f" {say('rate.beside', year=fmt.money(per_year(cost, hours), currency))}",
    }
    missing = shortfalls(plan)
    if not missing:
        return say("headline.served", **money)
    worst = next(iter(missing))
    name, share = labels.workloads(plan.scenario)[worst], fmt.share(missing[worst].share)
    if len(missing) == 1:
        return say("headline.unserved", workload=name, share=share, **money)
    return say("headline.unserved_more", count=str(len(missing)), workload=name, share=share, **money)


def change(plan: Plan) -> str:
    """What would change the plan: its dearest limit, or that only prices and demand would."""
    if plan.shadow_prices.empty:
        return say("headline.change.unknown")
    rows = binding(plan).head(1)
    if rows.empty:
        return say("headline.change.none")
    (row,) = rows.itertuples(index=False, name=None)
    return say("headline.change.limit", limit=sentence(plan, *row))


def unserved(plan: Plan) -> list[str]:
    """What is not served, by workload, and its penalty; or that all is served."""
    names = labels.workloads(plan.scenario)
    lines = [
        say(
            "unserved.one",
            quantity=fmt.number(row.quantity),
            unit=row.unit,
            workload=names[key],
            share=fmt.share(row.share),
        )
        for key, row in shortfalls(plan).items()
    ]
    if not lines:
        return [say("unserved.none")]
    penalty = plan.penalty_usd.get("unserved", 0.0)
    return [*lines, say("unserved.penalty", money=fmt.money(penalty, plan.scenario.display_currency))]


def where(plan: Plan) -> str:
    """Which share of the accelerator-hours runs under which purchase option, and at which sites."""
    if plan.tables is None:
        return ""
    scenario = plan.scenario
    rows = allocation.totals(scenario, plan.tables)
    whole = float(rows["accelerator_hours"].sum())
    if whole <= 0:
        return say("where.nothing")
    rows["option"] = rows["pool"].map(lambda key: scenario.pools[key].purchase_option)
    rows["site"] = rows["pool"].map(lambda key: scenario.pools[key].site)
    names = labels.sites(scenario)
    by_option = rows.groupby("option")["accelerator_hours"].sum().sort_values(ascending=False, kind="stable")
    parts: list[str] = []
    for option, amount in by_option.items():
        here = rows.loc[rows["option"] == option].groupby("site")["accelerator_hours"].sum()
        sites = labels.named(here.sort_values(ascending=False, kind="stable").index, names)
        parts.append(
            say(
                "where.further" if parts else "where.first",
                share=fmt.share(float(amount) / whole),
                option=say(f"where.{option}", sites=fmt.shortened(sites)),
            )
        )
    return say("where.options", parts=fmt.listed(parts))


def by_workload(plan: Plan) -> list[str]:
    """One line per workload: which share of it runs on which pool, greatest first."""
    if plan.tables is None:
        return []
    rows = allocation.totals(plan.scenario, plan.tables)
    pools, works = labels.pools(plan.scenario), labels.workloads(plan.scenario)
    lines = []
    for key in plan.scenario.workloads:
        mine = rows.loc[rows["workload"] == key]
        if mine.empty:
            lines.append(say("where.not_run", workload=works[key]))
            continue
        parts = [
            say("where.part", share=fmt.share(float(share)), pool=pools[str(pool)])
            for pool, share in zip(mine["pool"], mine["share_of_served"], strict=True)
        ]
        if len(parts) == 1:
            parts = [say("where.only", pool=pools[str(mine["pool"].iloc[0])])]
        lines.append(say("where.workload", workload=works[key], parts=fmt.shortened(parts)))
    return lines


def balance(plan: Plan) -> str:
    """What uneven use counts as; empty where it has no price."""
    rule, currency = plan.scenario.policy.balance, plan.scenario.display_currency
    if rule is None:
        return ""
    weight, usd = fmt.money(rule.weight_usd_per_hour, currency), plan.penalty_usd.get("balance", 0.0)
    return say(f"balance.{rule.form}", weight=weight, money=fmt.money(usd, currency))


def cost(plan: Plan) -> list[str]:
    """What the plan costs over its horizon, per hour and per year; what of it no decision changes."""
    currency, hours = plan.scenario.display_currency, plan.scenario.horizon.plan_hours
    usd = sum(plan.cost_usd.values())
    periods = {name: fmt.money(fmt.per_period(usd, hours, name), currency) for name in fmt.PERIODS}
    rate = "" if fmt.is_year(hours) else say("rate.or", year=periods["year"])
    lines = [say("cost.plan", span=fmt.span(hours), plan=periods["plan"], hour=periods["hour"], rate=rate)]
    steering = {code: plan.penalty_usd[code] for code in STEERING if plan.penalty_usd.get(code, 0.0) > 0}
    if steering:
        what = fmt.listed([say(f"cost.{code}") for code in steering])
        lines.append(say("cost.steering", money=fmt.money(sum(steering.values()), currency), what=what))
    if plan.constant_usd > 0:
        lines.append(say("cost.sunk", money=fmt.money(plan.constant_usd, currency)))
    busy = float(plan.quantities["busy_accelerator_hours"].sum()) if len(plan.quantities) else 0.0
    if busy > 0:
        lines.append(say("cost.per_busy", money=fmt.money(usd / busy, currency)))
    return lines
