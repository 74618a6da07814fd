"""Least cost of a tiny scenario by trying every whole number, in plain Python: no solver at all.

What remains once the whole numbers are chosen is filled from the cheapest offer up, which is exact: one workload that
may be split over several offers, or several workloads at one pool. One block of hourly periods.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from math import ceil, floor, inf
from typing import Any

from hybridplan.domain import Scenario

TINY = 1e-9
Caps = tuple[float, ...]


class TinyWholes:
    """Tries all plans of one scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.s = scenario
        ((self.b, self.block),) = scenario.horizon.blocks.items()
        assert self.block.period_hours == 1.0
        self.periods, self.g = range(self.block.periods), self.block.weight
        self.names = list(scenario.pools)
        self.one_hour = cache(self._one_hour)

    def least(self) -> float | None:
        """USD; None where no plan exists."""
        best = inf
        for supplies in product(*(self.supplies(p).items() for p in self.names)):
            caps = [chosen for chosen, _ in supplies]
            paid = sum(usd for _, usd in supplies)
            if paid < best:
                best = min(best, paid + self.work(caps))
        return None if best == inf else best

    def supplies(self, p: str) -> dict[Caps, float]:
        """Every usable number of accelerators over time that a pool can offer, at its least cost."""
        pool, found = self.s.pools[p], dict[Caps, float]()
        for kept, numbers in self._numbers(p, pool):
            usd = self._supply_usd(pool, kept, numbers)
            caps = tuple((1 - pool.held_back_share) * self._ready(pool, numbers, t) for t in self.periods)
            found[caps] = min(usd, found.get(caps, inf))
        return found

    def up(self, pool: Any, t: int) -> float:
        return float(pool.up_share[self.b][t]) if self.b in pool.up_share else 1.0

    def _numbers(self, p: str, pool: Any) -> Iterator[tuple[float, tuple[float, ...]]]:
        """(kept, provisioned in each hour) of every choice that keeps the rules of the pool."""
        size, node = pool.capacity_accelerators, pool.accelerators_per_node
        multiples = [float(node * k) for k in range(floor(size / node + TINY) + 1)]
        avoidable = pool.purchase_option == "owned" and pool.owned_cost == "avoidable"
        for kept in multiples if avoidable else [size]:
            most = [self.up(pool, t) * kept for t in self.periods]
            if not pool.whole_nodes or (pool.purchase_option == "owned" and not pool.can_power_down):
                yield kept, tuple(most)
                continue
            for numbers in product(*([n for n in multiples if n <= top + TINY] for top in most)):
                if self._keeps_rules(pool, numbers):
                    yield kept, numbers

    def _before(self, pool: Any, numbers: tuple[float, ...], t: int, back: int) -> float:
        initial = pool.initial_provisioned_accelerators
        return float(initial) if t < back and initial is not None else numbers[(t - back) % len(numbers)]

    def _starts(self, pool: Any, numbers: tuple[float, ...]) -> list[float]:
        return [max(numbers[t] - self._before(pool, numbers, t, 1), 0.0) for t in self.periods]

    def _keeps_rules(self, pool: Any, numbers: tuple[float, ...]) -> bool:
        starts = self._starts(pool, numbers)
        up = pool.ramp_up_accelerators_per_hour or inf
        down = pool.ramp_down_accelerators_per_hour or inf
        for t in self.periods:
            past = self._before(pool, numbers, t, 1)
            if numbers[t] - past > up + TINY or past - numbers[t] > down + TINY:
                return False
            if (
                numbers[t]
                < min(pool.min_provisioned_accelerators, self.up(pool, t) * pool.capacity_accelerators) - TINY
            ):
                return False
            since = range(t - ceil(pool.min_on_hours - TINY) + 1, t + 1)
            wraps = pool.initial_provisioned_accelerators is None
            if numbers[t] < sum(starts[k % len(numbers)] for k in since if k >= 0 or wraps) - TINY:
                return False
        return True

    def _ready(self, pool: Any, numbers: tuple[float, ...], t: int) -> float:
        return min(self._before(pool, numbers, t, back) for back in range(ceil(pool.lead_time_hours - TINY) + 1))

    def _supply_usd(self, pool: Any, kept: float, numbers: tuple[float, ...]) -> float:
        if pool.purchase_option == "on_demand" and not pool.whole_nodes:
            return 0.0
        hours, price = self.g * len(numbers), pool.price_usd_per_accelerator_hour
        starts = sum(self._starts(pool, numbers)) if pool.whole_nodes else 0.0
        usd = self.g * pool.start_usd_per_node * starts / pool.accelerators_per_node
        usd += self.g * self.kwh_usd(pool) * pool.idle_kw * sum(numbers)
        return usd + (price * hours * kept if pool.purchase_option == "owned" else self.g * price * sum(numbers))

    def kwh_usd(self, pool: Any) -> float:
        site = self.s.sites[pool.site]
        return 0.0 if pool.price_includes_energy else site.pue * site.electricity_usd_per_kwh

    def assigned_usd(self, p: str) -> float:
        """For one accelerator assigned for one hour, each occurrence counted: what is not in the supply."""
        pool = self.s.pools[p]
        if pool.purchase_option != "on_demand" or pool.whole_nodes:
            return 0.0
        return self.g * pool.price_usd_per_accelerator_hour / (1 - pool.held_back_share)

    def busy_usd(self, p: str) -> float:
        pool = self.s.pools[p]
        return self.g * self.kwh_usd(pool) * (pool.busy_kw - pool.idle_kw)

    def load(self, w: str, p: str) -> float:
        """Most busy per assigned accelerator."""
        work = self.s.workloads[w]
        if work.latency_statistic == "no_queue" or work.latency_objective_ms is None:
            return 1.0
        trip = 0.0 if self.s.pools[p].site == work.origin_site else 5.0
        return float(max(min(work.max_load_share, 1 - 10.0 / (work.latency_objective_ms - trip)), 0.0))

    def offer(self, w: str, p: str, accelerators: float, paid: bool) -> tuple[float, float]:
        """(USD per unit, units) of so many assigned accelerators; ``paid``: the assigned ones are paid already."""
        work, load = self.s.workloads[w], self.load(w, p)
        e = work.throughput["gpu"].units_per_accelerator_hour
        assigned = 0.0 if paid or load <= 0 else self.assigned_usd(p) / load
        usd = (assigned + self.busy_usd(p)) / e + self.g * work.route_cost_usd_per_unit.get(p, 0.0)
        return usd, load * accelerators * e

    def fill(self, w: str, demand: float, offers: list[tuple[float, float]]) -> float:
        """Serves demand from the cheapest offer up; what is dearer than the penalty stays unserved."""
        work, usd = self.s.workloads[w], 0.0
        penalty = inf if work.must_serve else self.g * work.unserved_usd_per_unit
        for price, units in sorted(offers):
            if price < penalty:
                taken = min(units, demand)
                usd, demand = usd + taken * price, demand - taken
        return usd + (demand * penalty if demand > TINY else 0.0)

    def work(self, caps: list[Caps]) -> float:
        """Least cost of all work, given what the pools offer over time."""
        if any(work.windows for work in self.s.workloads.values()):
            return self._job(caps)
        return sum(self.one_hour(t, tuple(cap[t] for cap in caps)) for t in self.periods)

    def _one_hour(self, t: int, caps: Caps) -> float:
        gangs = [w for w, work in self.s.workloads.items() if work.whole_replicas]
        demand = {w: work.demand_units_per_hour[self.b][t] for w, work in self.s.workloads.items()}
        rest = [w for w in self.s.workloads if w not in gangs]
        best = inf
        for chosen in product(*(self._replicas(w, cap) for w in gangs for cap in caps)):
            rows = [chosen[k * len(caps) : (k + 1) * len(caps)] for k in range(len(gangs))]
            left = [cap - sum(row[j] for row in rows) for j, cap in enumerate(caps)]
            if min(left) < -TINY:
                continue
            usd = 0.0
            for w, row in zip(gangs, rows, strict=True):
                usd += sum(self.assigned_usd(p) * a for p, a in zip(self.names, row, strict=True))
                offers = [self.offer(w, p, a, True) for p, a in zip(self.names, row, strict=True)]
                usd += self.fill(w, demand[w], offers)
            best = min(best, usd + self._split(rest, demand, left))
        return best

    def _replicas(self, w: str, cap: float) -> list[float]:
        size = self.s.workloads[w].throughput["gpu"].accelerators_per_replica
        return [float(size * k) for k in range(floor(cap / size + TINY) + 1)]

    def _split(self, rest: list[str], demand: dict[str, float], left: list[float]) -> float:
        """Work that may be split: one workload over all pools, or several at one pool by what an accelerator saves."""
        if len(rest) <= 1:
            return sum(
                self.fill(w, demand[w], [self.offer(w, p, cap, False) for p, cap in zip(self.names, left, strict=True)])
                for w in rest
            )
        ((p, cap),) = zip(self.names, left, strict=True)

        def saved(w: str) -> float:
            price, units = self.offer(w, p, 1.0, False)
            work = self.s.workloads[w]
            return inf if work.must_serve else units * (self.g * work.unserved_usd_per_unit - price)

        usd = 0.0
        for w in sorted(rest, key=saved, reverse=True):
            price, units = self.offer(w, p, 1.0, False)
            mine = min(cap, demand[w] / units if units > 0 else 0.0)
            cap -= mine if saved(w) > 0 else 0.0
            usd += self.fill(w, demand[w], [(price, mine * units)])
        return usd

    def _job(self, caps: list[Caps]) -> float:
        """One deferrable workload: at one site, or anywhere."""
        ((w, work),) = self.s.workloads.items()
        ((_, window),) = work.windows.items()
        inside = [t for t in self.periods if self.block.starts()[t] >= window.start]
        sites = {pool.site for pool in self.s.pools.values()}
        choices = [{site} for site in sites] if work.one_site else [sites]
        limit = work.parallel_limit_accelerators or inf
        best = inf
        for allowed in choices:
            slots = [(j, t) for j, p in enumerate(self.names) if self.s.pools[p].site in allowed for t in inside]
            if not work.whole_replicas:
                offers = [self.offer(w, self.names[j], min(caps[j][t], limit), False) for j, t in slots]
                best = min(best, self.fill(w, window.volume_units, offers))
                continue
            for chosen in product(*(self._replicas(w, caps[j][t]) for j, t in slots)):
                at_once = (sum(a for a, (_, s) in zip(chosen, slots, strict=True) if s == t) for t in inside)
                if max(at_once) <= limit + TINY:
                    usd = sum(self.assigned_usd(self.names[j]) * a for a, (j, _) in zip(chosen, slots, strict=True))
                    offers = [self.offer(w, self.names[j], a, True) for a, (j, _) in zip(chosen, slots, strict=True)]
                    best = min(best, usd + self.fill(w, window.volume_units, offers))
        return best
