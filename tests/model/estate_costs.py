"""The least cost of an estate without whole numbers, as the optimiser has it, without tables and certificate."""

from __future__ import annotations

from math import inf
from typing import Any

from hybridplan.domain import require
from hybridplan.model.data import Data
from hybridplan.model.formulation import formulate
from hybridplan.model.linear import run


def least_cost(document: dict[str, Any]) -> float:
    """Infinite where there is no plan."""
    model = formulate(Data(require(document)))
    ended = run(model.problem(model.total_usd / model.money_scale), 30)
    assert ended.outcome in ("optimal", "infeasible"), ended.outcome
    return float(model.total_usd.value) if ended.outcome == "optimal" else inf
