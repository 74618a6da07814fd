"""What spend commitments cover: accelerators that are provisioned, for no more than is committed in any hour."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.model.component import Rows, in_periods
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class Covered:
    """sum_c v[c,p,t] <= n[p,t]."""

    name: str = "covered"
    fields: tuple[str, ...] = ("spend_commitments.rates_usd_per_accelerator_hour",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(pools that may be covered, T) rows, in accelerators."""
        if decisions.spend.covered_by_pool is None:
            return None
        pools = np.unique(data.spending.pool)
        lhs = decisions.spend.covered_by_pool[pools] - decisions.provisioned[pools]
        rhs = np.zeros((len(pools), len(data.periods)))
        return Rows(lhs, rhs, "<=", tuple(data.pools[p] for p in pools), np.ones(len(pools)), "accelerators")


@dataclass(frozen=True)
class SpendCommitmentLimit:
    """sum_p rate v[c,p,t] <= usd_per_hour + r[c] in every period of service; elsewhere nothing is covered."""

    name: str = "spend_commitment"
    fields: tuple[str, ...] = (
        "spend_commitments.usd_per_hour",
        "spend_commitments.rates_usd_per_accelerator_hour",
        "spend_commitments.starts",
        "spend_commitments.ends",
    )

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(commitments that may cover something, T) rows, in USD per hour."""
        spending = data.spending
        used = np.unique(spending.commitment)
        if not used.size:
            return None
        serves = spending.serves[used]
        lhs = spending.taken[used] @ decisions.spend.covered
        growing = np.flatnonzero(np.isin(used, spending.growing))
        if growing.size:
            # Column by column: one new amount counts in each of its periods of service.
            columns = np.searchsorted(spending.growing, used[growing])
            shape = len(used), len(spending.growing)
            pick = sp.csr_array((np.ones(len(growing)), (growing, columns)), shape=shape)
            new = cp.reshape(pick @ decisions.spend.sizes, (len(used), 1), order="F")
            lhs = lhs - cp.multiply(serves, new @ np.ones((1, len(data.periods))))
        rhs = in_periods(spending.usd_per_hour[used], len(data.periods)) * serves
        records = tuple(spending.ids[s] for s in used)
        return Rows(lhs, rhs, "<=", records, np.ones(len(records)), "USD per hour")


@dataclass(frozen=True)
class NewSpend:
    """r[c] <= max_new_usd_per_hour; the least amount is a part of the decision."""

    name: str = "new_spend"
    fields: tuple[str, ...] = ("spend_commitments.max_new_usd_per_hour", "spend_commitments.min_new_usd_per_hour")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row per commitment that may grow, in USD per hour."""
        spending = data.spending
        if not spending.growing.size:
            return None
        records = tuple(spending.ids[s] for s in spending.growing)
        ones = np.ones(len(records))
        return Rows(decisions.spend.sizes, spending.most, "<=", records, ones, "USD per hour", by_period=False)
