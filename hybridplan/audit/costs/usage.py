"""Usage: what is provisioned on demand or interruptible is billed, busy or not."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.charges import Charge, pair_charges, pool_charges
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine, pair_lines, pool_lines
from hybridplan.domain.prices import contracted_price_usd


def usage(ledger: Ledger) -> list[CostLine]:
    """Sum over periods of contracted price x price_factor x n x g h, for on-demand and interruptible pools (USD).

    In each period the charge of a pool falls on the workloads in proportion to the accelerators assigned to them there,
    or on standby for them; where none are it belongs to no workload.
    """
    by_pair, unused = _accelerator_hours(ledger)
    price = _contracted(ledger)
    weight = ledger.axes.weight
    return [
        *pair_lines(ledger, (price[ledger.pair_pool] * by_pair) @ weight),
        *pool_lines(ledger, (price * unused) @ weight),
    ]


def usage_charges(ledger: Ledger) -> list[Charge]:
    """The same by period, in accelerator-hours; the list price takes the price factor too, but no discount."""
    by_pair, unused = _accelerator_hours(ledger)
    price, pair = _contracted(ledger), ledger.pair_pool
    listed = [pool.price_usd_per_accelerator_hour for pool in ledger.scenario.pools.values()]
    list_price = np.asarray(listed, dtype=np.float64)[:, None] * ledger.axes.price_factor
    return [
        *pair_charges(ledger, by_pair, price[pair], list_price[pair]),
        *pool_charges(ledger, unused, price, list_price),
    ]


def _accelerator_hours(ledger: Ledger) -> tuple[Floats, Floats]:
    """Of rented pools, in one occurrence of each period: (K, T) by pair, and (P, T) where nothing is assigned."""
    rented = [pool.purchase_option in ("on_demand", "interruptible") for pool in ledger.scenario.pools.values()]
    hours = np.where(np.array(rented, dtype=bool)[:, None], ledger.provisioned * ledger.axes.hours, 0.0)
    load = ledger.load
    per_assigned = np.divide(hours, load, out=np.zeros_like(hours), where=load > 0)
    return per_assigned[ledger.pair_pool] * (ledger.assigned + ledger.standby), np.where(load > 0, 0.0, hours)


def _contracted(ledger: Ledger) -> Floats:
    """(P, T) contracted price x price factor."""
    pools = ledger.scenario.pools.values()
    price = np.array([contracted_price_usd(ledger.scenario, pool) for pool in pools], dtype=np.float64)
    return price[:, None] * ledger.axes.price_factor
