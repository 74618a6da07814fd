"""Usage of rented capacity: what is provisioned is billed."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class Usage:
    """On demand and interruptible: price_p x price_factor_t x g_t h_t x n[p,t]."""

    name: str = "usage"
    fields: tuple[str, ...] = ("pools.price_usd_per_accelerator_hour", "horizon.blocks.price_factor")
    is_penalty: bool = False

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression:
        """USD per pool and period; (P, T)."""
        rented = np.where(data.option("on_demand", "interruptible"), data.price, 0.0)
        rate = rented[:, None] * data.periods.price_factor * data.periods.weight_hours
        return cp.multiply(rate, decisions.provisioned)
