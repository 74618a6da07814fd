"""The next best step: one thing to do, and the page to do it on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels, limits, utilisation
from hybridplan.analysis.sentences import evidence, nodes, purchasing
from hybridplan.analysis.sentences.decision import shortfalls
from hybridplan.analysis.wording import say
from hybridplan.plan import Plan

PageName = Literal[
    "overview", "inventory", "demand", "assumptions", "plan", "tradeoffs", "resilience", "compare", "method"
]

_IDLE_BELOW = 0.5
_ESTIMATED_ABOVE = 0.25


@dataclass(frozen=True)
class NextStep:
    """What to do next, and where."""

    text: str
    page: PageName


def next_step(plan: Plan, today: date) -> NextStep:
    """The first that applies: what is not served, what would be signed, the dearest limit, idle capacity, estimates,
    old prices."""
    dearest = _dearest_limit(plan)
    if shortfalls(plan):
        return dearest or NextStep(say("next.unserved"), "plan")
    return (
        _purchases(plan)
        or dearest
        or _idle(plan)
        or _estimated(plan)
        or _old_price(plan, today)
        or NextStep(say("next.demand"), "demand")
    )


def _purchases(plan: Plan) -> NextStep | None:
    """What the plan buys or commits to."""
    found = [*purchasing.committed(plan), *purchasing.hardware(plan)]
    return NextStep(say("next.purchases", parts=fmt.shortened(found)), "plan") if found else None


def _dearest_limit(plan: Plan) -> NextStep | None:
    """One more node, more bandwidth or a looser cap, where the dearest limit is one of these."""
    rows = limits.binding(plan) if len(plan.shadow_prices) else plan.shadow_prices
    if rows.empty:
        return None
    limit, record, usd = str(rows["limit"].iloc[0]), str(rows["record"].iloc[0]), float(rows["usd"].iloc[0])
    scenario = plan.scenario
    words = {
        "usd": fmt.money(usd, scenario.display_currency),
        "span": fmt.span(scenario.horizon.plan_hours),
    }
    if limit == limits.ONE_MORE_ACCELERATOR:
        return NextStep(_more_capacity(plan, record, words), "inventory")
    if limit == limits.ONE_MORE_GBPS:
        return NextStep(say("next.link", link=labels.links(scenario)[record], **words), "inventory")
    if limit in ("carbon_cap", "provider_share"):
        is_usd = limit == "provider_share" and scenario.policy.provider_share_of == "rented_usd"
        return NextStep(say(f"next.{limit}{'_usd' if is_usd else ''}", provider=record, **words), "assumptions")
    return None


def _more_capacity(plan: Plan, pool_id: str, words: dict[str, str]) -> str:
    scenario = plan.scenario
    if scenario.pools[pool_id].purchase_option not in utilisation.PAID_ANYWAY:
        name = labels.pools(scenario)[pool_id]
        return say("next.quota", pool=name, accelerator=labels.accelerator(scenario, pool_id), **words)
    code = "next.unserved_capacity" if shortfalls(plan) else "next.capacity"
    return say(code, change=nodes.one_more_node(scenario, pool_id), **words)


def _idle(plan: Plan) -> NextStep | None:
    if plan.tables is None:
        return None
    rows = utilisation.by_pool(plan.scenario, plan.tables, plan.routes)
    # What a short queue needs is not idle.
    need = rows["needed_accelerator_hours"] / rows["base_accelerator_hours"].where(rows["base_accelerator_hours"] > 0)
    rows = rows.loc[(rows["basis"] == "available") & (need < _IDLE_BELOW)]
    if rows.empty:
        return None
    idle = rows["base_accelerator_hours"] - rows["needed_accelerator_hours"]
    worst = int(idle.to_numpy().argmax())
    name = labels.pools(plan.scenario)[str(rows["pool"].iloc[worst])]
    return NextStep(say("next.idle", pool=name, share=fmt.share(float(rows["utilisation"].iloc[worst]))), "demand")


def _estimated(plan: Plan) -> NextStep | None:
    rows = evidence.estimated_use(plan)
    whole = float(rows["share"].sum())
    if whole <= _ESTIMATED_ABOVE:
        return None
    workload, pool = str(rows["workload"].iloc[0]), str(rows["pool"].iloc[0])
    name, sku = labels.workloads(plan.scenario)[workload], plan.scenario.pools[pool].sku
    return NextStep(say("next.estimates", share=fmt.share(whole), workload=name, sku=sku), "demand")


def _old_price(plan: Plan, today: date) -> NextStep | None:
    oldest = evidence.oldest_price(plan.scenario)
    if oldest is None or (today - oldest[1]).days <= evidence.OLD_PRICE_DAYS:
        return None
    return NextStep(say("next.prices", day=fmt.day(oldest[1])), "assumptions")
