"""Fees of commitments, paid in every hour of their blocks, used or not."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array
from hybridplan.model.standing import service


def standing_usd(data: Data) -> Array:
    """What no decision changes: fee x accelerators committed already x hours in service; one per commitment."""
    return np.array(
        [
            c.fee_usd_per_accelerator_hour
            * c.accelerators
            * float(service(data.scenario, data.periods, c) @ data.periods.weight_hours)
            for c in data.scenario.commitments.values()
        ],
        dtype=float,
    )


@dataclass(frozen=True)
class Commitments:
    """fee_c x (accelerators_c + r[c]) x hours in service."""

    name: str = "commitment"
    fields: tuple[str, ...] = (
        "commitments.fee_usd_per_accelerator_hour",
        "commitments.max_new_accelerators",
        "commitments.starts",
        "commitments.ends",
    )
    is_penalty: bool = False

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression | Array:
        """USD per commitment: what stands already, then what is new."""
        standing = standing_usd(data)
        new = np.where(data.offers.is_bought, 0.0, data.offers.usd) if data.offers.records else np.zeros(0)
        if not new.any():
            return standing
        return cp.hstack([standing, cp.multiply(new, decisions.purchases.sizes)])
