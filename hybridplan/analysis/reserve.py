"""What each pool holds ready for failures: how much it takes over, and what is rented beyond its load."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from hybridplan.audit.axes import Floats
from hybridplan.audit.costs.usage import billed_prices
from hybridplan.audit.failover import after
from hybridplan.audit.ledger import Ledger, open_ledger
from hybridplan.domain import Scenario
from hybridplan.plan import PlanTables

COLUMNS: Final = ("pool", "most_taken_over", "contingency", "block", "period_start", "rent_usd")
_NOTHING: Final = 1e-6
"""Accelerators, and USD, below which an amount is rounding."""


def reserve(scenario: Scenario, tables: PlanTables) -> pd.DataFrame:
    """COLUMNS, one row for each pool that takes something over or is rented beyond its load.

    most_taken_over: accelerators at one time that a failure adds for promised work, standby that is called included;
    after which failure, and when. rent_usd: rented pools, what is billed over the horizon for accelerators that are
    neither assigned, nor on standby, nor held back: for failures, or since a pool cannot grow and shrink at once; at
    the mean price of all that is provisioned there.
    """
    ledger = open_ledger(scenario, tables)
    blocks = [ledger.axes.blocks[code][0] for code in ledger.axes.block_of.tolist()]
    starts = pd.to_datetime(ledger.axes.starts_us, unit="us", utc=True)
    names = list(scenario.policy.contingencies)
    found = np.array([_taken_over(ledger, name) for name in names])
    rent, rows = _rent(ledger), list[tuple[object, ...]]()
    for p, pool in enumerate(ledger.axes.pools):
        f, t = np.unravel_index(int(np.argmax(found[:, p])), found[:, p].shape) if names else (0, 0)
        most = float(found[f, p, t]) if names else 0.0
        if most > _NOTHING:
            rows.append((pool, most, names[int(f)], blocks[int(t)], starts[int(t)], float(rent[p])))
        elif rent[p] > _NOTHING:
            rows.append((pool, 0.0, "", "", pd.NaT, float(rent[p])))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _taken_over(ledger: Ledger, contingency: str) -> Floats:
    """(P, T) accelerators that run more of promised work than while nothing has failed."""
    pairs = zip(ledger.pair_workload.tolist(), ledger.pair_pool.tolist(), ledger.assigned, strict=True)
    before = {(w, p): row for w, p, row in pairs}
    left, taken = after(ledger, contingency), np.zeros((len(ledger.axes.pools), len(ledger.axes.hours)))
    for w, p, row in zip(left.workload.tolist(), left.pool.tolist(), left.accelerators, strict=True):
        taken[p] += np.maximum(row - before.get((w, p), 0.0), 0.0)
    return taken


def _rent(ledger: Ledger) -> Floats:
    """(P,) USD for what is provisioned beyond the load; 0 in pools that are not rented."""
    free = np.array([1.0 - one.held_back_share for one in ledger.scenario.pools.values()])[:, None]
    needed = np.divide(ledger.load, free, out=ledger.provisioned.copy(), where=free > 0)
    beyond = np.maximum(ledger.provisioned - needed, 0.0)
    found: Floats = (billed_prices(ledger) * beyond) @ ledger.axes.weight_hours
    return np.where(found > _NOTHING, found, 0.0)
