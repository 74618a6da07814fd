"""The next best step: one thing to do, and the page to do it on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
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
    change: str = ""
    """What would change this: with a figure, or which input decides."""


def next_step(plan: Plan, today: date) -> NextStep:
    """The first that applies: what is not served, what would be signed, the dearest limit, idle capacity, estimates,
    old prices."""
    dearest = _dearest_limit(plan)
    if shortfalls(plan):
        return dearest or NextStep(say("next.unserved"), "plan", _left_out(plan))
    return (
        _purchases(plan)
        or dearest
        or _idle(plan)
        or _estimated(plan)
        or _old_price(plan, today)
        or NextStep(say("next.demand"), "demand", say("next.change.demand"))
    )


def _purchases(plan: Plan) -> NextStep | None:
    """What the plan buys or commits to."""
    found = [*purchasing.committed(plan), *purchasing.hardware(plan)]
    if not found:
        return None
    known = purchasing.overturns(plan)
    change = say("next.change.purchases", **known[0]) if known else say("next.change.purchases_none")
    return NextStep(say("next.purchases", parts=fmt.shortened(found)), "plan", change)


def _left_out(plan: Plan) -> str:
    """What would serve the work that is short of most."""
    key, row = next(iter(shortfalls(plan).items()))
    return say(
        "next.change.unserved",
        quantity=fmt.number(row.quantity),
        unit=row.unit,
        workload=labels.workloads(plan.scenario)[key],
        usd=fmt.money(plan.scenario.workloads[key].unserved_usd_per_unit, plan.scenario.display_currency),
    )


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
        valid_to = float(rows["valid_to"].iloc[0])
        holds = " " + say("limit.holds", count=fmt.count(valid_to)) if valid_to == valid_to else ""
        return NextStep(_more_capacity(plan, record, words), "inventory", _own_price(plan, record, holds, words))
    if limit == limits.ONE_MORE_GBPS:
        text = say("next.link", link=labels.links(scenario)[record], **words)
        return NextStep(text, "inventory", say("next.change.link", **words))
    if limit in ("carbon_cap", "provider_share"):
        is_usd = limit == "provider_share" and scenario.policy.provider_share_of == "rented_usd"
        text = say(f"next.{limit}{'_usd' if is_usd else ''}", provider=record, **words)
        return NextStep(text, "assumptions", say(f"next.change.{limit}", **words))
    return None


def _own_price(plan: Plan, pool_id: str, holds: str, words: dict[str, str]) -> str:
    """From which price on one more is not worth it, and up to how many that is known."""
    is_paid = plan.scenario.pools[pool_id].purchase_option in utilisation.PAID_ANYWAY
    code = "next.change.value" if is_paid else "next.change.quota"
    return say(code, accelerator=labels.accelerator(plan.scenario, pool_id), holds=holds, **words)


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
    text = say("next.idle", pool=name, share=fmt.share(float(rows["utilisation"].iloc[worst])))
    lacks = _IDLE_BELOW * rows["base_accelerator_hours"] - rows["needed_accelerator_hours"]
    change = say(
        "next.change.idle",
        hours=fmt.number(float(lacks.iloc[worst])),
        span=fmt.span(plan.scenario.horizon.plan_hours),
        share=fmt.share(_IDLE_BELOW),
    )
    return NextStep(text, "demand", change)


def _estimated(plan: Plan) -> NextStep | None:
    rows = evidence.estimated_use(plan)
    whole = float(rows["share"].sum())
    if whole <= _ESTIMATED_ABOVE:
        return None
    workload, pool = str(rows["workload"].iloc[0]), str(rows["pool"].iloc[0])
    name, sku = labels.workloads(plan.scenario)[workload], plan.scenario.pools[pool].sku
    change = say("next.change.estimates", hours=fmt.share(whole - _ESTIMATED_ABOVE))
    return NextStep(say("next.estimates", share=fmt.share(whole), workload=name, sku=sku), "demand", change)


def _old_price(plan: Plan, today: date) -> NextStep | None:
    oldest = evidence.oldest_price(plan.scenario)
    if oldest is None or (today - oldest[1]).days <= evidence.OLD_PRICE_DAYS:
        return None
    since = fmt.day(today - timedelta(days=evidence.OLD_PRICE_DAYS))
    return NextStep(say("next.prices", day=fmt.day(oldest[1])), "assumptions", say("next.change.prices", day=since))
