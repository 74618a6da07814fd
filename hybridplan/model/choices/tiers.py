"""Tiered prices: how much of what is provisioned lies in which tier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cvxpy as cp

from hybridplan.model.variables import Wholes

if TYPE_CHECKING:
    from hybridplan.model.data import Data


@dataclass(frozen=True)
class Tiers:
    """Usage of pools whose price changes with the quantity."""

    usd: cp.Expression | None = None
    """USD over the horizon, elementwise, of all tiered pools; None where there are none."""
    definitions: tuple[cp.Constraint, ...] = ()


def build_tiers(data: Data, provisioned: cp.Expression, made: Wholes) -> Tiers:
    """Variables and rows of all tiers."""
    return Tiers()
