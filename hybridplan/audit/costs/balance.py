"""Balance: what uneven use of owned and committed pools is worth. A penalty, no cost."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine


def balance(ledger: Ledger) -> list[CostLine]:
    """Over owned and reserved pools in periods with capacity, installed and not retired or committed already (USD):

    largest: sum of g h x weight x the largest busy / installed, which belongs to no single pool;
    squared: sum of g h x weight x busy^2 / installed, by pool.
    """
    wanted = ledger.scenario.policy.balance
    if wanted is None:
        return []
    pools = ledger.scenario.pools.values()
    option = np.array([pool.purchase_option in ("owned", "reserved") for pool in pools], dtype=bool)
    codes = np.flatnonzero(option)
    installed, busy = ledger.axes.nameplate[codes], ledger.busy_by_pool[codes]
    stands = installed > 0
    hours = wanted.weight_usd_per_hour * ledger.axes.weight_hours
    if wanted.form == "largest":
        share = np.divide(busy, installed, out=np.zeros_like(busy), where=stands)
        fullest: Floats = share.max(axis=0, initial=0.0)
        return [CostLine("", "", float(fullest @ hours))]
    squared = np.divide(busy**2, installed, out=np.zeros_like(busy), where=stands)
    usd = (squared @ hours).tolist()
    return [CostLine("", ledger.axes.pools[code], money) for code, money in zip(codes.tolist(), usd, strict=True)]
