"""Commitments of both kinds in one form: what is held, what is new, what one unit costs, and when it serves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hybridplan.analysis import labels, purchases
from hybridplan.domain import Commitment, Scenario, SpendCommitment
from hybridplan.domain.prices import contracted_price_usd
from hybridplan.plan import Plan
from hybridplan.units import HOURS_PER_YEAR

_WHOLE = 1e-6
"""Accelerators by which a solver's number may lie above whole nodes without costing another."""

Kind = Literal["commitment", "spend_commitment"]


@dataclass(frozen=True)
class Holding:
    """One commitment of a plan. Its size is in accelerators (commitment) or in USD per hour (spend_commitment)."""

    kind: Kind
    record: str
    name: str
    existing: float
    new: float
    """Decided by the plan; 0 where there is no choice."""
    max_new: float
    min_new: float
    fee_usd_per_hour: float
    """Of one accelerator; 1 for a spend commitment, whose size is money."""
    pools: tuple[str, ...]
    """Pools whose work it can pay for: the committed pool and the same accelerator on demand at its site; or those with
    a rate."""
    hours: dict[str, float]
    """In service, by block."""
    term_years: float | None
    upfront_share: float
    starts: datetime | None
    ends: datetime | None
    source: str
    rates: dict[str, float]
    """Of a spend commitment, by pool."""

    @property
    def size(self) -> float:
        """Existing and new."""
        return self.existing + self.new

    @property
    def service_hours(self) -> float:
        """Hours of the horizon in which it serves, weights included."""
        return sum(self.hours.values())

    @property
    def term_hours(self) -> float | None:
        """Length of the term; None where it is not known."""
        return None if self.term_years is None else self.term_years * HOURS_PER_YEAR


def whole_new(scenario: Scenario, one: Holding) -> tuple[int, int]:
    """(new accelerators in whole nodes, accelerators of a node): up, or down where no more is on offer."""
    node = scenario.pools[one.pools[0]].accelerators_per_node
    up = math.ceil((one.new - _WHOLE) / node) * node if one.new > 0 else 0
    return (up if up <= max(one.max_new, one.new) + _WHOLE else up - node), node


def holdings(plan: Plan) -> tuple[Holding, ...]:
    """Every commitment of a plan, those for capacity first."""
    return (*_capacity(plan), *_spend(plan))


def occur(scenario: Scenario) -> bool:
    """Whether a scenario has commitments of either kind."""
    return bool(scenario.commitments or scenario.spend_commitments)


def on_demand_usd(scenario: Scenario, sku: str) -> float | None:
    """The cheapest contracted price of this accelerator on demand, before tiers; None where it cannot be rented."""
    found = [
        contracted_price_usd(scenario, pool)
        for pool in scenario.pools.values()
        if pool.sku == sku and pool.purchase_option == "on_demand"
    ]
    return min((usd for usd in found if usd > 0), default=None)


def _capacity(plan: Plan) -> list[Holding]:
    scenario, new = plan.scenario, purchases.quantities(plan, "commitment")
    names, found = labels.commitments(scenario), list[Holding]()
    for key, one in scenario.commitments.items():
        pool = scenario.pools[one.pool]
        twins = [
            name
            for name, other in scenario.pools.items()
            if other.purchase_option == "on_demand" and (other.site, other.sku) == (pool.site, pool.sku)
        ]
        sizes = (one.accelerators, new.get(key, 0.0), one.max_new_accelerators, one.min_new_accelerators)
        fee = one.fee_usd_per_accelerator_hour
        found.append(_made(scenario, "commitment", key, names[key], one, sizes, fee, (one.pool, *twins)))
    return found


def _spend(plan: Plan) -> list[Holding]:
    scenario, new = plan.scenario, purchases.quantities(plan, "spend_commitment")
    names, found = labels.spend_commitments(scenario), list[Holding]()
    for key, one in scenario.spend_commitments.items():
        sizes = (one.usd_per_hour, new.get(key, 0.0), one.max_new_usd_per_hour, one.min_new_usd_per_hour)
        pools = tuple(one.rates_usd_per_accelerator_hour)
        found.append(_made(scenario, "spend_commitment", key, names[key], one, sizes, 1.0, pools))
    return found


def _made(
    scenario: Scenario,
    kind: Kind,
    key: str,
    name: str,
    one: Commitment | SpendCommitment,
    sizes: tuple[float, float, float, float],
    fee: float,
    pools: tuple[str, ...],
) -> Holding:
    existing, new, most, least = sizes
    return Holding(
        kind,
        key,
        name,
        existing,
        new,
        most,
        least,
        fee,
        pools,
        purchases.hours_between(scenario, one.starts, one.ends),
        one.term_years,
        one.upfront_share,
        one.starts,
        one.ends,
        one.price_source,
        dict(one.rates_usd_per_accelerator_hour) if isinstance(one, SpendCommitment) else {},
    )
