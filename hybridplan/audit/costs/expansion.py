"""Expansion: what is bought is paid in every hour from its arrival on, used or not."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.charges import Charge
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine
from hybridplan.domain import Expansion, Scenario
from hybridplan.domain.prices import owned_price_usd_per_hour


def expansion(ledger: Ledger) -> list[CostLine]:
    """(annuity + staff + space) / 8760 x accelerators bought x hours from their arrival on, by record (USD)."""
    return [
        CostLine("", one.pool, float(one.usd_per_unit * one.quantity @ ledger.axes.weight), one.record)
        for one in expansion_charges(ledger)
    ]


def expansion_charges(ledger: Ledger) -> list[Charge]:
    """The same by period, in accelerator-hours."""
    axes, found = ledger.axes, []
    for code, (key, one) in enumerate(ledger.scenario.expansions.items()):
        hours = ledger.bought[code] * axes.records.arrived[code] * axes.hours
        price = np.full(len(axes.hours), usd_per_accelerator_hour(ledger.scenario, one))
        found.append(Charge("", one.pool, hours, price, price, record=key))
    return found


def usd_per_accelerator_hour(scenario: Scenario, one: Expansion) -> float:
    """Price of one bought accelerator-hour; interest, life and salvage are those of ``finance`` unless given."""
    finance = scenario.finance
    rate = finance.interest_rate if one.interest_rate is None else one.interest_rate
    life = finance.life_years if one.life_years is None else one.life_years
    salvage = finance.salvage_share if one.salvage_share is None else one.salvage_share
    yearly = one.staff_usd_per_accelerator_year + one.space_usd_per_accelerator_year
    return owned_price_usd_per_hour(one.capex_usd_per_accelerator, rate, life, salvage, yearly)
