"""The planning problem a second time, in another style: SciPy, plain loops over raw records, one row at a time.

Nothing of hybridplan.model or hybridplan.audit is used, so that a formula that is wrong there is wrong here only if it
was misunderstood twice.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from math import sqrt
from typing import Any

import numpy as np
from scipy.optimize import linprog

from hybridplan.domain import Scenario


class Oracle:
    """Builds rows as dictionaries {column name: coefficient} and solves them with SciPy."""

    tolerance = 1e-7

    def __init__(self, scenario: Scenario) -> None:
        self.s = scenario
        self.columns: dict[Any, int] = {}
        self.cost: dict[Any, float] = defaultdict(float)
        self.equal: list[tuple[dict[Any, float], float]] = []
        self.less: list[tuple[dict[Any, float], float]] = []
        self.constant = 0.0
        self.found: dict[Any, float] = {}
        """Values of the columns after ``least``."""
        self.hours = sum(b.weight * b.period_hours * b.periods for b in scenario.horizon.blocks.values())

    def objective(self) -> float:
        """Least cost + penalty over the horizon."""
        self.build()
        found = self.least()
        assert found is not None, "infeasible"
        return found

    def build(self) -> None:
        """All columns and rows."""
        self._fixed()
        for block_id, block in self.s.horizon.blocks.items():
            for i in range(block.periods):
                self._period(block_id, block, i)
        self._demand()
        self._unserved_caps()
        self._budget()

    def least(self) -> float | None:
        """Solves the rows as they stand; None: no point meets them."""
        names = {name: j for j, name in enumerate(dict.fromkeys(self._all_names()))}
        c = np.zeros(len(names))
        for name, value in self.cost.items():
            c[names[name]] = value
        a_eq, b_eq = self._matrix(self.equal, names)
        a_ub, b_ub = self._matrix(self.less, names)
        whole = np.array([name[0] == "whole" for name in names], dtype=int)
        options = {"mip_rel_gap": 0.0} if whole.any() else {"primal_feasibility_tolerance": self.tolerance}
        result = linprog(
            c, a_ub, b_ub, a_eq, b_eq, bounds=(0, None), method="highs", integrality=whole, options=options
        )
        if result.status == 2:
            return None
        assert result.status == 0, result.message
        self.found = dict(zip(names, result.x, strict=True))
        return float(result.fun) + self.constant

    def _all_names(self) -> list[Any]:
        found = list(self.cost)
        for row, _ in [*self.equal, *self.less]:
            found.extend(row)
        return found

    @staticmethod
    def _matrix(rows: list[tuple[dict[Any, float], float]], names: dict[Any, int]) -> tuple[Any, Any]:
        if not rows:
            return None, None
        matrix = np.zeros((len(rows), len(names)))
        for i, (row, _) in enumerate(rows):
            for name, value in row.items():
                matrix[i, names[name]] += value
        return matrix, np.array([right for _, right in rows])

    def price(self, pool: Any) -> float:
        provider = self.s.sites[pool.site].provider
        off = pool.discount_share
        if off is None:
            off = self.s.policy.provider_discount_share.get(provider, 0.0)
        return pool.price_usd_per_accelerator_hour * (1 - off)

    def rate(self, w: str, p: str) -> float | None:
        """e_k, or None where the pair is no route."""
        work, pool = self.s.workloads[w], self.s.pools[p]
        site, through = self.s.sites[pool.site], work.throughput.get(pool.sku)
        ways = {(link.from_site, link.to_site): link for link in self.s.links.values()}
        if through is None or (work.allowed_jurisdictions and site.jurisdiction not in work.allowed_jurisdictions):
            return None
        if not set(work.required_attributes) <= set(site.attributes) | set(pool.attributes):
            return None
        if pool.site in work.denied_sites or (work.allowed_sites and pool.site not in work.allowed_sites):
            return None
        trip = 0.0
        if pool.site != work.origin_site:
            out, back = ways.get((work.origin_site, pool.site)), ways.get((pool.site, work.origin_site))
            if out is None or (work.egress_gb_per_unit > 0 and back is None):
                return None
            trip = out.round_trip_ms
        if self.load_limit(work, through, pool, trip) is None:
            return None
        lost = 0.0
        if pool.purchase_option == "interruptible":
            if not work.interruptible:
                return None
            lam, c, tau = pool.interruptions_per_hour, work.checkpoint_hours, work.checkpoint_interval_hours
            if lam > 0:
                if tau is None and c == 0:
                    lost = lam * work.restart_hours
                else:
                    tau = tau or sqrt(2 * c / lam)
                    lost = c / tau + lam * (tau / 2 + work.restart_hours)
        if lost >= 1:
            return None
        return through.units_per_accelerator_hour * pool.efficiency * (1 - lost)

    def load_limit(self, work: Any, through: Any, pool: Any, trip: float) -> float | None:
        """Most busy accelerators per assigned one; None where the route is too slow."""
        objective = work.latency_objective_ms
        floor = trip + through.service_ms / pool.efficiency
        return None if objective is not None and floor > objective * (1 + 1e-9) else 1.0

    def did(self, w: str, p: str, b: str, i: int) -> Any:
        """The column that, times e_k, is the units per hour of a route."""
        return ("y", w, p, b, i)

    def assigned(self, w: str, p: str, b: str, i: int) -> Any:
        """The column of accelerators assigned."""
        return ("y", w, p, b, i)

    def _fixed(self) -> None:
        for c in self.s.commitments.values():
            self.constant += c.fee_usd_per_accelerator_hour * c.accelerators * self.hours
        for p, pool in self.s.pools.items():
            if pool.purchase_option != "owned":
                continue
            yearly = self.price(pool) * self.hours
            if pool.owned_cost == "sunk":
                self.constant += yearly * pool.capacity_accelerators
            else:
                self.cost["keep", p] += yearly
                self.less.append(({("keep", p): 1.0}, pool.capacity_accelerators))

    def _period(self, b: str, block: Any, i: int) -> None:
        gh = block.weight * block.period_hours
        traffic: dict[tuple[str, str], dict[Any, float]] = defaultdict(dict)
        for p, pool in self.s.pools.items():
            site = self.s.sites[pool.site]
            up = pool.up_share[b][i] if b in pool.up_share else 1.0
            per_kwh = site.pue * self.s.policy.carbon_usd_per_tonne * (site.grid_carbon_g_per_kwh or 0.0) / 1e6
            if not pool.price_includes_energy:
                own = pool.electricity_usd_per_kwh
                per_kwh += site.pue * (site.electricity_usd_per_kwh if own is None else own)
            usable = 1 - pool.held_back_share
            room: dict[Any, float] = {}
            for w in self.s.workloads:
                e = self.rate(w, p)
                if e is None:
                    continue
                y = ("y", w, p, b, i)
                room[y] = 1.0
                self.cost[y] += gh * per_kwh * (pool.busy_kw - pool.idle_kw)
                if pool.purchase_option != "owned":
                    self.cost[y] += gh * per_kwh * pool.idle_kw / usable
                if pool.purchase_option in ("on_demand", "interruptible"):
                    self.cost[y] += gh * self.price(pool) * block.price_factor / usable
                self.cost[y] += gh * e * self.s.workloads[w].route_cost_usd_per_unit.get(p, 0.0)
                self._traffic(w, pool.site, e, y, gh, traffic)
            self._capacity(p, pool, up, usable, room, gh * per_kwh * pool.idle_kw)
        for link in self.s.links.values():
            row = traffic.get((link.from_site, link.to_site))
            if row and link.gbps is not None:
                self.less.append((row, 450 * link.gbps))

    def _traffic(self, w: str, site: str, e: float, y: Any, gh: float, traffic: Any) -> None:
        work = self.s.workloads[w]
        if site == work.origin_site:
            return
        for way, gb in (
            ((work.origin_site, site), work.ingress_gb_per_unit),
            ((site, work.origin_site), work.egress_gb_per_unit),
        ):
            if gb > 0:
                link = next(x for x in self.s.links.values() if (x.from_site, x.to_site) == way)
                self.cost[y] += gh * e * gb * link.usd_per_gb
                traffic[way][y] = traffic[way].get(y, 0.0) + e * gb

    def _capacity(self, p: str, pool: Any, up: float, usable: float, room: dict[Any, float], idle_usd: float) -> None:
        if pool.purchase_option == "owned":
            if pool.owned_cost == "avoidable":
                room = {**room, ("keep", p): -usable * up}
                self.cost["keep", p] += idle_usd * up
                self.less.append((room, 0.0))
                return
            self.constant += idle_usd * up * pool.capacity_accelerators
        size = pool.capacity_accelerators
        if pool.purchase_option == "reserved":
            size = sum(c.accelerators for c in self.s.commitments.values() if c.pool == p)
        if room:
            self.less.append((room, usable * up * size))

    def _demand(self) -> None:
        for w, work in self.s.workloads.items():
            rates = {p: e for p in self.s.pools if (e := self.rate(w, p)) is not None}
            spot = {p for p in rates if self.s.pools[p].purchase_option == "interruptible"}
            for b, block in self.s.horizon.blocks.items():
                for i in range(block.periods):
                    if work.flexibility == "rigid":
                        self._rigid(w, work, rates, spot, b, block, i)
                    else:
                        self._parallel(w, work, rates, b, block, i)
            for v, window in work.windows.items():
                self._window(w, work, rates, spot, v, window)

    def _rigid(self, w: str, work: Any, rates: Any, spot: set[str], b: str, block: Any, i: int) -> None:
        u, demand = ("u", w, b, i), work.demand_units_per_hour[b][i] * block.demand_factor
        self.cost[u] += block.weight * block.period_hours * work.unserved_usd_per_unit
        self.equal.append(({**{self.did(w, p, b, i): e for p, e in rates.items()}, u: 1.0}, demand))
        if work.must_serve:
            self.less.append(({u: 1.0}, 0.0))
        if spot and work.interruptible_share_cap < 1:
            cap = work.interruptible_share_cap
            self.less.append(({**{self.did(w, p, b, i): rates[p] for p in spot}, u: cap}, cap * demand))

    def _inside(self, window: Any, b: str, block: Any, i: int) -> bool:
        start = block.start + timedelta(hours=block.period_hours * i)
        end = start + timedelta(hours=block.period_hours)
        return window.block == b and window.start <= start and end <= window.end

    def _parallel(self, w: str, work: Any, rates: Any, b: str, block: Any, i: int) -> None:
        row = {("y", w, p, b, i): 1.0 for p in rates}
        if not any(self._inside(window, b, block, i) for window in work.windows.values()):
            self.equal.extend(({name: 1.0}, 0.0) for name in row)
        if work.parallel_limit_accelerators is not None and row:
            row = {self.assigned(w, p, b, i): 1.0 for p in rates}
            self.less.append((row, work.parallel_limit_accelerators))

    def _window(self, w: str, work: Any, rates: Any, spot: set[str], v: str, window: Any) -> None:
        block = self.s.horizon.blocks[window.block]
        u, volume = ("u", w, v), window.volume_units * block.demand_factor
        self.cost[u] += block.weight * work.unserved_usd_per_unit
        done: dict[Any, float] = {u: 1.0}
        on_spot: dict[Any, float] = {u: work.interruptible_share_cap}
        for i in range(block.periods):
            if self._inside(window, window.block, block, i):
                for p, e in rates.items():
                    name = self.did(w, p, window.block, i)
                    done[name] = e * block.period_hours
                    if p in spot:
                        on_spot[name] = e * block.period_hours
        self.equal.append((done, volume))
        if work.must_serve:
            self.less.append(({u: 1.0}, 0.0))
        if spot and work.interruptible_share_cap < 1:
            self.less.append((on_spot, work.interruptible_share_cap * volume))

    def _unserved_caps(self) -> None:
        """What all periods and windows of a workload leave, against a share of what they ask for."""
        for w, work in self.s.workloads.items():
            if work.unserved_share_cap is None:
                continue
            row: dict[Any, float] = {}
            asked = 0.0
            for b, block in self.s.horizon.blocks.items():
                for i, hourly in enumerate(work.demand_units_per_hour.get(b, ())):
                    row["u", w, b, i] = block.weight * block.period_hours
                    asked += block.weight * block.period_hours * hourly * block.demand_factor
            for v, window in work.windows.items():
                block = self.s.horizon.blocks[window.block]
                row["u", w, v] = block.weight
                asked += block.weight * window.volume_units * block.demand_factor
            self.less.append((row, work.unserved_share_cap * asked))

    def _budget(self) -> None:
        budget = self.s.policy.budget
        if budget is None:
            return
        limit = budget.usd * (1.0 if budget.per == "horizon" else self.hours / 8760)
        row = {name: value for name, value in self.cost.items() if name[0] not in ("u", "fullest")}
        self.less.append((row, limit - self.constant))
