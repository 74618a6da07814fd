"""The oracle of estates with links, private lines, datasets with their copies, and results with their backups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from estate_oracle import EstateOracle, Row, added

from hybridplan.domain import Scenario

GB_PER_HOUR = 450.0
"""Of 1 Gbit/s."""


class FlowsOracle(EstateOracle):
    """All of the estate: what moves between sites, and what is kept where."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario)
        self.way = {(link.from_site, link.to_site): name for name, link in scenario.links.items()}
        self.traffic: dict[Any, Row] = defaultdict(dict)
        """By link and period: GB per hour of work, results and what changes in datasets."""
        self.changes: dict[Any, Row] = defaultdict(dict)
        """The same of what changes in datasets alone."""
        self.copying: dict[Any, Row] = defaultdict(dict)
        """By link and period: GB per hour of first copies."""

    def build(self) -> None:
        """Datasets before periods, so that routes find them; links last, when all traffic is known."""
        for name, dataset in self.s.datasets.items():
            self._copies(name, dataset)
        super().build()

    def _between_sites(self) -> None:
        for name, link in self.s.links.items():
            self._link(name, link)

    # Which routes exist, and what they move

    def rate(self, w: str, p: str) -> float | None:
        """As without data, but only where every dataset is or may be, and where results find their backup."""
        work, site = self.s.workloads[w], self.s.pools[p].site
        for d in work.datasets:
            if site != self.s.datasets[d].home_site and site not in self.s.datasets[d].copies:
                return None
        if work.result_gb_per_unit > 0 and work.backup_sites:
            backup = self.backup(work, site)
            if backup is None or (site, backup) not in self.way:
                return None
            if site != backup and not self.offers(self.way[site, backup], work):
                return None
        for way in self.path(w, site):
            if not self.offers(way, work):
                return None
        return super().rate(w, p)

    def path(self, w: str, site: str) -> list[str]:
        """Links to a site, and back where anything is sent back, as far as there are such links."""
        work = self.s.workloads[w]
        ends = [(work.origin_site, site)] + ([(site, work.origin_site)] if work.egress_gb_per_unit > 0 else [])
        return [self.way[pair] for pair in ends if pair in self.way]

    def offers(self, way: str, record: Any) -> bool:
        """Whether a link has what work or data asks of links."""
        return set(record.required_link_attributes) <= set(self.s.links[way].attributes)

    def backup(self, work: Any, site: str) -> str | None:
        """First listed site in another failure domain, within residency, that offers all that is required."""
        for other in work.backup_sites:
            place, here = self.s.sites[other], self.s.sites[site]
            apart = other != site
            if work.backup_apart == "provider":
                apart = place.provider != here.provider
            elif work.backup_apart == "zone":
                # Two sites without a zone may share one.
                apart = len({here.zone, place.zone} - {None}) == 2
            fit = not set(work.required_attributes).difference(place.attributes)
            if apart and fit and (not work.allowed_jurisdictions or place.jurisdiction in work.allowed_jurisdictions):
                return str(other)
        return None

    def _period(self, b: str, block: Any, i: int) -> None:
        super()._period(b, block, i)
        gh = block.weight * block.period_hours
        for w in self.s.workloads:
            for p, pool in self.s.pools.items():
                e = self.rate(w, p)
                if e is not None:
                    y = ("y", w, p, b, i)
                    self.cost[y] += gh * e * self.s.workloads[w].route_cost_usd_per_unit.get(p, 0.0)
                    self._moved(w, pool.site, e, y, gh)
                    self._needs_data(w, p, y, b, i)
                    if self.assigned(w, p, b, i) != y:
                        self._needs_data(w, p, self.assigned(w, p, b, i), b, i)

    def moves(self, w: str, site: str) -> list[tuple[str, float]]:
        """(link, GB per unit) of what runs at a site: in, out, and results to their backup."""
        work = self.s.workloads[w]
        found = [(work.origin_site, site, work.ingress_gb_per_unit), (site, work.origin_site, work.egress_gb_per_unit)]
        if work.result_gb_per_unit > 0 and work.backup_sites:
            backup = self.backup(work, site)
            assert backup is not None
            found.append((site, backup, work.result_gb_per_unit))
        return [(self.way[start, end], gb) for start, end, gb in found if start != end and gb > 0]

    def _moved(self, w: str, site: str, e: float, y: Any, gh: float) -> None:
        work = self.s.workloads[w]
        if work.result_gb_per_unit > 0 and work.result_kept_hours > 0:
            backup = self.backup(work, site) if work.backup_sites else None
            monthly = sum(self.storage_usd(place) for place in (site, backup) if place is not None)
            self.cost[y] += gh * e * work.result_gb_per_unit * work.result_kept_hours / 730 * monthly
        for way, gb in self.moves(w, site):
            self._send(way, y[3], y[4], {y: e * gb})

    def _send(self, way: str, b: str, i: int, gb_per_hour: Row) -> None:
        block = self.s.horizon.blocks[b]
        self.traffic[way, b, i] = added((1.0, self.traffic[way, b, i]), (1.0, gb_per_hour))
        for name, value in gb_per_hour.items():
            self._pay(name, block.weight * block.period_hours * self.s.links[way].usd_per_gb * value)

    def storage_usd(self, site: str) -> float:
        """Per GB and month; it must be given where something is kept."""
        usd = self.s.sites[site].storage_usd_per_gb_month
        assert usd is not None, site
        return float(usd)

    # Links

    def _link(self, name: str, link: Any) -> None:
        self.constant += link.usd_per_hour * self.hours
        line = ("line", name)
        if link.max_private_gbps > 0:
            self._option(line, link.private_usd_per_gbps_hour * self.hours, 0.0, link.max_private_gbps)
            if link.private_usd_per_hour > 0:
                self.integer.add(("has_line", name))
                self._option(("has_line", name), link.private_usd_per_hour * self.hours, 0.0, 1.0)
                self.less.append(({line: 1.0, ("has_line", name): -link.max_private_gbps}, 0.0))
        for b, i in self.each_period():
            private: Row = {}
            gh = self.s.horizon.blocks[b].weight * self.s.horizon.blocks[b].period_hours
            if link.max_private_gbps > 0:
                private = {("private", name, b, i): 1.0}
                usd = link.usd_per_gb if link.private_usd_per_gb is None else link.private_usd_per_gb
                self._pay(("private", name, b, i), gh * (usd - link.usd_per_gb))
                self.less.append((added((1.0, private), (-GB_PER_HOUR, {line: 1.0})), 0.0))
                self.less.append((added((1.0, private), (-1.0, self.traffic[name, b, i])), 0.0))
            if link.gbps is not None:
                public = added((1.0, self.traffic[name, b, i]), (1.0, self.copying[name, b, i]), (-1.0, private))
                self.less.append((public, GB_PER_HOUR * link.gbps))

    def each_period(self) -> Iterator[tuple[str, int]]:
        """Block and position."""
        for b in self.order:
            for i in range(self.s.horizon.blocks[b].periods):
                yield b, i

    # Datasets

    def _copies(self, d: str, data: Any) -> None:
        month_hours = self.hours / 730
        self.constant += data.size_gb * self.storage_usd(data.home_site) * month_hours
        for s, copy in data.copies.items():
            usd = data.size_gb * self.storage_usd(s) * month_hours
            z = ("copy", d, s)
            self._option(z, usd, 0.0 if copy.state == "choosable" else 1.0, 1.0)
            if copy.state == "choosable":
                self.integer.add(z)
            if data.change_gb_per_hour > 0 or copy.state != "present":
                self._sync(d, data, s, copy.state)
        self._enough_copies(d, data)

    def _enough_copies(self, d: str, data: Any) -> None:
        # Zones are known of all sites of a dataset of which more than one copy is asked for.
        domain = {
            s: s if data.copies_apart == "site" else getattr(x, data.copies_apart) for s, x in self.s.sites.items()
        }
        row: Row = {}
        for g in {domain[s] for s in data.copies} - {domain[data.home_site]}:
            row["domain", d, g] = -1.0
            self.high["domain", d, g] = 1.0
            inside = {("copy", d, s): -1.0 for s in data.copies if domain[s] == g}
            self.less.append(({("domain", d, g): 1.0, **inside}, 0.0))
        self.less.append((row, 1.0 - data.min_copies))

    def passes(self, data: Any) -> set[str]:
        """Sites through which the data may go on its way."""
        found = {s for s, copy in data.copies.items() if copy.state != "choosable"}
        for s in data.relay_sites:
            site = self.s.sites[s]
            lawful = not data.allowed_jurisdictions or site.jurisdiction in data.allowed_jurisdictions
            if lawful and set(data.required_attributes) <= set(site.attributes):
                found.add(s)
        return found

    def _sync(self, d: str, data: Any, s: str, state: str) -> None:
        """A unit flow from home to the copy, as much of it as there is of the copy, and what it moves."""
        inner = self.passes(data) - {data.home_site, s}
        balance: dict[str, Row] = {place: {} for place in [s, *inner]}
        for name, link in self.s.links.items():
            if link.from_site in {data.home_site, *inner} and link.to_site in balance and self.offers(name, data):
                x = ("sync", d, s, name)
                self.high[x] = 1.0
                balance[link.to_site][x] = 1.0
                if link.from_site in balance:
                    balance[link.from_site][x] = -1.0
                self._synced(d, data, s, state, name)
        for place, row in balance.items():
            whole = {("copy", d, s): -1.0} if place == s else {}
            self.equal.append((added((1.0, row), (1.0, whole)), 0.0))

    def _synced(self, d: str, data: Any, s: str, state: str, name: str) -> None:
        x = ("sync", d, s, name)
        if data.change_gb_per_hour > 0:
            for b, i in self.each_period():
                self._send(name, b, i, {x: data.change_gb_per_hour})
                self.changes[name, b, i] = added((1.0, self.changes[name, b, i]), (data.change_gb_per_hour, {x: 1.0}))
        if state == "present":
            return
        self._pay(x, data.size_gb * self.s.links[name].usd_per_gb)
        gbps, hours = self.first_copy(data, s)
        block = self.s.horizon.blocks[self.order[0]]
        for i in range(block.periods):
            if block.period_hours * i < hours - 1e-9:
                row = self.copying[name, self.order[0], i]
                self.copying[name, self.order[0], i] = added((1.0, row), (1.0, {x: GB_PER_HOUR * gbps}))

    def first_copy(self, data: Any, s: str) -> tuple[float, float]:
        """Gbit/s kept for it, and the hours that it takes."""
        gbps = data.first_copy_gbps
        if gbps is None:
            gbps = self.s.links[self.way[data.home_site, s]].gbps
        return (0.0, 0.0) if gbps is None else (gbps, data.size_gb / (GB_PER_HOUR * gbps))

    def is_there(self, d: str, site: str, b: str, i: int) -> bool:
        """Whether a copy that is made, or stands, has arrived at a site by the start of a period."""
        data, block = self.s.datasets[d], self.s.horizon.blocks[b]
        if data.copies[site].state == "present" or b != self.order[0]:
            return True
        made = block.start + timedelta(hours=self.first_copy(data, site)[1])
        return bool(block.start + timedelta(hours=block.period_hours * i) >= made)

    def _needs_data(self, w: str, p: str, y: Any, b: str, i: int) -> None:
        site = self.s.pools[p].site
        for d in self.s.workloads[w].datasets:
            data = self.s.datasets[d]
            if site == data.home_site or site not in data.copies:
                continue
            if not self.is_there(d, site, b, i):
                self.high[y] = 0.0
            elif data.copies[site].state == "choosable":
                self.less.append(({y: 1.0, ("copy", d, site): -self.box(p, b)}, 0.0))
