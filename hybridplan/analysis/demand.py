"""Demand of all workloads in one common unit, before any plan."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridplan.analysis import frames
from hybridplan.domain import Scenario, Workload
from hybridplan.domain.periods import periods_in_window

COLUMNS = ("period_start", "workload", "accelerators")


def in_accelerators(scenario: Scenario, block: str) -> pd.DataFrame:
    """Accelerators that each workload needs by period on the fastest SKU that a pool has: COLUMNS, growth included.

    Demand / (units per accelerator-hour). The volume of a window is spread evenly over its periods. A workload that no
    pool's SKU can serve is left out: there are no accelerators to convert it to.
    """
    times = frames.periods(scenario)
    starts = times.loc[times["block"] == block, "period_start"].reset_index(drop=True)
    parts = []
    for key, work in scenario.workloads.items():
        speed = fastest_units_per_hour(scenario, work)
        if speed is not None:
            rate = _units_per_hour(scenario, work, block)
            parts.append(pd.DataFrame({"period_start": starts, "workload": key, "accelerators": rate / speed}))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))


def fastest_units_per_hour(scenario: Scenario, work: Workload) -> float | None:
    """Highest throughput (work units per accelerator-hour) over the SKUs of the pools; None where there is none."""
    skus = {pool.sku for pool in scenario.pools.values()}
    found = [speed.units_per_accelerator_hour for sku, speed in work.throughput.items() if sku in skus]
    return max(found, default=None)


def _units_per_hour(scenario: Scenario, work: Workload, block_id: str) -> np.ndarray:
    """Work units per hour in each period of a block, growth included."""
    block = scenario.horizon.blocks[block_id]
    out = np.zeros(block.periods)
    if work.flexibility == "rigid":
        out += np.asarray(work.demand_units_per_hour.get(block_id, [0.0] * block.periods), dtype=float)
    else:
        for window in work.windows.values():
            if window.block == block_id and (inside := periods_in_window(block, window.start, window.end)):
                out[inside.start : inside.stop] += window.volume_units / (len(inside) * block.period_hours)
    return out * block.demand_factor
