"""Commitments to capacity and to spend: what they back or cover, their bounds, dates and rates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from hybridplan.domain.checks.dates import check_term
from hybridplan.domain.prices import contracted_price_usd
from hybridplan.domain.service import in_service
from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.commitment import Commitment, SpendCommitment
    from hybridplan.domain.pool import Pool
    from hybridplan.domain.scenario import Scenario

_RATE: Final = "USD per accelerator-hour"


def check_commitments(scenario: Scenario) -> Iterator[Issue]:
    """Issues of capacity commitments, and then of spend commitments, that concern more than one field."""
    for key, commitment in scenario.commitments.items():
        yield from _capacity(f"commitments.{key}", commitment, scenario)
    for key, spend in scenario.spend_commitments.items():
        yield from _spend(f"spend_commitments.{key}", spend, scenario)


def _capacity(here: str, commitment: Commitment, scenario: Scenario) -> Iterator[Issue]:
    pool = scenario.pools.get(commitment.pool)
    if pool is not None and pool.purchase_option != "reserved":
        mend = f"Set the purchase option of {commitment.pool} to reserved."
        yield Issue(f"{here}.pool", "must name a reserved pool", commitment.pool, mend=mend)
    least, most = commitment.min_new_accelerators, commitment.max_new_accelerators
    yield from check_bounds(here, "new_accelerators", least, most, "accelerators")
    if not commitment.accelerators and not most:
        message = "nothing is committed and nothing may be, so it has no effect"
        mend = "Enter accelerators, or how many more may be committed (max_new_accelerators)."
        yield Issue(f"{here}.accelerators", message, "0", "accelerators", mend, "warning")
    yield from check_term(here, commitment.starts, commitment.ends, scenario.horizon)


def check_bounds(here: str, name: str, least: float, most: float, unit: str) -> Iterator[Issue]:
    """The least of what may be bought is not above the most; ``name`` is that of both fields without min and max."""
    if least > most:
        message, mend = f"is above max_{name} ({most:g})", "Swap or correct the two."
        yield Issue(f"{here}.min_{name}", message, f"{least:g}", unit, mend)


def _spend(here: str, spend: SpendCommitment, scenario: Scenario) -> Iterator[Issue]:
    least, most = spend.min_new_usd_per_hour, spend.max_new_usd_per_hour
    yield from check_bounds(here, "new_usd_per_hour", least, most, "USD per hour")
    if not spend.usd_per_hour and not most:
        message = "nothing is committed and nothing may be, so it has no effect"
        mend = "Enter USD per hour, or how much more may be committed (max_new_usd_per_hour)."
        yield Issue(f"{here}.usd_per_hour", message, "0", "USD per hour", mend, "warning")
    elif not spend.rates_usd_per_accelerator_hour:
        message = "it covers no pool, so nothing of it can ever be used"
        mend = "Give each pool that it covers its rate."
        yield Issue(f"{here}.rates_usd_per_accelerator_hour", message, "", _RATE, mend, "warning")
    yield from check_term(here, spend.starts, spend.ends, scenario.horizon)
    for pool_id, rate in spend.rates_usd_per_accelerator_hour.items():
        pool = scenario.pools.get(pool_id)
        if pool is not None:
            yield from _covered(
                f"{here}.rates_usd_per_accelerator_hour.{pool_id}", pool_id, pool, rate, spend, scenario
            )


def _covered(
    path: str, pool_id: str, pool: Pool, rate: float, spend: SpendCommitment, scenario: Scenario
) -> Iterator[Issue]:
    if pool.purchase_option != "on_demand":
        mend = f"Remove this rate, or set the purchase option of {pool_id} to on_demand."
        yield Issue(path, "only on-demand pools can be covered", pool.purchase_option, mend=mend)
    elif pool.price_tiers:
        mend = f"Remove this rate, or the price tiers of {pool_id}."
        yield Issue(path, "a pool with price tiers cannot be covered", f"{len(pool.price_tiers)} tiers", mend=mend)
    elif pool.site in scenario.sites:
        yield from _worth(path, pool, rate, spend, scenario)


def _worth(path: str, pool: Pool, rate: float, spend: SpendCommitment, scenario: Scenario) -> Iterator[Issue]:
    if rate == 0:
        message = "is 0, so it covers accelerators without taking anything of the commitment"
        yield Issue(path, message, "0", _RATE, "Check that this is meant.", "warning")
        return
    blocks = scenario.horizon.blocks.values()
    factors = [block.price_factor for block in blocks if in_service(block, spend.starts, spend.ends)]
    price = contracted_price_usd(scenario, pool) * max(factors, default=1.0)
    if price and rate >= price:
        message = f"is not below the on-demand price ({price:.4g}), so covering never pays"
        yield Issue(path, message, f"{rate:g}", _RATE, "Check both prices and their unit.", "warning")
