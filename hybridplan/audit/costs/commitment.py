"""Commitments: paid in every hour, used or not; no decision changes existing ones."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.charges import Charge
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


def commitment_charges(ledger: Ledger) -> list[Charge]:
    """The same by period, in accelerator-hours: what work was assigned to, and what nobody used.

    Commitments behind one pool are used in proportion to their size. The fee is its own list price: what the capacity
    would cost without the commitment is not known.
    """
    axes, load = ledger.axes, ledger.load
    found = []
    for key, c in ledger.scenario.commitments.items():
        code = axes.pools.index(c.pool)
        share = np.clip(load[code] / ledger.committed[code], 0.0, 1.0)
        price = np.full(len(axes.hours), c.fee_usd_per_accelerator_hour)
        for is_used, part in ((True, share), (False, 1.0 - share)):
            hours = c.accelerators * part * axes.hours
            found.append(Charge("", c.pool, hours, price, price, commitment=key, is_used=is_used))
    return found


def committed_usd(scenario: Scenario) -> float:
    """The whole term: it is constant."""
    fees = sum(c.fee_usd_per_accelerator_hour * c.accelerators for c in scenario.commitments.values())
    return scenario.horizon.plan_hours * fees
