"""Single failures: what each of them takes, and which work may go on where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hybridplan.domain import Contingency, Pool, Scenario, Workload

Flags = NDArray[np.bool_]


class Taken(NamedTuple):
    """What a failure takes: ids of sites and pools, and ways as directed pairs of sites."""

    sites: frozenset[str]
    pools: frozenset[str]
    ways: frozenset[tuple[str, str]]


def taken(scenario: Scenario, contingency: Contingency) -> Taken:
    """Sites, pools and ways that are lost.

    - site, provider: the site, all sites of the provider.
    - zone: sites in the zone, and pools in it; a pool without a zone of its own is in that of its site.
    - spot: everything interruptible.
    - link: the way between two sites, there and back.
    - group: what it names, ways there and back.

    What stands at a lost site is lost with it. Losing a site takes no way: who sits there still sends work elsewhere.
    """
    sites = frozenset(key for key in scenario.sites if _is_site_lost(scenario, contingency, key))
    pools = frozenset(
        key
        for key, pool in scenario.pools.items()
        if pool.site in sites or _is_pool_named(scenario, contingency, key, pool)
    )
    ways = set[tuple[str, str]]()
    for name in _links(contingency):
        if name in scenario.links:
            link = scenario.links[name]
            ways |= {(link.from_site, link.to_site), (link.to_site, link.from_site)}
    return Taken(sites, pools, frozenset(ways))


def _is_site_lost(scenario: Scenario, contingency: Contingency, key: str) -> bool:
    site = scenario.sites[key]
    match contingency.kind:
        case "site":
            return key == contingency.record
        case "provider":
            return site.provider == contingency.record
        case "zone":
            return site.zone is not None and site.zone == contingency.record
        case "group":
            return key in contingency.sites
        case _:
            return False


def _is_pool_named(scenario: Scenario, contingency: Contingency, key: str, pool: Pool) -> bool:
    match contingency.kind:
        case "zone":
            zone = scenario.sites[pool.site].zone if pool.zone is None else pool.zone
            return zone is not None and zone == contingency.record
        case "spot":
            return pool.purchase_option == "interruptible"
        case "group":
            return key in contingency.pools
        case _:
            return False


def _links(contingency: Contingency) -> tuple[str, ...]:
    if contingency.kind == "group":
        return contingency.links
    return (contingency.record,) if contingency.kind == "link" and contingency.record is not None else ()


@dataclass(frozen=True)
class Failures:
    """All contingencies of a scenario, in its order: F of them. Shapes: (F, P), (F, W, P), (F, W)."""

    scenario: Scenario
    is_route: Flags
    """(W, P) True where work may run while nothing has failed."""
    may_take_over: Flags
    """(W, P) True where it may run after a failure: no reason is against it, by the objective that holds then."""

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """(F,) ids of the contingencies; their position is their code."""
        return tuple(self.scenario.policy.contingencies)

    @cached_property
    def taken(self) -> tuple[Taken, ...]:
        """(F,) what each of them takes."""
        return tuple(taken(self.scenario, one) for one in self.scenario.policy.contingencies.values())

    @cached_property
    def lost_pools(self) -> Flags:
        """(F, P) True where the pool is lost."""
        found = [[key in gone.pools for key in self.scenario.pools] for gone in self.taken]
        return np.array(found, dtype=bool).reshape(len(self.ids), len(self.scenario.pools))

    @cached_property
    def left(self) -> Flags:
        """(F, W, P) R(f): True where pool, way there, way back if results are sent, and data are not lost.

        It says nothing about whether the work may run there at all.
        """
        works, pools = self.scenario.workloads.values(), self.scenario.pools.items()
        found = np.ones((len(self.ids), len(works), len(pools)), dtype=bool)
        for f, gone in enumerate(self.taken):
            for w, work in enumerate(works):
                found[f, w] = [_goes_on(gone, work, key, pool) for key, pool in pools]
        return found

    @cached_property
    def hits(self) -> Flags:
        """(F, W) True where a failure takes a route of the work, used or not."""
        found: Flags = np.any(self.is_route & ~self.left, axis=2)
        return found

    @cached_property
    def is_dedicated(self) -> Flags:
        """(W,) True where rigid work promises a share and keeps standby of its own for it."""
        return self._with_form("dedicated")

    @cached_property
    def is_shared(self) -> Flags:
        """(W,) True where rigid work promises a share that is kept by what survives: shared and cold."""
        return self._with_form("shared", "cold")

    @cached_property
    def moves(self) -> Flags:
        """(F,) True where a failure hits any shared or cold work, so that all of that work is placed anew."""
        found: Flags = np.any(self.hits & self.is_shared, axis=1)
        return found

    @cached_property
    def may_stand_by(self) -> Flags:
        """(W, P) True where standby helps: a pair of dedicated work that survives a failure which hits that work."""
        helps: Flags = np.any(self.left & self.hits[:, :, None], axis=0)
        return self.may_take_over & self.is_dedicated[:, None] & helps

    @cached_property
    def takers(self) -> Flags:
        """(P,) True for pools to which shared or cold work may go after some failure that moves it."""
        may = self.left & (self.may_take_over & self.is_shared[:, None]) & self.moves[:, None, None]
        found: Flags = np.any(may, axis=(0, 1))
        return found

    def _with_form(self, *forms: str) -> Flags:
        return np.array([_promises(work) and work.promise_form in forms for work in self._works()], dtype=bool)

    def _works(self) -> Iterator[Workload]:
        yield from self.scenario.workloads.values()


def _promises(work: Workload) -> bool:
    return work.flexibility == "rigid" and work.promised_share > 0


def _goes_on(gone: Taken, work: Workload, pool_id: str, pool: Pool) -> bool:
    if pool_id in gone.pools or (work.datasets and pool.site in gone.sites):
        return False
    if pool.site == work.origin_site:
        return True
    is_cut = (work.origin_site, pool.site) in gone.ways
    return not is_cut and not (work.egress_gb_per_unit > 0 and (pool.site, work.origin_site) in gone.ways)
