"""Tiers of rented pools as arrays: one row for each tier of each quantity that a price is looked up for."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from hybridplan.domain import Pool, Scenario
from hybridplan.domain.features import caps_rent, chooses_tiers, has_tiers
from hybridplan.domain.prices import REACHED_TOLERANCE, contracted_tiers_usd
from hybridplan.model.periods import Array, Periods

Mask = npt.NDArray[np.bool_]
_ROUNDING: Final = 1e-12
_CLEAR: Final = 1.0 - 2.0 * REACHED_TOLERANCE
"""Where a price that is worse for the plan would hold for all, a quantity stays clear of what counts as reached."""


class PriceTiers:
    """Rows (S,) are tiers, in order within their cell; a cell is a quantity.

    That of a pool with basis hour is n[p,t], one cell for each period; with basis horizon it is sum of g h n, counted
    in the quantity at which the first tier begins, since solvers round by absolute amounts.
    """

    def __init__(self, scenario: Scenario, periods: Periods) -> None:
        self._periods, self._pools = periods, len(scenario.pools)
        parts = [_Part(scenario, periods, i, p) for i, p in enumerate(scenario.pools.values()) if has_tiers(p)]
        self.pools: npt.NDArray[np.intp] = np.array([part.pool for part in parts], dtype=np.intp)
        """Positions of tiered pools."""
        count = [part.cells * part.low.size for part in parts]
        offsets = np.cumsum([0, *(part.cells for part in parts)])
        self.cells = int(offsets[-1])

        def rows(values: list[Array]) -> Array:
            return np.concatenate([np.zeros(0), *values])

        self.low: Array = rows([np.tile(part.low, part.cells) for part in parts])
        """Where each tier begins."""
        self.high: Array = rows([np.tile(part.high, part.cells) for part in parts])
        self.usd: Array = rows([np.outer(part.charge, part.usd).ravel() for part in parts])
        """USD over the horizon for each unit of the quantity in the tier."""
        within = [np.repeat(np.arange(part.cells), part.low.size) for part in parts]
        self.cell = rows([first + cell for first, cell in zip(offsets, within, strict=False)]).astype(np.intp)
        self.is_volume: Mask = np.repeat(np.array([part.is_volume for part in parts], dtype=bool), count)
        chooses = np.repeat(np.array([part.chooses for part in parts], dtype=bool), count)
        self.chosen: npt.NDArray[np.intp] = np.flatnonzero(self.is_volume | (chooses & (self.low > 0)))
        """Rows of tiers that are reached or not."""
        self.pool_of_tier: npt.NDArray[np.intp] = np.repeat(self.pools, count)
        """Position of the pool of each tier."""
        self._quantities = [part.quantities(self._pools) for part in parts]

    @property
    def of_cell(self) -> sp.csr_array:
        """(cells x S) 1 where the tier belongs to the cell."""
        rows = np.arange(self.cell.size)
        return sp.csr_array((np.ones(self.cell.size), (self.cell, rows)), shape=(self.cells, self.cell.size))

    @property
    def quantities(self) -> sp.csr_array:
        """(cells x P T) times n, in column-major order, gives the quantities."""
        return sp.csr_array(sp.vstack(self._quantities))

    def largest(self, most: Array) -> Array:
        """Largest quantity of each row's cell where n is at most ``most``, (P, T); (S,)."""
        found: Array = (self.quantities @ most.ravel(order="F"))[self.cell]
        return found

    def within(self, most: Array) -> Mask:
        """Whether each tier can be reached where n is at most ``most``; (S,)."""
        found: Mask = self.low <= self.largest(most) * (1.0 + _ROUNDING)
        return found

    def widths(self, most: Array) -> tuple[Array, Mask]:
        """Most that may lie in each tier, and whether it is the last one that can be reached; (S,)."""
        largest, within = self.largest(most), self.within(most)
        top = np.minimum(self.high, largest)
        width: Array = np.where(within, np.where(self.is_volume, top, np.maximum(top - self.low, 0.0)), 0.0)
        return width, within & (self.high >= largest)

    def usage_usd(self, provisioned: Array) -> float:
        """What all tiered pools cost over the horizon where n is ``provisioned``, (P, T)."""
        if not self.cells:
            return 0.0
        quantity = (self.quantities @ provisioned.ravel(order="F"))[self.cell]
        is_last = np.append(self.cell[1:] != self.cell[:-1], True)
        end = np.where(is_last, np.inf, np.append(self.low[1:], np.inf))
        inside = np.clip(quantity, self.low, end) - self.low
        begun = quantity >= self.low * (1.0 - REACHED_TOLERANCE)
        holds = begun & (quantity < end * (1.0 - REACHED_TOLERANCE))
        return float(self.usd @ np.where(self.is_volume, np.where(holds, quantity, 0.0), inside))


class _Part:
    """Tiers of one pool: ``low``, ``high`` and ``usd`` of each; ``charge`` of each cell multiplies prices."""

    def __init__(self, scenario: Scenario, periods: Periods, position: int, pool: Pool) -> None:
        self.pool, self._periods = position, periods
        self._by_hour = pool.tier_basis == "hour"
        self.cells = len(periods) if self._by_hour else 1
        low, self.usd = np.array(contracted_tiers_usd(scenario, pool), dtype=float).T
        self._unit = 1.0 if self._by_hour else float(low[1])
        self.low: Array = low / self._unit
        by_period = periods.price_factor * periods.weight_hours
        self.charge: Array = by_period if self._by_hour else np.array([self._unit])
        self.is_volume, self.chooses = pool.tier_form == "volume", chooses_tiers(pool, scenario.policy)
        # The dearer of two prices at one quantity is sought where it makes the whole larger that has a share.
        gains = (np.diff(self.usd) > 0) | caps_rent(scenario.policy)
        self.high: Array = np.append(self.low[1:] * np.where(self.is_volume & gains, _CLEAR, 1.0), np.inf)

    def quantities(self, pools: int) -> sp.csr_array:
        """(cells x P T)."""
        periods = len(self._periods)
        columns = self.pool + pools * np.arange(periods)
        if self._by_hour:
            return sp.csr_array((np.ones(periods), (np.arange(periods), columns)), shape=(periods, pools * periods))
        hours = self._periods.weight_hours / self._unit
        return sp.csr_array((hours, (np.zeros(periods, dtype=np.intp), columns)), shape=(1, pools * periods))
