"""From solved variables to the plan's labelled tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array
from hybridplan.plan import (
    ALLOCATION_COLUMNS,
    KEPT_COLUMNS,
    PROVISIONED_COLUMNS,
    UNSERVED_HOURLY_COLUMNS,
    UNSERVED_WINDOW_COLUMNS,
    PlanTables,
)

DUST = 1e-9
"""Shares of a box below this are solver dust and become exactly 0."""


def extract(decisions: Decisions, data: Data) -> PlanTables:
    """Read the values, drop dust, and close the demand balances exactly: unserved = demand - served."""
    busy = _clean(decisions.busy, data.busy_limit)
    kept = np.where(data.avoidable, 0.0, data.capacity)
    if decisions.kept.size:
        kept[data.avoidable] = _clean(decisions.kept, data.capacity[data.avoidable])
    unserved, busy = _close_rigid(busy, data)
    unserved_window, busy = _close_windows(busy, data)
    return tables(data, busy, unserved, unserved_window, kept)


def tables(data: Data, busy: Array, unserved: Array, unserved_window: Array, kept: Array) -> PlanTables:
    """Label arrays: busy (K, T) accelerators, unserved (W, T) units per hour, unserved_window (V,) units, kept (P,)."""
    owned = [p for p, mask in zip(data.pools, data.option("owned"), strict=True) if mask]
    return PlanTables(
        allocation=_allocation(data, busy),
        provisioned=_provisioned(data, busy, kept),
        unserved_hourly=_unserved(data, unserved),
        unserved_windows=pd.DataFrame(
            [(r.workload, r.window, u) for r, u in zip(data.windows, unserved_window, strict=True) if u > 0],
            columns=list(UNSERVED_WINDOW_COLUMNS),
        ),
        kept=pd.DataFrame({"pool": owned, "accelerators_kept": kept[data.option("owned")]}, columns=list(KEPT_COLUMNS)),
    )


def _clean(variable: object, upper: Array) -> Array:
    value = getattr(variable, "value", None)
    if value is None or upper.size == 0:
        return np.zeros(upper.shape)
    array: Array = np.clip(np.asarray(value, dtype=float).reshape(upper.shape), 0.0, upper)
    array[array < DUST * upper] = 0.0
    return array


def _close_rigid(busy: Array, data: Data) -> tuple[Array, Array]:
    served = np.asarray(data.incidence(data.rigid, "workload", data.productivity) @ busy)
    excess = np.where(served > data.demand, data.demand / np.where(served > 0, served, 1.0), 1.0)
    where = {w: i for i, w in enumerate(data.rigid)}
    for k, route in enumerate(data.routes):
        if route.workload in where:
            busy[k] *= excess[where[route.workload]]
    rest = data.demand - np.minimum(served, data.demand)
    return np.where(rest > DUST * data.demand, rest, 0.0), busy


def _close_windows(busy: Array, data: Data) -> tuple[Array, Array]:
    rest = np.zeros(len(data.windows))
    for v, row in enumerate(data.windows):
        mine = [k for k, route in enumerate(data.routes) if route.workload == row.workload]
        span = slice(row.periods.start, row.periods.stop)
        served = float(np.sum(data.productivity[mine][:, None] * data.periods.hours[span] * busy[mine, span]))
        if served > row.volume_units > 0:
            busy[mine, span] *= row.volume_units / served
        left = row.volume_units - min(served, row.volume_units)
        rest[v] = left if left > DUST * row.volume_units else 0.0
    return rest, busy


def _allocation(data: Data, busy: Array) -> pd.DataFrame:
    k, t = np.nonzero(busy)
    workloads = np.array([route.workload for route in data.routes], dtype=object)
    pools = np.array([route.pool for route in data.routes], dtype=object)
    values = busy[k, t]
    columns = (workloads[k], pools[k], data.periods.block[t], data.periods.start[t], values, values)
    return _frame(ALLOCATION_COLUMNS, *columns, values * data.productivity[k])


def _unserved(data: Data, unserved: Array) -> pd.DataFrame:
    w, t = np.nonzero(unserved)
    names = np.array(data.rigid, dtype=object)
    return _frame(UNSERVED_HOURLY_COLUMNS, names[w], data.periods.block[t], data.periods.start[t], unserved[w, t])


def _provisioned(data: Data, busy: Array, kept: Array) -> pd.DataFrame:
    by_pool = data.incidence(data.pools, "pool") @ busy
    owned = data.option("owned")
    available = np.where(owned, kept, data.capacity)[:, None] * data.up_share
    provisioned = np.where(owned[:, None], available, by_pool / data.usable_share[:, None])
    count, periods = available.shape
    p, t = np.repeat(np.arange(count), periods), np.tile(np.arange(periods), count)
    return _frame(
        PROVISIONED_COLUMNS,
        np.array(data.pools, dtype=object)[p],
        data.periods.block[t],
        data.periods.start[t],
        provisioned.ravel(),
        available.ravel(),
        by_pool.ravel(),
    )


def _frame(columns: tuple[str, ...], *values: object) -> pd.DataFrame:
    return pd.DataFrame(dict(zip(columns, values, strict=True)))
