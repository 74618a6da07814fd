"""Unserved: the penalty for work that is not done. Not a cost."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine
from hybridplan.plan import Unserved


def unserved(ledger: Ledger) -> list[CostLine]:
    """Price per unit x units unserved over the horizon, by workload (USD)."""
    units = unserved_units(ledger).tolist()
    works = ledger.scenario.workloads.items()
    return [CostLine(w, "", work.unserved_usd_per_unit * n) for (w, work), n in zip(works, units, strict=True)]


def unserved_units(ledger: Ledger) -> Floats:
    """(W,) units over the horizon: sum of g h u of rigid work, sum of g u over the windows of deferrable work."""
    total: Floats = ledger.unserved @ ledger.axes.weight_hours
    for slot, units in zip(ledger.axes.windows, ledger.window_unserved.tolist(), strict=True):
        total[slot.workload] += slot.weight * units
    return total


def demanded_units(ledger: Ledger) -> Floats:
    """(W,) units demanded over the horizon: sum of g h D of rigid work, sum of g x volume of deferrable work."""
    demand: Floats = ledger.axes.demand @ ledger.axes.weight_hours
    for slot in ledger.axes.windows:
        demand[slot.workload] += slot.weight * slot.volume
    return demand


def unserved_by_workload(ledger: Ledger) -> dict[str, Unserved]:
    """Quantity, unit and share of the demand of each workload; the share is 0 where there is no demand."""
    demand, missing = demanded_units(ledger), unserved_units(ledger)
    share = np.divide(missing, demand, out=np.zeros_like(missing), where=demand != 0)
    rows = zip(ledger.scenario.workloads.items(), missing.tolist(), share.tolist(), strict=True)
    return {w: Unserved(units, work.unit, part) for (w, work), units, part in rows}
