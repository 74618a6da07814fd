"""Least amounts of what is provisioned: in number, in use, and in time."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class MinProvisioned:
    """n[p,t] >= min_provisioned_accelerators, or all that is up of the nameplate where that is less."""

    name: str = "min_provisioned"
    fields: tuple[str, ...] = ("pools.min_provisioned_accelerators",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(pools with a least number, T) rows, in accelerators."""
        pools = data.provisioning.having("min_provisioned_accelerators")
        if not pools.size:
            return None
        least = data.provisioning.field("min_provisioned_accelerators")[pools][:, None]
        least = np.minimum(least, (data.capacity[:, None] * data.up_share)[pools])
        records = tuple(data.pools[p] for p in pools)
        return Rows(-decisions.provisioned[pools], -least, "<=", records, np.ones(len(pools)), "accelerators")


@dataclass(frozen=True)
class MinBusy:
    """sum_k y[k,t] >= min_busy_share x n[p,t]."""

    name: str = "min_busy"
    fields: tuple[str, ...] = ("pools.min_busy_share",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(pools with a least share, T) rows, in accelerators."""
        pools = data.provisioning.having("min_busy_share")
        if not pools.size:
            return None
        share = data.provisioning.field("min_busy_share")[pools]
        lhs = sp.diags_array(share) @ decisions.provisioned[pools] - decisions.busy_by_pool[pools]
        rhs = np.zeros((len(pools), len(data.periods)))
        return Rows(lhs, rhs, "<=", tuple(data.pools[p] for p in pools), np.ones(len(pools)), "accelerators")


@dataclass(frozen=True)
class MinOn:
    """n[p,t] >= what was started within the last min_on_hours."""

    name: str = "min_on"
    fields: tuple[str, ...] = ("pools.min_on_hours",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row per pool with a least time and period, in accelerators."""
        pools = data.provisioning.having("min_on_hours")
        if not pools.size:
            return None
        pool, period, recent = data.provisioning.recent_starts(pools)
        flat = sp.csr_array(
            (np.ones(len(pool)), (np.arange(len(pool)), pool + len(data.pools) * period)),
            shape=(len(pool), len(data.pools) * len(data.periods)),
        )
        lhs = recent @ cp.vec(decisions.starts, order="F") - flat @ cp.vec(decisions.provisioned, order="F")
        records = tuple(data.pools[p] for p in pool)
        ones = np.ones(len(records))
        return Rows(lhs, np.zeros(len(records)), "<=", records, ones, "accelerators", False, period)
