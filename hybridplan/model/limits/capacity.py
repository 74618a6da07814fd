"""A pool's load fits what it provides, less the share held back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions, kept_and_up, spread_reserve


@dataclass(frozen=True)
class Capacity:
    """sum_k a[k,t] <= (1 - held_back_share_p) up_share_p(t) x (installed, kept, quota or committed, and what is new).

    What is provisioned beyond the load for a failure, times 1 - held_back_share_p, stands beside the load.
    Of elastic pools n itself fits the capacity; both sides are then times 1 - held_back_share, so that the dual means
    the same.
    """

    name: str = "capacity"
    fields: tuple[str, ...] = (
        "pools.capacity_accelerators",
        "pools.held_back_share",
        "pools.up_share",
        "commitments.accelerators",
    )

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(P, T) rows in accelerators of usable capacity."""
        elastic = data.provisioning.elastic
        if not data.routes and not elastic.any():
            return None
        usable = data.usable_share[:, None] * data.up_share
        fixed = np.where(data.avoidable, 0.0, data.capacity)[:, None] * usable
        lhs = decisions.assigned_by_pool
        if elastic.any():
            lhs = sp.diags_array(np.where(elastic, 0.0, 1.0)) @ lhs
            lhs = lhs + sp.diags_array(np.where(elastic, data.usable_share, 0.0)) @ decisions.provisioned
        if decisions.reserve.size:
            lhs = lhs + sp.diags_array(data.usable_share) @ (spread_reserve(data) @ decisions.reserve)
        if decisions.purchases.added is not None:
            lhs = lhs - sp.diags_array(data.usable_share) @ decisions.purchases.added
        if decisions.kept.size:
            lhs = lhs - kept_and_up(data, decisions.kept, data.usable_share)
        ones = np.ones(len(data.pools))
        return Rows(lhs, fixed, "<=", tuple(data.pools), ones, "accelerators")
