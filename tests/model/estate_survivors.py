"""What goes on after each failure, and where anything is, worked out from the tables of a plan alone."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd
import pytest
from estate_flows import GB_PER_HOUR
from estate_promises import PromisesOracle

from hybridplan.analysis.datasets import results
from hybridplan.domain import Scenario
from hybridplan.plan import Plan

Cell = tuple[str, str, Any]
"""Workload, pool, (block, position)."""


def no_more(least: float, most: float) -> bool:
    """Rounding apart."""
    return least <= most + 1e-6 * max(1.0, abs(most))


class Survivors:
    """The tables as numbers by workload, pool and period, for every failure."""

    def __init__(self, scenario: Scenario, plan: Plan) -> None:
        assert plan.tables is not None
        self.s, self.tables, self.oracle = scenario, plan.tables, PromisesOracle(scenario)
        self.periods = [(b, i) for b in self.oracle.order for i in range(scenario.horizon.blocks[b].periods)]
        at = {(b, pd.Timestamp(scenario.horizon.blocks[b].starts()[i])): (b, i) for b, i in self.periods}

        def cells(frame: pd.DataFrame, column: str) -> dict[Cell, float]:
            rows = frame.itertuples()
            return {(r.workload, r.pool, at[r.block, r.period_start]): float(getattr(r, column)) for r in rows}

        self.assigned = cells(self.tables.allocation, "accelerators_assigned")
        self.units = cells(self.tables.allocation, "units_per_hour")
        self.standby = cells(self.tables.standby, "accelerators_standby")
        self.standby_units = cells(self.tables.standby, "units_per_hour")
        moved = {f: self.tables.redispatch[self.tables.redispatch["contingency"] == f] for f in self.oracle.gone}
        assert sum(len(rows) for rows in moved.values()) == len(self.tables.redispatch), "an unknown failure"
        self.moved = {f: cells(rows, "accelerators_assigned") for f, rows in moved.items()}
        self.moved_units = {f: cells(rows, "units_per_hour") for f, rows in moved.items()}
        rows = self.tables.provisioned.itertuples()
        self.n = {(r.pool, at[r.block, r.period_start]): float(r.accelerators_provisioned) for r in rows}
        bought = self.tables.purchases
        lines = bought[bought["kind"] == "private_line"].itertuples()
        self.line = {r.record: float(r.quantity) for r in lines}
        self.copies = {(r.dataset, r.site) for r in self.tables.copies.itertuples()}

    def carried(self) -> None:
        """Survivors carry the promise: each failure, each promised workload, each period."""
        for f in self.oracle.gone:
            if f not in self.oracle.moving:
                assert not self.moved[f], (f, "nothing is to be moved")
            for at in self.periods:
                for w in [*self.oracle.dedicated, *self.oracle.sharing]:
                    served = sum(u for (x, _, when), u in self.units.items() if (x, when) == (w, at))
                    left = sum(self.left(f, w, at).values())
                    assert no_more(self.s.workloads[w].promised_share * served, left), (f, w, at, served, left)

    def left(self, f: str, w: str, at: Any) -> dict[str, float]:
        """Units per hour by pool after the failure."""
        found: dict[str, float] = defaultdict(float)
        frames = [self.units]
        if w in self.oracle.sharing and f in self.oracle.moving:
            frames = [self.moved_units[f]]
        elif w in self.oracle.dedicated and self.oracle.hits(f, w):
            frames = [self.units, self.standby_units]
        for frame in frames:
            for (x, p, when), units in frame.items():
                if (x, when) == (w, at) and self.oracle.goes_on(w, p, f):
                    found[p] += units
        return found

    def placed(self) -> None:
        """Work moves only to pools that go on, may do it, and hold its data; units are what accelerators do there."""
        for f, cells in self.moved.items():
            for (w, p, at), accelerators in cells.items():
                assert w in self.oracle.sharing
                assert self.oracle.goes_on(w, p, f), (f, w, p)
                self._able((w, p, at), accelerators, self.moved_units[f][w, p, at])
        for cell, accelerators in self.standby.items():
            assert self.oracle.stands_by(*cell[:2]), cell
            self._able(cell, accelerators, self.standby_units[cell])

    def _able(self, cell: Cell, accelerators: float, units: float) -> None:
        w, p, at = cell
        able = self.oracle.able(w, p)
        assert able is not None, cell
        assert units == pytest.approx(able * accelerators, rel=1e-6, abs=1e-9), cell
        site = self.s.pools[p].site
        for d in self.s.workloads[w].datasets:
            home = self.s.datasets[d].home_site
            assert site == home or (d, site) in self.copies, (cell, d)
            assert site == home or self.oracle.is_there(d, site, *at), (cell, d, "before its first copy")

    def fits(self) -> None:
        """What runs after each failure fits what is provisioned, with what grows in time; n is no more than needed."""
        for p, pool in self.s.pools.items():
            for b, i in self.periods:
                normal = self._at(self.assigned, p, (b, i)) + self._at(self.standby, p, (b, i))
                most = normal / (1 - pool.held_back_share)
                for f in self.oracle.moving:
                    if p not in self.oracle.gone[f].pools:
                        most = max(most, self._fits(f, p, b, i))
                if pool.purchase_option != "owned" and not self.oracle.elastic(p):
                    n = self.n[p, (b, i)]
                    assert no_more(most, n), (p, b, i)
                    assert self.oracle.decided(p, b, i) or no_more(n, most), (p, b, i)

    @staticmethod
    def _at(cells: dict[Cell, float], p: str, at: Any, works: Any = None) -> float:
        found = cells.items()
        return sum(n for (w, x, when), n in found if (x, when) == (p, at) and (works is None or w in works))

    def _fits(self, f: str, p: str, b: str, i: int) -> float:
        """All that runs in the pool after the failure."""
        pool, works, oracle = self.s.pools[p], self.s.workloads, self.oracle
        on = [w for w in oracle.dedicated if oracle.goes_on(w, p, f)]
        own = self._at(self.assigned, p, (b, i), on) + self._at(self.standby, p, (b, i), on)
        minutes = {w: 0.0 if works[w].promise_form == "shared" else works[w].recovery_minutes for w in oracle.sharing}
        needed = own
        ready = [i, *((i - back) % self.s.horizon.blocks[b].periods for back in (oracle.lead(p, b)))]
        for level in set(minutes.values()):
            soon = [w for w in oracle.sharing if minutes[w] <= level]
            load, extra = own + self._at(self.moved[f], p, (b, i), soon), oracle.extra(pool, level)
            for j in ready if oracle.elastic(p) else [i]:
                assert no_more(load, self.n[p, (b, j)] + extra), (f, p, b, i, level)
            if extra > 0:
                assert no_more(load, pool.capacity_accelerators * oracle.up(p, b, i)), (f, p, b, i, "quota")
            needed = max(needed, load)
        return needed

    def passes_links(self) -> None:
        """Limited links that are left hold what is promised, and what is sent to copies."""
        oracle, copied = self.oracle, self._copied()
        works = [*oracle.dedicated, *oracle.sharing]
        for f, lost in oracle.gone.items():
            standing = any(oracle.hits(f, w) and any(x == w for x, _, _ in self.standby) for w in oracle.dedicated)
            if f not in oracle.moving and not standing:
                continue
            sent = dict(copied)
            for at in self.periods:
                for w in works:
                    for p, units in self.left(f, w, at).items():
                        for way, gb in oracle.moves(w, self.s.pools[p].site):
                            sent[way, *at] = sent.get((way, *at), 0.0) + units * gb
            for (name, *at), gb in sent.items():
                gbps = self.s.links[name].gbps
                if gbps is not None and name not in lost.links:
                    assert no_more(gb, GB_PER_HOUR * (gbps + self.line.get(name, 0.0))), (f, name, at)

    def _copied(self) -> dict[Any, float]:
        """GB per hour of changes and first copies, by link and period."""
        sent: dict[Any, float] = defaultdict(float)
        first = self.oracle.order[0]
        for row in self.tables.syncs.itertuples():
            data = self.s.datasets[row.dataset]
            gbps, hours = self.oracle.first_copy(data, row.site)
            for b, i in self.periods:
                sent[row.link, b, i] += data.change_gb_per_hour * row.share
                made = self.s.horizon.blocks[b].period_hours * i >= hours - 1e-9
                if data.copies[row.site].state != "present" and b == first and not made:
                    sent[row.link, b, i] += GB_PER_HOUR * gbps * row.share
        return sent


def survivors_carry_what_is_promised(scenario: Scenario, plan: Plan) -> int:
    """Every failure gone through; how many cells of work it moves or that stand by."""
    found = Survivors(scenario, plan)
    if not found.oracle.gone:
        return 0
    found.carried()
    found.placed()
    found.fits()
    found.passes_links()
    return sum(len(cells) for cells in found.moved.values()) + len(found.standby)


def copies_and_backups_are_apart_and_secured(scenario: Scenario, plan: Plan) -> int:
    """Every place of data, and every backup of results, offers what is required and is far enough from the others; how
    many backups and datasets with a rule there are."""
    assert plan.tables is not None
    sites, seen = scenario.sites, 0
    for row in results(plan, plan.tables).itertuples():
        work, here = scenario.workloads[row.workload], sites[row.site]
        if work.backup_sites:
            there = sites[row.backup]
            assert set(work.required_attributes) <= set(there.attributes), (row.workload, row.backup)
            known = {"site": row.site != row.backup, "provider": here.provider != there.provider}
            known["zone"] = here.zone is not None and there.zone is not None and here.zone != there.zone
            assert known[work.backup_apart], row
            seen += 1
    for d, data in scenario.datasets.items():
        stands = {data.home_site, *plan.tables.copies.query("dataset == @d")["site"]}
        assert all(set(data.required_attributes) <= set(sites[s].attributes) for s in stands), d
        if data.min_copies > 1:
            apart = {s if data.copies_apart == "site" else getattr(sites[s], data.copies_apart) for s in stands}
            assert len(apart - {None}) >= data.min_copies, (d, stands)
            seen += 1
    return seen


def nothing_lies_outside(scenario: Scenario, plan: Plan) -> int:
    """Every cell outside the residency of its workload or dataset, and of work where a required attribute is missing,
    is exactly 0.0; how many such cells there are."""
    assert plan.tables is not None
    tables, sites, outside = plan.tables, scenario.sites, 0
    for w, work in scenario.workloads.items():
        away = {
            p
            for p, pool in scenario.pools.items()
            if (work.allowed_jurisdictions and sites[pool.site].jurisdiction not in work.allowed_jurisdictions)
            or not set(work.required_attributes) <= {*sites[pool.site].attributes, *pool.attributes}
        }
        for name in ("allocation", "standby", "redispatch"):
            frame = getattr(tables, name)
            mine = frame[(frame["workload"] == w) & frame["pool"].isin(away)]
            numbers = mine.select_dtypes("number").to_numpy(float)
            assert (numbers == 0.0).all(), (name, w, mine)
            outside += len(away)
    for d, data in scenario.datasets.items():
        if not data.allowed_jurisdictions:
            continue
        away = {s for s, site in sites.items() if site.jurisdiction not in data.allowed_jurisdictions}
        assert not set(tables.copies[tables.copies["dataset"] == d]["site"]) & away, d
        sent = tables.syncs[tables.syncs["dataset"] == d]
        for row in sent.itertuples():
            link = scenario.links[row.link]
            assert row.share == 0.0 or not {link.from_site, link.to_site, row.site} & away, (d, row)
        outside += 2 * len(away)
    return outside
