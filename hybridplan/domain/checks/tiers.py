"""Price tiers: on rented pools only, each at its own quantity, and over the horizon at one price level."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.pool import Pool
    from hybridplan.domain.scenario import Scenario

_RENTED: Final = ("on_demand", "interruptible")


def check_tiers(scenario: Scenario) -> Iterator[Issue]:
    """Issues of every pool with tiers, or with a form or basis of tiers that it has not."""
    for pool_id, pool in scenario.pools.items():
        here = f"pools.{pool_id}"
        if not pool.price_tiers:
            yield from _idle(here, pool)
        elif pool.purchase_option not in _RENTED:
            mend = "Remove the tiers, or set the purchase option to on_demand or interruptible."
            yield Issue(f"{here}.price_tiers", "only rented pools have price tiers", pool.purchase_option, mend=mend)
        else:
            yield from _quantities(here, pool, scenario)
            if pool.tier_basis == "horizon":
                yield from _one_level(here, scenario)


def _idle(here: str, pool: Pool) -> Iterator[Issue]:
    for field, default in (("tier_form", "graduated"), ("tier_basis", "horizon")):
        value = getattr(pool, field)
        if value != default:
            mend = "Add price tiers, or remove it."
            yield Issue(f"{here}.{field}", "has no effect without price tiers", value, mend=mend, severity="warning")


def _quantities(here: str, pool: Pool, scenario: Scenario) -> Iterator[Issue]:
    is_hourly = pool.tier_basis == "hour"
    unit = "accelerators" if is_hourly else "accelerator-hours"
    most = pool.capacity_accelerators * (1.0 if is_hourly else scenario.horizon.plan_hours)
    seen: dict[float, str] = {}
    for tier_id, tier in pool.price_tiers.items():
        path, value = f"{here}.price_tiers.{tier_id}.from_quantity", f"{tier.from_quantity:g}"
        first = seen.setdefault(tier.from_quantity, tier_id)
        if first != tier_id:
            yield Issue(path, f"tier {first} begins there already", value, unit, "Keep one tier for each quantity.")
        elif tier.from_quantity > most:
            message = f"is never reached: at most {most:,.6g} {unit} can be provisioned"
            yield Issue(path, message, value, unit, "Check the quantity and tier_basis.", "warning")


def _one_level(here: str, scenario: Scenario) -> Iterator[Issue]:
    for block_id, block in scenario.horizon.blocks.items():
        if block.price_factor != 1:
            yield Issue(
                f"{here}.tier_basis",
                f"tiers over the horizon need a price factor of 1 in every block ({block_id}: {block.price_factor:g})",
                "horizon",
                mend="Set tier_basis to hour, or price_factor of all blocks to 1.",
            )
            return
