"""Carbon of the whole plan stays within the cap."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.component import Rows
from hybridplan.model.costs.power import on_it_energy
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.units import of_horizon


@dataclass(frozen=True)
class CarbonCap:
    """sum over pools and periods of what cost term ``carbon`` prices, in tonnes <= cap; one row."""

    name: str = "carbon_cap"
    fields: tuple[str, ...] = ("policy.carbon_cap", "sites.grid_carbon_g_per_kwh")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row, in what an accelerator emits in a period; None where nothing is known to emit."""
        cap, tonnes_per_kwh = data.scenario.policy.carbon_cap, data.carbon_per_kwh()
        rate = tonnes_per_kwh * data.busy_kw
        if cap is None or not np.any(rate > 0):
            return None
        scale = float(np.median(rate[rate > 0])) * float(np.median(data.periods.weight_hours))
        total = cp.sum(on_it_energy(tonnes_per_kwh / scale, decisions, data))
        limit = of_horizon(cap.tonnes, cap.per, data.scenario.horizon.plan_hours)
        lhs = cp.reshape(total, (1,), order="C")
        return Rows(lhs, np.array([limit / scale]), "<=", ("policy",), np.array([scale]), "t CO2e", by_period=False)
