"""What a plan buys for owned pools: number, yearly cost in parts, cost per hour of use, payback, what overturns it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from hybridplan.analysis import frames, labels, purchases, utilisation
from hybridplan.analysis.buying.terms import Terms
from hybridplan.analysis.commitments.holdings import on_demand_usd
from hybridplan.domain import Expansion, Pool, Scenario
from hybridplan.plan import Plan, PlanTables
from hybridplan.units import HOURS_PER_YEAR

_KEYS = ["block", "period_start"]
_WHOLE = 1e-6
"""Accelerators by which a solver's number may lie above whole nodes without costing another."""


@dataclass(frozen=True)
class Bought:
    """One expansion as the plan decides it. Amounts are per accelerator and year of 8,760 hours unless said otherwise.

    Use is that of the new accelerators alone, if what stands there before is filled first.
    """

    record: str
    name: str
    pool: str
    accelerators: float
    node: int
    whole: int
    """Accelerators in whole nodes: what can be ordered; rounded up where offer and racks allow it, else down."""
    rounding_usd: float
    """Over the horizon: what the rest of the last node costs at most (it may save something); rounded down, what is no
    longer gained against renting, NaN where it cannot be rented."""
    arrives: str
    """Block from which on it serves; empty where it comes after the horizon."""
    service_hours: float
    capex_usd: float
    annuity_usd: float
    staff_usd: float
    space_usd: float
    energy_usd: float
    """At the planned use; 0 where the price of the pool holds its energy."""
    busy_usd_per_hour: float
    idle_usd_per_hour: float
    utilisation: float
    """Of the new ones; NaN where none is bought."""
    on_demand_usd: float
    """Cheapest price of the same accelerator on demand per hour, in the mean over the blocks of service; NaN: none."""
    reserved_usd: float
    """Cheapest fee of a commitment for the same accelerator per hour; NaN: none."""
    terms: Terms
    usd: float
    """Cost over the horizon, as audited."""

    @property
    def fixed_usd(self) -> float:
        """Annuity, staff and space: paid used or not."""
        return self.annuity_usd + self.staff_usd + self.space_usd

    @property
    def usd_per_used_hour(self) -> float:
        """Total cost of ownership per hour of use at the planned use."""
        return self.at(self.utilisation)

    def at(self, use: float) -> float:
        """Total cost of ownership per hour of use: (fixed / 8,760 + idle (1 - use)) / use + busy; NaN for no use."""
        if not use > 0:
            return math.nan
        idle = self.idle_usd_per_hour * (1.0 - use)
        return (self.fixed_usd / HOURS_PER_YEAR + idle) / use + self.busy_usd_per_hour

    @property
    def break_even_utilisation(self) -> float:
        """Use at which owning costs what renting on demand does; NaN where it cannot be rented, may lie above 1."""
        saved = self.on_demand_usd - self.busy_usd_per_hour + self.idle_usd_per_hour
        if not saved > 0:
            return math.nan
        return (self.fixed_usd / HOURS_PER_YEAR + self.idle_usd_per_hour) / saved

    @property
    def value_usd(self) -> float:
        """What its work would cost on demand a year; NaN where it cannot be rented."""
        return self.on_demand_usd * self.utilisation * HOURS_PER_YEAR

    @property
    def payback_years(self) -> float | None:
        """Purchase price / (rent saved less staff, space and energy), undiscounted; None where nothing is saved."""
        saved = self.value_usd - self.staff_usd - self.space_usd - self.energy_usd
        return self.capex_usd / saved if saved > 0 else None

    @property
    def pays_below_usd(self) -> float | None:
        """Purchase price above which it would not pay at the planned use; None where that cannot be told."""
        if not math.isfinite(self.value_usd):
            return None
        return self.terms.price_at(self.value_usd - self.energy_usd)


def occur(scenario: Scenario) -> bool:
    """Whether hardware may be bought, goes, or is limited by its site; or a private line is on offer."""
    return bool(
        scenario.expansions
        or any(pool.retires for pool in scenario.pools.values())
        or any(site.rack_units_limit or site.it_power_limit_kw for site in scenario.sites.values())
        or any(link.max_private_gbps > 0 for link in scenario.links.values())
    )


def expansions(plan: Plan) -> tuple[Bought, ...]:
    """Every expansion of a plan, what is not bought too."""
    if plan.tables is None:
        return ()
    return tuple(_bought(plan, plan.tables, key, one) for key, one in plan.scenario.expansions.items())


def terms(scenario: Scenario, one: Expansion) -> Terms:
    """Its terms of purchase, those of the scenario's finance where it says nothing."""
    finance = scenario.finance
    return Terms(
        one.capex_usd_per_accelerator,
        finance.life_years if one.life_years is None else one.life_years,
        finance.interest_rate if one.interest_rate is None else one.interest_rate,
        finance.salvage_share if one.salvage_share is None else one.salvage_share,
        one.staff_usd_per_accelerator_year + one.space_usd_per_accelerator_year,
    )


def arrival(scenario: Scenario, one: Expansion) -> str:
    """The first block in which it can be used; empty where that lies after the horizon."""
    order = [key for key, _ in scenario.horizon.ordered()]
    return order[one.lead_time_blocks] if one.lead_time_blocks < len(order) else ""


def served_blocks(scenario: Scenario, one: Expansion) -> list[str]:
    """The blocks in which it stands there."""
    return [key for key, _ in scenario.horizon.ordered()][one.lead_time_blocks :]


def _bought(plan: Plan, tables: PlanTables, key: str, one: Expansion) -> Bought:
    scenario, pool = plan.scenario, plan.scenario.pools[one.pool]
    number = purchases.quantities(plan, "expansion").get(key, 0.0)
    given, node = terms(scenario, one), pool.accelerators_per_node
    whole = _whole(plan, tables, one, number)
    all_hours = purchases.block_hours(scenario)
    blocks = served_blocks(scenario, one)
    hours = sum(all_hours[block] for block in blocks)
    use = _use(plan, tables, key, one, number, blocks) if number > 0 else math.nan
    busy, idle = _energy(scenario, pool)
    yearly = given.usd_per_year
    rate = HOURS_PER_YEAR * ((use * busy + (1 - use) * idle) if number > 0 else 0.0)
    lines = plan.cost_lines
    mine = lines.loc[(lines["term"] == "expansion") & (lines["record"] == key), "usd"]
    found = Bought(
        record=key,
        name=labels.expansions(scenario)[key],
        pool=one.pool,
        accelerators=number,
        node=node,
        whole=whole,
        rounding_usd=max(whole - number, 0.0) * yearly / HOURS_PER_YEAR * hours,
        arrives=blocks[0] if blocks else "",
        service_hours=hours,
        capex_usd=one.capex_usd_per_accelerator,
        annuity_usd=yearly - given.yearly_usd,
        staff_usd=one.staff_usd_per_accelerator_year,
        space_usd=one.space_usd_per_accelerator_year,
        energy_usd=rate,
        busy_usd_per_hour=busy,
        idle_usd_per_hour=idle,
        utilisation=use,
        on_demand_usd=_rent(scenario, pool.sku, blocks, all_hours),
        reserved_usd=_fee(scenario, pool.sku),
        terms=given,
        usd=float(mine.sum()),
    )
    if whole >= number - _WHOLE:
        return found
    lost = (number - whole) * (found.value_usd - found.fixed_usd - found.energy_usd) / HOURS_PER_YEAR * hours
    return replace(found, rounding_usd=lost)


def _whole(plan: Plan, tables: PlanTables, one: Expansion, number: float) -> int:
    """A number in whole nodes: up, or down where no more is on offer or the racks of the site are full."""
    pool = plan.scenario.pools[one.pool]
    node, limit = pool.accelerators_per_node, plan.scenario.sites[pool.site].rack_units_limit
    up = math.ceil((number - _WHOLE) / node) * node if number > 0 else 0
    if up <= number + _WHOLE:
        return up
    units = space(plan, tables).get(pool.site, 0.0) + (up - number) * pool.rack_units_per_accelerator
    fits = up <= one.max_accelerators + _WHOLE and (limit is None or units <= limit * (1 + _WHOLE))
    return up if fits else up - node


def space(plan: Plan, tables: PlanTables) -> dict[str, float]:
    """Rack units that owned accelerators take, kept and bought, by site, in the block in which they are most."""
    sums: dict[tuple[str, str], float] = {}
    for key, pool in plan.scenario.pools.items():
        if pool.purchase_option != "owned" or not pool.rack_units_per_accelerator:
            continue
        there, new = standing(plan, tables, key), arrived(plan, key)
        for block in there:
            units = pool.rack_units_per_accelerator * (there[block] + new[block])
            sums[pool.site, block] = sums.get((pool.site, block), 0.0) + units
    found: dict[str, float] = {}
    for (site, _), units in sums.items():
        found[site] = max(found.get(site, 0.0), units)
    return found


def loads(plan: Plan, tables: PlanTables, pool: str) -> pd.Series[float]:
    """What work needs of a pool by block and period, standby included: idle accelerators that queues merely share are
    not needed."""
    needed = tables.allocation[_KEYS].assign(load=utilisation.needed(plan.scenario, tables, plan.routes))
    work = needed.loc[(tables.allocation["pool"] == pool).to_numpy()]
    ready = tables.standby.loc[tables.standby["pool"] == pool]
    load = work.groupby(_KEYS)["load"].sum().astype(float)
    return load.add(ready.groupby(_KEYS)["accelerators_standby"].sum().astype(float), fill_value=0.0)


def standing(plan: Plan, tables: PlanTables, pool_id: str) -> dict[str, float]:
    """Accelerators of an owned pool that were there before and are kept, by block; 0 from its retirement on."""
    kept = dict(tables.kept[["pool", "accelerators_kept"]].itertuples(index=False, name=None))
    pool, number = plan.scenario.pools[pool_id], float(kept.get(pool_id, 0.0))
    return {
        key: 0.0 if pool.retires is not None and block.start >= pool.retires else number
        for key, block in plan.scenario.horizon.ordered()
    }


def arrived(plan: Plan, pool_id: str, but: str = "") -> dict[str, float]:
    """Accelerators bought for a pool that are there, by block; without those of one expansion."""
    bought = purchases.quantities(plan, "expansion")
    found = {key: 0.0 for key, _ in plan.scenario.horizon.ordered()}
    for key, one in plan.scenario.expansions.items():
        if one.pool == pool_id and key != but:
            for block in served_blocks(plan.scenario, one):
                found[block] += bought.get(key, 0.0)
    return found


def _use(plan: Plan, tables: PlanTables, key: str, one: Expansion, number: float, blocks: list[str]) -> float:
    """Part of their hours in which the new ones are needed beyond what else is up there."""
    before, others = standing(plan, tables, one.pool), arrived(plan, one.pool, key)
    load = {place: float(value) for place, value in loads(plan, tables, one.pool).items()}
    times = frames.periods(plan.scenario)
    times = times.loc[times["block"].isin(blocks)]
    usable = frames.usable_share(plan.scenario, one.pool)
    used, hours = 0.0, 0.0
    for block, start, weight in times[[*_KEYS, "weight_hours"]].itertuples(index=False, name=None):
        room = usable[block, start] * (before[block] + others[block])
        used += weight * min(max(load.get((block, start), 0.0) - room, 0.0), number)
        hours += weight
    return used / (number * hours) if hours > 0 else math.nan


def _energy(scenario: Scenario, pool: Pool) -> tuple[float, float]:
    """USD per hour of one busy and of one idle accelerator; 0 where the pool's price holds its energy, and idle where
    it is then switched off."""
    site = scenario.sites[pool.site]
    price = pool.electricity_usd_per_kwh if pool.electricity_usd_per_kwh is not None else site.electricity_usd_per_kwh
    if pool.price_includes_energy or not price:
        return 0.0, 0.0
    idle_kw = 0.0 if pool.can_power_down else pool.idle_kw
    return pool.busy_kw * site.pue * price, idle_kw * site.pue * price


def _rent(scenario: Scenario, sku: str, blocks: list[str], hours: dict[str, float]) -> float:
    usd = on_demand_usd(scenario, sku)
    weights = [hours[block] for block in blocks]
    if usd is None or not blocks:
        return math.nan
    return usd * float(np.average([scenario.horizon.blocks[block].price_factor for block in blocks], weights=weights))


def _fee(scenario: Scenario, sku: str) -> float:
    found = [
        one.fee_usd_per_accelerator_hour for one in scenario.commitments.values() if scenario.pools[one.pool].sku == sku
    ]
    return min((fee for fee in found if fee > 0), default=math.nan)
