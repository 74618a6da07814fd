"""The oracle of estates with what owners set on top: owned first, a cap on carbon, pools that take time to grow."""

from __future__ import annotations

from math import ceil
from typing import Any

from estate_flows import FlowsOracle
from estate_oracle import Row, added


class RulesOracle(FlowsOracle):
    """All rows; ``least`` in two steps where owned capacity comes first."""

    def build(self) -> None:
        """Carbon is summed up on the way."""
        self.grams: Row = {}
        self.grams_known = 0.0
        super().build()
        for p, pool in self.s.pools.items():
            if self.elastic(p):
                for b, i in self.each_period():
                    self._over_time(p, pool, b, i)
        cap = self.s.policy.carbon_cap
        if cap is not None:
            limit = 1e6 * cap.tonnes * (self.hours / 8760 if cap.per == "year" else 1.0)
            self.less.append((added((1e-3, self.grams)), 1e-3 * (limit - self.grams_known)))

    def decided(self, p: str, b: str, i: int) -> bool:
        """Also where n grows and shrinks slowly, or starts are paid."""
        return self.elastic(p)

    def elastic(self, p: str) -> bool:
        """Whether n is decided for its own sake."""
        pool = self.s.pools[p]
        if pool.purchase_option == "owned" and not pool.can_power_down:
            return False
        slow = pool.ramp_up_accelerators_per_hour or pool.ramp_down_accelerators_per_hour or pool.lead_time_hours
        return super().elastic(p) or bool(slow or pool.start_usd_per_node)

    def _over_time(self, p: str, pool: Any, b: str, i: int) -> None:
        """Blocks repeat: the period before the first one is the last."""
        block = self.s.horizon.blocks[b]
        n, past, h = ("n", p, b, i), ("n", p, b, (i - 1) % block.periods), block.period_hours
        grown = added((1.0, {n: 1.0}), (-1.0, {past: 1.0}))
        for ramp, row in (
            (pool.ramp_up_accelerators_per_hour, grown),
            (pool.ramp_down_accelerators_per_hour, added((-1.0, grown))),
        ):
            if ramp is not None:
                self.less.append((row, ramp * h))
        self.less.append((added((1.0, grown), (-1.0, {("started", p, b, i): 1.0})), 0.0))
        self.cost["started", p, b, i] += block.weight * pool.start_usd_per_node / pool.accelerators_per_node
        for back in self.lead(p, b):
            ready = {("n", p, b, (i - back) % block.periods): 1.0}
            self.less.append((added((1.0, self.load(p, b, i)), (pool.held_back_share - 1, ready)), 0.0))

    def lead(self, p: str, b: str) -> range:
        """How many periods before it runs something has to be provisioned too."""
        periods = self.s.pools[p].lead_time_hours / self.s.horizon.blocks[b].period_hours
        return range(1, ceil(periods - 1e-9) + 1)

    def _emitted(self, site: str, gh: float, kw: Row, known: float) -> None:
        place = self.s.sites[site]
        grams = gh * place.pue * (place.grid_carbon_g_per_kwh or 0.0)
        self.grams = added((1.0, self.grams), (grams, kw))
        self.grams_known += grams * known

    def least(self) -> float | None:
        """First the least that is paid to others and for what is not served, then the least in all."""
        if not self.s.policy.owned_first:
            return super().least()
        everything, constant = self.cost, self.constant
        first = {name: everything[name] for name in everything if name[0] == "u"} | dict(self.others)
        self.cost, self.constant = first, 0.0
        least = super().least()
        self.cost, self.constant = everything, constant
        if least is None:
            return None
        self.less.append((dict(first), least + 1e-10 * abs(least)))
        found = super().least()
        self.less.pop()
        return found
