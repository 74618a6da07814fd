"""Load runs only on accelerators that were provisioned early enough."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class Provisioned:
    """sum_k a[k,t] <= (1 - held_back_share) n[t'] for t' = t and every period of the lead time before it."""

    name: str = "provisioning"
    fields: tuple[str, ...] = ("pools.lead_time_hours", "pools.can_power_down")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row per elastic pool, period and period of its lead time; accelerators of usable capacity."""
        rows = data.provisioning.lead()
        if not rows.pool.size or not data.routes:
            return None
        shape = len(data.pools), len(data.periods)
        usable = data.usable_share[rows.pool]
        lhs = rows.now(*shape) @ cp.vec(decisions.assigned_by_pool, order="F") - sp.diags_array(usable) @ (
            rows.earlier(*shape) @ cp.vec(decisions.provisioned, order="F")
        )
        records = tuple(data.pools[p] for p in rows.pool)
        ones = np.ones(len(records))
        return Rows(lhs, usable * rows.given, "<=", records, ones, "accelerators", False, rows.period)
