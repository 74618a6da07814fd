"""A scenario with more accelerators in one pool, which cost what they cost."""

from __future__ import annotations

from typing import Any, Final

from hybridplan.domain import Commitment, Policy, Pool, Scenario
from hybridplan.domain.prices import contracted_price_usd

BOUGHT: Final = "bought"


def with_more(scenario: Scenario, pool_id: str, count: int, usd_per_hour: float) -> Scenario:
    """The scenario with ``count`` more in an owned or reserved pool at ``usd_per_hour`` each, paid in every hour.

    Owned at sunk cost: the pool grows, and its price is the mean. Owned at avoidable cost: the new ones stand in a pool
    of their own at sunk cost, since what is bought is paid, and fail with it. Reserved: a further commitment. Budgets
    see their price.
    """
    if count == 0:
        return scenario
    pool = scenario.pools[pool_id]
    if pool.purchase_option == "reserved":
        more = Commitment(pool=pool_id, accelerators=count, fee_usd_per_accelerator_hour=usd_per_hour)
        key = _unused(BOUGHT, scenario.commitments)
        return scenario.model_copy(update={"commitments": {**scenario.commitments, key: more}})
    if pool.owned_cost == "avoidable":
        return _beside(scenario, pool_id, pool, count, usd_per_hour)
    now = contracted_price_usd(scenario, pool)
    total = pool.capacity_accelerators + count
    mean = (now * pool.capacity_accelerators + usd_per_hour * count) / total
    grown = {"capacity_accelerators": total, "price_usd_per_accelerator_hour": mean, "discount_share": 0.0}
    return scenario.model_copy(update={"pools": {**scenario.pools, pool_id: pool.model_copy(update=grown)}})


def _beside(scenario: Scenario, pool_id: str, pool: Pool, count: int, usd_per_hour: float) -> Scenario:
    key = _unused(f"{pool_id}-{BOUGHT}", scenario.pools)
    fields = {
        "capacity_accelerators": float(count),
        "price_usd_per_accelerator_hour": usd_per_hour,
        "discount_share": 0.0,
        "owned_cost": "sunk",
        "min_provisioned_accelerators": 0.0,
        "initial_provisioned_accelerators": None,
    }
    works = {}
    for name, work in scenario.workloads.items():
        costs = work.route_cost_usd_per_unit
        update = {"route_cost_usd_per_unit": {**costs, key: costs[pool_id]}} if pool_id in costs else {}
        works[name] = work.model_copy(update=update)
    pools = {**scenario.pools, key: pool.model_copy(update=fields)}
    changes = {"pools": pools, "workloads": works, "policy": _failing(scenario.policy, pool_id, key)}
    return scenario.model_copy(update=changes)


def _failing(policy: Policy, pool_id: str, key: str) -> Policy:
    """Groups that fail together hold the new pool wherever they name the old one."""
    groups = {
        name: one.model_copy(update={"pools": (*one.pools, key)}) if pool_id in one.pools else one
        for name, one in policy.contingencies.items()
    }
    return policy.model_copy(update={"contingencies": groups})


def _unused(wanted: str, taken: dict[str, Any]) -> str:
    key = wanted
    while key in taken:
        key += "-more"
    return key
