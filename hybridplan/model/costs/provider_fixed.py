"""What using a public provider at all costs."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array


@dataclass(frozen=True)
class ProviderFixed:
    """usd_per_hour of the provider x plan_hours x used."""

    name: str = "provider_fixed"
    fields: tuple[str, ...] = ("policy.provider_fixed_usd_per_hour",)
    is_penalty: bool = False

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression | Array:
        """USD per provider whose use is decided; (U,)."""
        known, used = decisions.providers.known, decisions.providers.used
        usd = known.usd[known.decided]
        return cp.multiply(usd, used) if usd.any() else np.zeros(0)
