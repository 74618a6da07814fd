"""Random scenarios with promises, and their oracle: standby and what it takes as columns of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
from builders import random_document
from feature_documents import random_feature_document
from feature_oracle import FREE, FeatureOracle, elastic


def random_promise_document(seed: int, *, features: bool = True) -> dict[str, Any]:
    """A random scenario in which some rigid work promises a share after some failures; a plan always exists."""
    document = random_feature_document(seed) if features else random_document(seed)
    rng = np.random.default_rng([seed, 23])
    failures: dict[str, Any] = {f"no-{site}": {"kind": "site", "record": site} for site in document["sites"]}
    failures["no-cloud"] = {"kind": "provider", "record": document["sites"]["c0"]["provider"]}
    failures["no-spot"] = {"kind": "spot"}
    document["policy"]["contingencies"] = {key: one for key, one in failures.items() if rng.random() < 0.6}
    for work in document["workloads"].values():
        if "windows" not in work and rng.random() < 0.8:
            work["promised_share"] = float(rng.choice([0.3, 0.8, 1.0]))
    return document


class PromiseOracle(FeatureOracle):
    """The oracle of all features with standby: ("sb", ...) accelerators, of which ("ysb", ...) can be busy."""

    def build(self) -> None:
        """Then one row for each promise, failure and period."""
        super().build()
        for w, work in self.s.workloads.items():
            for f in self.s.policy.contingencies.values():
                if work.promised_share > 0 and work.flexibility == "rigid":
                    for b, i, _ in self.each_period():
                        self._survives(w, work, f, b, i)
        for f in self.s.policy.contingencies.values():
            for b, i, _ in self.each_period():
                self._traffic_after(f, b, i)

    def promised(self, p: str) -> list[str]:
        """Workloads that may have standby in a pool."""
        works = self.s.workloads.items()
        return [w for w, one in works if one.promised_share > 0 and self.rate(w, p) is not None]

    def lost(self, p: str, f: Any) -> bool:
        pool = self.s.pools[p]
        if f.kind == "spot":
            return bool(pool.purchase_option == "interruptible")
        return bool(f.record == (pool.site if f.kind == "site" else self.s.sites[pool.site].provider))

    def _survives(self, w: str, work: Any, f: Any, b: str, i: int) -> None:
        demand = work.demand_units_per_hour[b][i] * self.s.horizon.blocks[b].demand_factor
        row = [(-work.promised_share, ("u", w, b, i))]
        for p in self.s.pools:
            if (e := self.rate(w, p)) is not None and not self.lost(p, f):
                row += [(-e, ("y", w, p, b, i)), (-e, ("ysb", w, p, b, i))]
        self.at_most(row, -work.promised_share * demand)

    def _traffic_after(self, f: Any, b: str, i: int) -> None:
        for link in self.s.links.values():
            if link.gbps is None:
                continue
            row: list[tuple[float, Any]] = []
            for w, work in self.s.workloads.items():
                mine = [p for p in self.s.pools if self.rate(w, p) is not None]
                called = any(self.lost(p, f) for p in mine)
                for p in mine if work.promised_share > 0 else []:
                    ends = (work.origin_site, self.s.pools[p].site)
                    gb = work.ingress_gb_per_unit if ends == (link.from_site, link.to_site) else 0.0
                    gb += work.egress_gb_per_unit if ends == (link.to_site, link.from_site) else 0.0
                    if gb and not self.lost(p, f):
                        e = self.rate(w, p) or 0.0
                        row.append((gb * e, ("y", w, p, b, i)))
                        row += [(gb * e, ("ysb", w, p, b, i))] if called else []
            if row:
                self.at_most(row, 450 * link.gbps)

    def _supply(self, p: str, pool: Any, b: str, block: Any, i: int, load: list[tuple[float, Any]]) -> None:
        standby = [("sb", w, p, b, i) for w in self.promised(p)]
        for w in self.promised(p):
            self.at_most([(1.0, ("ysb", w, p, b, i)), (-self.limit_of(w, p), ("sb", w, p, b, i))], 0.0)
        super()._supply(p, pool, b, block, i, [*load, *((1.0, name) for name in standby)])
        if elastic(pool):
            for back in range(self.lead(pool, block) + 1):
                room = (-(1 - pool.held_back_share), self.before(p, b, i, back))
                self.at_most([*load, *((1.0, name) for name in standby), room], 0.0)

    def lead(self, pool: Any, block: Any) -> int:
        """Periods that a lead time covers."""
        return int(np.ceil(pool.lead_time_hours / block.period_hours - 1e-9))

    def _carbon_cap(self) -> None:
        """Standby in rented pools is idle, and emits."""
        cap, before = self.s.policy.carbon_cap, len(self.less)
        super()._carbon_cap()
        if cap is None:
            return
        assert len(self.less) == before + 1
        row, _ = self.less[-1]
        for p, pool in self.s.pools.items():
            site = self.s.sites[pool.site]
            if pool.purchase_option == "owned" or elastic(pool):
                continue
            for b, i, gh in self.each_period():
                grams = gh * site.pue * (site.grid_carbon_g_per_kwh or 0.0) * pool.idle_kw / (1 - pool.held_back_share)
                for w in self.promised(p):
                    row["sb", w, p, b, i] = grams / 1000.0


__all__ = ["FREE", "PromiseOracle", "random_promise_document"]
