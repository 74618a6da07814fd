"""Deferrable work is done inside its window, or counted as unserved."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions, scales


def units_by_window(decisions: Decisions, data: Data, keep: np.ndarray | None = None) -> cp.Expression:
    """Work done in each window in unit scales: sum_t h_t sum_k e_k x[k,t] (routes where ``keep``); (V,)."""
    of_window = [row.workload for row in data.windows]
    value = data.productivity if keep is None else data.productivity * keep
    names = list(dict.fromkeys(of_window))
    pick = sp.csr_array(np.array([[float(w == name) for name in names] for w in of_window]))
    per_hour = pick @ data.incidence(names, "workload", value)
    per_hour = sp.diags_array(1.0 / scales(data, of_window)) @ per_hour
    return cp.sum(cp.multiply(data.window_mask * data.periods.hours, per_hour @ decisions.effective), axis=1)


@dataclass(frozen=True)
class WindowDemand:
    """sum_{t in window} h_t sum_k e_k x[k,t] + u[v] = volume[v] for every window."""

    name: str = "window_demand"
    fields: tuple[str, ...] = ("workloads.windows",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(V,) rows, each divided by the workload's unit scale."""
        if not data.windows:
            return None
        scale = scales(data, [row.workload for row in data.windows])
        lhs: cp.Expression = decisions.unserved_window
        if data.routes:
            lhs = lhs + units_by_window(decisions, data)
        rhs = np.array([row.volume_units for row in data.windows]) / scale
        records = tuple(f"{row.workload}:{row.window}" for row in data.windows)
        return Rows(lhs, rhs, "==", records, scale, "work units", by_period=False)
