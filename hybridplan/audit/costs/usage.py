"""Usage: what is provisioned on demand or interruptible is billed, busy or not."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine, pair_lines, pool_lines
from hybridplan.domain.prices import contracted_price_usd


def usage(ledger: Ledger) -> list[CostLine]:
    """Sum over periods of contracted price x price_factor x n x g h, for on-demand and interruptible pools (USD).

    In each period the charge of a pool falls on the workloads in proportion to the accelerators assigned to them there;
    where none are it belongs to no workload.
    """
    scenario, axes = ledger.scenario, ledger.axes
    rented = [pool.purchase_option in ("on_demand", "interruptible") for pool in scenario.pools.values()]
    price = np.array([contracted_price_usd(scenario, pool) for pool in scenario.pools.values()], dtype=np.float64)
    charge = price[:, None] * axes.price_factor * axes.weight_hours * ledger.provisioned
    charge = np.where(np.array(rented, dtype=bool)[:, None], charge, 0.0)
    load = ledger.load
    per_assigned = np.divide(charge, load, out=np.zeros_like(charge), where=load > 0)
    by_pair = (per_assigned[ledger.pair_pool] * ledger.assigned).sum(axis=1)
    unused = np.where(load > 0, 0.0, charge).sum(axis=1)
    return [*pair_lines(ledger, by_pair), *pool_lines(ledger, unused)]
