"""Balance: what uneven use of owned and committed pools is worth. A penalty, no cost."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine


def balance(ledger: Ledger) -> list[CostLine]:
    """Over owned and reserved pools with capacity, as it is before anything is bought (USD):

    largest: sum of g h x weight x the largest busy / installed, which belongs to no single pool;
    squared: sum of g h x weight x busy^2 / installed, by pool.
    """
    wanted = ledger.scenario.policy.balance
    if wanted is None:
        return []
    size = _installed(ledger)
    codes = np.flatnonzero(size > 0)
    installed = size[codes][:, None]
    busy = ledger.busy_by_pool[codes]
    hours = wanted.weight_usd_per_hour * ledger.axes.weight_hours
    if wanted.form == "largest":
        fullest: Floats = (busy / installed).max(axis=0, initial=0.0)
        return [CostLine("", "", float(fullest @ hours))]
    usd = ((busy**2 / installed) @ hours).tolist()
    return [CostLine("", ledger.axes.pools[code], money) for code, money in zip(codes.tolist(), usd, strict=True)]


def _installed(ledger: Ledger) -> Floats:
    """(P,) what is installed, retired or not; the most that is committed already in any period; 0 of rented pools."""
    pools = list(ledger.scenario.pools.values())
    owned = np.array([p.capacity_accelerators * (p.purchase_option == "owned") for p in pools], dtype=np.float64)
    most: Floats = owned + ledger.axes.records.committed().max(axis=1, initial=0.0)
    return most
