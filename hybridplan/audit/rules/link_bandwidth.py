"""Link bandwidth: all data on a directed link fits it in every period, on the private line or beside it."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.data import Flows
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, scale_of
from hybridplan.units import GB_PER_HOUR_PER_GBPS, gb_per_hour


def link_bandwidth(ledger: Ledger) -> list[Rows]:
    """Work + changes of datasets - private flow + first copies <= 450 x gbps; GB per hour.

    Work: GB per unit x e y of ingress (origin -> site), egress (site -> origin) and results (site -> backup).
    """
    links, flows = ledger.scenario.links.values(), Flows(ledger)
    codes = [code for code, link in enumerate(links) if link.gbps is not None]
    public = flows.traffic - ledger.private_flow + flows.of_first_copies
    most = np.array([gb_per_hour(link.gbps) for link in links if link.gbps is not None], dtype=np.float64)[:, None]
    return [
        by_period(
            "more data crosses the link than it carries",
            [ledger.axes.records.links[code] for code in codes],
            ["GB per hour"] * len(codes),
            public[codes] - most,
            scale_of(flows.traffic[codes], flows.of_first_copies[codes], most),
        )
    ]


def private_flow(ledger: Ledger) -> list[Rows]:
    """Private flow <= 450 x Gbit/s bought, and <= all traffic of the link, first copies left out; GB per hour."""
    is_on_offer = np.array([link.max_private_gbps > 0 for link in ledger.scenario.links.values()], dtype=bool)
    codes = np.flatnonzero(is_on_offer | np.any(ledger.private_flow != 0, axis=1))
    if not codes.size:
        return []
    traffic, flow = Flows(ledger).traffic[codes], ledger.private_flow[codes]
    bought = (GB_PER_HOUR_PER_GBPS * ledger.private_gbps[codes])[:, None] * np.ones_like(flow)
    names, units = [ledger.axes.records.links[code] for code in codes.tolist()], ["GB per hour"] * len(codes)
    return [
        by_period(
            "more data crosses the private line than was bought", names, units, flow - bought, scale_of(flow, bought)
        ),
        by_period(
            "more data crosses the private line than the link has",
            names,
            units,
            flow - traffic,
            scale_of(flow, traffic),
        ),
    ]
