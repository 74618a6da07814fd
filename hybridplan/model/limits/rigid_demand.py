"""Rigid demand is served in its own period, or counted as unserved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions, scales


@dataclass(frozen=True)
class RigidDemand:
    """sum_k e_k x[k,t] + u[w,t] = D[w,t] for every rigid workload and period."""

    name: str = "rigid_demand"
    fields: tuple[str, ...] = ("workloads.demand_units_per_hour",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(W, T) rows, each divided by the workload's unit scale."""
        if not data.rigid:
            return None
        scale = scales(data, data.rigid)
        served = sp.diags_array(1.0 / scale) @ data.incidence(data.rigid, "workload", data.productivity)
        lhs = served @ decisions.effective + decisions.unserved if data.routes else decisions.unserved
        rhs = data.demand / scale[:, None]
        return Rows(lhs, rhs, "==", tuple(data.rigid), np.asarray(scale), "work units per hour")
