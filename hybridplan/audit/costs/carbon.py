"""Carbon: location-based average, of every pool, rented ones too."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.charges import Charge, pair_charges, pool_charges
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine, pair_lines, pool_lines
from hybridplan.audit.power import Energy, energy, energy_by_period
from hybridplan.units import GRAMS_PER_TONNE


def carbon(ledger: Ledger) -> list[CostLine]:
    """Price per tonne x tonnes (USD); nothing where carbon has no price."""
    price = ledger.scenario.policy.carbon_usd_per_tonne
    if price == 0:
        return []
    busy, idle = _tonnes(ledger, energy(ledger))
    return [*pair_lines(ledger, price * busy), *pool_lines(ledger, price * idle)]


def carbon_charges(ledger: Ledger) -> list[Charge]:
    """The same by period, in tonnes."""
    price = ledger.scenario.policy.carbon_usd_per_tonne
    if price == 0:
        return []
    busy, idle = _tonnes(ledger, energy_by_period(ledger))
    usd = np.full(len(idle), price)
    return [*pair_charges(ledger, busy, usd[ledger.pair_pool]), *pool_charges(ledger, idle, usd)]


def tonnes_by_pool(ledger: Ledger) -> Floats:
    """(P,) tonnes of CO2 equivalent; NaN where power is drawn at a site whose grid carbon is not known."""
    busy, idle = _tonnes(ledger, energy(ledger))
    total = idle.copy()
    np.add.at(total, ledger.pair_pool, busy)
    return total


def known_tonnes(ledger: Ledger) -> float:
    """Tonnes of all pools whose grid's carbon is known; the others count as 0."""
    pools, sites = ledger.scenario.pools.values(), ledger.scenario.sites
    is_known = np.array([sites[pool.site].grid_carbon_g_per_kwh is not None for pool in pools], dtype=bool)
    return float(np.sum(tonnes_by_pool(ledger)[is_known]))


def _tonnes(ledger: Ledger, kwh: Energy) -> tuple[Floats, Floats]:
    """g/kWh x kWh (PUE included) / 1e6, in the shapes of ``kwh``: of busy accelerators, and of idle ones."""
    given = [ledger.scenario.sites[pool.site].grid_carbon_g_per_kwh for pool in ledger.scenario.pools.values()]
    grams = np.array([np.nan if value is None else value for value in given], dtype=np.float64) / GRAMS_PER_TONNE
    return _product(grams[ledger.pair_pool], kwh.busy_kwh), _product(grams, kwh.idle_kwh)


def _product(grams: Floats, kwh: Floats) -> Floats:
    """No energy is no carbon, whatever the grid."""
    return np.where(kwh == 0, 0.0, (grams * kwh.T).T)
