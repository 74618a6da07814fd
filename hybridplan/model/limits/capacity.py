"""A pool's load fits what it provides, less the share held back."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class Capacity:
    """sum_k y[k,t] <= (1 - held_back_share_p) up_share_p(t) x (installed, kept, quota or committed)."""

    name: str = "capacity"

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(P, T) rows in accelerators of usable capacity."""
        if not data.routes:
            return None
        usable = data.usable_share[:, None] * data.up_share
        fixed = np.where(data.avoidable, 0.0, data.capacity)[:, None] * usable
        lhs = decisions.busy_by_pool
        if decisions.kept.size:
            pick = sp.csr_array(np.eye(len(data.pools))[:, data.avoidable])
            spread = cp.reshape(pick @ decisions.kept, (len(data.pools), 1), order="C")
            lhs = lhs - cp.multiply(usable, spread @ np.ones((1, len(data.periods))))
        ones = np.ones(len(data.pools))
        return Rows(lhs, fixed, "<=", tuple(data.pools), ones, "accelerators")
