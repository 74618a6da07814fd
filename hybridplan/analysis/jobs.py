"""Jobs: when the windows of deferrable work run, on what, how far they get, and what they follow."""

from __future__ import annotations

import pandas as pd

from hybridplan.analysis import frames
from hybridplan.domain import Scenario
from hybridplan.domain.periods import periods_in_window
from hybridplan.domain.scaling import curve_on
from hybridplan.plan import Plan, PlanTables

_DONE = 1e-9
"""Part of a window's work below which an amount is rounding."""


def deferrable(scenario: Scenario) -> list[str]:
    """Workloads that run in windows."""
    return [key for key, work in scenario.workloads.items() if work.flexibility == "deferrable"]


def followers(scenario: Scenario) -> dict[str, str]:
    """Workload that each follower follows."""
    return {key: work.after for key, work in scenario.workloads.items() if work.after is not None}


def scaled(plan: Plan) -> list[str]:
    """Workloads with an allowed pool on which more accelerators gain less."""
    works, pools = plan.scenario.workloads, plan.scenario.pools
    open_pairs = plan.routes.loc[plan.routes["eligible"].astype(bool), ["workload", "pool"]]
    pairs = open_pairs.itertuples(index=False, name=None)
    return list(dict.fromkeys(w for w, p in pairs if works[w].scaling and curve_on(works[w], pools[p])))


def spans(scenario: Scenario) -> pd.DataFrame:
    """Every window: workload, window, block, start and end (UTC, the periods wholly inside), volume (units per
    occurrence, growth included), weight, period_hours."""
    rows = []
    for key in deferrable(scenario):
        for name, window in scenario.workloads[key].windows.items():
            block = scenario.horizon.blocks[window.block]
            inside = periods_in_window(block, window.start, window.end)
            first, step = pd.Timestamp(block.start).tz_convert("UTC"), pd.Timedelta(hours=block.period_hours)
            ends = (first + step * inside.start, first + step * inside.stop)
            volume = window.volume_units * block.demand_factor
            rows.append((key, name, window.block, *ends, volume, block.weight, block.period_hours))
    columns = ["workload", "window", "block", "start", "end", "volume", "weight", "period_hours"]
    return pd.DataFrame(rows, columns=columns)


def work(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    """Rows of the allocation inside windows.

    Columns: workload, window, block, pool, period_start, period_end, busy, assigned (accelerators), units (done in the
    period, per occurrence), effective (accelerators that would do as much at full efficiency), gang (accelerators per
    replica; 0 where work is not in whole replicas).
    """
    scenario = plan.scenario
    rows = tables.allocation.loc[tables.allocation["workload"].isin(deferrable(scenario))]
    rows = rows.merge(spans(scenario), on=["workload", "block"])
    rows = rows.loc[(rows["period_start"] >= rows["start"]) & (rows["period_start"] < rows["end"])]
    rate = plan.routes[["workload", "pool", "units_per_accelerator_hour"]]
    rows = rows.merge(rate, on=["workload", "pool"], how="left")
    pairs = zip(rows["workload"], rows["pool"], strict=True)
    step = pd.to_timedelta(rows["period_hours"].astype(float), unit="h")
    out = rows[["workload", "window", "block", "pool", "period_start"]].assign(
        period_end=rows["period_start"] + step,
        busy=rows["accelerators_busy"].astype(float),
        assigned=rows["accelerators_assigned"].astype(float),
        units=rows["units_per_hour"].astype(float) * rows["period_hours"].astype(float),
        effective=rows["units_per_hour"].astype(float) / rows["units_per_accelerator_hour"].astype(float),
        gang=[_gang(scenario, w, p) for w, p in pairs],
    )
    return out.reset_index(drop=True)


def windows(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    """Every window with what is done in it, per occurrence of its block.

    Columns of :func:`spans`, and: done, unserved (units), share_done (1 where nothing is asked), begins and finishes
    (NaT where nothing runs), peak (accelerators at one time), accelerator_hours, sites (ids), gang (largest).
    """
    out, rows = spans(plan.scenario), work(plan, tables)
    hours = rows["block"].map({key: b.period_hours for key, b in plan.scenario.horizon.blocks.items()}).astype(float)
    rows = rows.assign(
        accelerator_hours=rows["busy"] * hours,
        site=rows["pool"].map({key: pool.site for key, pool in plan.scenario.pools.items()}),
    )
    keys = ["workload", "window"]
    whole = rows.merge(out[[*keys, "volume"]], on=keys, how="left")["volume"].to_numpy(dtype=float)
    rows = rows.loc[rows["units"] > _DONE * whole]
    done = rows.groupby(keys).agg(
        done=("units", "sum"),
        accelerator_hours=("accelerator_hours", "sum"),
        begins=("period_start", "min"),
        finishes=("period_end", "max"),
        gang=("gang", "max"),
    )
    at_once = rows.groupby([*keys, "period_start"])["assigned"].sum().groupby(keys).max().rename("peak")
    out = out.merge(pd.concat([done, at_once], axis=1).reset_index(), on=keys, how="left")
    places = rows[[*keys, "site"]].drop_duplicates()
    for column in ("done", "accelerator_hours", "gang", "peak"):
        out[column] = out[column].astype(float).fillna(0.0)
    names = zip(out["workload"], out["window"], strict=True)
    out["sites"] = [
        tuple(places.loc[(places["workload"] == w) & (places["window"] == v), "site"].astype(str)) for w, v in names
    ]
    left = out["volume"] - out["done"]
    out["unserved"] = left.where(left > _DONE * out["volume"], 0.0)
    out["share_done"] = (out["done"] / out["volume"].where(out["volume"] > 0)).clip(upper=1.0).fillna(1.0)
    return out


def progress(plan: Plan, tables: PlanTables, follower: str, block: str) -> pd.DataFrame:
    """A workload and the one that it follows over one block, in units of the latter.

    Columns: time (end of each period; the first row is the start of the block), done (by the one that is followed,
    since the block began), taken (after_units_per_unit x units of the follower).
    """
    scenario = plan.scenario
    first, need = followers(scenario)[follower], scenario.workloads[follower].after_units_per_unit
    times = frames.periods(scenario)
    times = times.loc[times["block"] == block, ["period_start", "period_hours"]].reset_index(drop=True)
    hours = times["period_hours"].astype(float)
    start = times["period_start"]
    out = pd.DataFrame({"time": [start.iloc[0], *(start + pd.to_timedelta(hours, unit="h"))]})
    rows = tables.allocation.loc[tables.allocation["block"] == block]
    for column, key, factor in (("done", first, 1.0), ("taken", follower, need)):
        rate = rows.loc[rows["workload"] == key].groupby("period_start")["units_per_hour"].sum()
        units = start.map(rate).astype(float).fillna(0.0) * hours * factor
        out[column] = [0.0, *units.cumsum()]
    return out


def efficiency(plan: Plan, tables: PlanTables, workload: str) -> pd.DataFrame:
    """Where gains shrink: pool, period_start, block, busy, effective, efficiency = effective / busy, per period."""
    rows = work(plan, tables)
    pools, one = plan.scenario.pools, plan.scenario.workloads[workload]
    rows = rows.loc[(rows["workload"] == workload) & (rows["busy"] > 0)]
    rows = rows.loc[[bool(curve_on(one, pools[pool])) for pool in rows["pool"]]]
    out = rows[["pool", "block", "period_start", "busy", "effective"]].reset_index(drop=True)
    return out.assign(efficiency=out["effective"] / out["busy"])


def curves(plan: Plan, workload: str) -> dict[str, list[tuple[float, float]]]:
    """(accelerators, effective accelerators) from (0, 0) on, by allowed pool of a workload whose gains shrink."""
    pools, one = plan.scenario.pools, plan.scenario.workloads[workload]
    mine = plan.routes.loc[(plan.routes["workload"] == workload) & plan.routes["eligible"].astype(bool), "pool"]
    found = {str(pool): curve_on(one, pools[str(pool)]) for pool in mine}
    return {pool: [(0.0, 0.0), *points] for pool, points in found.items() if points}


def _gang(scenario: Scenario, workload: str, pool: str) -> int:
    """Accelerators per replica where work runs in whole replicas, else 0."""
    one = scenario.workloads[workload]
    return one.throughput[scenario.pools[pool].sku].accelerators_per_replica if one.whole_replicas else 0
