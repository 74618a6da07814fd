"""The tables of what is done hour by hour, read into arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from hybridplan.audit.axes import Axes, Floats, Ints
from hybridplan.audit.reading import Fault, TableReader, codes_of, filled, joined
from hybridplan.plan import (
    ALLOCATION_COLUMNS,
    KEPT_COLUMNS,
    PROVISIONED_COLUMNS,
    REDISPATCH_COLUMNS,
    STANDBY_COLUMNS,
    UNSERVED_HOURLY_COLUMNS,
    UNSERVED_WINDOW_COLUMNS,
    PlanTables,
)


class Redispatch(NamedTuple):
    """(R,) codes of contingency, workload and pool, (R, T) accelerators assigned, and units as the table says."""

    redispatch_failure: Ints
    redispatch_workload: Ints
    redispatch_pool: Ints
    redispatched: Floats
    redispatched_units: Floats


class _Sparse:
    """A table with rows by workload, pool and period."""

    def __init__(
        self, axes: Axes, frame: pd.DataFrame, name: str, columns: tuple[str, ...], faults: list[Fault]
    ) -> None:
        self._reader = reader = TableReader(frame, name, columns, faults)
        self._width = len(axes.hours)
        workload = reader.ids("workload", codes_of(axes.workloads), "workload")
        pool = reader.ids("pool", codes_of(axes.pools), "pool")
        self._period = reader.periods(axes)
        self.pair = joined((workload, len(axes.workloads)), (pool, len(axes.pools)))
        key = joined((self.pair, len(axes.workloads) * len(axes.pools)), (self._period, self._width))
        reader.once(key, "workload, pool and period")
        self.known = key >= 0

    def dense(self, column: str, pairs: Ints) -> Floats:
        """(K, T) values; of duplicates, which are faults, the sum stands."""
        values = self._reader.numbers(column)[self.known]
        cell = np.searchsorted(pairs, self.pair[self.known]) * self._width + self._period[self.known]
        summed = np.asarray(np.bincount(cell, values, len(pairs) * self._width), dtype=np.float64)
        return summed.reshape(len(pairs), self._width)


def pairs(
    axes: Axes, tables: PlanTables, faults: list[Fault]
) -> tuple[tuple[Ints, Ints], tuple[Floats, Floats, Floats], tuple[Floats, Floats]]:
    """(K,) workload and pool of each pair; (K, T) busy, assigned, units; (K, T) standby and its units."""
    work = _Sparse(axes, tables.allocation, "allocation", ALLOCATION_COLUMNS, faults)
    idle = _Sparse(axes, tables.standby, "standby", STANDBY_COLUMNS, faults)
    found = np.union1d(work.pair[work.known], idle.pair[idle.known])
    busy, assigned = work.dense("accelerators_busy", found), work.dense("accelerators_assigned", found)
    allocated = busy, assigned, work.dense("units_per_hour", found)
    standing = idle.dense("accelerators_standby", found), idle.dense("units_per_hour", found)
    width = max(len(axes.pools), 1)
    return (found // width, found % width), allocated, standing


def redispatch(axes: Axes, tables: PlanTables, faults: list[Fault]) -> Redispatch:
    """Where work runs after each failure; of duplicates, which are faults, the sum stands."""
    reader = TableReader(tables.redispatch, "redispatch", REDISPATCH_COLUMNS, faults)
    width, ids = len(axes.hours), tuple(axes.scenario.policy.contingencies)
    failure = reader.ids("contingency", codes_of(ids), "contingency")
    workload = reader.ids("workload", codes_of(axes.workloads), "workload")
    pool, period = reader.ids("pool", codes_of(axes.pools), "pool"), reader.periods(axes)
    works, pools = max(len(axes.workloads), 1), max(len(axes.pools), 1)
    place = joined((failure, len(ids)), (workload, works), (pool, pools))
    key = joined((place, len(ids) * works * pools), (period, width))
    reader.once(key, "contingency, workload, pool and period")
    known = key >= 0
    found = np.unique(place[known])
    cell = np.searchsorted(found, place[known]) * width + period[known]

    def dense(column: str) -> Floats:
        summed = np.bincount(cell, reader.numbers(column)[known], len(found) * width)
        return summed.astype(np.float64).reshape(len(found), width)

    codes = found // (works * pools), found // pools % works, found % pools
    return Redispatch(*codes, dense("accelerators_assigned"), dense("units_per_hour"))


def provisioned(axes: Axes, tables: PlanTables, faults: list[Fault]) -> tuple[Floats, Floats, Floats]:
    """(P, T) provisioned, available and busy, as the table says; NaN where a row is missing."""
    reader = TableReader(tables.provisioned, "provisioned", PROVISIONED_COLUMNS, faults)
    shape = len(axes.pools), len(axes.hours)
    key = joined((reader.ids("pool", codes_of(axes.pools), "pool"), shape[0]), (reader.periods(axes), shape[1]))
    reader.once(key, "pool and period", shape[0] * shape[1])

    def dense(column: str) -> Floats:
        return filled(key, reader.numbers(column), shape[0] * shape[1], np.nan).reshape(shape)

    return dense("accelerators_provisioned"), dense("accelerators_available"), dense("accelerators_busy")


def unserved(axes: Axes, tables: PlanTables, faults: list[Fault]) -> Floats:
    """(W, T) work units per hour of rigid work."""
    reader = TableReader(tables.unserved_hourly, "unserved_hourly", UNSERVED_HOURLY_COLUMNS, faults)
    shape = len(axes.workloads), len(axes.hours)
    rigid = {w: code for w, code in codes_of(axes.workloads).items() if not axes.is_deferrable[code]}
    key = joined((reader.ids("workload", rigid, "rigid workload"), shape[0]), (reader.periods(axes), shape[1]))
    reader.once(key, "workload and period")
    return filled(key, reader.numbers("units_per_hour"), shape[0] * shape[1], 0.0).reshape(shape)


def window_unserved(axes: Axes, tables: PlanTables, faults: list[Fault]) -> Floats:
    """(windows,) work units per occurrence of the block."""
    reader = TableReader(tables.unserved_windows, "unserved_windows", UNSERVED_WINDOW_COLUMNS, faults)
    deferrable = {w: code for w, code in codes_of(axes.workloads).items() if axes.is_deferrable[code]}
    names = codes_of(tuple(dict.fromkeys(slot.name for slot in axes.windows)))
    slot_of = np.full(max(len(axes.workloads) * len(names), 1), -1, dtype=np.int64)
    for position, slot in enumerate(axes.windows):
        slot_of[slot.workload * len(names) + names[slot.name]] = position
    workload = reader.ids("workload", deferrable, "deferrable workload")
    window = reader.ids("window", names, "window")
    pair = joined((workload, len(axes.workloads)), (window, len(names)))
    key = np.where(pair >= 0, slot_of[np.maximum(pair, 0)], -1)
    reader.fault(int(((pair >= 0) & (key < 0)).sum()), "the window belongs to another workload")
    reader.once(key, "window")
    return filled(key, reader.numbers("units"), len(axes.windows), 0.0)


def kept(axes: Axes, tables: PlanTables, faults: list[Fault]) -> Floats:
    """(P,) accelerators kept; NaN where not owned or missing."""
    reader = TableReader(tables.kept, "kept", KEPT_COLUMNS, faults)
    owned = {p: c for p, c in codes_of(axes.pools).items() if axes.scenario.pools[p].purchase_option == "owned"}
    key = reader.ids("pool", owned, "owned pool")
    reader.once(key, "owned pool", len(owned))
    return filled(key, reader.numbers("accelerators_kept"), len(axes.pools), np.nan)
