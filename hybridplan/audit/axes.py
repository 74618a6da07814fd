"""The scenario as arrays: one code per workload, pool, period and window, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hybridplan.audit.failures import Failures
from hybridplan.audit.records import Floats, Ints, Records
from hybridplan.audit.routes import (
    Links,
    eligibility,
    links_by_sites,
    load_limit,
    round_trip_ms,
    service_ms,
    units_per_accelerator_hour,
)
from hybridplan.domain import Block, Scenario, Workload
from hybridplan.domain.features import has_queue, is_always_on

__all__ = ["Axes", "Floats", "Ints", "WindowSlot"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class WindowSlot:
    """One window of deferrable work: ``volume`` with the block's demand factor; periods ``first`` to ``last`` - 1."""

    workload: int
    name: str
    volume: float
    weight: float
    first: int
    last: int


@dataclass(frozen=True)
class Axes:
    """Everything the audit takes from the scenario. Shapes: (T,) per period, (W, T), (P, T) or (W, P)."""

    scenario: Scenario

    @cached_property
    def workloads(self) -> tuple[str, ...]:
        """Ids of the workloads; their position is their code."""
        return tuple(self.scenario.workloads)

    @cached_property
    def pools(self) -> tuple[str, ...]:
        """Ids of the pools; their position is their code."""
        return tuple(self.scenario.pools)

    @cached_property
    def blocks(self) -> tuple[tuple[str, Block], ...]:
        """Blocks in the order of their start."""
        return tuple(self.scenario.horizon.ordered())

    @cached_property
    def block_of(self) -> Ints:
        """(T,) position of each period's block."""
        return np.repeat(np.arange(len(self.blocks), dtype=np.int64), [b.periods for _, b in self.blocks])

    @cached_property
    def block_slices(self) -> tuple[slice, ...]:
        """The periods of each block."""
        ends = np.cumsum([block.periods for _, block in self.blocks]).tolist()
        return tuple(slice(end - block.periods, end) for end, (_, block) in zip(ends, self.blocks, strict=True))

    @cached_property
    def previous(self) -> Ints:
        """(T,) code of the period before, within the block; before the first stands the last, as weeks follow weeks."""
        before = np.arange(-1, len(self.block_of) - 1, dtype=np.int64)
        for periods in self.block_slices:
            before[periods.start] = periods.stop - 1
        return before

    def _per_period(self, values: list[float]) -> Floats:
        return np.asarray(values, dtype=np.float64)[self.block_of]

    @cached_property
    def hours(self) -> Floats:
        """(T,) h: length of each period."""
        return self._per_period([b.period_hours for _, b in self.blocks])

    @cached_property
    def weight(self) -> Floats:
        """(T,) g: how often each period occurs."""
        return self._per_period([b.weight for _, b in self.blocks])

    @cached_property
    def weight_hours(self) -> Floats:
        """(T,) g x h."""
        return self.weight * self.hours

    @cached_property
    def plan_hours(self) -> float:
        """Sum of g x h."""
        return float(self.weight_hours.sum())

    @cached_property
    def price_factor(self) -> Floats:
        """(T,) factor on usage prices."""
        return self._per_period([b.price_factor for _, b in self.blocks])

    @cached_property
    def _edges_us(self) -> tuple[Ints, Ints]:
        starts, ends = [], []
        for _, block in self.blocks:
            last = block.start + timedelta(hours=block.period_hours * block.periods)
            micros = np.array([_micros(edge) for edge in (*block.starts(), last)], dtype=np.int64)
            starts.append(micros[:-1])
            ends.append(micros[1:])
        empty = np.zeros(0, dtype=np.int64)
        return np.concatenate([empty, *starts]), np.concatenate([empty, *ends])

    @property
    def starts_us(self) -> Ints:
        """(T,) start of each period, microseconds since 1970 UTC, ascending."""
        return self._edges_us[0]

    @property
    def ends_us(self) -> Ints:
        """(T,) end of each period, microseconds since 1970 UTC."""
        return self._edges_us[1]

    @cached_property
    def demand(self) -> Floats:
        """(W, T) D x demand factor of rigid work, work units per hour; 0 for deferrable work, NaN where not given."""
        found = [
            self._profile(work.demand_units_per_hour, 0.0 if _deferrable(work) else np.nan)
            for work in self.scenario.workloads.values()
        ]
        factor = self._per_period([b.demand_factor for _, b in self.blocks])
        return _stacked(found, len(self.hours)) * factor

    @cached_property
    def up_share(self) -> Floats:
        """(P, T) share of the capacity that is up."""
        found = [self._profile(pool.up_share, 1.0) for pool in self.scenario.pools.values()]
        return _stacked(found, len(self.hours))

    def _profile(self, by_block: dict[str, tuple[float, ...]], absent: float) -> Floats:
        """(T,) values of all blocks; NaN over a block whose profile has the wrong length."""
        parts = []
        for block_id, block in self.blocks:
            values = by_block.get(block_id)
            if values is None:
                parts.append(np.full(block.periods, absent))
            elif len(values) != block.periods:
                parts.append(np.full(block.periods, np.nan))
            else:
                parts.append(np.asarray(values, dtype=np.float64))
        return np.concatenate([np.zeros(0), *parts])

    @cached_property
    def is_deferrable(self) -> NDArray[np.bool_]:
        """(W,) True where work is a volume inside windows."""
        return np.array([_deferrable(work) for work in self.scenario.workloads.values()], dtype=bool)

    @cached_property
    def windows(self) -> tuple[WindowSlot, ...]:
        """Every window. A period belongs to it when it lies wholly inside, and in the window's own block."""
        by_id = {block_id: (code, block) for code, (block_id, block) in enumerate(self.blocks)}
        found = []
        for code, work in enumerate(self.scenario.workloads.values()):
            for name, window in work.windows.items():
                block_code, block = by_id[window.block]
                low, high = np.searchsorted(self.block_of, [block_code, block_code + 1])
                start, end = _micros(window.start), _micros(window.end)
                first = max(int(np.searchsorted(self.starts_us, start, side="left")), int(low))
                last = min(int(np.searchsorted(self.ends_us, end, side="right")), int(high))
                volume = window.volume_units * block.demand_factor
                found.append(WindowSlot(code, name, volume, block.weight, first, max(first, last)))
        return tuple(found)

    @cached_property
    def rate(self) -> Floats:
        """(W, P) e_k: work units per accelerator-hour, 0 where the SKU cannot do the work."""
        return self._by_pair(lambda w, p: units_per_accelerator_hour(self.scenario, w, p))

    @cached_property
    def ruled_out(self) -> tuple[tuple[str, ...], ...]:
        """(W, P) reason why a pair is no route; "" where it is one."""
        return tuple(
            tuple(eligibility(self.scenario, w, p, self._links)[1] for p in self.pools) for w in self.workloads
        )

    @cached_property
    def _links(self) -> Links:
        return links_by_sites(self.scenario)

    @cached_property
    def queues(self) -> NDArray[np.bool_]:
        """(W,) True where accelerators are assigned beyond the load, so that the queue stays short."""
        return np.array([has_queue(work) for work in self.scenario.workloads.values()], dtype=bool)

    @cached_property
    def load_limit(self) -> Floats:
        """(W, P) c_k: largest busy / assigned; 1 where no queue is modelled, NaN where there is no way."""
        return self._by_pair(lambda w, p: load_limit(self.scenario, w, p, self._links))

    @cached_property
    def load_limit_after(self) -> Floats:
        """(W, P) c_k^f: the same by the latency objective that holds while something has failed."""
        return self._by_pair(lambda w, p: load_limit(self.scenario, w, p, self._links, after_failure=True))

    @cached_property
    def failures(self) -> Failures:
        """The contingencies: what each takes, and where work may go on."""
        shape = len(self.workloads), len(self.pools)
        is_route = np.array([[not reason for reason in row] for row in self.ruled_out], dtype=bool).reshape(shape)
        may_take_over = is_route.copy()
        for w, (name, work) in enumerate(self.scenario.workloads.items()):
            if work.latency_after_failure_ms is not None:
                pairs = [eligibility(self.scenario, name, p, self._links, after_failure=True) for p in self.pools]
                may_take_over[w] = [is_open for is_open, _ in pairs]
        return Failures(self.scenario, is_route, may_take_over)

    @cached_property
    def round_trip_ms(self) -> Floats:
        """(W, P) milliseconds from origin to pool and back, NaN where there is no link."""
        works, pools = self.scenario.workloads, self.scenario.pools
        return self._by_pair(lambda w, p: round_trip_ms(works[w], pools[p], self._links))

    @cached_property
    def service_ms(self) -> Floats:
        """(W, P) s_k: milliseconds with no queue and no network, NaN where the SKU cannot do the work."""
        works, pools = self.scenario.workloads, self.scenario.pools
        return self._by_pair(lambda w, p: service_ms(works[w], pools[p]))

    def _by_pair(self, find: Callable[[str, str], float | None]) -> Floats:
        """(W, P) values; None becomes NaN."""
        rows = [[find(w, p) for p in self.pools] for w in self.workloads]
        return np.asarray(rows, dtype=np.float64).reshape(len(self.workloads), len(self.pools))

    @cached_property
    def always_on(self) -> NDArray[np.bool_]:
        """(P,) True where all that is kept and up is provisioned."""
        return np.array([is_always_on(pool) for pool in self.scenario.pools.values()], dtype=bool)

    @cached_property
    def records(self) -> Records:
        """What may be bought, and what comes and goes."""
        return Records(self.scenario, [block for _, block in self.blocks], self.block_of)

    @cached_property
    def nameplate(self) -> Floats:
        """(P, T) accelerators there are whatever is decided: installed and not retired, committed already, or quota."""
        pools = self.scenario.pools.values()
        size = np.array([pool.capacity_accelerators for pool in pools], dtype=np.float64)[:, None]
        reserved = np.array([pool.purchase_option == "reserved" for pool in pools], dtype=bool)[:, None]
        return np.where(reserved, self.records.committed(), size * self.records.standing)


def _micros(moment: datetime) -> int:
    """Whole microseconds since 1970 UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _deferrable(work: Workload) -> bool:
    return work.flexibility == "deferrable"


def _stacked(rows: list[Floats], columns: int) -> Floats:
    return np.asarray(rows, dtype=np.float64).reshape(len(rows), columns)
