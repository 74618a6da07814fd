"""Provider, fixed: what using a provider at all costs in every hour."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.charges import Charge
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine
from hybridplan.audit.providers import is_used, providers


def provider_fixed(ledger: Ledger) -> list[CostLine]:
    """USD per hour x plan hours for each provider of which anything is provisioned, by provider."""
    return [
        CostLine("", "", float(one.usd_per_unit * one.quantity @ ledger.axes.weight), one.record)
        for one in provider_fixed_charges(ledger)
    ]


def provider_fixed_charges(ledger: Ledger) -> list[Charge]:
    """The same by period, in hours."""
    fees, hours = ledger.scenario.policy.provider_fixed_usd_per_hour, ledger.axes.hours
    found = []
    for name, used in zip(providers(ledger.scenario), is_used(ledger).tolist(), strict=True):
        if used and fees.get(name, 0.0) > 0:
            price = np.full(len(hours), fees[name])
            found.append(Charge("", "", hours, price, price, record=name))
    return found
