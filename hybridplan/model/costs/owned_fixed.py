"""Fixed cost of owned capacity, paid on what is kept in every hour."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array


def sunk_usd(data: Data) -> Array:
    """Owned cost that no decision changes: price x installed x hours until sunk pools retire; (P,)."""
    sunk = data.option("owned") & ~data.avoidable
    cost: Array = sunk * data.price * data.capacity * data.standing.service_hours
    return cost


@dataclass(frozen=True)
class OwnedFixed:
    """price_p x hours until it retires x kept[p]; a constant where the cost is sunk."""

    name: str = "owned_fixed"
    fields: tuple[str, ...] = ("pools.price_usd_per_accelerator_hour", "pools.owned_cost", "pools.retires")
    is_penalty: bool = False

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression | Array:
        """USD per pool: the sunk pools, then the avoidable ones."""
        sunk = sunk_usd(data)
        if not decisions.kept.size:
            return sunk
        rate = (data.price * data.standing.service_hours)[data.avoidable]
        return cp.hstack([sunk, cp.multiply(rate, decisions.kept)])
