"""Fees of existing commitments, paid in every hour, used or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array


@dataclass(frozen=True)
class Commitments:
    """fee_c x accelerators_c x plan_hours: a constant."""

    name: str = "commitment"
    fields: tuple[str, ...] = ("commitments.fee_usd_per_accelerator_hour",)
    is_penalty: bool = False

    def expression(self, decisions: Decisions, data: Data) -> Array:
        """USD per commitment."""
        hours = data.scenario.horizon.plan_hours
        fees = [c.fee_usd_per_accelerator_hour * c.accelerators for c in data.scenario.commitments.values()]
        return np.array(fees, dtype=float) * hours
