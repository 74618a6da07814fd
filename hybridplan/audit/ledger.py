"""Scenario and plan side by side as aligned arrays: what every cost and rule of the audit is computed from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hybridplan.audit.axes import Axes, Floats, Ints
from hybridplan.audit.reading import Fault, TableReader
from hybridplan.domain import Scenario
from hybridplan.domain.scaling import curve_on
from hybridplan.plan import (
    ALLOCATION_COLUMNS,
    KEPT_COLUMNS,
    PROVISIONED_COLUMNS,
    STANDBY_COLUMNS,
    UNSERVED_HOURLY_COLUMNS,
    UNSERVED_WINDOW_COLUMNS,
    PlanTables,
)


@dataclass(frozen=True)
class Ledger:
    """Decisions, aligned by code with :class:`Axes`.

    K pairs (workload, pool) occur in the allocation or among the standby: ``pair_workload`` and ``pair_pool`` are (K,),
    ``busy``, ``assigned`` and ``units`` (K, T), like ``standby`` (accelerators apart from those assigned) and
    ``standby_units`` (what they can serve, as the table says).
    ``provisioned``, ``available_said``, ``busy_said`` are (P, T) as the table says,
    NaN where a row is missing; ``unserved`` (W, T), ``window_unserved`` (windows,), ``kept_said`` (P,), NaN where not
    owned or missing.
    """

    axes: Axes
    pair_workload: Ints
    pair_pool: Ints
    busy: Floats
    assigned: Floats
    units: Floats
    standby: Floats
    standby_units: Floats
    provisioned: Floats
    available_said: Floats
    busy_said: Floats
    unserved: Floats
    window_unserved: Floats
    kept_said: Floats
    faults: tuple[Fault, ...]

    @property
    def scenario(self) -> Scenario:
        """All inputs."""
        return self.axes.scenario

    @cached_property
    def served(self) -> Floats:
        """(K, T) work units per hour: e_k x y from the busy accelerators; as the table says where gains shrink."""
        return np.where(self.is_scaled[:, None], self.units, self.rate[:, None] * self.busy)

    @cached_property
    def rate(self) -> Floats:
        """(K,) e_k: work units per accelerator-hour of each pair."""
        return self.axes.rate[self.pair_workload, self.pair_pool]

    @cached_property
    def is_scaled(self) -> NDArray[np.bool_]:
        """(K,) True where more accelerators gain less: units per hour are then a decision below a curve."""
        works, pools = list(self.scenario.workloads.values()), list(self.scenario.pools.values())
        pairs = zip(self.pair_workload.tolist(), self.pair_pool.tolist(), strict=True)
        found = [works[w].flexibility == "deferrable" and bool(curve_on(works[w], pools[p])) for w, p in pairs]
        return np.array(found, dtype=bool)

    @cached_property
    def has_queue(self) -> NDArray[np.bool_]:
        """(K,) True where accelerators are assigned beyond the load, so that the queue stays short."""
        return self.axes.queues[self.pair_workload]

    @cached_property
    def is_open(self) -> NDArray[np.bool_]:
        """(K,) True where the pair is a route."""
        pairs = zip(self.pair_workload.tolist(), self.pair_pool.tolist(), strict=True)
        return np.array([not self.axes.ruled_out[w][p] for w, p in pairs], dtype=bool)

    @cached_property
    def pairs(self) -> list[str]:
        """(K,) names: workload/pool."""
        names, pools = self.axes.workloads, self.axes.pools
        pairs = zip(self.pair_workload.tolist(), self.pair_pool.tolist(), strict=True)
        return [f"{names[w]}/{pools[p]}" for w, p in pairs]

    @cached_property
    def load(self) -> Floats:
        """(P, T) assigned accelerators of each pool, and those on standby."""
        return self.per_pool(self.assigned + self.standby)

    @cached_property
    def busy_by_pool(self) -> Floats:
        """(P, T) busy accelerators of each pool."""
        return self.per_pool(self.busy)

    def per_workload(self, values: Floats) -> Floats:
        """(W, T) sum of (K, T) values over the pools."""
        return _summed(len(self.axes.workloads), self.pair_workload, values)

    def per_pool(self, values: Floats) -> Floats:
        """(P, T) sum of (K, T) values over the workloads."""
        return _summed(len(self.axes.pools), self.pair_pool, values)

    @cached_property
    def kept(self) -> Floats:
        """(P,) accelerators kept: all that is installed where cost is sunk, else as the table says; 0 if not owned."""
        pools = self.scenario.pools.values()
        said = [
            0.0
            if pool.purchase_option != "owned"
            else pool.capacity_accelerators
            if pool.owned_cost == "sunk"
            else kept
            for pool, kept in zip(pools, self.kept_said.tolist(), strict=True)
        ]
        return np.asarray(said, dtype=np.float64)

    @cached_property
    def available(self) -> Floats:
        """(P, T) up_share x (kept if owned, committed if reserved, quota otherwise)."""
        owned = np.array([pool.purchase_option == "owned" for pool in self.scenario.pools.values()], dtype=bool)
        return self.axes.up_share * np.where(owned, self.kept, self.axes.nameplate)[:, None]

    @cached_property
    def powered_on(self) -> Floats:
        """(P, T) n: pools that are always on are on with all that is available, others with what is provisioned."""
        return np.where(self.axes.always_on[:, None], self.available, self.provisioned)


def open_ledger(scenario: Scenario, tables: PlanTables) -> Ledger:
    """Align the tables with the scenario by id. Rows that name nothing known are faults and are left out."""
    axes, faults = Axes(scenario), list[Fault]()
    pairs, allocated, standing = _pairs(axes, tables, faults)
    provisioned, available, busy_said = _provisioned(axes, tables, faults)
    return Ledger(
        axes,
        *pairs,
        *allocated,
        *standing,
        provisioned,
        available,
        busy_said,
        _unserved(axes, tables, faults),
        _window_unserved(axes, tables, faults),
        _kept(axes, tables, faults),
        tuple(faults),
    )


def _summed(count: int, codes: Ints, values: Floats) -> Floats:
    """(count, T) sums of the rows of each code. Row by row: many times quicker here than numpy.add.at."""
    total = np.zeros((count, values.shape[1]))
    for code, row in zip(codes.tolist(), values, strict=True):
        total[code] += row
    return total


def _codes(ids: tuple[str, ...]) -> dict[str, int]:
    return {identifier: code for code, identifier in enumerate(ids)}


def _joined(*codes_and_sizes: tuple[Ints, int]) -> Ints:
    """One key per row from several codes; -1 where any code is unknown."""
    rows = len(codes_and_sizes[0][0])
    key, known = np.zeros(rows, dtype=np.int64), np.ones(rows, dtype=bool)
    for codes, size in codes_and_sizes:
        key, known = key * size + codes, known & (codes >= 0)
    return np.where(known, key, -1).astype(np.int64)


def _pairs(
    axes: Axes, tables: PlanTables, faults: list[Fault]
) -> tuple[tuple[Ints, Ints], tuple[Floats, Floats, Floats], tuple[Floats, Floats]]:
    """(K,) workload and pool of each pair; (K, T) busy, assigned, units; (K, T) standby and its units."""
    work = _Sparse(axes, tables.allocation, "allocation", ALLOCATION_COLUMNS, faults)
    idle = _Sparse(axes, tables.standby, "standby", STANDBY_COLUMNS, faults)
    pairs = np.union1d(work.pair[work.known], idle.pair[idle.known])
    busy, assigned = work.dense("accelerators_busy", pairs), work.dense("accelerators_assigned", pairs)
    allocated = busy, assigned, work.dense("units_per_hour", pairs)
    standing = idle.dense("accelerators_standby", pairs), idle.dense("units_per_hour", pairs)
    width = max(len(axes.pools), 1)
    return (pairs // width, pairs % width), allocated, standing


class _Sparse:
    """A table with rows by workload, pool and period."""

    def __init__(
        self, axes: Axes, frame: pd.DataFrame, name: str, columns: tuple[str, ...], faults: list[Fault]
    ) -> None:
        self._reader = reader = TableReader(frame, name, columns, faults)
        self._width = len(axes.hours)
        workload = reader.ids("workload", _codes(axes.workloads), "workload")
        pool = reader.ids("pool", _codes(axes.pools), "pool")
        self._period = reader.periods(axes)
        self.pair = _joined((workload, len(axes.workloads)), (pool, len(axes.pools)))
        key = _joined((self.pair, len(axes.workloads) * len(axes.pools)), (self._period, self._width))
        reader.once(key, "workload, pool and period")
        self.known = key >= 0

    def dense(self, column: str, pairs: Ints) -> Floats:
        """(K, T) values; of duplicates, which are faults, the sum stands."""
        values = self._reader.numbers(column)[self.known]
        cell = np.searchsorted(pairs, self.pair[self.known]) * self._width + self._period[self.known]
        summed = np.asarray(np.bincount(cell, values, len(pairs) * self._width), dtype=np.float64)
        return summed.reshape(len(pairs), self._width)


def _provisioned(axes: Axes, tables: PlanTables, faults: list[Fault]) -> tuple[Floats, Floats, Floats]:
    reader = TableReader(tables.provisioned, "provisioned", PROVISIONED_COLUMNS, faults)
    shape = len(axes.pools), len(axes.hours)
    key = _joined((reader.ids("pool", _codes(axes.pools), "pool"), shape[0]), (reader.periods(axes), shape[1]))
    reader.once(key, "pool and period", shape[0] * shape[1])

    def dense(column: str) -> Floats:
        return _filled(key, reader.numbers(column), shape[0] * shape[1], np.nan).reshape(shape)

    return dense("accelerators_provisioned"), dense("accelerators_available"), dense("accelerators_busy")


def _unserved(axes: Axes, tables: PlanTables, faults: list[Fault]) -> Floats:
    reader = TableReader(tables.unserved_hourly, "unserved_hourly", UNSERVED_HOURLY_COLUMNS, faults)
    shape = len(axes.workloads), len(axes.hours)
    rigid = {w: code for w, code in _codes(axes.workloads).items() if not axes.is_deferrable[code]}
    key = _joined((reader.ids("workload", rigid, "rigid workload"), shape[0]), (reader.periods(axes), shape[1]))
    reader.once(key, "workload and period")
    return _filled(key, reader.numbers("units_per_hour"), shape[0] * shape[1], 0.0).reshape(shape)


def _window_unserved(axes: Axes, tables: PlanTables, faults: list[Fault]) -> Floats:
    reader = TableReader(tables.unserved_windows, "unserved_windows", UNSERVED_WINDOW_COLUMNS, faults)
    deferrable = {w: code for w, code in _codes(axes.workloads).items() if axes.is_deferrable[code]}
    names = _codes(tuple(dict.fromkeys(slot.name for slot in axes.windows)))
    slot_of = np.full(max(len(axes.workloads) * len(names), 1), -1, dtype=np.int64)
    for position, slot in enumerate(axes.windows):
        slot_of[slot.workload * len(names) + names[slot.name]] = position
    workload = reader.ids("workload", deferrable, "deferrable workload")
    window = reader.ids("window", names, "window")
    pair = _joined((workload, len(axes.workloads)), (window, len(names)))
    key = np.where(pair >= 0, slot_of[np.maximum(pair, 0)], -1)
    reader.fault(int(((pair >= 0) & (key < 0)).sum()), "the window belongs to another workload")
    reader.once(key, "window")
    return _filled(key, reader.numbers("units"), len(axes.windows), 0.0)


def _kept(axes: Axes, tables: PlanTables, faults: list[Fault]) -> Floats:
    reader = TableReader(tables.kept, "kept", KEPT_COLUMNS, faults)
    owned = {p: c for p, c in _codes(axes.pools).items() if axes.scenario.pools[p].purchase_option == "owned"}
    key = reader.ids("pool", owned, "owned pool")
    reader.once(key, "owned pool", len(owned))
    return _filled(key, reader.numbers("accelerators_kept"), len(axes.pools), np.nan)


def _filled(key: Ints, values: Floats, size: int, absent: float) -> Floats:
    """(size,) values at their keys, ``absent`` elsewhere; of duplicates, which are faults, one stands."""
    result = np.full(size, absent)
    result[key[key >= 0]] = values[key >= 0]
    return result
