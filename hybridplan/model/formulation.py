"""Formulation: decisions, cost terms and limits of a scenario put together as one CVXPY problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.catalogue import COSTS, LIMITS
from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions, Whole, build_decisions
from hybridplan.model.periods import Array
from hybridplan.plan import PlanKind

OTHERS = ("usage", "commitment", "transfer", "expansion")
"""Cost terms that are paid to others: what ``owned_first`` makes least, after unserved demand."""


@dataclass(frozen=True)
class Formulation:
    """One model of one scenario: build it, solve it, drop it; never share it between threads."""

    data: Data
    decisions: Decisions
    costs: dict[str, cp.Expression]
    """USD over the horizon by term (a scalar each)."""
    rows: dict[str, Rows]
    constraints: dict[str, cp.Constraint]

    @property
    def total_usd(self) -> cp.Expression:
        """The objective: all costs and penalties."""
        return cp.sum(cp.hstack(list(self.costs.values())))

    @property
    def others_usd(self) -> cp.Expression:
        """Unserved penalty + what is paid to others."""
        return cp.sum(cp.hstack([self.costs[name] for name in ("unserved", *OTHERS)]))

    def problem(self, objective: cp.Expression, *extra: cp.Constraint) -> cp.Problem:
        """Minimise ``objective`` under all limits and ``extra`` ones."""
        rules = [*self.constraints.values(), *self.decisions.definitions, *extra]
        return cp.Problem(cp.Minimize(objective), rules)

    @property
    def kind(self) -> PlanKind:
        """Whole numbers, cones, or neither."""
        if any(isinstance(part, cp.Variable) and part.attributes["integer"] for part in self.decisions.wholes.values()):
            return "mixed_integer"
        if any(isinstance(rule, cp.SOC) for rule in self.decisions.definitions):
            return "conic"
        return "linear"

    @property
    def money_scale(self) -> float:
        """A typical cost coefficient: the objective is divided by it, so that small prices keep their digits."""
        rate: Array = np.abs(self.data.price[self.data.price > 0])
        typical = float(np.median(rate)) if rate.size else 1.0
        return typical * float(np.median(self.data.periods.weight_hours))


def formulate(data: Data, wholes: Whole | Mapping[str, Array] = "decided") -> Formulation:
    """Build variables, costs and hard limits for a scenario; ``wholes`` as in :func:`build_decisions`."""
    decisions = build_decisions(data, wholes)
    costs = {term.name: _total(term.expression(decisions, data)) for term in COSTS}
    rows = {limit.name: found for limit in LIMITS if (found := limit.rows(decisions, data)) is not None}
    constraints = {name: row.constraint() for name, row in rows.items()}
    return Formulation(data, decisions, costs, rows, constraints)


def _total(expression: cp.Expression | Array) -> cp.Expression:
    return cp.sum(expression) if expression.size else cp.Constant(0.0)
