"""Scenario and plan side by side as aligned arrays: what every cost and rule of the audit is computed from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hybridplan.audit import choices, decisions
from hybridplan.audit.axes import Axes, Floats, Ints
from hybridplan.audit.reading import Fault
from hybridplan.domain import Scenario
from hybridplan.domain.scaling import curve_on
from hybridplan.plan import PlanTables


def _none() -> Floats:
    return np.zeros(0)


def _no_codes() -> Ints:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Ledger:
    """Decisions, aligned by code with :class:`Axes`.

    K pairs (workload, pool) occur in the allocation or among the standby: ``pair_workload`` and ``pair_pool`` are (K,),
    ``busy``, ``assigned`` and ``units`` (K, T), like ``standby`` (accelerators apart from those assigned) and
    ``standby_units`` (what they can serve, as the table says).
    ``provisioned``, ``available_said``, ``busy_said`` are (P, T) as the table says,
    NaN where a row is missing; ``unserved`` (W, T), ``window_unserved`` (windows,), ``kept_said`` (P,), NaN where not
    owned or missing.

    What is chosen once, or beside the work, may be left out and then is nothing: C commitments, S spend commitments, E
    expansions, L links and D datasets stand in the order of the scenario.

    - ``new_committed`` (C,) accelerators, ``new_spend_usd_per_hour`` (S,), ``bought`` (E,) accelerators,
      ``private_gbps`` (L,): 0 where the record has no option, NaN where its row is missing.
    - ``covered`` (V, T) accelerators of the pools ``covered_pool`` (V,) that the spend commitments ``covered_by`` (V,)
      pay for: one row per pair that occurs, codes as integers.
    - ``private_flow`` (L, T): GB per hour.
    - ``copies`` (D, sites): True where there is a copy, home not among them; sites in the order of the scenario.
    - ``sync_share`` (Y,): share of the data of dataset ``sync_dataset`` (Y,) for its copy at site ``sync_site`` (Y,)
      that goes over the link ``sync_link`` (Y,), codes as integers.
    - ``redispatched`` (R, T) accelerators assigned after the contingency ``redispatch_failure`` (R,) to the work
      ``redispatch_workload`` (R,) in the pool ``redispatch_pool`` (R,), codes as integers, contingencies in the order
      of the scenario: one row per triple that occurs. ``redispatched_units`` (R, T): what they serve, as the table
      says.
    """

    axes: Axes
    pair_workload: Ints
    pair_pool: Ints
    busy: Floats
    assigned: Floats
    units: Floats
    standby: Floats
    standby_units: Floats
    provisioned: Floats
    available_said: Floats
    busy_said: Floats
    unserved: Floats
    window_unserved: Floats
    kept_said: Floats
    faults: tuple[Fault, ...]
    new_committed: Floats = field(default_factory=_none)
    new_spend_usd_per_hour: Floats = field(default_factory=_none)
    bought: Floats = field(default_factory=_none)
    private_gbps: Floats = field(default_factory=_none)
    covered_by: Ints = field(default_factory=_no_codes)
    covered_pool: Ints = field(default_factory=_no_codes)
    covered: Floats = field(default_factory=_none)
    private_flow: Floats = field(default_factory=_none)
    copies: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    sync_dataset: Ints = field(default_factory=_no_codes)
    sync_site: Ints = field(default_factory=_no_codes)
    sync_link: Ints = field(default_factory=_no_codes)
    sync_share: Floats = field(default_factory=_none)
    redispatch_failure: Ints = field(default_factory=_no_codes)
    redispatch_workload: Ints = field(default_factory=_no_codes)
    redispatch_pool: Ints = field(default_factory=_no_codes)
    redispatched: Floats = field(default_factory=_none)
    redispatched_units: Floats = field(default_factory=_none)

    def __post_init__(self) -> None:
        """What is left out gets its shape, filled with nothing."""
        records, periods = self.axes.records, len(self.axes.hours)
        shapes: dict[str, tuple[int, ...]] = {
            "new_committed": (len(records.commitments),),
            "new_spend_usd_per_hour": (len(records.spend_commitments),),
            "bought": (len(records.expansions),),
            "private_gbps": (len(records.links),),
            "covered": (len(self.covered_by), periods),
            "private_flow": (len(records.links), periods),
            "copies": (len(records.datasets), len(records.sites)),
            "redispatched": (len(self.redispatch_failure), periods),
            "redispatched_units": (len(self.redispatch_failure), periods),
        }
        for name, shape in shapes.items():
            given = getattr(self, name)
            if given.size == 0:
                object.__setattr__(self, name, np.zeros(shape, dtype=given.dtype))

    @property
    def scenario(self) -> Scenario:
        """All inputs."""
        return self.axes.scenario

    @cached_property
    def served(self) -> Floats:
        """(K, T) work units per hour: e_k x y from the busy accelerators; as the table says where gains shrink."""
        return np.where(self.is_scaled[:, None], self.units, self.rate[:, None] * self.busy)

    @cached_property
    def rate(self) -> Floats:
        """(K,) e_k: work units per accelerator-hour of each pair."""
        return self.axes.rate[self.pair_workload, self.pair_pool]

    @cached_property
    def is_scaled(self) -> NDArray[np.bool_]:
        """(K,) True where more accelerators gain less: units per hour are then a decision below a curve."""
        works, pools = list(self.scenario.workloads.values()), list(self.scenario.pools.values())
        pairs = zip(self.pair_workload.tolist(), self.pair_pool.tolist(), strict=True)
        found = [works[w].flexibility == "deferrable" and bool(curve_on(works[w], pools[p])) for w, p in pairs]
        return np.array(found, dtype=bool)

    @cached_property
    def has_queue(self) -> NDArray[np.bool_]:
        """(K,) True where accelerators are assigned beyond the load, so that the queue stays short."""
        return self.axes.queues[self.pair_workload]

    @cached_property
    def is_open(self) -> NDArray[np.bool_]:
        """(K,) True where the pair is a route."""
        pairs = zip(self.pair_workload.tolist(), self.pair_pool.tolist(), strict=True)
        return np.array([not self.axes.ruled_out[w][p] for w, p in pairs], dtype=bool)

    @cached_property
    def pairs(self) -> list[str]:
        """(K,) names: workload/pool."""
        names, pools = self.axes.workloads, self.axes.pools
        pairs = zip(self.pair_workload.tolist(), self.pair_pool.tolist(), strict=True)
        return [f"{names[w]}/{pools[p]}" for w, p in pairs]

    @cached_property
    def load(self) -> Floats:
        """(P, T) assigned accelerators of each pool, and those on standby."""
        return self.per_pool(self.assigned + self.standby)

    @cached_property
    def in_use(self) -> Floats:
        """(K, T) the largest of what is busy, assigned and on standby."""
        largest: Floats = np.maximum.reduce([np.abs(self.busy), np.abs(self.assigned), np.abs(self.standby)])
        return largest

    @cached_property
    def busy_by_pool(self) -> Floats:
        """(P, T) busy accelerators of each pool."""
        return self.per_pool(self.busy)

    def per_workload(self, values: Floats) -> Floats:
        """(W, T) sum of (K, T) values over the pools."""
        return _summed(len(self.axes.workloads), self.pair_workload, values)

    def per_pool(self, values: Floats) -> Floats:
        """(P, T) sum of (K, T) values over the workloads."""
        return _summed(len(self.axes.pools), self.pair_pool, values)

    @cached_property
    def kept(self) -> Floats:
        """(P,) accelerators kept: all that is installed where cost is sunk, else as the table says; 0 if not owned."""
        pools = self.scenario.pools.values()
        said = [
            0.0
            if pool.purchase_option != "owned"
            else pool.capacity_accelerators
            if pool.owned_cost == "sunk"
            else kept
            for pool, kept in zip(pools, self.kept_said.tolist(), strict=True)
        ]
        return np.asarray(said, dtype=np.float64)

    @cached_property
    def covered_by_pool(self) -> Floats:
        """(P, T) accelerators of each pool that spend commitments pay for."""
        return _summed(len(self.axes.pools), self.covered_pool, self.covered)

    @cached_property
    def committed(self) -> Floats:
        """(P, T) accelerators of all commitments in service, new ones included."""
        return self.axes.records.committed(self.new_committed)

    @cached_property
    def installed(self) -> Floats:
        """(P, T) owned accelerators: kept until they retire, and bought once they have arrived; 0 if not owned."""
        records = self.axes.records
        bought = records.per_pool(records.expansion_pool, records.arrived * self.bought[:, None])
        return self.kept[:, None] * records.standing + bought

    @cached_property
    def capacity(self) -> Floats:
        """(P, T) installed if owned, committed if reserved, quota otherwise; whether up or not."""
        options = np.array([pool.purchase_option for pool in self.scenario.pools.values()], dtype=object)[:, None]
        rented = np.where(options == "reserved", self.committed, self.axes.nameplate)
        return np.where(options == "owned", self.installed, rented)

    @cached_property
    def available(self) -> Floats:
        """(P, T) up_share x capacity."""
        return self.axes.up_share * self.capacity

    @cached_property
    def powered_on(self) -> Floats:
        """(P, T) n: pools that are always on are on with all that is available, others with what is provisioned."""
        return np.where(self.axes.always_on[:, None], self.available, self.provisioned)


def open_ledger(scenario: Scenario, tables: PlanTables) -> Ledger:
    """Align the tables with the scenario by id. Rows that name nothing known are faults and are left out."""
    axes, faults = Axes(scenario), list[Fault]()
    pairs, allocated, standing = decisions.pairs(axes, tables, faults)
    done = decisions.provisioned(axes, tables, faults)
    unserved = decisions.unserved(axes, tables, faults), decisions.window_unserved(axes, tables, faults)
    kept, purchases = decisions.kept(axes, tables, faults), choices.purchases(axes, tables, faults)
    covered, flow = choices.covered(axes, tables, faults), choices.private_flow(axes, tables, faults)
    copies, syncs = choices.copies(axes, tables, faults), choices.syncs(axes, tables, faults)
    moved = decisions.redispatch(axes, tables, faults)
    return Ledger(
        axes,
        *pairs,
        *allocated,
        *standing,
        *done,
        *unserved,
        kept,
        tuple(faults),
        *purchases,
        covered_by=covered.covered_by,
        covered_pool=covered.covered_pool,
        covered=covered.covered,
        private_flow=flow,
        copies=copies,
        sync_dataset=syncs.sync_dataset,
        sync_site=syncs.sync_site,
        sync_link=syncs.sync_link,
        sync_share=syncs.sync_share,
        **moved._asdict(),
    )


def _summed(count: int, codes: Ints, values: Floats) -> Floats:
    """(count, T) sums of the rows of each code. Row by row: many times quicker here than numpy.add.at."""
    total = np.zeros((count, values.shape[1]))
    for code, row in zip(codes.tolist(), values, strict=True):
        total[code] += row
    return total
