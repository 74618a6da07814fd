"""The oracle of estates with promises: what a failure takes, standby, and what runs where after it, row by row.

Written from the formulas of promises alone, with failures, pairs and paths worked out here once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from estate_flows import GB_PER_HOUR, FlowsOracle
from estate_oracle import Row, added
from estate_rules import RulesOracle

from hybridplan.domain import Scenario


@dataclass(frozen=True)
class Gone:
    """What one failure takes."""

    sites: set[str]
    pools: set[str]
    links: set[str]


def zone(scenario: Scenario, p: str) -> str | None:
    """Own zone of a pool, else that of its site."""
    pool = scenario.pools[p]
    return pool.zone if pool.zone is not None else scenario.sites[pool.site].zone


def gone(scenario: Scenario, failure: Any) -> Gone:
    """Sites, pools (those of lost sites too) and links (each with the way back) that one failure takes."""
    sites, pools, named = set[str](), set[str](), set[str]()
    if failure.kind == "site":
        sites.add(failure.record)
    elif failure.kind == "zone":
        sites = {s for s, site in scenario.sites.items() if site.zone == failure.record}
        pools = {p for p in scenario.pools if zone(scenario, p) == failure.record}
    elif failure.kind == "provider":
        sites = {s for s, site in scenario.sites.items() if site.provider == failure.record}
    elif failure.kind == "link":
        named = {failure.record}
    elif failure.kind == "spot":
        pools = {p for p, pool in scenario.pools.items() if pool.purchase_option == "interruptible"}
    else:
        sites, pools, named = set(failure.sites), set(failure.pools), set(failure.links)
    links = set()
    for name in named:
        link = scenario.links[name]
        for other, back in scenario.links.items():
            if (back.from_site, back.to_site) in ((link.from_site, link.to_site), (link.to_site, link.from_site)):
                links.add(other)
    return Gone(sites, pools | {p for p, pool in scenario.pools.items() if pool.site in sites}, links)


class PromisesOracle(RulesOracle):
    """All rows before, and those of each failure: ("sb", w, p, b, i) stands by, ("after", f, w, p, b, i) takes over."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario)
        works = {
            w: work.model_copy(update={"latency_objective_ms": work.latency_after_failure_ms})
            for w, work in scenario.workloads.items()
            if work.latency_after_failure_ms is not None
        }
        later = scenario.model_copy(update={"workloads": {**scenario.workloads, **works}})
        self.later = FlowsOracle(later)
        self.gone = {f: gone(scenario, failure) for f, failure in scenario.policy.contingencies.items()}
        promised = [w for w, x in scenario.workloads.items() if x.promised_share > 0 and x.flexibility == "rigid"]
        self.dedicated = [w for w in promised if scenario.workloads[w].promise_form == "dedicated"]
        self.sharing = [w for w in promised if scenario.workloads[w].promise_form != "dedicated"]
        self.moving = [f for f in self.gone if any(self.hits(f, w) for w in self.sharing)]
        """F*: what takes a route from any work that shares."""
        self.full: list[tuple[Row, float]] = []
        """Rows of links after a failure."""

    # Who goes on, and who takes over

    def goes_on(self, w: str, p: str, f: str) -> bool:
        """Whether neither the pool nor a link of its path is lost."""
        lost = self.gone[f]
        return p not in lost.pools and not lost.links & set(self.path(w, self.s.pools[p].site))

    def hits(self, f: str, w: str) -> bool:
        """Whether it takes a route of the work, used or not."""
        return any(self.rate(w, p) is not None and not self.goes_on(w, p, f) for p in self.s.pools)

    def able(self, w: str, p: str) -> float | None:
        """e x c after a failure: units per hour of an assigned accelerator; None where the pair takes nothing over."""
        e = self.later.rate(w, p)
        return None if e is None else e * self.later.limit_of(w, p)

    def takes_over(self, f: str, w: str) -> dict[str, float]:
        """Pools that go on after it, with what one accelerator there is able to do."""
        return {p: x for p in self.s.pools if self.goes_on(w, p, f) and (x := self.able(w, p)) is not None}

    def stands_by(self, w: str, p: str) -> bool:
        """Whether the work may keep standby there."""
        mine = w in self.dedicated and self.able(w, p) is not None
        return mine and any(self.hits(f, w) and self.goes_on(w, p, f) for f in self.gone)

    def load(self, p: str, b: str, i: int) -> Row:
        """Standby too."""
        return super().load(p, b, i) | {("sb", w, p, b, i): 1.0 for w in self.dedicated if self.stands_by(w, p)}

    def decided(self, p: str, b: str, i: int) -> bool:
        """Also where work that shares may go: then n is no less than either needs."""
        if super().decided(p, b, i) or self.s.pools[p].purchase_option == "owned":
            return super().decided(p, b, i)
        return any(p in self.takes_over(f, w) for f in self.moving for w in self.sharing)

    # Rows

    def build(self) -> None:
        """Then what each failure asks for."""
        super().build()
        for b, i in self.each_period():
            for w in self.dedicated:
                for p in self.s.pools:
                    if self.stands_by(w, p):
                        self._needs_data(w, p, ("sb", w, p, b, i), b, i)
            for f in self.gone:
                self._after(f, b, i)

    def _after(self, f: str, b: str, i: int) -> None:
        for w in self.dedicated:
            if self.hits(f, w):
                self._promised(w, self._goes_on_in_units(f, w, b, i), b, i)
        if f in self.moving:
            for w in self.sharing:
                pools = self.takes_over(f, w)
                self._promised(w, {("after", f, w, p, b, i): able for p, able in pools.items()}, b, i)
                for p in pools:
                    self._needs_data(w, p, ("after", f, w, p, b, i), b, i)
            for p in set(self.s.pools) - self.gone[f].pools:
                self._room(f, p, b, i)
        standing = any(self.hits(f, w) and self._standby(f, w, b, i) for w in self.dedicated)
        if f in self.moving or standing:
            for name, link in self.s.links.items():
                if link.gbps is not None and name not in self.gone[f].links:
                    self._bandwidth(f, name, link, b, i)

    def _promised(self, w: str, units: Row, b: str, i: int) -> None:
        work = self.s.workloads[w]
        demand = work.demand_units_per_hour[b][i] * self.s.horizon.blocks[b].demand_factor
        u = {("u", w, b, i): work.promised_share}
        self.less.append((added((-1.0, units), (-1.0, u)), -work.promised_share * demand))

    def _standby(self, f: str, w: str, b: str, i: int) -> Row:
        """Units per hour of what stands by at pools that go on."""
        pools = self.takes_over(f, w)
        return {("sb", w, p, b, i): able for p, able in pools.items() if self.stands_by(w, p)}

    def _goes_on_in_units(self, f: str, w: str, b: str, i: int) -> Row:
        routes = {p: e for p in self.s.pools if (e := self.rate(w, p)) is not None and self.goes_on(w, p, f)}
        return {("y", w, p, b, i): e for p, e in routes.items()} | self._standby(f, w, b, i)

    def _room(self, f: str, p: str, b: str, i: int) -> None:
        """What runs in a pool after the failure fits what is provisioned, and what that grows by in time."""
        pool, works = self.s.pools[p], self.s.workloads
        levels = {0.0 if works[w].promise_form == "shared" else works[w].recovery_minutes for w in self.sharing}
        for level in sorted(levels):
            row: Row = {}
            for w in self.dedicated:
                if self.rate(w, p) is not None and self.goes_on(w, p, f):
                    row[self.assigned(w, p, b, i)] = 1.0
                if ("sb", w, p, b, i) in self._standby(f, w, b, i):
                    row["sb", w, p, b, i] = 1.0
            for w in self.sharing:
                soon = works[w].promise_form == "shared" or works[w].recovery_minutes <= level
                if soon and p in self.takes_over(f, w):
                    row["after", f, w, p, b, i] = 1.0
            extra = self.extra(pool, level)
            if extra > 0:
                self.less.append((row, pool.capacity_accelerators * self.up(p, b, i)))
            n, known = self.on[p, b, i]
            self.less.append((added((1.0, row), (-1.0, n)), known + extra))
            for back in self.lead(p, b) if self.elastic(p) else ():
                ready = {("n", p, b, (i - back) % self.s.horizon.blocks[b].periods): 1.0}
                self.less.append((added((1.0, row), (-1.0, ready)), extra))

    @staticmethod
    def extra(pool: Any, minutes: float) -> float:
        """Accelerators by which an on-demand pool with a ramp grows within this time."""
        ramp = pool.ramp_up_accelerators_per_hour
        if pool.purchase_option != "on_demand" or ramp is None:
            return 0.0
        return float(ramp * max(0.0, minutes / 60 - pool.lead_time_hours))

    def _bandwidth(self, f: str, name: str, link: Any, b: str, i: int) -> None:
        """Promised work that runs, what is sent to copies, and the private line, on a limited link that is left."""
        row = added((1.0, self.changes[name, b, i]), (1.0, self.copying[name, b, i]))
        if link.max_private_gbps > 0:
            row = added((1.0, row), (-GB_PER_HOUR, {("line", name): 1.0}))
        for w in [*self.dedicated, *self.sharing]:
            for (kind, *key), units in self._runs(f, w, b, i).items():
                p = key[2] if kind == "after" else key[1]
                for way, gb in self.moves(w, self.s.pools[p].site):
                    if way == name:
                        row = added((1.0, row), (gb * units, {(kind, *key): 1.0}))
        if row:
            self.less.append((row, GB_PER_HOUR * link.gbps))
            self.full.append((row, GB_PER_HOUR * link.gbps))

    def _runs(self, f: str, w: str, b: str, i: int) -> Row:
        """Units per hour of a promised workload after the failure."""
        if w in self.sharing and f in self.moving:
            return {("after", f, w, p, b, i): able for p, able in self.takes_over(f, w).items()}
        found = self._goes_on_in_units(f, w, b, i)
        return found if self.hits(f, w) else {name: units for name, units in found.items() if name[0] == "y"}
