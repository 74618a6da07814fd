"""Fixed prices of links as they are, and of private lines that are bought."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array


@dataclass(frozen=True)
class LinkFixed:
    """plan_hours x (usd_per_hour, a constant, + private_usd_per_gbps_hour x[l] + private_usd_per_hour if x[l] > 0)."""

    name: str = "link_fixed"
    fields: tuple[str, ...] = (
        "links.usd_per_hour",
        "links.private_usd_per_gbps_hour",
        "links.private_usd_per_hour",
    )
    is_penalty: bool = False

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression | Array:
        """USD per link, then per private line on offer, then per one with a fixed price."""
        links, offers, lines = data.scenario.links.values(), data.private_lines, decisions.lines
        standing = np.array([link.usd_per_hour for link in links], dtype=float) * data.scenario.horizon.plan_hours
        if not offers.links:
            return standing
        parts = [cp.Constant(standing), cp.multiply(offers.usd_per_gbps, lines.gbps)]
        if offers.priced_once.size:
            parts.append(cp.multiply(offers.usd_once[offers.priced_once], lines.bought))
        return cp.hstack(parts)
