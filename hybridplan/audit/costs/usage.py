"""Usage: what is provisioned on demand or interruptible is billed, busy or not."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.charges import Charge, pair_charges, pool_charges
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine, pair_lines, pool_lines
from hybridplan.audit.tiers import list_prices
from hybridplan.domain.prices import discount_share


def usage(ledger: Ledger) -> list[CostLine]:
    """Sum over periods of price x price_factor x (n - covered) x g h, for on-demand and interruptible pools (USD).

    Price: after discount, and the mean over the tiers where there are some. Covered: what spend commitments pay for.
    In each period the charge of a pool falls on the workloads in proportion to the accelerators assigned to them there,
    or on standby for them; where none are it belongs to no workload.
    """
    by_pair, unused = _accelerator_hours(ledger)
    price, _ = _prices(ledger)
    weight = ledger.axes.weight
    return [
        *pair_lines(ledger, (price[ledger.pair_pool] * by_pair) @ weight),
        *pool_lines(ledger, (price * unused) @ weight),
    ]


def usage_charges(ledger: Ledger) -> list[Charge]:
    """The same by period, in accelerator-hours; the list price takes the price factor too, but no discount."""
    by_pair, unused = _accelerator_hours(ledger)
    price, listed = _prices(ledger)
    pair = ledger.pair_pool
    return [
        *pair_charges(ledger, by_pair, price[pair], listed[pair]),
        *pool_charges(ledger, unused, price, listed),
    ]


def billed_prices(ledger: Ledger) -> Floats:
    """(P, T) USD per provisioned accelerator and hour of rented pools, 0 of others: the mean over what a commitment for
    spend covers, at its rate, and all else, at the price of its tiers after discount."""
    scenario, n = ledger.scenario, ledger.provisioned
    rented = [pool.purchase_option in ("on_demand", "interruptible") for pool in scenario.pools.values()]
    usd = _prices(ledger)[0] * (n - ledger.covered_by_pool)
    commitments = list(scenario.spend_commitments.values())
    for row, (c, p) in enumerate(zip(ledger.covered_by.tolist(), ledger.covered_pool.tolist(), strict=True)):
        rates = commitments[c].rates_usd_per_accelerator_hour
        usd[p] += rates.get(ledger.axes.pools[p], 0.0) * ledger.covered[row]
    found: Floats = np.divide(usd, n, out=np.zeros_like(usd), where=np.array(rented, dtype=bool)[:, None] & (n > 0))
    return found


def _accelerator_hours(ledger: Ledger) -> tuple[Floats, Floats]:
    """Of rented pools, in one occurrence of each period: (K, T) by pair, and (P, T) where nothing is assigned."""
    rented = [pool.purchase_option in ("on_demand", "interruptible") for pool in ledger.scenario.pools.values()]
    paid = (ledger.provisioned - ledger.covered_by_pool) * ledger.axes.hours
    hours = np.where(np.array(rented, dtype=bool)[:, None], paid, 0.0)
    load = ledger.load
    per_assigned = np.divide(hours, load, out=np.zeros_like(hours), where=load > 0)
    return per_assigned[ledger.pair_pool] * (ledger.assigned + ledger.standby), np.where(load > 0, 0.0, hours)


def _prices(ledger: Ledger) -> tuple[Floats, Floats]:
    """(P, T) contracted and list price, both x price factor."""
    pools = ledger.scenario.pools.values()
    kept = np.array([1.0 - discount_share(ledger.scenario, pool) for pool in pools], dtype=np.float64)
    listed = list_prices(ledger) * ledger.axes.price_factor
    return kept[:, None] * listed, listed
