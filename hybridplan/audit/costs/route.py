"""Route: an explicit cost per work unit of a (workload, pool) pair, such as freight or a licence."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.charges import Charge, pair_charges
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine, pair_lines


def route(ledger: Ledger) -> list[CostLine]:
    """Sum of g h e y x the route's cost per unit (USD)."""
    return pair_lines(ledger, _usd_per_unit(ledger) * (ledger.served @ ledger.axes.weight_hours))


def route_charges(ledger: Ledger) -> list[Charge]:
    """The same by period, in work units."""
    return pair_charges(ledger, ledger.served * ledger.axes.hours, _usd_per_unit(ledger))


def _usd_per_unit(ledger: Ledger) -> Floats:
    """(K,) the route's cost per work unit."""
    works, pools = list(ledger.scenario.workloads.values()), ledger.axes.pools
    pairs = zip(ledger.pair_workload.tolist(), ledger.pair_pool.tolist(), strict=True)
    price = [works[w].route_cost_usd_per_unit.get(pools[p], 0.0) for w, p in pairs]
    return np.asarray(price, dtype=np.float64)
