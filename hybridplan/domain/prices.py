"""Prices in force: list price less discount, and the owned price from a purchase."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hybridplan.units import HOURS_PER_YEAR

if TYPE_CHECKING:
    from hybridplan.domain.expansion import Expansion
    from hybridplan.domain.pool import Pool
    from hybridplan.domain.scenario import Scenario
    from hybridplan.domain.workload import Workload

REACHED_TOLERANCE: Final = 1e-7
"""A quantity that is short of a tier by at most this share of it has reached it: sums of floats round."""


def discount_share(scenario: Scenario, pool: Pool) -> float:
    """The pool's own discount, else that of its provider, else 0."""
    if pool.discount_share is not None:
        return pool.discount_share
    return scenario.policy.provider_discount_share.get(scenario.sites[pool.site].provider, 0.0)


def contracted_price_usd(scenario: Scenario, pool: Pool) -> float:
    """USD per accelerator-hour after discount: list x (1 - discount), before any block's price factor."""
    return pool.price_usd_per_accelerator_hour * (1.0 - discount_share(scenario, pool))


def price_tiers(pool: Pool) -> list[tuple[float, float]]:
    """(quantity from which it holds, list price), by quantity; the first is (0, the pool's price)."""
    tiers = sorted((tier.from_quantity, tier.usd_per_accelerator_hour) for tier in pool.price_tiers.values())
    return [(0.0, pool.price_usd_per_accelerator_hour), *tiers]


def contracted_tiers_usd(scenario: Scenario, pool: Pool) -> list[tuple[float, float]]:
    """The same after discount, which is one for all tiers."""
    kept = 1.0 - discount_share(scenario, pool)
    return [(quantity, usd * kept) for quantity, usd in price_tiers(pool)]


def dearest_unit_price_usd(scenario: Scenario, work: Workload) -> float | None:
    """Dearest usage price per work unit over the pools whose SKU can serve ``work``; None where there is none."""
    found = [
        contracted_price_usd(scenario, pool) / (work.throughput[pool.sku].units_per_accelerator_hour * pool.efficiency)
        + work.route_cost_usd_per_unit.get(pool_id, 0.0)
        for pool_id, pool in scenario.pools.items()
        if pool.sku in work.throughput and pool.site in scenario.sites
    ]
    return max(found, default=None)


def annuity_usd_per_year(
    capex_usd: float, interest_rate: float, life_years: float, salvage_share: float = 0.0
) -> float:
    """Yearly payment that pays ``capex_usd`` less the present value of its salvage over its life.

    r (C - S (1+r)^-n) / (1 - (1+r)^-n), and (C - S) / n for r = 0; C capex, S = share x C salvage, n years.
    """
    salvage = salvage_share * capex_usd
    if interest_rate == 0:
        return (capex_usd - salvage) / life_years
    factor: float = (1.0 + interest_rate) ** -life_years
    return interest_rate * (capex_usd - salvage * factor) / (1.0 - factor)


def owned_price_usd_per_hour(
    capex_usd: float, interest_rate: float, life_years: float, salvage_share: float, yearly_cost_usd: float = 0.0
) -> float:
    """USD per accelerator-hour of owned capacity: (annuity + yearly staff, space, support) / 8,760."""
    annuity = annuity_usd_per_year(capex_usd, interest_rate, life_years, salvage_share)
    return (annuity + yearly_cost_usd) / HOURS_PER_YEAR


def expansion_usd_per_hour(scenario: Scenario, expansion: Expansion) -> float:
    """USD per hour of one accelerator that is bought: (annuity + staff + space) / 8,760; terms as in ``finance`` where
    the expansion gives none.
    """
    finance = scenario.finance
    rate, life, salvage = (
        given if given is not None else usual
        for given, usual in (
            (expansion.interest_rate, finance.interest_rate),
            (expansion.life_years, finance.life_years),
            (expansion.salvage_share, finance.salvage_share),
        )
    )
    yearly = expansion.staff_usd_per_accelerator_year + expansion.space_usd_per_accelerator_year
    return owned_price_usd_per_hour(expansion.capex_usd_per_accelerator, rate, life, salvage, yearly)


def break_even_hours(fixed_usd: float, low_usd_per_hour: float, high_usd_per_hour: float) -> float:
    """Hours of use at which ``fixed + low x h`` equals ``high x h``; infinite where the rate is not lower."""
    saved = high_usd_per_hour - low_usd_per_hour
    return fixed_usd / saved if saved > 0 else float("inf")
