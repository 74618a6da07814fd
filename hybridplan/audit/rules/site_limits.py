"""Limits of sites: space for owned accelerators, and IT power of all pools."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, scale_of
from hybridplan.domain import Site


def site_space(ledger: Ledger) -> list[Rows]:
    """Sum over owned pools of rack units x (kept until it retires + bought once arrived) <= limit, in every period."""
    pools = ledger.scenario.pools.values()
    units = np.array([p.rack_units_per_accelerator * (p.purchase_option == "owned") for p in pools], dtype=np.float64)
    # No space is no space, of whatever number of accelerators.
    taken = np.where(units[:, None] == 0, 0.0, units[:, None] * ledger.installed)
    what = "owned accelerators take more space than the site has"
    return _rows(ledger, what, "rack units", taken, lambda site: site.rack_units_limit)


def site_power(ledger: Ledger) -> list[Rows]:
    """Sum over all pools of busy_kw y + idle_kw (n - y) <= limit, in every period; kW before PUE."""
    pools = list(ledger.scenario.pools.values())
    busy_kw = np.array([pool.busy_kw for pool in pools], dtype=np.float64)[:, None]
    idle_kw = np.array([pool.idle_kw for pool in pools], dtype=np.float64)[:, None]
    busy = ledger.busy_by_pool
    drawn = busy_kw * busy + idle_kw * (ledger.powered_on - busy)
    return _rows(ledger, "pools draw more power than the site has", "kW", drawn, lambda site: site.it_power_limit_kw)


def _rows(ledger: Ledger, what: str, unit: str, by_pool: Floats, limit: Callable[[Site], float | None]) -> list[Rows]:
    found = [(key, most) for key, site in ledger.scenario.sites.items() if (most := limit(site)) is not None]
    total = np.zeros((len(found), len(ledger.axes.hours)))
    for row, (key, _) in enumerate(found):
        for code, pool in enumerate(ledger.scenario.pools.values()):
            if pool.site == key:
                total[row] += by_pool[code]
    given = np.array([number for _, number in found], dtype=np.float64)[:, None]
    return [by_period(what, [key for key, _ in found], [unit] * len(found), total - given, scale_of(total, given))]
