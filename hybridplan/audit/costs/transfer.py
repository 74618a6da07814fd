"""Transfer: data sent between a workload's origin and the pool's site."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.charges import Charge, pair_charges
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine, pair_lines
from hybridplan.audit.routes import links_by_sites


class _Way(NamedTuple):
    """One direction: the sites of each pair, (K,) GB per work unit, and (K,) USD per GB, NaN where there is no link."""

    sites: list[tuple[str, str]]
    gb_per_unit: Floats
    usd_per_gb: Floats


def transfer(ledger: Ledger) -> list[CostLine]:
    """Sum of g h e y x (ingress GB x USD/GB of origin -> site + egress GB x USD/GB of site -> origin) (USD).

    Free within a site. NaN where data would have to cross sites without a link.
    """
    per_unit = np.zeros(len(ledger.pair_pool))
    for way in _ways(ledger):
        per_unit += np.where(way.gb_per_unit == 0, 0.0, way.gb_per_unit * way.usd_per_gb)
    return pair_lines(ledger, per_unit * (ledger.served @ ledger.axes.weight_hours))


def transfer_charges(ledger: Ledger) -> list[Charge]:
    """The same by period and direction, in GB; pairs that send nothing pay nothing."""
    units = ledger.served * ledger.axes.hours
    found = []
    for way in _ways(ledger):
        usd = np.where(way.gb_per_unit == 0, 0.0, way.usd_per_gb)
        found += pair_charges(ledger, way.gb_per_unit[:, None] * units, usd, ways=way.sites)
    return found


def _ways(ledger: Ledger) -> tuple[_Way, _Way]:
    """To the pool, and back to the origin."""
    works, pools = list(ledger.scenario.workloads.values()), list(ledger.scenario.pools.values())
    codes = zip(ledger.pair_workload.tolist(), ledger.pair_pool.tolist(), strict=True)
    pairs = [(works[w], works[w].origin_site, pools[p].site) for w, p in codes]
    into = [work.ingress_gb_per_unit if origin != site else 0.0 for work, origin, site in pairs]
    back = [work.egress_gb_per_unit if origin != site else 0.0 for work, origin, site in pairs]
    return (
        _way(ledger, [(origin, site) for _, origin, site in pairs], into),
        _way(ledger, [(site, origin) for _, origin, site in pairs], back),
    )


def _way(ledger: Ledger, sites: list[tuple[str, str]], gb: list[float]) -> _Way:
    links = links_by_sites(ledger.scenario)
    found = [links.get(pair) for pair in sites]
    usd = [float("nan") if link is None else link.usd_per_gb for link in found]
    return _Way(sites, np.asarray(gb, dtype=np.float64), np.asarray(usd, dtype=np.float64))
