"""Commitments: for capacity and for spend, paid in every hour of service, used or not."""

from __future__ import annotations

from typing import Final

import numpy as np

from hybridplan.audit.axes import Axes, Floats
from hybridplan.audit.charges import Charge
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import UNUSED, CostLine

_ROUNDING: Final = 1e-12


def commitment(ledger: Ledger) -> list[CostLine]:
    """What is used of each commitment and what is not (USD), both by record; together its whole price.

    Capacity: fee x (committed already + new) x hours of service, used in the share of load / committed of its pool (at
    most 1), which is the same for all that serve the pool in that period. Spend: (USD per hour already + new) x hours
    of service, used where accelerators are covered: rate x covered, by pool; the rest belongs to no pool.
    """
    return [
        CostLine("", one.pool, float(one.usd_per_unit * one.quantity @ ledger.axes.weight), one.record, _detail(one))
        for one in commitment_charges(ledger)
    ]


def commitment_charges(ledger: Ledger) -> list[Charge]:
    """The same by period: accelerator-hours, and USD for what is left of a spend commitment.

    A fee is its own list price: what the capacity would cost without the commitment is not known. The list price of
    what a spend commitment covers is that of the pool.
    """
    return [*_capacity(ledger), *_spend(ledger)]


def _detail(charge: Charge) -> str:
    return "" if charge.is_used else UNUSED


def _capacity(ledger: Ledger) -> list[Charge]:
    axes, records = ledger.axes, ledger.axes.records
    load, committed = ledger.load, ledger.committed
    share = np.clip(np.divide(load, committed, out=np.zeros_like(load), where=committed != 0), 0.0, 1.0)
    found = []
    for code, (key, c) in enumerate(ledger.scenario.commitments.items()):
        hours = (c.accelerators + ledger.new_committed[code]) * records.commitment_serves[code] * axes.hours
        price = np.full(len(axes.hours), c.fee_usd_per_accelerator_hour)
        used = share[records.commitment_pool[code]]
        for is_used, part in ((True, used), (False, 1.0 - used)):
            found.append(Charge("", c.pool, hours * part, price, price, record=key, is_used=is_used))
    return found


def _spend(ledger: Ledger) -> list[Charge]:
    axes, pools = ledger.axes, list(ledger.scenario.pools.items())
    one = np.ones(len(axes.hours))
    found = []
    for code, (key, c) in enumerate(ledger.scenario.spend_commitments.items()):
        paid = (c.usd_per_hour + ledger.new_spend_usd_per_hour[code]) * axes.records.spend_serves[code] * axes.hours
        left = paid
        for row in np.flatnonzero(ledger.covered_by == code).tolist():
            pool_id, pool = pools[ledger.covered_pool[row]]
            hours = ledger.covered[row] * axes.hours
            # What has no rate is not covered, which is a rule of its own.
            rate = c.rates_usd_per_accelerator_hour.get(pool_id, 0.0) * one
            listed = pool.price_usd_per_accelerator_hour * axes.price_factor
            found.append(Charge("", pool_id, hours, rate, listed, record=key, is_spend=True))
            left = left - rate * hours
        # Where all is spent, rounding must not look like money.
        left = np.where(np.abs(left) <= _ROUNDING * paid, 0.0, left)
        found.append(Charge("", "", left, one, one, record=key, is_used=False, is_spend=True))
    return found


def committed_usd(axes: Axes) -> float:
    """The part that no decision changes: what is committed already, for capacity and for spend."""
    records, scenario = axes.records, axes.scenario
    fees = [c.fee_usd_per_accelerator_hour * c.accelerators for c in scenario.commitments.values()]
    spend = [c.usd_per_hour for c in scenario.spend_commitments.values()]
    return _over_service(axes, fees, records.commitment_serves) + _over_service(axes, spend, records.spend_serves)


def _over_service(axes: Axes, usd_per_hour: list[float], serves: Floats) -> float:
    return float(np.asarray(usd_per_hour, dtype=np.float64) @ (serves @ axes.weight_hours))
