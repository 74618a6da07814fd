"""Aligned arrays of a scenario: what the components multiply the decisions with.

Shapes: K routes, T periods (all blocks, by start), P pools, W rigid workloads, V windows of deferrable workloads.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from hybridplan.domain import Scenario, Workload
from hybridplan.domain.periods import periods_in_window
from hybridplan.domain.prices import contracted_price_usd
from hybridplan.domain.scaling import curve_on
from hybridplan.model.after_failure import AfterFailure
from hybridplan.model.choices.purchases import Offers
from hybridplan.model.datasets import Datasets
from hybridplan.model.incidence import Incidences
from hybridplan.model.periods import Array, Periods, WindowRow
from hybridplan.model.price_tiers import PriceTiers
from hybridplan.model.private_lines import PrivateLines
from hybridplan.model.promises import Promises, most_after
from hybridplan.model.provisioning import Provisioning
from hybridplan.model.queues import Queues
from hybridplan.model.routes import Pair, RouteIndex
from hybridplan.model.scales import unit_scales
from hybridplan.model.spending import Spending
from hybridplan.model.standing import Standing
from hybridplan.model.traffic import Traffic
from hybridplan.units import GRAMS_PER_TONNE

Mask = npt.NDArray[np.bool_]


class Data:
    """Arrays aligned by id; built once per scenario.

    ``roomy`` lets boxes exceed what pools give (see ``busy_limit``).
    """

    def __init__(self, scenario: Scenario, *, roomy: bool = False) -> None:
        self.scenario = scenario
        self.roomy = roomy
        self.index = RouteIndex(scenario)
        self.periods = Periods.of(scenario)
        self.routes: list[Pair] = self.index.routes
        self.pools = list(scenario.pools)
        self.rigid = [w for w, work in scenario.workloads.items() if work.flexibility == "rigid"]
        self.deferrable = [w for w, work in scenario.workloads.items() if work.flexibility == "deferrable"]
        self.windows = [row for w in self.deferrable for row in self._windows(w, scenario.workloads[w])]
        self._incidences = Incidences(self.routes)

    # -- routes ---------------------------------------------------------------------------------------------------

    @cached_property
    def productivity(self) -> Array:
        """e_k, work units per accelerator-hour; shape (K,)."""
        return np.array([route.units_per_accelerator_hour for route in self.routes], dtype=float)

    @cached_property
    def route_pool(self) -> npt.NDArray[np.intp]:
        """Position of each route's pool; shape (K,)."""
        where = {pool: i for i, pool in enumerate(self.pools)}
        return np.array([where[route.pool] for route in self.routes], dtype=np.intp)

    @cached_property
    def route_interruptible(self) -> Mask:
        """True where the route runs on an interruptible pool; shape (K,)."""
        return self.option("interruptible")[self.route_pool] if self.routes else np.zeros(0, dtype=bool)

    @cached_property
    def queues(self) -> Queues:
        """Routes on which more is assigned than is busy."""
        return Queues(self.scenario, self.routes)

    @cached_property
    def promises(self) -> Promises:
        """What must go on after a failure, and where."""
        return Promises(self.scenario, self.index, self.periods)

    @cached_property
    def after_failure(self) -> AfterFailure:
        """Rooms and links that promised work shares after a failure."""
        return AfterFailure(self.scenario, self.promises, self.routes, self.traffic)

    @cached_property
    def most_after(self) -> Array:
        """Accelerators that each failover pair may take after a failure at most; (F, T)."""
        need = most_after(self.promises, self.demand, self.rigid)
        return need if self.roomy else np.minimum(self.most_available[self.promises.pool], need)

    @cached_property
    def reserving(self) -> npt.NDArray[np.intp]:
        """Pools that provision the least, where more of it may have to be on for what comes after a failure."""
        least = ~self.provisioning.always_on & ~self.provisioning.elastic
        found: npt.NDArray[np.intp] = self.promises.takers[least[self.promises.takers]]
        return found

    @cached_property
    def curves(self) -> dict[int, list[tuple[float, float]]]:
        """Gains from more accelerators, (accelerators, effective accelerators), by position of the route."""
        works, pools = self.scenario.workloads, self.scenario.pools
        found = {k: curve_on(works[route.workload], pools[route.pool]) for k, route in enumerate(self.routes)}
        return {k: points for k, points in found.items() if points}

    def incidence(self, ids: list[str], key: str, values: Array | None = None) -> sp.csr_matrix:
        """Sparse (ids x routes) matrix with ``values`` (else 1) where the route's ``key`` is the id."""
        return self._incidences.matrix(ids, key, values)

    # -- pools ----------------------------------------------------------------------------------------------------

    def option(self, *options: str) -> Mask:
        """True for pools of these purchase options; shape (P,)."""
        return np.array([self.scenario.pools[p].purchase_option in options for p in self.pools], dtype=bool)

    @cached_property
    def avoidable(self) -> Mask:
        """Owned pools whose cost is avoidable: how much to keep is decided; shape (P,)."""
        avoidable = [self.scenario.pools[p].owned_cost == "avoidable" for p in self.pools]
        found: Mask = self.option("owned") & np.array(avoidable, dtype=bool)
        return found

    @cached_property
    def standing(self) -> Standing:
        """What stands of each pool without anything new."""
        return Standing(self.scenario, self.periods)

    @cached_property
    def offers(self) -> Offers:
        """What may be bought or newly committed."""
        return Offers(self.scenario, self.periods)

    @cached_property
    def spending(self) -> Spending:
        """What spend commitments may cover, and at which rates."""
        return Spending(self.scenario, self.periods)

    @cached_property
    def price_tiers(self) -> PriceTiers:
        """Rented pools whose price changes with the quantity."""
        return PriceTiers(self.scenario, self.periods)

    @property
    def capacity(self) -> Array:
        """Installed, quota or committed accelerators, without new ones; (P,)."""
        return self.standing.capacity

    @cached_property
    def up_share(self) -> Array:
        """Share of ``capacity`` that stands (not retired, commitments in service) and is up; (P, T)."""
        up: Array = self.standing.share * self.standing.maintained
        return up

    @cached_property
    def most_available(self) -> Array:
        """Accelerators that may be up at most, all that is on offer included; (P, T)."""
        new = self.offers.by_pool(self.offers.most, len(self.pools)) * self.standing.maintained
        most: Array = self.capacity[:, None] * self.up_share + new
        return most

    @cached_property
    def usable_share(self) -> Array:
        """1 - held_back_share; shape (P,)."""
        return 1.0 - self._pool_field("held_back_share")

    @cached_property
    def price(self) -> Array:
        """Contracted USD per accelerator-hour, before block factors; shape (P,)."""
        pools = self.scenario.pools.values()
        return np.array([contracted_price_usd(self.scenario, pool) for pool in pools], dtype=float)

    @cached_property
    def busy_kw(self) -> Array:
        """kW of one busy accelerator at the wall, before PUE; shape (P,)."""
        return self._pool_field("busy_kw")

    @cached_property
    def idle_kw(self) -> Array:
        """kW of one provisioned, idle accelerator, before PUE; shape (P,)."""
        return self._pool_field("idle_kw")

    @cached_property
    def energy_usd_per_kwh(self) -> Array:
        """PUE x electricity price for pools that pay energy apart, else 0; shape (P,)."""
        rates = []
        for pool in self.scenario.pools.values():
            site = self.scenario.sites[pool.site]
            own = pool.electricity_usd_per_kwh
            rate = own if own is not None else site.electricity_usd_per_kwh
            rates.append(0.0 if pool.price_includes_energy or rate is None else rate * site.pue)
        return np.array(rates, dtype=float)

    @cached_property
    def carbon_usd_per_kwh(self) -> Array:
        """Carbon price x g/kWh x PUE, in USD per kWh of IT energy; shape (P,)."""
        return self.carbon_per_kwh(self.scenario.policy.carbon_usd_per_tonne)

    def carbon_per_kwh(self, per_tonne: float = 1.0) -> Array:
        """``per_tonne`` x tonnes x PUE, per kWh of IT energy; 0 where the grid's carbon is not given; shape (P,)."""
        per_gram = per_tonne / GRAMS_PER_TONNE
        sites = [self.scenario.sites[pool.site] for pool in self.scenario.pools.values()]
        return np.array([per_gram * (s.grid_carbon_g_per_kwh or 0.0) * s.pue for s in sites], dtype=float)

    @cached_property
    def provisioning(self) -> Provisioning:
        """Pools whose number of accelerators is decided over time."""
        return Provisioning(self.scenario, self.periods)

    def _pool_field(self, name: str) -> Array:
        return np.array([getattr(pool, name) for pool in self.scenario.pools.values()], dtype=float)

    # -- demand ---------------------------------------------------------------------------------------------------

    @cached_property
    def demand(self) -> Array:
        """Rigid demand in work units per hour, growth included; shape (W, T)."""
        demand = np.zeros((len(self.rigid), len(self.periods)))
        for i, work_id in enumerate(self.rigid):
            for block_id, profile in self.scenario.workloads[work_id].demand_units_per_hour.items():
                first = self.periods.first[block_id]
                demand[i, first : first + len(profile)] = profile
        return demand * self.periods.demand_factor

    @cached_property
    def unit_scale(self) -> dict[str, float]:
        """Work units that one mean accelerator does in an hour: rows are divided by it."""
        peaks = dict.fromkeys(self.scenario.workloads, 0.0)
        peaks |= {w: float(np.max(row, initial=0.0)) for w, row in zip(self.rigid, self.demand, strict=True)}
        for row in self.windows:
            peaks[row.workload] = max(peaks[row.workload], row.volume_units)
        return unit_scales(self.routes, peaks)

    def _windows(self, work_id: str, work: Workload) -> list[WindowRow]:
        rows = []
        for window_id, window in work.windows.items():
            block = self.scenario.horizon.blocks[window.block]
            inside = periods_in_window(block, window.start, window.end)
            first = self.periods.first[window.block]
            span = range(first + inside.start, first + inside.stop)
            volume = window.volume_units * block.demand_factor
            rows.append(WindowRow(work_id, window_id, span, volume, block.weight))
        return rows

    @cached_property
    def owner(self) -> dict[str, str]:
        """Workload of each rigid workload and each window ``workload:window``; ids may hold colons."""
        return {f"{row.workload}:{row.window}": row.workload for row in self.windows} | {w: w for w in self.rigid}

    @cached_property
    def window_mask(self) -> Array:
        """1 where the period lies in the window; shape (V, T)."""
        mask = np.zeros((len(self.windows), len(self.periods)))
        for v, row in enumerate(self.windows):
            mask[v, row.periods.start : row.periods.stop] = 1.0
        return mask

    # -- links ----------------------------------------------------------------------------------------------------

    @cached_property
    def traffic(self) -> Traffic:
        """Data of routes on links."""
        return Traffic(self.scenario, self.routes, self.index.links)

    @cached_property
    def private_lines(self) -> PrivateLines:
        """Private lines that may be bought."""
        return PrivateLines(self.scenario)

    @cached_property
    def datasets(self) -> Datasets:
        """Copies of datasets, and how data gets there."""
        return Datasets(self.scenario, self.periods, self.routes, self.index.links)

    @cached_property
    def route_usd_per_unit(self) -> Array:
        """Explicit cost per work unit of a route; shape (K,)."""
        works = self.scenario.workloads
        return np.array([works[r.workload].route_cost_usd_per_unit.get(r.pool, 0.0) for r in self.routes], dtype=float)

    # -- boxes ----------------------------------------------------------------------------------------------------

    @cached_property
    def usable(self) -> Array:
        """Accelerators that a pool can lend to work: (1 - held_back_share) x all that may be up; (P, T)."""
        give: Array = self.usable_share[:, None] * self.most_available
        return give

    @cached_property
    def busy_limit(self) -> Array:
        """Finite upper bound of y: what the pool can give and the workload can take; 0 outside windows. (K, T).

        A roomy box is what the workload can take alone, so that capacity may be relaxed.
        """
        take = self.effective_limit.copy()
        for k, points in self.curves.items():
            # At the flat end of a curve a little more output needs many more accelerators.
            take[k] = np.where(take[k] > 0, points[-1][0], 0.0)
        return take if self.roomy or not self.routes else np.minimum(self.usable[self.route_pool], take)

    @cached_property
    def effective_limit(self) -> Array:
        """Finite upper bound of effective accelerators: what the workload can take; 0 outside windows, and
        while a first copy that it needs is made. (K, T)."""
        take = np.zeros((len(self.routes), len(self.periods)))
        rigid = {w: i for i, w in enumerate(self.rigid)}
        spans: dict[str, list[WindowRow]] = {}
        for row in self.windows:
            spans.setdefault(row.workload, []).append(row)
        for k, route in enumerate(self.routes):
            if route.workload in rigid:
                take[k] = self.demand[rigid[route.workload]] / route.units_per_accelerator_hour
                continue
            limit = self.scenario.workloads[route.workload].parallel_limit_accelerators or np.inf
            for row in spans.get(route.workload, []):
                span = slice(row.periods.start, row.periods.stop)
                most = row.volume_units / (route.units_per_accelerator_hour * self.periods.hours[span])
                take[k, span] = np.minimum(most, limit)
        take[self.datasets.closed] = 0.0
        return take
