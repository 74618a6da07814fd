"""Data of work on links: in and out between users and pools, and results on their way to a backup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from math import nan

import numpy as np
import scipy.sparse as sp

from hybridplan.domain import Scenario
from hybridplan.model.periods import Array
from hybridplan.model.routes import Pair, backup_site
from hybridplan.units import HOURS_PER_MONTH, gb_per_hour


class Traffic:
    """Arrays of shape (K,) over routes, and of L links with limited bandwidth."""

    def __init__(self, scenario: Scenario, routes: Sequence[Pair], links: Mapping[tuple[str, str], str]) -> None:
        """``links``: id by directed pair of sites."""
        self._scenario, self._routes, self._links = scenario, routes, links
        self.limited = [link_id for link_id, link in scenario.links.items() if link.gbps is not None]

    def gb_per_unit(self, route: Pair) -> list[tuple[str, float]]:
        """(link id, GB per work unit): ingress from the origin, egress on the way back, results to their backup."""
        work, pool = self._scenario.workloads[route.workload], self._scenario.pools[route.pool]
        ways = [
            (work.origin_site, pool.site, work.ingress_gb_per_unit),
            (pool.site, work.origin_site, work.egress_gb_per_unit),
        ]
        backup = backup_site(self._scenario, work, pool)
        if backup is not None:
            ways.append((pool.site, backup, work.result_gb_per_unit))
        return [(self._links[start, end], gb) for start, end, gb in ways if gb > 0 and start != end]

    @cached_property
    def usd_per_unit(self) -> Array:
        """USD per work unit for the data of a route, at the price of each link; (K,)."""
        links = self._scenario.links
        found = [sum(links[link].usd_per_gb * gb for link, gb in self.gb_per_unit(route)) for route in self._routes]
        return np.array(found, dtype=float)

    @cached_property
    def result_usd_per_unit(self) -> Array:
        """USD per work unit for results and their backup: GB x hours kept / 730 x price of storage at both; (K,)."""
        return np.array([self._result_usd(route) for route in self._routes], dtype=float)

    def _result_usd(self, route: Pair) -> float:
        work, pool = self._scenario.workloads[route.workload], self._scenario.pools[route.pool]
        months = work.result_gb_per_unit * work.result_kept_hours / HOURS_PER_MONTH
        if not months:
            return 0.0
        backup = backup_site(self._scenario, work, pool)
        places = [pool.site] if backup is None else [pool.site, backup]
        return months * sum(storage_price(self._scenario, site) for site in places)

    def gb_per_busy_hour(self, links: Sequence[str]) -> sp.csr_matrix:
        """GB per busy accelerator-hour of each route on each of ``links``; (links, K)."""
        where = {link: i for i, link in enumerate(links)}
        found = [
            (where[link], k, gb * route.units_per_accelerator_hour)
            for k, route in enumerate(self._routes)
            for link, gb in self.gb_per_unit(route)
            if link in where
        ]
        rows, columns, values = zip(*found, strict=True) if found else ((), (), ())
        return sp.csr_matrix((values, (rows, columns)), shape=(len(links), len(self._routes)))

    @cached_property
    def limited_gb_per_busy_hour(self) -> sp.csr_matrix:
        """The same on the limited links; (L, K)."""
        return self.gb_per_busy_hour(self.limited)

    @cached_property
    def limit_gb_per_hour(self) -> Array:
        """Bandwidth of the limited links; (L,)."""
        links = self._scenario.links
        return np.array([gb_per_hour(links[link].gbps or 0.0) for link in self.limited], dtype=float)


def storage_price(scenario: Scenario, site: str) -> float:
    """USD per GB and month at a site; NaN where none is given, which no check lets pass where it is needed."""
    price = scenario.sites[site].storage_usd_per_gb_month
    return nan if price is None else price
