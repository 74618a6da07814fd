"""No more can be bought than is on offer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class Bought:
    """b[e] <= max_accelerators; the least number is a part of the decision."""

    name: str = "bought"
    fields: tuple[str, ...] = ("expansions.max_accelerators", "expansions.min_accelerators")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row per expansion, in accelerators."""
        offered = np.flatnonzero(data.offers.is_bought)
        if not offered.size:
            return None
        records = tuple(data.offers.records[r][1] for r in offered)
        lhs, rhs = decisions.purchases.sizes[offered], data.offers.most[offered]
        return Rows(lhs, rhs, "<=", records, np.ones(len(records)), "accelerators", by_period=False)
