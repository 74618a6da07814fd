"""Carbon of every pool at the policy's price."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp

from hybridplan.model.costs.power import on_it_energy
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class Carbon:
    """Carbon price x location-based g/kWh x PUE x g h x (busy_kw y + idle_kw (n - y)), rented pools too."""

    name: str = "carbon"
    fields: tuple[str, ...] = ("policy.carbon_usd_per_tonne", "sites.grid_carbon_g_per_kwh")
    is_penalty: bool = False

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression:
        """USD per pool and period; (P, T)."""
        return on_it_energy(data.carbon_usd_per_kwh, decisions, data)
