"""Transfer: data sent between a workload's origin and the pool's site."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine, pair_lines
from hybridplan.audit.routes import links_by_sites


def transfer(ledger: Ledger) -> list[CostLine]:
    """Sum of g h e y x (ingress GB x USD/GB of origin -> site + egress GB x USD/GB of site -> origin) (USD).

    Free within a site. NaN where data would have to cross sites without a link.
    """
    scenario, links = ledger.scenario, links_by_sites(ledger.scenario)
    works, pools = list(scenario.workloads.values()), list(scenario.pools.values())

    def usd_per_gb(start: str, end: str) -> float:
        link = links.get((start, end))
        return float("nan") if link is None else link.usd_per_gb

    per_unit = []
    for w, p in zip(ledger.pair_workload.tolist(), ledger.pair_pool.tolist(), strict=True):
        work, origin, site = works[w], works[w].origin_site, pools[p].site
        into = work.ingress_gb_per_unit * usd_per_gb(origin, site) if work.ingress_gb_per_unit else 0.0
        back = work.egress_gb_per_unit * usd_per_gb(site, origin) if work.egress_gb_per_unit else 0.0
        per_unit.append(0.0 if origin == site else into + back)
    units = ledger.served @ ledger.axes.weight_hours
    return pair_lines(ledger, np.asarray(per_unit, dtype=np.float64) * units)
