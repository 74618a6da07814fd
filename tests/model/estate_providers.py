"""The oracle of estates with rules on providers: how many, at what fixed price, and the share of any one."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from estate_oracle import Row, added
from estate_promises import PromisesOracle

from hybridplan.domain import Scenario


class ProvidersOracle(PromisesOracle):
    """All of the estate: ("use", v) whether a provider is used, ("count", v) whether it counts."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario)
        self.shares: list[tuple[Row, float]] = []
        """Rows of the share of each provider."""

    def build(self) -> None:
        """Rules on providers last, when all that is provisioned and paid is known."""
        super().build()
        self._least()
        if self.s.policy.provider_share_cap is not None:
            whole = self._dollars() if self.s.policy.provider_share_of == "rented_usd" else self._busy_hours()
            self._share(whole, self.s.policy.provider_share_cap)

    def _budget(self) -> None:
        """What using a provider costs counts in the budget too."""
        self._used()
        super()._budget()

    def provider(self, p: str) -> str:
        """Whose share a pool counts for; "" for what is owned or stands at a private site."""
        pool = self.s.pools[p]
        site = self.s.sites[pool.site]
        return "" if pool.purchase_option == "owned" or site.kind == "private" else site.provider

    def providers(self) -> list[str]:
        """All there are."""
        return sorted({self.provider(p) for p in self.s.pools} - {""})

    def _used(self) -> None:
        policy = self.s.policy
        for v in self.providers():
            usd = policy.provider_fixed_usd_per_hour.get(v, 0.0)
            if not self.limited() and usd == 0.0:
                continue
            use = ("use", v)
            self.integer.add(use)
            self.high[use] = 1.0
            self._pay(use, usd * self.hours)
            for (p, b, i), (n, _) in self.on.items():
                if self.provider(p) == v:
                    self.less.append((added((1.0, n), (-self.up(p, b, i) * self.box(p, b), {use: 1.0})), 0.0))
        if self.limited() and policy.max_providers is not None:
            self.less.append(({("use", v): 1.0 for v in self.providers()}, float(policy.max_providers)))

    def limited(self) -> bool:
        """Whether fewer may be used than there are."""
        most = self.s.policy.max_providers
        return most is not None and most < len(self.providers())

    def _least(self) -> None:
        policy = self.s.policy
        if policy.min_providers == 0:
            return
        for v in self.providers():
            count = ("count", v)
            self.integer.add(count)
            self.high[count] = 1.0
            row: Row = {count: policy.provider_counts_from_accelerator_hours}
            for (p, b, _), (n, _) in self.on.items():
                if self.provider(p) == v:
                    block = self.s.horizon.blocks[b]
                    row = added((1.0, row), (-block.weight * block.period_hours, n))
            self.less.append((row, 0.0))
        self.less.append(({("count", v): -1.0 for v in self.providers()}, -float(policy.min_providers)))

    # Shares: by provider ("" for none) the columns, and what is known of them

    def _busy_hours(self) -> dict[str, tuple[Row, float]]:
        found: dict[str, Row] = defaultdict(dict)
        for p in self.s.pools:
            for b, i in self.each_period():
                block = self.s.horizon.blocks[b]
                hours = dict.fromkeys(self.busy(p, b, i), block.weight * block.period_hours)
                found[self.provider(p)] = found[self.provider(p)] | hours
        return {v: (row, 0.0) for v, row in found.items()}

    def _dollars(self) -> dict[str, tuple[Row, float]]:
        found: dict[str, tuple[Row, float]] = defaultdict(lambda: ({}, 0.0))

        def more(v: str, row: Any, known: float) -> None:
            found[v] = (added((1.0, found[v][0]), (1.0, row)), found[v][1] + known)

        for p, pool in self.s.pools.items():
            if pool.purchase_option != "owned":
                more(self.provider(p), self.rented[p], self.rented_known[p])
        for c, spend in self.s.spend_commitments.items():
            hours = self._served_hours(spend)
            (v,) = {self.provider(p) for p in spend.rates_usd_per_accelerator_hour}
            more(v, {("new_spend", c): hours}, hours * spend.usd_per_hour)
        return found

    def _share(self, parts: dict[str, tuple[Row, float]], cap: float) -> None:
        everything = added(*((1.0, row) for row, _ in parts.values()))
        known = sum(known for _, known in parts.values())
        for v in self.providers():
            row, mine = parts.get(v, ({}, 0.0))
            self.shares.append((added((1.0, row), (-cap, everything)), cap * known - mine))
        self.less += self.shares
