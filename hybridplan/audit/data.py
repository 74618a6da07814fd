"""Where data lies, where it may go, and what it takes of each link."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hybridplan.audit.axes import Axes, Floats, Ints
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.routes import backup_site
from hybridplan.domain import Dataset, Scenario, Workload
from hybridplan.units import gb_per_hour

_SAME: Final = 1.0 - 1e-9
_HOUR_US: Final = 3.6e9


def fits(scenario: Scenario, dataset: Dataset, site_id: str) -> bool:
    """Whether a copy, or a relay, may stand at the site: residency and attributes."""
    site = scenario.sites[site_id]
    is_allowed = not dataset.allowed_jurisdictions or site.jurisdiction in dataset.allowed_jurisdictions
    return is_allowed and set(dataset.required_attributes) <= set(site.attributes)


def first_copy_gb_per_hour(scenario: Scenario, dataset: Dataset, site_id: str) -> float:
    """Bandwidth that a first copy takes on each link on its way: as given, else that of the direct link from home.

    0 where the direct link is not limited: the copy is there at once. NaN without a direct link.
    """
    if dataset.first_copy_gbps is not None:
        return gb_per_hour(dataset.first_copy_gbps)
    direct = [
        link for link in scenario.links.values() if (link.from_site, link.to_site) == (dataset.home_site, site_id)
    ]
    if not direct:
        return float("nan")
    return 0.0 if direct[-1].gbps is None else gb_per_hour(direct[-1].gbps)


def hours_to_copy(scenario: Scenario, dataset: Dataset, site_id: str) -> float:
    """Size / bandwidth of the first copy at a site; 0 for home and for copies that are present."""
    copy = dataset.copies.get(site_id)
    if copy is None or copy.state == "present":
        return 0.0
    speed = first_copy_gb_per_hour(scenario, dataset, site_id)
    return 0.0 if speed == 0 else dataset.size_gb / speed


def copying(axes: Axes, hours: float) -> NDArray[np.bool_]:
    """(T,) True in the periods of the first block that start before the first ``hours`` of the horizon are over."""
    passed = (axes.starts_us - axes.starts_us[0]) / _HOUR_US
    return np.asarray((axes.block_of == 0) & (passed < hours * _SAME))


def needs_sync(dataset: Dataset, site_id: str) -> bool:
    """Whether anything is sent to a copy at this site: it is made first, or it changes."""
    copy = dataset.copies.get(site_id)
    return copy is not None and (copy.state != "present" or dataset.change_gb_per_hour > 0)


def holds(ledger: Ledger, workload: int, pool: int) -> bool:
    """Whether the plan has a copy of each dataset of the work at the site of the pool, or it is their home."""
    scenario, records = ledger.scenario, ledger.axes.records
    site = scenario.pools[ledger.axes.pools[pool]].site
    needed = scenario.workloads[ledger.axes.workloads[workload]].datasets
    elsewhere = [records.datasets.index(key) for key in needed if scenario.datasets[key].home_site != site]
    return bool(ledger.copies[elsewhere, records.sites.index(site)].all())


def waits(axes: Axes, workload: int, pool: int) -> NDArray[np.bool_]:
    """(T,) True in the periods that start before the first copies of the work's data are at the site of the pool."""
    scenario = axes.scenario
    site = scenario.pools[axes.pools[pool]].site
    needed = scenario.workloads[axes.workloads[workload]].datasets
    hours = [hours_to_copy(scenario, scenario.datasets[key], site) for key in needed]
    if max(hours, default=0.0) > 0:
        return copying(axes, max(hours))
    return np.zeros(len(axes.hours), dtype=bool)


@dataclass(frozen=True)
class Leg:
    """Data of work on its way: a directed pair of sites and GB per work unit, by (workload, pool) pair."""

    sites: list[tuple[str, str]]
    gb_per_unit: Floats


def legs_of(scenario: Scenario, workload: Ints, pool: Ints) -> tuple[Leg, Leg, Leg]:
    """Of (K,) pairs: to the pool, back to the origin, and results to their backup; 0 GB within a site."""
    works, pools = list(scenario.workloads.values()), list(scenario.pools.values())
    codes = zip(workload.tolist(), pool.tolist(), strict=True)
    pairs = [(works[w], works[w].origin_site, pools[p].site) for w, p in codes]
    backups = [_backup(scenario, work, site) for work, _, site in pairs]
    return (
        _leg([(origin, site) for _, origin, site in pairs], [work.ingress_gb_per_unit for work, _, _ in pairs]),
        _leg([(site, origin) for _, origin, site in pairs], [work.egress_gb_per_unit for work, _, _ in pairs]),
        _leg(
            [(site, to) for (_, _, site), to in zip(pairs, backups, strict=True)],
            [work.result_gb_per_unit for work, _, _ in pairs],
        ),
    )


@dataclass(frozen=True)
class Flows:
    """GB per hour on each link. Shapes: (L, T)."""

    ledger: Ledger

    @cached_property
    def link_of(self) -> dict[tuple[str, str], int]:
        """Code of the link between a directed pair of sites."""
        links = self.ledger.scenario.links.values()
        return {(link.from_site, link.to_site): code for code, link in enumerate(links)}

    @cached_property
    def legs(self) -> tuple[Leg, Leg, Leg]:
        """To the pool, back to the origin, and results to their backup; 0 GB within a site."""
        return legs_of(self.ledger.scenario, self.ledger.pair_workload, self.ledger.pair_pool)

    @cached_property
    def of_work(self) -> Floats:
        """What routes send: GB per unit x units per hour, over all legs."""
        return self.sent(self.legs, self.ledger.served)

    def sent(self, legs: tuple[Leg, ...], units: Floats) -> Floats:
        """GB per unit x (K, T) units per hour of pairs, over all their legs."""
        total = self._zeros()
        for leg in legs:
            for pair, gb, row in zip(leg.sites, leg.gb_per_unit.tolist(), units, strict=True):
                if gb and pair in self.link_of:
                    total[self.link_of[pair]] += gb * row
        return total

    @cached_property
    def of_changes(self) -> Floats:
        """What keeps copies in sync: change per hour x share, in every period."""
        total = self._zeros()
        datasets = list(self.ledger.scenario.datasets.values())
        for dataset, _, link, share in self._syncs():
            total[link] += datasets[dataset].change_gb_per_hour * share
        return total

    @cached_property
    def of_first_copies(self) -> Floats:
        """What makes first copies: their bandwidth x share, until they are there."""
        total, ledger = self._zeros(), self.ledger
        datasets, sites = list(ledger.scenario.datasets.values()), ledger.axes.records.sites
        for code, site, link, share in self._syncs():
            hours = hours_to_copy(ledger.scenario, datasets[code], sites[site])
            if hours > 0:
                speed = first_copy_gb_per_hour(ledger.scenario, datasets[code], sites[site])
                total[link] += np.where(copying(ledger.axes, hours), speed * share, 0.0)
        return total

    @cached_property
    def traffic(self) -> Floats:
        """F: all that may go over a private line: work and changes, but no first copies."""
        return self.of_work + self.of_changes

    @cached_property
    def usd_per_gb(self) -> Floats:
        """Mean price of the traffic: usd_per_gb - (usd_per_gb - private_usd_per_gb) x private flow / F."""
        links = self.ledger.scenario.links.values()
        price = np.array([link.usd_per_gb for link in links], dtype=np.float64)[:, None]
        own = [link.usd_per_gb if link.private_usd_per_gb is None else link.private_usd_per_gb for link in links]
        flow = self.ledger.private_flow
        share = np.divide(flow, self.traffic, out=np.zeros_like(flow), where=self.traffic != 0)
        return price - (price - np.array(own, dtype=np.float64)[:, None]) * share

    def price_of(self, sites: list[tuple[str, str]]) -> Floats:
        """(len(sites), T) the mean price between these sites; NaN where there is no link."""
        known = np.vstack([self.usd_per_gb, np.full((1, len(self.ledger.axes.hours)), np.nan)])
        return known[np.array([self.link_of.get(pair, -1) for pair in sites], dtype=np.int64)]

    def _syncs(self) -> list[tuple[int, int, int, float]]:
        ledger = self.ledger
        columns: tuple[Ints | Floats, ...] = (ledger.sync_dataset, ledger.sync_site, ledger.sync_link)
        codes = zip(*(column.tolist() for column in columns), strict=True)
        shares = ledger.sync_share.tolist()
        return [(int(d), int(s), int(link), share) for (d, s, link), share in zip(codes, shares, strict=True)]

    def _zeros(self) -> Floats:
        return np.zeros((len(self.ledger.scenario.links), len(self.ledger.axes.hours)))


def _backup(scenario: Scenario, work: Workload, site: str) -> str:
    """Where results go; the site itself where they go nowhere."""
    return (backup_site(scenario, work, site) or site) if work.backup_sites else site


def _leg(sites: list[tuple[str, str]], gb: list[float]) -> Leg:
    inside = [0.0 if here == there else amount for (here, there), amount in zip(sites, gb, strict=True)]
    return Leg(sites, np.asarray(inside, dtype=np.float64))
