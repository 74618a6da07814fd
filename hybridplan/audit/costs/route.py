"""Route: an explicit cost per work unit of a (workload, pool) pair, such as freight or a licence."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine, pair_lines


def route(ledger: Ledger) -> list[CostLine]:
    """Sum of g h e y x the route's cost per unit (USD)."""
    works, pools = list(ledger.scenario.workloads.values()), ledger.axes.pools
    pairs = zip(ledger.pair_workload.tolist(), ledger.pair_pool.tolist(), strict=True)
    price = [works[w].route_cost_usd_per_unit.get(pools[p], 0.0) for w, p in pairs]
    return pair_lines(ledger, np.asarray(price, dtype=np.float64) * (ledger.served @ ledger.axes.weight_hours))
