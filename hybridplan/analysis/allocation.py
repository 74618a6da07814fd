"""Where the work runs: by pool and period, in accelerators and in each workload's own unit."""

from __future__ import annotations

import pandas as pd

from hybridplan.analysis import frames
from hybridplan.domain import Scenario
from hybridplan.plan import PlanTables


def by_pool(tables: PlanTables, block: str) -> pd.DataFrame:
    """Busy accelerators by pool in one block: period_start, pool, accelerators_busy (absent = 0)."""
    rows = tables.allocation.loc[tables.allocation["block"] == block]
    return rows.groupby(["period_start", "pool"])["accelerators_busy"].sum().reset_index()


def demand_in_accelerators(scenario: Scenario, tables: PlanTables, routes: pd.DataFrame, block: str) -> pd.DataFrame:
    """Demand of one block in accelerators, one row per period: period_start, used, unserved, demanded.

    used = what the plan keeps busy; unserved = work not served / mean productivity of the workload's eligible routes
    (units per accelerator-hour); demanded = used + unserved. A workload without any route has no accelerators to
    convert to and is left out: its unserved work is reported in its own unit.
    """
    times = frames.periods(scenario)
    starts = times.loc[times["block"] == block, "period_start"]
    used = by_pool(tables, block).groupby("period_start")["accelerators_busy"].sum()
    missing = frames.unserved_rates(scenario, tables.unserved_hourly, tables.unserved_windows)
    missing = missing.loc[missing["block"] == block]
    productivity = missing["workload"].map(frames.units_per_accelerator_hour(routes)).astype(float)
    lacking = (missing["units_per_hour"].astype(float) / productivity).groupby(missing["period_start"]).sum()
    out = pd.DataFrame({"period_start": starts.to_numpy()})
    out["period_start"] = out["period_start"].astype(starts.dtype)
    out["used"] = out["period_start"].map(used).astype(float).fillna(0.0)
    out["unserved"] = out["period_start"].map(lacking).astype(float).fillna(0.0)
    out["demanded"] = out["used"] + out["unserved"]
    return out


def of_workload(tables: PlanTables, workload: str, block: str) -> pd.DataFrame:
    """One workload in its own unit by pool: period_start, pool, units_per_hour."""
    rows = tables.allocation
    rows = rows.loc[(rows["workload"] == workload) & (rows["block"] == block)]
    return rows[["period_start", "pool", "units_per_hour"]].reset_index(drop=True)


def demand_of_workload(scenario: Scenario, workload: str, block: str) -> pd.DataFrame:
    """Rigid demand of one workload: period_start, units_per_hour; empty for deferrable work, which has no hours."""
    rows = frames.demand(scenario)
    rows = rows.loc[(rows["workload"] == workload) & (rows["block"] == block)]
    return rows[["period_start", "units_per_hour"]].reset_index(drop=True)


def totals(scenario: Scenario, tables: PlanTables) -> pd.DataFrame:
    """Over the horizon by workload and pool: accelerator_hours, units, share_of_served (of the workload's units)."""
    rows = tables.allocation
    scale = frames.weight_hours(scenario, rows)
    table = pd.DataFrame(
        {
            "workload": rows["workload"].astype(str),
            "pool": rows["pool"].astype(str),
            "accelerator_hours": rows["accelerators_busy"].astype(float) * scale,
            "units": rows["units_per_hour"].astype(float) * scale,
        }
    )
    table = table.groupby(["workload", "pool"], as_index=False).sum()
    table = table.loc[table["units"] > 0].copy()
    table["share_of_served"] = table["units"] / table.groupby("workload")["units"].transform("sum")
    order = table.sort_values(["workload", "units"], ascending=[True, False], kind="stable")
    return order.reset_index(drop=True)


def by_option(scenario: Scenario, tables: PlanTables) -> pd.DataFrame:
    """Busy accelerator-hours by site kind and purchase option: kind, purchase_option, accelerator_hours, share."""
    table = totals(scenario, tables)
    table["purchase_option"] = table["pool"].map(lambda key: scenario.pools[key].purchase_option)
    table["kind"] = table["pool"].map(lambda key: scenario.sites[scenario.pools[key].site].kind)
    out = table.groupby(["kind", "purchase_option"])["accelerator_hours"].sum().reset_index()
    whole = out["accelerator_hours"].sum()
    out["share"] = out["accelerator_hours"] / whole if whole > 0 else 0.0
    return out.sort_values("accelerator_hours", ascending=False, kind="stable").reset_index(drop=True)


def service(scenario: Scenario, tables: PlanTables) -> pd.DataFrame:
    """Each workload over the horizon: workload, unit, demanded, served, unserved, served_share (NaN without demand)."""
    demanded = pd.Series(frames.demanded_units(scenario), dtype=float)
    served = totals(scenario, tables).groupby("workload")["units"].sum()
    out = pd.DataFrame({"workload": list(scenario.workloads)})
    out["unit"] = [work.unit for work in scenario.workloads.values()]
    out["demanded"] = out["workload"].map(demanded).astype(float)
    out["served"] = out["workload"].map(served).astype(float).fillna(0.0)
    out["unserved"] = (out["demanded"] - out["served"]).clip(lower=0.0)
    out["served_share"] = (out["served"] / out["demanded"].where(out["demanded"] > 0)).clip(upper=1.0)
    return out
