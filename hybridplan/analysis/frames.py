"""Shared table work: hours and weights of the periods, and the demand of each period."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridplan.domain import Scenario
from hybridplan.domain.periods import periods_in_window


def periods(scenario: Scenario) -> pd.DataFrame:
    """One row per period: block, period_start (UTC), period_hours, weight, weight_hours (= weight x hours)."""
    parts = []
    for key, block in scenario.horizon.ordered():
        step = pd.Timedelta(hours=block.period_hours)
        starts = pd.Timestamp(block.start).tz_convert("UTC") + step * np.arange(block.periods)
        parts.append(
            pd.DataFrame(
                {
                    "block": key,
                    "period_start": starts,
                    "period_hours": block.period_hours,
                    "weight": block.weight,
                    "weight_hours": block.weight * block.period_hours,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def weight_hours(scenario: Scenario, frame: pd.DataFrame) -> pd.Series[float]:
    """Weight x period length of each row of a table that has a ``block`` column."""
    by_block = {key: block.weight * block.period_hours for key, block in scenario.horizon.blocks.items()}
    return frame["block"].map(by_block).astype(float)


def usable_share(scenario: Scenario, pool_id: str) -> dict[tuple[str, pd.Timestamp], float]:
    """By block and start of the period: share of a pool's accelerators that work can use: up, and not held back."""
    times, pool = periods(scenario), scenario.pools[pool_id]
    found = dict.fromkeys(zip(times["block"], times["period_start"], strict=True), 1.0 - pool.held_back_share)
    for block, profile in pool.up_share.items():
        starts = times.loc[times["block"] == block, "period_start"]
        for start, share in zip(starts, profile, strict=True):
            found[block, start] *= share
    return found


def demand(scenario: Scenario) -> pd.DataFrame:
    """Rigid demand by period, growth included: workload, block, period_start, units_per_hour."""
    times = periods(scenario)
    parts = []
    for key, work in scenario.workloads.items():
        if work.flexibility != "rigid":
            continue
        for block_id, profile in work.demand_units_per_hour.items():
            factor = scenario.horizon.blocks[block_id].demand_factor
            rows = times.loc[times["block"] == block_id, ["block", "period_start"]].copy()
            rows.insert(0, "workload", key)
            rows["units_per_hour"] = np.asarray(profile, dtype=float) * factor
            parts.append(rows)
    if not parts:
        return pd.DataFrame(columns=["workload", "block", "period_start", "units_per_hour"])
    return pd.concat(parts, ignore_index=True)


def demanded_units(scenario: Scenario) -> dict[str, float]:
    """Work units of each workload over the horizon, weights and growth included."""
    rigid = demand(scenario)
    totals = dict.fromkeys(scenario.workloads, 0.0)
    if len(rigid):
        units = rigid["units_per_hour"].astype(float) * weight_hours(scenario, rigid)
        totals |= {str(key): float(value) for key, value in units.groupby(rigid["workload"]).sum().items()}
    for key, work in scenario.workloads.items():
        for window in work.windows.values() if work.flexibility == "deferrable" else ():
            block = scenario.horizon.blocks[window.block]
            totals[key] += window.volume_units * block.demand_factor * block.weight
    return totals


def units_per_accelerator_hour(routes: pd.DataFrame) -> dict[str, float]:
    """Mean productivity of each workload's eligible routes; NaN where it has none."""
    found = routes.loc[routes["eligible"].astype(bool)]
    mean = found.groupby("workload")["units_per_accelerator_hour"].mean()
    return {str(key): float(mean.get(key, float("nan"))) for key in routes["workload"].unique()}


def unserved_rates(scenario: Scenario, hourly: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """Unserved work as a rate in every period: workload, block, period_start, units_per_hour.

    Deferrable work that is not done has no hour of its own: it is spread evenly over its window.
    """
    times = periods(scenario)
    parts = [hourly[["workload", "block", "period_start", "units_per_hour"]]] if len(hourly) else []
    for workload, name, units in windows[["workload", "window", "units"]].itertuples(index=False, name=None):
        window = scenario.workloads[workload].windows[name]
        block = scenario.horizon.blocks[window.block]
        inside = periods_in_window(block, window.start, window.end)
        rows = times.loc[times["block"] == window.block, ["block", "period_start"]].iloc[inside.start : inside.stop]
        if len(rows):
            rate = float(units) / (len(rows) * block.period_hours)
            parts.append(rows.assign(workload=workload, units_per_hour=rate))
    if not parts:
        return pd.DataFrame(columns=["workload", "block", "period_start", "units_per_hour"])
    return pd.concat(parts, ignore_index=True)[["workload", "block", "period_start", "units_per_hour"]]
