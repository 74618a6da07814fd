"""Commitments: paid in every hour, used or not; no decision changes existing ones."""

from __future__ import annotations

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine
from hybridplan.domain import Scenario


def commitment(ledger: Ledger) -> list[CostLine]:
    """Fee x committed accelerators x plan hours (USD), on the reserved pool behind which each commitment stands."""
    hours = ledger.axes.plan_hours
    return [
        CostLine("", c.pool, c.fee_usd_per_accelerator_hour * c.accelerators * hours)
        for c in ledger.scenario.commitments.values()
    ]


def committed_usd(scenario: Scenario) -> float:
    """The whole term: it is constant."""
    fees = sum(c.fee_usd_per_accelerator_hour * c.accelerators for c in scenario.commitments.values())
    return scenario.horizon.plan_hours * fees
