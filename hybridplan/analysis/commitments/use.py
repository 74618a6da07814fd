"""How commitments are used, hour by hour and over the horizon.

A commitment for capacity is used as far as the load (assigned and standby) of its pool goes, in equal parts by all
commitments of the pool in service. A spend commitment is used as far as covered accelerators take of it at their rates.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hybridplan.analysis import frames
from hybridplan.analysis.commitments.holdings import Holding, holdings, on_demand_usd
from hybridplan.domain import Scenario
from hybridplan.domain.prices import contracted_price_usd
from hybridplan.plan import Plan, PlanTables

Floats = NDArray[np.float64]
_DUST = 1e-9
"""Part of a fee below which what is not used is rounding."""
_KEYS = ["block", "period_start"]
PERIOD_COLUMNS = (
    "block",
    "period_start",
    "weight_hours",
    "committed",
    "used",
    "new_used",
    "covered",
    "coverable",
    "value_usd",
    "new_value_usd",
)
COLUMNS = (
    "kind",
    "record",
    "name",
    "existing",
    "new",
    "service_hours",
    "usd",
    "used_usd",
    "unused_usd",
    "utilisation",
    "new_utilisation",
    "coverage",
    "used_accelerator_hours",
    "usd_per_used_hour",
    "on_demand_usd",
    "break_even_utilisation",
    "value_usd",
    "new_usd",
    "new_value_usd",
)


def by_commitment(plan: Plan) -> pd.DataFrame:
    """One row per commitment: COLUMNS, over the hours of the horizon in which it is in service.

    - existing, new: accelerators, or USD per hour. usd: its fee, used_usd and unused_usd its two parts, as audited.
    - utilisation: used / committed, by accelerator-hours or USD. new_utilisation: of the new part alone, if what was
      held before is used first; NaN where nothing is new.
    - coverage: part that it pays for of all accelerator-hours of the pools that it can pay for.
    - usd_per_used_hour: fee / accelerator-hours that it paid for; NaN where it is not used.
    - value_usd: what these would have cost on demand: at the cheapest price of the same accelerator (commitment), or at
      that of each covered pool; new_value_usd: of the new part alone. NaN where it cannot be rented.
    - on_demand_usd: that price in the mean per accelerator-hour. break_even_utilisation: utilisation at which the fee
      is what renting would cost; for a spend commitment, in the mix of pools that it pays for.
    """
    if plan.tables is None:
        return pd.DataFrame(columns=list(COLUMNS))
    rows = [_row(plan, one, by_period(plan, plan.tables, one)) for one in holdings(plan)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def by_period(plan: Plan, tables: PlanTables, one: Holding) -> pd.DataFrame:
    """PERIOD_COLUMNS of one commitment in the periods of its service.

    committed, used, new_used: accelerators or USD per hour. covered: accelerators that it pays for; coverable: all that
    run in the pools that it can pay for. value_usd, new_value_usd: per hour, what they would cost on demand.
    """
    times = frames.periods(plan.scenario)
    times = times.loc[times["block"].map(one.hours).astype(float) > 0, [*_KEYS, "weight_hours"]].reset_index(drop=True)
    found = _capacity(plan, tables, one, times) if one.kind == "commitment" else _spend(plan, tables, one, times)
    return found[list(PERIOD_COLUMNS)]


def money(plan: Plan, one: Holding) -> tuple[float, float]:
    """(used, unused) parts of the fee over the horizon, as the audit has them, in USD."""
    lines = plan.cost_lines
    mine = lines.loc[(lines["term"] == "commitment") & (lines["record"] == one.record)]
    # Both kinds may use one id; a commitment for capacity is paid for its own pool.
    own = mine["pool"] == one.pools[0] if one.kind == "commitment" else mine["pool"].isin(["", *one.pools])
    mine = mine.loc[own]
    idle = mine["detail"] == "unused"
    used, unused = float(mine.loc[~idle, "usd"].sum()), float(mine.loc[idle, "usd"].sum())
    return (used, unused) if unused > _DUST * (used + unused) else (used + unused, 0.0)


def _row(plan: Plan, one: Holding, rows: pd.DataFrame) -> dict[str, object]:
    hours = rows["weight_hours"].astype(float)

    def total(column: str) -> float:
        return float((rows[column].astype(float) * hours).sum(skipna=False))

    used_usd, unused_usd = money(plan, one)
    committed, used, covered, value = total("committed"), total("used"), total("covered"), total("value_usd")
    new_size = one.new * one.service_hours
    price = _mean_price(plan.scenario, one, hours, rows) if not covered > 0 else value / covered
    return {
        "kind": one.kind,
        "record": one.record,
        "name": one.name,
        "existing": one.existing,
        "new": one.new,
        "service_hours": one.service_hours,
        "usd": used_usd + unused_usd,
        "used_usd": used_usd,
        "unused_usd": unused_usd,
        "utilisation": _part(used, committed),
        "new_utilisation": _part(total("new_used"), new_size),
        "coverage": _part(covered, total("coverable")),
        "used_accelerator_hours": covered,
        "usd_per_used_hour": _part(used_usd + unused_usd, covered),
        "on_demand_usd": price,
        "break_even_utilisation": _break_even(plan.scenario, one, price, used, value),
        "value_usd": value,
        "new_usd": new_size * one.fee_usd_per_hour,
        "new_value_usd": total("new_value_usd"),
    }


def _capacity(plan: Plan, tables: PlanTables, one: Holding, times: pd.DataFrame) -> pd.DataFrame:
    own = one.pools[0]
    load = _at(times, _loads(tables, own))
    whole = np.zeros(len(times))
    for other in holdings(plan):
        if other.kind == "commitment" and other.pools[0] == own:
            whole = whole + other.size * (times["block"].map(other.hours).astype(float) > 0).to_numpy(dtype=float)
    used = np.minimum(np.divide(load, whole, out=np.zeros_like(load), where=whole > 0), 1.0)
    usable = frames.usable_share(plan.scenario, own)
    room = np.array([usable[key] for key in times[_KEYS].itertuples(index=False, name=None)], dtype=np.float64)
    new_used = np.clip(load - room * (whole - one.new), 0.0, one.new)
    rented = _at(times, _provisioned(tables, one.pools[1:]))
    price = _price(plan.scenario, plan.scenario.pools[own].sku, times)
    return times.assign(
        committed=one.size,
        used=used * one.size,
        new_used=new_used,
        covered=used * one.size,
        coverable=load + rented,
        value_usd=used * one.size * price,
        new_value_usd=new_used * price,
    )


def _spend(plan: Plan, tables: PlanTables, one: Holding, times: pd.DataFrame) -> pd.DataFrame:
    rows = tables.covered.loc[tables.covered["spend_commitment"] == one.record]
    rows = rows.assign(accelerators=rows["accelerators_covered"].astype(float))
    factor = {key: block.price_factor for key, block in plan.scenario.horizon.blocks.items()}
    price = {key: contracted_price_usd(plan.scenario, plan.scenario.pools[key]) for key in one.pools}
    pool = rows["pool"].astype(str)
    rows = rows.assign(
        taken=rows["accelerators"] * pool.map(one.rates).astype(float),
        value=rows["accelerators"] * pool.map(price).astype(float) * rows["block"].map(factor).astype(float),
    )
    sums = rows.groupby(_KEYS)[["accelerators", "taken", "value"]].sum()
    used, value = _at(times, sums["taken"]), _at(times, sums["value"])
    new_used = np.clip(used - one.existing, 0.0, one.new)
    per_usd = np.divide(value, used, out=np.zeros_like(value), where=used > 0)
    return times.assign(
        committed=one.size,
        used=used,
        new_used=new_used,
        covered=_at(times, sums["accelerators"]),
        coverable=_at(times, _provisioned(tables, one.pools)),
        value_usd=value,
        new_value_usd=new_used * per_usd,
    )


def _loads(tables: PlanTables, pool: str) -> pd.Series[float]:
    """Assigned and standby accelerators of a pool by period."""
    work = tables.allocation.loc[tables.allocation["pool"] == pool]
    ready = tables.standby.loc[tables.standby["pool"] == pool]
    busy = work.groupby(_KEYS)["accelerators_assigned"].sum().astype(float)
    return busy.add(ready.groupby(_KEYS)["accelerators_standby"].sum().astype(float), fill_value=0.0)


def _provisioned(tables: PlanTables, pools: tuple[str, ...]) -> pd.Series[float]:
    rows = tables.provisioned.loc[tables.provisioned["pool"].isin(list(pools))]
    return rows.groupby(_KEYS)["accelerators_provisioned"].sum().astype(float)


def _at(times: pd.DataFrame, sums: pd.Series[float]) -> Floats:
    """Sums by block and period at these times, 0 where there is none."""
    known = {key: float(value) for key, value in sums.items()}
    return np.array([known.get(key, 0.0) for key in times[_KEYS].itertuples(index=False, name=None)], dtype=np.float64)


def _price(scenario: Scenario, sku: str, times: pd.DataFrame) -> Floats:
    """Cheapest price on demand in each period; NaN where there is none."""
    usd = on_demand_usd(scenario, sku)
    factor = {key: block.price_factor for key, block in scenario.horizon.blocks.items()}
    factors = np.array([factor[key] for key in times["block"]], dtype=np.float64)
    prices: Floats = factors * (np.nan if usd is None else usd)
    return prices


def _mean_price(scenario: Scenario, one: Holding, hours: pd.Series[float], rows: pd.DataFrame) -> float:
    """Price on demand in the mean over its service, for a commitment that is not used."""
    if one.kind == "spend_commitment" or rows.empty:
        return float("nan")
    price = _price(scenario, scenario.pools[one.pools[0]].sku, rows)
    return float((price * hours.to_numpy()).sum() / hours.sum())


def _break_even(scenario: Scenario, one: Holding, price: float, used: float, value: float) -> float:
    if one.kind == "commitment":
        return _part(one.fee_usd_per_hour, price)
    if used > 0:
        return _part(used, value)
    # Not used yet: at best it would pay for what is discounted most.
    prices = {key: contracted_price_usd(scenario, scenario.pools[key]) for key in one.pools}
    return min((one.rates[key] / usd for key, usd in prices.items() if usd > 0), default=float("nan"))


def _part(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")
