"""Data between the site a workload is served from and the pool's site."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class Transfer:
    """g h x e_k x (ingress GB x usd_per_gb out + egress GB x usd_per_gb back) x y[k,t]."""

    name: str = "transfer"
    fields: tuple[str, ...] = ("links.usd_per_gb", "workloads.ingress_gb_per_unit", "workloads.egress_gb_per_unit")
    is_penalty: bool = False

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression:
        """USD per route and period; (K, T)."""
        rate = (data.traffic.usd_per_unit * data.productivity)[:, None] * data.periods.weight_hours
        return cp.multiply(rate, decisions.effective)
