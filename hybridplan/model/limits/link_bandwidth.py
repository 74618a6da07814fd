"""Traffic on a link fits its bandwidth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hybridplan.model.component import Rows, in_periods
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.units import GB_PER_HOUR_PER_GBPS


@dataclass(frozen=True)
class LinkBandwidth:
    """sum_k e_k GB_k y[k,t] <= 450 x gbps, egress and ingress on the same directed link added; in GB per hour."""

    name: str = "link_bandwidth"
    fields: tuple[str, ...] = ("links.gbps",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(L, T) rows in GB per hour; shown per Gbit/s."""
        if not data.traffic.limited or not data.routes:
            return None
        lhs = data.traffic.limited_gb_per_busy_hour @ decisions.effective
        rhs = in_periods(data.traffic.limit_gb_per_hour, len(data.periods))
        scale = np.full(len(data.traffic.limited), 1.0 / GB_PER_HOUR_PER_GBPS)
        return Rows(lhs, rhs, "<=", tuple(data.traffic.limited), scale, "Gbit/s")
