"""Energy: charged apart only where the pool's price does not include it."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.charges import Charge, pair_charges, pool_charges
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine, pair_lines, pool_lines
from hybridplan.audit.power import energy as energy_kwh
from hybridplan.audit.power import energy_by_period
from hybridplan.domain import Pool, Scenario


def energy(ledger: Ledger) -> list[CostLine]:
    """Electricity price x PUE x sum of g h (busy_kw y + idle_kw (n - y)) (USD).

    The draw of busy accelerators falls on their workload, that of idle ones on no workload.
    """
    kwh, price = energy_kwh(ledger), _prices(ledger)
    # A pool that pays no energy apart must not turn an unknown idle draw into an unknown cost.
    idle = np.where(price == 0, 0.0, price * kwh.idle_kwh)
    return [*pair_lines(ledger, price[ledger.pair_pool] * kwh.busy_kwh), *pool_lines(ledger, idle)]


def energy_charges(ledger: Ledger) -> list[Charge]:
    """The same by period, in kWh."""
    kwh, price = energy_by_period(ledger), _prices(ledger)
    idle = np.where(price[:, None] == 0, 0.0, kwh.idle_kwh)
    return [*pair_charges(ledger, kwh.busy_kwh, price[ledger.pair_pool]), *pool_charges(ledger, idle, price)]


def _prices(ledger: Ledger) -> Floats:
    """(P,) USD per kWh."""
    scenario = ledger.scenario
    return np.array([_usd_per_kwh(scenario, pool) for pool in scenario.pools.values()], dtype=np.float64)


def _usd_per_kwh(scenario: Scenario, pool: Pool) -> float:
    """The pool's own electricity price, else its site's; NaN where it is needed and missing."""
    if pool.price_includes_energy:
        return 0.0
    own, site = pool.electricity_usd_per_kwh, scenario.sites[pool.site].electricity_usd_per_kwh
    found = site if own is None else own
    return float("nan") if found is None else found
