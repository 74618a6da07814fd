"""Pools: prices, energy, maintenance, and when they retire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hybridplan.domain.checks.dates import out_of_calendar
from hybridplan.errors import Issue
from hybridplan.units import MAGNITUDE_MIN

if TYPE_CHECKING:
    from hybridplan.domain.pool import Pool
    from hybridplan.domain.scenario import Scenario
    from hybridplan.domain.site import Site


def check_pools(scenario: Scenario) -> Iterator[Issue]:
    """Issues of every pool that concern more than one field."""
    if not scenario.pools:
        yield Issue("pools", "there is no pool, so all demand stays unserved", mend="Add a pool.", severity="warning")
    backed = {c.pool for c in scenario.commitments.values() if c.accelerators or c.max_new_accelerators}
    for pool_id, pool in scenario.pools.items():
        here = f"pools.{pool_id}"
        yield from _price(here, pool)
        yield from _owned_only(here, pool, scenario)
        if pool.efficiency < MAGNITUDE_MIN:
            message, mend = f"is below {MAGNITUDE_MIN:g}, so nothing could run here", "Write 0.95 for 95 %."
            yield Issue(f"{here}.efficiency", message, f"{pool.efficiency:g}", "share from 0 to 1", mend)
        yield from _energy(here, pool, scenario)
        yield from _up_share(here, pool, scenario)
        if pool.interruptions_per_hour and pool.purchase_option != "interruptible":
            yield Issue(
                f"{here}.interruptions_per_hour",
                "has no effect on a pool that is not interruptible",
                f"{pool.interruptions_per_hour:g}",
                "interruptions per accelerator-hour",
                "Set it to 0, or change the purchase option.",
                "warning",
            )
        if pool.purchase_option == "reserved" and pool_id not in backed:
            yield Issue(
                here,
                "a reserved pool without a commitment has no capacity",
                mend="Add a commitment for it, with accelerators that are committed or may be.",
                severity="warning",
            )


def _owned_only(here: str, pool: Pool, scenario: Scenario) -> Iterator[Issue]:
    retires = pool.retires
    if pool.purchase_option != "owned":
        message, mend = "has no effect: only owned pools", "Remove it, or correct the purchase option."
        if retires is not None:
            yield Issue(f"{here}.retires", f"{message} retire", retires.isoformat(), mend=mend, severity="warning")
        if pool.rack_units_per_accelerator:
            path, value = f"{here}.rack_units_per_accelerator", f"{pool.rack_units_per_accelerator:g}"
            yield Issue(path, f"{message} take space", value, "rack units", mend, "warning")
    elif retires is not None:
        if fault := out_of_calendar(retires):
            yield Issue(f"{here}.retires", fault, retires.isoformat(), mend="Check the year.")
        elif scenario.horizon.blocks and all(block.start >= retires for block in scenario.horizon.blocks.values()):
            message, mend = "is not after the start of any block, so this pool is never there", "Remove it or the pool."
            yield Issue(f"{here}.retires", message, retires.isoformat(), mend=mend, severity="warning")


def _price(here: str, pool: Pool) -> Iterator[Issue]:
    price, unit = pool.price_usd_per_accelerator_hour, "USD per accelerator-hour"
    field = f"{here}.price_usd_per_accelerator_hour"
    if pool.purchase_option == "reserved":
        if price:
            yield Issue(field, "must be 0 for a reserved pool", f"{price:g}", unit, "Put the fee on its commitment.")
        if pool.capacity_accelerators:
            yield Issue(
                f"{here}.capacity_accelerators",
                "must be 0 for a reserved pool",
                f"{pool.capacity_accelerators:g}",
                "accelerators",
                "Put the number on its commitment.",
            )
    elif price == 0:
        yield Issue(
            field, "the price is 0, so this pool is free to use", "0", unit, "Check that this is meant.", "warning"
        )


def _energy(here: str, pool: Pool, scenario: Scenario) -> Iterator[Issue]:
    if pool.price_includes_energy and pool.electricity_usd_per_kwh is not None:
        yield Issue(
            f"{here}.electricity_usd_per_kwh",
            "energy would be paid twice: the price already includes it",
            f"{pool.electricity_usd_per_kwh:g}",
            "USD per kWh",
            "Remove the electricity price, or set price_includes_energy to false.",
        )
    if pool.idle_kw > pool.busy_kw:
        mend = "Swap or correct the two."
        yield Issue(f"{here}.idle_kw", f"is above busy_kw ({pool.busy_kw:g})", f"{pool.idle_kw:g}", "kW", mend)
    site = scenario.sites.get(pool.site)
    if site is None:
        return
    if not pool.price_includes_energy:
        yield from _separate_energy(here, pool, site)
    if pool.busy_kw and site.grid_carbon_g_per_kwh is None:
        priced = scenario.policy.carbon_usd_per_tonne > 0
        yield Issue(
            f"sites.{pool.site}.grid_carbon_g_per_kwh",
            "is needed, since carbon has a price" if priced else "is missing, so carbon of this site is not counted",
            unit="g CO2e per kWh",
            mend="Enter the location-based average of the grid.",
            severity="error" if priced else "warning",
        )


def _separate_energy(here: str, pool: Pool, site: Site) -> Iterator[Issue]:
    if pool.electricity_usd_per_kwh is None and site.electricity_usd_per_kwh is None:
        yield Issue(
            f"sites.{pool.site}.electricity_usd_per_kwh",
            f"is needed, since pool {pool_name(here)} pays its energy apart",
            unit="USD per kWh",
            mend="Enter it, or set price_includes_energy of the pool to true.",
        )
    if pool.busy_kw == 0:
        message = "energy is charged apart, but the power is 0"
        mend = "Enter the power of one busy accelerator."
        yield Issue(f"{here}.busy_kw", message, "0", "kW", mend, "warning")


def pool_name(here: str) -> str:
    """The id in a path such as ``pools.fra-h100``."""
    return here.removeprefix("pools.")


def _up_share(here: str, pool: Pool, scenario: Scenario) -> Iterator[Issue]:
    for block_id, profile in pool.up_share.items():
        block = scenario.horizon.blocks.get(block_id)
        path = f"{here}.up_share.{block_id}"
        if block is not None and len(profile) != block.periods:
            yield Issue(
                path,
                f"must have one value per period ({block.periods})",
                f"{len(profile)} values",
                "share from 0 to 1",
                "Give one value per period.",
            )
        worst = max(profile, default=0.0)
        if worst > 1:
            yield Issue(path, "a share cannot be above 1", f"{worst:g}", "share from 0 to 1", "Write 0.95 for 95 %.")
