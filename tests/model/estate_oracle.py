"""Commitments, tiers, owned hardware and what stands at a site a second time, in the style of oracle.py.

Written from the formulas alone. Rows are dictionaries {column: coefficient}; whole numbers are found with SciPy's
``milp``, then held fixed while all else is solved once more as a linear program, so that they are exact.
estate_flows.py adds links, datasets and results.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

import numpy as np
from feature_oracle import FeatureOracle, queued
from oracle import Oracle
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array

from hybridplan.domain import Scenario

Row = dict[Any, float]
CLEAR = 2e-7
"""Share of a quantity by which a plan stays below a dearer price for volume."""
RENTED = ("on_demand", "interruptible")


def added(*parts: tuple[float, Row]) -> Row:
    """Sum of multiples of rows."""
    total: Row = {}
    for factor, row in parts:
        for name, value in row.items():
            total[name] = total.get(name, 0.0) + factor * value
    return total


class EstateOracle(Oracle):
    """Least cost of an estate that may grow, shrink and commit itself."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario)
        blocks = scenario.horizon.blocks
        self.order = sorted(blocks, key=lambda b: (blocks[b].start, b))
        self.integer: set[Any] = set()
        self.low: Row = {}
        self.high: Row = {}
        self.quantity: dict[str, Row] = defaultdict(dict)
        """Accelerator-hours over the horizon, of pools whose tiers count them so."""
        self.others: Row = defaultdict(float)
        """What is paid to others, and for what is not served: the first thing that counts with ``owned_first``."""
        self.rented: dict[str, Row] = defaultdict(lambda: defaultdict(float))
        """By pool: USD of usage and of fees for capacity, over the horizon; what is known by itself below."""
        self.rented_known: dict[str, float] = defaultdict(float)
        self.on: dict[Any, tuple[Row, float]] = {}
        """By pool and period: n as columns and what is known of it."""
        self.known: dict[tuple[str, str], float | None] = {}

    load_limit = FeatureOracle.load_limit
    trip = FeatureOracle.trip
    limit_of = FeatureOracle.limit_of

    def assigned(self, w: str, p: str, b: str, i: int) -> Any:
        """a, where there is a queue; else y."""
        return ("a" if queued(self.s.workloads[w]) else "y", w, p, b, i)

    def busy(self, p: str, b: str, i: int) -> Row:
        """All y of a pool."""
        return {("y", w, p, b, i): 1.0 for w in self.s.workloads if self.rate(w, p) is not None}

    def load(self, p: str, b: str, i: int) -> Row:
        """All that is assigned in a pool."""
        return {self.assigned(w, p, b, i): 1.0 for w in self.s.workloads if self.rate(w, p) is not None}

    def rate(self, w: str, p: str) -> float | None:
        """e_k, worked out once."""
        if (w, p) not in self.known:
            self.known[w, p] = super().rate(w, p)
        return self.known[w, p]

    # What is decided once for the whole horizon

    def hours_of(self, blocks: list[str]) -> float:
        """Sum of g h over the periods of these blocks."""
        found = (self.s.horizon.blocks[b] for b in blocks)
        return float(sum(block.weight * block.period_hours * block.periods for block in found))

    def in_service(self, record: Any, b: str) -> bool:
        """Whether block ``b`` starts at or after ``starts`` and before ``ends``."""
        start = self.s.horizon.blocks[b].start
        late = record.starts is not None and start < record.starts
        return not late and not (record.ends is not None and start >= record.ends)

    def standing(self, p: str, b: str) -> float:
        """1, or 0 where what was installed has retired."""
        retires = self.s.pools[p].retires
        return 0.0 if retires is not None and self.s.horizon.blocks[b].start >= retires else 1.0

    def arrived(self, p: str, b: str) -> list[str]:
        """Expansions of the pool that are there in block ``b``."""
        at = self.order.index(b)
        return [e for e, x in self.s.expansions.items() if x.pool == p and at >= x.lead_time_blocks]

    def _fixed(self) -> None:
        for c, commitment in self.s.commitments.items():
            usd = commitment.fee_usd_per_accelerator_hour * self._served_hours(commitment)
            self.constant += usd * commitment.accelerators
            self.rented[commitment.pool]["new", c] += usd
            self.rented_known[commitment.pool] += usd * commitment.accelerators
            self._option(("new", c), usd, commitment.min_new_accelerators, commitment.max_new_accelerators)
        for c, spend in self.s.spend_commitments.items():
            usd = self._served_hours(spend)
            self.constant += usd * spend.usd_per_hour
            self._option(("new_spend", c), usd, spend.min_new_usd_per_hour, spend.max_new_usd_per_hour)
        for e, expansion in self.s.expansions.items():
            there = [b for b in self.order if e in self.arrived(expansion.pool, b)]
            usd = self.yearly_usd(expansion) / 8760 * self.hours_of(there)
            self._option(("bought", e), usd, expansion.min_accelerators, expansion.max_accelerators)
            if self.s.pools[expansion.pool].whole_nodes:
                self._whole_multiple(("bought", e), self.s.pools[expansion.pool].accelerators_per_node)
        for p, pool in self.s.pools.items():
            if pool.purchase_option == "owned":
                self._owned(p, pool)

    def _served_hours(self, record: Any) -> float:
        return self.hours_of([b for b in self.order if self.in_service(record, b)])

    def _pay(self, name: Any, usd: float) -> None:
        """A cost that is paid to others."""
        self.cost[name] += usd
        self.others[name] += usd

    def _option(self, name: Any, usd: float, least: float, most: float) -> None:
        if name[0] in ("new", "new_spend", "bought"):
            self._pay(name, usd)
        else:
            self.cost[name] += usd
        self.low[name], self.high[name] = least, most

    def _whole_multiple(self, name: Any, size: int) -> None:
        self.equal.append(({name: 1.0, ("nodes", name): -float(size)}, 0.0))
        self.integer.add(("nodes", name))

    def yearly_usd(self, expansion: Any) -> float:
        """Annuity of one accelerator's purchase, less its salvage at the end, + staff + space."""
        finance = self.s.finance
        rate = finance.interest_rate if expansion.interest_rate is None else expansion.interest_rate
        life = finance.life_years if expansion.life_years is None else expansion.life_years
        left = finance.salvage_share if expansion.salvage_share is None else expansion.salvage_share
        paid = expansion.capex_usd_per_accelerator * (1 - left / (1 + rate) ** life)
        per_year = 1 / life if rate == 0 else rate / (1 - (1 + rate) ** -life)
        staff, space = expansion.staff_usd_per_accelerator_year, expansion.space_usd_per_accelerator_year
        return float(paid * per_year + staff + space)

    def _owned(self, p: str, pool: Any) -> None:
        usd = self.price(pool) * sum(self.standing(p, b) * self.hours_of([b]) for b in self.order)
        if pool.owned_cost == "sunk":
            self.constant += usd * pool.capacity_accelerators
            return
        self._option(("keep", p), usd, 0.0, pool.capacity_accelerators)
        if pool.whole_nodes and not pool.can_power_down:
            self._whole_multiple(("keep", p), pool.accelerators_per_node)

    # Each period

    def there(self, p: str, b: str) -> tuple[Row, float]:
        """Nameplate in a block: columns and what is known; kept and bought, committed, or the quota."""
        pool = self.s.pools[p]
        if pool.purchase_option in RENTED:
            return {}, pool.capacity_accelerators
        if pool.purchase_option == "reserved":
            mine = {c: x for c, x in self.s.commitments.items() if x.pool == p and self.in_service(x, b)}
            return {("new", c): 1.0 for c in mine}, sum(x.accelerators for x in mine.values())
        row, stands = {("bought", e): 1.0 for e in self.arrived(p, b)}, self.standing(p, b)
        if pool.owned_cost == "sunk":
            return row, stands * pool.capacity_accelerators
        return {**row, ("keep", p): stands}, 0.0

    def up(self, p: str, b: str, i: int) -> float:
        """Share of a pool that is up."""
        shares = self.s.pools[p].up_share
        return float(shares[b][i]) if b in shares else 1.0

    def box(self, p: str, b: str) -> float:
        """Most accelerators that can be there in a block."""
        row, known = self.there(p, b)
        return known + sum(value * self.high[name] for name, value in row.items())

    def kwh_usd(self, pool: Any) -> float:
        """What 1 kWh of IT power costs in this pool: carbon, and energy where it is paid apart."""
        site = self.s.sites[pool.site]
        usd = site.pue * self.s.policy.carbon_usd_per_tonne * (site.grid_carbon_g_per_kwh or 0.0) / 1e6
        if not pool.price_includes_energy:
            own = pool.electricity_usd_per_kwh
            usd += site.pue * (site.electricity_usd_per_kwh if own is None else own)
        return float(usd)

    def _period(self, b: str, block: Any, i: int) -> None:
        gh = block.weight * block.period_hours
        power: dict[str, list[tuple[Row, float]]] = defaultdict(list)
        for p, pool in self.s.pools.items():
            on, on_known = self.on[p, b, i] = self._provisioned(p, pool, b, i)
            kw = added((pool.busy_kw, self.busy(p, b, i)), (-pool.idle_kw, self.busy(p, b, i)), (pool.idle_kw, on))
            self._queues(p, b, i)
            for name, value in kw.items():
                self.cost[name] += gh * self.kwh_usd(pool) * value
            self.constant += gh * self.kwh_usd(pool) * pool.idle_kw * on_known
            power[pool.site].append((kw, pool.idle_kw * on_known))
            self._emitted(pool.site, gh, kw, pool.idle_kw * on_known)
            if pool.purchase_option in RENTED:
                self._usage(p, pool, b, block, i, on)
        for site, parts in power.items():
            limit = self.s.sites[site].it_power_limit_kw
            if limit is not None:
                self.less.append((added(*((1.0, kw) for kw, _ in parts)), limit - sum(known for _, known in parts)))
        self._spending(b, i)
        if i == 0:
            self._space(b)

    def _queues(self, p: str, b: str, i: int) -> None:
        """What is assigned to work with a queue is at most so busy that its objective holds."""
        for w, work in self.s.workloads.items():
            if queued(work) and self.rate(w, p) is not None:
                self.less.append(({("y", w, p, b, i): 1.0, ("a", w, p, b, i): -self.limit_of(w, p)}, 0.0))

    def _provisioned(self, p: str, pool: Any, b: str, i: int) -> tuple[Row, float]:
        """n as columns and what is known, held to what is there; and room for the load in it."""
        load = self.load(p, b, i)
        usable, up = 1 - pool.held_back_share, self.up(p, b, i)
        row, known = self.there(p, b)
        most, most_known = added((up, row)), up * known
        if self.decided(p, b, i):
            n = {("n", p, b, i): 1.0}
            if pool.whole_nodes:
                self._whole_multiple(("n", p, b, i), pool.accelerators_per_node)
            self.less.append((added((1.0, n), (-1.0, most)), most_known))
            self.less.append((added((1.0, load), (-usable, n)), 0.0))
            return n, 0.0
        self.less.append((added((1.0, load), (-usable, most)), usable * most_known))
        if pool.purchase_option == "owned":
            return most, most_known
        return added((1 / usable, load)), 0.0

    def decided(self, p: str, b: str, i: int) -> bool:
        """Whether n is a number of its own, not the least that holds the load or all that is there."""
        return self.elastic(p)

    def elastic(self, p: str) -> bool:
        """Whether n is decided for its own sake."""
        pool = self.s.pools[p]
        return bool(pool.can_power_down or (pool.whole_nodes and pool.purchase_option != "owned"))

    def _space(self, b: str) -> None:
        for s, site in self.s.sites.items():
            if site.rack_units_limit is None:
                continue
            row: Row = {}
            left = site.rack_units_limit
            for p, pool in self.s.pools.items():
                if pool.site == s and pool.purchase_option == "owned":
                    mine, known = self.there(p, b)
                    row = added((1.0, row), (pool.rack_units_per_accelerator, mine))
                    left -= pool.rack_units_per_accelerator * known
            self.less.append((row, left))

    # What is rented: rates, spend commitments, tiers

    def _usage(self, p: str, pool: Any, b: str, block: Any, i: int, on: Row) -> None:
        gh = block.weight * block.period_hours
        if pool.price_tiers:
            if pool.tier_basis == "hour":
                most = self.up(p, b, i) * pool.capacity_accelerators
                self._tiers((p, b, i), p, on, most, block.price_factor * gh)
            else:
                self.quantity[p] = added((1.0, self.quantity[p]), (gh, on))
            return
        covered: Row = {}
        if pool.purchase_option == "on_demand":
            for c, spend in self.s.spend_commitments.items():
                if p in spend.rates_usd_per_accelerator_hour and self.in_service(spend, b):
                    covered["covered", c, p, b, i] = 1.0
        for name, value in added((1.0, on), (-1.0, covered)).items():
            self._rent(p, name, gh * self.price(pool) * block.price_factor * value)
        if covered:
            self.less.append((added((1.0, covered), (-1.0, on)), 0.0))

    def _rent(self, p: str, name: Any, usd: float) -> None:
        """A cost of usage."""
        self._pay(name, usd)
        self.rented[p][name] += usd

    def _spending(self, b: str, i: int) -> None:
        for c, spend in self.s.spend_commitments.items():
            if self.in_service(spend, b):
                row = {
                    ("covered", c, p, b, i): usd
                    for p, usd in spend.rates_usd_per_accelerator_hour.items()
                    if self.s.pools[p].purchase_option == "on_demand"
                }
                self.less.append((added((1.0, row), (-1.0, {("new_spend", c): 1.0})), spend.usd_per_hour))

    def steps(self, pool: Any) -> list[tuple[float, float]]:
        """(from quantity, contracted price) of each tier, from 0."""
        off = pool.discount_share
        if off is None:
            off = self.s.policy.provider_discount_share.get(self.s.sites[pool.site].provider, 0.0)
        listed = sorted((tier.from_quantity, tier.usd_per_accelerator_hour) for tier in pool.price_tiers.values())
        return [(start, usd * (1 - off)) for start, usd in [(0.0, pool.price_usd_per_accelerator_hour), *listed]]

    def fills_in_order(self, tiers: list[tuple[float, float]]) -> bool:
        """Whether the cheaper tiers fill first by themselves: prices rise, and what is paid is of no use in itself."""
        policy = self.s.policy
        of_use = policy.provider_share_cap is not None and policy.provider_share_of == "rented_usd"
        return not of_use and all(low <= high for (_, low), (_, high) in pairwise(tiers))

    def _tiers(self, key: Any, p: str, quantity: Row, most: float, times: float) -> None:
        """Cost of a quantity: in parts where prices rise with it, else the tier that it reaches is chosen whole."""
        pool = self.s.pools[p]
        tiers = self.steps(pool)
        ends = [start for start, _ in tiers[1:]] + [max(most, tiers[-1][0])]
        row: Row = {}
        if pool.tier_form == "graduated" and self.fills_in_order(tiers):
            for j, ((start, usd), end) in enumerate(zip(tiers, ends, strict=True)):
                row["part", key, j] = 1.0
                self._rent(p, ("part", key, j), times * usd)
                self.high["part", key, j] = end - start
        else:
            before = 0.0
            for j, ((start, usd), end) in enumerate(zip(tiers, ends, strict=True)):
                chosen, part = ("tier", key, j), ("part", key, j)
                row[part] = 1.0
                if pool.tier_form == "volume" and j + 1 < len(tiers) and tiers[j + 1][1] > usd:
                    # At its end the dearer price holds: the most below it is named, since there is no largest number.
                    end *= 1 - CLEAR
                self.integer.add(chosen)
                self.high[chosen] = 1.0
                self.less += [({part: 1.0, chosen: -end}, 0.0), ({part: -1.0, chosen: start}, 0.0)]
                self._rent(p, part, times * usd)
                if pool.tier_form == "graduated":
                    self._rent(p, chosen, times * (before - usd * start))
                    before += usd * (end - start)
            self.equal.append(({("tier", key, j): 1.0 for j in range(len(tiers))}, 1.0))
        self.equal.append((added((1.0, row), (-1.0, quantity)), 0.0))

    def build(self) -> None:
        """The rows of the simple oracle with other rows per period, and what counts over all of them."""
        self._fixed()
        for b in self.order:
            for i in range(self.s.horizon.blocks[b].periods):
                self._period(b, self.s.horizon.blocks[b], i)
        self._demand()
        for p, quantity in self.quantity.items():
            pool = self.s.pools[p]
            most = sum(
                block.weight * block.period_hours * self.up(p, b, i) * pool.capacity_accelerators
                for b, block in self.s.horizon.blocks.items()
                for i in range(block.periods)
            )
            self._tiers(p, p, quantity, most, 1.0)
        self._between_sites()
        self._unserved_caps()
        self._budget()

    def _emitted(self, site: str, gh: float, kw: Row, known: float) -> None:
        """Carbon, where estate_rules.py puts a cap on it."""

    def _between_sites(self) -> None:
        """Links, where estate_flows.py adds them."""

    # Solving

    def least(self) -> float | None:
        """Solves the rows as they stand; None: no point meets them."""
        names = {name: j for j, name in enumerate(dict.fromkeys([*self._all_names(), *self.low, *self.high]))}
        low = np.array([self.low.get(name, 0.0) for name in names])
        high = np.array([self.high.get(name, np.inf) for name in names])
        c = np.array([self.cost.get(name, 0.0) for name in names])
        if np.any(low > high):
            return None
        whole = np.array([name in self.integer for name in names])
        if whole.any():
            at = self._searched(c, names, low, high, whole)
            if at is None:
                return None
            low[whole] = high[whole] = np.round(at[whole])
        equal, less = self._sparse(self.equal, names), self._sparse(self.less, names)
        result = linprog(
            c, *less, *equal, bounds=np.column_stack([low, high]), method="highs",
            options={"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9},
        )  # fmt: skip
        if result.status == 2:
            assert not whole.any(), "whole numbers that were found meet no row once they are exact"
            return None
        assert result.status == 0, result.message
        self.found = dict(zip(names, result.x, strict=True))
        return float(result.fun) + self.constant

    def _searched(self, c: Any, names: Any, low: Any, high: Any, whole: Any) -> Any:
        equal, less = self._sparse(self.equal, names), self._sparse(self.less, names)
        rows = [LinearConstraint(less[0], -np.inf, less[1]), LinearConstraint(equal[0], equal[1], equal[1])]
        # Closer than this, nodes and starts that may be swapped keep a small search going for minutes.
        options = {"mip_rel_gap": 3e-7, "time_limit": 60.0}
        result = milp(c, constraints=rows, bounds=Bounds(low, high), integrality=whole.astype(int), options=options)
        assert result.status in (0, 2), result.message
        return None if result.status == 2 else result.x

    @staticmethod
    def _sparse(rows: list[tuple[Row, float]], names: dict[Any, int]) -> tuple[Any, Any]:
        cells = [(value, i, names[name]) for i, (row, _) in enumerate(rows) for name, value in row.items()]
        value, at, column = (list(x) for x in zip(*cells, strict=True)) if cells else ([], [], [])
        matrix = coo_array((value, (at, column)), shape=(len(rows), len(names))).tocsr()
        return matrix, np.array([right for _, right in rows])
