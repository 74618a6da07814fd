"""Owned, fixed: kept capacity is paid in every hour, also in maintenance."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Axes, Floats
from hybridplan.audit.charges import Charge, pool_charges
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine, pool_lines
from hybridplan.domain import Scenario
from hybridplan.domain.prices import contracted_price_usd


def owned_fixed(ledger: Ledger) -> list[CostLine]:
    """Contracted price x accelerators kept x hours until they retire of each owned pool (USD); sunk pools keep all."""
    hours = ledger.axes.records.standing @ ledger.axes.weight_hours
    return pool_lines(ledger, _contracted(ledger.scenario) * ledger.kept * hours)


def owned_fixed_charges(ledger: Ledger) -> list[Charge]:
    """The same by period, in accelerator-hours."""
    listed = [pool.price_usd_per_accelerator_hour for pool in ledger.scenario.pools.values()]
    quantity = ledger.kept[:, None] * ledger.axes.records.standing * ledger.axes.hours
    return pool_charges(ledger, quantity, _contracted(ledger.scenario), np.asarray(listed, dtype=np.float64))


def _contracted(scenario: Scenario) -> Floats:
    """(P,) contracted price of owned pools, 0 of all others."""
    price = [
        contracted_price_usd(scenario, pool) if pool.purchase_option == "owned" else 0.0
        for pool in scenario.pools.values()
    ]
    return np.asarray(price, dtype=np.float64)


def sunk_usd(axes: Axes) -> float:
    """The part of the term that no decision changes: contracted price x installed x hours until retired, if sunk."""
    pools = axes.scenario.pools.values()
    sunk = [
        pool.capacity_accelerators if pool.purchase_option == "owned" and pool.owned_cost == "sunk" else 0.0
        for pool in pools
    ]
    paid = _contracted(axes.scenario) * np.asarray(sunk, dtype=np.float64)
    return float(paid @ (axes.records.standing @ axes.weight_hours))
