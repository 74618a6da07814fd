"""Owned, fixed: kept capacity is paid in every hour, also in maintenance."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine, pool_lines
from hybridplan.domain import Scenario
from hybridplan.domain.prices import contracted_price_usd


def owned_fixed(ledger: Ledger) -> list[CostLine]:
    """Contracted price x accelerators kept x plan hours of each owned pool (USD); sunk pools keep all."""
    scenario = ledger.scenario
    price = [
        contracted_price_usd(scenario, pool) if pool.purchase_option == "owned" else 0.0
        for pool in scenario.pools.values()
    ]
    return pool_lines(ledger, np.asarray(price, dtype=np.float64) * ledger.kept * ledger.axes.plan_hours)


def sunk_usd(scenario: Scenario) -> float:
    """The part of the term that no decision changes: contracted price x installed x plan hours of sunk pools."""
    return scenario.horizon.plan_hours * sum(
        contracted_price_usd(scenario, pool) * pool.capacity_accelerators
        for pool in scenario.pools.values()
        if pool.purchase_option == "owned" and pool.owned_cost == "sunk"
    )
