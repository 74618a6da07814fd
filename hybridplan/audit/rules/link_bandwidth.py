"""Link bandwidth: all data on a directed link fits it in every period."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, scale_of
from hybridplan.units import gb_per_hour


def link_bandwidth(ledger: Ledger) -> list[Rows]:
    """sum of GB per unit x e y over ingress (origin -> site) and egress (site -> origin) <= 450 x gbps; GB per hour."""
    scenario = ledger.scenario
    limited = [(name, link, link.gbps) for name, link in scenario.links.items() if link.gbps is not None]
    code = {(link.from_site, link.to_site): position for position, (_, link, _) in enumerate(limited)}
    works, pools = list(scenario.workloads.values()), list(scenario.pools.values())
    flow = np.zeros((len(limited), len(ledger.axes.hours)))
    pairs = zip(ledger.pair_workload.tolist(), ledger.pair_pool.tolist(), ledger.served, strict=True)
    for w, p, units in pairs:
        origin, site = works[w].origin_site, pools[p].site
        for way, gb in (((origin, site), works[w].ingress_gb_per_unit), ((site, origin), works[w].egress_gb_per_unit)):
            if gb and way in code:
                flow[code[way]] += gb * units
    most = np.array([gb_per_hour(gbps) for _, _, gbps in limited], dtype=np.float64)[:, None]
    return [
        by_period(
            "more data crosses the link than it carries",
            [name for name, _, _ in limited],
            ["GB per hour"] * len(limited),
            flow - most,
            scale_of(flow, most),
        )
    ]
