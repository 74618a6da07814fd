"""Spend commitments: how many accelerators they cover in each period, and what is newly committed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cvxpy as cp
import numpy as np

from hybridplan.model.periods import Array
from hybridplan.model.variables import Wholes

if TYPE_CHECKING:
    from hybridplan.model.data import Data


@dataclass(frozen=True)
class Spend:
    """Decisions on spend commitments."""

    covered: cp.Expression
    """v, accelerators, one row per (commitment, pool) pair; (V, T)."""
    covered_by_pool: cp.Expression | None
    """(P, T); None where nothing can be covered."""
    sizes: cp.Expression
    """USD per hour newly committed, one per commitment that may grow."""
    definitions: tuple[cp.Constraint, ...] = ()


def build_spend(data: Data, made: Wholes) -> Spend:
    """Variables of all spend commitments."""
    return Spend(cp.Constant(np.zeros((0, len(data.periods)))), None, cp.Constant(np.zeros(0)))


def read_spend(spend: Spend, data: Data, provisioned: Array, dust: float) -> tuple[Array, Array]:
    """Covered accelerators (V, T), at most what is provisioned (P, T), and newly committed USD per hour."""
    return np.zeros((0, len(data.periods))), np.zeros(0)
