"""Keeping data: every copy of a dataset, and results with their backup."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array


@dataclass(frozen=True)
class Storage:
    """size x price x plan_hours / 730 of every copy, home too; g h e_k x GB x hours kept / 730 x price of results."""

    name: str = "storage"
    fields: tuple[str, ...] = (
        "sites.storage_usd_per_gb_month",
        "datasets.size_gb",
        "workloads.result_gb_per_unit",
        "workloads.result_kept_hours",
    )
    is_penalty: bool = False

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression | Array:
        """USD per copy that stands, per copy that may be made, and per route and period, in one row."""
        datasets, results = data.datasets, data.traffic.result_usd_per_unit
        parts: list[cp.Expression] = []
        if datasets.standing:
            parts.append(cp.Constant(datasets.storage_usd(datasets.standing)))
        if datasets.choosable:
            parts.append(cp.multiply(datasets.storage_usd(datasets.choosable), decisions.copies.made))
        if np.any(results):
            rate = (results * data.productivity)[:, None] * data.periods.weight_hours
            parts.append(cp.vec(cp.multiply(rate, decisions.effective), order="F"))
        return cp.hstack(parts) if parts else np.zeros(0)
