"""The periods and windows of a scenario as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from hybridplan.domain import Scenario

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Periods:
    """All periods of the horizon, by start; arrays of shape (T,)."""

    block: npt.NDArray[np.object_]
    start: pd.DatetimeIndex
    """UTC."""
    hours: Array
    weight: Array
    """g, how often the period's block occurs."""
    demand_factor: Array
    price_factor: Array
    first: dict[str, int]
    """Position of the first period of each block."""

    @classmethod
    def of(cls, scenario: Scenario) -> Periods:
        """Flatten the blocks of a scenario."""
        ordered = scenario.horizon.ordered()
        count = [block.periods for _, block in ordered]

        def spread(values: list[float]) -> Array:
            return np.repeat(np.asarray(values, dtype=float), count)

        offsets = np.cumsum([0, *count[:-1]])
        return cls(
            block=np.repeat(np.array([block_id for block_id, _ in ordered], dtype=object), count),
            start=pd.DatetimeIndex(pd.to_datetime([t for _, block in ordered for t in block.starts()], utc=True)),
            hours=spread([block.period_hours for _, block in ordered]),
            weight=spread([block.weight for _, block in ordered]),
            demand_factor=spread([block.demand_factor for _, block in ordered]),
            price_factor=spread([block.price_factor for _, block in ordered]),
            first={block_id: int(offset) for (block_id, _), offset in zip(ordered, offsets, strict=True)},
        )

    @property
    def weight_hours(self) -> Array:
        """g x h."""
        product: Array = self.weight * self.hours
        return product

    def __len__(self) -> int:
        return len(self.block)


@dataclass(frozen=True)
class WindowRow:
    """One window of a deferrable workload."""

    workload: str
    window: str
    periods: range
    volume_units: float
    """Units per occurrence of the block, growth included."""
    weight: float
    """g of its block."""
