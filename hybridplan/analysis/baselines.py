"""Baselines: greedy rules evaluated beside the plan, never optimised.

Periods in order; workloads that must be served first, then by unserved price x mean productivity; pools by the rule,
then by usage + energy + transfer + route cost per work unit; deferrable work as early as it fits; all within routes,
capacity, links, parallel limits and shares on interruptible pools. Budgets are not steered by, only reported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from hybridplan.audit import audit
from hybridplan.domain import Scenario
from hybridplan.model.data import Data
from hybridplan.model.periods import Array
from hybridplan.model.values import Values, tables
from hybridplan.plan import Baseline, Plan

Rule = Callable[[str], int | None]
"""From a pool's purchase option to its rank (lower first), or None where the rule does not use it."""

RULES: Final[dict[str, Rule]] = {
    "all_on_demand": {"on_demand": 0}.get,
    "private_first": {"owned": 0, "reserved": 0, "on_demand": 1, "interruptible": 1}.get,
}


PAID_TO_OTHERS: Final = ("usage", "commitment", "transfer")
_SAME: Final = 1e-6


def baselines(scenario: Scenario, plan: Plan | None = None) -> dict[str, Baseline]:
    """Every baseline of RULES with its audited money, unserved demand and the limits it breaks.

    With ``owned_first``, ``plan`` tells the least that must be paid to others: a rule that pays more breaks the policy.
    """
    data = Data(scenario)
    found = {name: _evaluate(data, rule) for name, rule in RULES.items()}
    if plan is None or not scenario.policy.owned_first:
        return found
    least = _to_others_usd(plan)
    return {name: _owned_first(baseline, least) for name, baseline in found.items()}


def _to_others_usd(answer: Plan | Baseline) -> float:
    """Unserved penalty + what is paid to others: what ``owned_first`` makes least."""
    paid = sum(answer.cost_usd.get(term, 0.0) for term in PAID_TO_OTHERS)
    return paid + answer.penalty_usd.get("unserved", 0.0)


def _owned_first(baseline: Baseline, least_usd: float) -> Baseline:
    more = _to_others_usd(baseline) - least_usd
    if more <= _SAME * max(abs(least_usd), 1.0):
        return baseline
    text = f"owned_first, policy: more is paid to others than must be; off by {more:.6g} USD"
    return replace(baseline, breaks=(*baseline.breaks, text))


def _evaluate(data: Data, rule: Rule) -> Baseline:
    greedy = _Greedy(data, rule)
    greedy.run()
    options = [data.scenario.pools[p].purchase_option for p in data.pools]
    used = np.array([rule(option) is not None for option in options], dtype=bool)
    # What is avoidable and not used by the rule is not kept; sunk capacity is paid for all the same.
    kept = np.where(data.avoidable & ~used, 0.0, data.capacity)
    result = tables(data, Values(greedy.busy, greedy.busy, greedy.busy, greedy.unserved, greedy.unserved_window, kept))
    report = audit(data.scenario, result)
    return Baseline(
        objective_usd=report.objective_usd,
        cost_usd=report.cost_usd,
        penalty_usd=report.penalty_usd,
        unserved=report.unserved,
        breaks=report.failures,
        tables=result,
    )


class _Greedy:
    """State of one greedy run: what is left of every pool and link in every period."""

    def __init__(self, data: Data, rule: Rule) -> None:
        self.data = data
        self.busy = np.zeros((len(data.routes), len(data.periods)))
        self.free = (data.capacity * data.usable_share)[:, None] * data.up_share
        self.link_free = np.repeat(data.link_gb_per_hour[:, None], len(data.periods), axis=1)
        self.link_use = _links_by_route(data)
        self.unserved = data.demand.copy()
        self.unserved_window = np.array([row.volume_units for row in data.windows])
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

        return sorted(works, key=turn)

    def _routes(self, work_id: str, rule: Rule) -> list[int]:
        cost = unit_cost_usd(self.data)
        pools = self.data.scenario.pools
        ranked = [
            (rank, cost[k], route.pool, k)
            for k, route in enumerate(self.data.routes)
            if route.workload == work_id and (rank := rule(pools[route.pool].purchase_option)) is not None
        ]
        return [k for *_, k in sorted(ranked)]

    def _room(self, k: int, span: slice) -> Array:
        """Accelerators that route k may still take in the periods of ``span``."""
        room: Array = self.free[self.data.route_pool[k], span].copy()
        for link, per_hour in self.link_use[k]:
            room = np.minimum(room, self.link_free[link, span] / per_hour)
        return np.maximum(room, 0.0)

    def _take(self, k: int, span: slice, amount: Array) -> None:
        self.busy[k, span] += amount
        self.free[self.data.route_pool[k], span] -= amount
        for link, per_hour in self.link_use[k]:
            self.link_free[link, span] -= amount * per_hour

    def _serve_rigid(self, work_id: str) -> None:
        w, whole = self.data.rigid.index(work_id), slice(0, len(self.data.periods))
        cap = self.data.scenario.workloads[work_id].interruptible_share_cap
        spot_left = cap * self.data.demand[w]
        for k in self.order[work_id]:
            rate = self.data.productivity[k]
            want = self.unserved[w].copy()
            if self.data.route_interruptible[k]:
                want = np.minimum(want, spot_left)
            amount = np.minimum(self._room(k, whole), want / rate)
            self._take(k, whole, amount)
            self.unserved[w] = np.maximum(self.unserved[w] - amount * rate, 0.0)
            if self.data.route_interruptible[k]:
                spot_left = spot_left - amount * rate
        self.unserved[w][self.unserved[w] < 1e-12 * self.data.demand[w]] = 0.0

    def _serve_windows(self, work_id: str) -> None:
        work = self.data.scenario.workloads[work_id]
        parallel = work.parallel_limit_accelerators or np.inf
        for v, row in enumerate(self.data.windows):
            if row.workload != work_id:
                continue
            left, spot_left = row.volume_units, work.interruptible_share_cap * row.volume_units
            for t in row.periods:
                left, spot_left = self._serve_period(work_id, t, left, spot_left, parallel)
            self.unserved_window[v] = left if left > 1e-12 * row.volume_units else 0.0

    def _serve_period(
        self, work_id: str, t: int, left: float, spot_left: float, parallel: float
    ) -> tuple[float, float]:
        span, hours = slice(t, t + 1), self.data.periods.hours[t]
        for k in self.order[work_id]:
            spot = bool(self.data.route_interruptible[k])
            per_hour = self.data.productivity[k] * hours
            want = min(left, spot_left) if spot else left
            amount = min(float(self._room(k, span)[0]), want / per_hour, parallel)
            if amount <= 0:
                continue
            self._take(k, span, np.array([amount]))
            parallel -= amount
            left = max(left - amount * per_hour, 0.0)
            spot_left = spot_left - amount * per_hour if spot else spot_left
        return left, spot_left


def _links_by_route(data: Data) -> list[list[tuple[int, float]]]:
    """Limited links of each route, with the GB that one busy accelerator sends over them in an hour."""
    use = data.link_gb_per_busy_hour.tocsc()
    ends = use.indptr
    return [
        list(zip(use.indices[ends[k] : ends[k + 1]].tolist(), use.data[ends[k] : ends[k + 1]].tolist(), strict=True))
        for k in range(len(data.routes))
    ]


def unit_cost_usd(data: Data) -> Array:
    """Usage + energy + transfer + route cost per work unit of every route, before block factors; (K,)."""
    rented = data.option("on_demand", "interruptible")
    usage = np.where(rented, data.price / data.usable_share, 0.0)
    energy = data.busy_kw * (data.energy_usd_per_kwh + data.carbon_usd_per_kwh)
    per_hour = (usage + energy)[data.route_pool]
    cost: Array = per_hour / data.productivity + data.transfer_usd_per_unit + data.route_usd_per_unit
    return cost
