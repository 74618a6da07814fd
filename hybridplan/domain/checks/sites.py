"""Limits of sites: rack units and power against what stands there whatever is decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from hybridplan.domain.features import is_always_on
from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.expansion import Expansion
    from hybridplan.domain.horizon import Block
    from hybridplan.domain.pool import Pool
    from hybridplan.domain.scenario import Scenario
    from hybridplan.domain.site import Site

_ROUNDING: Final = 1e-9


def check_sites(scenario: Scenario) -> Iterator[Issue]:
    """Issues of every site with a limit on space or power."""
    there: dict[str, dict[str, Pool]] = {}
    for pool_id, pool in scenario.pools.items():
        there.setdefault(pool.site, {})[pool_id] = pool
    for site_id, site in scenario.sites.items():
        pools = there.get(site_id, {})
        yield from _space(f"sites.{site_id}.rack_units_limit", site, pools, scenario)
        yield from _power(f"sites.{site_id}.it_power_limit_kw", site, pools, scenario)


def _space(path: str, site: Site, pools: dict[str, Pool], scenario: Scenario) -> Iterator[Issue]:
    limit = site.rack_units_limit
    if limit is None:
        return
    racked = {key: pool for key, pool in pools.items() if pool.purchase_option == "owned"}
    if not any(pool.rack_units_per_accelerator for pool in racked.values()):
        message = "has no effect: no owned pool here says what space it takes"
        mend = "Enter rack_units_per_accelerator of the pools, or remove it."
        yield Issue(path, message, f"{limit:g}", "rack units", mend, "warning")
        return
    blocks = [block for _, block in scenario.horizon.ordered()]
    forced = [one for one in scenario.expansions.values() if one.min_accelerators and one.pool in racked]
    # Space is taken by what arrives and given back by what retires: most is taken at the first block or at an arrival.
    places = {0, *(one.lead_time_blocks for one in forced)} & set(range(len(blocks)))
    taken = max((_rack_units(racked, place, blocks[place], forced) for place in places), default=0.0)
    if taken > limit * (1 + _ROUNDING):
        message = f"is below what stands here or must be bought ({taken:,.6g} rack units)"
        mend = "Raise it, correct rack_units_per_accelerator, or let pools be given up (owned_cost avoidable)."
        yield Issue(path, message, f"{limit:g}", "rack units", mend)


def _rack_units(pools: dict[str, Pool], place: int, block: Block, forced: list[Expansion]) -> float:
    """What no plan can give up in the block at ``place``: sunk pools until they retire, and least purchases."""
    sunk = sum(pool.capacity_accelerators * pool.rack_units_per_accelerator for pool in _sunk(pools, block))
    bought = sum(
        one.min_accelerators * pools[one.pool].rack_units_per_accelerator
        for one in forced
        if one.lead_time_blocks <= place
    )
    return sunk + bought


def _sunk(pools: dict[str, Pool], block: Block) -> list[Pool]:
    return [
        pool
        for pool in pools.values()
        if pool.owned_cost == "sunk" and (pool.retires is None or block.start < pool.retires)
    ]


def _power(path: str, site: Site, pools: dict[str, Pool], scenario: Scenario) -> Iterator[Issue]:
    limit = site.it_power_limit_kw
    if limit is None:
        return
    if not any(pool.busy_kw for pool in pools.values()):
        message, mend = "has no effect: no pool here has a power", "Enter busy_kw of the pools, or remove it."
        yield Issue(path, message, f"{limit:g}", "kW", mend, "warning")
        return
    on = {key: pool for key, pool in pools.items() if is_always_on(pool) and pool.idle_kw}
    if sum(pool.idle_kw * pool.capacity_accelerators for pool in on.values()) <= limit:
        return
    idle = max((_idle_kw(on, key, block) for key, block in scenario.horizon.blocks.items()), default=0.0)
    if idle > limit * (1 + _ROUNDING):
        message = f"is below what owned accelerators that are always on draw when idle ({idle:,.6g} kW)"
        mend = "Raise it, correct idle_kw, or let pools power down (can_power_down)."
        yield Issue(path, message, f"{limit:g}", "kW", mend, "warning")


def _idle_kw(pools: dict[str, Pool], block_id: str, block: Block) -> float:
    """In the period of the block in which most is up."""
    sunk = [(pool, pool.up_share.get(block_id, (1.0,) * block.periods)) for pool in _sunk(pools, block)]
    return max(
        (
            sum(pool.idle_kw * pool.capacity_accelerators * share[at] for pool, share in sunk if at < len(share))
            for at in range(block.periods)
        ),
        default=0.0,
    )
