"""The greedy run: every workload in its turn takes what its rule allows and its pools still have."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from hybridplan.analysis.baselines.routes import Taken, take, target_load
from hybridplan.model.data import Data
from hybridplan.model.periods import Array, WindowRow

Rule = Callable[[str], int | None]
"""From a pool's purchase option to its rank (lower first), or None where the rule does not use it."""
_ROUNDING = 1e-12


class Greedy:
    """State of one greedy run: what is left of every pool and link in every period."""

    def __init__(self, data: Data, rule: Rule) -> None:
        self.data = data
        self.busy = np.zeros((len(data.routes), len(data.periods)))
        self.assigned = np.zeros_like(self.busy)
        self.effective = np.zeros_like(self.busy)
        self.free = _usable(data)
        self.link_free = np.repeat(data.traffic.limit_gb_per_hour[:, None], len(data.periods), axis=1)
        datasets = data.datasets
        self.link_free -= datasets.sent_gb_per_hour(data.traffic.limited, datasets.cheapest_ways)
        self.closed = datasets.closed.copy()
        # A rule makes no copy, so what needs one stays away.
        self.closed[[k for k, _ in datasets.needs]] = True
        self.link_use = _links_by_route(data)
        self.unserved = data.demand.copy()
        self.unserved_window = np.array([row.volume_units for row in data.windows])
        self.load = [target_load(data, k) for k in range(len(data.routes))]
        self.order = {w: self._routes(w, rule) for w in data.scenario.workloads}

    def run(self) -> None:
        """Serve every workload in its turn.

        Workloads keep one order in all periods and what one takes depends on those before it alone, so going
        workload by workload over all periods equals going period by period.
        """
        for work_id in self._workloads():
            if work_id in self.data.rigid:
                self._serve_rigid(work_id)
            else:
                self._serve_windows(work_id)

    def _workloads(self) -> list[str]:
        works, scale = self.data.scenario.workloads, self.data.unit_scale

        def turn(work_id: str) -> tuple[bool, float, bool, str]:
            work = works[work_id]
            value = work.unserved_usd_per_unit * scale[work_id]
            # Among equals, work that cannot wait goes first.
            return (not work.must_serve, -value, work.flexibility == "deferrable", work_id)

        found: list[str] = []
        for work_id in sorted(works, key=turn):
            chain, step = list[str](), work_id
            while step and step not in found and step not in chain:
                chain.append(step)
                step = works[step].after or ""
            found += reversed(chain)
        return found

    def _routes(self, work_id: str, rule: Rule) -> list[int]:
        cost = unit_cost_usd(self.data)
        pools = self.data.scenario.pools
        ranked = [
            (rank, cost[k], route.pool, k)
            for k, route in enumerate(self.data.routes)
            if route.workload == work_id and (rank := rule(pools[route.pool].purchase_option)) is not None
        ]
        return [k for *_, k in sorted(ranked)]

    def _take(self, k: int, span: slice, want: Array, parallel: float = np.inf) -> Taken:
        """Let route k serve up to ``want`` effective accelerators in ``span``, and count what that uses."""
        want = np.where(self.closed[k, span], 0.0, want)
        for link, per_hour in self.link_use[k]:
            want = np.minimum(want, np.maximum(self.link_free[link, span], 0.0) / per_hour)
        room = np.minimum(np.maximum(self.free[self.data.route_pool[k], span], 0.0), parallel)
        taken = take(self.data, k, room, np.maximum(want, 0.0), self.load[k])
        self.effective[k, span] += taken.effective
        self.busy[k, span] += taken.busy
        self.assigned[k, span] += taken.assigned
        self.free[self.data.route_pool[k], span] -= taken.assigned
        for link, per_hour in self.link_use[k]:
            self.link_free[link, span] -= taken.effective * per_hour
        return taken

    def _serve_rigid(self, work_id: str) -> None:
        w, whole = self.data.rigid.index(work_id), slice(0, len(self.data.periods))
        cap = self.data.scenario.workloads[work_id].interruptible_share_cap
        spot_left = cap * self.data.demand[w]
        for k in self.order[work_id]:
            rate, spot = self.data.productivity[k], self.data.route_interruptible[k]
            want = np.minimum(self.unserved[w], spot_left) if spot else self.unserved[w]
            units = self._take(k, whole, want / rate).effective * rate
            self.unserved[w] = np.maximum(self.unserved[w] - units, 0.0)
            spot_left = spot_left - units if spot else spot_left
        self.unserved[w][self.unserved[w] < _ROUNDING * self.data.demand[w]] = 0.0

    def _serve_windows(self, work_id: str) -> None:
        work = self.data.scenario.workloads[work_id]
        for v, row in enumerate(self.data.windows):
            if row.workload != work_id:
                continue
            left, spot_left = row.volume_units, work.interruptible_share_cap * row.volume_units
            routes = self._of_one_site(self.order[work_id], row) if work.one_site else self.order[work_id]
            for t in row.periods:
                ready = min(left, self._ready_units(work_id, row, t))
                done, on_spot = self._serve_period(routes, t, ready, spot_left, work.parallel_limit_accelerators)
                left, spot_left = max(left - done, 0.0), spot_left - on_spot
            self.unserved_window[v] = left if left > _ROUNDING * row.volume_units else 0.0

    def _of_one_site(self, routes: list[int], row: WindowRow) -> list[int]:
        """The routes of the first site, in the rule's order, with room for the whole window; else of the roomiest."""
        pools, span = self.data.scenario.pools, slice(row.periods.start, row.periods.stop)
        by_site: dict[str, list[int]] = {}
        for k in routes:
            by_site.setdefault(pools[self.data.routes[k].pool].site, []).append(k)
        room = {site: sum(self._room_units(k, span) for k in mine) for site, mine in by_site.items()}
        enough = [site for site in by_site if room[site] >= row.volume_units]
        best = enough[0] if enough else max(by_site, key=lambda site: room[site], default="")
        return by_site.get(best, [])

    def _room_units(self, k: int, span: slice) -> float:
        """Units that route k could do in ``span`` with all that its pool has left."""
        room = np.maximum(self.free[self.data.route_pool[k], span], 0.0)
        want = np.where(self.closed[k, span], 0.0, np.inf)
        most = take(self.data, k, room, want, self.load[k]).effective
        return float(np.sum(most * self.data.productivity[k] * self.data.periods.hours[span]))

    def _ready_units(self, work_id: str, row: WindowRow, t: int) -> float:
        """Units that may be done in period t: as far as the workload before it had got by the period before."""
        work = self.data.scenario.workloads[work_id]
        if work.after is None:
            return float("inf")
        first = self.data.periods.first[self.data.periods.block[t]]
        ahead = self._units(work.after, slice(first, t)) / work.after_units_per_unit
        return max(ahead - self._units(work_id, slice(first, t)), 0.0)

    def _units(self, work_id: str, span: slice) -> float:
        mine = [k for k, route in enumerate(self.data.routes) if route.workload == work_id]
        per_hour = self.data.productivity[mine][:, None] * self.effective[mine, span]
        return float(np.sum(per_hour * self.data.periods.hours[span]))

    def _serve_period(
        self, routes: list[int], t: int, left: float, spot_left: float, parallel: float | None
    ) -> tuple[float, float]:
        """Units done in period t, in all and on interruptible pools."""
        span, hours = slice(t, t + 1), self.data.periods.hours[t]
        room, done, on_spot = np.inf if parallel is None else parallel, 0.0, 0.0
        for k in routes:
            spot = bool(self.data.route_interruptible[k])
            per_hour = self.data.productivity[k] * hours
            want = min(left - done, spot_left - on_spot) if spot else left - done
            taken = self._take(k, span, np.array([max(want, 0.0) / per_hour]), room)
            units = float(taken.effective[0]) * per_hour
            room -= float(taken.assigned[0])
            done, on_spot = done + units, on_spot + (units if spot else 0.0)
        return done, on_spot


def _usable(data: Data) -> Array:
    """Accelerators that each pool can lend, with what must be bought; whole nodes where it counts them; (P, T)."""
    made = data.provisioning
    node = np.where(made.whole, made.node, 0.0)[:, None]
    must = data.offers.by_pool(data.offers.least, len(data.pools)) * data.standing.maintained
    most = data.capacity[:, None] * data.up_share + must
    whole = np.floor(most / np.where(node > 0, node, 1.0) + 1e-9) * node
    usable: Array = np.where(node > 0, whole, most) * data.usable_share[:, None]
    return usable


def _links_by_route(data: Data) -> list[list[tuple[int, float]]]:
    """Limited links of each route, with the GB that one accelerator's work sends over them in an hour."""
    use = data.traffic.limited_gb_per_busy_hour.tocsc()
    ends = use.indptr
    return [
        list(zip(use.indices[ends[k] : ends[k + 1]].tolist(), use.data[ends[k] : ends[k + 1]].tolist(), strict=True))
        for k in range(len(data.routes))
    ]


def unit_cost_usd(data: Data) -> Array:
    """Usage + energy + transfer + results + route cost per work unit of every route, before block factors; (K,)."""
    rented = data.option("on_demand", "interruptible")
    usage = np.where(rented, data.price / data.usable_share, 0.0)
    energy = data.busy_kw * (data.energy_usd_per_kwh + data.carbon_usd_per_kwh)
    per_hour = (usage + energy)[data.route_pool]
    data_usd = data.traffic.usd_per_unit + data.traffic.result_usd_per_unit
    cost: Array = per_hour / data.productivity + data_usd + data.route_usd_per_unit
    return cost
