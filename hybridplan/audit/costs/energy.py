"""Energy: charged apart only where the pool's price does not include it."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine, pair_lines, pool_lines
from hybridplan.audit.power import energy as energy_kwh
from hybridplan.domain import Pool, Scenario


def energy(ledger: Ledger) -> list[CostLine]:
    """Electricity price x PUE x sum of g h (busy_kw y + idle_kw (n - y)) (USD).

    The draw of busy accelerators falls on their workload, that of idle ones on no workload.
    """
    scenario, kwh = ledger.scenario, energy_kwh(ledger)
    price = np.array([_usd_per_kwh(scenario, pool) for pool in scenario.pools.values()], dtype=np.float64)
    # A pool that pays no energy apart must not turn an unknown idle draw into an unknown cost.
    idle = np.where(price == 0, 0.0, price * kwh.idle_kwh)
    return [*pair_lines(ledger, price[ledger.pair_pool] * kwh.busy_kwh), *pool_lines(ledger, idle)]


def _usd_per_kwh(scenario: Scenario, pool: Pool) -> float:
    """The pool's own electricity price, else its site's; NaN where it is needed and missing."""
    if pool.price_includes_energy:
        return 0.0
    own, site = pool.electricity_usd_per_kwh, scenario.sites[pool.site].electricity_usd_per_kwh
    found = site if own is None else own
    return float("nan") if found is None else found
