"""IT power of a site fits its limit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from hybridplan.model.component import Rows, in_periods
from hybridplan.model.costs.power import it_kw
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class SitePower:
    """sum over the pools of a site of busy_kw y + idle_kw (n - y) <= it_power_limit_kw, before PUE."""

    name: str = "site_power"
    fields: tuple[str, ...] = ("sites.it_power_limit_kw", "pools.busy_kw", "pools.idle_kw")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(sites with a limit and pools that draw power, T) rows in kW."""
        scenario = data.scenario
        draws = [p for p, pool in enumerate(scenario.pools.values()) if pool.busy_kw > 0 or pool.idle_kw > 0]
        site_of = [pool.site for pool in scenario.pools.values()]
        limits = {s: site.it_power_limit_kw for s, site in scenario.sites.items() if site.it_power_limit_kw is not None}
        sites = [s for s in limits if any(site_of[p] == s for p in draws)]
        if not sites:
            return None
        mine = [p for p in draws if site_of[p] in sites]
        at = np.array([sites.index(site_of[p]) for p in mine]), np.array(mine)
        pick = sp.csr_array((np.ones(len(mine)), at), shape=(len(sites), len(site_of)))
        rhs = in_periods([limits[s] for s in sites], len(data.periods))
        return Rows(pick @ it_kw(decisions, data), rhs, "<=", tuple(sites), np.ones(len(sites)), "kW")
