"""No more can be newly committed than is on offer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class NewCommitment:
    """r[c] <= max_new_accelerators; the least number is a part of the decision."""

    name: str = "new_commitment"
    fields: tuple[str, ...] = ("commitments.max_new_accelerators", "commitments.min_new_accelerators")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row per commitment that may grow, in accelerators."""
        offered = np.flatnonzero(~data.offers.is_bought) if data.offers.records else np.zeros(0, dtype=np.intp)
        if not offered.size:
            return None
        records = tuple(data.offers.records[r][1] for r in offered)
        lhs, rhs = decisions.purchases.sizes[offered], data.offers.most[offered]
        return Rows(lhs, rhs, "<=", records, np.ones(len(records)), "accelerators", by_period=False)
