"""Curved terms by an independent way: straight lines through the point found, again and again, until nothing is left.

Every curve here is convex, so a line through one of its points never lies above it: each round's optimum is a lower
bound on the exact one, and it rises until the lines touch the curves at the point found.
"""

from __future__ import annotations

from typing import Any

from feature_oracle import FeatureOracle, service_ms

ROUNDS = 200
Row = dict[Any, float]


class CuttingPlanes(FeatureOracle):
    """The linear oracle with prices and caps on mean latency, and squared balance."""

    tolerance = 1e-9

    def curved_objective(self, close: float = 1e-7) -> float | None:
        """Least cost; None where no plan exists. ``close``: what the lines may still lack of the curves, relative."""
        self.build()
        self.caps: list[Row] = []
        self._columns()
        for _ in range(ROUNDS):
            lower = self.least()
            if lower is None:
                return None
            curves: Row = {}
            missing = 0.0
            for z in [name for name in self.cost if name[0] in ("q", "squared")]:
                curves[z], row = self._queue_line(z) if z[0] == "q" else self._squared_line(z)
                missing += self.cost[z] * max(curves[z] - self.found[z], 0.0)
                if curves[z] > self.found[z]:
                    self.less.append(row)
            wrong = max(missing / max(1.0, abs(lower)), self._over_the_caps(curves))
            if wrong <= close:
                return lower
        raise AssertionError(f"still {wrong} from the curves after {ROUNDS} rounds")

    def _columns(self) -> None:
        """q >= y^2 / (a - y) for each route with a price or a cap, squared >= busy^2 / installed; prices and caps."""
        for w, work in self.s.workloads.items():
            if work.congestion_usd_per_unit_second == 0 and work.mean_latency_cap_ms is None:
                continue
            for b, block in self.s.horizon.blocks.items():
                for i in range(block.periods):
                    self._latency(w, work, b, i, block.weight * block.period_hours)
        balance = self.s.policy.balance
        if balance is not None and balance.form == "squared":
            for p, pool in self.s.pools.items():
                if pool.purchase_option in ("owned", "reserved") and self.size(p) > 0:
                    for b, block in self.s.horizon.blocks.items():
                        weight = block.weight * block.period_hours * balance.weight_usd_per_hour
                        self.cost.update({("squared", p, b, i): weight for i in range(block.periods)})

    def _latency(self, w: str, work: Any, b: str, i: int, gh: float) -> None:
        row: Row = {}
        cap = work.mean_latency_cap_ms
        for p, pool in self.s.pools.items():
            if (e := self.rate(w, p)) is None:
                continue
            y, q = ("y", w, p, b, i), ("q", w, p, b, i)
            s, trip = service_ms(work, work.throughput[pool.sku], pool), self.trip(w, p)
            usd = gh * work.congestion_usd_per_unit_second / 1000 * e
            self.cost[y] += usd * (trip + s)
            self.cost[q] += usd * s
            if cap is not None:
                row[y], row[q] = e * (trip + s - cap) / cap, e * s / cap
        if row:
            self.caps.append(row)
            self.less.append((row, 0.0))

    def _over_the_caps(self, curves: Row) -> float:
        """Most relative excess of a mean latency over its cap at the point found, on the curves themselves."""
        excess = [0.0]
        for row in self.caps:
            busy = sum(self.found[name] for name in row if name[0] == "y")
            if busy > 1e-7:
                values = {**self.found, **curves}
                excess.append(sum(x * values[name] for name, x in row.items()) / busy)
        return max(excess)

    def _queue_line(self, z: Any) -> tuple[float, tuple[Row, float]]:
        """y^2 / (a - y) at the point found and its line, which goes through 0 as the curve is homogeneous."""
        y, a = ("y", *z[1:]), ("a", *z[1:])
        busy = self.found.get(y, 0.0)
        if busy < 1e-9:
            return 0.0, ({}, 0.0)
        free = self.found[a] - busy
        by_y, by_a = (2 * busy * free + busy**2) / free**2, -(busy**2) / free**2
        return busy**2 / free, ({y: by_y, a: by_a, z: -1.0}, 0.0)

    def _squared_line(self, z: Any) -> tuple[float, tuple[Row, float]]:
        _, p, b, i = z
        mine = [("y", w, p, b, i) for w in self.s.workloads if self.rate(w, p) is not None]
        busy = sum(self.found.get(y, 0.0) for y in mine)
        curve = busy**2 / self.size(p)
        return curve, ({**dict.fromkeys(mine, 2 * busy / self.size(p)), z: -1.0}, curve)
