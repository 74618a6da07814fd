"""Balance: a penalty on uneven use of owned and committed pools."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.curves import balanced
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array


@dataclass(frozen=True)
class BalancePenalty:
    """g h x weight x the largest busy / installed, or x sum over pools of busy^2 / installed."""

    name: str = "balance"
    fields: tuple[str, ...] = ("policy.balance",)
    is_penalty: bool = True

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression | Array:
        """USD per period, or per pool and period."""
        balance, uneven = data.scenario.policy.balance, decisions.curves.uneven
        if balance is None or not uneven.size:
            return np.zeros(0)
        rate = balance.weight_usd_per_hour * data.periods.weight_hours
        if balance.form == "largest":
            return cp.multiply(rate[None, :], uneven)
        return cp.multiply(data.capacity[balanced(data)][:, None] * rate, uneven)
