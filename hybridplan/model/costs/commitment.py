"""Commitments for capacity and for spend, paid in every hour of their blocks, used or not."""

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


def standing_spend_usd(data: Data) -> Array:
    """The same of spend commitments: USD per hour committed already x hours in service; (S,)."""
    usd: Array = data.spending.usd_per_hour * data.spending.service_hours
    return usd


@dataclass(frozen=True)
class Commitments:
    """fee_c x (accelerators_c + r[c]) x hours in service, and (usd_per_hour + r) x hours in service for spend."""

    name: str = "commitment"
    fields: tuple[str, ...] = (
        "commitments.fee_usd_per_accelerator_hour",
        "commitments.max_new_accelerators",
        "commitments.starts",
        "commitments.ends",
        "spend_commitments.usd_per_hour",
        "spend_commitments.max_new_usd_per_hour",
    )
    is_penalty: bool = False

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression | Array:
        """USD per commitment: what stands already of both kinds, then what is new of both."""
        parts: list[cp.Expression | Array] = [standing_usd(data), standing_spend_usd(data)]
        new = np.where(data.offers.is_bought, 0.0, data.offers.usd) if data.offers.records else np.zeros(0)
        if new.any():
            parts.append(cp.multiply(new, decisions.purchases.sizes))
        if data.spending.growing.size:
            hours = data.spending.service_hours[data.spending.growing]
            parts.append(cp.multiply(hours, decisions.spend.sizes))
        known = [part for part in parts if part.size]
        return cp.hstack(known) if known else np.zeros(0)
