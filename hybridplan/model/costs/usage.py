"""Usage of rented capacity: what is provisioned is billed, unless a spend commitment covers it."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


def hourly_usd(decisions: Decisions, data: Data) -> cp.Expression:
    """USD over the horizon of pools whose price does not change with the quantity; 0 of others. (P, T)."""
    rented = np.where(data.option("on_demand", "interruptible"), data.price, 0.0)
    rented[data.price_tiers.pools] = 0.0
    rate = rented[:, None] * data.periods.price_factor * data.periods.weight_hours
    billed, covered = decisions.provisioned, decisions.spend.covered_by_pool
    return cp.multiply(rate, billed if covered is None else billed - covered)


@dataclass(frozen=True)
class Usage:
    """On demand and interruptible: price_p x price_factor_t x g_t h_t x (n[p,t] - covered); tiers where there are."""

    name: str = "usage"
    fields: tuple[str, ...] = (
        "pools.price_usd_per_accelerator_hour",
        "pools.price_tiers",
        "pools.tier_form",
        "pools.tier_basis",
        "horizon.blocks.price_factor",
    )
    is_penalty: bool = False

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression:
        """USD per pool and period, (P, T); with tiers a vector of these and of the USD of each tier."""
        usd = hourly_usd(decisions, data)
        if decisions.tiers.usd is None:
            return usd
        return cp.hstack([cp.vec(usd, order="F"), decisions.tiers.usd])
