"""All costs of the horizon, penalties apart, fit the budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.component import CostTerm, Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.units import of_horizon


def horizon_budget_usd(data: Data) -> float | None:
    """The budget for the horizon: as given, or the year's share plan_hours / 8760."""
    budget = data.scenario.policy.budget
    if budget is None:
        return None
    return of_horizon(budget.usd, budget.per, data.scenario.horizon.plan_hours)


@dataclass(frozen=True)
class BudgetLimit:
    """sum of cost terms (sunk included, penalties excluded) <= budget; one row, in thousand USD."""

    costs: Sequence[CostTerm]
    name: str = "budget"
    fields: tuple[str, ...] = ("policy.budget",)
    scale_usd: float = 1000.0

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row."""
        limit = horizon_budget_usd(data)
        if limit is None:
            return None
        terms = [term.expression(decisions, data) for term in self.costs]
        total = cp.sum(cp.hstack([cp.sum(term) for term in terms if term.size]))
        lhs = cp.reshape(total / self.scale_usd, (1,), order="C")
        rhs = np.array([limit / self.scale_usd])
        return Rows(lhs, rhs, "<=", ("policy",), np.array([self.scale_usd]), "USD", by_period=False)
