"""At most a share of a workload's demand stays unserved over the horizon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions, scales
from hybridplan.model.limits.must_serve import unserved_units
from hybridplan.model.periods import Array


def demanded_units(data: Data, workloads: list[str]) -> Array:
    """Demand of each workload over the horizon, growth included: sum of g h D (rigid), g x volume (windows); (N,)."""
    hourly = dict(zip(data.rigid, data.demand @ data.periods.weight_hours, strict=True))
    found = [
        hourly[w] if w in hourly else sum(row.volume_units * row.weight for row in data.windows if row.workload == w)
        for w in workloads
    ]
    return np.array(found, dtype=float)


@dataclass(frozen=True)
class UnservedCap:
    """Units unserved over the horizon <= cap_w x units demanded; one row per workload with a cap below 1."""

    name: str = "unserved_cap"
    fields: tuple[str, ...] = ("workloads.unserved_share_cap",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row per workload: all of its unserved work, in unit scales."""
        caps = {w: work.unserved_share_cap for w, work in data.scenario.workloads.items()}
        known = {w: cap for w in [*data.rigid, *data.deferrable] if (cap := caps[w]) is not None and cap < 1.0}
        if not known:
            return None
        records, scale = list(known), scales(data, list(known))
        most = np.array(list(known.values())) * demanded_units(data, records) / scale
        lhs = unserved_units(decisions, data, records)
        return Rows(lhs, most, "<=", tuple(records), scale, "work units", by_period=False)
