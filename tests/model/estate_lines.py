"""What each record of an estate is charged, worked out from the tables of decisions alone, against the cost lines."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from estate_flows import FlowsOracle

from hybridplan.domain import Scenario
from hybridplan.plan import Plan

Dollars = dict[Any, float]


class Bill:
    """Dollars by record: what is bought, lines, storage and transfer."""

    def __init__(self, scenario: Scenario, plan: Plan) -> None:
        assert plan.tables is not None
        self.s, self.tables, self.oracle = scenario, plan.tables, FlowsOracle(scenario)
        purchases = plan.tables.purchases
        self.bought = {(row.kind, row.record): float(row.quantity) for row in purchases.itertuples()}
        starts = {
            (b, at): (i, block.weight * block.period_hours)
            for b, block in scenario.horizon.blocks.items()
            for i, at in enumerate(block.starts())
        }
        self.hours = {(b, at): gh for (b, at), (_, gh) in starts.items()}
        self.flow: Dollars = defaultdict(float)
        """By link and period: all traffic but first copies, GB per hour."""
        self.moved: dict[str, list[tuple[Any, str, Any, float]]] = {"work": [], "data": []}
        """(payer, link, period, GB per hour)."""
        self._work()
        self._sync()
        self.private = {
            (row.link, row.block, row.period_start.to_pydatetime()): float(row.gb_per_hour)
            for row in plan.tables.private_flows.itertuples()
        }

    def _move(self, kind: str, payer: Any, start: str, end: str, at: Any, gb: float) -> None:
        if start != end and gb > 0:
            link = self.oracle.way[start, end]
            self.flow[link, *at] += gb
            self.moved[kind].append((payer, link, at, gb))

    def _work(self) -> None:
        for row in self.tables.allocation.itertuples():
            work, site = self.s.workloads[row.workload], self.s.pools[row.pool].site
            at, payer = (row.block, row.period_start.to_pydatetime()), (row.workload, row.pool)
            self._move("work", payer, work.origin_site, site, at, row.units_per_hour * work.ingress_gb_per_unit)
            self._move("work", payer, site, work.origin_site, at, row.units_per_hour * work.egress_gb_per_unit)
            if work.backup_sites and work.result_gb_per_unit > 0:
                backup = self.oracle.backup(work, site)
                assert backup is not None
                self._move("work", payer, site, backup, at, row.units_per_hour * work.result_gb_per_unit)

    def _sync(self) -> None:
        for row in self.tables.syncs.itertuples():
            link, data = self.s.links[row.link], self.s.datasets[row.dataset]
            for at in self.hours:
                gb = data.change_gb_per_hour * row.share
                self._move("data", row.dataset, link.from_site, link.to_site, at, gb)

    def price(self, name: str, at: Any) -> float:
        """Mean price of a link in a period."""
        link, m, total = self.s.links[name], self.private.get((name, *at), 0.0), self.flow[name, *at]
        cheaper = link.usd_per_gb - (link.usd_per_gb if link.private_usd_per_gb is None else link.private_usd_per_gb)
        return link.usd_per_gb - (cheaper * m / total if total > 0 else 0.0)

    def transfer(self) -> Dollars:
        """By (workload, pool), or by dataset: what moves in each period, and first copies at the link's own price."""
        found: Dollars = defaultdict(float)
        for payer, link, at, gb in [*self.moved["work"], *self.moved["data"]]:
            found[payer] += self.hours[at] * gb * self.price(link, at)
        for row in self.tables.syncs.itertuples():
            data = self.s.datasets[row.dataset]
            if data.copies[row.site].state != "present":
                found[row.dataset] += data.size_gb * row.share * self.s.links[row.link].usd_per_gb
        return found

    def storage(self) -> Dollars:
        """By dataset, home and copies; by (workload, pool), results and their backups."""
        found: Dollars = defaultdict(float)
        for name, data in self.s.datasets.items():
            sites = [data.home_site, *self.tables.copies[self.tables.copies["dataset"] == name]["site"]]
            found[name] = data.size_gb * self.oracle.hours / 730 * sum(self.oracle.storage_usd(site) for site in sites)
        for row in self.tables.allocation.itertuples():
            work, site = self.s.workloads[row.workload], self.s.pools[row.pool].site
            if work.result_gb_per_unit == 0 or work.result_kept_hours == 0:
                continue
            backup = self.oracle.backup(work, site) if work.backup_sites else None
            usd = sum(self.oracle.storage_usd(place) for place in (site, backup) if place is not None)
            units = self.hours[row.block, row.period_start.to_pydatetime()] * row.units_per_hour
            found[row.workload, row.pool] += units * work.result_gb_per_unit * work.result_kept_hours / 730 * usd
        return found

    def expansion(self) -> Dollars:
        """By expansion, in every hour from its arrival on."""
        found = {}
        for e, x in self.s.expansions.items():
            there = [b for b in self.oracle.order if e in self.oracle.arrived(x.pool, b)]
            hourly = self.oracle.yearly_usd(x) / 8760
            found[e] = hourly * self.bought["expansion", e] * self.oracle.hours_of(there)
        return found

    def link_fixed(self) -> Dollars:
        """By link: its own price, and that of its private line."""
        found = {}
        for name, link in self.s.links.items():
            gbps = self.bought.get(("private_line", name), 0.0)
            hourly = link.usd_per_hour + link.private_usd_per_gbps_hour * gbps
            found[name] = self.oracle.hours * (hourly + (link.private_usd_per_hour if gbps > 0 else 0.0))
        return found

    def provider_fixed(self) -> Dollars:
        """By provider of whom anything is provisioned."""
        rows = self.tables.provisioned
        used = {p for p, n in rows.groupby("pool")["accelerators_provisioned"].max().items() if n > 1e-6}
        names = {self.s.sites[self.s.pools[p].site].provider for p in used if self.is_public(p)}
        fixed = self.s.policy.provider_fixed_usd_per_hour
        return {v: self.oracle.hours * fixed.get(v, 0.0) for v in names}

    def is_public(self, p: str) -> bool:
        """Rented at a public or edge site."""
        pool = self.s.pools[p]
        return pool.purchase_option != "owned" and self.s.sites[pool.site].kind != "private"


def each_record_pays_its_own(scenario: Scenario, plan: Plan) -> None:
    """Cost lines of what is new, by record, or by workload and pool."""
    bill = Bill(scenario, plan)
    for term in ("transfer", "storage", "expansion", "link_fixed", "provider_fixed"):
        expected: Dollars = getattr(bill, term)()
        got: Dollars = defaultdict(float)
        for line in plan.cost_lines[plan.cost_lines["term"] == term].itertuples():
            got[line.record or (line.workload, line.pool)] += line.usd
        for key in {*got, *expected}:
            assert got.get(key, 0.0) == pytest.approx(expected.get(key, 0.0), rel=1e-6, abs=1e-6), (term, key)
