"""The oracle with queues, elastic pools, whole things and jobs, in the style of oracle.py.

Curved terms are left out here: cutting_planes.py adds them, line by line.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import ceil
from typing import Any

from oracle import Oracle

from hybridplan.domain import Scenario
from hybridplan.domain.queue_factors import FACTORS, LOADS

FREE = ("on_demand", "interruptible")


def service_ms(work: Any, through: Any, pool: Any) -> float:
    """Time of one request, or of its first or last token, with no queue and no network."""
    if work.latency_point == "request":
        return float(through.service_ms / pool.efficiency)
    first = 1000 * work.prompt_tokens / (through.prefill_tokens_per_second * pool.efficiency)
    if work.latency_point == "first_token":
        return float(first)
    return float(first + 1000 * work.output_tokens / (through.decode_tokens_per_second * pool.efficiency))


def slowdown(statistic: str, load: float, step: int) -> float:
    """Statistic over service time at a load between LOADS[step] and LOADS[step + 1]: two upper bounds, the smaller."""
    if statistic == "mean":
        return 1 / (1 - load)
    low, high = FACTORS[statistic][step : step + 2]
    return min(max(low, high) / (1 - load), high / (1 - LOADS[step + 1]))


def load_within(statistic: str, stretch: float, most: float) -> float | None:
    """Largest load whose slowdown is within ``stretch``: halving each step of the table; None where there is none."""
    found = None
    for step in range(len(LOADS) - 1):
        low, high = LOADS[step], min(LOADS[step + 1], most)
        if low >= high or slowdown(statistic, low + 1e-15, step) > stretch * (1 + 1e-12):
            continue
        if slowdown(statistic, high, step) <= stretch * (1 + 1e-12):
            found = high
            continue
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if slowdown(statistic, middle, step) <= stretch else (low, middle)
        found = low
    return found


def queued(work: Any) -> bool:
    """Whether accelerators are assigned beyond the load."""
    curved = work.congestion_usd_per_unit_second > 0 or work.mean_latency_cap_ms is not None
    limited = work.latency_statistic != "no_queue" and work.latency_objective_ms is not None
    return work.flexibility == "rigid" and (curved or limited)


def elastic(pool: Any) -> bool:
    """Whether the number provisioned is a decision of its own."""
    if pool.purchase_option == "owned" and not pool.can_power_down:
        return False
    return bool(
        pool.purchase_option == "owned"
        or pool.ramp_up_accelerators_per_hour
        or pool.ramp_down_accelerators_per_hour
        or pool.lead_time_hours > 0
        or pool.min_provisioned_accelerators > 0
        or pool.min_busy_share > 0
        or pool.min_on_hours > 0
        or pool.start_usd_per_node > 0
        or pool.whole_nodes
    )


def points(work: Any, pool: Any) -> list[tuple[float, float]]:
    """(accelerators, what they do) on this pool, from (0, 0); empty: no loss."""
    for kind in (pool.interconnect, None):
        mine = [s for s in work.scaling.values() if s.interconnect == kind]
        if mine:
            mine.sort(key=lambda s: s.accelerators)
            return [(0.0, 0.0), *((s.accelerators, s.accelerators * s.efficiency_share) for s in mine)]
    return []


class FeatureOracle(Oracle):
    """All linear rules and terms, and whole things as integer columns."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario)
        self.first = min(scenario.horizon.blocks, key=lambda b: scenario.horizon.blocks[b].start)

    def build(self) -> None:
        """The rows of the simple oracle, with other rows per period, and then those that join periods."""
        super().build()
        for p, pool in self.s.pools.items():
            if elastic(pool):
                for b, block in self.s.horizon.blocks.items():
                    for i in range(block.periods):
                        self._over_time(p, pool, b, block, i)
        for w, work in self.s.workloads.items():
            if work.after is not None:
                self._after(w, work)
            if work.one_site:
                for v, window in work.windows.items():
                    self._one_site(w, v, window)
        self._carbon_cap()
        self._provider_cap()
        self._wholes()

    def at_most(self, terms: list[tuple[float, Any]], right: float) -> None:
        """One row; what is known already (a float in place of a column) moves to the right."""
        row: dict[Any, float] = {}
        for coefficient, what in terms:
            if isinstance(what, float):
                right -= coefficient * what
            else:
                row[what] = row.get(what, 0.0) + coefficient
        self.less.append((row, right))

    def load_limit(self, work: Any, through: Any, pool: Any, trip: float) -> float | None:
        """c_k; 1 where no queue is modelled."""
        s, objective = service_ms(work, through, pool), work.latency_objective_ms
        if work.latency_statistic == "no_queue" or not queued(work):
            late = objective is not None and trip + s > objective * (1 + 1e-9)
            return None if late else float(work.max_load_share) if queued(work) else 1.0
        if objective is None:
            return float(work.max_load_share)
        if objective <= trip:
            return None
        limit = load_within(work.latency_statistic, (objective - trip) / s, work.max_load_share)
        return None if limit is None or limit < 1e-6 else float(limit)

    def trip(self, w: str, p: str) -> float:
        """Round trip of a route in ms."""
        here, there = self.s.workloads[w].origin_site, self.s.pools[p].site
        if here == there:
            return 0.0
        return next(x.round_trip_ms for x in self.s.links.values() if (x.from_site, x.to_site) == (here, there))

    def limit_of(self, w: str, p: str) -> float:
        """c_k of a route that exists."""
        work = self.s.workloads[w]
        found = self.load_limit(work, work.throughput[self.s.pools[p].sku], self.s.pools[p], self.trip(w, p))
        assert found is not None
        return found

    def assigned(self, w: str, p: str, b: str, i: int) -> Any:
        """a, where it is not y."""
        work = self.s.workloads[w]
        return ("a" if queued(work) or work.whole_replicas else "y", w, p, b, i)

    def did(self, w: str, p: str, b: str, i: int) -> Any:
        """x, where more accelerators gain less."""
        scaled = bool(points(self.s.workloads[w], self.s.pools[p]))
        return ("x" if scaled else "y", w, p, b, i)

    def size(self, p: str) -> float:
        """Nameplate: installed, quota or committed."""
        if self.s.pools[p].purchase_option == "reserved":
            return sum(c.accelerators for c in self.s.commitments.values() if c.pool == p)
        return float(self.s.pools[p].capacity_accelerators)

    def up(self, p: str, b: str, i: int) -> float:
        """Share of a pool that is up."""
        shares = self.s.pools[p].up_share
        return float(shares[b][i]) if b in shares else 1.0

    def _kwh_usd(self, pool: Any) -> float:
        site = self.s.sites[pool.site]
        usd = site.pue * self.s.policy.carbon_usd_per_tonne * (site.grid_carbon_g_per_kwh or 0.0) / 1e6
        if not pool.price_includes_energy:
            own = pool.electricity_usd_per_kwh
            usd += site.pue * (site.electricity_usd_per_kwh if own is None else own)
        return float(usd)

    def _period(self, b: str, block: Any, i: int) -> None:
        gh = block.weight * block.period_hours
        traffic: dict[tuple[str, str], dict[Any, float]] = {(x.from_site, x.to_site): {} for x in self.s.links.values()}
        for p, pool in self.s.pools.items():
            load: list[tuple[float, Any]] = []
            for w in self.s.workloads:
                if (e := self.rate(w, p)) is not None:
                    self._route(w, p, e, b, i, gh, traffic)
                    load.append((1.0, self.assigned(w, p, b, i)))
            self._supply(p, pool, b, block, i, load)
        for link in self.s.links.values():
            row = traffic[link.from_site, link.to_site]
            if row and link.gbps is not None:
                self.less.append((row, 450 * link.gbps))
        if (balance := self.s.policy.balance) is not None and balance.form == "largest":
            self.cost["fullest", b, i] = gh * balance.weight_usd_per_hour
            for p, pool in self.s.pools.items():
                if pool.purchase_option in ("owned", "reserved") and self.size(p) > 0:
                    busy = [(1 / self.size(p), ("y", w, p, b, i)) for w in self.s.workloads if self.rate(w, p)]
                    self.at_most([*busy, (-1.0, ("fullest", b, i))], 0.0)

    def _route(self, w: str, p: str, e: float, b: str, i: int, gh: float, traffic: Any) -> None:
        work, pool = self.s.workloads[w], self.s.pools[p]
        y, x, a = ("y", w, p, b, i), self.did(w, p, b, i), self.assigned(w, p, b, i)
        self.cost[y] += gh * self._kwh_usd(pool) * (pool.busy_kw - pool.idle_kw)
        self.cost[x] += gh * e * work.route_cost_usd_per_unit.get(p, 0.0)
        self._traffic(w, pool.site, e, x, gh, traffic)
        if a != y:
            self.at_most([(1.0, y), (-self.limit_of(w, p), a)], 0.0)
        if x != y:
            curve = points(work, pool)
            for (a0, o0), (a1, o1) in pairwise(curve):
                slope = (o1 - o0) / (a1 - a0)
                self.at_most([(1.0, x), (-slope, y)], o0 - slope * a0)
            self.at_most([(1.0, y)], curve[-1][0])

    def _supply(self, p: str, pool: Any, b: str, block: Any, i: int, load: list[tuple[float, Any]]) -> None:
        """What is provisioned in one period, and what it costs."""
        gh, usable, most = block.weight * block.period_hours, 1 - pool.held_back_share, self.up(p, b, i) * self.size(p)
        hourly = gh * self._kwh_usd(pool) * pool.idle_kw
        if pool.purchase_option in FREE:
            hourly += gh * self.price(pool) * block.price_factor
        kept = pool.purchase_option == "owned" and pool.owned_cost == "avoidable"
        if elastic(pool):
            n = ("n", p, b, i)
            self.cost[n] += hourly
            self.at_most([(1.0, n), (-self.up(p, b, i), ("keep", p))] if kept else [(1.0, n)], 0.0 if kept else most)
        elif pool.purchase_option != "owned":
            for _, a in load:
                self.cost[a] += hourly / usable
            self.at_most(load, usable * most)
        elif kept:
            self.cost["keep", p] += hourly * self.up(p, b, i)
            self.at_most([*load, (-usable * self.up(p, b, i), ("keep", p))], 0.0)
        else:
            self.constant += hourly * most
            self.at_most(load, usable * most)

    def before(self, p: str, b: str, i: int, back: int) -> Any:
        """What is provisioned ``back`` periods earlier: a column, or the number from before the horizon."""
        initial = self.s.pools[p].initial_provisioned_accelerators
        if back > i and initial is not None and b == self.first:
            return float(initial)
        return ("n", p, b, (i - back) % self.s.horizon.blocks[b].periods)

    def _over_time(self, p: str, pool: Any, b: str, block: Any, i: int) -> None:
        n, h, past = ("n", p, b, i), block.period_hours, self.before(p, b, i, 1)
        mine = [w for w in self.s.workloads if self.rate(w, p) is not None]
        load = [(1.0, self.assigned(w, p, b, i)) for w in mine]
        for back in range(ceil(pool.lead_time_hours / h - 1e-9) + 1):
            self.at_most([*load, (-(1 - pool.held_back_share), self.before(p, b, i, back))], 0.0)
        if pool.ramp_up_accelerators_per_hour is not None:
            self.at_most([(1.0, n), (-1.0, past)], pool.ramp_up_accelerators_per_hour * h)
        if pool.ramp_down_accelerators_per_hour is not None:
            self.at_most([(1.0, past), (-1.0, n)], pool.ramp_down_accelerators_per_hour * h)
        least = min(pool.min_provisioned_accelerators, self.up(p, b, i) * self.size(p))
        self.at_most([(-1.0, n)], -least)
        self.at_most([(pool.min_busy_share, n), *((-1.0, ("y", w, p, b, i)) for w in mine)], 0.0)
        self.at_most([(1.0, n), (-1.0, past), (-1.0, ("start", p, b, i))], 0.0)
        self.cost["start", p, b, i] += block.weight * pool.start_usd_per_node / pool.accelerators_per_node
        kept_on: list[tuple[float, Any]] = [(-1.0, n)]
        for back in range(ceil(pool.min_on_hours / h - 1e-9)):
            if not isinstance(self.before(p, b, i, back), float):
                kept_on.append((1.0, ("start", p, b, (i - back) % block.periods)))
        self.at_most(kept_on, 0.0)

    def _after(self, w: str, work: Any) -> None:
        """Follower through t, times what one unit of it needs, within what was done through t - 1."""

        def units(who: str, b: str, h: float, through: int, sign: float) -> list[tuple[float, Any]]:
            rates = [(p, e) for p in self.s.pools if (e := self.rate(who, p)) is not None]
            return [(sign * h * e, self.did(who, p, b, i)) for p, e in rates for i in range(through)]

        for b, block in self.s.horizon.blocks.items():
            for i in range(block.periods):
                own = units(w, b, block.period_hours, i + 1, work.after_units_per_unit)
                self.at_most([*own, *units(work.after, b, block.period_hours, i, -1.0)], 0.0)

    def _one_site(self, w: str, v: str, window: Any) -> None:
        block = self.s.horizon.blocks[window.block]
        sites = {self.s.pools[p].site for p in self.s.pools if self.rate(w, p) is not None}
        self.at_most([(1.0, ("whole", "site", w, v, site)) for site in sorted(sites)], 1.0)
        for p, pool in self.s.pools.items():
            for i in range(block.periods):
                if self.rate(w, p) is not None and self._inside(window, window.block, block, i):
                    here = ("whole", "site", w, v, pool.site)
                    self.at_most([(1.0, ("y", w, p, window.block, i)), (-self.size(p), here)], 0.0)

    def each_period(self) -> Iterator[tuple[str, int, float]]:
        """Block, period, and its weight x hours."""
        for b, block in self.s.horizon.blocks.items():
            for i in range(block.periods):
                yield b, i, block.weight * block.period_hours

    def _carbon_cap(self) -> None:
        """Grams of every pool, hour by hour, from what is on and what is busy."""
        cap = self.s.policy.carbon_cap
        if cap is None:
            return
        terms: list[tuple[float, Any]] = []
        for p, pool in self.s.pools.items():
            site = self.s.sites[pool.site]
            per_kwh = site.pue * (site.grid_carbon_g_per_kwh or 0.0)
            mine = [w for w in self.s.workloads if self.rate(w, p) is not None]
            for b, i, gh in self.each_period():
                grams = gh * per_kwh * pool.idle_kw
                more = gh * per_kwh * (pool.busy_kw - pool.idle_kw)
                terms += [(more, ("y", w, p, b, i)) for w in mine]
                if elastic(pool):
                    terms.append((grams, ("n", p, b, i)))
                elif pool.purchase_option != "owned":
                    terms += [(grams / (1 - pool.held_back_share), self.assigned(w, p, b, i)) for w in mine]
                elif pool.owned_cost == "avoidable":
                    terms.append((grams * self.up(p, b, i), ("keep", p)))
                else:
                    terms.append((grams * self.up(p, b, i), float(self.size(p))))
        share = self.hours / 8760 if cap.per == "year" else 1.0
        self.at_most([(coefficient / 1000.0, what) for coefficient, what in terms], 1000.0 * cap.tonnes * share)

    def _provider_cap(self) -> None:
        """Hours rented from one provider, less the share of all hours."""
        cap = self.s.policy.provider_share_cap
        if cap is None:
            return
        busy = [
            (gh, w, p, b, i)
            for b, i, gh in self.each_period()
            for p in self.s.pools
            for w in self.s.workloads
            if self.rate(w, p) is not None
        ]
        for provider in {site.provider for site in self.s.sites.values()}:
            away = {
                p
                for p, pool in self.s.pools.items()
                if pool.purchase_option != "owned"
                and self.s.sites[pool.site].kind != "private"
                and self.s.sites[pool.site].provider == provider
            }
            if away:
                row = [(gh * ((1.0 if p in away else 0.0) - cap), ("y", w, p, b, i)) for gh, w, p, b, i in busy]
                self.at_most(row, 0.0)

    def _wholes(self) -> None:
        """Column = multiple x integer column."""
        names = list(dict.fromkeys(self._all_names()))
        for name in names:
            if name[0] in ("n", "keep") and self.s.pools[name[1]].whole_nodes:
                size = self.s.pools[name[1]].accelerators_per_node
            elif name[0] == "a" and self.s.workloads[name[1]].whole_replicas:
                through = self.s.workloads[name[1]].throughput[self.s.pools[name[2]].sku]
                size = through.accelerators_per_replica
            else:
                continue
            self.equal.append(({name: 1.0, ("whole", name): -float(size)}, 0.0))
