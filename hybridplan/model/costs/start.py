"""Starts: paid whenever a node is switched on."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array


@dataclass(frozen=True)
class Start:
    """g x start_usd_per_node x accelerators started / accelerators_per_node."""

    name: str = "start"
    fields: tuple[str, ...] = ("pools.start_usd_per_node",)
    is_penalty: bool = False

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression | Array:
        """USD per pool whose starts count, and period."""
        if not decisions.starts.size:
            return np.zeros(0)
        pools = data.provisioning.starting
        rate = data.provisioning.field("start_usd_per_node")[pools] / data.provisioning.node[pools]
        return cp.multiply(rate[:, None] * data.periods.weight, decisions.starts)
