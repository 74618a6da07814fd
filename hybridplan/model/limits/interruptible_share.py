"""At most a share of what is served runs on interruptible pools."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions, scales
from hybridplan.model.limits.window_demand import units_by_window


def _capped(data: Data, workloads: list[str]) -> list[str]:
    with_route = {r.workload for r, spot in zip(data.routes, data.route_interruptible, strict=True) if spot}
    return [w for w in workloads if w in with_route and data.scenario.workloads[w].interruptible_share_cap < 1.0]


@dataclass(frozen=True)
class InterruptibleShare:
    """Rigid work: sum_{k interruptible} e_k x[k,t] <= cap_w x (D[w,t] - u[w,t]) in every period."""

    name: str = "interruptible_share"
    fields: tuple[str, ...] = ("workloads.interruptible_share_cap",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(capped rigid workloads, T) rows in unit scales."""
        records = _capped(data, data.rigid)
        if not records:
            return None
        scale = scales(data, records)
        spot = data.incidence(records, "workload", data.productivity * data.route_interruptible)
        cap = np.array([data.scenario.workloads[w].interruptible_share_cap for w in records])[:, None]
        where = [data.rigid.index(w) for w in records]
        demand = data.demand[where] / scale[:, None]
        lhs = sp.diags_array(1.0 / scale) @ spot @ decisions.effective + cp.multiply(cap, decisions.unserved[where])
        return Rows(lhs, cap * demand, "<=", tuple(records), scale, "work units per hour")


@dataclass(frozen=True)
class WindowInterruptibleShare:
    """Deferrable work: units on interruptible pools <= cap_w x (volume - u) in every window."""

    name: str = "interruptible_share_window"
    fields: tuple[str, ...] = ("workloads.interruptible_share_cap",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(V,) rows in unit scales; a window without a cap gets the cap 1, which never binds."""
        if not _capped(data, data.deferrable):
            return None
        works = data.scenario.workloads
        scale = scales(data, [row.workload for row in data.windows])
        cap = np.array([works[row.workload].interruptible_share_cap for row in data.windows])
        volume = np.array([row.volume_units for row in data.windows]) / scale
        spot = units_by_window(decisions, data, data.route_interruptible.astype(float))
        lhs = spot + cp.multiply(cap, decisions.unserved_window)
        records = tuple(f"{row.workload}:{row.window}" for row in data.windows)
        return Rows(lhs, cap * volume, "<=", records, scale, "work units", by_period=False)
