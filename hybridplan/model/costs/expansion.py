"""Accelerators that are bought: their annuity, staff and space."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array


@dataclass(frozen=True)
class Expansions:
    """(annuity + staff + space) / 8760 x b[e] x hours from its arrival on."""

    name: str = "expansion"
    fields: tuple[str, ...] = (
        "expansions.capex_usd_per_accelerator",
        "expansions.interest_rate",
        "expansions.life_years",
        "expansions.salvage_share",
        "expansions.staff_usd_per_accelerator_year",
        "expansions.space_usd_per_accelerator_year",
        "expansions.lead_time_blocks",
        "finance.interest_rate",
        "finance.life_years",
        "finance.salvage_share",
    )
    is_penalty: bool = False

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression | Array:
        """USD per offer; 0 for commitments."""
        if not data.offers.is_bought.any():
            return np.zeros(0)
        return cp.multiply(np.where(data.offers.is_bought, data.offers.usd, 0.0), decisions.purchases.sizes)
