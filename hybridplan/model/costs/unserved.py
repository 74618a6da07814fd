"""Penalty for demand that is not served."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions, scales


@dataclass(frozen=True)
class Unserved:
    """unserved price x (g h u for rigid work, g u for windows of deferrable work)."""

    name: str = "unserved"
    fields: tuple[str, ...] = ("workloads.unserved_usd_per_unit",)
    is_penalty: bool = True

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression:
        """USD per rigid workload and period, then per window, as one vector."""
        works = data.scenario.workloads
        hourly = np.array([works[w].unserved_usd_per_unit for w in data.rigid]) * scales(data, data.rigid)
        of_window = [row.workload for row in data.windows]
        price = np.array([works[w].unserved_usd_per_unit for w in of_window]) * scales(data, of_window)
        weight = np.array([row.weight for row in data.windows])
        parts: list[cp.Expression] = []
        if decisions.unserved.size:
            parts.append(
                cp.vec(cp.multiply(hourly[:, None] * data.periods.weight_hours, decisions.unserved), order="C")
            )
        if decisions.unserved_window.size:
            parts.append(cp.multiply(price * weight, decisions.unserved_window))
        return cp.hstack(parts) if parts else cp.Constant(np.zeros(1))
