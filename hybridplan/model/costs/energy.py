"""Energy of pools whose price does not include it."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp

from hybridplan.model.costs.power import on_it_energy
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class Energy:
    """PUE x electricity price x g h x (busy_kw y + idle_kw (n - y))."""

    name: str = "energy"
    fields: tuple[str, ...] = (
        "pools.price_includes_energy",
        "pools.busy_kw",
        "pools.idle_kw",
        "sites.electricity_usd_per_kwh",
        "sites.pue",
    )
    is_penalty: bool = False

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression:
        """USD per pool and period; (P, T)."""
        return on_it_energy(data.energy_usd_per_kwh, decisions, data)
