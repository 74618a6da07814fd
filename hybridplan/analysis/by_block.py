"""A plan block by block: cost by term, use of the pools, what is not served, energy and carbon, demand.

Amounts of a block are over all its occurrences (x weight), so that they sum to the horizon.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from hybridplan.analysis import demand, frames, utilisation
from hybridplan.audit import charges
from hybridplan.audit.ledger import Ledger, open_ledger
from hybridplan.audit.power import energy_by_period
from hybridplan.domain import Scenario
from hybridplan.plan import Plan, PlanTables
from hybridplan.units import GRAMS_PER_TONNE

BLOCK_COLUMNS: Final = ("block", "weight", "occurrence_hours", "hours", "demand_factor", "price_factor")
_LEAST_USD: Final = 1e-6
"""Below this an amount is rounding."""


def several(scenario: Scenario) -> bool:
    """Whether there is more than one block, so that a table by block says something."""
    return len(scenario.horizon.blocks) > 1


def blocks(scenario: Scenario) -> pd.DataFrame:
    """BLOCK_COLUMNS in the order of start: length of one occurrence, and of all of them, in hours."""
    rows = [
        (key, one.weight, length, one.weight * length, one.demand_factor, one.price_factor)
        for key, one in scenario.horizon.ordered()
        for length in [one.period_hours * one.periods]
    ]
    return pd.DataFrame(rows, columns=list(BLOCK_COLUMNS))


def costs(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    """One row per cost term that anyone pays: term, and USD of each block in a column of its id.

    The audit's charges by period x weight; they sum to ``plan.cost_usd``. Penalties are no bills and are left out.
    """
    ledger = open_ledger(plan.scenario, tables)
    keys = list(frames.periods(plan.scenario)["block"].unique())
    rows = []
    for term, found in charges(plan.scenario, tables).items():
        usd = np.zeros(len(ledger.axes.weight))
        for one in found:
            # A price of endless or unknown size counts only where something is paid for.
            usd += np.where(one.quantity == 0, 0.0, one.quantity * one.usd_per_unit) * ledger.axes.weight
        by_block = _by_block(ledger, usd)
        if np.abs(by_block).max(initial=0.0) > _LEAST_USD:
            rows.append({"term": term, **dict(zip(keys, by_block.tolist(), strict=True))})
    return pd.DataFrame(rows, columns=["term", *keys])


def use(scenario: Scenario, tables: PlanTables) -> pd.DataFrame:
    """Each pool in each block: pool, block, busy and base (accelerator-hours), utilisation (NaN where base is 0).

    The base is that of :mod:`hybridplan.analysis.utilisation`: what is available, or what is rented.
    """
    rows = utilisation.by_period(scenario, tables)
    hours = frames.weight_hours(scenario, rows)
    table = pd.DataFrame(
        {
            "pool": rows["pool"].astype(str),
            "block": rows["block"].astype(str),
            "busy": rows["accelerators_busy"].astype(float) * hours,
            "base": rows["accelerators_base"] * hours,
        }
    )
    out = table.groupby(["pool", "block"], sort=False).sum().reset_index()
    out["utilisation"] = out["busy"] / out["base"].where(out["base"] > 0)
    return out


def unserved(scenario: Scenario, tables: PlanTables) -> pd.DataFrame:
    """Each workload in each block: workload, block, demanded, unserved (work units), share; rows of no demand left out.

    Windows count in the block in which they lie.
    """
    wanted = pd.concat([_rigid(scenario, frames.demand(scenario)), _volumes(scenario)])
    missing = pd.concat([_rigid(scenario, tables.unserved_hourly), _left_in_windows(scenario, tables)])
    keys = ["workload", "block"]
    out = wanted.groupby(keys)["units"].sum().rename("demanded").to_frame()
    out["unserved"] = missing.groupby(keys)["units"].sum().astype(float)
    order = [(work, block) for work in scenario.workloads for block, _ in scenario.horizon.ordered()]
    out = out.loc[out["demanded"] > 0].fillna(0.0).reindex([pair for pair in order if pair in out.index])
    out = out.dropna().reset_index()
    return out.assign(share=out["unserved"] / out["demanded"])


def _rigid(scenario: Scenario, rows: pd.DataFrame) -> pd.DataFrame:
    """Rates by period as work units over the horizon."""
    units = rows["units_per_hour"].astype(float) * frames.weight_hours(scenario, rows)
    return pd.DataFrame({"workload": rows["workload"].astype(str), "block": rows["block"].astype(str), "units": units})


def _volumes(scenario: Scenario) -> pd.DataFrame:
    rows = [
        (key, window.block, window.volume_units * block.demand_factor * block.weight)
        for key, work in scenario.workloads.items()
        if work.flexibility == "deferrable"
        for window in work.windows.values()
        for block in [scenario.horizon.blocks[window.block]]
    ]
    return pd.DataFrame(rows, columns=["workload", "block", "units"])


def _left_in_windows(scenario: Scenario, tables: PlanTables) -> pd.DataFrame:
    found = tables.unserved_windows
    names = [scenario.workloads[w].windows[n].block for w, n in zip(found["workload"], found["window"], strict=True)]
    weights = np.asarray([scenario.horizon.blocks[name].weight for name in names], dtype=float)
    units = found["units"].to_numpy(dtype=float) * weights
    return pd.DataFrame({"workload": found["workload"].astype(str), "block": names, "units": units})


def energy(scenario: Scenario, tables: PlanTables) -> pd.DataFrame:
    """block, energy_kwh (facility included), carbon_tonnes: of pools whose grid's carbon is known."""
    ledger = open_ledger(scenario, tables)
    found = energy_by_period(ledger)
    by_pool = found.idle_kwh.copy()
    np.add.at(by_pool, ledger.pair_pool, found.busy_kwh)
    grams = [scenario.sites[pool.site].grid_carbon_g_per_kwh or 0.0 for pool in scenario.pools.values()]
    tonnes = np.asarray(grams) @ by_pool / GRAMS_PER_TONNE
    weight = ledger.axes.weight
    return pd.DataFrame(
        {
            "block": [key for key, _ in scenario.horizon.ordered()],
            "energy_kwh": _by_block(ledger, by_pool.sum(axis=0) * weight),
            "carbon_tonnes": _by_block(ledger, tonnes * weight),
        }
    )


def demanded(scenario: Scenario) -> pd.DataFrame:
    """Accelerators that each workload needs in each block on the fastest SKU: block, workload, mean, and the block's
    peak of all together (the same in each of its rows). Growth is included.
    """
    parts = []
    for key, _ in scenario.horizon.ordered():
        rows = demand.in_accelerators(scenario, key)
        if rows.empty:
            continue
        means = rows.groupby("workload", sort=False)["accelerators"].mean().reset_index(name="mean")
        peak = float(rows.groupby("period_start")["accelerators"].sum().max())
        parts.append(means.assign(block=key, peak=peak))
    columns = ["block", "workload", "mean", "peak"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def summary(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    """One row per block: BLOCK_COLUMNS, cost_usd, usd_per_hour, busy_accelerator_hours, energy_kwh, carbon_tonnes and
    unserved_share (the largest of any workload).
    """
    out = blocks(plan.scenario)
    paid = costs(plan, tables).drop(columns="term").sum()
    busy = use(plan.scenario, tables).groupby("block")["busy"].sum()
    missing = unserved(plan.scenario, tables).groupby("block")["share"].max()
    out["cost_usd"] = out["block"].map(paid).astype(float).fillna(0.0)
    out["usd_per_hour"] = out["cost_usd"] / out["hours"]
    out["busy_accelerator_hours"] = out["block"].map(busy).astype(float).fillna(0.0)
    out = out.merge(energy(plan.scenario, tables), on="block")
    out["unserved_share"] = out["block"].map(missing).astype(float).fillna(0.0)
    return out


def _by_block(ledger: Ledger, values: np.ndarray) -> np.ndarray:
    """(T,) to (blocks,), in the order of the blocks' start."""
    return np.bincount(ledger.axes.block_of, weights=values, minlength=len(ledger.axes.blocks))
