"""Datasets: which copies there are or may be, the ways their data may take, and when their first copy is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from hybridplan.domain import Scenario, failure_domain
from hybridplan.domain.dataset import Dataset
from hybridplan.model.periods import Array, Periods
from hybridplan.model.routes import Pair
from hybridplan.model.traffic import storage_price
from hybridplan.units import HOURS_PER_MONTH, gb_per_hour

Mask = npt.NDArray[np.bool_]
_NEARLY: Final = 1.0 - 1e-9
"""A copy that is done within rounding of the start of a period is done."""


@dataclass(frozen=True)
class SyncedCopy:
    """A copy to which data is sent: to keep it in sync, or to make it."""

    dataset: str
    site: str
    choice: int | None
    """Position among ``Datasets.choosable``; None: it stands whatever is decided."""
    change_gb_per_hour: float
    first_gb_per_hour: float
    """Bandwidth that its first copy takes while it is made; 0: none is made, or it takes no time."""
    hours: float
    """How long that takes from the start of the horizon."""


class Datasets:
    """Arrays over C choosable copies, N copies to which data is sent, and X arcs (one such copy, one link)."""

    def __init__(
        self, scenario: Scenario, periods: Periods, routes: Sequence[Pair], links: Mapping[tuple[str, str], str]
    ) -> None:
        """``links``: id by directed pair of sites."""
        self._scenario, self._periods, self._routes, self._links = scenario, periods, routes, links
        self.choosable = [
            (d, site)
            for d, dataset in scenario.datasets.items()
            for site, copy in dataset.copies.items()
            if copy.state == "choosable"
        ]
        """(dataset, site) of the copies that are made or not."""
        self.standing = [
            (d, site)
            for d, dataset in scenario.datasets.items()
            for site in (dataset.home_site, *(s for s, copy in dataset.copies.items() if copy.state != "choosable"))
        ]
        """The same of all others, home first."""
        self.synced = list(self._synced())
        self.arcs = [(n, link) for n, copy in enumerate(self.synced) for link in self._ways(copy)]
        """(position of the copy, link) on which data for a copy may go."""

    def _synced(self) -> Iterator[SyncedCopy]:
        choices = {pair: i for i, pair in enumerate(self.choosable)}
        for d, dataset in self._scenario.datasets.items():
            for site, copy in dataset.copies.items():
                rate = 0.0 if copy.state == "present" else self._first_gb_per_hour(dataset, site)
                if copy.state != "present" or dataset.change_gb_per_hour:
                    hours = dataset.size_gb / rate if rate else 0.0
                    yield SyncedCopy(d, site, choices.get((d, site)), dataset.change_gb_per_hour, rate, hours)

    def _first_gb_per_hour(self, dataset: Dataset, site: str) -> float:
        """As given, else all of the direct link; 0 where that is not limited."""
        if dataset.first_copy_gbps is not None:
            return gb_per_hour(dataset.first_copy_gbps)
        link = self._links.get((dataset.home_site, site))
        return gb_per_hour((self._scenario.links[link].gbps or 0.0) if link is not None else 0.0)

    def _ways(self, copy: SyncedCopy) -> Iterator[str]:
        """Links from home or a site that passes it on, to the copy or another such site."""
        dataset = self._scenario.datasets[copy.dataset]
        through = {s for s in dataset.relay_sites if self._may_stand(dataset, s)}
        through |= {s for s, other in dataset.copies.items() if other.state != "choosable"}
        through -= {copy.site, dataset.home_site}
        for (start, end), link in self._links.items():
            if not set(dataset.required_link_attributes) <= set(self._scenario.links[link].attributes):
                continue
            if (start == dataset.home_site or start in through) and (end == copy.site or end in through):
                yield link

    def _may_stand(self, dataset: Dataset, site: str) -> bool:
        there = self._scenario.sites[site]
        allowed = not dataset.allowed_jurisdictions or there.jurisdiction in dataset.allowed_jurisdictions
        return allowed and set(dataset.required_attributes) <= set(there.attributes)

    # -- sync -----------------------------------------------------------------------------------------------------

    @cached_property
    def nodes(self) -> list[tuple[int, str]]:
        """(position of the copy, site): where as much goes out as comes in, or at home one copy's worth goes out."""
        found = dict[tuple[int, str], None]()
        for n, copy in enumerate(self.synced):
            found[n, self._scenario.datasets[copy.dataset].home_site] = None
        for x, (n, _) in enumerate(self.arcs):
            found |= {(n, site): None for site in self.ends(x) if site != self.synced[n].site}
        return list(found)

    @cached_property
    def net_out(self) -> sp.csr_array:
        """+1 where an arc leaves a node, -1 where it comes in; (nodes, X)."""
        where = {node: i for i, node in enumerate(self.nodes)}
        found = []
        for x, (n, _) in enumerate(self.arcs):
            ends = zip(self.ends(x), (1.0, -1.0), strict=True)
            found += [(where[n, site], x, sign) for site, sign in ends if (n, site) in where]
        rows, columns, values = zip(*found, strict=True) if found else ((), (), ())
        return sp.csr_array((values, (rows, columns)), shape=(len(self.nodes), len(self.arcs)))

    def ends(self, arc: int) -> tuple[str, str]:
        """The sites where an arc begins and ends."""
        link = self._scenario.links[self.arcs[arc][1]]
        return link.from_site, link.to_site

    def is_home(self, node: tuple[int, str]) -> bool:
        """Whether the data of this copy starts here."""
        return self._scenario.datasets[self.synced[node[0]].dataset].home_site == node[1]

    @cached_property
    def change_gb_per_hour(self) -> Array:
        """GB per hour of an arc that takes all of it, in every period; (X,)."""
        return np.array([self.synced[n].change_gb_per_hour for n, _ in self.arcs], dtype=float)

    @cached_property
    def making(self) -> Mask:
        """True while the first copy is made: periods of the first block that begin before that is done; (N, T)."""
        hours = np.array([copy.hours for copy in self.synced], dtype=float)
        found: Mask = hours[:, None] * _NEARLY > self._since_start[None, :]
        return found

    @cached_property
    def _since_start(self) -> Array:
        """Hours from the start of the horizon to each period of the first block; infinite in later ones; (T,)."""
        _, first = self._scenario.horizon.ordered()[0]
        since = np.full(len(self._periods), np.inf)
        since[: first.periods] = np.arange(first.periods) * first.period_hours
        return since

    @cached_property
    def first_gb_per_hour(self) -> Array:
        """GB per hour of an arc that takes all of a first copy while it is made; (X, T)."""
        of_arc = np.array([n for n, _ in self.arcs], dtype=np.intp)
        rate = np.array([copy.first_gb_per_hour for copy in self.synced], dtype=float)
        found: Array = rate[of_arc][:, None] * self.making[of_arc]
        return found

    def on_links(self, links: Sequence[str], per_arc: Array) -> sp.csr_array:
        """(links x T, X), links first: what arcs bring onto ``links``; ``per_arc`` is GB per hour, (X, T)."""
        where, periods = {link: i for i, link in enumerate(links)}, len(self._periods)
        mine = np.array([x for x, (_, link) in enumerate(self.arcs) if link in where], dtype=np.intp)
        link = np.array([where[self.arcs[x][1]] for x in mine], dtype=np.intp)
        cells = (link[:, None] + len(links) * np.arange(periods)).ravel()
        columns = np.repeat(mine, periods)
        shape = (len(links) * periods, len(self.arcs))
        return sp.csr_array((per_arc[mine].ravel(), (cells, columns)), shape=shape)

    # -- failure domains ------------------------------------------------------------------------------------------

    @cached_property
    def lacking(self) -> dict[str, int]:
        """Copies in other failure domains that a dataset needs beyond those that stand; where it needs any."""
        found = {}
        for d, dataset in self._scenario.datasets.items():
            standing = {self._domain(dataset, site) for name, site in self.standing if name == d}
            if dataset.min_copies > len(standing):
                found[d] = dataset.min_copies - len(standing)
        return found

    @cached_property
    def domains(self) -> dict[tuple[str, str], list[int]]:
        """Choosable copies by (dataset that lacks some, failure domain in which none stands)."""
        standing = {(d, self._domain(self._scenario.datasets[d], site)) for d, site in self.standing}
        found: dict[tuple[str, str], list[int]] = {}
        for c, (d, site) in enumerate(self.choosable):
            place = d, self._domain(self._scenario.datasets[d], site)
            if d in self.lacking and place not in standing:
                found.setdefault(place, []).append(c)
        return found

    def _domain(self, dataset: Dataset, site: str) -> str:
        """Sites without a zone count as one zone: the checks let none pass where copies are kept apart by zone."""
        return failure_domain(site, self._scenario.sites[site], dataset.copies_apart) or ""

    # -- work -----------------------------------------------------------------------------------------------------

    @cached_property
    def needs(self) -> list[tuple[int, int]]:
        """(position of a route, position of a choosable copy) that it cannot do without."""
        choices = {pair: i for i, pair in enumerate(self.choosable)}
        works, pools = self._scenario.workloads, self._scenario.pools
        return [
            (k, choices[d, pools[route.pool].site])
            for k, route in enumerate(self._routes)
            for d in works[route.workload].datasets
            if (d, pools[route.pool].site) in choices
        ]

    @cached_property
    def closed(self) -> Mask:
        """True where a route must wait for a first copy at its site; (K, T)."""
        closed = np.zeros((len(self._routes), len(self._periods)), dtype=bool)
        making = {(copy.dataset, copy.site): self.making[n] for n, copy in enumerate(self.synced)}
        for k, route in enumerate(self._routes):
            for d in self._scenario.workloads[route.workload].datasets:
                closed[k] |= making.get((d, self._scenario.pools[route.pool].site), False)
        return closed

    # -- money ----------------------------------------------------------------------------------------------------

    def storage_usd(self, copies: Sequence[tuple[str, str]]) -> Array:
        """USD over the horizon of each copy (dataset, site): size x price x plan_hours / 730."""
        months = self._scenario.horizon.plan_hours / HOURS_PER_MONTH
        sizes = (self._scenario.datasets[d].size_gb for d, _ in copies)
        prices = (storage_price(self._scenario, site) for _, site in copies)
        return np.array([size * price * months for size, price in zip(sizes, prices, strict=True)], dtype=float)

    @cached_property
    def arc_usd(self) -> Array:
        """USD over the horizon of an arc that takes all: changes in every hour, and a first copy once; (X,)."""
        hours, links = self._scenario.horizon.plan_hours, self._scenario.links
        usd = []
        for n, link in self.arcs:
            copy = self.synced[n]
            dataset = self._scenario.datasets[copy.dataset]
            first = 0.0 if dataset.copies[copy.site].state == "present" else dataset.size_gb
            usd.append(links[link].usd_per_gb * (copy.change_gb_per_hour * hours + first))
        return np.array(usd, dtype=float)

    def sent_gb_per_hour(self, links: Sequence[str], shares: Array) -> Array:
        """Changes and first copies on ``links`` with these shares (X,); (links, T)."""
        per_arc = self.change_gb_per_hour[:, None] + self.first_gb_per_hour
        sent = np.asarray(self.on_links(links, per_arc) @ shares)
        return sent.reshape((len(links), len(self._periods)), order="F")

    @cached_property
    def cheapest_ways(self) -> Array:
        """(X,) 1 on the cheapest way to each copy that stands, whatever else is on its links; none to others."""
        shares = np.zeros(len(self.arcs))
        for n, copy in enumerate(self.synced):
            if copy.choice is None:
                mine = [x for x, (owner, _) in enumerate(self.arcs) if owner == n]
                shares[self._way(self._scenario.datasets[copy.dataset].home_site, copy.site, mine)] = 1.0
        return shares

    def _way(self, home: str, site: str, arcs: list[int]) -> list[int]:
        """The cheapest path, of those the one of fewest links; empty where there is none."""
        best: dict[str, tuple[float, int, list[int]]] = {home: (0.0, 0, [])}
        for _ in arcs:
            for x in arcs:
                start, end = self.ends(x)
                if start in best:
                    usd, count, path = best[start]
                    found = usd + float(self.arc_usd[x]), count + 1, [*path, x]
                    if end not in best or found[:2] < best[end][:2]:
                        best[end] = found
        return best.get(site, (0.0, 0, []))[2]
