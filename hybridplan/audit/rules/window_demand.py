"""Deferrable demand: each window's volume is served inside it or counted as unserved; nothing runs outside."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, once, scale_of


def window_demand(ledger: Ledger) -> list[Rows]:
    """|sum of h e y + u - volume| and u <= volume per window, work units; e y = 0 outside all windows."""
    axes, works = ledger.axes, list(ledger.scenario.workloads.values())
    records = [f"{axes.workloads[slot.workload]}/{slot.name}" for slot in axes.windows]
    units = [works[slot.workload].unit for slot in axes.windows]
    volume = np.array([slot.volume for slot in axes.windows], dtype=np.float64)
    served, left = window_units(ledger, ledger.served), ledger.window_unserved
    return [
        once(
            "served and unserved do not add up to the volume",
            records,
            units,
            np.abs(served + left - volume),
            scale_of(volume, served, left),
        ),
        once("more is unserved than the volume", records, units, left - volume, scale_of(volume, left)),
        _outside(ledger),
    ]


def window_units(ledger: Ledger, units_per_hour: Floats) -> Floats:
    """(windows,) sum of h x (K, T) units per hour inside each window, over the pools."""
    per_period = ledger.per_workload(units_per_hour) * ledger.axes.hours
    found = [per_period[slot.workload, slot.first : slot.last].sum() for slot in ledger.axes.windows]
    return np.asarray(found, dtype=np.float64)


def _outside(ledger: Ledger) -> Rows:
    axes = ledger.axes
    outside = np.repeat(axes.is_deferrable[:, None], len(axes.hours), axis=1)
    for slot in axes.windows:
        outside[slot.workload, slot.first : slot.last] = False
    deferrable = np.flatnonzero(axes.is_deferrable)
    stray = np.where(outside, ledger.per_workload(np.abs(ledger.busy)), 0.0)[deferrable]
    records = [axes.workloads[w] for w in deferrable.tolist()]
    return by_period("work runs outside its windows", records, ["accelerators"] * len(records), stray, scale_of(stray))
