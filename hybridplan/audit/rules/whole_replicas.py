"""Whole replicas: a gang is assigned whole, in each pool."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, off_whole


def whole_replicas(ledger: Ledger) -> list[Rows]:
    """a = a whole multiple of accelerators_per_replica, judged by the size of a replica; accelerators."""
    works, pools = list(ledger.scenario.workloads.values()), list(ledger.scenario.pools.values())
    found, sizes = [], []
    for k, (w, p) in enumerate(zip(ledger.pair_workload.tolist(), ledger.pair_pool.tolist(), strict=True)):
        throughput = works[w].throughput.get(pools[p].sku)
        if works[w].whole_replicas and throughput is not None:
            found.append(k)
            sizes.append(float(throughput.accelerators_per_replica))
    size = np.broadcast_to(np.array(sizes, dtype=np.float64)[:, None], (len(found), len(ledger.axes.hours)))
    return [
        by_period(
            "a part of a replica is assigned",
            [ledger.pairs[k] for k in found],
            ["accelerators"] * len(found),
            off_whole(ledger.assigned[found], size),
            size,
        )
    ]
