"""Work that must be served leaves nothing unserved."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions, scales


def unserved_units(decisions: Decisions, data: Data, workloads: list[str]) -> cp.Expression:
    """Units unserved over the horizon in unit scales: sum of g h u (rigid), g u (windows); one for each workload."""
    sums: list[cp.Expression] = []
    for work_id in workloads:
        if work_id in data.rigid:
            row = decisions.unserved[data.rigid.index(work_id)]
            sums.append(cp.sum(cp.multiply(data.periods.weight_hours, row)))
        else:
            mine = np.array([r.weight * (r.workload == work_id) for r in data.windows])
            sums.append(cp.sum(cp.multiply(mine, decisions.unserved_window)))
    return cp.hstack(sums)


@dataclass(frozen=True)
class MustServe:
    """Units unserved over the horizon <= 0 for every workload with ``must_serve``: g h u (rigid), g u (windows)."""

    name: str = "must_serve"
    fields: tuple[str, ...] = ("workloads.must_serve",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row per workload: all of its unserved work, in unit scales."""
        works = data.scenario.workloads
        records = [w for w in [*data.rigid, *data.deferrable] if works[w].must_serve]
        if not records:
            return None
        lhs, rhs = unserved_units(decisions, data, records), np.zeros(len(records))
        scale = scales(data, records)
        return Rows(lhs, rhs, "<=", tuple(records), scale, "work units", by_period=False)
