"""Pools whose number of accelerators is decided over time, and what stood before a period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from hybridplan.domain import Pool, Scenario
from hybridplan.domain.features import counts_nodes, is_always_on
from hybridplan.model.periods import Array, Periods

Positions = npt.NDArray[np.intp]
_ROUNDING: Final = 1e-9


def is_elastic(pool: Pool) -> bool:
    """True where n is a decision; else owned pools are on, and others provision the least that holds their load."""
    if is_always_on(pool):
        return False
    return bool(
        pool.purchase_option == "owned"
        or pool.ramp_up_accelerators_per_hour is not None
        or pool.ramp_down_accelerators_per_hour is not None
        or pool.lead_time_hours
        or pool.min_provisioned_accelerators
        or pool.min_busy_share
        or pool.min_on_hours
        or pool.start_usd_per_node
        or pool.whole_nodes
    )


@dataclass(frozen=True)
class Lagged:
    """R rows of (pool, period, period before it by some lag).

    ``before`` is the flat position p + P t' of that period, -1 where it lies before the horizon: there the pool's
    initial number stands, ``given`` (R,), 0 elsewhere.
    """

    pool: Positions
    period: Positions
    before: Positions
    given: Array

    def now(self, pools: int, periods: int) -> sp.csr_array:
        """(R x P T) picks the value of each row's own period."""
        return _pick(self.pool + pools * self.period, pools * periods)

    def earlier(self, pools: int, periods: int) -> sp.csr_array:
        """(R x P T) picks the value of the period before; nothing where that lies before the horizon."""
        return _pick(self.before, pools * periods)


class Provisioning:
    """Masks of shape (P,), and rows over pools and periods. Blocks wrap: a week follows a week."""

    def __init__(self, scenario: Scenario, periods: Periods) -> None:
        self._periods = periods
        self._pools = list(scenario.pools.values())
        self.elastic = np.array([is_elastic(pool) for pool in self._pools], dtype=bool)
        self.always_on = np.array([is_always_on(pool) for pool in self._pools], dtype=bool)
        self.whole = self.elastic & np.array([counts_nodes(pool) for pool in self._pools], dtype=bool)
        """n comes in whole nodes."""
        self.whole_kept = np.array(
            [counts_nodes(p) and p.purchase_option == "owned" and p.owned_cost == "avoidable" for p in self._pools],
            dtype=bool,
        )
        self.node = np.array([pool.accelerators_per_node for pool in self._pools], dtype=float)
        starts = [pool.start_usd_per_node > 0 or pool.min_on_hours > 0 for pool in self._pools]
        self.starting: Positions = np.flatnonzero(self.elastic & np.array(starts, dtype=bool))
        """Pools whose starts are counted."""

    def field(self, name: str) -> Array:
        """A number of every pool; NaN where it is not given; (P,)."""
        values = [getattr(pool, name) for pool in self._pools]
        return np.array([np.nan if value is None else value for value in values], dtype=float)

    def having(self, name: str) -> Positions:
        """Elastic pools where this number is given and not 0."""
        values = self.field(name)
        return np.flatnonzero(self.elastic & ~np.isnan(values) & (values != 0))

    def steps(self, pools: Positions) -> Lagged:
        """One row per pool and period, with the period before it."""
        pool, period = self._grid(pools)
        return self._lagged(pool, period, np.ones_like(period))

    def lead(self) -> Lagged:
        """Every elastic pool and period with itself and each period of the lead time before it."""
        pool, period = self._grid(np.flatnonzero(self.elastic))
        pool, period, lag = _repeated(pool, period, self._count(pool, period, "lead_time_hours") + 1)
        return self._lagged(pool, period, lag)

    def recent_starts(self, pools: Positions) -> tuple[Positions, Positions, sp.csr_array]:
        """Pool and period of each row, and (R x len(starting) T) sums of starts within ``min_on_hours``."""
        pool, period = self._grid(pools)
        count = self._count(pool, period, "min_on_hours")
        p, t, lag = _repeated(pool, period, count)
        before, row = self._before(p, t, lag), np.repeat(np.arange(len(pool)), count)
        column = np.searchsorted(self.starting, p) + len(self.starting) * before
        inside = before >= 0
        shape = (len(pool), len(self.starting) * len(self._periods))
        return pool, period, sp.csr_array((np.ones(int(inside.sum())), (row[inside], column[inside])), shape=shape)

    def lead_of(self, pool: int) -> tuple[Positions, Positions]:
        """Period, and each period within the lead time before it (itself too; -1 before the horizon), of one pool."""
        return self._recent(pool, "lead_time_hours", 1)

    def stay_of(self, pool: int) -> tuple[Positions, Positions]:
        """Period, and each period of the horizon whose starts are still on in it, of one pool."""
        period, before = self._recent(pool, "min_on_hours", 0)
        return period[before >= 0], before[before >= 0]

    def _recent(self, pool: int, hours: str, more: int) -> tuple[Positions, Positions]:
        grid = self._grid(np.array([pool]))
        pools, period, lag = _repeated(*grid, self._count(*grid, hours) + more)
        return period, self._before(pools, period, lag)

    def _grid(self, pools: Positions) -> tuple[Positions, Positions]:
        periods = np.arange(len(self._periods), dtype=np.intp)
        return np.repeat(np.asarray(pools, dtype=np.intp), len(periods)), np.tile(periods, len(pools))

    def _count(self, pool: Positions, period: Positions, hours: str) -> Positions:
        """Periods that cover the pool's ``hours``, at each period."""
        exact = self.field(hours)[pool] / self._periods.hours[period]
        return np.ceil(exact - _ROUNDING).astype(np.intp)

    def _before(self, pool: Positions, period: Positions, lag: Positions) -> Positions:
        """The periods ``lag`` earlier: round the block, or -1 where the pool's initial number stood."""
        blocks = np.array([self._periods.first[block] for block in self._periods.block], dtype=np.intp)
        length = np.bincount(blocks, minlength=len(blocks))[blocks]
        first = blocks[period]
        within = period - first - lag
        has_initial = ~np.isnan(self.field("initial_provisioned_accelerators"))[pool]
        outside = (within < 0) & (first == 0) & has_initial
        found: Positions = np.where(outside, -1, first + within % length[period])
        return found

    def _lagged(self, pool: Positions, period: Positions, lag: Positions) -> Lagged:
        before = self._before(pool, period, lag)
        initial = np.nan_to_num(self.field("initial_provisioned_accelerators"))
        flat = np.where(before >= 0, pool + len(self._pools) * before, -1)
        return Lagged(pool, period, flat, np.where(before < 0, initial[pool], 0.0))


def _repeated(pool: Positions, period: Positions, count: Positions) -> tuple[Positions, Positions, Positions]:
    """Every row ``count`` times, with lags 0, 1, ..., count - 1."""
    lag = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(pool, count), np.repeat(period, count), lag.astype(np.intp)


def _pick(columns: Positions, width: int) -> sp.csr_array:
    (rows,) = np.nonzero(columns >= 0)
    return sp.csr_array((np.ones(len(rows)), (rows, columns[rows])), shape=(len(columns), width))
