"""An explicit cost per work unit of a route (freight, a licence)."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class RouteCost:
    """g h x e_k x cost_k x y[k,t]."""

    name: str = "route"
    fields: tuple[str, ...] = ("workloads.route_cost_usd_per_unit",)
    is_penalty: bool = False

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression:
        """USD per route and period; (K, T)."""
        rate = (data.route_usd_per_unit * data.productivity)[:, None] * data.periods.weight_hours
        return cp.multiply(rate, decisions.effective)
