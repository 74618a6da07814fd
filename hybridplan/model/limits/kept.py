"""No more can be kept than is installed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class Kept:
    """kept[p] <= installed, one decision for the whole horizon, for owned pools whose cost is avoidable."""

    name: str = "kept"
    fields: tuple[str, ...] = ("pools.owned_cost",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row per avoidable pool, in accelerators."""
        if not decisions.kept.size:
            return None
        records = tuple(p for p, avoidable in zip(data.pools, data.avoidable, strict=True) if avoidable)
        installed = data.capacity[data.avoidable]
        return Rows(decisions.kept, installed, "<=", records, np.ones(len(records)), "accelerators", by_period=False)
